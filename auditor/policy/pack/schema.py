"""The shape of a pack file: every key known, every word in its set, every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from auditor.domain.clause import ClauseRef
from auditor.domain.outcome import Outcome
from auditor.domain.permit_terms import PermitTerms
from auditor.domain.rule import AppliesTo, ClauseSource, ForEach, Rule
from auditor.domain.verdict import Layer
from auditor.domain.waiver import Approver, WaiverMode
from auditor.errors import PolicyError
from auditor.strict_yaml import Document, Place, fault

_ID = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
_PACK_KEYS = {
    "pack", "version", "title", "about", "include", "waivers", "approvers", "threshold", "permit", "disable",
    "rules",
}  # fmt: skip
_RULE_KEYS = {
    "id", "title", "layer", "applies_to", "for_each", "when", "outcome", "obligations", "message", "fix",
    "clause", "references", "owner", "question", "override", "advice",
}  # fmt: skip
_UNREAD = ("refuse", "name")
"""What becomes of data beside the rows that was not read: nobody may start, or it is named."""
_TEXT_LIMIT = 600
_KEY_LIMIT = 4_000
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file, before includes are followed."""

    name: str
    version: str
    title: str
    include: tuple[str, ...]
    waivers: WaiverMode | None
    approvers: tuple[Approver, ...] | None
    threshold: int | None
    disable: Mapping[str, str]
    permit: PermitTerms | None
    rules: tuple[Rule, ...]
    overrides: frozenset[str]
    document: Document
    path: Path = Path()
    called: str = ""
    """The file's own name, by which other packs include it."""
    gathered: Mapping[str, Rule] = field(default_factory=dict)
    """Every rule in force once includes are followed."""


