"""Pack files that are refused, and what a pack asks of permits."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import PolicyError
from auditor.policy.pack.load import load_pack


def _pack(folder: Path, terms: str) -> Path:
    path = folder / "house.yaml"
    path.write_text(f"pack: house\nversion: 1\ntitle: House\ninclude: [default]\npermit: {terms}\n")
    return path


def test_a_pack_forbids_to_start_beside_unread_data_and_another_digest_is_its(tmp_path: Path) -> None:
    strict = load_pack(_pack(tmp_path, "{unread: refuse}"))
    assert strict.pack.permit.stated() == {"unread": "refuse"}
    lax = load_pack(_pack(tmp_path, "{}"))
    assert (lax.pack.permit.stated(), lax.digest == strict.digest) == ({}, False)


@pytest.mark.parametrize(
    "terms", ["{unread: maybe}", "{unread: true}", "{other: refuse}", "[unread]", "refuse"]
)
def test_other_terms_are_refused_with_their_place(tmp_path: Path, terms: str) -> None:
    with pytest.raises(PolicyError, match=r"house\.yaml:5"):
        load_pack(_pack(tmp_path, terms))
