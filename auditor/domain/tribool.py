"""Yes, no, or unknown, joined as Kleene does: what is not known decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce
from typing import TypeVar

T = TypeVar("T")


class Tribool(StrEnum):
    """What a person, a text or a condition says; `unknown` is neither yes nor no.

    Compare with `is`: as a text every value is true.
    """

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Tribool:
        """Return the value of a plain truth; None is unknown."""
        return cls.UNKNOWN if value is None else cls.YES if value else cls.NO

    def __and__(self, other: Tribool) -> Tribool:
        """Return `no` if one is no, `yes` if both are yes."""
        if Tribool.NO in (self, other):
            return Tribool.NO
        return Tribool.YES if self is other is Tribool.YES else Tribool.UNKNOWN

    def __or__(self, other: Tribool) -> Tribool:
        """Return `yes` if one is yes, `no` if both are no."""
        return ~(~self & ~other)

    def __invert__(self) -> Tribool:
        """Return the opposite; that of unknown is unknown."""
        return self.choose(Tribool.NO, Tribool.YES, Tribool.UNKNOWN)

    def choose(self, yes: T, no: T, unknown: T) -> T:
        """Return what belongs to this value."""
        match self:
            case Tribool.YES:
                return yes
            case Tribool.NO:
                return no
            case Tribool.UNKNOWN:
                return unknown


def any_of(values: Iterable[Tribool]) -> Tribool:
    """Return `yes` if one is yes; `no` if all are no, as of nothing."""
    return reduce(Tribool.__or__, values, Tribool.NO)


def all_of(values: Iterable[Tribool]) -> Tribool:
    """Return `no` if one is no; `yes` if all are yes, as of nothing."""
    return reduce(Tribool.__and__, values, Tribool.YES)
