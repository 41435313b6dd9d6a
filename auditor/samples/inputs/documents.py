"""What lies beside the data, by its name: cards, readmes, terms, credits, license files, metadata."""

from __future__ import annotations

import re

_LANGUAGE = r"[a-z]{2}([-_][a-z]{2,4})?"
_LICENSE_NAME = (
    r"(apache|mit|bsd|l?gpl|agpl|mpl|cc|cc0|odc|odbl|isc|epl|unlicense|openrail|llama|gemma|qwen|third[-_]party)"
    r"([-_.]?(v?[0-9]+|by|nc|sa|nd|clause|or|later|only|notices?|licen[cs]es?|community|universal|international))*"
)
_PART = rf"({_LANGUAGE}|data|code|docs|model|weights|dataset)"
_TEXT = r"\.(md|txt|rst|cff|bib)"
LICENSE_WORD = (
    r"(licen[cs]es?|copying|lizenz(en)?|licencias?|licenza|licen[cç]as?|licentie|licens|licencja|лицензия|许可证?|許可證?"
    r"|ライセンス)"
)
"""How license files are called."""
_CREDITS = r"authors|contributors|maintainers|credits|acknowledge?ments?|thanks"
_NAMES = (
    rf"readme|{LICENSE_WORD}|notice|citation|changelog|changes|history|news|release[-_]?notes|roadmap|{_CREDITS}|contributing|"
    r"code_of_conduct|security|codeowners|terms([-_]of[-_]use)?|datasheet|usage|about|provenance|attributions?|sources|"
    r"disclaimer|legal|methods?|methodology|description|generation|data[-_]statement|data[-_]?(use|usage|terms|policy)|"
    r"((data(set)?|hub)[-_]?)?card|data[-_.]licen[cs]e|licen[cs]e[-_.]data"
)
_DOCUMENT = re.compile(
    rf"(?i)({_NAMES})([-_]({_PART}|{_LICENSE_NAME})|\.{_LICENSE_NAME}|\.{_PART}(?={_TEXT}$))?({_TEXT})?"
)
_LOOSELY = re.compile(
    r"(?i)(readme|card|(data(set)?|hub)[-_]?card|datasheet|terms|usage|notice|copying|about|provenance|disclaimer|"
    r"legal|data[-_]statement|methodology|generation|data[-_]?(use|usage|terms|policy))([-_.]\w{1,20}){0,3}"
    r"(\.(md|txt|rst))?"
)
_LISTS_PEOPLE = re.compile(rf"(?i)({_CREDITS}|codeowners)([-_.]\w{{1,20}})?({_TEXT})?")
_LICENSE = re.compile(rf"(?i){LICENSE_WORD}(?!\w).*")
_SIDE_FILE = re.compile(
    r"(?i)^(dataset_infos?|state|dataset_dict|info|tgi[-_]info|config|generation_config|results?_.*|.*[-_]results|"
    r"(.*[-_.])?croissant([-_.].*)?|metadata|datapackage|dataset[-_]metadata|builder_config)\.json$"
)
_SETTINGS = re.compile(r"(?i).*\.cff")
_PAGE = re.compile(
    r"(?i)(readme|((data(set)?|hub)[-_]?)?card|datasheet|about|provenance|description|methodology)([-_]\w{1,20})?"
    r"\.html?"
)
"""Documents that are pages: of licenses and terms none, which are read word by word."""


def is_document(name: str) -> bool:
    """Tell by its name whether a file is a document and no data, if it is not something else inside."""
    return _DOCUMENT.fullmatch(name) is not None or _PAGE.fullmatch(name) is not None


def speaks_in_sentences(name: str) -> bool:
    """Tell by its name whether a file is a document that may speak of the data, and no license."""
    named = is_document(name) or _LOOSELY.fullmatch(name) is not None
    of_license = _LICENSE.fullmatch(name) is not None and not name.lower().startswith("copying")
    return named and not of_license and _SETTINGS.fullmatch(name) is None


def lists_people(name: str) -> bool:
    """Tell by its name whether a document lists who made the data."""
    return _LISTS_PEOPLE.fullmatch(name) is not None


def named_side_file(name: str) -> bool:
    """Tell by its name whether a file of JSON describes the data, whatever stands in it."""
    return _SIDE_FILE.match(name) is not None
