"""Packs, found by name or path, with includes and overrides, compiled and ready to judge."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from auditor import plugins
from auditor.bundled import bundled
from auditor.domain.pack_changes import PackChanges
from auditor.domain.permit_terms import PermitTerms
from auditor.domain.rule import AppliesTo, ForEach, Pack, Rule
from auditor.domain.tribool import Tribool
from auditor.errors import PolicyError
from auditor.ids import Digest, digest_of
from auditor.policy.pack.approvers import waiver_rules
from auditor.policy.pack.cel import CompileFault, Condition, Conditions
from auditor.policy.pack.changes import changes_of
from auditor.policy.pack.kept_answers import KeptAnswers
from auditor.policy.pack.older_words import current_rule, current_word, first_rule
from auditor.policy.pack.schema import PackFile, read_pack_file
from auditor.policy.pack.variables import EXTRAS, variables_of
from auditor.strict_yaml import fault, parse, read_text

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""A fact that a message, fix or question names."""
_MAX_INCLUDES = 16
_MOST_FILES, _MOST_CONDITIONS = 32, 4096
"""So much is kept of what was read and compiled; it goes by content, so that no edit is missed."""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its conditions ready to evaluate."""

    rule: Rule
    """In the words of today, whatever it is written in."""
    conditions: tuple[Condition, ...]

    def answer(self, facts: Any) -> Tribool:
        """Tell whether the rule speaks; unknown where a condition is at fault and none before it fails.

        Args:
            facts: bound by the environment of the rule's scope.
        """
        for condition in self.conditions:
            answer = condition.holds(facts)
            if answer is not Tribool.YES:
                return answer
        return Tribool.YES


@dataclass(frozen=True, slots=True)
class CompiledPack:
    """A pack that can judge."""

    pack: Pack
    rules: tuple[CompiledRule, ...]
    digest: Digest
    paths: tuple[Path, ...] = ()
    """The files it was read from, included ones first."""
    changes: PackChanges = field(default_factory=PackChanges)
    _by_scope: Mapping[tuple[AppliesTo, ForEach], tuple[CompiledRule, ...]] = field(
        default_factory=dict, repr=False
    )
    # Not `init`: a pack made of this one with other rules keeps nothing of it.
    _kept: dict[tuple[AppliesTo, ForEach], KeptAnswers[CompiledRule]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def name(self) -> str:
        """Return the pack's name."""
        return self.pack.name

    @property
    def version(self) -> str:
        """Return the pack's version."""
        return self.pack.version

    def scope(self, applies_to: AppliesTo, for_each: ForEach = ForEach.WHOLE) -> tuple[CompiledRule, ...]:
        """Return the rules of one scope, in the pack's order."""
        return self._by_scope.get((applies_to, for_each), ())

    def answers(
        self, applies_to: AppliesTo, for_each: ForEach, facts: Mapping[str, Any]
    ) -> tuple[tuple[CompiledRule, Tribool], ...]:
        """Return the rules of one scope that speak of these facts or are at fault, in the pack's order."""
        scope = (applies_to, for_each)
        if scope not in self._kept:
            self._kept[scope] = KeptAnswers(self.scope(*scope), environment(*scope))
        return self._kept[scope].of(facts)


def list_packs(folder: Path | None = None) -> tuple[PackFile, ...]:
    """Read the head of every pack in `folder`; by default of the shipped ones and those that packages add."""
    files = sorted((folder or bundled("policies")).glob("*.yaml"))
    if folder is None:
        names = plugins.added(plugins.Family.POLICY_PACKS).keys() - {path.stem for path in files}
        files += [path for path in map(_added, sorted(names)) if path]
    return tuple(_read(path) for path in files)


def pack_names() -> tuple[str, ...]:
    """Return the packs that go by name: the shipped ones, then those that packages add."""
    shipped = sorted(path.stem for path in bundled("policies").glob("*.yaml"))
    return tuple(dict.fromkeys((*shipped, *plugins.added(plugins.Family.POLICY_PACKS))))


