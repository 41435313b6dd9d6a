"""Models, known sets and services in members of settings, cards and metadata, with what they did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.role import ROLE_SLOTS, TeacherRole, role_of
from auditor.samples.claims.column_kinds import kind_of
from auditor.samples.claims.column_names import names_in, plain_name
from auditor.samples.claims.known_names import MAX_ADDRESS, MAX_NAME, Models
from auditor.samples.claims.later_steps import judges
from auditor.samples.claims.prose_models import NAMES

LICENSE_KEY = re.compile(
    r"(data_?|dataset_?)?licen[cs]es?(_(name|id|spdx|type))?|spdx(_id|_license_identifier)?"
)
_SET_KEY = "dataset"
"""Stands for the name of a member in which a set may stand, and no model that made rows."""
_DEEPEST, _MOST = 16, 4096
"""Levels and texts that are looked at."""
_TRAINS = names_in(
    "learning_rate base_model lora_r lora_alpha lora_rank lora_target finetuning_type adapter save_steps "
    "num_train_epochs micro_batch_size per_device_train_batch_size optimizer lr_scheduler_type warmup_ratio "
    "gradient_accumulation_steps architectures model_type transformers_version vocab_size hidden_size "
    "bos_token_id"
)
"""Members of what trains or describes a student."""
_STUDENT = re.compile(
    r"(^|\.)(student\w*|base(_model)?|tokenizer\w*|\w*embed\w*|train(er|ing)?|target_model|ref(erence)?_model)"
    r"(\[\d+\])?(\.|$)"
)
_FROM = re.compile(
    r"(?i)(^|[.:])(sources?|contributors?|creators?|authors?|maintainers|providers?|(was)?(is)?(based|derived)_?(on|from)|"
    r"references?|citations?|derived_?from|upstream|parents?|keywords?|tags?|homepage|same_?as|generated_by)(\[\d+\])?"
    r"(\.|$)"
)
"""Holders in metadata that say who made the data, or what it was made from, under any name below."""
_TEACHES = re.compile(r"teacher|generat|distill|synth")
_NAMED_BY = (
    "name",
    "step",
    "task",
    "stage",
    "role",
    "type",
    "class",
    "id",
    "alias",
    "column_type",
    "_target_",
)
"""Members that say what a step of a pipeline does."""
_MODELS = names_in(
    "model model_name model_id llm teacher_model generator generator_model models model_name_or_path teacher "
    "engine deployment"
)
_FLAG = re.compile(r"--?(?:\w+[-_])?(?:model|llm|teacher|engine)(?:[-_](?:name|id))?[= ]+[\"']?([\w./:-]+)")
"""A model in the arguments of a command."""
_WRAPS = frozenset(("value", "values", "default", "_component_", "_target_", "class_path"))
"""Members that hold the value of their holder, in settings of tools (Weights & Biases, torchtune, Hydra)."""
_BUILDER = re.compile(
    r"(?:[A-Za-z_]\w{0,60}\.){1,8}models\.(?:\w{1,60}\.){0,4}(?:q?lora_|dora_)?([a-z]\w{0,80}\d\w{0,80})"
)
"""A model by the path of the code that builds it."""
_HUB_ID = re.compile(r"[A-Za-z][\w.-]*/[\w.-]*\d[\w.-]*")


class Said(NamedTuple):
    """A text in settings that may name a model, a set or a service."""

    where: str
    key: str
    value: str
    slot: str


def texts_in(held: Any, where: str) -> list[Said]:
    """Return the texts in what settings or a card hold that may name a model, a set or a service."""
    every = list(members(held))
    holders = {_holder(place) for place, _, _ in every}
    trains = not _TRAINS.isdisjoint(map(plain_name, (*(name for _, name, _ in every), *holders)))
    found = [Said(f"{where}:{place}{name}", _SET_KEY, name, "") for place, name in _named_by_id(held)]
    for place, name, value in every:
        if not isinstance(value, str) or not 1 < len(value) <= MAX_ADDRESS:
            continue
        # `model: {value: …}`: what stands in a member without a meaning of its own is called as its holder.
        called = _holder(place) or name if plain_name(name) in _WRAPS else name
        value = _built(value) or value
        whole, kind = f"{place}{name}", kind_of(called)
        of_sets = kind.sets > 1 or "/" in value
        if (
            (kind.silent and not kind.read and not _FROM.search(plain_name(whole)))
            or _STUDENT.search(plain_name(whole))
            or (trains and not of_sets and not _TEACHES.search(whole.lower()))
        ):
            continue
        if kind.hint or of_sets or kind.served or NAMES.search(value) or _FROM.search(plain_name(whole)):
            key = _SET_KEY if trains and not _TEACHES.search(whole.lower()) else plain_name(called)
            found.append(Said(f"{where}:{whole}", key, value.strip(), _slot(place, name, held)))
    return found


def _holder(place: str) -> str:
    """Return the name of what holds a member: of `steps[0].model.` it is `model`."""
    return re.sub(r"\[\d+\]", "", place.rstrip(".").rpartition(".")[2])


def _built(value: str) -> str | None:
    """Return the model that a builder's path names, as models are called; None for another text.

    A path is `torchtune.models.llama3_1.lora_llama3_1_8b`: a number behind `_` is a part of the version,
    unless it counts parameters.
    """
    builder = _BUILDER.fullmatch(value)
    return re.sub(r"(?<=\d)_(?=\d+(?!\d*b))", ".", builder[1]).replace("_", "-") if builder else None


def _named_by_id(held: Any, place: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the names of members that are ids or addresses, as those of a mixture of sets."""
    if isinstance(held, dict) and depth <= _DEEPEST:
        for name, value in held.items():
            if "/" in str(name) and len(str(name)) <= MAX_ADDRESS:
                yield place, str(name)
            yield from _named_by_id(value, f"{place}{name}.", depth + 1)


