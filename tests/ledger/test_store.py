from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from auditor.domain.clause import ClauseRef
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Verdict
from auditor.errors import LedgerError, UsageError
from auditor.files import clear_drafts_within
from auditor.ledger.facts import claim_set_id, read_claim_set, read_origins
from auditor.ledger.location import locate
from auditor.ledger.recording import AuditHeader
from auditor.ledger.store import Ledger
from auditor.ledger.tables import Audit, MatchCount, StoredVerdict, Terms
from tests.ledger.material import CLAIMS, DENIED, NOW, UNDECLARED, UNKNOWN, VERDICTS, WRITE, record, rows

WRITERS = 4
EACH = 25


def test_origins_and_claims_come_back_as_they_were_recorded(ledger: Ledger) -> None:
    record(ledger)
    with ledger.database.reading() as session:
        assert read_origins(session, ["o-denied", "o-none", "o-other"]) == {
            "o-denied": DENIED,
            "o-none": UNKNOWN,
        }
        assert read_claim_set(session, claim_set_id(CLAIMS)) == CLAIMS


def test_counts_are_taken_from_the_rows(ledger: Ledger) -> None:
    audit_id = record(ledger, 10)
    with ledger.database.reading() as session:
        verdicts = session.exec(select(StoredVerdict).where(StoredVerdict.audit_id == audit_id)).all()
        matches = session.exec(select(MatchCount)).all()
    assert {v.origin_id: v.samples for v in verdicts} == {"o-denied": 4, "o-none": 6}
    assert {(m.verdict, m.teacher): m.samples for m in matches} == {
        ("copied", "gpt4"): 4,
        ("no-match", ""): 6,
    }


def test_no_text_of_a_row_is_kept(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) >= 3
    assert not any(b"never kept" in file.read_bytes() for file in files)


def test_equal_audits_share_one_shard_and_get_two_ids(ledger: Ledger, tmp_path: Path) -> None:
    assert record(ledger) != record(ledger)
    assert len(list(tmp_path.rglob("*.parquet"))) == 1


def test_same_inputs_make_the_same_chain(tmp_path: Path) -> None:
    heads = []
    for name in ("x", "y"):
        with Ledger.open(str(tmp_path / name / "l.db"), lambda: NOW) as ledger:
            record(ledger)
            heads.append(ledger.head())
    assert heads[0] == heads[1]


def test_first_audits_of_two_ledgers_share_an_id_only_where_they_say_the_same(tmp_path: Path) -> None:
    ids = []
    for turn, (count, dataset) in enumerate([(9, "train"), (9, "train"), (9, "test"), (10, "train")]):
        with Ledger.open(str(tmp_path / f"{turn}" / "l.db"), lambda: NOW) as ledger:
            ids.append(record(ledger, count, dataset))
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_audits_of_another_plan_policy_report_or_time_have_another_id(tmp_path: Path) -> None:
    header = AuditHeader("train", "default", NOW)
    later = NOW + timedelta(minutes=1)
    audits = [
        (header, NOW, ""),
        (replace(header, plan_digest="sha256:1"), NOW, ""),
        (replace(header, policy_digest="sha256:1"), NOW, ""),
        (replace(header, started_at=later), NOW, ""),
        (header, later, ""),
        (header, NOW, "sha256:1"),
    ]
    ids = set()
    for turn, (begun, end, report) in enumerate(audits):
        path = str(tmp_path / f"{turn}" / "l.db")
        with Ledger.open(path, lambda end=end: end) as ledger, ledger.begin_audit(begun) as audit:
            ids.add(audit.commit("sha256:0", Outcome.ALLOW, report_digest=report))
    assert len(ids) == len(audits)


