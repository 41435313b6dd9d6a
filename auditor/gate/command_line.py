"""What a trainer's command says: the settings in its arguments, and the files of settings that it names."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_SETTING = re.compile(r"(?:--?|\+{1,2})?([A-Za-z_][\w.@/-]*)=(.*)", re.DOTALL)
_FLAG = re.compile(r"--?[A-Za-z_]")
_FILE = re.compile(r".+\.(ya?ml|json)", re.IGNORECASE)
_SHORT = (
    (re.compile(r"tea(c(he?)?)?"), "teacher"),
    (re.compile(r"rew(ar?)?"), "reward"),
    (re.compile(r"jud(g)?"), "judge"),
    (re.compile(r"rlhf_te(a(c(he?)?)?)?"), "rlhf_teacher"),
    (re.compile(r"kd_on\w*"), "kd_online_server_base_url"),
    (re.compile(r"external_p\w*"), "external_plugins"),
    (re.compile(r"agent_f\w*"), "agent_func_path"),
)
"""Beginnings that argparse takes for the whole key; longer ones speak of a teacher by themselves."""
_DEEPEST = 8


def words_of(command: Sequence[str], depth: int = 0) -> list[str]:
    """Return the words of a command, those of a shell's string (`sh -c '…'`, `--wrap='…'`) among them."""
    words: list[str] = []
    for word in command:
        words.append(word)
        named = _SETTING.fullmatch(word)
        text = named[2] if named else word
        if depth < _DEEPEST and re.search(r"\s|[;&|]", text) and not text.lstrip().startswith(("{", "[")):
            inner = words_of(_split(text), depth + 1)
            if any(_FLAG.match(one) or _SETTING.fullmatch(one) or _FILE.fullmatch(one) for one in inner):
                words.extend(inner)
    return words


def _split(text: str) -> list[str]:
    try:
        reader = shlex.shlex(text, posix=True, punctuation_chars=";&|<>()")
        reader.whitespace_split, reader.commenters = True, ""
        return list(reader)
    except ValueError:
        return text.split()


def settings_of(command: Sequence[str]) -> dict[str, Any]:
    """Return the settings that a command's arguments give: `--key value`, `--key=value` and `key=value`."""
    found: dict[str, list[Any]] = {}
    key = ""
    for word in words_of(command)[1:]:
        named = _SETTING.fullmatch(word)
        if named:
            key = ""
            found.setdefault(_whole(named[1]), []).append(_value(named[2]))
        elif _FLAG.match(word):
            key = _whole(word.lstrip("-"))
        elif key:
            found.setdefault(key, []).append(_value(word))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _whole(key: str) -> str:
    """Return a key as settings have it: hydra's groups dotted, and no abbreviations."""
    plain = re.sub(r"[@/]+", ".", key.replace("-", "_"))
    return next((whole for short, whole in _SHORT if short.fullmatch(plain)), plain)


def deletes(command: Sequence[str]) -> bool:
    """Tell whether a command takes settings away, as hydra's `~key` does."""
    return any(re.match(r"~[A-Za-z_]", word) for word in words_of(command)[1:])


def files_in(command: Sequence[str]) -> Iterator[Path]:
    """Yield the files of settings that a command names, each once."""
    words = words_of(command)[1:]
    settings = settings_of(command)
    names = [text for word in words for text in (word, word.partition("=")[2], word.lstrip("@"))]
    chosen = [settings.get(key) for key in ("config_name", "cn", "config_path", "cp", "config_dir", "cd")]
    stems = [str(one) for one in chosen[:2] if isinstance(one, str)]
    folders = [".", *(str(one) for one in chosen[2:] if isinstance(one, str))]
    names += [
        os.path.join(folder, stem + end) for folder in folders for stem in stems for end in ("", ".yaml")
    ]
    seen: set[str] = set()
    for name in names:
        if _FILE.fullmatch(name) and _exists(name) and (real := os.path.realpath(name)) not in seen:
            seen.add(real)
            yield Path(name)


def _exists(name: str) -> bool:
    try:
        return os.path.isfile(name)
    except ValueError:
        return False


def _value(text: str) -> Any:
    """Return what a word stands for: JSON's or hydra's mapping or list, or the word itself."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        value, rest = _read(text, 0, 0)
    except (IndexError, ValueError, StopIteration):
        return text
    return value if not text[rest:].strip() else text


def _read(text: str, at: int, depth: int) -> tuple[Any, int]:
    """Read hydra's value that starts at `at`; raises where there is none."""
    at = _over_blanks(text, at)
    opened = text[at]
    if depth > _DEEPEST * 2 or opened in "}],:":
        raise ValueError
    if opened not in "{[":
        return _scalar(text, at, ",}]")
    found: dict[str, Any] = {}
    at = _over_blanks(text, at + 1)
    while text[at] not in "}]":
        key = str(len(found))
        if opened == "{":
            key, at = _scalar(text, at, ":")
            at += 1
        found[key], at = _read(text, at, depth + 1)
        at = _over_blanks(text, at)
        if text[at] == ",":
            at = _over_blanks(text, at + 1)
        elif text[at] not in "}]":
            raise ValueError
    return (found if opened == "{" else list(found.values())), at + 1


def _scalar(text: str, at: int, ends: str) -> tuple[str, int]:
    if text[at] in "'\"":
        end = text.index(text[at], at + 1)
        return text[at + 1 : end], _over_blanks(text, end + 1)
    end = next(place for place in range(at, len(text)) if text[place] in ends)
    return text[at:end].strip(), end


def _over_blanks(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at
