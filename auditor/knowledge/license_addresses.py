"""Tell an address of a license from others, and which license stands there."""

from __future__ import annotations

import re

LICENSE_SITES = re.compile(
    r"^https?://(www\.)?(creativecommons|opensource|spdx|choosealicense|apache|gnu)\.\w+/", re.I
)
ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z]+/[^\s()<>\[\],;]+", re.I)
DEED = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)(?:/(\d\.\d))?"
    r"(?:/[\w./-]*)?(?:[?#].*)?",
    re.I,
)
LISTED_AT = re.compile(
    r"(?:https?://)?(?:www\.)?(?:opensource\.org/licenses?|spdx\.org/licenses|choosealicense\.com/licenses)"
    r"/([\w.+-]+?)(?:\.html?)?[/.]?",
    re.I,
)
OTHER_PLACES = re.compile(
    r"(?:https?://)?(?:www\.)?(?:(?P<apache>apache\.org/licenses/LICENSE-2\.0)(?:\.(?:txt|html))?"
    r"|opendatacommons\.org/licenses/(?P<odc>by|odbl|pddl)(?:/1[-.]0)?|gnu\.org/licenses/(?:old-licenses/)?"
    r"(?P<gnu>[al]?gpl-\d\.\d)(?:\.en)?(?:\.(?:html|txt))?|huggingface\.co/datasets/choosealicense/licenses/"
    r"blob/main/markdown/(?P<card>[\w.-]+?)\.md|github\.com/[\w.-]+/[\w.-]+/?\?tab=(?P<tab>[\w.-]+?)-\d+-ov-file(?:#.*)?)/?",
    re.I,
)
"""Where other licenses stand, with what tells which."""
_ODC = {"by": "ODC-By-1.0", "odbl": "ODbL-1.0", "pddl": "PDDL-1.0"}
NO_SCHEME = re.compile(r"(?<![:\w/])//(?=(?:www\.)?[a-z]\w*\.[a-z]+/)", re.I)
"""How an address begins that goes by the scheme of the page that it stood on."""


def bare(address: str) -> str:
    """Return an address as the map of places spells it."""
    return re.sub(r"^(?:https?://)?(?:www\.)?|(?:/|\.html?)?(?:[?#].*)?$", "", address.lower())


def name_at(place: re.Match[str]) -> str:
    """Return what the license goes by that stands at an address."""
    if place["apache"]:
        return "Apache-2.0"
    return _ODC[place["odc"].lower()] if place["odc"] else str(place["gnu"] or place["card"] or place["tab"])
