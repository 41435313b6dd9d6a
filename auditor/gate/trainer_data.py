"""Data that a trainer's settings name, held against the data that was gated."""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.gate.teacher_keys import names_model
from auditor.gate.teachers import flatten

_SPEAKS = re.compile(
    r"(^|[._])(data|datasets?|train|pretrain|pretraining|traindata|train_?sets?|tokenized|corpus|corpora)(?=$|[._\[])"
)
_DATA = re.compile(
    r"(.*\.)?(datasets?(\[\d+\])?(\.(path|data_files(\[\d+\])?|name|dataset))?|train_(files?|datasets?|data|file_path)|"
    r"dataset_(name|path|mixture)|prompt_data(set)?|(pretraining|val|eval|test)_(datasets?|files?)|"
    r"data_(path|files)|pretrain_data)(\[\d+\])?(\.path)?"
)
_PLACE = re.compile(
    r"((train|eval|val|test|data|dataset|cached?|prompt|hf|ms|tokenized|prepared)_)*"
    r"(path|source|name|datasets?|data|data_files?|dirs?|files?|paths?|folder|id|uri|url|repo_id|repo|cached|train)"
)
"""Members of what speaks of data that name data, whatever they look like."""
_NO_DATA = re.compile(
    r"(.*_)?(type|ds_type|format|split|style|template(_path)?|columns?|fields?|keys?|role|prompt|system|revision|"
    r"sampler|tokenizer(_path|_name_or_path)?|processor|(model|lora|adapter)(_path|_name|_name_or_path)?|"
    r"(output|save|saved|log|logging|checkpoint|ckpt)(_dir|_path|_file)?|dtype|device|strategy|"
    r"resume(_from_checkpoint)?|(run|project|experiment)_name|report_to|scheduler|optimizer|loss)|cache_dir"
)
_BUILDERS = frozenset({"json", "csv", "parquet", "text", "arrow"})
_FILES = re.compile(
    r".+\.(jsonl?|ndjson|csv|tsv|parquet|arrow|txt|bin|idx|npy|npz|tar|zip|gz|zst|bz2|xz|db|sqlite|h5|hdf5|"
    r"lance|feather|avro|orc|msgpack|tfrecord|mds|webdataset|pkl|pt|ya?ml)(\.\w+)?",
    re.IGNORECASE,
)
_ELSEWHERE = ("hf_hub_url", "ms_hub_url", "om_hub_url", "script_url", "cloud_file_name")


def foreign_data(
    settings: Mapping[str, Any], base: Path, places: Sequence[str], folders: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield key and name of data that settings name and that is not gated.

    Args:
        base: the folder of the settings.
        folders: those that may hold a registry of data sets, as the trainer names them.
    """
    flat = dict(flatten(settings))
    registries = list(_registries(folders, base))
    members = _members(flat)
    for key, value in flat.items():
        if not isinstance(value, str) or not value.strip() or not _names_data(key, value, base):
            continue
        if _is_said_elsewhere(key, value, members, base):
            continue
        parts = [value] if _exists(value, base) else value.split(",")
        for name in filter(None, (part.strip() for part in parts)):
            if not _is_held(name, key, flat, base, places, registries):
                yield key, name


def _members(flat: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the names that stand beside one another, by the key of what they are members of."""
    found: dict[str, set[str]] = {}
    for key, value in flat.items():
        parts = key.split(".") if value else ()
        for depth in range(1, len(parts)):
            found.setdefault(".".join(parts[:depth]), set()).add(parts[depth].partition("[")[0])
    return found


def _names_data(key: str, value: str, base: Path) -> bool:
    lowered = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.replace("-", "_")).lower()
    if _DATA.fullmatch(lowered):
        return True
    plain = re.sub(r"\[\d+\]", "", lowered)
    leaf = plain.rpartition(".")[2]
    if not _SPEAKS.search(lowered) or names_model(key, value) or _NO_DATA.fullmatch(leaf):
        return False
    if _PLACE.fullmatch(leaf) or ".data_files." in plain or leaf in ("_component_", "_target_", "script_url"):
        return True
    return "/" in value or "\\" in value or _FILES.fullmatch(value) is not None or _exists(value, base)


