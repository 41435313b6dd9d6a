"""What a pass over many rows writes is what each row says by itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.domain.report.codec import parse
from auditor.engine.inputs import prepare
from auditor.engine.names import CachedCatalog
from auditor.engine.request import AuditRequest
from auditor.ledger.facts import claim_set_id
from auditor.main_job import audit
from auditor.policy.evaluate.evaluator import Judge
from auditor.provenance.conclude import conclude

MODELS = (
    "gpt-4-0613",
    "human",
    "Qwen/Qwen2.5-7B-Instruct",
    "Claude 3",
    "",
    *(f"maker/m-{n}" for n in range(40)),
)
ROWS = 9_000
"""More than one batch."""


def _mixed(folder: Path) -> Path:
    folder.mkdir()
    rows = [
        {
            "prompt": f"ask {at}",
            "response": f"answer number {at} in words",
            "model": MODELS[at * at % len(MODELS)],
        }
        for at in range(ROWS)
    ]
    lines = [json.dumps(row) for row in rows]
    lines[3], lines[5] = "{broken", "\n" + lines[5]
    lines[8] = '{"prompt": "no answer"}'
    (folder / "a.jsonl").write_text("\n".join(lines))
    other = [
        {"text": f"text {at} of a table", "license": ("MIT", "CC-BY-NC-4.0", None)[at % 3]}
        for at in range(50)
    ]
    pq.write_table(pa.Table.from_pylist(other), folder / "b.parquet")
    return folder


def _by_row(request: AuditRequest) -> list[dict[str, object]]:
    """Say of each row alone what an audit says of all together."""
    inputs = prepare(request)
    judge, catalog = Judge(inputs.context), CachedCatalog(inputs.knowledge)
    found: list[dict[str, object]] = []
    kept: dict[int, dict[str, object]] = {}
    for batch in inputs.source:
        for place, (row, digest) in enumerate(zip(batch.rows.tolist(), batch.digests, strict=True)):
            number = int(batch.claim_sets[place])
            if number not in kept:
                claims = inputs.source.claim_sets[number]
                origin = conclude(claims, (), catalog)
                verdict = judge.judge(origin)
                kept[number] = {
                    "origin_id": origin.id,
                    "teachers": sorted({one.id for one in origin.teachers}),
                    "licenses": sorted({one.expression for one in origin.licenses}),
                    "basis": str(origin.basis),
                    "grade": str(origin.grade),
                    "outcome": str(verdict.outcome),
                    "rules": sorted({reason.rule for reason in verdict.reasons}),
                    "claim_set": claim_set_id(claims),
                }
            line = None if batch.lines is None else int(batch.lines[place])
            own = {"sample_id": f"{batch.file}#{row}", "digest": f"sha256:{digest.hex()}", "line": line}
            found.append(own | kept[number])
    return found


def test_many_rows_together_are_answered_as_each_row_alone(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    ledger, out = str(tmp_path / "ledger.db"), tmp_path / "out"
    request = AuditRequest((str(_mixed(tmp_path / "data")),), moment, ledger=ledger, out=out)
    result = audit(request)
    wanted = _by_row(request)
    assert len(wanted) > 9_000
    rows = pq.read_table(out / "samples.parquet").to_pylist()
    assert [
        {name: row[name] for name in one if name != "claim_set"}
        for row, one in zip(rows, wanted, strict=True)
    ] == [{name: value for name, value in one.items() if name != "claim_set"} for one in wanted]
    [shard] = (path for path in tmp_path.rglob("*.parquet") if len(path.stem) == 64)
    recorded = pq.read_table(shard).to_pylist()
    assert [(row["sample_id"], f"sha256:{row['digest'].hex()}", row["claim_set"]) for row in recorded] == [
        (one["sample_id"], one["digest"], one["claim_set"]) for one in wanted
    ]
    report = parse((out / "report.json").read_bytes())
    assert report.dataset.digest == result.report.dataset.digest
    for origin in report.origins:
        assert origin.samples == sum(one["origin_id"] == origin.id for one in wanted)
    for finding in (one for one in report.findings if one.origins):
        first = [one["sample_id"] for one in wanted if one["origin_id"] in finding.origins]
        assert {row.sample_id for row in finding.evidence} <= set(first)


def test_the_first_rows_of_each_origin_are_its_examples(tmp_path: Path) -> None:
    data = tmp_path / "rows.jsonl"
    models = ["gpt-4", "human", "gpt-4"] * 4_000
    rows = ({"prompt": "p", "response": f"answer {at}", "model": model} for at, model in enumerate(models))
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = audit(
        AuditRequest((str(data),), datetime(2026, 11, 24, tzinfo=UTC), ledger=None, out=tmp_path / "out")
    )
    shown = {f.subject: [row.sample_id for row in f.evidence] for f in result.report.findings if f.subject}
    assert any(ids == [f"rows.jsonl#{at}" for at in (0, 2, 3, 5, 6)] for ids in shown.values()), shown
