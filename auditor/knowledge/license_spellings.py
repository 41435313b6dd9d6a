"""Find the license that words mean, whatever their order, case, joints and fillers.

Names are compared by key: words without fillers (`the`, `license`, `v`), long forms cut to the usual letters
(`GNU General Public License` is `gpl`), versions without trailing zeros, all sorted. Words
without the version of a license that has versions mean all of them: which one is not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_TOKENS = re.compile(r"[a-z]+|\d+(?:\.\d+)*|\+")
_VERSION_MARK = re.compile(r"(?<=[a-z])v(?=\.?\d)|\bv(?:er|ersion)?(?=\.?\d)|\b(?:version|ver|v)\b\.?")
_FILLERS = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "of",
        "under",
        "license",
        "licence",
        "licenses",
        "licensed",
        "licensing",
        "agreement",
        "international",
        "intl",
        "int",
        "unported",
        "generic",
        "legalcode",
        "deed",
        "text",
        "file",
        "spdx",
    ]
)
_SHORT = (
    ("creative commons", "cc"),
    ("cc zero", "cc 0"),
    ("general public", "gpl"),
    ("lesser gpl", "lgpl"),
    ("library gpl", "lgpl"),
    ("affero gpl", "agpl"),
    ("gnu free documentation", "gfdl"),
    ("mozilla public", "mpl"),
    ("eclipse public", "epl"),
    ("european union public", "eupl"),
    ("academic free", "afl"),
    ("educational community", "ecl"),
    ("open software", "osl"),
    ("server side public", "sspl"),
    ("business source", "busl"),
    ("boost software", "bsl"),
    ("microsoft public", "ms pl"),
    ("microsoft reciprocal", "ms rl"),
    ("sil open font", "ofl"),
    ("sil ofl", "ofl"),
    ("open font", "ofl"),
    ("apache software", "apache"),
    ("asl", "apache"),
    ("open database", "odbl"),
    ("open data commons", "odc"),
    ("attribution", "by"),
    ("odc odbl", "odbl"),
    ("odc public domain dedication and", "pddl"),
    ("odc public domain dedication", "pddl"),
    ("odc pddl", "pddl"),
    ("community data", "cdla"),
    ("computational use of data", "c uda"),
    ("open government", "ogl"),
    ("norwegian for open government data", "nlod"),
    ("open rail", "openrail"),
    ("publicdomain", "public domain"),
    ("meta llama", "llama"),
    ("gnu gpl", "gpl"),
    ("gnu lgpl", "lgpl"),
    ("gnu agpl", "agpl"),
    ("gnu gfdl", "gfdl"),
    ("clauses", "clause"),
    ("two clause", "2 clause"),
    ("three clause", "3 clause"),
    ("or newer", "or later"),
    ("or any later", "or later"),
    ("or above", "or later"),
    ("or greater", "or later"),
)


_JOINED_CC = re.compile(r"\bccby(nc)?(sa|nd)?(?![a-z])")


def key_of(name: str) -> str:
    """Return what all spellings of one name share; empty where nothing but fillers is there."""
    lower = _VERSION_MARK.sub(" ", _JOINED_CC.sub(r"cc by \1 \2 ", name.lower().replace("_", " ")))
    words = [_short_version(token) for token in _TOKENS.findall(lower) if token not in _FILLERS]
    phrase = f" {' '.join(words)} "
    for long, short in _SHORT:
        phrase = phrase.replace(f" {long} ", f" {short} ")
    return " ".join(sorted(phrase.replace(" + ", " later or ").split()))


def _short_version(token: str) -> str:
    return re.sub(r"(?:\.0)+\Z", "", token)


def _without_only(key: str) -> str:
    return " ".join(word for word in key.split() if word != "only")


class Spellings:
    """The licenses by the key of their ids and names.

    Args:
        listed: ids of the SPDX list by any spelling of theirs.
        named: further names, each with the ids that it may mean.
    """

    def __init__(self, listed: Mapping[str, str], named: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._ids: dict[str, set[str]] = {}
        self._any: dict[str, set[str]] = {}
        for name, id in listed.items():
            if not id.startswith("LicenseRef-"):
                self._add(name, (id,))
        for name, ids in named:
            self._add(name.removeprefix("LicenseRef-"), ids)

    def _add(self, name: str, ids: Iterable[str]) -> None:
        key = key_of(name)
        if not key:
            return
        self._ids.setdefault(key, set()).update(ids)
        words = key.split()
        stem = " ".join(word for word in words if not word[0].isdigit() and word != "only")
        if stem and any(word[0].isdigit() for word in words) and "later" not in stem:
            self._any.setdefault(stem, set()).update(ids)

    def exactly(self, words: str) -> tuple[str, ...]:
        """Return the ids of the licenses that the words name; empty where nobody goes by them."""
        key = key_of(words)
        return tuple(sorted(self._ids.get(key) or self._ids.get(_without_only(key)) or ()))

    def of_any_version(self, words: str) -> tuple[str, ...]:
        """Return the ids of all versions where the words name none; empty where no license has that name."""
        return tuple(sorted(self._any.get(key_of(words)) or ()))