def read_pack_file(document: Document) -> PackFile:
    """Check a parsed file against the schema.

    Raises:
        PolicyError: with the line and column of the first fault.
    """
    return _Reader(document).pack()


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document

    def _refuse(self, message: str, *place: str | int, fix: str | None = None) -> NoReturn:
        raise fault(PolicyError, message, self._document.where, self._document.mark(*place), fix)

    def _mapping(self, value: Any, known: set[str], *place: str | int) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._refuse("a mapping of keys is needed here", *place)
        for key in value:
            if key not in known:
                mark, fix = self._document.key(*place, key), f"known keys: {', '.join(sorted(known))}"
                raise fault(PolicyError, f"unknown key `{key}`", self._document.where, mark, fix)
        return value

    def _text(
        self,
        data: Mapping[str, Any],
        key: str,
        *place: str | int,
        default: str | None = None,
        limit: int = _TEXT_LIMIT,
    ) -> str:
        value = data.get(key, default)
        if value is None:
            self._refuse(f"the key `{key}` is missing", *place)
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            self._refuse(f"`{key}` must be text", *place, key)
        if len(str(value)) > limit:
            self._refuse(f"`{key}` is longer than {limit} characters", *place, key)
        return str(value).strip()

    def _word(self, kind: type[_Word], value: Any, *place: str | int) -> _Word:
        try:
            return kind(value)
        except ValueError:
            self._refuse(f"`{value}` is not one of {', '.join(kind)}", *place)

    def _id(self, value: str, *place: str | int) -> str:
        if not _ID.match(value):
            self._refuse(f"`{value}` is not an id", *place, fix="lower-case words joined by `-`")
        return value

    def _texts(self, data: Mapping[str, Any], key: str, *place: str | int) -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._refuse(f"`{key}` must be a list of texts", *place, key)
        return tuple(value)

    def pack(self) -> PackFile:
        data = self._mapping(self._document.data, _PACK_KEYS)
        rules = data.get("rules", [])
        if not isinstance(rules, list):
            self._refuse("`rules` must be a list", "rules")
        read = tuple(self.rule(rule, at) for at, rule in enumerate(rules))
        seen: set[str] = set()
        for at, rule in enumerate(read):
            if rule.id in seen:
                self._refuse(f"the rule `{rule.id}` is given twice", "rules", at, "id")
            seen.add(rule.id)
        overrides = frozenset(r["id"] for r in rules if r.get("override") is True)
        return PackFile(
            name=self._id(self._text(data, "pack"), "pack"),
            version=self._text(data, "version"),
            title=self._text(data, "title"),
            include=self._texts(data, "include"),
            waivers=self._waivers(data),
            approvers=self._approvers(data),
            threshold=self._threshold(data),
            disable=self._disable(data),
            permit=self._permit(data),
            rules=read,
            overrides=overrides,
            document=self._document,
        )

    def _waivers(self, data: Mapping[str, Any]) -> WaiverMode | None:
        value = data.get("waivers")
        older = {True: WaiverMode.NAMED, "allowed": WaiverMode.NAMED, False: WaiverMode.NONE}
        if value is None or (isinstance(value, bool | str) and value in older):
            return older.get(value)
        if value not in tuple(WaiverMode):
            self._refuse(f"`waivers` is one of {', '.join(WaiverMode)}", "waivers")
        return WaiverMode(value)

    def _approvers(self, data: Mapping[str, Any]) -> tuple[Approver, ...] | None:
        value = data.get("approvers")
        if value is None:
            return None
        if not isinstance(value, list) or not value:
            self._refuse("`approvers` is a list of public keys", "approvers")
        found = []
        for at, item in enumerate(value):
            entry = {"key": item} if isinstance(item, str) else item
            place = ("approvers", at)
            entry = self._mapping(entry, {"name", "key"}, *place)
            if any(not isinstance(text, str) or not text.strip() for text in entry.values()):
                self._refuse("an approver's `key` and `name` are text", *place)
            key = self._text(entry, "key", *place, limit=_KEY_LIMIT)
            found.append(Approver(key, str(entry.get("name", "")).strip()))
        return tuple(found)

    def _threshold(self, data: Mapping[str, Any]) -> int | None:
        value = data.get("threshold")
        if value is not None and (type(value) is not int or value < 1):
            self._refuse("`threshold` is a whole number from 1: how many people sign a waiver", "threshold")
        return value

    def _permit(self, data: Mapping[str, Any]) -> PermitTerms | None:
        if "permit" not in data:
            return None
        terms = self._mapping(data["permit"], {"expires", "max_days", "unread"}, "permit")
        if terms.get("expires", "required") != "required":
            self._refuse("`expires` is `required`, or left out", "permit", "expires")
        days = terms.get("max_days")
        if days is not None and (type(days) is not int or not 0 < days <= 3660):
            self._refuse("`max_days` is a number of days from 1 to 3660", "permit", "max_days")
        unread = terms.get("unread", "name")
        if unread not in _UNREAD:
            self._refuse(f"`unread` is one of {', '.join(_UNREAD)}", "permit", "unread")
        return PermitTerms("expires" in terms, days, unread == "refuse")

    def _disable(self, data: Mapping[str, Any]) -> dict[str, str]:
        value = data.get("disable", {})
        if not isinstance(value, dict) or not all(isinstance(v, str) and v.strip() for v in value.values()):
            self._refuse("`disable` maps a rule id to the reason", "disable")
        return dict(value)

    def rule(self, value: Any, at: int) -> Rule:
        place: Place = ("rules", at)
        data = self._mapping(value, _RULE_KEYS, *place)
        if not isinstance(data.get("override", False), bool):
            self._refuse("`override` is true or false", *place, "override")
        layer = self._text(data, "layer", *place)
        applies_to = self._word(AppliesTo, data.get("applies_to"), *place, "applies_to")
        for_each = self._word(ForEach, data.get("for_each", "whole"), *place, "for_each")
        if applies_to in (AppliesTo.DATASET, AppliesTo.SAMPLE) and for_each is not ForEach.WHOLE:
            self._refuse(f"a {applies_to} rule is evaluated for the whole", *place, "for_each")
        source, references = self._clause(data, *place)
        return Rule(
            id=self._id(self._text(data, "id", *place), *place, "id"),
            title=self._text(data, "title", *place),
            outcome=self._word(Outcome, data.get("outcome"), *place, "outcome"),
            message=self._text(data, "message", *place),
            owner=self._text(data, "owner", *place),
            applies_to=applies_to,
            for_each=for_each,
            layer=None if layer == "of-the-text" else self._word(Layer, layer, *place, "layer"),
            when=self._when(data, *place),
            fix=self._text(data, "fix", *place, default=""),
            obligations=self._texts(data, "obligations", *place),
            advice=self._texts(data, "advice", *place),
            clause=source,
            references=references,
            question=self._text(data, "question", *place, default=""),
        )

    def _when(self, data: Mapping[str, Any], *place: str | int) -> tuple[tuple[str, str], ...]:
        value = data.get("when")
        if isinstance(value, str):
            return (("when", value),)
        if not isinstance(value, dict) or not value:
            self._refuse("`when` is a condition or a mapping of named conditions", *place, "when")
        for name, source in value.items():
            if not isinstance(source, str):
                self._refuse("a condition must be text", *place, "when", name)
        return tuple(value.items())

    def _clause(
        self, data: Mapping[str, Any], *place: str | int
    ) -> tuple[ClauseSource, tuple[ClauseRef, ...]]:
        references = data.get("references", [])
        if not isinstance(references, list):
            self._refuse("`references` must be a list", *place, "references")
        refs = []
        for at, item in enumerate(references):
            entry = self._mapping(item, {"ref", "section", "url"}, *place, "references", at)
            refs.append(
                ClauseRef(
                    self._text(entry, "ref", *place, "references", at),
                    self._text(entry, "section", *place, "references", at, default=""),
                    self._text(entry, "url", *place, "references", at, default=""),
                )
            )
        source = self._word(ClauseSource, data.get("clause", "stated"), *place, "clause")
        if source is ClauseSource.STATED and not refs:
            self._refuse("a rule names the clause it stands on", *place, fix="give `clause` or `references`")
        return source, tuple(refs)
