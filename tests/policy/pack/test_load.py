from __future__ import annotations

from pathlib import Path

import pytest

from auditor.bundled import bundled
from auditor.domain.waiver import WaiverMode
from auditor.errors import PolicyError
from auditor.knowledge.catalog import Knowledge
from auditor.policy.pack.load import list_packs, load_pack
from auditor.policy.testing.lint import Flaw, lint_pack
from auditor.policy.testing.rule_tests import load_tables, mutate, run_tables, tables_of

NAMES = [path.stem for path in sorted(bundled("policies").glob("*.yaml"))]
RULE = """
- id: {id}
  title: t
  applies_to: plan
  layer: provenance
  when: 'plan.given'
  outcome: review
  message: m
  references: [{{ref: engine-rule}}]
  owner: o
"""


def write(folder: Path, name: str, body: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(body)
    return path


def pack(rules: str, head: str = "") -> str:
    return f"pack: p\nversion: '1'\ntitle: t\n{head}rules:\n{rules.strip()}\n"


def test_the_seven_packs_are_shipped() -> None:
    assert {file.name for file in list_packs()} == {
        "default",
        "open-weights-release",
        "research-only",
        "internal-commercial",
        "commercial-api",
        "fair-use-review",
        "eu-placement",
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_is_tested_and_its_mutants_are_noticed(name: str, knowledge: Knowledge) -> None:
    loaded = load_pack(name)
    table = tables_of(loaded)
    report = run_tables(loaded, table, knowledge)
    assert (report.failures, report.untested) == ([], [])
    assert report.passed
    assert mutate(loaded, table, only=name).score >= 0.9


@pytest.mark.parametrize("name", ["default", "eu-placement"])
def test_shipped_packs_have_no_flaw(name: str) -> None:
    assert lint_pack(load_pack(name)) == ()


@pytest.mark.parametrize(
    ("body", "words", "line", "column"),
    [
        (pack(RULE.format(id="a") + RULE.format(id="a").lstrip()), "given twice", 14, 7),
        (pack(RULE.format(id="a").replace("owner:", "ownr:")), "unknown key `ownr`", 13, 3),
        (pack(RULE.format(id="a").replace("plan.given", "plan.givn")), "undeclared", 9, 14),
        (pack(RULE.format(id="a").replace("'plan.given'", "plan.given && plan.use")), "overload", 9, 20),
        (pack(RULE.format(id="a").replace("outcome: review", "outcome: reviews")), "none of allow", 10, 12),
        (pack(RULE.format(id="a").replace("message: m", "message: '{plan.x}'")), "no fact", 11, 13),
        (pack(RULE.format(id="a").replace("title: t", "title: t\n  title: u")), "given twice", 7, 3),
        (pack(RULE.format(id="a").replace("title: t", "title: &x t\n  fix: *x")), "alias", 7, 8),
        (pack(RULE.format(id="a"), "include: [nothing-there]\n"), "no such policy pack", 4, 11),
        (pack(RULE.format(id="A_b")), "no id", 5, 7),
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


def test_an_untested_rule_and_a_wrong_table_fail(tmp_path: Path, knowledge: Knowledge) -> None:
    path = write(tmp_path, "p", pack(RULE.format(id="a") + RULE.format(id="b").lstrip()))
    (tmp_path / "tests").mkdir()
    write(
        tmp_path / "tests",
        "p",
        "pack: p\nrules:\n- {rule: a, outcome: deny, speaks: [{plan.given: false}, {plan.x: 1}]}\n"
        "- {rule: z, outcome: deny}\ncases:\n"
        "- {name: c, input: 3, outcome: allow, rules: [q], obligations: [o]}\n",
    )
    loaded = load_pack(path)
    report = run_tables(loaded, tables_of(loaded), knowledge)
    assert report.untested == ["b"]
    assert len(report.failures) == 7
    assert not report.passed
    assert mutate(loaded, tables_of(loaded)).survivors


@pytest.mark.parametrize("body", ["[]", "rules: [3]", "rules: [{rule: a, outcome: perhaps}]", "what: 1"])
def test_broken_tables_are_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(PolicyError):
        load_tables([write(tmp_path, "t", body)])


@pytest.mark.parametrize(
    ("first", "second", "outcomes", "flaw"),
    [
        ("plan.given && plan.has_base", "plan.has_base && plan.given", ("deny", "allow"), "contradictory"),
        (
            "!(plan.given || plan.has_base)",
            "!plan.has_base && !plan.given",
            ("deny", "allow"),
            "contradictory",
        ),
        ("plan.given", "plan.has_base && plan.given", ("deny", "deny"), "overlapping"),
        ("plan.given", "plan.has_base && plan.given", ("deny", "allow"), None),
        ("plan.given", "plan.has_base", ("deny", "deny"), None),
        ("plan.given", "plan.given && !plan.given", ("deny", "deny"), "unreachable"),
    ],
)
def test_lint_compares_what_conditions_mean(
    tmp_path: Path, first: str, second: str, outcomes: tuple[str, str], flaw: str | None
) -> None:
    rules = "".join(
        RULE.format(id=id).lstrip().replace("plan.given", when).replace("review", outcome)
        for id, when, outcome in zip("ab", (first, second), outcomes, strict=True)
    )
    found = {str(one.flaw) for one in lint_pack(load_pack(write(tmp_path, "p", pack(rules))))}
    assert found - {"uncovered"} == ({flaw} if flaw else set())


def test_lint_names_each_kind_of_flaw(tmp_path: Path) -> None:
    rules = (
        RULE.format(id="never").replace("plan.given", "plan.given && !plan.given")
        + RULE.format(id="one").lstrip()
        + RULE.format(id="same").lstrip()
        + RULE.format(id="opposite").lstrip().replace("outcome: review", "outcome: allow")
        + RULE.format(id="fails").lstrip().replace("plan.given", 'plan.missing[7] == "x"')
    )
    flaws = {flaw.flaw for flaw in lint_pack(load_pack(write(tmp_path, "p", pack(rules))))}
    assert flaws == set(Flaw)


def test_a_gap_in_coverage_is_found(tmp_path: Path) -> None:
    body = pack(RULE.format(id="a"), "include: [default]\ndisable: {outputs-allowed: testing}\n")
    flaws = lint_pack(load_pack(write(tmp_path, "p", body)))
    assert [flaw.flaw for flaw in flaws] == [Flaw.UNCOVERED]
    assert "terms.outputs allowed" in flaws[0].message


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
