"""What may lie in a folder of data without being data: cards, licenses, settings, pictures, tools' own files.

The list is short on purpose: whatever is not on it may be what a trainer loads, and counts as data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from auditor.files import open_regular, read_regular

LARGEST = 1 << 20
"""Cards, settings and the like are no longer than this."""
_LARGEST_SIDE_FILE = 64 << 20
_WORDS = 4
"""A text of so many words in a list is one that a trainer could learn."""
_ROW_KEYS = {
    "messages", "conversations", "conversation", "prompt", "completion", "text", "content", "instruction",
    "input", "output", "question", "answer", "label", "query", "response", "chosen", "rejected",
}  # fmt: skip
_DOCUMENT = re.compile(
    r"(?i)(readme|licen[cs]e|copying|notice|citation|changelog|authors|contributors|contributing|"
    r"code_of_conduct|security|maintainers|codeowners|datasheet|dataset[-_]?card|data[-_]licen[cs]e|"
    r"licen[cs]e[-_]data)([-_.][a-z0-9.-]{1,16})??(\.(md|txt|rst|cff|bib))?"
)
_DOT_FILES = {
    ".gitattributes", ".gitignore", ".gitkeep", ".gitmodules", ".keep", ".ds_store", ".dvcignore",
    ".lfsconfig", ".editorconfig", ".nojekyll", ".dockerignore",
}  # fmt: skip
_SETTINGS = {".yaml", ".yml", ".toml", ".ini", ".cfg", ".lock"}
_SEALS = {".sig", ".asc", ".pem", ".pub", ".crt", ".md5", ".sha1", ".sha256", ".sha512", ".crc"}
_MEDIA = {
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tif", ".tiff", ".ico", ".avif",
    ".wav", ".mp3", ".flac", ".ogg", ".m4a", ".mp4", ".mov", ".webm", ".avi", ".mkv", ".woff", ".woff2",
}  # fmt: skip
_TOOL_FOLDERS = {".git", ".hg", ".svn", ".dvc", "__pycache__"}
_LOADED = re.compile(
    r"(?i)\.(jsonl?|ndjson|csv|tsv|parquet|pq|arrow|feather|ipc|txt|text|xml|html?|md|zip|tar|tgz|gz|gzip|zst|"
    r"zstd|xz|bz2|7z|lz4|rar|h5|hdf5|npy|npz|bin|pkl|pickle|sqlite3?|db|lance|msgpack|avro|orc)$"
)
_WRITTEN = {"report.html", "summary.md", "findings.sarif", "junit.xml"}
_OWN_COLUMNS = {
    "sample_id", "digest", "origin_id", "teachers", "licenses", "basis", "grade", "outcome", "rules",
    "line", "claim_set", "match", "match_teacher", "match_score", "matched_chars", "spans", "reference_id",
    "match_slot",
}  # fmt: skip
_CROISSANT = {"@context", "recordSet", "distribution", "creator", "publisher", "author", "citation", "citeAs"}


def is_beside(path: Path, size: int) -> bool:
    """Tell by its name, and by a size that no data has, whether a file is plainly no data."""
    name, suffix = path.name, path.suffix.lower()
    if _in_tool_folder(path):
        return not _LOADED.search(name)
    if suffix in _MEDIA:
        return True
    if size > LARGEST:
        return False
    named = name.lower() in _DOT_FILES or _DOCUMENT.fullmatch(name) is not None
    return named or suffix in _SETTINGS | _SEALS


def _in_tool_folder(path: Path) -> bool:
    parts = path.parts[:-1]
    hub = (".cache", "huggingface") in pairwise(parts)
    return hub or not _TOOL_FOLDERS.isdisjoint(parts)


def is_key(path: Path) -> bool:
    """Tell whether a file is a key or certificate in PEM."""
    try:
        with open_regular(path) as file:
            return file.read(11) == b"-----BEGIN "
    except OSError:
        return False


def is_audits_own(path: Path, in_audit: bool) -> bool:
    """Tell whether a file is what an audit or its ledger wrote: answers about rows, without their text."""
    if in_audit and path.name in (*_WRITTEN, "report.json"):
        return True
    if in_audit and path.name == "unreadable.jsonl":
        return _lists_only(path, {"sample_id", "line", "reason"})
    if in_audit and path.name == "samples.parquet":
        return _own_columns(path)
    return _in_ledger(path)


def _in_ledger(path: Path) -> bool:
    if ".auditor" not in path.parts[:-1]:
        return False
    if path.suffix == ".parquet":
        return _own_columns(path)
    return path.name.endswith(".digests.npy") or path.name.startswith("ledger.db")


def _lists_only(path: Path, keys: set[str]) -> bool:
    try:
        with open_regular(path) as file:
            return all(json.loads(line).keys() <= keys for line in file)
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def _own_columns(path: Path) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return set(pq.read_schema(path).names) <= _OWN_COLUMNS
    except (OSError, pa.ArrowException):
        return False


def holds_rows(path: Path, size: int) -> bool:
    """Tell whether a file with a side file's name holds rows: a list, lines, a row, or texts in lists."""
    if size > _LARGEST_SIDE_FILE:
        return True
    try:
        value = json.loads(read_regular(path))
    except (OSError, ValueError, RecursionError):
        return True
    if not isinstance(value, dict) or not _ROW_KEYS.isdisjoint(value):
        return True
    described = {"@context", "@type"} <= value.keys()
    members = (item for key, item in value.items() if not (described and key in _CROISSANT))
    return any(_is_long(text) for member in members for text in _listed(member, False))


def _listed(value: Any, inside: bool) -> Iterator[str]:
    """Yield the texts that stand in some list."""
    if isinstance(value, list):
        for item in value:
            yield from _listed(item, True)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _listed(item, inside)
    elif isinstance(value, str) and inside:
        yield value


def _is_long(text: str) -> bool:
    return len(text.split()) >= _WORDS
