"""A reading is old by the last day on which its text was seen; what cannot change does not grow old."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from bundles import catalog

from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.load import load_folders
from auditor.knowledge.stale import stale

TODAY = date(2026, 11, 27)


def _knowledge(folder: Path, **changes: object) -> Knowledge:
    path = catalog(folder / "acme", follows="allowed") / "terms.yaml"
    facts = yaml.safe_load(path.read_text())
    for entry in facts["terms"]:
        if entry["id"].startswith("Terms-"):
            entry |= {"kind": "service-terms", **changes}
    path.write_text(json.dumps(facts))  # which is YAML, without aliases
    return load_folders((folder / "acme",))


def test_a_text_in_force_is_named_with_its_age_and_where_to_read_it(tmp_path: Path) -> None:
    facts = _knowledge(tmp_path)
    (one,) = stale(facts, TODAY, 25)
    assert (one.terms, one.seen, one.days, one.teachers) == ("Terms-Acme-2", "2026-11-01", 26, 1)
    assert one.where == ("acme/contracts Terms-Acme-2.md", "https://acme.example/terms")
    assert stale(facts, TODAY, 26) == []


def test_a_text_that_was_replaced_or_has_ended_is_not(tmp_path: Path) -> None:
    facts = _knowledge(tmp_path)
    assert "Terms-Acme-1" not in {one.terms for one in stale(facts, TODAY, 0)}
    assert stale(_knowledge(tmp_path, effective_to="2026-11-26"), TODAY, 0) == []


def test_a_license_that_nobody_can_change_is_not(tmp_path: Path) -> None:
    assert stale(_knowledge(tmp_path, kind="license-and-contract"), TODAY, 0) == []


@pytest.mark.parametrize("seen", [None, "2026"])
def test_a_text_that_nobody_dated_counts_as_old(tmp_path: Path, seen: str | None) -> None:
    read = [{"repository": "a", "path": "b", **({"seen": seen} if seen else {})}]
    (one,) = stale(_knowledge(tmp_path, read=read), TODAY, 9999)
    assert (one.terms, one.days) == ("Terms-Acme-2", None)


def test_the_oldest_comes_first(knowledge: Knowledge) -> None:
    found = stale(knowledge, TODAY, 0)
    assert [one.seen or "" for one in found] == sorted(one.seen or "" for one in found)
    assert found
