"""Turn arguments into data files: files, globs, folders with splits, `save_to_disk` folders, hub names."""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from auditor.errors import InputError, UnreadableInputError
from auditor.samples.inputs.archives import inside
from auditor.samples.inputs.folders import data_files, is_data, is_named_data, read_json
from auditor.samples.readers.archives.box import ArchiveMember
from auditor.samples.readers.formats import Format, named_format
from auditor.samples.readers.notes import packed_as
from auditor.samples.readers.stored import Samples, Stored

_SPLITS = {
    "train": r"train(ing)?",
    "validation": r"validation|valid|val|dev(elopment)?|eval",
    "test": r"test(ing)?",
}
_HUB_NAME = re.compile(r"^[A-Za-z0-9][\w.-]*/[\w.-]+$")


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of rows, or one such member of an archive."""

    path: Path
    """Of the file, or of the archive."""
    name: str
    """Path relative to the named root with `/`, then `!/` and a member: the first half of a sample id."""
    split: str = ""
    """`train`, `validation`, `test`, or what the dataset calls it; empty when unknown."""
    root: Path = Path()
    """The folder whose card and side files speak of this file."""
    whole_folder: bool = False
    """The user named the folder, so a license file in it is the dataset's."""
    boxed: ArchiveMember | Samples | None = None
    """The member of the archive that is read, or the archive as one file of rows."""

    @property
    def stored(self) -> Stored:
        """Return what is read for the rows."""
        return self.boxed or self.path

    @property
    def member(self) -> str:
        """Return the name inside an archive; empty for a file by itself."""
        return self.boxed.entry.name if isinstance(self.boxed, ArchiveMember) else ""


def find_files(
    args: Sequence[str], split: str | None = None, allow_network: bool = False
) -> tuple[DataFile, ...]:
    """Return the data files that the arguments name, in a fixed order.

    Args:
        split: keep this split alone; files whose split is unknown are kept too.

    Raises:
        InputError: an argument names nothing, or a folder without data files.
    """
    found = [file for arg in args for file in _expand(arg, allow_network)]
    if split:
        found = [file for file in found if file.split in ("", split)]
    if not found:
        raise InputError("no data file is there", fix="name a file, a folder, a glob, or hf://org/name")
    for file in found:
        _check_name(file)
    return tuple(_distinct(found))


def _check_name(file: DataFile) -> None:
    try:
        f"{file.path}{file.name}".encode()
    except UnicodeEncodeError:
        raise InputError(
            "the path is not valid UTF-8, so no sample id can be written",
            where=os.fsencode(file.path).decode("utf-8", "backslashreplace"),
            fix="rename the file or folder",
        ) from None


def split_of(name: str) -> str:
    """Return the split that a file's path stands for, or an empty string."""
    words = re.split(r"[^a-z]+", name.lower())
    for word in reversed(words):
        for split, pattern in _SPLITS.items():
            if re.fullmatch(pattern, word):
                return split
    return ""


def _distinct(files: Iterable[DataFile]) -> list[DataFile]:
    """Leave out paths named twice, and tell files of equal names apart by the folders that differ.

    A link is a file of its own: who loads the folder reads its rows once more.

    Raises:
        InputError: a folder is named as an archive beside it is in sample ids.
    """
    first: dict[tuple[Path, str], DataFile] = {}
    for file in files:
        first.setdefault((place_of(file.path), file.member), file)
    once = list(first.values())
    counts = Counter(file.name for file in once)
    if len(counts) == len(once):
        return once
    shared = os.path.commonpath([place_of(file.path).parent for file in once if counts[file.name] > 1])
    apart = [
        file
        if counts[file.name] == 1
        else replace(file, name=_with_member(place_of(file.path).relative_to(shared).as_posix(), file.member))
        for file in once
    ]
    names = Counter(file.name for file in apart)
    if len(names) < len(apart):
        twice = next(name for name, count in names.items() if count > 1)
        raise InputError(
            "two files have the same name in sample ids",
            where=twice,
            fix="rename the folder that ends in `!`",
        )
    return apart


def _with_member(name: str, member: str) -> str:
    return f"{name}!/{member}" if member else name


def opened(file: DataFile, *, named: bool = False) -> list[DataFile]:
    """Return a file by itself; of an archive its members with rows.

    Args:
        named: the user named this very file: it is kept even where nothing in it can be read.
    """
    # What another package reads may be a zip to us.
    found = None if named_format(file.path) is Format.ADDED else inside(file.path)
    if found is None or (named and not found.rows):
        return [file]
    return [
        replace(file, boxed=one)
        if isinstance(one, Samples)
        else replace(
            file,
            boxed=one,
            name=_with_member(file.name, one.entry.name),
            split=split_of(one.entry.name) or file.split,
        )
        for one in found.rows
    ]


def place_of(path: Path) -> Path:
    """Return where a file lies once links to its folder are followed: two paths to it are one."""
    return Path(os.path.realpath(path.parent), path.name)


def _expand(arg: str, allow_network: bool) -> list[DataFile]:
    if arg.startswith("hf://"):
        from auditor.samples.inputs.hub import fetch

        return _folder(fetch(arg, allow_network))
    if not arg:
        raise InputError(
            "an empty path names no data", fix="check the variable that it came from, or give `.`"
        )
    path = Path(arg)
    try:
        path.stat()
    except FileNotFoundError:
        if glob.has_magic(arg):
            return _glob(arg)
        raise _missing(arg) from None
    except ValueError:
        raise InputError("the path holds a null byte", where=repr(arg), fix="check the path") from None
    except OSError as error:
        raise UnreadableInputError(
            f"the path cannot be opened: {error.strerror}", where=arg, fix="check links and permissions"
        ) from None
    if path.is_dir():
        try:
            return _folder(path)
        except OSError as error:
            raise UnreadableInputError(
                f"the folder cannot be opened: {error.strerror}", where=arg, fix="check its permissions"
            ) from None
    return opened(DataFile(path, path.name, split_of(path.name), path.parent), named=True)


