"""What a trainer's settings say of columns: LLaMA-Factory, axolotl, TRL and Unsloth, torchtune.

Each data set that the settings name gives lines of a map, `learned=output`; turns are told by who speaks,
`learned=conversations[from=gpt].value`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Line = tuple[str, str]
"""Role and path; a role may have a slot, `learned@chosen`."""
_MOST, _LONGEST = 256, 200
"""Lines of one data set, and characters of a name in it."""
_SPEAKERS = {"user": "human", "assistant": "gpt", "function": "function_call", "system": "system"}
_ROLES = {"user": ("human", "user"), "assistant": ("gpt", "model", "assistant"), "system": ("system",)}
_ON_INPUTS = (("train_on_inputs", True), ("train_on_input", True), ("completion_only_loss", False))
"""Keys that make a trainer learn its prompts too, with the value that does so."""
_PAIRS = ("chosen", "rejected")


@dataclass(frozen=True, slots=True)
class Columns:
    """The lines for one data set."""

    files: tuple[str, ...]
    """The files that it names; empty where the settings do not say."""
    lines: tuple[Line, ...]


def trainer_columns(settings: Mapping[str, Any]) -> list[Columns]:
    """Return what settings say of the columns of each data set that they name; empty where they name none."""
    found = list(_registry(settings)) or [*_axolotl(settings), *_torchtune(settings), *_trl(settings)]
    return [one for one in found if one.lines]


def _registry(settings: Mapping[str, Any]) -> Iterator[Columns]:
    """Yield the data sets of LLaMA-Factory's `dataset_info.json`."""
    entries = list(settings.values())
    if not all(isinstance(one, dict) and isinstance(one.get("file_name"), str | None) for one in entries):
        return
    for entry in entries:
        if isinstance(entry.get("file_name"), str):
            lines = _turned(entry) if entry.get("formatting") == "sharegpt" else _alpaca(entry)
            yield Columns((entry["file_name"],), _checked(lines))


def _alpaca(entry: Mapping[str, Any]) -> Iterator[Line]:
    columns = _dict(entry.get("columns"))
    usual = {} if columns else {"prompt": "instruction", "query": "input", "response": "output"}
    named = {**usual, **columns}
    for role, keys in (("prompt", ("prompt", "query")), ("system", ("system",)), ("learned", ("response",))):
        yield from ((role, named[key]) for key in keys if key in named)
    yield from ((f"learned@{one}", named[one]) for one in _PAIRS if one in named)
    if "history" in named:
        yield from (("prompt", f"{named['history']}[][0]"), ("learned", f"{named['history']}[][1]"))


def _turned(entry: Mapping[str, Any]) -> Iterator[Line]:
    columns, tags = _dict(entry.get("columns")), _dict(entry.get("tags"))
    turns, who = columns.get("messages", "conversations"), tags.get("role_tag", "from")
    text = tags.get("content_tag", "value")
    said = {role: tags.get(f"{role}_tag", usual) for role, usual in _SPEAKERS.items()}
    yield "prompt", f"{turns}[{who}={said['user']}].{text}"
    yield "learned", f"{turns}[{who}={said['assistant']}].{text}"
    yield "learned", f"{turns}[{who}={said['function']}].{text}"
    yield "system", f"{turns}[{who}={said['system']}].{text}"
    if isinstance(system := columns.get("system"), str):
        yield "system", system
    yield from ((f"learned@{one}", f"{columns[one]}.{text}") for one in _PAIRS if one in columns)


def _axolotl(settings: Mapping[str, Any]) -> Iterator[Columns]:
    for key in ("datasets", "pretraining_dataset"):
        entries = settings.get(key)
        for entry in entries if isinstance(entries, list) else [entries] if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and isinstance(entry.get("path"), str):
                yield Columns(
                    _files(entry, "path"), _checked(_axolotl_lines(entry, _learns(settings, entry)))
                )