def test_an_audit_without_commit_leaves_nothing(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.begin_audit(AuditHeader("d", "default", NOW)) as audit:
        audit.add_samples(rows(200_000))
        assert list(tmp_path.rglob("*.parquet"))
        with pytest.raises(LedgerError, match="outcome"):
            audit.add_samples(rows(9).drop_columns(["outcome"]))
    assert ledger.head() is None
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_row_of_an_unrecorded_origin_is_refused(ledger: Ledger) -> None:
    with ledger.begin_audit(AuditHeader("d", "default", NOW)) as audit:
        audit.add_origins([UNKNOWN])
        audit.add_verdicts({"o-none": VERDICTS["o-none"]})
        audit.add_samples(rows(9))
        with pytest.raises(LedgerError, match="o-denied"):
            audit.commit("sha256:0", Outcome.DENY)
    assert ledger.head() is None


@pytest.mark.parametrize("bad", ["sha256:zz", f"sha256:{'g' * 64}"])
def test_a_digest_that_is_none_is_refused(ledger: Ledger, bad: str) -> None:
    table = rows(1).drop_columns(["digest"]).append_column("digest", [[bad]])
    with (
        ledger.begin_audit(AuditHeader("d", "default", NOW)) as audit,
        pytest.raises(LedgerError, match="SHA-256"),
    ):
        audit.add_samples(table)


def test_a_missing_ledger_is_not_made_by_a_question(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no ledger"):
        Ledger.open(str(tmp_path / "l.db"), lambda: NOW, create=False)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database_is_a_ledger_error(tmp_path: Path) -> None:
    (tmp_path / "l.db").write_text("hello " * 1000)
    with pytest.raises(LedgerError, match="not a database"):
        Ledger.open(str(tmp_path / "l.db"), lambda: NOW)


@pytest.mark.parametrize(
    "bad",
    ["mysql://h/d", "sqlite://", ":memory:", "", ".", "/tmp", "postgresql://h:x/d", "postgresql://[::1/d"],
)
def test_a_place_that_cannot_hold_a_ledger_is_refused(bad: str) -> None:
    with pytest.raises(UsageError):
        locate(bad)


@pytest.mark.parametrize("name", ["l.db", "odd name?x=%41#1.db", "no-suffix"])
@pytest.mark.parametrize("scheme", ["", "sqlite:///"])
def test_a_ledger_lies_where_it_was_asked_to(tmp_path: Path, scheme: str, name: str) -> None:
    path = str(tmp_path / name)
    with Ledger.open(scheme + (path.replace("%", "%25") if scheme else path), lambda: NOW) as ledger:
        record(ledger)
    assert (tmp_path / name).is_file()


def test_a_password_is_never_shown() -> None:
    location = locate("postgresql://user:secret@db.example.org/audits?rows=/srv/rows")
    assert location.shown == "postgresql://db.example.org/audits"
    assert location.rows == Path("/srv/rows")


@pytest.mark.parametrize("url", ["postgresql://", "postgresql:///audits", "postgresql://h/a?sslmode=require"])
def test_a_database_without_a_host_is_the_one_on_this_machine(url: str) -> None:
    assert locate(url).url == url.replace("postgresql:", "postgresql+psycopg:")


def _python(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=Path(__file__).parents[2])


@pytest.mark.slow
def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    place = str(tmp_path / "l.db")
    writers = [_python(WRITE, place, str(number), str(EACH)) for number in range(WRITERS)]
    assert [writer.wait() for writer in writers] == [0] * WRITERS
    with Ledger.open(place, lambda: NOW) as ledger, ledger.database.reading() as session:
        indexes = sorted(audit.event_index for audit in session.exec(select(Audit)))
    assert indexes == list(range(WRITERS * EACH))


CRASH = """
import os, sys
import auditor.ledger.recording as recording
from auditor.ledger.store import Ledger
from tests.ledger.material import NOW, record
recording.append = lambda *_: os._exit(9)
record(Ledger.open(sys.argv[1], lambda: NOW), dataset="lost")
"""


def test_a_crash_just_before_the_end_leaves_no_half_audit(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger)
    head = ledger.head()
    assert _python(CRASH, str(tmp_path / "a" / "ledger.db")).wait() == 9
    assert ledger.head() == head
    with ledger.database.reading() as session:
        assert len(session.exec(select(Audit)).all()) == 1
    record(ledger)


def test_a_killed_audit_leaves_nothing_once_the_ledger_is_opened_again(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from tests.ledger.material import *; "
        "ledger = Ledger.open(sys.argv[1], lambda: NOW); "
        "ledger.begin_audit(AuditHeader('d', 'default', NOW)).__enter__().add_samples(rows(200_000)); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert _python(code, str(tmp_path / "l.db")).wait() == -9
    assert list(tmp_path.rglob(".draft-*.parquet"))
    with Ledger.open(str(tmp_path / "l.db"), lambda: NOW) as ledger:
        assert ledger.head() is None
    assert not list(tmp_path.rglob("*.parquet"))


def test_opening_a_ledger_leaves_the_drafts_of_a_running_audit(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.begin_audit(AuditHeader("d", "default", NOW)) as audit:
        audit.add_samples(rows(200_000))
        (draft,) = tmp_path.rglob(".draft-*.parquet")
        assert clear_drafts_within(draft.parent, ".parquet") == 0
        assert draft.exists()


def test_what_a_clause_names_is_recorded_unless_it_is_nobodys_terms(ledger: Ledger) -> None:
    unknown = replace(UNDECLARED, clause=ClauseRef("NOASSERTION"))
    with ledger.begin_audit(AuditHeader("d", "default", NOW)) as audit:
        audit.add_origins([UNKNOWN])
        audit.add_verdicts({"o-none": Verdict(Outcome.REVIEW, (unknown,))}, {"o-none": ["", "MIT"]})
        audit.commit("sha256:0", Outcome.REVIEW)
    with ledger.database.reading() as session:
        assert [terms.id for terms in session.exec(select(Terms))] == ["MIT"]
