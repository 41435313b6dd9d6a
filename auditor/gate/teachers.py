"""Models that a trainer asks for logits, rewards or judgments, held against those that the permit names.

Such a teacher leaves no row, so that no row digest tells of it: its name in the trainer's settings does.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from auditor.domain.permit import Permit
from auditor.domain.role import TeacherRole
from auditor.errors import RefusedError
from auditor.printable import plain

_WORKS = re.compile(
    r"(?:^|[._])(teachers?|rewards?|judges?|kd_online|remote_rm|orm|prm|agent_func)(?=$|[._\[])"
)
_NAMES_MODEL = re.compile(
    r"(teacher|reward|judge)(_model)?(_name|_path|_id|_name_or_path|_pretrain)?|teachers|judges|reward_models|"
    r"(teacher|reward|judge)_(model_)?(server|adapters|pretrain|url|server_urls?|base_url|api_base)|"
    r"reward_funcs?|kd_online_server_base_url|remote_rm_url|agent_func_path|(teacher|reward)_lora_path|orm|prm"
)
_TEACHES = re.compile(r"teacher|reward|judge")
_ALSO = re.compile(
    r"(expert|grader|verifier|oracle|critic|rm|kd|distill(ation)?|t)_(model|llm|lm|net)s?(_(name|path|id|name_or_path|url))?"
)
# What stands under such a key and names no model: any text, and single words of a closed set of settings.
_ANY_TEXT = re.compile(
    r"(^|_)((prompt|chat)_template|template|system_prompt|tokenizer(_name_or_path|_name|_path)?|"
    r"(output|save|log|logging|cache)(_(dir|path))?|revision|func_names|processing_classes)$"
)
_ONE_WORD = re.compile(
    r"(^|_)(kind|type|dtype|torch_dtype|precision|device|device_map|attn_implementation|attn_impl|strategy|backend|"
    r"scale_rewards|reward_manager|reward_type|kd_online_server|load_format|quantization|reduction|mode|key|enabled?)$"
)
_NOT_TEXT = re.compile(r"[-+]?[\d.]+(e[-+]?\d+)?|true|false|yes|no|on|off|none|null|~", re.IGNORECASE)
_INNER = re.compile(
    r"(model_)?(path|name|name_or_path|id|url|base_url|api_base|server|server_url|pretrain)|model|"
    r"remote_url|backend_url|model_dir"
)
_NO_NAME = re.compile(r"template|tokenizer|kwargs|dtype|revision|weight|log|output|save|cache|dir$|type$")
_ROLES_OF_A_TEACHER = {
    TeacherRole.LOGITS, TeacherRole.WRITER, TeacherRole.REWRITER, TeacherRole.TRANSLATOR,
    TeacherRole.PROMPT_WRITER,
}  # fmt: skip
_JUDGING = ("reward", "judge", "remote_rm", "orm", "prm", "agent_func", "grader", "verifier", "critic", "rm_")
_ROLES_OF_A_JUDGE = {TeacherRole.REWARD, TeacherRole.JUDGE, TeacherRole.FILTER}


@dataclass(frozen=True, slots=True)
class Used:
    """A model that a trainer is about to ask."""

    key: str
    """The setting that names it, dotted."""
    name: str
    """Empty where the trainer holds a model that bears no name."""
    revision: str | None = None
    file: str = ""
    """The file of settings that it stands in."""


def check_teachers(permit: Permit, used: Iterable[Used]) -> None:
    """Refuse models that the permit does not hold: by name, by what they do, and by revision.

    Raises:
        RefusedError: there is one; the message names all of them.
    """
    missing = [one for one in used if not any(_is(one, declared) for declared in permit.trainer_teachers)]
    if missing:
        several = len(missing) > 1
        raise RefusedError(
            f"the trainer asks {'models' if several else 'a model'} that the permit does not hold: "
            + ", ".join(dict.fromkeys(_said(one) for one in missing)),
            fix="name each in the plan's trainer_teachers, as the trainer does, with its role; audit again",
        )


def named_teachers(settings: Mapping[str, Any], revision: str | None = None) -> Iterator[Used]:
    """Yield the models that settings name, whatever the trainer: keys may be nested or dotted."""
    flat = dict(_opened(settings))
    for key, value in flat.items():
        if names_model(key, value) and not _is_off(key, flat):
            found = revisions_of(key, settings) or (revision,)
            yield from (Used(key, value, one) for one in found)


def _opened(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what `flatten` does, mappings and lists that are written as JSON in one text too."""
    for key, value in flatten(settings):
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") and teaches(key):
            try:
                yield from flatten(json.loads(value), key)
                continue
            except (ValueError, RecursionError):
                pass
        yield key, value


