"""Text from data made fit for a terminal, a log or a page: nothing in it steers what shows it."""

from __future__ import annotations

import re

# C0 and C1 controls, line separators and bidirectional controls: none may reach a terminal, log or page.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def plain(text: str) -> str:
    """Return one printable line: white space collapsed, control and direction marks written as escapes."""
    return visible(" ".join(text.split()))


def visible(text: str) -> str:
    """Return text with its control and direction marks written as escapes; line breaks and tabs stay."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def name_of(path: str) -> str:
    """Return a file's name with every sign that is not to be seen written as an escape, line breaks too."""
    return _CONTROL.sub(
        lambda found: f"\\u{ord(found[0]):04x}", path.replace("\n", "\\n").replace("\t", "\\t")
    )
