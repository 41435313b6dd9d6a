"""YAML from people we do not trust: strict, bounded, and with the place of every value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from auditor.errors import AuditorError, PolicyError
from auditor.files import read_regular
from auditor.yaml_events import EventBuilder, UnusualError

MAX_BYTES = 1 << 20
MAX_DEPTH = 24
MAX_NODES = 50_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold: bytes, levels, values and keys."""

    size: int = MAX_BYTES
    depth: int = MAX_DEPTH
    nodes: int = MAX_NODES


PLAN = Limits()
"""For files that a person writes by hand."""

LONGEST_NUMBER = 40
"""A number of more signs is none that anybody meant; Python takes quadratic time for it."""
_SLOW = 1 << 16
"""Signs beyond which PyYAML's own parser, which takes three seconds a megabyte, is not asked."""
_TEXT = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_KINDS = ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in _KINDS)

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where it was compiled in: ten times as fast, the same events and places."""

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value starts: 1-based line and column, and how the scalar is written."""

    line: int
    column: int
    style: str | None = None
    raw: str = ""
    """A scalar as it is written, quotes and block header included."""

    def within(self, value: str, line: int, column: int) -> Mark:
        """Carry a place within the scalar's value (1-based line and column) over to the file.

        YAML folds, indents and escapes; what it keeps in order are the characters that are not blanks.
        """
        rows = value.split("\n")[:line]
        before = [*rows[:-1], rows[-1][: column - 1]] if len(rows) == line else rows
        wanted = sum(not sign.isspace() for part in before for sign in part)
        found = next((at for count, at in enumerate(self._signs()) if count == wanted), None)
        if found is None:
            return self
        head = self.raw[:found]
        breaks = head.count("\n")
        return Mark(self.line + breaks, found - head.rfind("\n") if breaks else self.column + found)

    def _signs(self) -> Iterator[int]:
        """Yield the places in `raw` of the value's characters that are not blanks."""
        at = self.raw.find("\n") + 1 if self.style in ("|", ">") else len(self.style or "")
        while at < len(self.raw):
            pair = self.raw[at : at + 2]
            if not pair[0].isspace():
                yield at
            doubled = (self.style == "'" and pair == "''") or (self.style == '"' and pair[0] == "\\")
            at += 2 if doubled else 1


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: plain values and the place of each by its path of keys."""

    data: Any
    where: str
    marks: Mapping[Place, Mark] = field(default_factory=dict)
    keys: Mapping[Place, Mark] = field(default_factory=dict)
    """Where each key stands, by the path of its value."""

    def key(self, *place: str | int) -> Mark | None:
        """Return the mark of a key; of its value where it has none."""
        return self.keys.get(place) or self.mark(*place)

    def mark(self, *place: str | int) -> Mark | None:
        """Return the mark of a value, or of the nearest parent that has one."""
        for size in range(len(place), -1, -1):
            mark = self.marks.get(place[:size])
            if mark is not None:
                return mark
        return None


class _Walker:
    def __init__(self, text: str, where: str, error: type[AuditorError], limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._where = where
        self._error = error
        self._nodes = 0
        self._loader = yaml.SafeLoader("")
        self.marks: dict[Place, Mark] = {}
        self.keys: dict[Place, Mark] = {}

    def value(self, node: yaml.Node, place: Place) -> Any:
        self._nodes += 1
        if self._nodes > self._limits.nodes or len(place) > self._limits.depth:
            raise fault(
                self._error, "the file is nested too deep or holds too much", self._where, _mark(node)
            )
        if node.tag not in _TAGS:
            raise fault(self._error, f"the tag `{node.tag}` is not accepted", self._where, _mark(node))
        self.marks[place] = _mark(node, self._text)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*place, at)) for at, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, child in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise fault(self._error, "a key must be plain text", self._where, _mark(key_node))
            key = str(key_node.value)
            if key_node.tag == _MERGE:
                raise fault(self._error, "a merge key (`<<`) is not accepted", self._where, _mark(key_node))
            if key in result:
                raise fault(self._error, f"the key `{key}` is given twice", self._where, _mark(key_node))
            self.keys[*place, key] = _mark(key_node)
            result[key] = self.value(child, (*place, key))
        return result

    def _scalar(self, node: yaml.Node) -> Any:
        if node.tag == _TEXT:
            return node.value
        if node.tag in _NUMBERS and (reason := number_fault(node.value)):
            raise fault(self._error, reason, self._where, _mark(node), "write it as text, in quotes")
        try:
            value = self._loader.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            raise fault(self._error, f"a value cannot be read: {error}", self._where, _mark(node)) from error
        return value.isoformat()[:10] if isinstance(value, date | datetime) else value


def _at_once(text: str, where: str, limits: Limits) -> Document | None:
    """Parse a plain document; None where it is not one, for whatever reason."""
    loader: Any = yaml.SafeLoader("")

    def scalar(written: str) -> Any:
        tag = loader.resolve(yaml.ScalarNode, written, (True, False))
        if tag == _TEXT:
            return written
        if tag not in _TAGS or (tag in _NUMBERS and number_fault(written)):
            raise UnusualError
        value = loader.construct_object(yaml.ScalarNode(tag, written))
        return value.isoformat()[:10] if isinstance(value, date | datetime) else value

    builder = EventBuilder(text, _Loader, limits.depth, limits.nodes, Mark, scalar)
    try:
        return Document(builder.document(), where, builder.marks, builder.keys)
    except (UnusualError, yaml.YAMLError, ValueError, OverflowError, RecursionError, StopIteration):
        return None


def parse(
    text: str,
    where: str,
    error: type[AuditorError] = PolicyError,
    aliases: bool = False,
    limits: Limits = PLAN,
    empty: bool = False,
) -> Document:
    """Parse one YAML document.

    Aliases are refused unless asked for (they are how a small file grows), so are duplicate keys, foreign
    tags, and anything that comes to more than the limits. Dates become ISO text. A file without a value is
    None where `empty` says that it may be.

    Raises:
        AuditorError: of the class `error`, with line and column in its place.
    """
    if len(text.encode("utf-8", "replace")) > limits.size:
        raise error(f"the file is larger than {limits.size:,} bytes", where=where)
    if (plain := _at_once(text, where, limits)) is not None:
        return plain
    try:
        try:
            node = _compose(text, where, error, _Loader, aliases, limits)
        except yaml.YAMLError:
            if len(text) > _SLOW:
                raise
            # It says better where the fault is.
            node = _compose(text, where, error, yaml.SafeLoader, aliases, limits)
    except yaml.MarkedYAMLError as problem:
        at = problem.problem_mark
        mark = Mark(at.line + 1, at.column + 1) if at is not None else None
        raise fault(error, f"no valid YAML: {problem.problem or problem}", where, mark) from problem
    except yaml.reader.ReaderError as problem:
        raise fault(
            error, "a character that is not accepted", where, _place_of(text[: problem.position])
        ) from problem
    except (yaml.YAMLError, RecursionError) as problem:
        raise error("no valid YAML", where=where) from problem
    if node is None and empty:
        return Document(None, where)
    if node is None:
        raise error("the file is empty", where=where)
    walker = _Walker(text, where, error, limits)
    return Document(walker.value(node, ()), where, walker.marks, walker.keys)


def _compose(
    text: str, where: str, error: type[AuditorError], loader: type[Any], aliases: bool, limits: Limits
) -> yaml.Node | None:
    depth = nodes = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > limits.depth:
            raise fault(error, "the file is nested too deep", where, _event_mark(event))
        if nodes > 2 * limits.nodes:
            raise fault(error, "the file holds too much", where, _event_mark(event))
        if isinstance(event, yaml.AliasEvent) and not aliases:
            raise fault(error, "an alias (`*name`) is not accepted", where, _event_mark(event))
    return yaml.compose(text, Loader=loader)


def read(
    path: Path,
    error: type[AuditorError] = PolicyError,
    name: str | None = None,
    aliases: bool = False,
    limits: Limits = PLAN,
    empty: bool = False,
) -> Document:
    """Parse the file at `path`; `name` is how messages call it (its path by default)."""
    where = name or str(path)
    return parse(read_text(path, where, error, limits), where, error, aliases, limits, empty)


def read_text(path: Path, where: str, error: type[AuditorError] = PolicyError, limits: Limits = PLAN) -> str:
    """Read the file at `path`, unparsed; `where` is how messages call it."""
    try:
        data = read_regular(path, limits.size + 1)
        if len(data) > limits.size:
            raise error(f"the file is larger than {limits.size:,} bytes", where=where)
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8")
        raise fault(error, "the file is not UTF-8 text", where, _place_of(before)) from problem
    except OSError as problem:
        reason = problem.strerror or "it cannot be opened"
        raise error(f"the file cannot be read: {reason}", where=where) from problem


def fault(
    error: type[AuditorError], message: str, where: str, mark: Mark | None = None, fix: str | None = None
) -> AuditorError:
    """Build an error that carries the line and column."""
    if issubclass(error, PolicyError):
        line, column = (mark.line, mark.column) if mark else (None, None)
        return error(message, where=where, line=line, column=column, fix=fix)
    place = f"{where}:{mark.line}:{mark.column}" if mark else where
    return error(message, where=place, fix=fix)


def _mark(node: yaml.Node, text: str = "") -> Mark:
    start, end = node.start_mark, node.end_mark
    if not isinstance(node, yaml.ScalarNode):
        return Mark(start.line + 1, start.column + 1)
    return Mark(start.line + 1, start.column + 1, node.style or None, text[start.index : end.index])


def _place_of(before: str) -> Mark:
    """Return the place that follows a text."""
    return Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))


def number_fault(raw: str) -> str | None:
    """Say why a scalar that YAML 1.1 takes for a number is not accepted as one."""
    if ":" in raw:
        return "a number in base 60 is not accepted"
    return f"the number has more than {LONGEST_NUMBER} signs" if len(raw) > LONGEST_NUMBER else None


def _event_mark(event: yaml.Event) -> Mark | None:
    at = event.start_mark
    return Mark(at.line + 1, at.column + 1) if at is not None else None
