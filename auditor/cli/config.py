"""Settings from `auditor.yaml`, and where each value came from: flag > environment > file > default."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.errors import UsageError
from auditor.ids import Digest, digest_of, is_digest
from auditor.strict_yaml import read

FILE = Path("auditor.yaml")
KEYS: Mapping[str, type] = {
    "data": list,
    "plan": str,
    "policy": str,
    "index": list,
    "ledger": str,
    "out": str,
    "knowledge": str,
    "shape": str,
    "map": list,
    "columns": dict,
    "columns_from": list,
    "jobs": int,
    "waivers": str,
}


_WORDS = {list: "list", dict: "mapping", str: "string", int: "number"}
NAMED_ONLY = ("waivers", "knowledge")
"""Settings that count only in a file that the user named: they lift findings, or replace the facts."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one file, and how it came to be used."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None
    """None where no file was used."""
    digest: str = ""
    named: bool = False
    """The user named the file; otherwise it was found in the working directory."""
    ignored: tuple[str, ...] = ()
    """Settings that do not count because the file was found and not named."""

    def said(self, given: Collection[str]) -> tuple[str, ...]:
        """Return what the user must be told; `given` are the settings that the command line names itself."""
        if self.path is None:
            return ()
        taken = ", ".join(key for key in self.settings if key not in given) or "nothing"
        lines = [f"settings from {self.path}: {taken}"]
        if self.ignored:
            listed = ", ".join(f"`{key}`" for key in self.ignored)
            lines.append(f"not taken from {self.path}, which was not named: {listed} (see --config)")
        return tuple(lines)


def find_config(named: Path | None, *, none: bool = False) -> Config:
    """Return the settings in force: of the file that was named, else of the working directory's.

    Where `CI` is set nothing is taken from a file that was not named: whoever can add a file to the data
    would choose the policy.

    Raises:
        UsageError: a named file is missing, one was found under CI and not named, or as `read_config`.
    """
    if named is not None and none:
        raise UsageError("--config and --no-config exclude each other", fix="leave one out")
    if named is not None and not named.is_file():
        raise UsageError("there is no such file of settings", where=str(named), fix="see `auditor init`")
    path = named or FILE
    if none or not path.is_file():
        return Config()
    if named is None and in_ci():
        raise UsageError(
            f"{FILE} lies in the working directory and was not named; CI takes no settings unasked",
            where=str(FILE.absolute()),
            fix=f"give --config {FILE} to use it, --no-config to leave it, or remove the file",
        )
    settings = read_config(path)
    ignored = () if named else tuple(key for key in settings if key in NAMED_ONLY)
    kept = {key: value for key, value in settings.items() if key not in ignored}
    return Config(kept, path, digest_of(path.read_bytes()), named is not None, ignored)


def in_ci() -> bool:
    """Tell whether `CI` is set to something that does not say no."""
    return os.environ.get("CI", "false").strip().lower() not in ("", "0", "false", "no")


def read_config(path: Path = FILE) -> dict[str, Any]:
    """Return the settings of `path`; none where the file is absent.

    Raises:
        UsageError: no YAML, an unknown key, or a value of the wrong type.
    """
    if not path.is_file():
        return {}
    loaded = read(path, UsageError, empty=True).data
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise UsageError("the settings must be a mapping", where=str(path), fix="see `auditor init`")
    for key, value in loaded.items():
        kind = _kind(key, value)
        if kind is None:
            raise UsageError(f"unknown setting `{key}`", where=str(path), fix=f"known: {', '.join(KEYS)}")
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            raise UsageError(f"`{key}` must be a {_WORDS[kind]}", where=str(path), fix="see `auditor init`")
        if isinstance(value, dict):
            loaded[key] = _columns(value, path) if key == "columns" else _catalog(value, path)
            continue
        if isinstance(value, int):
            if value < 1:
                raise UsageError(f"`{key}` is {value}", where=str(path), fix="give 1 or more")
            continue
        for item in value if isinstance(value, list) else [value or ""]:
            if not isinstance(item, str) or "\0" in item:
                raise UsageError(f"`{key}` holds {item!r}", where=str(path), fix="give names as text")
    return {key: value for key, value in loaded.items() if value is not None}


def _kind(key: str, value: object) -> type | None:
    """Return what a setting must be; a catalog is named by a text or by its parts."""
    return dict if key == "knowledge" and isinstance(value, dict) else KEYS.get(key)


def _catalog(value: dict[str, Any], path: Path) -> str:
    """Return the catalog that a bundle and an overlay make together."""
    from auditor.knowledge.choice import Choice

    bundle, overlay = value.get("bundle"), value.get("overlay")
    fix = "write `bundle: sha256:DIGEST`, and `overlay: FOLDER` where there is one"
    if value.keys() - {"bundle", "overlay"} or not (isinstance(bundle, str) and is_digest(bundle)):
        raise UsageError("`knowledge` does not name a catalog bundle", where=str(path), fix=fix)
    if overlay is not None and (not isinstance(overlay, str) or not overlay or "\0" in overlay):
        raise UsageError("`knowledge.overlay` is not a folder's name", where=str(path), fix=fix)
    return str(Choice(Digest(bundle), Path(overlay) if overlay else None))


def _columns(value: dict[str, Any], path: Path) -> list[str]:
    """Return the lines that a mapping of roles to columns stands for."""
    from auditor.samples.shapes.map_entry import written_columns

    return list(written_columns(value, str(path)))
