"""The guessed map as lines: a table for people, and text for `columns:` of auditor.yaml.

Only lines that leave everything judged that is judged now are written out; what would take text or a question
out of the judgment stands there as a comment, for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from auditor.engine.guessed_map import FileGuess, keeps_the_guess
from auditor.report.words import plain
from auditor.samples.shapes.map_entry import read_entries
from auditor.samples.shapes.mapping import Mapping
from auditor.samples.shapes.text_roles import IGNORED, LEARNED, PROMPT, SYSTEM, UNJUDGED

_MOST = 60
"""Columns of one file in the table, and lines of one role; further ones are counted."""
_CLAIMS = ("teacher", "judge", "license", "source", "date", "host")
_WHY = {
    "ignore": "  # nothing judged these: learned, prompt or ignore?",
    "teacher": "  # these name models: teacher, judge or ignore?",
    "license": "  # these read like licenses: license or ignore?",
}
_HEAD = ("column", "role", "rows", "runner-up")


def table_lines(guesses: Sequence[FileGuess]) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield a heading for each file, and the cells of its table."""
    for guess in guesses:
        shape = guess.shape
        next_best = f"; next {shape.runner_up[0]} ({shape.runner_up[1]:.0%})" if shape.runner_up else ""
        read_as = f"{shape.best.name}, {shape.score:.0%} of the first {len(guess.rows):,} rows{next_best}"
        cells = [
            [plain(one.path), one.role, f"{one.score:.0%}", one.runner_up or "-"] for one in guess.columns
        ]
        more = [[f"… and {len(cells) - _MOST:,} more columns", "", "", ""]] if len(cells) > _MOST else []
        yield f"{plain(guess.file)}: {read_as}", [list(_HEAD), *cells[:_MOST], *more]


def columns_text(guesses: Sequence[FileGuess]) -> list[str]:
    """Return the lines of `columns:`; those that a person must decide are comments."""
    roles: dict[str, dict[str, None]] = {}
    asked: dict[str, dict[str, None]] = {}
    for guess in guesses:
        for role, path in _lines(guess):
            roles.setdefault(role, {})[path] = None
        for role, path in _asked(guess):
            asked.setdefault(role, {})[path] = None
    written = [line for role, paths in roles.items() for line in _role_lines(role, list(paths))]
    decided = {path for paths in roles.values() for path in paths}
    comments = [
        f"  # {role}: [{', '.join(map(_quoted, left[:_MOST]))}]{_WHY.get(role, '')}"
        for role, paths in asked.items()
        if (left := [path for path in paths if path not in decided])
    ]
    return ["columns:", *written, *comments] if written else ["# columns:", *comments]


def _lines(guess: FileGuess) -> Iterator[tuple[str, str]]:
    """Yield role and path of what may be written down without changing what is judged."""
    for one in guess.columns:
        if LEARNED in one.role.split(", "):
            # Of turns the list that holds them: their own roles tell the texts apart.
            tried = dict.fromkeys((one.path, one.path.partition("[")[0]))
            yield from islice(_kept(guess, [(LEARNED, path) for path in tried]), 1)
    for one in guess.columns:
        if (role := one.role.partition("@")[0]) in _CLAIMS:
            yield from islice(_kept(guess, [(role, one.path), (one.role, one.path)]), 1)


def _kept(guess: FileGuess, lines: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the lines that leave everything judged as it is."""
    for role, path in lines:
        if keeps_the_guess(guess, Mapping(read_entries([f"{role}={path}"]))):
            yield role, path


def _asked(guess: FileGuess) -> Iterator[tuple[str, str]]:
    for one in guess.columns:
        asked = one.role.endswith("?")
        if one.role in (UNJUDGED, IGNORED):
            yield "ignore", one.path
        elif asked or one.role in (PROMPT, SYSTEM):
            yield one.role.partition("@")[0].rstrip("?") if asked else one.role, one.path


def _role_lines(role: str, paths: list[str]) -> Iterator[str]:
    yield f"  {_quoted(role) if '@' in role else role}:"
    yield from (f"    - {_quoted(path)}" for path in paths[:_MOST])


def _quoted(text: str) -> str:
    return "'" + plain(text).replace("'", "''") + "'"
