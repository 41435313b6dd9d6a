"""What was audited: the digest over all rows, the files, and rows that could not be read."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.domain.report.dataset import DatasetFacts, FileFacts, UnreadableRow
from auditor.engine.report_sections.places import seen_from_here
from auditor.ids import Digest
from auditor.redact import redact
from auditor.samples.source import Source

_SHOWN_UNREADABLE = 20


def dataset_facts(source: Source, samples: int, digest: Digest, data: Sequence[str]) -> DatasetFacts:
    """Return what was audited.

    Args:
        samples: rows that were judged.
        digest: over all of them.
        data: the arguments that name the data.
    """
    shown = source.unreadable[:_SHOWN_UNREADABLE]
    return DatasetFacts(
        digest=digest,
        samples=samples,
        unreadable=source.unreadable_rows,
        files=tuple(_files(source, data)),
        unreadable_examples=tuple(UnreadableRow(row.sample_id, row.reason, row.line) for row in shown),
        arguments=tuple(map(redact, data)),
    )


def _files(source: Source, data: Sequence[str]) -> list[FileFacts]:
    errors = {file.file: file.reason for file in source.unreadable_files}
    hub = any(argument.startswith("hf://") for argument in data)
    seen = {file.name: redact(seen_from_here(file.path, hub=hub)) for file in source.inputs}
    files = [
        FileFacts(
            location=seen.get(file.name, ""),
            path=file.name,
            samples=file.rows,
            unreadable=file.unreadable,
            shape=str(file.shape or ""),
            runner_up=f"{file.runner_up[0]} ({file.runner_up[1]:.0%})" if file.runner_up else "",
            error=errors.pop(file.name, ""),
        )
        for file in source.files
    ]
    rest = (FileFacts(path=name, error=why, location=seen.get(name, "")) for name, why in errors.items())
    return [*files, *rest]
