"""Read license strings: SPDX expressions, tags of cards, strings of collections, names and deeds in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from auditor.domain.license import DatasetLicense, LicenseFamily, LicenseResolution, LicenseStatus
from auditor.errors import InputError
from auditor.knowledge.expression import (
    NOASSERTION,
    NONE,
    Expression,
    Join,
    Joined,
    License,
    is_exception,
    is_listed,
    join,
    leaves,
    parse,
)
from auditor.knowledge.read_licenses import LicenseString, Vocabulary

MAX_STRING = 500
_PLACES = re.compile(
    r"^https?://(www\.)?(creativecommons|opensource|spdx|choosealicense|apache|gnu)\.\w+/", re.I
)
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?\w+\.\w+/[^\s()<>\[\],;]+", re.I)
_DEED = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)(?:/(\d\.\d))?"
    r"(?:/[\w./-]*)?(?:[?#].*)?",
    re.I,
)
_OSI = re.compile(
    r"(?:https?://)?(?:www\.)?(?:opensource\.org/licenses?|spdx\.org/licenses|choosealicense\.com/licenses)"
    r"/([\w.+-]+?)(?:\.html?)?[/.]?",
    re.I,
)
_OTHER_PLACES = re.compile(
    r"(?:https?://)?(?:www\.)?(?:(?P<apache>apache\.org/licenses/LICENSE-2\.0)(?:\.(?:txt|html))?"
    r"|opendatacommons\.org/licenses/(?P<odc>by|odbl|pddl)(?:/1[-.]0)?|gnu\.org/licenses/(?:old-licenses/)?"
    r"(?P<gnu>[al]?gpl-\d\.\d)(?:\.en)?(?:\.(?:html|txt))?|huggingface\.co/datasets/choosealicense/licenses/"
    r"blob/main/markdown/(?P<card>[\w.-]+?)\.md)/?",
    re.I,
)
"""Where other licenses stand, with what tells which."""
_ODC = {"by": "ODC-By-1.0", "odbl": "ODbL-1.0", "pddl": "PDDL-1.0"}
_NO_SCHEME = re.compile(r"(?<![:\w/])//(?=(?:www\.)?[a-z]\w*\.[a-z]+/)", re.I)
"""How an address begins that goes by the scheme of the page that it stood on."""
_VERSION = re.compile(r"(?<![\d.])(\d\.\d)(?![\d.])")
_MARKS = {
    "attribution": "by",
    "noncommercial": "nc",
    "sharealike": "sa",
    "noderivatives": "nd",
    "noderivs": "nd",
}
_WORDS = re.compile(r"[a-z]+")
_SPARE = frozenset(
    _WORDS.findall(
        "creative commons common license licence licensed international unported public the cc generic v "
        "version under code legal deed en html"
    )
)

_CC0 = re.compile(r"\bcc[ -]?(0|zero)\b")
_DEDICATION = frozenset(("public", "domain", "dedication", "waiver", "universal", "no", "rights", "reserved"))


class LicenseReader:
    """Read license strings by the maps of one state of the knowledge.

    Args:
        licenses: the dataset licenses by id.
        terms: ids that terms go by, which data may carry as a tag, with the id of the terms.
        strings: what the strings of each vocabulary mean.
    """

    def __init__(
        self,
        licenses: Mapping[str, DatasetLicense],
        terms: Mapping[str, str],
        strings: Mapping[Vocabulary, Mapping[str, LicenseString]],
    ) -> None:
        self._licenses = licenses
        self._own = {**terms, **{id: id for id in licenses}}
        self._strings = strings

    def read(self, text: str | None, vocabulary: Vocabulary = Vocabulary.ANY) -> LicenseResolution:
        """Read one string.

        Nothing said, and what nobody knows, is `unknown` (NOASSERTION); a family is `ambiguous` with its
        members; a text that starts as an expression and does not parse is `unreadable`. Several lines are a
        license's text, which is known whole or not at all; `declared` is then its title.
        """
        declared = text or ""
        if "\n" in declared.strip():
            return self._text(declared, vocabulary)
        words = _NO_SCHEME.sub("https://", " ".join(declared.split()))
        if not words:
            return LicenseResolution(declared, NOASSERTION, LicenseStatus.UNKNOWN, note="nothing is said")
        if len(words) > MAX_STRING:
            return LicenseResolution(
                declared[:MAX_STRING], NOASSERTION, LicenseStatus.UNKNOWN, note="too long"
            )
        for map_ in self._maps(vocabulary):
            if (found := map_.get(words.lower())) is not None:
                return self._mapped(declared, found)
        return self._expression(declared, words) or self._in_words(declared, words)

    def _text(self, text: str, vocabulary: Vocabulary) -> LicenseResolution:
        from auditor.knowledge.license_texts import identify_license_text, names_only, title_of

        title = title_of(text)
        found = self.read(title, vocabulary) if names_only(text) else identify_license_text(text)
        return replace(found, declared=title)

    def _maps(self, vocabulary: Vocabulary) -> list[Mapping[str, LicenseString]]:
        order = (Vocabulary.HF, Vocabulary.DPI, Vocabulary.HF_NAME)
        if vocabulary is Vocabulary.SPDX:
            return []
        return [self._strings.get(one, {}) for one in order if vocabulary in (one, Vocabulary.ANY)]

    def _mapped(self, declared: str, found: LicenseString) -> LicenseResolution:
        if len(found.maps_to) > 1:
            return _ambiguous(declared, found.maps_to, found.note)
        return self._single(declared, found.maps_to[0], found.note)

    def _single(self, declared: str, id: str, note: str = "") -> LicenseResolution:
        if id == NONE:
            return LicenseResolution(declared, NONE, LicenseStatus.NONE, note=note)
        entry = self._licenses.get(id)
        vague = (
            entry is not None and entry.family is LicenseFamily.NON_LICENSE and entry.non_commercial is None
        )
        status = LicenseStatus.UNKNOWN if id == NOASSERTION or vague else LicenseStatus.KNOWN
        return LicenseResolution(declared, id, status, note=note)

    def _expression(self, declared: str, words: str) -> LicenseResolution | None:
        """Read an expression; None where it is none (words, a family name, an address)."""
        try:
            tree = parse(words, self._own)
        except InputError as error:
            ends = "://" not in words and re.search(r"^\(|\)$", words)
            joined = re.search(r"\b(AND|OR|WITH)\b", words) or ends
            if joined and not _PLACES.match(words):
                return LicenseResolution(declared, NOASSERTION, LicenseStatus.UNREADABLE, note=error.message)
            return None
        if isinstance(tree, License):
            return self._leaf(declared, tree)
        parts = [self._known_part(leaf) for leaf in leaves(tree)]
        if all(parts):
            return LicenseResolution(declared, str(tree), LicenseStatus.KNOWN)
        note = "unknown: " + ", ".join(str(one) for one in leaves(tree) if not self._known_part(one))
        expression = str(_blank(tree, {leaf for leaf in leaves(tree) if not self._known_part(leaf)}))
        return LicenseResolution(declared, expression, LicenseStatus.UNKNOWN, note=note)

    def _leaf(self, declared: str, leaf: License) -> LicenseResolution | None:
        if leaf.exception or leaf.id not in self._own:
            if self._known_part(leaf):
                return LicenseResolution(declared, str(leaf), LicenseStatus.KNOWN)
            return None
        return self._single(declared, leaf.id)

    def _known_part(self, leaf: License) -> bool:
        if leaf.id in (NOASSERTION, NONE):
            return leaf.id == NONE
        known = leaf.id in self._own or is_listed(leaf.id)
        return known and (not leaf.exception or is_exception(leaf.exception))

    def _in_words(self, declared: str, words: str) -> LicenseResolution:
        """Read an address of a license, the words of a Creative Commons license, or a tag with blanks."""
        if (address := _ADDRESS.search(words)) is not None:
            return self._addressed(declared, words, address)
        ids = self._creative_commons(words)
        if len(ids) > 1:
            return _ambiguous(declared, ids, "the version is not said")
        if ids:
            return self._single(declared, ids[0])
        hyphened = re.sub(r"\s*\blicen[sc]e\b", "", words, flags=re.I).strip().replace(" ", "-")
        if hyphened and hyphened.lower() != words.lower():
            found = next(
                (m[hyphened.lower()] for m in self._maps(Vocabulary.ANY) if hyphened.lower() in m), None
            )
            if found is not None:
                return self._mapped(declared, found)
            return self._expression(declared, hyphened) or _unknown(declared)
        return _unknown(declared)

    def _addressed(self, declared: str, words: str, address: re.Match[str]) -> LicenseResolution:
        """Read an address of a license; words beside it must name the same one."""
        if (listed := _OSI.fullmatch(address[0])) is not None:
            found = self._expression(declared, listed[1]) or _unknown(declared)
        elif (other := _OTHER_PLACES.fullmatch(address[0])) is not None:
            found = replace(self.read(_name_at(other)), declared=declared)
        else:
            ids = self._creative_commons(address[0])
            if len(ids) > 1:
                found = _ambiguous(declared, ids, "the version is not said")
            else:
                found = self._single(declared, ids[0]) if ids else _unknown(declared)
        rest = f"{words[: address.start()]} {words[address.end() :]}".strip(" ()<>[],;:.-")
        if not rest:
            return found
        beside = self.read(rest)
        same = beside.expression == found.expression or found.expression in beside.candidates
        return found if same else _unknown(declared)

    def _creative_commons(self, words: str) -> tuple[str, ...]:
        """Return the Creative Commons licenses that the words may mean; empty where they name none."""
        deed = _DEED.fullmatch(words)
        if deed is not None:
            name, version = deed.group(1).lower(), deed.group(2) or ""
            stem = {"zero": "CC0", "mark": "CC-PDM"}.get(name, f"CC-{name.upper()}")
        else:
            stem, version = _elements(words), _one_version(words)
        if not stem:
            return ()
        if version:
            id = f"{stem}-{version}"
            return (id,) if id in self._own or is_listed(id) else ()
        pattern = re.compile(re.escape(stem) + r"-\d\.\d")
        return tuple(id for id in self._licenses if pattern.fullmatch(id))


def _name_at(place: re.Match[str]) -> str:
    """Return what the license goes by that stands at an address."""
    if place["apache"]:
        return "Apache-2.0"
    return _ODC[place["odc"].lower()] if place["odc"] else str(place["gnu"] or place["card"])


def _elements(words: str) -> str:
    """Return e.g. `CC-BY-NC` for words that are made of Creative Commons elements and nothing else."""
    lower = (
        words.lower().replace("non-commercial", "noncommercial").replace("non commercial", "noncommercial")
    )
    lower = re.sub(r"share[ -]alike", "sharealike", lower)
    lower = re.sub(r"no[ -]?deriv\w*", "noderivatives", lower)
    dedicated = _CC0.sub(" ", lower)
    if dedicated != lower:
        return "" if set(_WORDS.findall(dedicated)) - _SPARE - _DEDICATION else "CC0"
    if not re.search(r"\bcc\b|creative commons?|^attribution|^by[ -](nc|sa|nd)\b", lower):
        return ""
    marks = [_MARKS.get(word, word) for word in _WORDS.findall(lower) if word not in _SPARE]
    if not marks or marks[0] != "by" or not set(marks) <= {"by", "nc", "sa", "nd"}:
        return ""
    return "-".join(["CC", *(mark.upper() for mark in ("by", "nc", "sa", "nd") if mark in marks)])


def _one_version(words: str) -> str:
    found = set(_VERSION.findall(words))
    return found.pop() if len(found) == 1 else ""


def _blank(tree: Expression, unknown: set[License]) -> Expression:
    """Put NOASSERTION where a license is not known."""
    if isinstance(tree, Joined):
        return join(Join(tree.join), (_blank(part, unknown) for part in tree.parts))
    return License(NOASSERTION) if tree in unknown else tree


def _ambiguous(declared: str, ids: tuple[str, ...], note: str) -> LicenseResolution:
    return LicenseResolution(declared, NOASSERTION, LicenseStatus.AMBIGUOUS, ids, note)


def _unknown(declared: str) -> LicenseResolution:
    return LicenseResolution(declared, NOASSERTION, LicenseStatus.UNKNOWN, note="not in the catalog")
