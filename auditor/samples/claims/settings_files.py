"""What settings beside the rows say of them: licenses, and which models a pipeline called to make them.

They are statements of whoever made the data, never settings of this program. A model there is inferred; what
trains or serves a student says nothing of the rows.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, KeysView
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.origin import FILE_METADATA, OF_SETUP
from auditor.domain.role import ROLE_SLOTS, TeacherRole, role_of
from auditor.errors import InputError
from auditor.files import read_regular
from auditor.samples.claims.card_prose import SENTENCES, sentence_claims
from auditor.samples.claims.column_kinds import kind_of
from auditor.samples.claims.column_names import names_in, plain_name
from auditor.samples.claims.known_names import MAX_ADDRESS, MAX_NAME, Models
from auditor.samples.claims.later_steps import judges
from auditor.samples.claims.license_values import inferred_licenses
from auditor.samples.claims.metadata_files import table_members
from auditor.samples.claims.prose_models import NAMES
from auditor.samples.claims.values import values
from auditor.samples.inputs.cards import decoded
from auditor.samples.inputs.folders import is_side_file
from auditor.samples.readers.stored import Stored
from auditor.strict_yaml import Limits, parse

_SUFFIXES = (".yaml", ".yml", ".toml", ".cff", ".ini", ".cfg")
_MAKEFILES = ("Makefile", "makefile", "GNUmakefile")
_NOT_OF_DATA = re.compile(
    r"(?i)(pyproject|cargo|mkdocs|environment|docker-compose.*|compose|codecov|_config|dependabot|conda.*|"
    r"tslint.*|setup|tox|pytest|mypy|flake8|poetry|uv|netlify|auditor|pnpm.*|action|dataset_infos?|dataset_dict|state|tokenizer.*|results.*|"
    r".*results)\.\w+"
)
"""Settings of code and of tools, and what other readers read."""
_LIMITS = Limits(size=4 << 20, nodes=200_000)
_DEEPEST, _MOST = 16, 4096
"""Levels and texts that are looked at."""
_LICENSE = re.compile(
    r"(data_?|dataset_?)?licen[cs]es?(_(name|id|spdx|type))?|spdx(_id|_license_identifier)?"
)
_A_FILE = re.compile(r"(?i)(see )?(the )?(\./)?licen[cs]e([-_.]\w+)*(\.(md|txt))?( file)?")
_OTHERS = re.compile(r"model|llm|code|software|tool|depend|package|student|feature|column|schema|field")
"""Holders whose license is that of something else than the data."""
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
_OWN = frozenset(
    (
        *("student_base", "intended_use", "student_release_license", "student_name", "trainer_teachers"),
        "competes_with_teacher_provider",
    )
)
"""Members of a plan; a file with two of them is one."""
_OWN_FILES = (("pack", "include"), ("pack", "rules"), ("student", "out"))
"""Members that packs and settings of the reference training step have together."""
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
_HUB_ID = re.compile(r"[A-Za-z][\w.-]*/[\w.-]*\d[\w.-]*")
_NAMED = frozenset(("name", "id", "spdx", "title", "url", "license", "@id"))
_LINE = re.compile(
    r"(?m)^[ \t]*(?:-[ \t]+)?[\"']?([A-Za-z_][\w.-]{0,60})[\"']?[ \t]*[:=][ \t]*[\"']?([^\s#\"'][^#\"'\n]*)"
)


class Said(NamedTuple):
    """A text in settings that may name a model, a set or a service."""

    where: str
    key: str
    value: str
    slot: str


def settings_files(folder: Path) -> list[Path]:
    """Return the files of settings in a folder that may speak of the rows."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in paths if _is_settings(path)]


def settings_licenses(path: Path, at: str = "") -> Iterator[Claim]:
    """Yield the licenses that settings state for the data, and what sentences in them bar or name.

    Args:
        at: the folder as `where` names it.
    """
    held = _held(path)
    if held is None or (isinstance(held, dict) and held.get("type") == "software"):
        return
    where = at + path.name
    for place, name, value in _members(held):
        plain = plain_name(name)
        if _LICENSE.fullmatch(plain) and not _OTHERS.search(place.lower()):
            for text in _license_texts(value):
                yield Claim(ClaimKind.LICENSE, text, Basis.SIDE_FILE, f"{where}:{place}{name}")
        elif plain in SENTENCES and isinstance(value, str) and " " in value:
            yield from sentence_claims(value, f"{where}:{place}{name}")
    if isinstance(held, dict):
        for claim in inferred_licenses({str(name): value for name, value in held.items()}):
            if not _OTHERS.search(claim.where.lower()):
                yield Claim(claim.kind, claim.value, claim.basis, f"{where}:{claim.where}")


def settings_texts(path: Path, at: str = "") -> list[Said]:
    """Return the texts that may name a model, a set or a service which made the rows."""
    held = _held(path)
    return [] if held is None else texts_in(held, at + path.name)


