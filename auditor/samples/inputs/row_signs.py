"""Signs that the bytes of a file are rows, or text that a trainer could learn, whatever its name says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from auditor.files import read_regular

HEAD = 1 << 16
"""So much of a file is looked at where it may be of any length."""
ROW_KEYS = {
    "messages", "conversations", "conversation", "prompt", "completion", "text", "content", "instruction",
    "input", "output", "question", "answer", "label", "query", "response", "chosen", "rejected",
}  # fmt: skip
_STORES = (
    b"PAR1", b"ARROW1", b"\xff\xff\xff\xff", b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh",
    b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x04\x22\x4d\x18", b"SQLite format 3", b"\x89HDF", b"\x93NUMPY",
    b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"Obj\x01", b"ORC",
)  # fmt: skip
_WIDE = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_VALUE = re.compile(r"\{\s*\"|\[\s*[{\"]|\[\s*\[\s*[\"\d\[{]")
"""How an object begins, a list of objects or texts, and a list of such lists."""
_FENCE = ("```", "~~~")
_LOOSE, _FENCED = 2, 20
"""So many lines of JSON a document may show as examples: in its text, and between fences."""


def read_head(path: Path, size: int = HEAD) -> bytes | None:
    """Return a file's first bytes; None where it cannot be opened."""
    try:
        return read_regular(path, size)
    except OSError:
        return None


def is_store(head: bytes) -> bool:
    """Tell whether a file begins like an archive, a table or a database."""
    return head.startswith(_STORES) or head[257:262] == b"ustar"


def is_binary(data: bytes) -> bool:
    """Tell whether bytes are not a text; a character that the end cuts counts as text."""
    if b"\0" in data:
        return True
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return error.start < len(data) - 3
    return False


def words(text: str) -> int:
    """Count the words; where none are written apart, two characters count as one."""
    wide = len(_WIDE.findall(text))
    return len(_WIDE.sub(" ", text).split()) + wide // 2


def begins_like_rows(head: bytes) -> bool:
    """Tell whether a file begins as rows do: a table's or archive's mark, an object, a header of CSV."""
    if is_store(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    text = head.decode("utf-8-sig", "replace").lstrip()
    first = text.partition("\n")[0].strip()
    return _is_json(first) or _VALUE.match(text) is not None or _is_header(first)


def shows_rows(text: str) -> bool:
    """Tell whether a text is rows, or holds more of them than examples would take."""
    if begins_like_rows(text.encode("utf-8", "surrogatepass")[:HEAD]):
        return not _is_facts(text)
    loose = fenced = lines = 0
    inside = False
    for line in text.splitlines():
        line = line.strip()
        lines += bool(line)
        if line.startswith(_FENCE):
            inside = not inside
        elif _is_json(line):
            loose, fenced = loose + (not inside), fenced + inside
    return loose > _LOOSE or fenced > _FENCED or 2 * (loose + fenced) > lines


def _is_facts(text: str) -> bool:
    """Tell whether a text is one object of names and numbers, none of them a row's."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict) or not ROW_KEYS.isdisjoint(value):
        return False
    return all(not isinstance(one, dict | list) and words(str(one)) <= 1 for one in value.values())


def _is_json(line: str) -> bool:
    """Tell whether a line is an object or list of JSON with something in it."""
    if not line.startswith(("{", "[")):
        return False
    try:
        value = json.loads(line.rstrip(","))
    except (ValueError, RecursionError):
        return False
    return bool(value)


def _is_header(line: str) -> bool:
    names = [name.strip().strip("\"'").lower() for name in re.split(r"[,\t;|]", line)]
    return (
        len(names) > 1
        and not ROW_KEYS.isdisjoint(names)
        and all(re.fullmatch(r"[\w .-]{1,40}", name) for name in names)
    )
