"""What may lie in a folder of data without being data: documents, settings, seals, media, tools' files.

The lists are short on purpose, and a name alone excuses nothing: what holds rows, or is not what its name
says, may be what a trainer loads, and counts as data.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path, PurePosixPath

from auditor.samples.claims.side_files import PIPELINES
from auditor.samples.inputs.boxed import BoxedPath, kept
from auditor.samples.inputs.documents import is_document
from auditor.samples.inputs.folders import is_side_file
from auditor.samples.inputs.programs import PROGRAMS, is_silent_program
from auditor.samples.inputs.row_signs import (
    begins_like_rows,
    is_binary,
    is_store,
    read_head,
    shows_rows,
    words,
)
from auditor.samples.inputs.settings_rows import (
    is_checksums,
    is_dot_file,
    is_requirements,
    is_seal,
    is_settings,
)
from auditor.samples.inputs.side_rows import holds_rows
from auditor.samples.readers.archives.box import ArchiveMember
from auditor.samples.readers.archives.entry import HEAD, is_shown
from auditor.samples.readers.compression import TruncatedError
from auditor.samples.readers.formats import named_archive, named_format
from auditor.samples.readers.stored import open_stored

LARGEST = 1 << 20
"""Cards, settings and the like are no longer than this."""
_MAKEFILE = re.compile(r"(?i)(gnu)?makefile")
_CHECKSUMS = re.compile(r"(?i)((sha(1|224|256|384|512)|md5|b2|blake3)[-_]?sums?|checksums?)(\.txt)?")
_REQUIREMENTS = re.compile(r"(?i)(requirements|constraints)([-_][a-z]{1,12})?\.txt")
_DOT_FILES = {
    ".gitattributes", ".gitignore", ".gitkeep", ".gitmodules", ".keep", ".ds_store", ".dvcignore",
    ".lfsconfig", ".editorconfig", ".nojekyll", ".dockerignore",
}  # fmt: skip
_SETTINGS = {".yaml", ".yml", ".toml", ".ini", ".cfg", ".lock", ".dvc"}
_SEALS = {".sig", ".asc", ".pem", ".pub", ".crt", ".md5", ".sha1", ".sha256", ".sha512", ".crc"}
_FILM = re.compile(rb"(?s)....(ftyp|moov|mdat|wide|free|skip)")
_MEDIA = {
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"), ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".jpeg": re.compile(rb"\xff\xd8\xff"), ".gif": re.compile(rb"GIF8[79]a"),
    ".webp": re.compile(rb"(?s)RIFF....WEBP"), ".bmp": re.compile(rb"BM"),
    ".tif": re.compile(rb"II\*\x00|MM\x00\*"), ".tiff": re.compile(rb"II\*\x00|MM\x00\*"),
    ".ico": re.compile(rb"\x00\x00\x01\x00"), ".avif": _FILM, ".wav": re.compile(rb"(?s)RIFF....WAVE"),
    ".mp3": re.compile(rb"ID3|\xff[\xe0-\xff]"), ".flac": re.compile(rb"fLaC"), ".ogg": re.compile(rb"OggS"),
    ".m4a": _FILM, ".mp4": _FILM, ".mov": _FILM, ".webm": re.compile(rb"\x1a\x45\xdf\xa3"),
    ".mkv": re.compile(rb"\x1a\x45\xdf\xa3"), ".avi": re.compile(rb"(?s)RIFF....AVI "),
    ".woff": re.compile(rb"wOFF"), ".woff2": re.compile(rb"wOF2"), ".pdf": re.compile(rb"%PDF-\d"),
}  # fmt: skip
"""How each begins; all of them hold bytes that no text does."""
_SVG = re.compile(r"(?s)\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE[^>]*>\s*)?<svg[\s>]")
_TOOL_FOLDERS = {".git", ".hg", ".svn", ".dvc", "__pycache__"}
_GIT = re.compile(
    r"(head|config(\.worktree)?|description|index|packed-refs|shallow|gitdir|commondir|[a-z_]+_head|[a-z_]+msg|"
    r"gc\.(log|pid)|hooks|info|logs|objects|refs|branches|modules|worktrees|lfs|rr-cache|.*\.lock)"
)
_HUB = re.compile(r"(?i)\.gitignore|cachedir\.tag|[^/]+\.(lock|metadata)")
_LOADED = re.compile(
    r"(?i)\.(jsonl?|ndjson|csv|tsv|parquet|pq|arrow|feather|ipc|txt|text|xml|html?|md|zip|tar|tgz|gz|gzip|zst|"
    r"zstd|xz|lzma|bz2|tbz2?|txz|tzst|7z|lz4|rar|h5|hdf5|npy|npz|bin|pkl|pickle|sqlite3?|db|lance|msgpack|avro|orc)$"
)
_CACHED_WORDS = 48
"""What the hub's cache notes of a file, and the tag of a folder of caches, are shorter."""
_STORED_WORDS = 8
"""What a tool stores is packed; a text of so many words is none of that."""


def named_not_data(inner: Path) -> bool:
    """Tell by its name alone whether a file that cannot be opened would not be data."""
    name, suffix = inner.name, inner.suffix.lower()
    if _is_hidden(inner) or named_format(inner):
        return name.lower() in _DOT_FILES
    return is_document(name) or suffix in _SETTINGS | _SEALS | _MEDIA.keys()