def _axolotl_lines(entry: Mapping[str, Any], on_inputs: bool) -> Iterator[Line]:
    kind, asked = entry.get("type", ""), "learned" if on_inputs else "prompt"
    if isinstance(kind, dict):
        for key, role in (
            ("instruction", asked),
            ("input", asked),
            ("output", "learned"),
            ("system", "system"),
        ):
            if isinstance(name := kind.get(f"field_{key}"), str):
                yield role, name
        return
    word = str(kind).partition(".")[0].partition(":")[0]
    if word in ("chat_template", "sharegpt") or "field_messages" in entry:
        yield from _axolotl_turns(entry, word, asked)
    elif word in ("completion", "pretrain") or "field" in entry or "text_column" in entry:
        yield "learned", entry.get("field") or entry.get("text_column") or "text"
    elif word.startswith("alpaca"):
        yield from ((asked, "instruction"), (asked, "input"), ("learned", "output"))
    elif word == "input_output":
        yield "learned", "segments[label=true].text"
    elif isinstance(name := entry.get("field_output"), str):
        yield from ((asked, entry[key]) for key in ("field_instruction", "field_input") if key in entry)
        yield "learned", name


def _axolotl_turns(entry: Mapping[str, Any], word: str, asked: str) -> Iterator[Line]:
    old = word == "sharegpt"
    names = _dict(entry.get("message_property_mappings"))
    turns = entry.get("field_messages", "conversations" if old else "messages")
    who = names.get("role") or entry.get("message_field_role") or ("from" if old else "role")
    text = names.get("content") or entry.get("message_field_content") or ("value" if old else "content")
    spoken = {**_ROLES, **{role: _texts(said) for role, said in _dict(entry.get("roles")).items()}}
    trained = _texts(entry.get("roles_to_train", ["assistant"]))
    for role, words in spoken.items():
        learned = role in trained or asked == "learned" or not trained
        for said in words:
            yield ("learned" if learned else _turn_role(role)), f"{turns}[{who}={said}].{text}"
    for one in _PAIRS:
        if isinstance(name := entry.get(f"field_{one}"), str):
            yield f"learned@{one}", name


def _turn_role(role: str) -> str:
    return "system" if role == "system" else "prompt"


def _torchtune(settings: Mapping[str, Any]) -> Iterator[Columns]:
    for entry in _dicts(settings.get("dataset")):
        asked = "learned" if _learns(settings, entry) else "prompt"
        named = _dict(entry.get("column_map"))
        roles = {"input": asked, "prompt": asked, "output": "learned", "system": "system"}
        lines = [(role, named[key]) for key, role in roles.items() if key in named]
        lines += [(f"learned@{one}", named[one]) for one in _PAIRS if one in named]
        for key in ("conversation_column", "column"):
            if isinstance(entry.get(key), str):
                lines.append(("learned", entry[key]))
        yield Columns(_files(entry, "data_files"), _checked(iter(lines)))


def _trl(settings: Mapping[str, Any]) -> Iterator[Columns]:
    """Yield what arguments of TRL's and Unsloth's trainers say."""
    lines: list[Line] = []
    if isinstance(name := settings.get("dataset_text_field"), str):
        lines.append(("learned", name))
    if settings.get("assistant_only_loss") is False:
        lines.append(("learned", "messages[].content"))
    if _learns(settings, {}) and not isinstance(
        settings.get("datasets", settings.get("dataset")), list | dict
    ):
        lines.append(("learned", "prompt"))
    yield Columns(_files(settings, "dataset_name"), _checked(iter(lines)))


def _learns(*settings: Mapping[str, Any]) -> bool:
    """Tell whether a trainer learns its prompts too."""
    return any(one.get(key) is value for one in settings for key, value in _ON_INPUTS)


def _files(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    named = _dict(entry.get("data_files")).values() if isinstance(entry.get("data_files"), dict) else ()
    listed = [entry.get("data_files"), *named]
    found = [text for one in listed for text in _texts(one)]
    return tuple(found) or tuple(_texts(entry.get(key)))


def _checked(lines: Iterator[tuple[str, Any]]) -> tuple[Line, ...]:
    """Return lines whose paths are texts of a name's length, each once."""
    fit = (
        (role, path)
        for role, path in lines
        if isinstance(path, str) and path.strip() and len(path) <= _LONGEST
    )
    return tuple(dict.fromkeys(fit))[:_MOST]


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
