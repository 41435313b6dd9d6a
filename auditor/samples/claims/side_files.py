"""Claims about a whole file, from the card and the files beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.errors import InputError
from auditor.samples.claims.card_prose import prose_claims, sentence_claims, weighed
from auditor.samples.claims.generation_records import CODEX
from auditor.samples.claims.license_files import license_file_claims, own_license, stated_licenses
from auditor.samples.claims.metadata_files import metadata_claims, table_claims
from auditor.samples.claims.sessions import session_claims
from auditor.samples.claims.settings_files import settings_files, settings_licenses
from auditor.samples.claims.values import values
from auditor.samples.inputs.boxed import BoxedPath, boxed_folders, read_side
from auditor.samples.inputs.cards import decoded, read_card
from auditor.samples.inputs.documents import LICENSE_WORD
from auditor.samples.inputs.folders import is_data
from auditor.samples.inputs.sources import DataFile
from auditor.samples.readers.archives.box import ArchiveMember
from auditor.samples.readers.stored import Samples
from auditor.strict_yaml import Limits, read

_LIMIT = 1 << 20
_RESULTS = 64 << 20
"""What a harness writes beside its rows may hold its whole set-up."""
_PIPELINE = Limits(size=4 << 20, nodes=200_000)
"""Pipelines hold their prompts."""
_CARD_TEACHERS = ("teacher", "teacher_model", "teachers", "generator", "generation_model")
PIPELINES = ("distiset_configs/pipeline.yaml", "pipeline.yaml")
_SPEAKS = re.compile(
    r"(?i)(meta(data)?|docs?|documentation|configs?|conf|pipelines?|settings|generation|gen|provenance|card|"
    r"legal|licen[cs]es?|about|info)"
)
"""Folders that describe the data which lies beside them."""
_PART = re.compile(
    r"(?i)data|train(ing)?|tests?|valid(ation)?|val|dev|eval|default|raw|processed|clean(ed)?|splits?|parquet|"
    r"jsonl?|csv|arrow"
)
"""Folders of which the set's card stands one level above."""
_ELSE = re.compile(
    r"(?i)\..*|_.*|eval\w*|bench\w*|tests?|models?|checkpoints?|src|code|scripts?|tools?|assets|images?|figures?|"
    r"node_modules|outputs?|results?|venv|build|dist|licen[cs]es?"
)
"""Folders that hold something else."""
_SPELLED = re.compile(LICENSE_WORD)
_DEEPEST = 4
"""Levels of folders that are looked into for what speaks of the data."""
UNREADABLE_PIPELINE = "a pipeline that cannot be read"
_DATED = re.compile(r"_(\d{4}-\d\d-\d\dT[\d.:-]+)\.jsonl?")


def file_claims(file: DataFile, record_kind: str | None) -> tuple[Claim, ...]:
    """Return what cards and side files say about all rows of a file, those nearest to it first.

    Every folder from the file's up to the named one may hold some. What a `LICENSE` grants counts only for a
    folder that the user named: beside a single file it may be that of code.

    Args:
        record_kind: what most rows of the file are; see `record_claims`.
    """
    folders = tuple(folders_of(file))
    claims = [one for folder, at in folders for one in license_file_claims(folder, at, of_data(folder, file))]
    own = own_license(file)
    stated_of_file = stated_licenses(own) if own.is_file() else []
    claims += [Claim(ClaimKind.LICENSE, one, Basis.SIDE_FILE, own.name) for one in stated_of_file]
    claims += _pipeline(file.root)
    claims += record_claims(file, record_kind)
    claims += table_claims(file.stored)
    claims += [claim for folder, at in folders for claim in metadata_claims(folder, at)]
    claims += [claim for folder, at in folders for claim in _card(folder, at)]
    settings = [(path, at) for folder, at in folders if at != "../" for path in settings_files(folder)]
    claims += [claim for path, at in settings for claim in settings_licenses(path, at)]
    asked = [one for folder, at in folders for one in _gated(folder, at)]
    prose = [one for folder, at in folders for one in prose_claims(folder, at, of_data(folder, file))]
    inferred = [one for one in claims if one.basis is Basis.INFERRED]
    stated = [one for one in claims if one.basis is not Basis.INFERRED]
    stated += [one for one in prose if one.basis is not Basis.INFERRED]
    inferred += [one for one in prose if one.basis is Basis.INFERRED]
    return (*stated, *dict.fromkeys(weighed([*inferred, *asked], stated)))


def _gated(folder: Path, at: str) -> Iterator[Claim]:
    """Yield what a card asks of whoever wants the data."""
    card = read_card(folder)
    fields = card.get("extra_gated_fields")
    for text in (card.get("extra_gated_prompt"), *(fields if isinstance(fields, dict | list) else ())):
        if isinstance(text, str):
            yield from sentence_claims(text, f"{at}README.md:extra_gated")