def _is_said_elsewhere(key: str, value: str, members: Mapping[str, set[str]], base: Path) -> bool:
    """Tell whether a member of a data set's settings only says how another one, judged itself, is read."""
    parent, _, leaf = key.rpartition(".")
    beside = members.get(parent, set())
    if leaf in ("path", "source"):
        return value in _BUILDERS and bool(beside & {"data_files", "data_dir"})
    if leaf == "name":
        return "path" in beside and "/" not in value and not _exists(value, base)
    if leaf in ("_component_", "_target_"):
        return bool(beside & {"source", "data_files", "path", "data_path"})
    if leaf == "dataset_dir" and any(one.startswith("dataset") for one in members.get(parent, {"dataset"})):
        return any(_is_registry(_read_registry(root)) for root in (Path(value), base / value))
    return False


def _is_held(
    name: str, key: str, flat: Mapping[str, Any], base: Path, places: Sequence[str],
    registries: Sequence[tuple[Path, Mapping[str, Any]]],
) -> bool:  # fmt: skip
    """Tell whether a name means gated data, wherever the trainer may look for it."""
    bare = name if _exists(name, base) else re.sub(r"#\d+$", "", name)
    listed = [(root, entries[one]) for root, entries in registries for one in (name, bare) if one in entries]
    if listed:
        return all(entry == listed[0][1] and _is_gated_entry(root, entry, places) for root, entry in listed)
    tried = [Path(bare), base / bare]
    beside = flat.get(f"{key.rpartition('.')[0]}.path")
    if isinstance(beside, str) and re.match(r"data_(files|dir)", key.rpartition(".")[2]):
        tried += [Path(beside) / bare, base / beside / bare]
    there = [one for one in tried if _meets(one)]
    return bool(there) and all(is_gated(one, places) for one in there)


def _registries(folders: Sequence[str], base: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield LLaMA-Factory's registries of data sets; one that cannot be read holds every name."""
    roots = {os.path.realpath(root): root for folder in folders for root in (Path(folder), base / folder)}
    for root in roots.values():
        if os.path.lexists(root / "dataset_info.json"):
            listed = _read_registry(root)
            yield root, listed if isinstance(listed, dict) else _Unread()


def _read_registry(root: Path) -> Any:
    try:
        return json.loads((root / "dataset_info.json").read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _is_registry(listed: Any) -> bool:
    """Tell a registry from the card of one data set, which a saved set has under the same name."""
    known = {"file_name", *_ELSEWHERE}
    return isinstance(listed, dict) and bool(listed) and all(
        isinstance(entry, dict) and known & entry.keys() for entry in listed.values()
    )  # fmt: skip


class _Unread(dict[str, Any]):
    """A registry that holds every name, and means nothing by it."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> None:
        return None


def _is_gated_entry(root: Path, entry: Any, places: Sequence[str]) -> bool:
    """Tell whether a registry's entry means gated data: hubs and scripts come before files."""
    if not isinstance(entry, dict) or any(entry.get(one) is not None for one in _ELSEWHERE):
        return False
    file = entry.get("file_name")
    return isinstance(file, str) and is_gated(root / file, places)


def _exists(name: str, base: Path) -> bool:
    try:
        return os.path.lexists(name) or os.path.lexists(base / name)
    except (OSError, ValueError):
        return False


def _meets(name: Path) -> bool:
    text = os.fspath(name)
    try:
        return os.path.lexists(text) or (glob.has_magic(text) and bool(glob.glob(text, recursive=True)))
    except (OSError, ValueError):
        return False


def is_gated(name: Path, places: Sequence[str]) -> bool:
    """Tell whether a path is a gated place or lies in one; a pattern, whether all that it meets does."""
    text = os.fspath(name)
    try:
        met = (
            glob.glob(text, recursive=True) if glob.has_magic(text) and not os.path.lexists(text) else [text]
        )
        gated = [Path(os.path.realpath(place)) for place in places]
        return bool(met) and all(
            os.path.exists(one) and any(Path(os.path.realpath(one)).is_relative_to(place) for place in gated)
            for one in met
        )
    except (OSError, ValueError):
        return False
