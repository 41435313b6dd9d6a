"""What is asked of a catalog about the names of models, sets and services, so that claims need none."""

from __future__ import annotations

from typing import Protocol

MAX_NAME = 80
"""Characters of a value that may be a model's name."""
MAX_ADDRESS = 500
"""Characters of a value that may be the address of a set or a service."""


class Models(Protocol):
    """What is known as a model's name."""

    def is_ruled_out(self, name: str) -> bool:
        """Tell whether nothing known holds any word of this one, whatever digits it has."""

    @property
    def needed_runs(self) -> frozenset[tuple[str, bool]] | None:
        """Return runs of small letters, one of which each text holds that names something known.

        With each stands whether a digit must follow; one of one or two letters is a word of its own. None
        where nobody can tell.
        """

    def is_model(self, name: str, hint: int) -> bool:
        """Tell whether a value names a model; `hint` as `ColumnKind.hint` of its column."""

    def is_person(self, name: str) -> bool:
        """Tell whether a value says that people wrote."""

    def named_in(self, name: str, beside_text: bool) -> str | None:
        """Return the model that the words of a column's or file's name hold; None for none."""

    def set_named(self, name: str, bare: bool) -> str | None:
        """Return the id of the known set at an address or of an id; with `bare` of any of its names."""

    def source_named(self, name: str, bare: bool) -> str | None:
        """Return the id of the known set of a name, or the name where another owner's set bears one."""

    def set_within(self, name: str) -> str | None:
        """Return the id of the known set whose own name the words of a file's or folder's name hold."""

    def service_named(self, name: str, bare: bool) -> str | None:
        """Return the service that answers at an address; with `bare` that goes by a name."""
