"""Fetch a bundle from where it was named: a file, or an https address; no more than a bundle may hold."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from auditor.errors import EnvironmentFault, EvidenceError, UsageError
from auditor.files import read_regular
from auditor.knowledge.bundle import MOST_BYTES

_SECONDS = 30


def fetch(source: str) -> bytes:
    """Return the bytes of a bundle.

    Raises:
        UsageError: the address is neither a file's nor an https one.
        EvidenceError: there is no such file, or it is larger than a bundle may be.
        EnvironmentFault: the network does not give it.
    """
    parts = urlsplit(source)
    if "://" not in source:
        return _file(Path(source))
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return _file(Path(unquote(parts.path)))
    if parts.scheme == "https" and parts.hostname:
        return _download(source)
    raise UsageError(
        f"a bundle is not fetched by {parts.scheme}://",
        where=source,
        fix="give a file, or an https:// address",
    )


def _file(path: Path) -> bytes:
    try:
        return _bounded(read_regular(path, MOST_BYTES + 1), str(path))
    except OSError as error:
        raise EvidenceError(
            f"cannot read: {error.strerror or error}", where=str(path), fix="check the path"
        ) from None


def _download(address: str) -> bytes:
    opener = urllib.request.build_opener(_StayEncrypted)
    try:
        with opener.open(address, timeout=_SECONDS) as answer:
            return _bounded(answer.read(MOST_BYTES + 1), address)
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise EnvironmentFault(
            f"cannot be fetched: {error}", where=address, fix="check the address and the network"
        ) from None


def _bounded(content: bytes, where: str) -> bytes:
    if len(content) > MOST_BYTES:
        raise EvidenceError(f"the bundle is larger than {MOST_BYTES:,} bytes", where=where)
    return content


class _StayEncrypted(urllib.request.HTTPRedirectHandler):
    """Follow a redirect to another https address, and to nothing else."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl).scheme != "https":
            raise urllib.error.URLError(f"it redirects to {newurl[:80]}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
