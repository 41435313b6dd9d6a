"""What an audit's folder holds, as the commands that come after it need it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.common import say
from auditor.domain.origin import Origin
from auditor.domain.plan import Plan
from auditor.domain.report.origin_facts import origin_of as origin_of
from auditor.domain.report.report import Report
from auditor.errors import InputError, UsageError
from auditor.knowledge.catalog import Knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.pack.load import CompiledPack, load_pack
from auditor.report.place import sample_ids

if TYPE_CHECKING:
    from auditor.engine.row_sides import RowSides


def day_of(report: Report) -> date:
    """Return the day of an audit, on which open spans of terms ended."""
    return date.fromisoformat(report.created_at[:10])


def judge_again(report: Report, knowledge: Knowledge, policy: str | None = None) -> Judge:
    """Build the judge of an audit: its pack, plan and day, under `knowledge`."""
    same_catalog(report, knowledge)
    return Judge(EvaluationContext(pack_of(report, policy), knowledge, report.plan, day_of(report)))


def pack_of(report: Report, policy: str | None = None) -> CompiledPack:
    """Load another pack, or that of an audit; say so where its rules have changed since."""
    pack = load_pack(policy or report.policy.source or report.policy.name)
    if policy is None and pack.digest != report.policy.digest:
        say(f"the rules of {pack.name} have changed since the audit; these answers are by the new ones")
    return pack


def same_catalog(report: Report, knowledge: Knowledge) -> None:
    """Say so where an audit was judged under another catalog."""
    if knowledge.digest != report.knowledge.digest:
        named = ", ".join((report.knowledge.version, *report.knowledge.overlays))
        say(f"the audit was judged under another catalog ({named}); give its overlay by --knowledge")


def origins_for(report: Report, folder: Path, what: str) -> list[Origin]:
    """Return the origins behind a finding, a sample or an origin id.

    Raises:
        UsageError: the audit has none of that name.
    """
    known = {facts.id: origin_of(facts) for facts in report.origins}
    if what in known:
        return [known[what]]
    finding = next((one for one in report.findings if one.id == what), None)
    if finding is not None:
        return [known[id] for id in finding.origins if id in known]
    names = (*sample_ids(what, report), *sample_ids(_from_here(what), report))
    rows = {row: origin for row in names if (origin := sample_origin(folder, row))}
    if len(rows) > 1:
        say(f"`{what}` names {' and '.join(rows)} in the audit; this is the first")
    if (origin := next(iter(rows.values()), "")) in known:
        return [known[origin]]
    raise UsageError(
        f"the audit has no finding, row or origin `{what}`",
        where=str(folder),
        fix="give a finding (F-…), an origin (o-…) or a row (file#row)",
    )


def _from_here(what: str) -> str:
    """Return a row's name with an absolute path made relative to the working directory."""
    return os.path.relpath(what) if os.path.isabs(what) else what


def sample_origin(folder: Path, sample: str) -> str:
    """Return the origin id of a row; empty where the audit has no such row."""
    import pyarrow.parquet as pq

    from auditor.engine.samples_file import readable

    path = folder / "samples.parquet"
    with readable(path):
        table = pq.read_table(path, columns=["origin_id"], filters=[("sample_id", "=", sample)])
    values = table.column("origin_id").to_pylist()
    return str(values[0]) if values else ""


def sides_of_rows(folder: Path, kept: Iterable[str]) -> RowSides:
    """Return where a split takes each row: those of the origins `kept` stay, those that were not read go."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from auditor.engine.row_sides import RowSides
    from auditor.engine.samples_file import readable
    from auditor.parquet import open_parquet

    path, sides, stay = folder / "samples.parquet", RowSides(), pa.array(sorted(kept), pa.string())
    with readable(path), open_parquet(path) as file:
        for batch in file.iter_batches(columns=["sample_id", "origin_id"]):
            ids, origins = (column.cast(pa.string()) for column in batch.columns)
            sides.add(ids, pc.is_in(origins, value_set=stay))
    sides.add_unjudged(unreadable_rows(folder))
    return sides


def unreadable_rows(folder: Path) -> list[str]:
    """Return the ids of the rows that the audit could not read."""
    path = folder / "unreadable.jsonl"
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [str(json.loads(line)["sample_id"]) for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as error:
        fix = "run `auditor audit` again"
        raise InputError(
            "the audit's list of unreadable rows cannot be read", where=str(path), fix=fix
        ) from error


def audited_origins(ledger: str, folder: Path | None) -> tuple[list[Origin], dict[str, int], Plan | None]:
    """Return origins, their rows and the plan: of one audit, or of the newest audit of every dataset."""
    if folder is not None:
        from auditor.report.jsonfile import read_report

        report = read_report(folder)
        counts = {facts.id: facts.samples for facts in report.origins}
        return [origin_of(facts) for facts in report.origins], counts, report.plan
    from sqlmodel import col, select

    from auditor.cli.common import now
    from auditor.ledger.answers import newest_audits
    from auditor.ledger.facts import read_origins
    from auditor.ledger.store import Ledger
    from auditor.ledger.tables import StoredVerdict

    rows: dict[str, int] = {}
    with Ledger.open(ledger, now, create=False) as opened, opened.database.reading() as session:
        chosen = col(StoredVerdict.audit_id).in_(newest_audits(session))
        for verdict in session.exec(select(StoredVerdict).where(chosen)):
            rows[verdict.origin_id] = rows.get(verdict.origin_id, 0) + verdict.samples
        origins = read_origins(session, sorted(rows))
    return list(origins.values()), rows, None
