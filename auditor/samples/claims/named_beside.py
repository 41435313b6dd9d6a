"""Which models, known sets and services are named beside rows: in settings, cards, metadata and prose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.origin import UNKNOWN
from auditor.samples.claims.card_prose import (
    SENTENCES,
    document_files,
    names_listed,
    sentence_claims,
    sets_in,
    sets_named,
)
from auditor.samples.claims.column_names import names_in
from auditor.samples.claims.known_names import Models
from auditor.samples.claims.metadata_files import metadata_files, metadata_of, told
from auditor.samples.claims.named_texts import named_models, texts_in
from auditor.samples.claims.prose_sets import known_sets
from auditor.samples.claims.registries import of_registry
from auditor.samples.claims.settings_files import (
    sets_in_settings,
    settings_files,
    settings_models,
    table_texts,
)
from auditor.samples.claims.side_files import PIPELINES, folders_of, is_pipeline
from auditor.samples.inputs.cards import read_card
from auditor.samples.inputs.sources import DataFile

_NO_MODELS = names_in(
    "license license_name license_link source_datasets dataset_info datasets base_model model-index widget "
    "configs language extra_gated_prompt extra_gated_fields"
)
"""Keys of a card that are read by themselves, or speak of what was trained on the data."""
_OF_MODELS = ("base_model", "pipeline_tag", "library_name", "model-index")
"""Keys of a model's card, whose `datasets` are what it was trained on."""


def set_up_claims(file: DataFile, models: Models) -> tuple[Claim, ...]:
    """Return the models, sets and services that settings beside a file, or a table's own metadata, name.

    Distilabel's pipelines are read by themselves.
    """
    told = {file.root / name for name in PIPELINES if is_pipeline(file.root / name)}
    found: list[Claim] = []
    for folder, at in folders_of(file):
        if at != "../":
            for path in settings_files(folder):
                if path not in told:
                    found += settings_models(path, models, at)
                    found += _sources(sets_in_settings(path), models, at + path.name)
        found += _card_models(read_card(folder), at, models)
        for path in document_files(folder):
            found += _sources(sets_named(path), models, at + path.name)
            found += _listed_models(path, at, models)
        for path in metadata_files(folder):
            found += _in_metadata(path, at, file, models)
    return tuple(dict.fromkeys((*found, *named_models(table_texts(file.stored), models))))


def _sources(names: Iterable[str], models: Models, where: str) -> Iterator[Claim]:
    """Yield the known sets among the names that a document says the data was taken from."""
    for known in known_sets(names, models):
        yield Claim(ClaimKind.SOURCE, known, Basis.INFERRED, where)


def _listed_models(path: Path, at: str, models: Models) -> Iterator[Claim]:
    """Yield the models among those whom a list of authors names."""
    for name in names_listed(path):
        if models.is_model(name, 0):
            yield Claim(ClaimKind.TEACHER, name, Basis.INFERRED, f"{at}{path.name}")


def _in_metadata(path: Path, at: str, file: DataFile, models: Models) -> Iterator[Claim]:
    """Yield what metadata names under any name; a trainer's registry speaks of each file apart."""
    held = metadata_of(path)
    where = f"{at}{path.name}"
    entries = of_registry(held, path, file.path)
    if entries is not None:
        names = (name for entry in entries for name in entry)
        yield from _sources(names, models, where)
        return
    yield from named_models(texts_in(held, where), models)
    yield from _sources((name for _, text in told(held) for name in sets_in(text)), models, where)


def names_in_metadata(path: Path) -> list[str]:
    """Return what may name a model or a set in metadata, known or not."""
    held = metadata_of(path)
    sets = (name for _, text in told(held) for name in sets_in(text))
    return [*map(str, texts_in(held, path.name)), *sets]


def _card_models(card: dict[str, Any], at: str, models: Models) -> Iterator[Claim]:
    """Yield what a card's YAML says of models outside the usual names: in tags, configurations, keys."""
    where = f"{at}README.md"
    yield from named_models(texts_in({k: v for k, v in card.items() if k not in _NO_MODELS}, where), models)
    if card.keys().isdisjoint(_OF_MODELS):
        listed = [name for name in _listed(card.get("datasets")) if isinstance(name, str)]
        yield from _sources(listed, models, f"{where}:datasets")
    for name in (one.get("config_name") for one in _listed(card.get("configs")) if isinstance(one, dict)):
        if isinstance(name, str) and (model := models.named_in(name, False)) is not None:
            yield Claim(ClaimKind.TEACHER, model, Basis.INFERRED, f"{where}:configs")
    for name in ("pretty_name", *sorted(SENTENCES)):
        if isinstance(text := card.get(name), str):
            yield from sentence_claims(text, f"{where}:{name}")
            yield from _sources(sets_in(text), models, f"{where}:{name}")
    creators = _listed(card.get("language_creators"))
    if creators and all(one == "machine-generated" for one in creators):
        yield Claim(ClaimKind.TEACHER, UNKNOWN, Basis.INFERRED, f"{where}:language_creators")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