def is_not_data(path: Path, inner: Path, size: int) -> bool:
    """Tell by name, size and content whether a file is plainly not data.

    Args:
        inner: the path as the named data has it.
    """
    if in_tool_folder(inner):
        return _is_tools(path, inner)
    if named_format(inner):
        return False
    suffix = inner.suffix.lower()
    if suffix in _MEDIA:
        head = read_head(path)
        return head is not None and _MEDIA[suffix].match(head) is not None and is_binary(head)
    data = read_head(path, LARGEST + 1) if size <= LARGEST else None
    return data is not None and len(data) <= LARGEST and _is_named(inner, suffix, data)


def is_not_data_member(member: ArchiveMember) -> bool:
    """Tell whether a member of an archive is plainly not data: empty, a picture, or a system's own note."""
    entry, inner = member.entry, PurePosixPath(member.entry.name)
    if entry.why_not:
        return False
    if not entry.size:
        return True
    if (said := kept(member.archive).get(entry.name)) is not None:
        return _speaks(BoxedPath(f"{member.archive}!", entry.name), inner, said)
    media = _MEDIA.get(inner.suffix.lower())
    if not (media or inner.name.startswith("._") or inner.name == ".DS_Store"):
        return False
    head = entry.head or read_member_head(member)
    if inner.name.startswith("._") and head.startswith(b"\0\5\x16\7"):
        return True
    if inner.name == ".DS_Store":
        return head[4:8] == b"Bud1"
    return media is not None and media.match(head) is not None and is_binary(head)


def _speaks(path: BoxedPath, inner: PurePosixPath, said: bytes) -> bool:
    """Tell whether a member that was read for what it says of the rows holds none itself."""
    if named_format(inner) is not None:
        return is_side_file(path) and not holds_rows(path, len(said))
    return _is_named(Path(inner), inner.suffix.lower(), said)


def member_reason(member: ArchiveMember) -> str:
    """Say why a member of an archive was not read."""
    entry, inner = member.entry, PurePosixPath(member.entry.name)
    if entry.why_not:
        return entry.why_not
    if not is_shown(entry.name):
        return "it is hidden"
    if named_archive(inner):
        return "it is an archive inside an archive"
    if is_document(inner.name) or is_side_file(inner) or inner.suffix.lower() in _SETTINGS:
        return "what it says of the rows is not read, or it holds rows: unpack the archive"
    return "it is of a format that is not read"


def read_member_head(member: ArchiveMember) -> bytes:
    """Return the first bytes of a member; none where they cannot be read."""
    try:
        with open_stored(member) as stream:
            return stream.read(HEAD)
    except (OSError, TruncatedError):
        return b""


def _is_named(inner: Path, suffix: str, data: bytes) -> bool:
    """Tell whether a short file holds what its name says."""
    name = inner.name
    if name.lower() in _DOT_FILES:
        return is_dot_file(data)
    if _CHECKSUMS.fullmatch(name):
        return is_checksums(data)
    if _REQUIREMENTS.fullmatch(name):
        return is_requirements(data)
    if inner.as_posix() in PIPELINES:
        return not is_binary(data) and not shows_rows(data.decode("utf-8-sig", "replace"))
    if suffix == ".license" or is_document(name) or _MAKEFILE.fullmatch(name):
        shown = not _is_hidden(inner) and not is_binary(data)
        return shown and not shows_rows(data.decode("utf-8-sig", "replace"))
    if suffix in PROGRAMS:
        return not _is_hidden(inner) and not is_binary(data) and is_silent_program(data, suffix)
    if suffix == ".svg":
        text = data.decode("utf-8-sig", "replace")
        return _SVG.match(text) is not None and not shows_rows(text)
    if suffix in _SETTINGS:
        return is_settings(data, suffix)
    is_key = not suffix and data.startswith(b"-----BEGIN ")
    return (suffix in _SEALS or is_key) and is_seal(data)


def _is_hidden(inner: Path) -> bool:
    return any(part.startswith(".") for part in inner.parts)


def in_tool_folder(path: Path) -> bool:
    """Tell whether a path leads through a folder that a tool keeps for itself."""
    parts = path.parts[:-1]
    hub = (".cache", "huggingface") in pairwise(parts)
    return hub or not _TOOL_FOLDERS.isdisjoint(parts)


def _is_tools(path: Path, inner: Path) -> bool:
    """Tell whether a file in a tool's folder is what that tool writes: its names, no rows, no text."""
    head = read_head(path)
    if head is None or _LOADED.search(inner.name):
        return False
    text = not is_binary(head)
    if (text and begins_like_rows(head)) or (is_store(head) and inner.name != "index"):
        return False
    parts = list(inner.parts)
    tool = next((part for part in parts[:-1] if part in _TOOL_FOLDERS), None)
    if tool is None:
        return (
            _HUB.fullmatch(inner.name) is not None and words(head.decode("utf-8", "replace")) < _CACHED_WORDS
        )
    if tool == "__pycache__":
        return inner.suffix == ".pyc" and not text
    below = parts[parts.index(tool) + 1 :]
    if tool == ".git" and not _GIT.fullmatch(below[0].lower()):
        return False
    stored = below[0] in ("objects", "lfs", "cache", "store", "pristine", "rr-cache")
    known = tool == ".git" or len(below) > 1 or inner.suffix in ("", ".gitignore")
    prose = text and words(head.decode("utf-8", "replace")) >= _STORED_WORDS
    return known and not (prose and (stored or tool != ".git"))
