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


def map_notes(source: Source) -> Iterator[str]:
    """Say what files beside the rows say of columns, and what of it was taken."""
    mapping = source.options.mapping
    said = {entry.path for entry in mapping.entries} if mapping else set()
    files: dict[str, list[MapEntry]] = {}
    for entry in source.maps_beside:
        files.setdefault(entry.said_by, []).append(entry)
    for name, entries in files.items():
        taken = [f"`{plain(str(one))}`" for one in entries if _is_taken(one, said)]
        left = [f"`{plain(str(one))}`" for one in entries if not _is_taken(one, said)]
        yield (
            f"Map read from {plain(name)}: {_listed(taken) or 'no learned text'}."
            + (f" Not taken, since the file was not named (--map-from): {_listed(left)}." if left else "")
        )


def _is_taken(entry: MapEntry, said: set[str]) -> bool:
    return entry.role is ColumnRole.LEARNED and entry.path not in said


def _listed(lines: list[str]) -> str:
    more = f" and {len(lines) - _SHOWN:,} more" if len(lines) > _SHOWN else ""
    return ", ".join(lines[:_SHOWN]) + more


def _said(entry: MapEntry) -> str:
    if entry.role in QUIET:
        return f"Nobody trains on `{plain(entry.path)}`, which was not judged: {_by(entry)} says so."
    if entry.role in TEXTS and entry.role is not ColumnRole.LEARNED:
        return f"`{plain(entry.path)}` is not learned and was not searched: {_by(entry)} says `{entry.role}`."
    return ""


def _by(entry: MapEntry) -> str:
    return plain(entry.said_by)
