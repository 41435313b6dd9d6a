"""Addresses and names of known sets and services, in a value of any column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.samples.claims.column_kinds import ColumnKind
from auditor.samples.claims.column_names import NESTED, plain_name
from auditor.samples.claims.known_names import MAX_ADDRESS, Models
from auditor.samples.claims.mentions import listed

BEGINS = ("http://", "https://", "hf://")
_SHARED = re.compile(r"https?://(chatgpt\.com|chat\.openai\.com|sharegpt\.com)/(share|c|g)/")
"""Where conversations with the consumer application are shown."""
_DEPLOYED = re.compile(r"/(?:deployments|models|model)/([\w.-]+)")


def is_shared(value: str) -> bool:
    """Tell whether a value is the address of a conversation that somebody shows."""
    return _SHARED.match(value) is not None


def address_claims(models: Models, value: str, path: str, name: ColumnKind) -> Iterator[Claim]:
    """Yield the known sets and the service that a value names, by address, id, or where told by name."""
    if not name.sets or len(value) > MAX_ADDRESS or is_read(path, name):
        return
    for one in listed(value):
        if (found := models.set_named(one, name.sets > 1)) is not None:
            basis = Basis.ROW if name.read and not value.startswith(BEGINS) else Basis.INFERRED
            yield Claim(ClaimKind.SOURCE, found, basis, path)
    if is_shared(value):
        yield Claim(ClaimKind.TEACHER, "chatgpt", Basis.INFERRED, path)
    if (service := models.service_named(value, name.served)) is not None:
        yield Claim(ClaimKind.HOST, service, Basis.INFERRED, path)
        deployed = _DEPLOYED.search(value)
        if deployed and (model := models.named_in(deployed[1], True)) is not None:
            yield Claim(ClaimKind.TEACHER, model, Basis.INFERRED, path)


def is_read(path: str, name: ColumnKind) -> bool:
    """Tell whether a source or host at a path is read with the row, by the name of its column."""
    return name.read and all(plain_name(one) in NESTED for one in path.replace("[]", "").split(".")[:-1])
