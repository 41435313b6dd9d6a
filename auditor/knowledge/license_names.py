"""Read license strings: SPDX expressions, tags of cards, strings of collections, names and deeds in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from auditor.domain.license import DatasetLicense, LicenseFamily, LicenseResolution, LicenseStatus
from auditor.errors import InputError
from auditor.ids import TermsId
from auditor.knowledge.creative_commons import SPARE, WORDS, elements, version_in
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
    single_ids,
)
from auditor.knowledge.license_addresses import (
    ADDRESS,
    DEED,
    LICENSE_SITES,
    LISTED_AT,
    NO_SCHEME,
    OTHER_PLACES,
    bare,
    name_at,
)
from auditor.knowledge.license_spellings import Spellings
from auditor.knowledge.read_licenses import LicenseString, Vocabulary

MAX_STRING = 500
_PREFIX = re.compile(
    r"^(?:(?:spdx[- ])?licen[sc]e(?:[- ]identifier)?\s*[:=]\s*"
    r"|(?:(?:this|the|all) [\w ]{1,30}? )?(?:(?:is|are|was|were) )?(?:licen[sc]ed|released|distributed|"
    r"published|available|provided|shared) under (?:the |an? )?)(?=\S)",
    re.I,
)
"""What stands before a license's name and says nothing of which it is."""
_REMARK = re.compile(r"\s*\(([^()]*)\)")
_LIST = re.compile(r"\s*[,;|&+]\s*|\s+(?:and|or|und|et)\s+", re.I)
_MANY = 20
_NON_COMMERCIAL = "-NC"
_NCWORDS = frozenset(("non", "noncommercial", "commercial", "nc", "use", "only", "research"))


