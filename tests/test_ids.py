"""A digest is written in one way, whatever it was made from."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import auditor
from auditor.ids import digest_of, digest_of_hash, hex_of, is_digest, raw_of, written

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
BY_HAND = re.compile(r"sha256:($|\{|\(|\)|')")


@given(st.binary(max_size=64))
def test_a_digest_goes_to_bytes_and_back(content: bytes) -> None:
    digest = digest_of(content)
    assert digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert written(raw_of(digest)) == digest_of_hash(hashlib.sha256(content)) == digest
    assert is_digest(digest)
    assert not is_digest(hex_of(digest))


def test_the_digest_of_abc_is_that_of_the_standard() -> None:
    assert digest_of(b"abc") == f"sha256:{ABC}"
    assert hex_of(f"sha256:{ABC}") == hex_of(ABC) == ABC


@pytest.mark.parametrize(
    "text", ["", ABC, f"sha256:{ABC.upper()}", f"sha256:{ABC}0", f"sha512:{ABC}", f"sha256:{ABC}\n"]
)
def test_other_text_is_not_a_digest(text: str) -> None:
    assert not is_digest(text)


def test_a_digest_that_is_not_hex_is_refused() -> None:
    with pytest.raises(ValueError, match="hex"):
        raw_of("sha256:xy")


def test_no_other_module_writes_a_digest_by_hand() -> None:
    house = Path(auditor.__file__).parent
    found = [
        f"{path.relative_to(house)}:{node.lineno}"
        for path in sorted(house.rglob("*.py"))
        if path.name != "ids.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and BY_HAND.search(node.value)
    ]
    assert found == []
