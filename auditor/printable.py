"""Text that may be shown: no character of a name or value acts on a terminal or commands a CI log."""

from __future__ import annotations

import re

# C0 and C1 controls, line separators and bidirectional controls: none may reach a terminal, log or page.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BREAK = re.compile(r"[\n\t]")
# GitHub obeys `::name` at the start of a line, Azure and old GitHub `##[name]` anywhere in it.
_COMMAND = re.compile(r"(?m)^(\s*):(?=:)|##(?=\[|vso\[)")


def plain(text: str) -> str:
    """Return one printable line: white space collapsed, control and direction marks written as escapes."""
    return visible(" ".join(text.split()))


def visible(text: str) -> str:
    """Return text with its control and direction marks written as escapes; line breaks and tabs stay."""
    return _CONTROL.sub(_written, text)


def line(text: str) -> str:
    """Return one line for a terminal or log: nothing in it breaks the line, acts, or is a CI command."""
    return lines(_BREAK.sub(_written, text))


def lines(text: str) -> str:
    """Return lines for a terminal or log: nothing in them acts, or is a CI command."""
    return _COMMAND.sub(_command, visible(text))


def _written(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _command(found: re.Match[str]) -> str:
    return f"{found[1]}\\u003a" if found[1] is not None else "#\\u0023"


def name_of(path: str) -> str:
    """Return a file's name with every sign that is not to be seen written as an escape, line breaks too."""
    return visible(path.replace("\n", "\\n").replace("\t", "\\t"))
