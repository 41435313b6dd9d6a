"""From an audit's folder to a permit and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from evidence import PLAN, ROWS, write_audit, write_jsonl

from auditor.attest.binding import bind_all, tokenizer_digest
from auditor.attest.envelope import read_envelope
from auditor.attest.head import read_head, sign_head
from auditor.attest.keys import KeyType, load_public, new_key, write_pair
from auditor.attest.permit_files import add_signature, write_permit
from auditor.attest.record import plan_digest, read_record
from auditor.attest.row_list import RowList, read_rows, rows_path
from auditor.attest.statement import EXTENSION, Signing, permit_payload
from auditor.attest.verify import Expectation, check_permit, open_permit
from auditor.domain.permit import EvidenceMode, PermitResult
from auditor.errors import EvidenceError, InputError, UsageError

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_audit(tmp_path / "out", write_jsonl(tmp_path / "data.jsonl", ROWS))


def test_the_payload_is_the_same_bytes_for_the_same_audit_and_clock(folder: Path) -> None:
    terms = Signing(NOW, NOW + timedelta(days=30))
    assert permit_payload(read_record(folder), terms) == permit_payload(read_record(folder), terms)


def test_an_ed25519_permit_is_the_same_file_twice(folder: Path, tmp_path: Path) -> None:
    key = new_key(KeyType.ED25519)
    for name in ("a", "b"):
        write_permit(read_record(folder), Signing(NOW), [key], tmp_path / name / "p.intoto.json")
    for ending in (".intoto.json", ".intoto.json.rows", ".sigstore.json", ".test-result.intoto.json"):
        assert (tmp_path / "a" / f"p{ending}").read_bytes() == (tmp_path / "b" / f"p{ending}").read_bytes()


@pytest.mark.parametrize("kind", list(KeyType))
def test_a_permit_tells_what_was_signed(folder: Path, tmp_path: Path, kind: KeyType) -> None:
    key = new_key(kind)
    record = read_record(folder)
    terms = Signing(NOW, NOW + timedelta(days=1), {"collator": record.report_digest}, EvidenceMode.ROWS)
    files = write_permit(record, terms, [key], tmp_path / "p.intoto.json")
    for path in (files.permit, files.bundle):
        permit = open_permit(path, [key.public()])
        assert permit.result is PermitResult.PASSED
        assert permit.dataset_digest == record.dataset_digest
        assert permit.plan_digest == plan_digest(PLAN)
        assert permit.samples == len(ROWS)
        assert permit.bound == {"collator": record.report_digest}
        assert permit.signers == (key.public().key_id,)
        listed = read_rows(rows_path(path), permit)
        assert listed is not None
        assert sorted(listed.ids) == sorted(f"data.jsonl#{number}" for number in range(24))
        check_permit(permit, Expectation(NOW))


def test_extensions_have_uris_for_names(folder: Path) -> None:
    predicate = json.loads(permit_payload(read_record(folder), Signing(NOW)))["predicate"]
    own = {name for name in predicate if name.startswith(EXTENSION)}
    known = {"verifier", "timeVerified", "resourceUri", "policy", "inputAttestations", "verificationResult"}
    assert predicate.keys() - own == known | {"verifiedLevels", "slsaVersion"}
    assert {"fairUseSheet", "plan", "knowledge", "waivers", "coverage", "tools", "rows"} <= {
        name.removeprefix(EXTENSION) for name in own
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "review"},
        {"outcome": "deny"},
        {"sampled": True},
        {"exit_code": 3},
    ],
)
def test_an_audit_that_does_not_pass_as_a_whole_is_signed_failed(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", ROWS)
    record = read_record(write_audit(tmp_path / "out", data, **changes))  # type: ignore[arg-type]
    files = write_permit(record, Signing(NOW), [new_key(KeyType.ED25519)], tmp_path / "p.intoto.json")
    assert files.result is PermitResult.FAILED


def test_an_audit_folder_that_contradicts_itself_is_not_signed(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text())
    report["dataset"]["digest"] = f"sha256:{'00' * 32}"
    (folder / "report.json").write_text(json.dumps(report))
    with pytest.raises(EvidenceError, match="different rows"):
        read_record(folder)


@pytest.mark.parametrize("name", ["findings", "origins"])
@pytest.mark.parametrize(
    "value", [None, 5, "x", ["x"], [None], [{}], [{"rule": "r", "id": "o", "outcome": "fine"}]]
)
def test_a_damaged_report_is_not_signed(folder: Path, name: str, value: object) -> None:
    report = json.loads((folder / "report.json").read_text())
    (folder / "report.json").write_text(json.dumps({**report, name: value}))
    with pytest.raises(EvidenceError, match="no report of a finished audit"):
        read_record(folder)


def test_a_folder_without_an_audit_is_not_signed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no audit is in this folder"):
        read_record(tmp_path)


def test_a_permit_that_ends_before_it_begins_is_not_signed(folder: Path) -> None:
    with pytest.raises(UsageError, match="before it begins"):
        permit_payload(read_record(folder), Signing(NOW, NOW))


def test_a_second_signer_is_added_to_the_same_payload(folder: Path, tmp_path: Path) -> None:
    keys = [new_key(KeyType.ED25519), new_key(KeyType.ECDSA_P256)]
    files = write_permit(read_record(folder), Signing(NOW), keys[:1], tmp_path / "p.intoto.json")
    before = read_envelope(files.permit).payload
    stated, key_ids = add_signature(files.permit, keys[1])
    assert (stated.samples, len(key_ids)) == (len(ROWS), 2)
    assert read_envelope(files.permit).payload == before
    assert len(open_permit(files.permit, [key.public() for key in keys], 2).signers) == 2


def test_a_second_signer_signs_no_bundle_and_nothing_but_a_permit(folder: Path, tmp_path: Path) -> None:
    key = new_key(KeyType.ED25519)
    files = write_permit(read_record(folder), Signing(NOW), [key], tmp_path / "p.intoto.json")
    before = [path.read_bytes() for path in (files.bundle, files.test_result)]
    with pytest.raises(UsageError, match="one signature"):
        add_signature(files.bundle, key)
    with pytest.raises(EvidenceError, match="no permit"):
        add_signature(files.test_result, key)
    assert [path.read_bytes() for path in (files.bundle, files.test_result)] == before


def test_a_signed_head_tells_where_the_chain_ended(tmp_path: Path) -> None:
    pair = write_pair(new_key(KeyType.ED25519), tmp_path / "KEY", None)
    key = load_public(pair[1])
    (tmp_path / "head.json").write_bytes(sign_head(7, "ab" * 32, NOW, [new_key(KeyType.ED25519)]))
    with pytest.raises(EvidenceError, match="no trusted key"):
        read_head(tmp_path / "head.json", [key])
    signer = new_key(KeyType.ECDSA_P256)
    (tmp_path / "head.json").write_bytes(sign_head(7, "ab" * 32, NOW, [signer]))
    head = read_head(tmp_path / "head.json", [signer.public()])
    assert (head.length, head.hash, head.signed_at) == (7, "ab" * 32, "2026-11-24T12:00:00Z")


def test_a_tokenizer_is_bound_without_what_trainers_set(tmp_path: Path) -> None:
    document = {"model": {"vocab": {"a": 0}}, "padding": None}
    assert tokenizer_digest(document) == tokenizer_digest({**document, "padding": {"length": 8}})
    assert tokenizer_digest(document) != tokenizer_digest({"model": {"vocab": {"a": 1}}})
    (tmp_path / "tokenizer.json").write_text(json.dumps(document))
    (tmp_path / "chat_template.jinja").write_text("{{ messages }}")
    assert bind_all([f"tokenizer={tmp_path}"]).keys() == {"tokenizer", "chat-template"}


@pytest.mark.parametrize("line", [b"00 data.jsonl#0\n", b"0" * 64 + b"\n", b"g" * 64 + b" data.jsonl#0\n"])
def test_a_damaged_line_of_a_row_list_is_no_row(line: bytes) -> None:
    whole = RowList.of([("data.jsonl#0", bytes(32))]).dump()
    assert RowList.parse(whole).ids == ("data.jsonl#0",)
    with pytest.raises(ValueError, match="row list"):
        RowList.parse(whole + line)
