"""Compare the rows that a trainer is about to read with the permitted ones, before it reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.digest import RowError, row_digest
from auditor.errors import RefusedError
from auditor.gate.grant import Grant
from auditor.gate.loaders import is_arrow, is_countable, rows_of, source_of
from auditor.gate.stream import permitted_by
from auditor.gate.typed_rows import typing_of

_TOKENS = ("input_ids", "prompt_ids", "chosen_ids", "prompt_input_ids", "chosen_input_ids", "labels")
_BESIDE_TOKENS = {
    *_TOKENS, "attention_mask", "token_type_ids", "position_ids", "completion_mask", "assistant_masks",
    "special_tokens_mask", "length", "seq_lengths", "rejected_ids", "rejected_input_ids", "completion_ids",
}  # fmt: skip
_DEPTH = 16


def check_rows_of(held: Any, grant: Grant, where: str, prepared_from: Any = None) -> None:
    """Refuse what a trainer is about to read unless its rows are permitted, or guarded by this grant.

    Args:
        held: a data set or loader.
        prepared_from: the raw rows that `held` was made of, where it holds tokens: its maker says so.

    Raises:
        RefusedError: a row is foreign, or it cannot be told.
    """
    held = source_of(held)
    permitted = permitted_by(held)
    if permitted is not None and permitted <= grant.digests:
        return
    if _holds_tokens(held):
        _check_origin(held, grant, where, prepared_from)
        return
    _check_raw(held, grant, where)


def _check_origin(held: Any, grant: Grant, where: str, prepared_from: Any) -> None:
    if prepared_from is None:
        raise RefusedError(
            f"{where} holds tokens, which cannot be compared with permitted rows",
            fix="hand on guard(rows, grant).map(tokenize), or name the raw rows by prepared_from=",
        )
    check_rows_of(prepared_from, grant, "prepared_from")
    if hasattr(held, "__len__") and hasattr(prepared_from, "__len__") and len(held) > len(prepared_from):
        raise RefusedError(
            f"{where} has {len(held):,} rows, and prepared_from {len(prepared_from):,}",
            fix="name the rows that it was made of",
        )
    _check_beside_tokens(held, where, prepared_from)


def _check_beside_tokens(held: Any, where: str, prepared_from: Any) -> None:
    """Refuse raw columns beside the tokens that `prepared_from` does not hold so.

    Raises:
        RefusedError: one differs, or cannot be compared.
    """
    if not is_countable(held):
        beside = sorted(set(getattr(held, "column_names", None) or ()) - _BESIDE_TOKENS)
        if beside:
            raise RefusedError(
                f"{where} holds {beside[0]} beside its tokens, which cannot be compared",
                fix="take the raw columns out, or hand on guard(rows, grant).map(tokenize)",
            )
        return
    if is_arrow(held):
        held = held.remove_columns([name for name in held.column_names if name in _BESIDE_TOKENS])
        if not held.column_names:
            return
    known = _Origin(prepared_from)
    typed = typing_of(held)
    for number, row in rows_of(held):
        raw = {name: value for name, value in _columns(row) if name not in _BESIDE_TOKENS}
        if not known.holds(raw, typed):
            raise RefusedError(
                f"{where} holds columns beside its tokens that prepared_from does not hold so",
                where=f"row#{number}",
                fix="take the raw columns out, or name the rows that it was made of",
            )


class _Origin:
    """The raw rows, asked by any of their columns."""

    def __init__(self, rows: Any) -> None:
        source = source_of(rows)
        typed = typing_of(source)
        self._rows = [dict(typed(dict(row))) for _, row in rows_of(source) if isinstance(row, Mapping)]
        self._names = {name for row in self._rows for name in row}
        self._seen: dict[frozenset[str], set[bytes]] = {}

    def holds(self, raw: dict[str, Any], typed: Callable[[Any], Any]) -> bool:
        """Tell whether one row has these values; numbers under new names are what preparing adds."""
        if any(name not in self._names and has_text(value) for name, value in raw.items()):
            return False
        names = frozenset(name for name in raw if name in self._names)
        if not names:
            return True
        try:
            if names not in self._seen:
                self._seen[names] = {_digest(row, names) for row in self._rows}
            return _digest(dict(typed(raw)), names) in self._seen[names]
        except (RowError, TypeError):
            return False


def _digest(row: Mapping[str, Any], names: frozenset[str]) -> bytes:
    return row_digest({name: row[name] for name in sorted(names) if row.get(name) is not None})


def has_text(value: Any, depth: int = 0) -> bool:
    """Tell whether a value is text, holds some, or is of a kind that may."""
    if isinstance(value, Mapping):
        return depth > _DEPTH or any(has_text(item, depth + 1) for item in value.values())
    if isinstance(value, list | tuple):
        return depth > _DEPTH or any(has_text(item, depth + 1) for item in value)
    return isinstance(value, str | bytes)


def _columns(row: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(row, Mapping):
        raise RefusedError("rows of tokens must be dicts", fix="hand on guard(rows, grant).map(tokenize)")
    yield from ((str(name), row[name]) for name in row)


def _check_raw(held: Any, grant: Grant, where: str) -> None:
    # A stream without an end cannot be checked first, nor does it give the same rows again.
    if not is_countable(held):
        raise RefusedError(
            f"{where} is a {type(held).__name__}, which cannot be compared with permitted rows",
            fix="hand on guard(rows, grant), a list of rows or a datasets.Dataset",
        )
    typed = typing_of(held)
    for number, row in rows_of(held):
        for one in row if isinstance(row, list | tuple) else (row,):
            try:
                known = isinstance(one, Mapping) and row_digest(dict(typed(one))) in grant.digests
            except (RowError, TypeError):
                known = False
            if not known:
                raise RefusedError(
                    f"{where} holds a row that is not permitted",
                    where=f"row#{number}",
                    fix="train on the audited data, through guard(rows, grant)",
                )


def _holds_tokens(held: Any) -> bool:
    columns = getattr(held, "column_names", None)
    if not columns and is_countable(held):
        # The loader itself says what a row looks like; a batch of rows holds none of them.
        _, first = next(rows_of(held), (0, None))
        columns = list(first) if isinstance(first, Mapping) else []
    return any(name in _TOKENS for name in columns or ())