class LicenseReader:
    """Read license strings by the maps of one state of the knowledge.

    Args:
        licenses: the dataset licenses by id.
        terms: ids that terms go by, which data may carry as a tag, with the id of the terms.
        strings: what the strings of each vocabulary mean.
        titles: what the terms of `terms` are called.
    """

    def __init__(
        self,
        licenses: Mapping[str, DatasetLicense],
        terms: Mapping[str, str],
        strings: Mapping[Vocabulary, Mapping[str, LicenseString]],
        titles: Mapping[TermsId, str],
    ) -> None:
        self._licenses = licenses
        self._titles = titles
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
        words = _PREFIX.sub("", NO_SCHEME.sub("https://", " ".join(declared.split())))
        if not words:
            return LicenseResolution(declared, NOASSERTION, LicenseStatus.UNKNOWN, note="nothing is said")
        if words.endswith("?") and "://" not in words:
            return _unknown(declared)
        if len(words) > MAX_STRING:
            return LicenseResolution(
                declared[:MAX_STRING], NOASSERTION, LicenseStatus.UNKNOWN, note="too long"
            )
        folded: LicenseResolution | None = None
        for map_ in self._maps(vocabulary):
            if (found := map_.get(words.lower())) is not None:
                meant = self._mapped(declared, found)
                if vocabulary is not Vocabulary.ANY or meant.status is not LicenseStatus.AMBIGUOUS:
                    return meant
                folded = folded or meant
        if vocabulary is not Vocabulary.ANY:
            return self._expression(declared, words) or self._in_words(declared, words)
        if folded is not None:
            return self._one_of(declared, words, folded)
        return self._loosely(declared, words)

    def _one_of(self, declared: str, words: str, folded: LicenseResolution) -> LicenseResolution:
        """Read a string that a vocabulary uses for several licenses as the one that has just that name."""
        ids = self._spellings.exactly(words)
        return self._single(declared, ids[0]) if len(ids) == 1 and ids[0] in folded.candidates else folded

    def _loosely(self, declared: str, words: str) -> LicenseResolution:
        """Read an expression, an address, or words; where none is known, a list of them."""
        found = self._expression(declared, words) or self._in_words(declared, words)
        if found.status is LicenseStatus.UNREADABLE or (
            found.status is LicenseStatus.UNKNOWN and found.expression == NOASSERTION
        ):
            return self._spelled(declared, words) or self._listed(declared, words) or found
        return found

    def _spelled(self, declared: str, words: str) -> LicenseResolution | None:
        """Read a name in other words, order or joints than the usual; a remark in brackets must fit it."""
        bare, remarks = _REMARK.sub(" ", words), _REMARK.findall(words)
        ids = self._spellings.exactly(bare)
        exact = ids or self._spellings.of_any_version(bare)
        if not exact or set("()") & set(bare):
            return None
        for remark in remarks:
            inside = self._remarked(remark, exact)
            if not inside:
                return None
            ids, exact = (inside, inside) if len(inside) < len(exact) else (ids, exact)
        if len(ids) == 1:
            return self._single(declared, ids[0])
        return _ambiguous(declared, exact, "the version is not said" if not ids else "several go by it")

    def _remarked(self, remark: str, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of the licenses a remark beside the name leaves."""
        words = set(WORDS.findall(remark.lower()))
        if words <= SPARE:
            return ids
        if words <= _NCWORDS:
            return tuple(id for id in ids if _NON_COMMERCIAL in id)
        named = set(self._spellings.exactly(remark) or self._spellings.of_any_version(remark))
        return tuple(id for id in ids if id in named)

    def _listed(self, declared: str, words: str) -> LicenseResolution | None:
        """Read several licenses, of which all hold: who joins them by a comma does not offer a choice."""
        parts = [part for part in (one.strip(" \"'") for one in _LIST.split(words.strip(" []{}.;"))) if part]
        if (
            (len(parts) < 2 and parts == [words])
            or len(parts) > _MANY
            or "://" in words
            or set("()") & set(words)
        ):
            return None
        read = [self.read(part) for part in parts]
        if all(one.expression == NOASSERTION and not one.candidates for one in read):
            return None
        if len(read) == 1:
            return replace(read[0], declared=declared)
        whole = parse(" AND ".join(f"({one.expression})" for one in read), self._own)
        known = all(one.status is LicenseStatus.KNOWN for one in read)
        status = LicenseStatus.KNOWN if known else LicenseStatus.UNKNOWN
        return LicenseResolution(declared, str(whole), status, note="several are named: all of them hold")

    @cached_property
    def _spellings(self) -> Spellings:
        licenses = [(one.name, (id,)) for id, one in self._licenses.items() if id not in (NOASSERTION, NONE)]
        titles = [(_REMARK.sub("", title), (str(id),)) for id, title in self._titles.items()]
        ids = [(id, (id,)) for id in {*self._own.values()} - {NOASSERTION, NONE}]
        maps = [
            (string.string, string.maps_to)
            for vocabulary in (Vocabulary.NAME, Vocabulary.HF, Vocabulary.HF_NAME, Vocabulary.DPI)
            for string in self._strings.get(vocabulary, {}).values()
            if not {NOASSERTION, NONE} & set(string.maps_to)
            and (vocabulary is not Vocabulary.DPI or len(string.maps_to) == 1)
        ]
        return Spellings(single_ids(), [*licenses, *titles, *ids, *maps])

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
            if joined and not LICENSE_SITES.match(words):
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
        if (address := ADDRESS.search(words)) is not None:
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
        standing = self._strings.get(Vocabulary.PLACE, {}).get(bare(address[0]))
        if standing is not None:
            found = self._mapped(declared, standing)
        elif (listed := LISTED_AT.fullmatch(address[0])) is not None:
            found = self._expression(declared, listed[1]) or _unknown(declared)
        elif (other := OTHER_PLACES.fullmatch(address[0])) is not None:
            found = replace(self.read(name_at(other)), declared=declared)
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
        deed = DEED.fullmatch(words)
        if deed is not None:
            name, version = deed.group(1).lower(), deed.group(2) or ""
            stem = {"zero": "CC0", "mark": "CC-PDM"}.get(name, f"CC-{name.upper()}")
        else:
            stem, version = elements(words), version_in(words)
        if not stem:
            return ()
        if version:
            id = f"{stem}-{version}"
            return (id,) if id in self._own or is_listed(id) else ()
        pattern = re.compile(re.escape(stem) + r"-\d\.\d")
        return tuple(id for id in self._licenses if pattern.fullmatch(id))


def _blank(tree: Expression, unknown: set[License]) -> Expression:
    """Put NOASSERTION where a license is not known."""
    if isinstance(tree, Joined):
        return join(Join(tree.join), (_blank(part, unknown) for part in tree.parts))
    return License(NOASSERTION) if tree in unknown else tree


def _ambiguous(declared: str, ids: tuple[str, ...], note: str) -> LicenseResolution:
    return LicenseResolution(declared, NOASSERTION, LicenseStatus.AMBIGUOUS, ids, note)


def _unknown(declared: str) -> LicenseResolution:
    return LicenseResolution(declared, NOASSERTION, LicenseStatus.UNKNOWN, note="not in the catalog")
