"""Where claims are inferred from the values of any column, and which values surely say nothing there.

Rows of one schema are alike but for these values; a value that is silent is as good as any other silent one.
So whoever reads many rows asks once for each combination of values. What `ClaimTable.inferred` learns to look
at is told here too; `tests/samples/claims/test_silence.py` holds the two together:

- each column says what it says whatever stands in the others, and again when it is asked again;
- of numbers only 0 and 1 are told apart, doubles are not looked at;
- a text of more than `license_words.MAX_LICENSE_VALUE` characters says nothing where it begins with neither
  blank nor bracket nor `h`, as addresses do, ends in no blank, and no name on its path speaks of licenses;
- a text says nothing that begins with none of `BEGINNINGS`, no blank or bracket, and holds none of
  `needed_runs`: a kernel tells it by its bytes, and whatever else claims look for must be told there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.samples.claims import column_kinds, license_values
from auditor.samples.claims.addresses import asks_model, is_shared
from auditor.samples.claims.column_names import TURNED, plain_name
from auditor.samples.claims.known_names import Models
from auditor.samples.claims.license_words import HEADS
from auditor.samples.claims.traces import may_be_trace
from auditor.samples.parts import role_of

Path = tuple[str | int, ...]
_DIGITS = "0123456789"
_MACHINES = frozenset(("syn", "mac", "llm", "ai ", "ai-", "ai_", "mod"))
_CALLS = frozenset(
    ("cha", "cmp", "ass", "thr", "res", "msg", "rs_", "fc_", "too", "req", "gen", "fp_", "ope", "ant")
)
"""How ids of calls to a service begin, and the headers of its answers."""
BEGINNINGS = HEADS | _MACHINES | _CALLS
"""Three signs, in any case, of which a text begins with some that reads as a license or names a machine."""
_ADDRESSES = frozenset([("://", False)])
"""What stands in every address: it may ask for a model in letters that are written otherwise."""
_SPEAKERS = ("role", "from")
"""Members that say whose the others are."""


def looked_into(row: dict[str, Any]) -> Iterator[tuple[Path, bool]]:
    """Yield where the values stand that `ClaimTable.inferred` looks at, beside names, types and speakers.

    With each stands whether its value is judged by itself, so that a silent one need not be told from others.
    """
    for name, value in row.items():
        if isinstance(value, dict | list):
            turned = plain_name(name) in TURNED
            yield from _inner(value, (name,), turned and isinstance(value, list), _is_judged_alone(name))
        elif isinstance(value, str):
            if column_kinds.looks_at_texts(name) or license_values.looks_at_texts(name):
                yield (name,), _is_judged_alone(name)
        elif isinstance(value, int):
            yield (name,), True


def _inner(value: Any, path: Path, turned: bool, alone: bool) -> Iterator[tuple[Path, bool]]:
    """Yield where texts and truth values stand in an object or list."""
    if isinstance(value, dict):
        # `{"name": "llm", "value": "gpt-4"}`: one member says what the other is, or who made it.
        alone = alone and value.keys().isdisjoint(("value", "agent"))
        for name, item in value.items():
            judged = alone and name not in _SPEAKERS and _is_judged_alone(name)
            yield from _inner(item, (*path, name), False, judged)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            if turned and isinstance(item, dict) and role_of(item) is not None:
                yield from _of_turn(item, (*path, place))
            else:
                yield from _inner(item, (*path, place), False, alone and not isinstance(item, dict))
    elif isinstance(value, str | bool):
        yield path, alone


def _is_judged_alone(name: str) -> bool:
    return not license_values.speaks(name) and not column_kinds.asks_more(name)


def _of_turn(turn: dict[str, Any], path: Path) -> Iterator[tuple[Path, bool]]:
    """Yield where something stands in a turn beside what it says."""
    for name, item in turn.items():
        if isinstance(item, dict | list):
            yield from _inner(item, (*path, name), False, False)
        elif isinstance(item, str) and column_kinds.looks_at_texts(name, in_turn=True):
            yield (*path, name), False


def is_silent(text: str, models: Models | None) -> bool:
    """Tell whether a text says nothing where it is judged by itself, whatever digits it ends in."""
    stem = text.rstrip(_DIGITS)
    if license_values.may_begin(stem) or stem[:1].isspace():
        return False
    if column_kinds.may_be_machine(stem) or is_shared(stem) or may_be_trace(stem) or asks_model(stem):
        return False
    return models is None or models.is_ruled_out(stem)


def needed_runs(models: Models | None) -> frozenset[tuple[str, bool]] | None:
    """Return runs of letters: a text without any says nothing, unless it begins with one of `BEGINNINGS`.

    With each stands whether a digit must follow; None where nobody can tell.
    """
    runs = frozenset[tuple[str, bool]]() if models is None else models.needed_runs
    return None if runs is None else runs | _ADDRESSES