def _missing(arg: str) -> InputError:
    if _HUB_NAME.match(arg) and not is_named_data(Path(arg)):
        return InputError("there is no such file or folder", where=arg, fix=f"for the hub, write hf://{arg}")
    return InputError("there is no such file or folder", where=arg, fix="check the path")


def _glob(pattern: str) -> list[DataFile]:
    fixed = Path(pattern)
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    files = []
    for match in sorted(glob.glob(pattern, recursive=True)):
        path = Path(match)
        # A link that leads nowhere is kept, to be named as a file that cannot be read.
        if not os.path.isdir(path) and is_data(path):
            name = path.relative_to(fixed).as_posix()
            files += opened(DataFile(path, name, split_of(name), fixed))
    if not files:
        raise InputError("the pattern matches no data file", where=pattern, fix="check the pattern")
    return files


def _folder(root: Path) -> list[DataFile]:
    if (root / "dataset_dict.json").is_file():
        splits = _names(read_json(root / "dataset_dict.json").get("splits"), root / "dataset_dict.json")
        return [
            replace(file, split=split, name=f"{split}/{file.name}", root=root)
            for split in splits
            for file in _saved(_inside(root, split))
        ]
    if (root / "state.json").is_file() and not _is_anothers(root):
        return _saved(root)
    found = _configured(root) or [_in_folder(path, root) for path in data_files(root)]
    # Of archives alone, in which nothing can be read, each says why.
    files = [one for file in found for one in opened(file)] or found
    if not files:
        raise InputError(
            "the folder holds no data file",
            where=str(root),
            fix="give JSONL, JSON, Parquet, Arrow, CSV or TSV",
        )
    return files


def _is_anothers(root: Path) -> bool:
    """Tell whether `state.json` is that of a trainer or another tool, beside rows of its own."""
    own = any(key.startswith("_") for key in read_json(root / "state.json"))
    return not own and not (root / "dataset_info.json").exists() and bool(data_files(root))


def _in_folder(path: Path, root: Path, split: str = "") -> DataFile:
    name = path.relative_to(root).as_posix()
    return DataFile(path, name, split or split_of(name), root, whole_folder=True)


def _saved(root: Path) -> list[DataFile]:
    state = read_json(root / "state.json")
    if state.get("_indices_files"):
        raise UnreadableInputError(
            "the dataset was saved with a row selection",
            where=str(root),
            fix="save it after flatten_indices()",
        )
    entries = state.get("_data_files")
    if isinstance(entries, list):
        entries = [entry.get("filename") if isinstance(entry, dict) else entry for entry in entries]
    names = _names(entries, root / "state.json")
    split = str(state.get("_split") or "")
    return [DataFile(_inside(root, name), name, split, root, True) for name in names]


def _names(value: object, where: Path) -> list[str]:
    """Return the names that a saved dataset's index lists.

    Raises:
        UnreadableInputError: it lists none, or something that is not a file's name.
    """
    if not isinstance(value, list) or not all(_is_name(name) for name in value):
        raise UnreadableInputError(
            "the saved dataset's index lists no files", where=str(where), fix="save the dataset again"
        )
    return value


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value) and "\0" not in value


def _inside(root: Path, name: str) -> Path:
    path = root / name
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        raise UnreadableInputError(
            f"{name!r} leads out of the folder", where=str(root), fix="copy the file into the folder"
        )
    return path


def _configured(root: Path) -> list[DataFile]:
    """Return the files that the card's `configs` name; none where it has no such list."""
    from auditor.samples.inputs.cards import read_card

    configs = read_card(root).get("configs")
    files: list[DataFile] = []
    for config in configs if isinstance(configs, list) else []:
        for split, pattern in _patterns(config.get("data_files") if isinstance(config, dict) else None):
            files += [_in_folder(path, root, split) for path in _matching(root, pattern)]
    return files


def _patterns(entry: Any, split: str = "") -> Iterator[tuple[str, str]]:
    """Yield (split, pattern) of `data_files`: a pattern, a list, `{split, path}`, or `{split: pattern}`."""
    if isinstance(entry, str):
        yield split, entry
    elif isinstance(entry, list):
        for item in entry:
            yield from _patterns(item, split)
    elif isinstance(entry, dict) and "path" in entry:
        yield from _patterns(entry["path"], str(entry.get("split", split)))
    elif isinstance(entry, dict):
        for name, item in entry.items():
            yield from _patterns(item, str(name))


def _matching(root: Path, pattern: str) -> Iterator[Path]:
    steps = Path(pattern).parts
    if not steps or ".." in steps or Path(pattern).is_absolute():
        return
    # `train-**` is what hubs accept; here `**` stands for whole folders alone.
    steps = tuple(step if step == "**" else step.replace("**", "*") for step in steps)
    for path in sorted(root.glob("/".join(steps))):
        if os.path.isdir(path):
            yield from data_files(path)
        elif is_named_data(path):
            yield path


def places_of(file: DataFile) -> tuple[str, ...]:
    """Return the names of the folders of a file from the named one on, its own, packed too, and its split."""
    inner = (*PurePosixPath(file.member).parts, *packed_as(file.stored))
    if file.path.is_relative_to(file.root):
        named = file.root.name if file.whole_folder else ""
        return (named, *file.path.relative_to(file.root).parts, *inner, file.split)
    return (file.path.name, *inner)
