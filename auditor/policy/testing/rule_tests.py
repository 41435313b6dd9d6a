"""Tables beside a pack: facts at which each rule speaks or keeps silent, and whole cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from auditor.domain.outcome import Outcome
from auditor.domain.rule import Rule
from auditor.domain.tribool import Tribool
from auditor.errors import PolicyError
from auditor.knowledge.catalog import Knowledge
from auditor.policy.pack.cel import CompileFault
from auditor.policy.pack.load import CompiledPack, CompiledRule, environment
from auditor.policy.pack.older_words import current_word
from auditor.policy.pack.variables import variables_of
from auditor.policy.testing.cases import evaluate
from auditor.policy.testing.fact_space import Point, fires
from auditor.policy.testing.mutants import Mutant, mutants_of
from auditor.strict_yaml import Document, fault, read

CASE_DAY = date(2026, 11, 24)
"""Cases are judged as of this day, so that tables mean the same tomorrow."""


@dataclass(frozen=True, slots=True)
class RuleTable:
    """What is expected of one rule."""

    rule: str
    outcome: Outcome
    fires: tuple[Point, ...]
    silent: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """All that is expected of a pack."""

    rules: Mapping[str, RuleTable]
    cases: tuple[Mapping[str, Any], ...] = ()
    document: Document | None = None


@dataclass(slots=True)
class TestReport:
    """What came of it."""

    __test__ = False

    checked: int = 0
    failures: list[str] = field(default_factory=list)
    untested: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Tell whether all held and every rule is tested."""
        return not self.failures and not self.untested and self.checked > 0


@dataclass(slots=True)
class MutationReport:
    """How many mutants the tables notice."""

    killed: int = 0
    survivors: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        """Return the share of mutants that the tables notice."""
        total = self.killed + len(self.survivors)
        return self.killed / total if total else 0.0


def table_path(pack_file: Path) -> Path:
    """Return where the table of a pack lies: `tests/` beside it, under the same name."""
    return pack_file.parent / "tests" / pack_file.name


def load_tables(paths: Iterable[Path]) -> Table:
    """Read and join tables.

    Raises:
        PolicyError: off the schema; with line and column.
    """
    rules: dict[str, RuleTable] = {}
    cases: list[Mapping[str, Any]] = []
    document = None
    for path in paths:
        document = read(path)
        data = document.data
        if not isinstance(data, dict) or set(data) - {"pack", "rules", "cases"}:
            raise fault(
                PolicyError, "a table has the keys pack, rules, cases", document.where, document.mark()
            )
        for at, item in enumerate(data.get("rules") or []):
            table = _rule_table(item, document, at)
            rules[table.rule] = table
        cases.extend(data.get("cases") or [])
    return Table(rules, tuple(cases), document)


def tables_of(pack: CompiledPack) -> Table:
    """Load the tables of a pack and of all that it includes; a missing file is an empty table.

    Cases of an included pack are about that pack alone and are left out.
    """
    paths = [path for path in (table_path(one) for one in pack.paths) if path.is_file()]
    joined = load_tables(paths)
    own = [path for path in paths if pack.paths and path == table_path(pack.paths[-1])]
    return Table(joined.rules, load_tables(own).cases, joined.document)


def _rule_table(item: Any, document: Document, at: int) -> RuleTable:
    if (
        not isinstance(item, dict)
        or set(item) - {"rule", "outcome", "speaks", "silent"}
        or "rule" not in item
    ):
        mark = document.mark("rules", at)
        raise fault(PolicyError, "an entry has the keys rule, outcome, speaks, silent", document.where, mark)
    try:
        outcome = Outcome(str(item.get("outcome")))
    except ValueError as error:
        mark = document.mark("rules", at, "outcome")
        raise fault(
            PolicyError, f"`{item.get('outcome')}` is not an outcome", document.where, mark
        ) from error
    speaks, silent = (tuple(map(_point, item.get(key) or ())) for key in ("speaks", "silent"))
    return RuleTable(item["rule"], outcome, speaks, silent)


def _point(facts: Point) -> Point:
    return {current_word(name): value for name, value in facts.items()}


def run_tables(pack: CompiledPack, knowledge: Knowledge, table: Table) -> TestReport:
    """Check every rule of a pack against its table, and every case against the pack."""
    report = TestReport()
    rules = {compiled.rule.id: compiled for compiled in pack.rules}
    for id in sorted(table.rules.keys() - rules.keys()):
        report.failures.append(f"{id}: the pack has no such rule")
    for id, compiled in rules.items():
        expected = table.rules.get(id)
        if expected is None or not expected.fires:
            report.untested.append(id)
            continue
        report.checked += 1
        report.failures += [f"{id}: {problem}" for problem in _problems(compiled, expected)]
    for case in table.cases:
        report.checked += 1
        report.failures += _case_problems(case, pack, knowledge)
    return report


def _problems(compiled: CompiledRule, expected: RuleTable) -> list[str]:
    rule = compiled.rule
    problems = []
    if rule.outcome is not expected.outcome:
        problems.append(f"outcome {rule.outcome}, the table says {expected.outcome}")
    known = {variable.name for variable in variables_of(rule.applies_to, rule.for_each)}
    for assignments, wanted in ((expected.fires, Tribool.YES), (expected.silent, Tribool.NO)):
        for point in assignments:
            if set(point) - known:
                problems.append(f"not a fact of the rule: {', '.join(sorted(set(point) - known))}")
            elif fires(compiled, point) is not wanted:
                problems.append(f"{'silent' if wanted is Tribool.YES else 'speaks'} at {point}")
    return problems


def _case_problems(case: Mapping[str, Any], pack: CompiledPack, knowledge: Knowledge) -> list[str]:
    name = str(case.get("name", "case"))
    answer = evaluate(case.get("input"), pack, knowledge, CASE_DAY)
    problems = []
    if answer["outcome"] != case.get("outcome"):
        problems.append(f"{name}: {answer['outcome']}, the table says {case.get('outcome')}")
    spoke = {reason["rule"] for reason in answer["reasons"]}
    problems += [f"{name}: {rule} did not speak" for rule in case.get("rules", []) if rule not in spoke]
    duties = sorted(duty["id"] for duty in answer["obligations"])
    if "obligations" in case and duties != sorted(case["obligations"]):
        problems.append(f"{name}: obligations {duties}")
    return problems


def mutate(pack: CompiledPack, table: Table, only: str | None = None) -> MutationReport:
    """Count the mutants of every rule that its table notices; what does not compile does not count.

    `only` names the pack whose own rules are changed; all in force by default.
    """
    report = MutationReport()
    for compiled in pack.rules:
        if only is not None and compiled.rule.pack != only:
            continue
        expected = table.rules.get(compiled.rule.id)
        for mutant in mutants_of(compiled.rule):
            changed = _compiled(mutant)
            if changed is None:
                continue
            if expected is not None and _problems(changed, expected):
                report.killed += 1
            else:
                report.survivors.append(f"{compiled.rule.id}: {mutant.change}")
    return report


def _compiled(mutant: Mutant) -> CompiledRule | None:
    rule: Rule = mutant.rule
    compiler = environment(rule.applies_to, rule.for_each)
    try:
        return CompiledRule(rule, tuple(compiler.compile(name, source) for name, source in rule.when))
    except CompileFault:
        return None
