"""Entries and answers of the catalog as plain values and as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.domain.license import LicenseResolution
from auditor.domain.teacher import Resolution, TermsSet
from auditor.knowledge.catalog import Knowledge
from auditor.serialize import encode


def teacher_rows(knowledge: Knowledge, text: str | None) -> list[dict[str, Any]]:
    """Return the teachers that contain `text`, as plain values."""
    return [row for t in knowledge.teachers.values() if _holds(row := plain(t), text)]


def terms_rows(knowledge: Knowledge, text: str | None) -> list[dict[str, Any]]:
    """Return the terms that contain `text`, as plain values; `outputs` is the deciding value."""
    rows = ({**plain(t), "outputs": t.facts.outputs.value.value} for t in knowledge.terms.values())
    return [row for row in rows if _holds(row, text)]


def set_rows(knowledge: Knowledge, text: str | None) -> list[dict[str, Any]]:
    """Return the known sets that contain `text`, as plain values; `by` names who worked on each."""
    rows = []
    for one in knowledge.known_sets.sets:
        names = [f"{t.name} ({t.role})" for t in one.teachers] + ([] if one.complete else ["others"])
        rows.append({"license": "", "aliases": [], **plain(one), "by": names})
    return [row for row in rows if _holds(row, text)]


def license_rows(knowledge: Knowledge, text: str | None) -> list[dict[str, Any]]:
    """Return the dataset licenses that contain `text`, as plain values."""
    return [row for one in knowledge.licenses.values() if _holds(row := plain(one), text)]


def _holds(row: object, text: str | None) -> bool:
    return text is None or any(text.lower() in leaf.lower() for leaf in _leaves(row))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield str(value)


def plain(value: Any) -> Any:
    """Turn domain values into dicts, lists and texts; what is empty is left out."""
    return encode(value, empties=False)


def entry_of(knowledge: Knowledge, id: str) -> dict[str, Any] | None:
    """Return the terms, license, teacher or known set of that id in full; all where it names several."""
    wanted: dict[str, dict[Any, Any]] = {
        "terms": knowledge.terms,
        "license": knowledge.licenses,
        "teacher": knowledge.teachers,
        "set": {one.id: one for one in knowledge.known_sets.sets},
    }
    found = {}
    for kind, entries in wanted.items():
        by_case = {key.lower(): one for key, one in entries.items()}
        if (entry := by_case.get(id.lower())) is not None:
            found[kind] = plain(entry)
    return found or None


def entry_text(entry: dict[str, Any]) -> str:
    """Return an entry as indented lines."""
    return "\n".join(_lines(entry, 0))


def _lines(value: Any, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for name, one in value.items():
        if isinstance(one, dict):
            yield f"{indent}{name}:"
            yield from _lines(one, depth + 1)
        elif isinstance(one, list) and one and isinstance(one[0], dict):
            yield f"{indent}{name}:"
            for part in one:
                lines = list(_lines(part, depth + 2))
                yield f"{indent}  - {lines[0].strip()}"
                yield from lines[1:]
        else:
            shown = ", ".join(map(str, one)) if isinstance(one, list) else one
            yield f"{indent}{name}: {shown}"


def resolution_row(found: Resolution) -> dict[str, Any]:
    """Return a resolution as plain values, `name, teacher, host, terms, confidence` first."""
    return {
        "name": found.name,
        "teacher": found.teacher,
        "host": found.host,
        "terms": list(found.terms),
        "confidence": found.confidence.value if found.confidence else None,
        "status": found.status.value,
        "access": found.access.value,
        "candidates": list(found.candidates),
        "near": list(found.near),
        "sets": [_set_row(one) for one in found.sets],
        "notes": list(found.notes),
        "overlays": list(found.overlays),
    }


def _set_row(one: TermsSet) -> dict[str, Any]:
    return {
        "terms": list(one.terms),
        "teacher": one.teacher,
        "known": one.known,
        "from": one.start,
        "to": one.end,
        "access": one.access.value,
        "note": one.note,
    }


def resolution_text(found: Resolution) -> str:
    """Return a resolution in a few lines."""
    who = found.teacher or (f"one of {', '.join(found.candidates)}" if found.candidates else "not known")
    lines = [f"{found.name}: {who} ({found.status}, access {found.access})"]
    if found.host:
        lines.append(f"  host: {found.host}")
    if found.near:
        lines.append(f"  not read; names that begin alike: {', '.join(found.near)}")
    for one in found.sets:
        span = f"  [{one.start or '…'} to {one.end or 'today'}]" if one.start or one.end else ""
        lines.append(f"  terms: {' + '.join(one.terms)}{span}{'' if one.known else '  (not read)'}")
    if len(found.sets) > 1:
        lines.append("  several versions are possible: --access and --date decide between them")
    lines += [f"  note: {note}" for note in found.notes]
    lines += [f"  overlay: {name}" for name in found.overlays]
    return "\n".join(lines)


def license_reading(read: LicenseResolution) -> dict[str, Any]:
    """Return a reading of a license string or text as plain values."""
    return {
        "declared": read.declared,
        "expression": read.expression,
        "status": read.status.value,
        "candidates": list(read.candidates),
        "note": read.note,
    }
