"""Which waivers a pack takes, and whose signatures under them.

What the pack's own file says counts; where it is silent, the strictest of what it includes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, assert_never

from auditor.domain.waiver import Approver, WaiverMode
from auditor.errors import PolicyError
from auditor.files import read_regular
from auditor.ids import PREFIX
from auditor.policy.pack.schema import PackFile
from auditor.strict_yaml import fault

MAX_KEY_BYTES = 4_000
_KEY_ID = re.compile(f"(?:{PREFIX})?([0-9a-f]{{64}})")


def waiver_rules(files: Sequence[PackFile]) -> dict[str, Any]:
    """Return the pack's `waivers`, `approvers` and `threshold`; included files come first.

    Raises:
        PolicyError: an approver's key cannot be read, or fewer are listed than must sign.
    """
    own, modes = files[-1], [file.waivers for file in files if file.waivers is not None]
    mode = own.waivers or max(modes, key=_strictness, default=WaiverMode.NAMED)
    threshold = own.threshold or max((file.threshold or 1 for file in files), default=1)
    holder = next((file for file in reversed(files) if file.approvers is not None), None)
    approvers = _read(holder) if holder else ()
    people = len({one.name or one.key for one in approvers})
    if holder is not None and threshold > people:
        message = f"{threshold} people must sign a waiver, and {people} are listed in `approvers`"
        raise fault(PolicyError, message, holder.document.where, holder.document.mark("approvers"))
    eased = tuple(_eased(files, mode, threshold))
    return {"waivers": mode, "approvers": approvers, "threshold": threshold, "eased": eased}


def _eased(files: Sequence[PackFile], mode: WaiverMode, threshold: int) -> Iterator[str]:
    for file in files[:-1]:
        if file.waivers is not None and _strictness(mode) < _strictness(file.waivers):
            yield f"takes waivers that are {mode}, where {file.name} says {file.waivers}"
        if file.threshold is not None and threshold < file.threshold:
            yield f"takes waivers signed by {threshold}, where {file.name} asks for {file.threshold}"
        if file.approvers is not None and files[-1].approvers is not None:
            yield f"names other approvers of waivers than {file.name}"


def _strictness(mode: WaiverMode) -> int:
    match mode:
        case WaiverMode.NAMED:
            return 0
        case WaiverMode.SIGNED:
            return 1
        case WaiverMode.NONE:
            return 2
    assert_never(mode)


def _read(file: PackFile) -> tuple[Approver, ...]:
    found = []
    for at, one in enumerate(file.approvers or ()):
        try:
            found.append(replace(one, key=_key(one.key, file.path.parent)))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            mark = file.document.mark("approvers", at)
            message = f"an approver's key cannot be read: {reason}"
            fix = "give the text or the path of a .pub file (relative to the pack), or the key's id"
            raise fault(PolicyError, message, file.document.where, mark, fix) from error
    return tuple(found)


def _key(text: str, folder: Path) -> str:
    """Return a key id as it is, and the PEM text of a key or of the file that is named."""
    if match := _KEY_ID.fullmatch(text):
        return match.group(1)
    if "-----BEGIN" not in text:
        raw = read_regular(folder / text, MAX_KEY_BYTES + 1)
        if len(raw) > MAX_KEY_BYTES:
            raise ValueError(f"the file is larger than {MAX_KEY_BYTES:,} bytes")
        text = raw.decode("ascii")
    if "-----BEGIN PUBLIC KEY-----" not in text:
        raise ValueError("it is not a public key in PEM")
    return text.strip() + "\n"
