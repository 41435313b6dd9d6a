"""Addresses and names of known sets and services, in a value of any column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.origin import OF_MAKER
from auditor.samples.claims.column_kinds import ColumnKind
from auditor.samples.claims.column_names import NESTED, plain_name
from auditor.samples.claims.known_names import MAX_ADDRESS, Models
from auditor.samples.claims.mentions import listed

BEGINS = ("http://", "https://", "hf://")
_SHARED = re.compile(r"https?://(chatgpt\.com|chat\.openai\.com|sharegpt\.com)/(share|c|g)/")
"""Where conversations with the consumer application are shown."""
_DEPLOYED = re.compile(r"/(?:deployments|models|model)/([\w.-]+)")
_ASKED = re.compile(r"[?&](?:model|model_id|model_name|deployment|engine|llm)=([^&#\s\"']{2,80})")
"""The model that is asked for in the query of an address."""
_ASKED_FOR = re.compile(r"[?&](model|deployment|engine|llm)")
_WITHIN = re.compile(r"https?://[^\s\"'<>)\]]+")


def is_shared(value: str) -> bool:
    """Tell whether a value is the address of a conversation that somebody shows."""
    return _SHARED.match(value) is not None


def address_claims(models: Models, value: str, path: str, name: ColumnKind) -> Iterator[Claim]:
    """Yield the known sets and the service that a value names, by address, id, or where told by name."""
    if not name.sets or len(value) > MAX_ADDRESS:
        return
    if not is_read(path, name):
        where = f"{path}{OF_MAKER}" if name.makes else path
        for one in listed(value):
            if (found := models.set_named(one, name.sets > 1)) is not None:
                basis = Basis.ROW if name.read and not value.startswith(BEGINS) else Basis.INFERRED
                yield Claim(ClaimKind.SOURCE, found, basis, where)
        if "://" not in value:
            yield from _service(models, value, path, name.served)
    for address in _WITHIN.findall(value):
        yield from _service(models, address, path, False)


def _service(models: Models, value: str, path: str, bare: bool) -> Iterator[Claim]:
    """Yield the service at an address or of a name, and the model that its path or query names."""
    if is_shared(value):
        yield Claim(ClaimKind.TEACHER, "chatgpt", Basis.INFERRED, path)
    asked = _ASKED.search(value)
    if asked and (models.is_model(name := unquote(asked[1]), 2) or models.named_in(name, True)):
        yield Claim(ClaimKind.TEACHER, name, Basis.INFERRED, path)
    if (service := models.service_named(value, bare)) is not None:
        yield Claim(ClaimKind.HOST, service, Basis.INFERRED, path)
        deployed = _DEPLOYED.search(value)
        if deployed and (model := models.named_in(deployed[1], True)) is not None:
            yield Claim(ClaimKind.TEACHER, model, Basis.INFERRED, path)


def asks_model(value: str) -> bool:
    """Tell whether an address in a value may ask for a model by its query."""
    return "=" in value and "://" in value and _ASKED_FOR.search(value) is not None


def is_read(path: str, name: ColumnKind) -> bool:
    """Tell whether a source or host at a path is read with the row, by the name of its column."""
    return name.read and all(plain_name(one) in NESTED for one in path.replace("[]", "").split(".")[:-1])