def named_models(texts: list[Said], models: Models, ending: str = "") -> Iterator[Claim]:
    """Yield the models, known sets and services that texts name.

    Args:
        ending: how the place of a model's claim ends.
    """
    served: list[Claim] = []
    named = False
    for one in texts:
        kind, where = kind_of(one.key), f"{one.where}{ending}"
        found = list(_models_in(one, models))
        if found:
            named = True
            yield from (Claim(ClaimKind.TEACHER, name, Basis.INFERRED, where, one.slot) for name in found)
        elif known := models.source_named(one.value, kind.sets > 1 or bool(_FROM.search(one.where))):
            yield Claim(ClaimKind.SOURCE, known, Basis.INFERRED, one.where)
        elif (service := models.service_named(one.value, kind.served or kind.read)) is not None:
            served.append(Claim(ClaimKind.HOST, service, Basis.INFERRED, one.where))
    if not named:
        yield from served


def _models_in(one: Said, models: Models) -> Iterator[str]:
    """Yield the models that a text names: in a command's flags, as a whole, or behind a service's name."""
    called = [flag[1] for flag in _FLAG.finditer(one.value)]
    for name in called or (one.value, one.value.rpartition(":")[2].removeprefix("#")):
        if len(name) <= MAX_NAME and one.key != _SET_KEY and _is_model(name, one.key, models):
            yield name
            if not called:
                return


def _is_model(name: str, key: str, models: Models) -> bool:
    return models.is_model(name, kind_of(key).hint) or (
        key in _MODELS and _HUB_ID.fullmatch(name) is not None
    )


def members(held: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield each member that holds no object, with its holder: `steps[0].llm.`, `model`, `gpt-4`."""
    left: list[tuple[str, str, Any, int]] = [("", "", held, 0)]
    count = 0
    while left and count < _MOST:
        place, name, value, depth = left.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(value, dict):
            below = f"{place}{name}." if name else place
            if LICENSE_KEY.fullmatch(plain_name(name)):
                yield place, name, value
            left += [(below, str(key), inner, depth + 1) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            if LICENSE_KEY.fullmatch(plain_name(name)):
                yield place, name, value
                continue
            left += [
                (
                    f"{place}{name}[{at}]." if isinstance(inner, dict) else place,
                    "" if isinstance(inner, dict) else name,
                    inner,
                    depth + 1,
                )
                for at, inner in reversed(list(enumerate(value)))
            ]
        elif name:
            count += 1
            yield place, name, value


def _slot(place: str, name: str, held: Any) -> str:
    """Return what a model at a place of a pipeline did, by the names of its holders and their steps."""
    words = [word for part in re.split(r"[.\[\]]+", f"{place}{name}") for word in _words(part)]
    acts = _other_acts(words)
    if not acts:
        acts = [role for text in _steps(place, held) for role in _acts(text)]
    return ROLE_SLOTS.get(acts[-1], "") if acts else ""


def _steps(place: str, held: Any) -> Iterator[str]:
    """Yield what the holders of a place say of themselves: the names of steps, tasks and stages."""
    value = held
    for part in re.findall(r"[^.\[\]]+", place):
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, ValueError, TypeError):
            return
        if isinstance(value, dict):
            yield from (value[key] for key in _NAMED_BY if isinstance(value.get(key), str))


def _acts(text: str) -> list[TeacherRole]:
    if judges(plain_name(text.rpartition(".")[2])):
        return [TeacherRole.JUDGE]
    return _other_acts(_words(text))


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^a-z]+", plain_name(text)) if word]


def _other_acts(words: list[str]) -> list[TeacherRole]:
    return [role for role in map(role_of, words) if role is not None and role is not TeacherRole.WRITER]
