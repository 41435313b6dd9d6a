"""What the answer takes for granted because somebody said it of columns."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.report.words import plain
from auditor.samples.shapes.map_entry import QUIET, TEXTS, ColumnRole, MapEntry
from auditor.samples.source import Source

_SHOWN = 5


def map_assumptions(source: Source) -> Iterator[str]:
    """Yield what the user's map takes out of the judgment, and what rows say that it answers otherwise."""
    mapping = source.options.mapping
    entries = {str(entry): entry for entry in mapping.entries} if mapping else {}
    for entry in entries.values():
        if said := _said(entry):
            yield said
    names: dict[tuple[str, str], dict[str, None]] = {}
    for line, where, value in source.overruled:
        names.setdefault((line, where.partition("!")[0]), {})[value] = None
    for (line, where), found in names.items():
        listed = list(found)
        more = f" and {len(listed) - _SHOWN:,} more" if len(listed) > _SHOWN else ""
        yield (
            f"`{plain(where)}` names {', '.join(map(plain, listed[:_SHOWN]))}{more}; "
            f"{_by(entries[line])} answers that: `{plain(line)}`."
        )


def _said(entry: MapEntry) -> str:
    if entry.role in QUIET:
        return f"Nobody trains on `{plain(entry.path)}`, which was not judged: {_by(entry)} says so."
    if entry.role in TEXTS and entry.role is not ColumnRole.LEARNED:
        return f"`{plain(entry.path)}` is not learned and was not searched: {_by(entry)} says `{entry.role}`."
    return ""


def _by(entry: MapEntry) -> str:
    return plain(entry.said_by)
