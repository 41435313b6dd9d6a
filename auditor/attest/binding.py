"""Digests of what stands between the rows and the weights: tokenizer, chat template, collator.

The rows alone do not fix what a model is trained on. A tokenizer's digest covers its vocabulary, merges,
added tokens and the steps before and after; padding and truncation, which trainers set as they go, are left
out. A chat template's digest is the SHA-256 of its text, any other file's that of its bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from auditor.attest.files import file_digest, read_bounded
from auditor.canonical import content_digest
from auditor.errors import UsageError
from auditor.ids import Digest, digest_of

TOKENIZER, CHAT_TEMPLATE = "tokenizer", "chat-template"
_MAX_BYTES = 256 * 1024 * 1024
_SET_BY_TRAINERS = ("padding", "truncation")


def bind_all(pairs: Sequence[str]) -> dict[str, Digest]:
    """Read `NAME=PATH` pairs; `tokenizer=FOLDER` binds the folder's chat template too.

    Raises:
        UsageError: no pair of that form.
        EvidenceError: a file is unreadable.
    """
    found: dict[str, Digest] = {}
    for pair in pairs:
        name, equals, place = pair.partition("=")
        if not (name and equals and place):
            raise UsageError(f"this is not NAME=PATH: {pair!r}", fix="give e.g. --bind tokenizer=model/")
        path = Path(place)
        if name == TOKENIZER:
            found[name] = tokenizer_digest(_json(path / "tokenizer.json" if path.is_dir() else path))
            template = folder_template(path) if path.is_dir() else None
            if template is not None:
                found[CHAT_TEMPLATE] = template_digest(template)
        else:
            found[name] = file_digest(path)
    return found


def names_of(pairs: Sequence[str]) -> tuple[str, ...]:
    """Return the names in `NAME=PATH` pairs."""
    return tuple(pair.partition("=")[0] for pair in pairs)


def tokenizer_digest(tokenizer: Mapping[str, Any]) -> Digest:
    """Return the digest of a `tokenizer.json` document."""
    return content_digest({name: part for name, part in tokenizer.items() if name not in _SET_BY_TRAINERS})


def template_digest(template: str) -> Digest:
    """Return the digest of a chat template's text."""
    return digest_of(template.encode())


def folder_template(folder: Path) -> str | None:
    """Return the chat template that a tokenizer's folder holds; None for none."""
    own = folder / "chat_template.jinja"
    if own.is_file():
        return read_bounded(own, _MAX_BYTES).decode()
    config = folder / "tokenizer_config.json"
    template = _json(config).get("chat_template") if config.is_file() else None
    return template if isinstance(template, str) else None


def _json(path: Path) -> dict[str, Any]:
    try:
        document = orjson.loads(read_bounded(path, _MAX_BYTES))
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise UsageError("this is not a tokenizer in JSON", where=str(path), fix="give its folder")
    return document