def table_texts(stored: Stored) -> list[Said]:
    """Return the texts in a table's own metadata that may name a model, a set or a service."""
    return texts_in(table_members(stored), FILE_METADATA)


def texts_in(held: Any, where: str) -> list[Said]:
    """Return the texts in what settings or a card hold that may name a model, a set or a service."""
    members = list(_members(held))
    trains = sum(plain_name(name) in _TRAINS for _, name, _ in members) > 0
    found = []
    for place, name, value in members:
        if not isinstance(value, str) or not 1 < len(value) <= MAX_ADDRESS:
            continue
        whole, kind = f"{place}{name}", kind_of(name)
        if (
            (kind.silent and not kind.read)
            or _STUDENT.search(plain_name(whole))
            or (trains and not _TEACHES.search(whole.lower()))
        ):
            continue
        if kind.hint or kind.sets > 1 or kind.served or "/" in value or NAMES.search(value):
            found.append(Said(f"{where}:{whole}", plain_name(name), value.strip(), _slot(place, name, held)))
    return found


def settings_models(path: Path, models: Models, at: str = "") -> Iterator[Claim]:
    """Yield the models, known sets and services that settings name, as inferred claims with what they did."""
    yield from named_models(settings_texts(path, at), models, OF_SETUP)


def named_models(texts: list[Said], models: Models, ending: str = "") -> Iterator[Claim]:
    """Yield the models, known sets and services that texts name.

    Args:
        ending: how the place of a model's claim ends.
    """
    served: list[Claim] = []
    named = False
    for one in texts:
        kind, where = kind_of(one.key), f"{one.where}{ending}"
        called = [flag[1] for flag in _FLAG.finditer(one.value)] or [one.value]
        found = [name for name in called if len(name) <= MAX_NAME and _is_model(name, one.key, models)]
        if found:
            named = True
            yield from (Claim(ClaimKind.TEACHER, name, Basis.INFERRED, where, one.slot) for name in found)
        elif (known := models.set_named(one.value, False)) is not None:
            yield Claim(ClaimKind.SOURCE, known, Basis.INFERRED, one.where)
        elif (service := models.service_named(one.value, kind.served or kind.read)) is not None:
            served.append(Claim(ClaimKind.HOST, service, Basis.INFERRED, one.where))
    if not named:
        yield from served


def _is_model(name: str, key: str, models: Models) -> bool:
    return models.is_model(name, kind_of(key).hint) or (
        key in _MODELS and _HUB_ID.fullmatch(name) is not None
    )


def _is_settings(path: Path) -> bool:
    suffix = path.suffix.lower()
    if path.name.startswith(".") or _NOT_OF_DATA.fullmatch(path.name):
        return False
    if path.name in _MAKEFILES:
        return path.is_file()
    return (suffix in _SUFFIXES or (suffix == ".json" and is_side_file(path))) and path.is_file()


def _held(path: Path) -> Any:
    """Return what settings hold; of such that break their form the lines that set something."""
    try:
        facts = path.stat()
    except OSError:
        return None
    held = _read(path, facts.st_mtime_ns, facts.st_size)
    return None if isinstance(held, dict) and _is_own(held.keys()) else held


def _is_own(names: KeysView[Any]) -> bool:
    """Tell whether a file is a plan, waivers, a pack or the like: this program is told by it, not of rows."""
    if names == {"waivers"} or len(_OWN & names) > 1:
        return True
    return any(names >= set(own) for own in _OWN_FILES)


@lru_cache(64)
def _read(path: Path, _changed: int, size: int) -> Any:
    try:
        raw = read_regular(path, _LIMITS.size + 1) if size <= _LIMITS.size else b""
    except OSError:
        return None
    text = decoded(raw) or ""
    if path.name in _MAKEFILES:
        return {"lines": text.splitlines()[:_MOST]}
    try:
        if path.suffix.lower() == ".json":
            return json.loads(text) if text.strip() else None
        if path.suffix.lower() == ".toml":
            return tomllib.loads(text)
        return parse(text, path.name, InputError, limits=_LIMITS, empty=True).data
    except (InputError, ValueError, RecursionError):
        return {"lines": [{match[1]: match[2].strip()} for match in _LINE.finditer(text)][:_MOST]}


def _members(held: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield each member that holds no object, with its holder: `steps[0].llm.`, `model`, `gpt-4`."""
    left: list[tuple[str, str, Any, int]] = [("", "", held, 0)]
    count = 0
    while left and count < _MOST:
        place, name, value, depth = left.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(value, dict):
            below = f"{place}{name}." if name else place
            if _LICENSE.fullmatch(plain_name(name)):
                yield place, name, value
            left += [(below, str(key), inner, depth + 1) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            if _LICENSE.fullmatch(plain_name(name)):
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


def _license_texts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        named = isinstance(one, dict) and not _NAMED.isdisjoint(one)
        if named or (isinstance(one, str) and not _A_FILE.fullmatch(one.strip())):
            yield from values(ClaimKind.LICENSE, one)


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
