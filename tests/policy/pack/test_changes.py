"""A pack from elsewhere is told apart from the shipped one, whatever it calls itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from auditor.bundled import bundled
from auditor.cli.main import execute
from auditor.domain.pack_changes import PackChanges
from auditor.policy.pack.load import load_pack

SHIPPED = (bundled("policies") / "default.yaml").read_text()
HEAD = "version: '1.0'\ntitle: t\n"


def lax(**changes: object) -> str:
    """Return the shipped pack with its ban on competing outputs softened."""
    data = yaml.safe_load(SHIPPED)
    for rule in data["rules"]:
        if rule["id"] == "outputs-compete":
            rule.update({"outcome": "allow"})
    return yaml.safe_dump({**data, **changes}, sort_keys=False)


@pytest.mark.parametrize("name", ["default", "commercial-api", "eu-placement", "fair-use-review"])
def test_a_shipped_pack_changes_nothing(name: str) -> None:
    assert load_pack(name).changes == PackChanges()


def test_an_identical_copy_is_local_and_shadows_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SHIPPED)
    assert load_pack(tmp_path / "mine.yaml").changes == PackChanges(local=True)


def test_a_file_that_calls_itself_default_and_overrides_is_named(tmp_path: Path) -> None:
    (tmp_path / "shipped.yaml").write_text(SHIPPED)
    rule = next(r for r in yaml.safe_load(SHIPPED)["rules"] if r["id"] == "outputs-compete")
    rule.update({"outcome": "allow", "override": True})
    body = f"pack: default\n{HEAD}include: [shipped]\n" + yaml.safe_dump({"rules": [rule]})
    (tmp_path / "lax.yaml").write_text(body)
    changes = load_pack(tmp_path / "lax.yaml").changes
    assert changes == PackChanges(True, ("default",), ("outputs-compete",))
    assert changes.words("default") == "NOT the shipped pack; replaces rules: outputs-compete"


def test_an_edited_copy_is_named_with_what_differs(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(lax())
    assert load_pack(tmp_path / "p.yaml").changes == PackChanges(True, ("default",), ("outputs-compete",))


def test_a_copy_that_only_takes_waivers_again_shadows_too(tmp_path: Path) -> None:
    other = yaml.safe_load((bundled("policies") / "commercial-api.yaml").read_text())
    other["waivers"] = "none" if other.get("waivers") != "none" else "named"
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(other))
    assert load_pack(tmp_path / "p.yaml").changes.shadows == ("commercial-api",)


@pytest.mark.parametrize("calls_itself", ["default", "harmless"])
def test_a_file_beside_that_is_included_as_default_is_named(tmp_path: Path, calls_itself: str) -> None:
    (tmp_path / "default.yaml").write_text(lax(pack=calls_itself))
    (tmp_path / "house.yaml").write_text(f"pack: house\n{HEAD}include: [default]\n")
    changes = load_pack(tmp_path / "house.yaml").changes
    assert changes.shadows == ("default",)
    assert "outputs-compete" in changes.overrides
    assert changes.words("house").startswith("NOT the shipped default; replaces rules:")


def test_a_link_to_a_foreign_file_is_told_by_the_name_it_is_included_by(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x.yaml").write_text(lax(pack="harmless"))
    (tmp_path / "default.yaml").symlink_to(tmp_path / "elsewhere/x.yaml")
    (tmp_path / "house.yaml").write_text(f"pack: house\n{HEAD}include: [default]\n")
    assert load_pack(tmp_path / "house.yaml").changes.shadows == ("default",)


def test_a_pack_of_another_name_says_which_rules_it_switches_off(tmp_path: Path) -> None:
    body = f"pack: house\n{HEAD}include: [default]\ndisable: {{outputs-compete: we asked}}\n"
    (tmp_path / "house.yaml").write_text(body)
    changes = load_pack(tmp_path / "house.yaml").changes
    assert changes == PackChanges(True, (), (), ("outputs-compete",))
    assert changes.words("house") == "leaves out rules: outputs-compete"


def test_a_bare_pack_under_a_shipped_name_lacks_its_rules(tmp_path: Path) -> None:
    rule = next(r for r in yaml.safe_load(SHIPPED)["rules"] if r["id"] == "outputs-compete")
    (tmp_path / "p.yaml").write_text(f"pack: default\n{HEAD}" + yaml.safe_dump({"rules": [rule]}))
    changes = load_pack(tmp_path / "p.yaml").changes
    assert changes.shadows == ("default",)
    assert len(changes.disabled) > 50
    assert "and " in changes.words("default")


def test_a_copy_of_another_version_is_not_the_shipped_pack(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        yaml.safe_dump({**yaml.safe_load(SHIPPED), "version": "9.0"}, sort_keys=False)
    )
    assert load_pack(tmp_path / "p.yaml").changes == PackChanges(True, ("default",))


def test_policy_show_says_it_in_the_second_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.yaml").write_text(lax())
    assert execute(["policy", "show", str(tmp_path / "p.yaml")]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("(NOT the shipped pack; replaces rules: ")