def load_pack(name_or_path: str | Path) -> CompiledPack:
    """Load a shipped pack by name, or a pack file by path.

    Raises:
        PolicyError: unknown, unreadable, off the schema, ill-typed, or without a rule; line and column are
            those of the file.
    """
    path = _locate(str(name_or_path))
    files: list[PackFile] = []
    rules, disabled = _gather(path, files, ())
    head = files[-1]
    if not rules:
        fix = "give `rules`, or `include: [default]`"
        where = head.document.where
        raise PolicyError("the pack holds no rule: nothing would be judged", where=where, fix=fix)
    pack = Pack(
        name=head.name,
        version=head.version,
        title=head.title,
        rules=tuple(rules.values()),
        **waiver_rules(files),
        files=tuple(file.document.where for file in files),
        disabled=disabled,
        permit=PermitTerms.strictest(file.permit for file in files),
    )
    compiled = compile_pack(pack, files)
    return replace(compiled, paths=tuple(file.path for file in files), changes=changes_of(files, _shipped))


def _shipped(name: str) -> PackFile:
    files: list[PackFile] = []
    _gather(bundled("policies") / f"{name}.yaml", files, ())
    return files[-1]


def compile_pack(pack: Pack, files: list[PackFile] | None = None) -> CompiledPack:
    """Compile every rule of `pack`; `files` give the places for messages."""
    compiled = tuple(_compile(rule, files or []) for rule in pack.rules)
    scopes: dict[tuple[AppliesTo, ForEach], list[CompiledRule]] = {}
    for item in compiled:
        scopes.setdefault((item.rule.applies_to, item.rule.for_each), []).append(item)
    by_scope = {key: tuple(value) for key, value in scopes.items()}
    return CompiledPack(pack, compiled, _digest(pack), _by_scope=by_scope)


def _locate(name_or_path: str) -> Path:
    if re.fullmatch(r"[a-z0-9][a-z0-9-]*", name_or_path):
        path = bundled("policies") / f"{name_or_path}.yaml"
        if path.is_file():
            return path
        if added := _added(name_or_path):
            return added
    path = Path(name_or_path)
    if path.is_dir():
        raise PolicyError("a folder is not a pack", where=name_or_path, fix="name the YAML file")
    if not path.is_file():
        fix = f"give a file, or one of: {', '.join(pack_names())}"
        raise PolicyError("no such policy pack", where=name_or_path, fix=fix)
    return path


def _added(name: str) -> Path | None:
    """Return the file of a pack that another package adds: `<name>.yaml` in the folder it names.

    Raises:
        EnvironmentFault: the package or its file is not there, or the file is of a pack of another name.
    """
    point = plugins.added(plugins.Family.POLICY_PACKS).get(name)
    if point is None:
        return None
    path = plugins.folder(point) / f"{name}.yaml"
    if not path.is_file():
        raise plugins.broken(point, f"cannot be found: there is no {path}")
    if (held := _read(path).name) != name:
        raise plugins.broken(point, f"holds the pack `{held}`")
    return path


def _read(path: Path) -> PackFile:
    return _checked(read_text(path, path.name), path.name)


@lru_cache(_MOST_FILES)
def _checked(text: str, where: str) -> PackFile:
    return read_pack_file(parse(text, where))


def _gather(
    path: Path, files: list[PackFile], chain: tuple[Path, ...]
) -> tuple[dict[str, Rule], dict[str, str]]:
    resolved = path.resolve()
    if len(chain) >= _MAX_INCLUDES or len(files) >= _MAX_INCLUDES:
        raise PolicyError(f"more than {_MAX_INCLUDES} packs are included", where=str(path))
    file = replace(_read(path), path=resolved)
    rules: dict[str, Rule] = {}
    disabled: dict[str, str] = {}
    for at, name in enumerate(file.include):
        beside = path.parent / f"{name}.yaml"
        try:
            below = beside if beside.is_file() else _locate(name)
            if below.resolve() in (*chain, resolved):
                circle = " → ".join(one.name for one in (*chain, resolved, below))
                raise PolicyError(f"packs include each other in a circle: {circle}", where=name)
            included, off = _gather(below, files, (*chain, resolved))
        except PolicyError as error:
            if error.where == name:
                raise _at(file, error.message, "include", at, fix=error.fix) from error
            raise
        rules.update(included)
        disabled.update(off)
    for at, rule in enumerate(file.rules):
        if rule.id in rules and rule.id not in file.overrides:
            fix = "to replace it, give the rule `override: true`; else give it another id"
            raise _at(file, f"the rule `{rule.id}` is already included", "rules", at, "id", fix=fix)
        if rule.id not in rules and rule.id in file.overrides:
            fix = "include the pack that has the rule, or leave `override` out"
            raise _at(file, f"`{rule.id}` overrides no included rule", "rules", at, "id", fix=fix)
        rules[rule.id] = replace(rule, pack=file.name)
    for rule_id, reason in file.disable.items():
        if rules.pop(rule_id, None) is None:
            fix = "see `auditor policy show` for the rules of the packs that are included"
            raise _at(file, f"`{rule_id}` is not a rule here", "disable", rule_id, fix=fix)
        disabled[rule_id] = reason
    files.append(replace(file, called=path.stem, gathered=dict(rules)))
    return rules, disabled