def names_model(key: str, value: Any) -> bool:
    """Tell whether a setting names a model that teaches, rewards or judges."""
    if not isinstance(value, str) or not value.strip():
        return False
    lowered = re.sub(r"\[\d+\]", "", key.lower().lstrip("-").replace("-", "_"))
    leaf = lowered.rpartition(".")[2]
    if _NAMES_MODEL.fullmatch(leaf) or _ALSO.fullmatch(leaf):
        return True
    if _TEACHES.search(lowered):
        return not _is_setting(leaf, value.strip())
    if not _WORKS.search(lowered) or _NO_NAME.search(leaf):
        return False
    return _INNER.fullmatch(leaf) is not None or "/" in value


def _is_setting(leaf: str, value: str) -> bool:
    if _ANY_TEXT.search(leaf) or _NOT_TEXT.fullmatch(value):
        return True
    return _ONE_WORD.search(leaf) is not None and re.fullmatch(r"[a-z_]+\d{0,2}", value) is not None


def teaches(name: str) -> bool:
    """Tell whether a name speaks of a teacher, reward or judge."""
    return _TEACHES.search(name.lower()) is not None or _WORKS.search(name.lower()) is not None


def flatten(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every single value with its dotted key; members of lists bear `[n]`."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from flatten(item, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from flatten(item, f"{key}[{number}]")
    else:
        yield key, value


def _is_off(key: str, flat: Mapping[str, Any]) -> bool:
    """Tell whether the part of the settings that a key lies in is switched off."""
    parts = key.split(".")
    above = (".".join(parts[:length]) for length in range(1, len(parts)))
    return any(flat.get(f"{one}.{name}") is False for one in above for name in ("enable", "enabled"))


def revisions_of(key: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return every revision that settings give for the model that a key names: which one is taken differs."""
    word = _TEACHES.search(key.lower())
    parent = key.rpartition(".")[0]
    found: dict[str, None] = {}
    for place, value in _opened(settings):
        lowered = place.lower()
        if not value or not lowered.endswith("revision") or "tokenizer" in lowered:
            continue
        above = place.rpartition(".")[0]
        near = (above == parent) or (above and key.startswith(f"{above}."))
        beneath = bool(parent) and place.startswith(f"{parent}.")
        apart = place.partition(".")[0] != key.partition(".")[0]
        named = word is not None and word[0] in lowered
        if (named and (near or beneath or apart)) or (
            parent and above == parent and lowered.endswith(".revision")
        ):
            found[str(value)] = None
    return tuple(found)


def _is(used: Used, declared: Mapping[str, Any]) -> bool:
    if not used.name or str(declared.get("role")) not in _roles(used.key):
        return False
    if not _same(used.name, str(declared.get("name") or ""), str(declared.get("host") or "")):
        return False
    wanted = declared.get("revision")
    return wanted is None or str(wanted) == used.revision


def _roles(key: str) -> set[TeacherRole]:
    lowered = key.lower()
    judges = any(word in lowered for word in _JUDGING)
    return _ROLES_OF_A_JUDGE if judges and "teacher" not in lowered else _ROLES_OF_A_TEACHER


def _same(used: str, name: str, host: str) -> bool:
    if "://" in used:
        return used.rstrip("/") in (name.rstrip("/"), host.rstrip("/")) or (
            bool(host) and _host(used) == host
        )
    if used.rstrip("/") == name.rstrip("/"):
        return True
    return os.path.lexists(used) and os.path.realpath(used) == os.path.realpath(name)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _said(one: Used) -> str:
    revision = f" at revision {one.revision}" if one.revision else ""
    place = f"{one.file}: {one.key}" if one.file else one.key
    return plain(f"{one.name or 'a model without a name'}{revision} ({place})")
