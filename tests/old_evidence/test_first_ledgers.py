"""A ledger that the program of its time wrote still verifies, and its digests are made the same way today."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import orjson
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from auditor.canonical import encode
from auditor.ledger.chain import GENESIS, entry_hash
from auditor.ledger.facts import claim_set_id
from auditor.ledger.store import Ledger
from auditor.ledger.verification import verify
from tests.ledger.material import CLAIMS, NOW

FIRST = Path(__file__).parents[1] / "golden" / "ledger_v1"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = st.sampled_from(["kind", "value", "basis", "where", "slot"])
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
plain = st.recursive(
    st.none() | st.booleans() | numbers | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda sub: st.lists(sub, max_size=3) | st.dictionaries(texts, sub, max_size=3),
)


def test_a_ledger_of_before_holds(tmp_path: Path) -> None:
    shutil.copytree(FIRST / "ledger.rows", tmp_path / "ledger.rows")
    connection = sqlite3.connect(tmp_path / "ledger.db")
    connection.executescript((FIRST / "ledger.sql").read_text("utf-8"))
    connection.close()
    with Ledger.open(str(tmp_path / "ledger.db"), lambda: NOW) as ledger:
        found = verify(ledger.database, ledger.head())
    assert found.broken is None
    assert found.entries == 3


def test_a_claim_set_has_the_id_of_before() -> None:
    assert claim_set_id(CLAIMS) == "c-843e447e42281888d2c64fc26720c4ca"


@given(
    st.lists(st.dictionaries(names, texts), max_size=3)
    | st.dictionaries(names, texts | numbers | st.booleans())
)
def test_what_the_tables_hold_has_the_form_of_before(value: Any) -> None:
    """Neither a claim nor a column of the tables is a float, and columns without a value are left out."""
    assert encode(value) == orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


@given(st.dictionaries(texts, plain, max_size=3))
def test_an_entry_is_hashed_over_the_form_of_any_rfc_8785_library(body: dict[str, Any]) -> None:
    entry = {"index": 7, "at": "2026-03-01T12:00:00Z", "kind": "k", "body": body, "previous": GENESIS}
    hashed = entry_hash(7, "2026-03-01T12:00:00Z", "k", body, GENESIS)
    assert hashed == hashlib.sha256(rfc8785.dumps(entry)).hexdigest()
