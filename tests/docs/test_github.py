"""The forms for issues are ones that GitHub accepts, and send what must stay private elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.strict_yaml import read

ROOT = Path(__file__).parents[2]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
KINDS = {"markdown", "textarea", "input", "dropdown", "checkboxes"}


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_has_what_github_asks_for(form: Path) -> None:
    found = read(form).data
    assert found["name"]
    assert found["description"]
    assert {field["type"] for field in found["body"]} <= KINDS
    asked = [field for field in found["body"] if field["type"] != "markdown"]
    ids = [field["id"] for field in asked]
    assert len(ids) == len(set(ids))
    assert all(field["attributes"]["label"] for field in asked)
    assert all(field["attributes"]["value"] for field in found["body"] if field["type"] == "markdown")


@pytest.mark.parametrize("name", ["fault", "wrong-answer"])
def test_a_form_sends_vulnerabilities_to_the_private_way(name: str) -> None:
    assert "SECURITY.md" in (ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml").read_text(encoding="utf-8")
    assert (ROOT / "SECURITY.md").is_file()
