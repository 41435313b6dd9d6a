"""Who stands behind the labels of an index: many models of one provider are one witness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from auditor.domain.sample import WORK
from auditor.fingerprint.search.public_marks import OWNED
from auditor.fingerprint.tokens.words import U64

ProviderOf: TypeAlias = Callable[[str], str | None]
"""Takes a label, and returns who provides the model; None where nobody knows."""
_BITS = 63


def nobody_knows(label: str) -> str | None:
    """Return None: without a catalog no provider is known, and families stand for them."""
    return None


@dataclass(frozen=True, slots=True)
class Providers:
    """The providers of an index's labels, a bit for each.

    Attributes:
        names: of bit 1, 2, …; where there are more providers than bits, several share one and count as one.
        bits: uint64[teachers].
    """

    names: tuple[str, ...]
    bits: U64

    def named(self, found: int) -> list[str]:
        """Return the names of the bits that are set."""
        return [name for at, name in enumerate(self.names, 1) if found >> at & 1]

    def of_teachers(self, numbers: list[int]) -> int:
        """Return the bits of some teachers; none where one of them is a registered work."""
        found = 0
        for number in numbers:
            found |= int(self.bits[number])
        return 0 if found & int(OWNED) else found


def providers(teachers: tuple[str, ...], families: tuple[str, ...], provider_of: ProviderOf) -> Providers:
    """Find the provider of each label: as it is known, else that of its family, else the family itself."""
    known = [None if _is_work(label) else provider_of(label) for label in teachers]
    of_family: dict[str, str] = {}
    for family, provider in zip(families, known, strict=True):
        if provider and provider < of_family.get(family, chr(0x10FFFF)):
            of_family[family] = provider
    named = [
        provider or of_family.get(family) or family for provider, family in zip(known, families, strict=True)
    ]
    met = sorted({name for name, label in zip(named, teachers, strict=True) if not _is_work(label)})
    place = {name: at % _BITS for at, name in enumerate(met)}
    bits = [
        int(OWNED) if _is_work(label) else 2 << place[name]
        for name, label in zip(named, teachers, strict=True)
    ]
    joined = (" or ".join(met[at::_BITS]) for at in range(min(_BITS, len(met))))
    return Providers(tuple(joined), np.array(bits, np.uint64))


def _is_work(label: str) -> bool:
    return label[: len(WORK)].casefold() == WORK