def _at(file: PackFile, message: str, *place: str | int, fix: str | None = None) -> PolicyError:
    error = fault(PolicyError, message, file.document.where, file.document.mark(*place), fix)
    assert isinstance(error, PolicyError)
    return error


@cache
def _conditions(applies_to: AppliesTo, for_each: ForEach) -> Conditions:
    return Conditions(variables_of(applies_to, for_each))


def environment(applies_to: AppliesTo, for_each: ForEach) -> Conditions:
    """Return the compiler (and binder) of one scope."""
    return _conditions(applies_to, for_each)


@lru_cache(_MOST_CONDITIONS)
def _condition(applies_to: AppliesTo, for_each: ForEach, name: str, source: str) -> Condition:
    return _conditions(applies_to, for_each).compile(name, source)


def _compile(rule: Rule, files: list[PackFile]) -> CompiledRule:
    conditions = []
    for name, source in rule.when:
        try:
            conditions.append(_condition(rule.applies_to, rule.for_each, name, source))
        except CompileFault as problem:
            raise _placed(rule, name, problem, files) from problem
    known = {v.name for v in variables_of(rule.applies_to, rule.for_each)} | EXTRAS
    for key, text in (("message", rule.message), ("fix", rule.fix), ("question", rule.question)):
        for match in PLACEHOLDER.finditer(text):
            if current_word(match.group(1)) not in known:
                rows = text[: match.start()].split("\n")
                fault_ = CompileFault(
                    f"`{{{match.group(1)}}}` is not a fact of this rule", len(rows), len(rows[-1]) + 1
                )
                raise _placed(rule, key, fault_, files)
    return CompiledRule(current_rule(rule), tuple(conditions))


def _placed(rule: Rule, key: str, problem: CompileFault, files: list[PackFile]) -> PolicyError:
    for file in reversed(files):
        if file.name != rule.pack:
            continue
        at = next(n for n, other in enumerate(file.rules) if other.id == rule.id)
        is_text = key in ("message", "fix", "question")
        named = ("rules", at, key) if is_text else ("rules", at, "when", key)
        mark = file.document.marks.get(named) or file.document.mark("rules", at, "when")
        value = getattr(rule, key) if is_text else dict(rule.when)[key]
        if mark is not None:
            mark = mark.within(value, problem.line, problem.column)
        message = f"rule `{rule.id}`: {problem.message}"
        error = fault(PolicyError, message, file.document.where, mark)
        assert isinstance(error, PolicyError)
        return error
    return PolicyError(f"rule `{rule.id}`: {problem.message}", line=problem.line, column=problem.column)


@lru_cache(_MOST_CONDITIONS)
def _body(rule: Rule) -> dict[str, Any]:
    """Return what a pack's digest holds of a rule; not to be changed."""
    return asdict(first_rule(rule))


def _digest(pack: Pack) -> Digest:
    """Return the digest of the rules in force.

    It is not over canonical JSON: permits, reports and ledgers name a pack by this digest without a version,
    and null members, which that form drops, are part of it. For the same reason it is over the words as they
    were first called.
    """
    body: dict[str, object] = {
        "name": pack.name,
        "version": pack.version,
        "waivers": pack.waivers,
        "approvers": [(one.name, one.key) for one in pack.approvers],
        "threshold": pack.threshold,
        "rules": sorted(map(_body, pack.rules), key=lambda rule: str(rule["id"])),
    }
    if pack.permit != PermitTerms():
        body["permit"] = asdict(pack.permit)
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return digest_of(text.encode())