def of_data(folder: Path, file: DataFile) -> bool:
    """Tell whether a folder is about the data: the user named it, or it is in the archive of the rows."""
    return file.whole_folder or isinstance(folder, BoxedPath)


def card_files(folder: Path) -> list[Path]:
    """Return the cards of a folder; the first of them is read."""
    return [folder / name for name in _names(folder) if name.lower() == "readme.md"]


def side_files(folder: Path) -> list[Path]:
    """Return the files of a folder that may name the model of a generation record."""
    patterns = ("results*.json", "*results.json", "info.json", "tgi*info.json")
    return sorted({path for pattern in patterns for path in folder.glob(pattern)})


def record_claims(file: DataFile, record_kind: str | None) -> tuple[Claim, ...]:
    """Return what stands beside records that name no model: `lm-eval` and `tgi` rows, sessions of agents."""
    if record_kind == "lm-eval":
        return tuple(_lm_eval(file))
    if record_kind == CODEX:
        return tuple(session_claims(file.path))
    return tuple(_tgi(file.path.parent)) if record_kind == "tgi" else ()


def folders_of(file: DataFile) -> Iterator[tuple[Path, str]]:
    """Yield the folders whose cards speak of a file, each with its name in `where`.

    Beside the data, folders such as `meta` and `docs` speak of it too, where the user named the folder.
    """
    if isinstance(file.boxed, ArchiveMember | Samples):
        member = file.boxed if isinstance(file.boxed, ArchiveMember) else None
        for box, at in boxed_folders(member, file.path):
            yield box, at
            yield from ((box / name, f"{at}{name}/") for name in _inner(box))
    inner = file.path.parent
    met = [inner, file.root]
    while inner != file.root and inner.is_relative_to(file.root):
        at = f"{inner.relative_to(file.root).as_posix()}/"
        yield inner, at
        yield from _spoken_of(inner, at, file, met)
        inner = inner.parent
        met.append(inner)
    yield file.root, ""
    yield from _spoken_of(file.root, "", file, met)
    # The hub keeps the card beside the folder `data`, others beside that of a split.
    if _PART.fullmatch(file.root.resolve().name):
        yield file.root / "..", "../"


def _spoken_of(folder: Path, at: str, file: DataFile, met: list[Path]) -> Iterator[tuple[Path, str]]:
    for name in _inner(folder) if file.whole_folder else ():
        if folder / name not in met:
            yield folder / name, f"{at}{name}/"


def _inner(folder: Path, depth: int = 0) -> Iterator[str]:
    """Yield the folders in one that speak of the data beside them: by name, or with documents and no data.

    Those within them do too: `wandb/run-7/files`.
    """
    try:
        names = _folders_in(folder, folder.stat().st_mtime_ns)
    except OSError:
        return
    for name in names:
        told = isinstance(folder, BoxedPath) or _ELSE.fullmatch(name) is not None
        if _SPEAKS.fullmatch(name) or not (told or _holds_data(folder / name)):
            yield name
            if depth < _DEEPEST:
                yield from (f"{name}/{inner}" for inner in _inner(folder / name, depth + 1))


@lru_cache(1024)
def _folders_in(folder: Path, _changed: int) -> tuple[str, ...]:
    return tuple(name for name in _names(folder) if (folder / name).is_dir())


def _holds_data(folder: Path, depth: int = 0) -> bool:
    """Tell whether data lie in a folder; what lies too deep in it is taken for some."""
    paths = [folder / name for name in _names(folder)]
    return any(
        (depth >= _DEEPEST or _holds_data(path, depth + 1)) if path.is_dir() else is_data(path)
        for path in paths
    )


def _card(folder: Path, at: str) -> Iterator[Claim]:
    card = read_card(folder)
    for key in _license_keys(card):
        yield from _texts(ClaimKind.LICENSE, card[key], at, key)
    for key, value in _further_licenses(card):
        yield from _texts(ClaimKind.LICENSE, value, at, key)
    for name in _CARD_TEACHERS:
        yield from _texts(ClaimKind.TEACHER, card.get(name), at, name)
    sources = card.get("source_datasets")
    if isinstance(sources, list):
        sources = [source for source in sources if source != "original"]
    yield from _texts(ClaimKind.SOURCE, sources, at, "source_datasets")


def _license_keys(card: dict[str, Any]) -> list[str]:
    """Name the keys that say the license; `other` says nothing where a name or a link is given."""
    named = [key for key in ("license_name", "license_link") if _is_name(card.get(key))]
    if card.get("license") in ("other", ["other"]) and named:
        return named[:1]
    return ["license", *(key for key in named if key == "license_name")] if "license" in card else []


