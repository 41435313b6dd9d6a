"""What a document says: its sentences, and what stands beside them in comments, blocks, headings and tables.

A label and what stands under it become one sentence each (`Teacher. gpt-4o`), so that both are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"(?s)<!--(.{0,4000}?)-->|^\[//\]: # [(\"'](.*?)[)\"']$", re.MULTILINE)
_FENCED = re.compile(r"(?ms)^\s*(```|~~~).*?^\s*\1[^\n]*$|<!--.{0,4000}?-->|^@\w+\{.*?^\}")
_BLOCK = re.compile(r"(?ms)^\s*(```|~~~)(?P<inner>.*?)^\s*\1[^\n]*$")
_BREAK = re.compile(r"\n\s*(?:\n|[-*+|#>]|\d+[.)])\s*|(?<=[.!?])[\"')\]*_]*\s+(?=[\"'(\[*_]*[A-Z])|。")
_MARKUP = re.compile(r"!?\[([^\]]{0,300})\]\([^)]{0,500}\)|<[^>]{1,200}>|[*`]|\s+")
_LINKS = re.compile(
    r"!?\[([^\]]{0,300})\]\(([^)\s]{0,500})[^)]{0,200}\)|<((?:https?|hf)://[^>\s]+)>|<[^>]{1,200}>|[*`]|\s+"
)
_SETS = re.compile(
    r"(?m)^[ \t]*(?:-[ \t]+)?[\"']?([A-Za-z_][\w -]{0,40})[\"']?[ \t]*[:=][ \t]*([^\n]{1,200})$"
)
_HEADING = re.compile(
    r"^(?:#{1,6}\s+(?P<marked>[^\n]{2,60}?)\s*#*|(?P<lined>[^\n|#]{2,60})\n([=~^\"'-])\3{2,})\s*$", re.M
)
_DEFINED = re.compile(r"(?m)^([^\n:|#]{2,40})\n:[ \t]+([^\n]{1,200})$")
_MAKER = re.compile(
    r"(?i)\b(teachers?|generators?|generat(ion|ed)|models?|llms?|sources?|origins?|provenance|authors?|credits?"
    r"|annotat\w+|creat(ors?|ion)|upstream|derived|thanks|acknowledge?ments?|datasets? used|written by)\b"
)
"""A label that speaks of who or what the data is from."""
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE = re.compile(r"[\s|:-]+")
_LONGEST, _OVER = 600, 200
"""Signs of a sentence that is heard at once, and those that the next part of a longer one repeats."""
_UNDER, _ROWS, _NEAR = 32, 256, 4000
"""Lines under a heading, rows of a table, and signs, that are read with their label."""


def sentences(text: str, links: bool = False) -> Iterator[str]:
    """Yield the sentences of a document as plain words, without blocks of code and comments.

    Args:
        links: keep the addresses that links lead to, behind their words.
    """
    for piece in _BREAK.split(_FENCED.sub("\n\n", text)):
        if words := _plain(piece, links):
            # What has no end is heard in parts that overlap.
            for start in range(0, max(1, len(words) - _OVER), _LONGEST - _OVER):
                yield words[start : start + _LONGEST]


def asides(text: str, links: bool = False) -> Iterator[str]:
    """Yield what stands in comments, and labels with what stands under them."""
    for found in _COMMENT.finditer(text):
        yield from sentences(found[1] or found[2] or "", links)
    for block in _BLOCK.finditer(text):
        yield from (f"{label}. {value}" for label, value in _SETS.findall(block["inner"]))
    shown = _FENCED.sub("\n\n", text)
    labeled = (*_under_headings(shown), *_DEFINED.findall(shown), *_in_tables(shown))
    for label, value in labeled:
        if _MAKER.search(label) and (words := _plain(value, links)):
            yield f"{_plain(label, False)}. {words}"


def _plain(piece: str, links: bool) -> str:
    if links:
        return " ".join(_LINKS.sub(lambda one: f" {one[1] or ''} {one[2] or one[3] or ''} ", piece).split())
    return " ".join(_MARKUP.sub(lambda one: one[1] or " ", piece).split())


def _under_headings(text: str) -> Iterator[tuple[str, str]]:
    """Yield headings with each line of the list or paragraph that stands right under them."""
    for found in _HEADING.finditer(text):
        label = found["marked"] or found["lined"]
        begun = 0
        for line in text[found.end() : found.end() + _NEAR].split("\n")[: _UNDER + 2]:
            if line.startswith("#") or (begun and not line.strip()):
                break
            if line.strip() and "|" not in line:
                begun += 1
                yield label, _ITEM.sub("", line)


def _in_tables(text: str) -> Iterator[tuple[str, str]]:
    """Yield each cell of a table with the name of its column."""
    head: list[str] | None = None
    before: list[str] = []
    count = 0
    for line in text.splitlines():
        found = _ROW.match(line)
        if found is None:
            head, before = None, []
        elif _RULE.fullmatch(line):
            head, before, count = before, [], 0
        else:
            before = [cell.strip() for cell in found[1].split("|")]
            count += 1
            if head is not None and count <= _ROWS:
                yield from zip(head, before, strict=False)
