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
    r"(?:^|[._])(teachers?|rewards?|judges?|graders?|verifiers?|genrm|rm|kd_online|orm|prm|agent_func|"
    r"external_plugins?)(?=$|[._\[])"
)
_NAMES_MODEL = re.compile(
    r"(teacher|reward|judge)(_model)?(_name|_path|_id|_name_or_path|_pretrain)?|teachers|judges|reward_models|"
    r"(teacher|reward|judge)_(model_)?(server|adapters|pretrain|url|server_urls?|base_url|api_base)|"
    r"reward_funcs?|kd_online_server_base_url|remote_rm_url|agent_func_path|(teacher|reward)_lora_path|orm|prm"
)
_ALSO = re.compile(
    r"(expert|grader|verifier|oracle|critic|rm|kd|distill(ation)?|t)_(model|llm|lm|net)s?"
    r"(_(name|path|id|name_or_path|url))?"
)
_TEACHES = re.compile(r"teacher|reward|judge")
_NO_NAME = re.compile(
    r"(.*_)?(temperature|(max|min|num|n|top|batch)_(?!.*(path|name|model|url|id)$)[a-z_]+|weights?|"
    r"alpha|beta|gamma|lambda|coef|seed|port|timeout|size|scale|clip|clip_range|normalization|"
    r"(torch_)?dtype|precision|quantization|attn_implementation|device(_map)?|parallel|deepspeed|strategy|"
    r"fsdp_config|load_format|revision|kind|type|role|keys?|column|field|format|method|loss|mode|"
    r"func_names|processing_class(es)?|attn_impl|reduction|enabled?|"
    r"template|prompt|instruction|tokenizer(_name|_path|_name_or_path)?|processor|"
    r"(log|logging|output|save|cache)(_dir|_path|_file)?|level|reward_manager)|"
    r"scale_rewards|kd_online_server|reward_loop_source|competes_with_teacher_provider|access|license|generated_at"
)
"""Members of a teacher's or judge's settings that are no model; every other one names a model."""
_NO_NAME_BELOW = re.compile(
    r"(.*[._])?((custom_reward_function|reward_manager|module|rollout|inference|engine|optimizer|scheduler)"
    r"\.name|reward_manager\.source|(generation_config|sampling_params|optimizer|scheduler|profiler)\..*)"
)
_VAGUE = re.compile(r"backend|provider|_component_|_target_|checkpoint_files|recipe_checkpoint")
"""Say who answers or what builds the model; a name of the model beside them says more."""
_EXACT = re.compile(r"(teacher|reward|judge)(_model)?(_name|_path|_name_or_path)?")
_SHARE = re.compile(r"((?:.*[._])?(?:teachers|judges|graders|(?:teacher|reward|judge)_models|reward_funcs))\."
                    r"([^.]+|.*\d\.\d.*)", re.IGNORECASE)  # fmt: skip
"""A model as the key of its share: `teachers: {NAME: 0.5}`."""
_NOTHING = re.compile(r"|null|none|~|true|false|[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_]+\d{0,2}")
_ROLES_OF_A_TEACHER = {
    TeacherRole.LOGITS, TeacherRole.WRITER, TeacherRole.REWRITER, TeacherRole.TRANSLATOR,
    TeacherRole.PROMPT_WRITER,
}  # fmt: skip
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
    flat = {key: _numbered(key, value) for key, value in _opened(settings)}
    yield from (one for one in _shares(flat, revision) if not _is_off(f"{one.key}.{one.name}", flat))
    named = {key: value for key, value in flat.items() if names_model(key, value) and not _is_off(key, flat)}
    exact = [key for key in named if not _is_vague(key, flat[key])]
    for key, value in named.items():
        if not _is_vague(key, value) or not any(one.startswith(_around(key)) for one in exact):
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


def _shares(flat: Mapping[str, Any], revision: str | None) -> Iterator[Used]:
    for key, value in flat.items():
        share = _SHARE.fullmatch(key)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if share and number and not _NO_NAME.fullmatch(_lowered(share[2])):
            yield Used(share[1], share[2], revision)


def _numbered(key: str, value: Any) -> Any:
    """Return a number as text where it can only be a name: a folder may be called `7`."""
    number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if number and _EXACT.fullmatch(_lowered(key).rpartition(".")[2]) else value


def names_model(key: str, value: Any) -> bool:
    """Tell whether a setting names a model that teaches, rewards or judges; one that is not known does."""
    lowered = _lowered(key)
    leaf = lowered.rpartition(".")[2]
    if not isinstance(value, str):
        return False
    if _NOTHING.fullmatch(value.strip()):
        return value.strip().isdigit() and _EXACT.fullmatch(leaf) is not None
    if _NAMES_MODEL.fullmatch(leaf) or _ALSO.fullmatch(leaf):
        return True
    if not teaches(key):
        return False
    if leaf.endswith(("_kind", "_type")) and not _WORD.fullmatch(value.strip()):
        return True
    return not _NO_NAME.fullmatch(leaf) and not _NO_NAME_BELOW.fullmatch(lowered)


def _lowered(key: str) -> str:
    """Return a key in one spelling: `--teacher-model`, `teacherModel` and `teacher_model[0]` are the same."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.lstrip("-").replace("-", "_"))
    return re.sub(r"\[\d+\]", "", re.sub(r"[@/]", ".", parted.lower()))


def _is_vague(key: str, value: str) -> bool:
    return "/" not in value and _VAGUE.fullmatch(_lowered(key).rpartition(".")[2]) is not None


def _around(key: str) -> str:
    """Return how the keys start that lie with a vague one; torchtune's checkpointer is beside its model."""
    parent = key.rpartition(".")[0]
    return re.sub(r"(model|checkpointer)$", "", parent) if key.endswith("_component_") else f"{parent}."


def teaches(name: str) -> bool:
    """Tell whether a name speaks of a teacher, reward or judge."""
    return _TEACHES.search(name.lower()) is not None or _WORKS.search(_lowered(name)) is not None


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
    judges = any(
        word in lowered
        for word in ("reward", "judge", "agent_func", "grader", "verifier", "plugin", "critic")
    )
    judges = judges or re.search(r"(^|[._])(remote_|gen)?(rm|orm|prm)(?=$|[._\[])", lowered) is not None
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
