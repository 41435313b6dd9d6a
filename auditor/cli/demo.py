"""`auditor demo`: audit the bundled set and name each fault that was put into it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from auditor.cli.audit import run_audit, show
from auditor.cli.common import emit, now, say
from auditor.domain.exit_code import ExitCode
from auditor.errors import EnvironmentFault


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault and the rows that carry it, as `faults.yaml` lists them."""

    kind: str
    rows: tuple[str, ...]
    copied_from: tuple[str | None, ...]


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the index and the reports.")] = Path("demo-out"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the list of faults.")] = False,
) -> None:
    """Audit a bundled set of 224 rows with seven kinds of fault put in on purpose, and ask the gate.

    Exits 0 when every fault was found, the gate refused the set, and it passed the part that `split` kept.
    """
    from auditor.bundled import bundled
    from auditor.cli.demo_gate import show_gate
    from auditor.cli.effort import spare_kernels
    from auditor.engine.request import AuditRequest
    from auditor.report.interface import writers

    folder = bundled("demo")
    spare_kernels([str(folder)])
    index = build_index(folder / "teachers", out / "teachers.idx")
    request = AuditRequest(
        data=(str(folder / "data"),),
        now=now(),
        plan=folder / "plan.yaml",
        indexes=(index,),
        ledger=str(out / "ledger.db"),
        out=out,
        command=f"auditor demo --out {out}",
    )
    result = run_audit(request, quiet=quiet)
    show(result, writers(["terminal"]), quiet=quiet)
    found = {row["sample_id"]: row for row in answers(out)}
    missed = sum([report_fault(fault, found) for fault in read_faults(folder / "faults.yaml")])
    if missed:
        raise EnvironmentFault(f"{missed} of the seeded faults were not found", fix="report this error")
    show_gate(request)
    say("")
    say(f"The report for people: {(out / 'report.html').resolve()}")
    raise typer.Exit(ExitCode.ALLOWED)


def build_index(teachers: Path, path: Path) -> Path:
    """Build the index of the demo's registered teacher outputs, as `auditor index build` does."""
    from auditor.cli.texts import read_texts
    from auditor.fingerprint.search.detect import calibrate_built_in
    from auditor.fingerprint.search.index_builder import IndexBuilder

    builder = IndexBuilder()
    for batch in read_texts([teachers / "reference.jsonl"], ["text"], ["teacher", "family"]):
        columns = (batch["teacher"].to_pylist(), batch["row_id"].to_pylist())
        builder.add(batch["text"], *columns, batch["family"].to_pylist())
    for batch in read_texts([teachers / "prompts.jsonl"], ["prompt"]):
        builder.add_prompts(batch["prompt"])
    index = builder.build()
    path.parent.mkdir(parents=True, exist_ok=True)
    index.with_calibration(calibrate_built_in(index)).save(path)
    return path


def answers(out: Path) -> Iterator[dict[str, Any]]:
    """Yield the audit's answer on every row, unreadable ones included."""
    import pyarrow.parquet as pq

    columns = ["sample_id", "outcome", "rules", "match_teacher"]
    yield from pq.read_table(out / "samples.parquet", columns=columns).to_pylist()
    for line in (out / "unreadable.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield {"sample_id": row["sample_id"], "outcome": "unreadable", "rules": [], "match_teacher": None}


def read_faults(path: Path) -> list[Fault]:
    """Read the list of seeded faults."""
    from auditor.strict_yaml import read

    loaded = read(path).data["faults"]
    return [
        Fault(
            entry["kind"],
            tuple(row["row"] for row in entry["rows"]),
            tuple(row.get("copied_from", {}).get("teacher") for row in entry["rows"]),
        )
        for entry in loaded
    ]


def report_fault(fault: Fault, found: dict[str, dict[str, Any]]) -> int:
    """Print what the audit said of one kind of fault; return how many of its rows it let pass."""
    caught = []
    for row, teacher in zip(fault.rows, fault.copied_from, strict=True):
        answer = found.get(row)
        if answer is None or answer["outcome"].startswith("allow"):
            continue
        if teacher is None or answer["match_teacher"] == teacher:
            caught.append(row)
    emit(f"{fault.kind:<22} {len(caught)} of {len(fault.rows)} found   {', '.join(caught)}")
    return len(fault.rows) - len(caught)
