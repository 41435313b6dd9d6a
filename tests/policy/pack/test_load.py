from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.waiver import WaiverMode
from auditor.errors import PolicyError
from auditor.policy.pack.load import load_pack
from tests.policy.packs import RULE, pack, write


@pytest.mark.parametrize(
    ("body", "words", "line", "column"),
    [
        (pack(RULE.format(id="a") + RULE.format(id="a").lstrip()), "given twice", 14, 7),
        (pack(RULE.format(id="a").replace("owner:", "ownr:")), "unknown key `ownr`", 13, 3),
        (pack(RULE.format(id="a").replace("plan.given", "plan.givn")), "undeclared", 9, 14),
        (pack(RULE.format(id="a").replace("'plan.given'", "plan.given && plan.use")), "overload", 9, 20),
        (
            pack(RULE.format(id="a").replace("outcome: review", "outcome: reviews")),
            "not one of allow",
            10,
            12,
        ),
        (pack(RULE.format(id="a").replace("message: m", "message: '{plan.x}'")), "not a fact", 11, 13),
        (pack(RULE.format(id="a").replace("title: t", "title: t\n  title: u")), "given twice", 7, 3),
        (pack(RULE.format(id="a").replace("title: t", "title: &x t\n  fix: *x")), "alias", 7, 8),
        (pack(RULE.format(id="a"), "include: [nothing-there]\n"), "no such policy pack", 4, 11),
        (pack(RULE.format(id="A_b")), "not an id", 5, 7),
        ("pack: [", "no valid YAML", 1, 8),
        ("pack: !!python/object:os.system x", "tag", 1, 7),
    ],
)
def test_faults_are_refused_with_line_and_column(
    tmp_path: Path, body: str, words: str, line: int, column: int
) -> None:
    with pytest.raises(PolicyError) as caught:
        load_pack(write(tmp_path, "p", body))
    assert words in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "a: " + "[" * 60,
        "x: 1\n" * 2,
        pack("[]"),
        "pack: p\nversion: '1'\ntitle: t\nrules: 3",
        pack(RULE.format(id="a"), "waivers: sometimes\n"),
        pack(RULE.format(id="a"), "disable: {a: ''}\n"),
        pack(RULE.format(id="a"), "disable: {b: because}\n"),
        pack(RULE.format(id="a").replace("references: [{ref: engine-rule}]", "fix: f")),
        pack(RULE.format(id="a").replace("references: [{ref: engine-rule}]", "references: 3")),
        pack(RULE.format(id="a").replace("references: [{ref: engine-rule}]", "references: [3]")),
        pack(RULE.format(id="a").replace("when: 'plan.given'", "when: {}")),
        pack(RULE.format(id="a").replace("when: 'plan.given'", "when: {a: 3}")),
        pack(RULE.format(id="a").replace("applies_to: plan", "applies_to: dataset\n  for_each: terms")),
        pack(RULE.format(id="a").replace("title: t", "title: [t]")),
        pack(RULE.format(id="a").replace("title: t", f"title: {'t' * 700}")),
        pack(RULE.format(id="a").replace("owner: o", "override: maybe")),
        pack(RULE.format(id="a").replace("owner: o", "owner: o\n  override: true")),
        pack(RULE.format(id="a").replace("owner: o", "obligations: x")),
        pack(RULE.format(id="a").replace("  owner: o\n", "")),
        "# " + "x" * (1 << 20) + "\npack: p",
    ],
)
def test_broken_packs_are_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(PolicyError):
        load_pack(write(tmp_path, "p", body))


def test_missing_and_odd_paths_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path, "no-such-pack"):
        with pytest.raises(PolicyError):
            load_pack(path)
    bad = tmp_path / "p.yaml"
    bad.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match="UTF-8"):
        load_pack(bad)


def test_packs_include_override_and_disable(tmp_path: Path) -> None:
    body = pack(
        RULE.format(id="plan-incomplete").replace("owner: o", "owner: o\n  override: true"),
        "include: [default]\nwaivers: none\ndisable: {rows-none: the reader refuses empty sets}\n",
    )
    loaded = load_pack(write(tmp_path, "p", body))
    rules = {item.rule.id: item.rule for item in loaded.rules}
    assert rules["plan-incomplete"].pack == "p"
    assert rules["base-unknown"].pack == "default"
    assert "rows-none" not in rules
    assert dict(loaded.pack.disabled) == {"rows-none": "the reader refuses empty sets"}
    assert loaded.pack.waivers is WaiverMode.NONE
    assert loaded.digest != load_pack("default").digest


def test_packs_that_include_each_other_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "q", pack(RULE.format(id="b"), "include: [p]\n"))
    with pytest.raises(PolicyError, match="circle"):
        load_pack(write(tmp_path, "p", pack(RULE.format(id="a"), "include: [q]\n")))


def test_an_included_rule_is_not_replaced_by_accident(tmp_path: Path) -> None:
    body = pack(RULE.format(id="plan-incomplete"), "include: [default]\n")
    with pytest.raises(PolicyError, match="already included"):
        load_pack(write(tmp_path, "p", body))


def test_an_edited_pack_is_read_anew(tmp_path: Path) -> None:
    rule = (
        "{id: ID, title: t, applies_to: plan, layer: provenance, when: plan.given, outcome: review, "
        "message: m, references: [{ref: engine-rule}], owner: o}"
    )
    path = tmp_path / "ours.yaml"
    loaded = []
    for name in ("one", "two"):
        path.write_text(f"pack: p\nversion: '1'\ntitle: t\nrules: [{rule.replace('ID', name)}]\n")
        loaded.append(load_pack(path))
    assert [[one.rule.id for one in each.rules] for each in loaded] == [["one"], ["two"]]
    assert loaded[0].digest != loaded[1].digest
