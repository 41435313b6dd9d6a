"""Pack changes: how a pack or a catalog differs from what is shipped, in words for all who name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_FEW = 5


@dataclass(frozen=True, slots=True)
class PackChanges:
    """How the rules in force differ from what is shipped."""

    local: bool = False
    """The pack was read from a file that is not shipped."""
    shadows: tuple[str, ...] = ()
    """Shipped packs whose names other rules bear here."""
    overrides: tuple[str, ...] = ()
    """Rules of included or shadowed packs that are replaced."""
    disabled: tuple[str, ...] = ()
    """Rules of included or shadowed packs that are left out."""

    def words(self, name: str) -> str:
        """Return what the pack `name` changes of the shipped ones; empty for nothing."""
        said = []
        if self.shadows == (name,):
            said.append("NOT the shipped pack")
        elif self.shadows:
            said.append(f"NOT the shipped {', '.join(self.shadows)}")
        if self.overrides:
            said.append(f"replaces rules: {_few(self.overrides)}")
        if self.disabled:
            said.append(f"leaves out rules: {_few(self.disabled)}")
        return "; ".join(said)


def catalog_said(replaced: Sequence[str], added: Sequence[str]) -> str:
    """Return what overlays change of the shipped catalog; empty for nothing."""
    said = [f"NOT the shipped catalog: replaces {_few(replaced)}"] if replaced else []
    return "; ".join([*said, *([f"adds {_few(added)}"] if added else [])])


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more
