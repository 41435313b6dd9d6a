"""Knowledge files as plain values: strict YAML, with the lines of its entries.

libyaml does the parsing where PyYAML has it: the shipped files then load in some 50 ms, so that no cache is
needed (and none can go stale or be tampered with).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from auditor.errors import KnowledgeError
from auditor.files import read_regular
from auditor.strict_yaml import number_fault

FILES = ("teachers.yaml", "terms.yaml", "dataset_licenses.yaml", "known_sets.yaml")
MAX_BYTES = 8 * 2**20
SCHEMA_VERSION = 1
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SAFE = yaml.constructor.SafeConstructor()


@dataclass(frozen=True, slots=True)
class Document:
    """One knowledge file.

    Attributes:
        name: file name, for messages.
        sha256: hex digest of its bytes.
        value: its content, checked to be a mapping.
        lines: 1-based line of each list entry, keyed by (section, index).
    """

    name: str
    sha256: str
    value: dict[str, Any]
    lines: dict[tuple[str, int], int] = field(default_factory=dict)

    def place(self, section: str, index: int, entry_id: object) -> str:
        """Name an entry for a message, e.g. `terms.yaml:12 (MIT)`."""
        line = self.lines.get((section, index))
        at = f"{self.name}:{line}" if line else f"{self.name} {section}[{index}]"
        return f"{at} ({entry_id})" if isinstance(entry_id, str) else at


def read_folder(folder: Path) -> dict[str, Document]:
    """Read the knowledge files of `folder` that are there, by name.

    Raises:
        KnowledgeError: a file is not a file, too large, not UTF-8, or breaks YAML or the shape of a document.
    """
    raw = {name: _bytes(folder / name) for name in FILES if (folder / name).exists()}
    return {name: _parse(name, content) for name, content in raw.items()}


def read_document(path: Path) -> Document:
    """Read one knowledge file.

    Raises:
        KnowledgeError: as for `read_folder`.
    """
    return _parse(path.name, _bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise KnowledgeError(f"larger than {MAX_BYTES:,} bytes", where=str(path))
        return read_regular(path)
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror}", where=str(path)) from None


def _parse(name: str, content: bytes) -> Document:
    try:
        root = yaml.compose(content.decode("utf-8"), Loader=_Loader)
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"not UTF-8 at byte {error.start}", where=name) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise KnowledgeError(f"not YAML: {reason}", where=where) from None
    except RecursionError:
        raise KnowledgeError("nested too deeply", where=name) from None
    if not isinstance(root, yaml.MappingNode):
        raise KnowledgeError(
            "must be a mapping at its top", where=name, fix="see docs/knowledge.md for its sections"
        )
    return Document(name, hashlib.sha256(content).hexdigest(), _plain(root, name, 0, set()), _lines(root))


def _plain(node: yaml.Node, name: str, depth: int, seen: set[int]) -> Any:
    """Turn a node into plain values; refuse duplicate keys, aliases, tags and deep nesting."""
    where = f"{name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
    if depth > 12:
        raise KnowledgeError("nested too deeply", where=where)
    if not isinstance(node, yaml.ScalarNode):
        if id(node) in seen:
            raise KnowledgeError("aliases (`*name`) are not allowed", where=where, fix="write the value out")
        seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _plain(key_node, name, depth + 1, seen)
            if not isinstance(key, str):
                raise KnowledgeError(f"a key must be text, found {key!r}", where=where, fix="quote it")
            if key in found:
                line = key_node.start_mark.line + 1
                raise KnowledgeError(f"duplicate key `{key}`", where=f"{name}:{line}", fix="keep one of them")
            found[key] = _plain(value_node, name, depth + 1, seen)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, name, depth + 1, seen) for one in node.value]
    return _scalar(node, where)


def _scalar(node: yaml.Node, where: str) -> Any:
    match node.tag.rsplit(":", 1)[-1]:
        case "str" | "timestamp":
            return node.value
        case "int" | "bool" | "null" | "float" as kind:
            if kind in ("int", "float") and (reason := number_fault(node.value)):
                raise KnowledgeError(reason, where=where, fix="write it as text, in quotes")
            try:
                return getattr(_SAFE, f"construct_yaml_{kind}")(node)
            except ValueError:
                raise KnowledgeError(f"not a number: {node.value!r}", where=where) from None
        case _:
            raise KnowledgeError(f"the tag {node.tag!r} is not allowed", where=where)


def _lines(root: yaml.MappingNode) -> dict[tuple[str, int], int]:
    found = {}
    for key, value in root.value:
        if isinstance(value, yaml.SequenceNode):
            for index, entry in enumerate(value.value):
                found[key.value, index] = entry.start_mark.line + 1
    return found
