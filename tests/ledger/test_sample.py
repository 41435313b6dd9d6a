"""A row is found again, by its id and by its digest, with all that is known of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.claim import ClaimSet
from auditor.errors import LedgerError, UsageError
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
