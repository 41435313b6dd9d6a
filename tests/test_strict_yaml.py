"""Places of faults, as an editor counts them, however the YAML is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from auditor import strict_yaml as document
from auditor.errors import PlanError, PolicyError
from auditor.policy.pack.load import load_pack
from auditor.policy.plan.plans import load_plan
from auditor.policy.testing.cases import load_cases

HEAD = """pack: mine
version: "1"
title: t
rules:
- id: a
  title: t
  applies_to: origin
  for_each: terms
  layer: of-the-text
  outcome: deny
  message: m
  clause: outputs
  owner: me
"""
LAUGHS = "- &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"- &{below} [{', '.join([f'*{above}'] * 9)}]\n" for above, below in zip("abcdef", "bcdefg", strict=True)
)
WAYS = {
    "plain": "  when: terms.role != terms.nope\n",
    "single quotes": "  when: 'terms.role == \"base\" && terms.nope'\n",
    "doubled quotes": "  when: 'terms.role == ''base'' && terms.nope'\n",
    "double quotes": '  when: "terms.role == \\"base\\" && terms.nope"\n',
    "literal block": '  when: |\n    terms.role == "base" &&\n      terms.nope\n',
    "literal block, kept": '  when:\n    x: |+\n        terms.role == "base" &&\n\n        terms.nope\n\n',
    "folded block": '  when: >-\n    terms.role == "base"\n    && terms.nope\n',
    "plain over two lines": "  when: terms.role != terms.id &&\n    terms.nope\n",
    "quotes over two lines": "  when: 'terms.role != terms.id\n    && terms.nope'\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_fault_in_a_condition_stands_where_the_editor_shows_it(tmp_path: Path, way: str) -> None:
    text = HEAD + WAYS[way]
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"terms\.nope") as caught:
        load_pack(path)
    at = text.index(".nope")
    line = text.count("\n", 0, at) + 1
    assert (caught.value.line, caught.value.column) == (line, at - text.rfind("\n", 0, at))


def test_an_unknown_key_is_shown_at_the_key(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(HEAD + "  when: 'true'\n  colour: red\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="unknown key `colour`") as caught:
        load_pack(path)
    assert (caught.value.line, caught.value.column) == (15, 3)


def test_an_included_pack_that_is_missing_names_the_packs_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("pack: mine\nversion: '1'\ntitle: t\ninclude: [nope]\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="no such policy pack") as caught:
        load_pack(path)
    assert "default" in str(caught.value.fix)


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML was built without libyaml")
def test_both_parsers_of_yaml_give_the_same_values_and_places(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = Path("policies/default.yaml").read_text(encoding="utf-8")
    odd = "a: é“x”\nb: |\n  é\n  line\nc: >-\n  fold\n\n  é x\nd: 'it''s'\ne: \"q\\\"é\"  # c\nf: plain \n"
    by_libyaml = [document.parse(text, "x") for text in (pack, odd)]
    monkeypatch.setattr(document, "_Loader", yaml.SafeLoader)
    assert [document.parse(text, "x") for text in (pack, odd)] == by_libyaml


def test_a_circle_of_packs_is_told_at_the_include(tmp_path: Path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        text = f"pack: {name}\nversion: '1'\ntitle: t\ninclude: [{other}]\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"one\.yaml → two\.yaml → one\.yaml") as caught:
        load_pack(tmp_path / "one.yaml")
    assert caught.value.where == "two.yaml:4:11"


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [(b"pack: mine\ntitle: \xff\n", 2, 8), (b"pack: mine\ntitle: 'a\x00b'\n", 2, 10)],
    ids=["no UTF-8", "a control character"],
)
def test_a_character_that_is_not_accepted_has_its_place(
    tmp_path: Path, content: bytes, line: int, column: int
) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(content)
    with pytest.raises(PolicyError) as caught:
        load_pack(path)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_device_without_an_end_is_refused() -> None:
    with pytest.raises(PlanError, match="not a regular file"):
        load_plan(Path("/dev/zero"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- &a {teachers: [*a]}\n", "nested too deep"),
        (LAUGHS, "holds too much"),
        ("- &a {teachers: [x]}\n- {<<: *a}\n", "merge key"),
    ],
    ids=["a circle", "a billion laughs", "a merge"],
)
def test_aliases_in_cases_stay_bounded(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=words):
        load_cases(path)


def test_cases_that_a_program_wrote_may_share_parts(tmp_path: Path) -> None:
    shared = {"name": "Qwen/Qwen3-8B", "terms": "Apache-2.0"}
    path = tmp_path / "cases.yaml"
    path.write_text(yaml.safe_dump([{"student_base": shared}, {"student_base": shared}]), encoding="utf-8")
    assert "*" in path.read_text(encoding="utf-8")
    assert load_cases(path) == [{"student_base": shared}] * 2


@pytest.mark.parametrize(
    ("scalar", "reason"),
    [
        ("0x" + "f" * 4000, "more than 40 signs"),
        ("9" * 5000, "more than 40 signs"),
        ("1" + ":1" * 20_000, "base 60"),
        ("12:30", "base 60"),
        ("1:30.5", "base 60"),
    ],
)
def test_endless_and_base_60_numbers_are_refused_with_their_place(scalar: str, reason: str) -> None:
    with pytest.raises(PlanError, match=reason) as caught:
        document.parse(f"a: 1\nb: {scalar}\n", "plan.yaml", PlanError)
    assert caught.value.where == "plan.yaml:2:4"


def test_numbers_that_people_write_are_read() -> None:
    read = document.parse("a: 700000000\nb: 0x1f\nc: -1500.0\nd: '12:30'\n", "plan.yaml").data
    assert read == {"a": 700000000, "b": 31, "c": -1500.0, "d": "12:30"}
