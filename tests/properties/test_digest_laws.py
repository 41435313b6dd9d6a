"""Laws of the digests, on generated rows."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from auditor.canonical import Typed, canonical, encode
from auditor.canonical import rfc8785 as to_the_letter
from auditor.digest import DatasetDigest, RowError, dataset_digest, digest_json, row_digest, verify_inclusion

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
floats = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.integers() | floats | texts
safe_scalars = st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | floats | texts


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves, lambda sub: st.lists(sub, max_size=3) | st.dictionaries(texts, sub, max_size=3)
    )


rows = st.dictionaries(texts, trees(scalars), max_size=4)


@given(rows)
def test_fast_path_equals_exact_path(row: dict[str, Any]) -> None:
    assert encode(row) == canonical(row)


@given(st.dictionaries(texts, trees(safe_scalars), max_size=4))
def test_canonical_form_is_rfc_8785_where_that_applies(row: dict[str, Any]) -> None:
    assert canonical(row) == rfc8785.dumps(row)


@given(st.lists(trees(scalars), max_size=3))
def test_the_fast_path_equals_the_exact_path_for_lists(values: list[Any]) -> None:
    assert encode(values) == canonical(values)


@given(trees(st.none() | safe_scalars))
def test_rfc_8785_to_the_letter_is_what_its_library_writes(value: Any) -> None:
    assert to_the_letter(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [2**53, -(2**53), float("nan"), b"", {1: 2}, Typed("date", "2026-01-01"), "\ud800"]
)
def test_what_rfc_8785_cannot_write_is_refused(value: Any) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        rfc8785.dumps([value] if not isinstance(value, Typed) else object())
    with pytest.raises(RowError):
        to_the_letter([value])


@given(rows, st.booleans(), st.sampled_from([None, 2]))
def test_any_json_spelling_of_a_row_has_its_digest(
    row: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    # Integers beyond a double's range are refused in JSON text.
    for text in (
        json.dumps(row, ensure_ascii=ascii_only, indent=indent),
        json.dumps(row, separators=(" ,", " : ")),
    ):
        try:
            orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        assert digest_json(text.encode())[0] == row_digest(row)


@given(rows, texts, st.sampled_from(["", " ", "\n"]))
def test_a_repeated_key_is_always_found(row: dict[str, Any], key: str, space: str) -> None:
    inner = {**row, key: 1}
    text = json.dumps(inner, ensure_ascii=False)
    doubled = text[:-1] + f', {json.dumps(key)}{space}: {{"x": 2}}}}'
    with pytest.raises(RowError):
        digest_json(doubled.encode())


@given(rows, texts)
def test_null_members_do_not_count(row: dict[str, Any], key: str) -> None:
    with_null = {**row, key: None}
    without = {name: value for name, value in row.items() if name != key}
    assert row_digest(with_null) == row_digest(without)


@given(
    st.lists(st.binary(min_size=32, max_size=32), max_size=40),
    st.randoms(use_true_random=False),
    st.integers(0, 40),
)
def test_order_and_shards_do_not_count(digests: list[bytes], random: Any, cut: int) -> None:
    shuffled = list(digests)
    random.shuffle(shuffled)
    one, other = DatasetDigest(), DatasetDigest()
    one.extend(shuffled[:cut])
    other.extend(shuffled[cut:])
    one.merge(other)
    assert one.hexdigest() == dataset_digest(digests)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_a_proof_holds_for_its_row_alone(digests: list[bytes], data: st.DataObject) -> None:
    gathered = DatasetDigest()
    gathered.extend(digests)
    row = data.draw(st.sampled_from(digests))
    proof = gathered.prove(row)
    assert verify_inclusion(row, proof, gathered.root())
    assert not verify_inclusion(bytes(32), proof, gathered.root()) or row == bytes(32)