def _further_licenses(card: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the licenses that stand under another spelling, or a level deeper (`dataset_info`)."""
    for name, value in card.items():
        if name != "license" and _SPELLED.fullmatch(name):
            yield name, value
        for inner in value if isinstance(value, list) else [value]:
            held = _dict(inner) if name != "license" else {}
            yield from ((f"{name}.{key}", held[key]) for key in held if _SPELLED.fullmatch(key.lower()))


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value not in ("", "other", "LICENSE")


def _texts(kind: ClaimKind, value: Any, at: str, key: str) -> Iterator[Claim]:
    for item in value if isinstance(value, list) else [value]:
        for text in values(kind, item):
            yield Claim(kind, text, Basis.CARD, f"{at}README.md:{key}")


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except OSError:
        return []


def _pipeline(root: Path) -> Iterator[Claim]:
    """Yield the models of a distilabel pipeline, one a step: the last step may only have judged."""
    for name in PIPELINES:
        if not (root / name).exists():
            continue
        content = _pipeline_of(root / name)
        if content is None:
            yield Claim(ClaimKind.TEACHER, UNREADABLE_PIPELINE, Basis.SIDE_FILE, name)
            continue
        for step, model, key in _step_models(content):
            yield Claim(ClaimKind.TEACHER, model, Basis.SIDE_FILE, f"{name}:{step}.{key}")


def _pipeline_of(path: Path) -> Any:
    """Return what a pipeline holds; None where it is not there or cannot be read."""
    try:
        held = read(path, InputError, path.name, limits=_PIPELINE).data if path.exists() else None
    except InputError:
        return None
    return held if held is not None else {}


def is_pipeline(path: Path) -> bool:
    """Tell whether a file is a pipeline whose steps name their models, which is read by itself."""
    return any(_step_models(_pipeline_of(path)))


def _step_models(content: Any) -> Iterator[tuple[str, str, str]]:
    """Yield (step, model, key) of each model that a step calls; a mixture of agents has several."""
    steps = _dict(_dict(content).get("pipeline")).get("steps")
    for step in steps if isinstance(steps, list) else ():
        inner = _dict(_dict(step).get("step"))
        for name in ("llm", "llms"):
            for key, model in _models(inner.get(name), name):
                yield str(step.get("name", "step")), model, key


def _models(value: Any, at: str) -> Iterator[tuple[str, str]]:
    found: dict[str, str] = {}
    for key in ("model_name", "model", "model_id"):
        for model in values(ClaimKind.TEACHER, _dict(value).get(key)):
            found.setdefault(model, f"{at}.{key}")
    yield from ((where, model) for model, where in found.items())
    listed: dict[Any, Any] = dict(enumerate(value)) if isinstance(value, list) else _dict(value)
    for key, one in listed.items():
        if isinstance(one, dict | list) and key not in ("model_name", "model", "model_id"):
            yield from _models(one, f"{at}.{key}")


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _lm_eval(file: DataFile) -> Iterator[Claim]:
    folder = file.path.parent
    found = sorted({*folder.glob("results*.json"), *folder.glob("*results.json")})
    dated = _DATED.search(file.path.name)
    same_run = [path for path in found if dated and dated[1] in path.name]
    chosen = same_run or (found if len(found) == 1 else [])
    for path in chosen:
        name = _object(path).get("model_name")
        if isinstance(name, str) and name.strip():
            yield Claim(ClaimKind.TEACHER, name.strip(), Basis.SIDE_FILE, f"{path.name}:model_name")


def _tgi(folder: Path) -> Iterator[Claim]:
    found = sorted({*folder.glob("info.json"), *folder.glob("tgi*info.json")})
    for path in found if len(found) == 1 else ():
        name = _object(path).get("model_id")
        if isinstance(name, str) and name.strip():
            yield Claim(ClaimKind.TEACHER, name.strip(), Basis.SIDE_FILE, f"{path.name}:model_id")
            yield Claim(ClaimKind.ACCESS, "open-weights", Basis.SIDE_FILE, path.name)


def _object(path: Path) -> dict[str, Any]:
    try:
        return _dict(json.loads(_read(path, _RESULTS) or "null"))
    except (ValueError, RecursionError):
        return {}


def _read(path: Path, limit: int = _LIMIT) -> str | None:
    """Return a file's text; None where it cannot be opened, or is longer than we read."""
    try:
        data = read_side(path, limit + 1)
    except OSError:
        return None
    return decoded(data) if len(data) <= limit else None
