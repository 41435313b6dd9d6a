"""The files that `attest` writes: the permit, the same as a bundle, the test result, the row list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.attest.envelope import dump, read_envelope, seal
from auditor.attest.files import write_new
from auditor.attest.keyless import sign_keyless
from auditor.attest.keys import PrivateKey
from auditor.attest.record import AuditRecord
from auditor.attest.row_list import rows_path
from auditor.attest.statement import Signing, permit_payload, result_of, result_payload
from auditor.domain.permit import PermitResult
from auditor.errors import UsageError

_ENDING = ".intoto.json"


@dataclass(frozen=True, slots=True)
class PermitFiles:
    """Where the parts of a permit lie, and what it says."""

    result: PermitResult
    permit: Path
    bundle: Path
    test_result: Path
    rows: Path


def write_permit(record: AuditRecord, signing: Signing, keys: Sequence[PrivateKey], out: Path) -> PermitFiles:
    """Sign an audit and write all files; `out` ends in `.intoto.json`.

    Raises:
        UsageError: another ending, no key, or a useless expiry.
        EnvironmentFault: the folder cannot be written.
    """
    _check_ending(out)
    files = PermitFiles(
        result_of(record),
        out,
        _beside(out, ".sigstore.json"),
        _beside(out, ".test-result.intoto.json"),
        rows_path(out),
    )
    envelope = seal(permit_payload(record, signing), keys)
    write_new(files.rows, record.rows.dump())
    write_new(files.test_result, dump(seal(result_payload(record), keys).as_json()))
    write_new(files.bundle, dump(envelope.as_bundle()))
    write_new(out, dump(envelope.as_json()))
    return files


def write_keyless(record: AuditRecord, signing: Signing, out: Path, token: str | None = None) -> Path:
    """Sign an audit under an identity and write bundle and row list; return the bundle's path.

    Raises:
        UsageError: another ending, or no identity.
        EvidenceError: the authority or the log cannot be reached.
        EnvironmentFault: the folder cannot be written.
    """
    _check_ending(out)
    bundle = _beside(out, ".sigstore.json")
    signed = sign_keyless(permit_payload(record, signing), token)
    write_new(rows_path(bundle), record.rows.dump())
    write_new(bundle, signed)
    return bundle


def add_signature(permit: Path, key: PrivateKey) -> tuple[str, ...]:
    """Sign a permit once more, by another person; return the key ids now on it.

    Raises:
        EvidenceError: it is no envelope.
        EnvironmentFault: it cannot be written.
    """
    envelope = read_envelope(permit).sign(key)
    write_new(permit, dump(envelope.as_json()))
    return tuple(signature.key_id for signature in envelope.signatures)


def _check_ending(out: Path) -> None:
    if not out.name.endswith(_ENDING):
        raise UsageError(f"--out ends in {_ENDING}", where=str(out), fix=f"give permit{_ENDING}")


def _beside(out: Path, ending: str) -> Path:
    return out.with_name(out.name.removesuffix(_ENDING) + ending)
