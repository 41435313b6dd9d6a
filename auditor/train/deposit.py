"""The permit beside the student: put there before a weight is loaded, read by `trace` and by a resume."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import orjson

from auditor.attest.envelope import read_envelope
from auditor.attest.files import blocks_of, read_bounded, write_new
from auditor.attest.row_list import MAX_BYTES, RowList, rows_path
from auditor.domain.permit import Permit
from auditor.errors import EvidenceError, RefusedError, UsageError
from auditor.ids import PREFIX, Digest, digest_of

PERMIT, ROWS = "permit.intoto.json", "permit.intoto.json.rows"


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a student's folder says of its permit; no signature is checked here."""

    permit_digest: Digest
    dataset_digest: Digest
    rows: RowList | None


def put(folder: Path, permit_file: Path, permit: Permit, resume: bool) -> None:
    """Copy a checked permit with its row list into the student's folder.

    Raises:
        UsageError: the folder holds checkpoints and nobody asked to go on from them.
        RefusedError: its checkpoints were trained on other rows.
        EvidenceError: the permit is another one than was checked a moment ago.
    """
    if any(folder.glob("checkpoint-*")):
        _check_resume(folder, permit, resume)
    envelope = read_bounded(permit_file, MAX_BYTES)
    listed = rows_path(permit_file)
    write_new(folder / PERMIT, envelope)
    (folder / ROWS).unlink(missing_ok=True)
    if listed.is_file():
        write_new(folder / ROWS, blocks_of(listed, MAX_BYTES))
    if read(folder).permit_digest != permit.digest:
        raise EvidenceError("the permit changed after it was checked", where=str(permit_file))


def read(folder: Path) -> Deposit:
    """Read the permit of a student's folder, and its rows where they are listed.

    Raises:
        EvidenceError: missing, unreadable, or the rows are not those that the permit is over.
    """
    payload = read_envelope(folder / PERMIT).payload
    try:
        subject = orjson.loads(payload)["subject"][0]["digest"]["sha256"]
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError):
        raise EvidenceError("this is not a permit", where=str(folder / PERMIT)) from None
    dataset = Digest(f"{PREFIX}{subject}")
    rows = _listed(folder / ROWS)
    if rows is not None and rows.root() != dataset:
        raise EvidenceError("the rows are not those of the permit", where=str(folder / ROWS))
    return Deposit(digest_of(payload), dataset, rows)


def _check_resume(folder: Path, permit: Permit, resume: bool) -> None:
    if not resume:
        raise UsageError(
            "the folder holds checkpoints of an earlier run",
            where=str(folder),
            fix="set `resume: true` to go on from them, or choose another `out`",
        )
    if read(folder).dataset_digest != permit.dataset_digest:
        raise RefusedError(
            "the checkpoints were trained on other rows than the permit is for",
            where=str(folder),
            fix="choose another `out`",
        )


def _listed(path: Path) -> RowList | None:
    if not path.is_file():
        return None
    try:
        return RowList.read(path)
    except ValueError:
        raise EvidenceError("the row list is damaged", where=str(path)) from None
