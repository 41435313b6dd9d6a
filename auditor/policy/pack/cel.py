"""Conditions in CEL: typed, bounded, and closed when they fail.

The runtime gives an evaluation error back as an ordinary, truthy value. `Condition.holds` therefore looks at
the type of what comes back and never at its truth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from cel_expr_python import cel

from auditor.domain.tribool import Tribool
from auditor.policy.pack.older_words import column_as_written, current_words
from auditor.policy.pack.variables import FactType, Variable

MAX_LENGTH = 1_000
MAX_DEPTH = 24
_FORBIDDEN = re.compile(r"\b(matches|map|filter|exists_one|dyn)\b")
_LOOPS = re.compile(r"\.(exists|all)\s*\(")
_POSITION = re.compile(r"<input>:(\d+):(\d+): (.*)")
_COMPARED = re.compile(r"([a-z][a-z_.]*)\s*(?:==|!=)\s*\"([^\"]*)\"")
_LISTED = re.compile(r"([a-z][a-z_.]*)\s+in\s+\[([^\]]*)\]")
_CONTAINED = re.compile(r"\"([^\"]*)\"\s+in\s+([a-z][a-z_.]*)")
_TYPES = {
    FactType.TEXT: cel.Type.STRING,
    FactType.TRUTH: cel.Type.BOOL,
    FactType.NUMBER: cel.Type.DOUBLE,
    FactType.COUNT: cel.Type.INT,
    FactType.TEXTS: cel.Type.List(cel.Type.STRING),
}


@dataclass(frozen=True, slots=True)
class CompileFault(Exception):
    """A condition that does not compile; line and column are 1-based within the expression."""

    message: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Condition:
    """One compiled expression."""

    name: str
    source: str
    """As it is compiled: old words are replaced."""
    _expression: Any

    def holds(self, activation: Any) -> Tribool:
        """Evaluate; what is not a plain CEL bool is a fault, and unknown."""
        value = self._expression.eval(activation)
        if value.type().name() != "BOOL":
            return Tribool.UNKNOWN
        return Tribool.YES if value.value() is True else Tribool.NO


class Conditions:
    """Compiles conditions over one set of declared variables and binds facts to them."""

    def __init__(self, variables: tuple[Variable, ...]) -> None:
        self._variables = {variable.name: variable for variable in variables}
        self._environment = cel.NewEnv(variables={v.name: _TYPES[v.type] for v in variables})

    @property
    def names(self) -> Set[str]:
        """Return the names of the declared variables."""
        return self._variables.keys()

    def compile(self, name: str, source: str) -> Condition:
        """Compile one expression.

        Raises:
            CompileFault: over a bound, ill-typed, naming a variable that is not declared, comparing a closed
                set with a word outside it, or of another type than bool.
        """
        _check_bounds(source)
        read = current_words(source)
        try:
            return Condition(name, read, self._compiled(read))
        except CompileFault as fault:
            raise replace(fault, column=column_as_written(source, fault.line, fault.column)) from fault

    def _compiled(self, source: str) -> Any:
        try:
            expression = self._environment.compile(source)
        except RuntimeError as error:
            raise _fault(str(error)) from error
        if expression.return_type().name() != "BOOL":
            raise CompileFault(f"the condition is of type {expression.return_type().name()}, it must be bool")
        self._check_words(source)
        return expression

    def bind(self, facts: Mapping[str, Any]) -> Any:
        """Bind facts once for many evaluations; every declared variable must be given."""
        missing = self._variables.keys() - facts.keys()
        if missing:
            raise KeyError(f"facts without a value: {sorted(missing)}")
        return self.bind_some({name: facts[name] for name in self._variables})

    def bind_some(self, facts: Mapping[str, Any]) -> Any:
        """Bind declared variables; a condition that hangs on one left out is at fault."""
        return self._environment.Activation(facts)

    def _check_words(self, source: str) -> None:
        for match in _COMPARED.finditer(source):
            self._check_word(source, match.group(1), match.group(2), match.start(2))
        for match in _LISTED.finditer(source):
            for word in re.finditer(r"\"([^\"]*)\"", match.group(2)):
                self._check_word(source, match.group(1), word.group(1), match.start(2) + word.start(1))
        for match in _CONTAINED.finditer(source):
            self._check_word(source, match.group(2), match.group(1), match.start(1))

    def _check_word(self, source: str, variable: str, word: str, at: int) -> None:
        known = self._variables.get(variable)
        if known is None or not known.words or word in known.words:
            return
        line = source.count("\n", 0, at) + 1
        column = at - source.rfind("\n", 0, at)
        raise CompileFault(
            f"`{variable}` is never `{word}`; it is one of {', '.join(known.words)}", line, column
        )


def _check_bounds(source: str) -> None:
    if len(source) > MAX_LENGTH:
        raise CompileFault(f"the condition is longer than {MAX_LENGTH:,} characters")
    forbidden = _FORBIDDEN.search(re.sub(r"\"[^\"]*\"", lambda m: " " * len(m.group()), source))
    if forbidden is not None:
        raise CompileFault(
            f"`{forbidden.group()}` is not offered: its cost has no bound here", 1, forbidden.start() + 1
        )
    if len(_LOOPS.findall(source)) > 1:
        raise CompileFault("at most one `exists` or `all` in a condition")
    depth = deepest = 0
    for sign in source:
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise CompileFault(f"parentheses are nested deeper than {MAX_DEPTH}")


def _fault(message: str) -> CompileFault:
    match = _POSITION.search(message)
    if match is None:
        return CompileFault(message.splitlines()[0])
    text = re.sub(r" \(in container ''\)", "", match.group(3))
    return CompileFault(text, int(match.group(1)), int(match.group(2)))
