"""Measure the ledger: bulk load, teachers of a set, look-up of a row, and what stored history costs.

    python benchmarks/ledger.py [--rows 2000000] [--audits 500] [--folder FOLDER]

Rows are made before the clock starts, in batches of 65,536, as an audit hands them over.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.clause import ClauseRef
from auditor.domain.origin import Origin, OriginLicense, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer, Reason, Verdict
from auditor.ledger.answers import find_audit, teacher_shares
from auditor.ledger.recording import AuditHeader
from auditor.ledger.sample import show
from auditor.ledger.store import Ledger
from auditor.ledger.verification import verify

ORIGINS = 50
BATCH = 65_536


def now() -> datetime:
    """Return a fixed time."""
    return datetime(2026, 1, 1, tzinfo=UTC)


def origin(number: int) -> Origin:
    """Make one origin of one teacher and one license."""
    views = (View.DECLARED, View.CONCLUDED)
    teacher = OriginTeacher(
        f"vendor/model-{number}", f"m{number}", True, views, Basis.ROW, Grade.C, Access.API
    )
    return Origin(f"o-{number}", (teacher,), (OriginLicense("mit", "MIT", Basis.CARD),), Basis.ROW, Grade.C)


def batch(start: int, count: int) -> pa.RecordBatch:
    """Make rows with real digests, one in a hundred copied."""
    numbers = range(start, start + count)
    origins = pa.DictionaryArray.from_arrays(
        pa.array(np.arange(start, start + count) % ORIGINS, pa.int32()), [f"o-{n}" for n in range(ORIGINS)]
    )
    copied = np.arange(start, start + count) % 100 == 0
    columns = {
        "sample_id": pa.array([f"train-00001.jsonl#{n}" for n in numbers]),
        "digest": pa.array([hashlib.sha256(b"%d" % n).digest() for n in numbers], pa.binary(32)),
        "origin_id": origins.cast(pa.string()),
        "outcome": pa.array(["allow"] * count),
        "match": pa.array(np.where(copied, "copied", "no-match")),
        "match_teacher": pa.array(np.where(copied, "gpt4", ""), mask=~copied),
        "match_score": pa.array(np.random.default_rng(0).random(count, np.float32)),
    }
    return pa.RecordBatch.from_pydict(columns)


def load(ledger: Ledger, name: str, batches: list[pa.RecordBatch]) -> float:
    """Record an audit of `batches` and return the seconds it took, commit and sync included."""
    reason = Reason("r", Outcome.ALLOW, "t", "m", Layer.SERVICE_TERMS, ClauseRef("terms-1", "1"))
    start = time.perf_counter()
    with ledger.begin_audit(AuditHeader(name, "default", now())) as audit:
        for rows in batches:
            audit.add_samples(rows)
        audit.add_origins(origin(n) for n in range(ORIGINS))
        audit.add_verdicts({f"o-{n}": Verdict(Outcome.ALLOW, (reason,)) for n in range(ORIGINS)})
        audit.commit(f"sha256:{hashlib.sha256(name.encode()).hexdigest()}", Outcome.ALLOW)
    return time.perf_counter() - start


def timed(action: Callable[[], Any], rounds: int = 9) -> str:
    """Return the median and range of an action's milliseconds."""
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        spent.append((time.perf_counter() - start) * 1000)
    return f"{statistics.median(spent):8.1f} ms [{min(spent):.1f}-{max(spent):.1f}]"


def ask(ledger: Ledger, rows: int) -> None:
    """Print how long each question takes."""
    digest = hashlib.sha256(b"%d" % (rows // 2)).hexdigest()

    def teachers() -> None:
        with ledger.database.reading() as session:
            teacher_shares(session, find_audit(session, "large"))

    print(f"  teachers of the large set        {timed(teachers)}")
    print(f"  a row by digest                  {timed(lambda: show(ledger.database, digest))}")
    by_id = timed(lambda: show(ledger.database, f"train-00001.jsonl#{rows // 2}", "large"))
    print(f"  a row by id                      {by_id}")


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--audits", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    batches = [batch(start, min(BATCH, options.rows - start)) for start in range(0, options.rows, BATCH)]
    with (
        tempfile.TemporaryDirectory(dir=options.folder) as folder,
        Ledger.open(f"{folder}/l.db", now) as ledger,
    ):
        spent = [load(ledger, "large", batches) for _ in range(options.rounds)]
        rates = [options.rows / seconds for seconds in spent]
        print(f"bulk load of {options.rows:,} rows: {statistics.median(rates):,.0f} rows/s", end=" ")
        print(f"[{min(rates):,.0f}-{max(rates):,.0f}]")
        size = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file())
        print(f"  on disk {size / options.rows:.0f} bytes a row")
        print(f"with {options.rounds} audits stored:")
        ask(ledger, options.rows)
        small = [batch(0, 1000)]
        spent = [load(ledger, f"small-{n}", small) for n in range(options.audits)]
        print(f"with {options.audits + options.rounds} audits stored:")
        tenth = max(1, options.audits // 10)
        first, last = statistics.median(spent[:tenth]), statistics.median(spent[-tenth:])
        print(f"  recording 1,000 rows             {last * 1000:8.1f} ms, at first {first * 1000:.1f} ms")
        ask(ledger, options.rows)
        print(f"  verify, rows hashed              {timed(lambda: verify(ledger.database), 1)}")


if __name__ == "__main__":
    main()
