"""Places of faults, as an editor counts them, however the YAML is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from auditor.errors import PolicyError
from auditor.policy import document
from auditor.policy.packs import load_pack

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
