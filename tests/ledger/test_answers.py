from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.claim import Access, Basis, ClaimSet, Grade
from auditor.errors import LedgerError, UsageError
from auditor.ledger.answers import TeacherShare, find_audit, impact, list_audits, teacher_shares
from auditor.ledger.sample import show
from auditor.ledger.store import Ledger
from tests.ledger.material import CLAIMS, DENIED, digest_of, record


def test_a_row_is_found_by_its_id_with_all_that_is_known(ledger: Ledger) -> None:
    audit = record(ledger)
    (answer,) = show(ledger.database, "train.jsonl#3")
    assert (answer.origin, answer.claims, answer.outcome, answer.audit) == (DENIED, CLAIMS, "deny", audit)
    assert answer.match is not None
    assert answer.match["spans"][0]["query_end"] == 40
    assert answer.verdict["reasons"][0]["clause"]["section"] == "2(c)(iii)"


@pytest.mark.parametrize("digits", [7, 8, 16, 17, 64])
def test_a_row_is_found_by_the_first_digits_of_its_digest(ledger: Ledger, digits: int) -> None:
    record(ledger, 5000)
    (answer,) = show(ledger.database, digest_of(4999).hex()[:digits])
    assert answer.sample_id == "train.jsonl#4999"
    assert answer.claims == ClaimSet()


def test_a_row_names_every_audit_that_met_it(ledger: Ledger) -> None:
    first = record(ledger, 9, "one")
    second = record(ledger, 12, "two", "b.jsonl")
    (answer,) = show(ledger.database, f"sha256:{digest_of(4).hex()}")
    assert [(seen.audit, seen.sample_id) for seen in answer.audits] == [
        (second, "b.jsonl#4"),
        (first, "train.jsonl#4"),
    ]
    (narrowed,) = show(ledger.database, f"sha256:{digest_of(4).hex()}", "one")
    assert narrowed.audit == first


def test_rows_past_the_first_group_are_found(ledger: Ledger) -> None:
    record(ledger, 140_000)
    (by_id,) = show(ledger.database, "train.jsonl#139999")
    (by_digest,) = show(ledger.database, digest_of(139_999).hex())
    assert by_id == by_digest


def test_a_lost_look_up_is_made_anew(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger)
    (index,) = tmp_path.rglob("*.digests.npy")
    index.unlink()
    assert show(ledger.database, digest_of(1).hex())[0].sample_id == "train.jsonl#1"


def test_lost_rows_are_named(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger)
    (shard,) = tmp_path.rglob("*.parquet")
    shard.unlink()
    with pytest.raises(LedgerError, match=shard.name):
        show(ledger.database, "train.jsonl#1")


@pytest.mark.parametrize("unknown", ["train.jsonl#9", "other.jsonl#1", "abcdef0123", "zz"])
def test_a_row_that_is_not_there_is_the_users_error(ledger: Ledger, unknown: str) -> None:
    record(ledger)
    with pytest.raises(UsageError, match="no row"):
        show(ledger.database, unknown)


@pytest.mark.parametrize("change", ["UPDATE claims SET kind = 'odd'", "UPDATE origins SET grade = 'Z'"])
def test_words_that_nobody_knows_are_the_ledgers_fault(ledger: Ledger, change: str) -> None:
    record(ledger)
    with ledger.database.writing() as session:
        session.connection().exec_driver_sql(change)
    with pytest.raises(LedgerError, match="holds"):
        show(ledger.database, "train.jsonl#0")


def test_teachers_come_with_share_and_ground_and_rows_without_one_are_counted(ledger: Ledger) -> None:
    record(ledger, 12)
    with ledger.database.reading() as session:
        shares = teacher_shares(session, find_audit(session, "train"))
    assert shares == [
        TeacherShare(None, Access.UNKNOWN, Basis.NONE, Grade.E, 8, 8 / 12),
        TeacherShare("openai/gpt-4", Access.API, Basis.ROW, Grade.C, 4, 4 / 12),
    ]


def test_a_dataset_answers_to_name_digest_and_audit_with_its_newest_audit(ledger: Ledger) -> None:
    old, new = record(ledger, 9), record(ledger, 12)
    with ledger.database.reading() as session:
        assert find_audit(session, "train").id == new
        assert find_audit(session, old).id == old
        assert find_audit(session, f"{9:064x}").id == old
        assert [line.id for line in list_audits(session, "train")] == [new, old]
        with pytest.raises(UsageError):
            find_audit(session, "missing%")


@pytest.mark.parametrize(
    "subject", ["openai/gpt-4", "gpt-4", "MIT", "openai-terms-2024-01", "openai-policies", "OpenAI-Policies"]
)
def test_impact_names_datasets_audits_and_students(ledger: Ledger, subject: str) -> None:
    old, new = record(ledger, 9), record(ledger, 12)
    ledger.record_student("student-1", f"sha256:{12:064x}", "sha256:permit")
    with ledger.database.reading() as session:
        found = impact(session, subject)
    assert [(t.audit, t.samples, t.newest) for t in found.audits] == [(new, 4, True), (old, 3, False)]
    assert [student.name for student in found.students] == ["student-1"]


def test_impact_of_what_nothing_rests_on_is_empty(ledger: Ledger) -> None:
    record(ledger)
    with ledger.database.reading() as session:
        assert impact(session, "mi").audits == ()
