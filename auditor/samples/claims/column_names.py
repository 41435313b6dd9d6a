"""Columns that say something of their row, by name, however it is spelled: `License`, `modelName`.

Names are read with care: `source` and `dataset` are where a row was taken from, not who wrote it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.domain.claim import ClaimKind
from auditor.samples.claims.moments import MOMENTS, is_moment
from auditor.samples.claims.role_names import sure_slot

_NAMES: dict[tuple[ClaimKind, str], str] = {
    (ClaimKind.TEACHER, ""): (
        "generator model model_name model_id models generation_model generation_models teacher teacher_model "
        "response_model answer_model completion_model output_model llm_model generator_model model_used "
        "generated_by llm engine model_slug gen_model gen_ai.response.model "
        "mlflow.llm.model langfuse.observation.model.name"
    ),
    (ClaimKind.TEACHER, "chosen"): "chosen_model chosen_model_name chosen_generator chosen_teacher",
    (ClaimKind.TEACHER, "rejected"): "rejected_model rejected_model_name rejected_generator rejected_teacher",
    (ClaimKind.TEACHER, "conversation_a"): "model_a",
    (ClaimKind.TEACHER, "conversation_b"): "model_b",
    (ClaimKind.TEACHER, "prompt"): "prompt_model instruction_model",
    (ClaimKind.LICENSE, ""): (
        "license licence licenses data_license dataset_license source_license license_id license_name spdx "
        "spdx_id"
    ),
    (ClaimKind.SOURCE, ""): "source dataset origin data_source dataset_name source_dataset",
    (ClaimKind.HOST, ""): "host provider api_base base_url inference_provider",
    (ClaimKind.ACCESS, ""): "access access_path",
    (ClaimKind.GENERATED_AT, ""): "generated_at generation_date created_at",
}
COLUMNS = {
    **dict.fromkeys(MOMENTS, (ClaimKind.GENERATED_AT, "")),
    **{name: meaning for meaning, names in _NAMES.items() for name in names.split()},
}
NESTED = ("metadata", "meta", "extra", "generation_config", "json")
LISTED = {"models": "", "generation_models": "generations"}
MAKERS = frozenset(("make", "manufacturer", "brand", "car_make"))
"""Members beside which a `model` is that of a product."""
CANDIDATES = ("completions", "answers", "responses", "generations")
SPOKEN = {
    **dict.fromkeys(("messages", "conversation", "conversations", "dialogue", "dialog", "chat", "items"), ""),
    **dict.fromkeys(("prompt", "completion"), ""),
    **{name: name for name in ("chosen", "rejected", "conversation_a", "conversation_b")},
}
"""Columns of turns, each with the slot of what is answered there."""
TURNED = frozenset((*CANDIDATES, *SPOKEN))
"""Columns in which a mere text says nothing of its row."""
AS_IT_STANDS = frozenset(
    name for name, (kind, _) in COLUMNS.items() if kind is not ClaimKind.GENERATED_AT and name != "model_name"
)
"""Columns whose short text is the claim, whatever the other columns say."""
_WATCHED = frozenset((*COLUMNS, *NESTED, *CANDIDATES, *SPOKEN))
OF_A_TEXT = (ClaimKind.TEACHER, ClaimKind.LICENSE, ClaimKind.ACCESS, ClaimKind.HOST)
"""What a single turn or candidate is asked for."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(4096)
def watched_columns(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the columns that say something, each with the name it is known by."""
    known = [(name, plain_name(name)) for name in names]
    plains = [plain for _, plain in known]
    goods = not MAKERS.isdisjoint(plains)
    return tuple(
        (name, plain)
        for name, plain in known
        if (plain in _WATCHED or meaning(plain))
        and not (goods and plain == "model")
        and (plain not in MOMENTS or plain == "created_at" or is_moment(plain, plains))
    )


def names_in(text: str) -> frozenset[str]:
    """Return the names that a text lists."""
    return frozenset(text.split())


def plain_name(name: str) -> str:
    """Return a column's name in lower case, its words joined by `_`."""
    return _HUMP.sub("_", name.strip()).replace("-", "_").replace(" ", "_").lower()


@lru_cache(4096)
def meaning(plain: str) -> tuple[ClaimKind, str] | None:
    """Return what a column of a plain name says, and of which slot; None for nothing."""
    if plain in COLUMNS:
        return COLUMNS[plain]
    slot = None if plain in _WATCHED else sure_slot(plain)
    return None if slot is None else (ClaimKind.TEACHER, slot)


def claim_kind(name: str) -> ClaimKind | None:
    """Return what a column of this name says of its row; None for nothing."""
    said = meaning(plain_name(name))
    return None if said is None else said[0]
