"""Words that name a license or bar commerce: in values, in names of columns, and in sentences.

A value counts as a whole. Short words (`MIT`, `NC`, `by-nc`) are a license's only where the name of the
column speaks of terms. A sentence never grants anything: it can only bar.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from auditor.samples.claims.column_names import plain_name

MAX_LICENSE_VALUE = 120
"""A longer value is a text of its own, and no license's name."""
MAX_TERMS = 1000
"""A longer text is no sentence on terms."""
_NUMBER = r"[ _-]?v?\d(\.\d)*"
_MARKS = r"([ _-](by|nc|sa|nd))+"
_NON_COMMERCIAL = r"non[ _-]?commercial"
_CC_NC = re.compile(r"(?i)\bcc[- ]by[- ]nc(?:[- ](?:sa|nd))*(?:[- ]v?(\d\.\d))?")
_ADDRESS = (
    r"(https?:)?(//)?(www\.)?(creativecommons\.org/(licenses|publicdomain)|opensource\.org/licenses?|"
    r"spdx\.org/licenses|choosealicense\.com/licenses|(apache|gnu)\.org/licenses|"
    r"opendatacommons\.org/licenses|rightsstatements\.org/(vocab|page))/\S+"
)
_ID = (
    rf"cc{_MARKS}({_NUMBER})?([ _-](igo|[a-z]{{2}}))?|cc[ _-]?(0|zero)({_NUMBER})?|licenseref-[\w.+-]+|"
    r"(apache|[al]?gpl|gfdl|mpl|epl|eupl|ecl|osl|afl|artistic|odc-by|odbl|pddl|cdla-\w+|ms-pl|[co]-uda)"
    rf"{_NUMBER}([-+](only|or-later)?)?"
)
_NAME = (
    r"creative commons?\b[\w .,()/:-]*|attribution[ -](\d|non|share|no ?deriv|inter)[\w .,()-]*|"
    rf"(mit|apache|bsd|gnu)[\w ,.-]* licen[cs]e[\w ,.-]*|bsd[ -][234][ -]clause|apache{_NUMBER}"
)
_LIMIT = (
    rf"(for |strictly )*({_NON_COMMERCIAL}|(academic|research|evaluation|educational)([ _-](use|purposes?))?"
    r"(?=[ _-]only))([ _-](research|use|purposes?|academic|and|or|only|licen[cs]e))*|all rights reserved|"
    r"no commercial use\w*|not for commercial( (use|purposes?))?"
)
_STATED = (
    r"licen[cs]es? ?[:=] ?|((this|the|all) [\w ]{1,30})?"
    r"(licen[cs]ed|released|available|distributed|shared|published) under "
    r"(the |an? )?(terms of (the |an? )?)?"
)
"""Words before a license that say it is one: `license:mit`, `Licensed under MIT`."""
_RESERVED = r"(copyright|\(c\)|©)[\w .,&()©'-]{0,80}\ball rights reserved"
_LICENSE = re.compile(
    rf"(?i)(?P<stated>{_STATED})?"
    rf"(?P<named>({_ADDRESS}|{_ID}|{_NAME})( licen[cs]e)?|{_LIMIT}|{_RESERVED})[. ]*"
)
_OPERAND = rf"\(*(?i:{_ID}|mit|isc|zlib|unlicense|bsd-\d-clause(-\w+)?)\)*"
_EXPRESSION = re.compile(rf"{_OPERAND}( (AND|OR|WITH) ({_OPERAND}|[\w.-]+-exception(-[\d.]+)?\)*))+")
"""An expression of SPDX, with its words in capitals."""
_FREE = re.compile(
    r"(?i)(mit|isc|bsd|apache|zlib|unlicense|wtfpl|bsl|gpl|lgpl|agpl|odbl|pddl|gfdl|cc|proprietary|"
    r"public[ -]domain|no[ _-]licen[cs]e|fair use|copyrighted|in copyright|non[ _-]?permissive|"
    rf"(cc[ _-])?(by|nc|(by|nc|sa|nd)([ _-](by|nc|sa|nd))+)({_NUMBER})?( only)?|"
    r"no[ _-]?(commerce|commercial|deriv(ative)?s|redistribution)|"
    r"((for|strictly) )*(academic|research|evaluation|educational|personal|internal|private)"
    r"([ _-](use|purposes?)([ _-]only)?|[ _-]only))"
)
"""What says on which terms only where the column's name speaks of terms."""
_HOLDERS = (
    r"driv|medical|doctor|physician|dentist|nurs|plate|pilot|business|profession|practi|contractor|liquor|"
    r"vehicle|attorney|lawyer|broker|therapist|restaurant"
)
"""Who holds a license to practice, to drive or to sell."""
_HELD = re.compile(rf"(?i)({_HOLDERS})")
_LICENSED = re.compile(
    rf"(?!(?i:.*({_HOLDERS})))"
    r"((?i:(.*[_.\- ])?licen[cs]es?([_ -]?(name|id|spdx))?)|.*Licen[cs]es?(Name|Id)?)"
)
"""A column that is named for a license: whatever stands there is one."""
_SPEAKS = re.compile(
    r"(?i)licen[cs]|copyright|^(dc[:_.]|dcterms[:_.])?(access_?|use_?|usage_?)?rights$|terms_of_(use|service)|"
    r"^((data|dataset|use|usage|re)_?)?(restrictions?|limitations?|permissions?)$|"
    r"^(data_?|dataset_?)?(usage|reuse|terms|redistribution|cc)(_(terms|policy|type|code))?$|"
    r"^(allowed|permitted|acceptable|restricted)_?(uses?|usage|purposes?)$|^(use|usage)_"
    r"(restrictions?|limitations?|terms|policy|rights)$|^restricted_to$"
)
_BEGINNINGS = {
    "cc-", "cc0", "cc_", "cc:", "lic", "apa", "gpl", "lgp", "agp", "gfd", "mpl", "epl", "eup",
    "ecl", "osl", "afl", "art", "odc", "odb", "pdd", "cdl", "ms-", "c-u", "o-u", "cre", "att",
    "mit", "bsd", "gnu", "htt", "//c", "//w", "//o", "//s", "//a", "//g", "//h", "www", "ope",
    "spd", "cho", "for", "str", "non", "not", "aca", "res", "eva", "edu", "all", "cc ", "no ",
    "thi", "the", "rel", "ava", "dis", "sha", "pub", "cop", "(c)", "© 1", "© 2", "isc", "zli", "unl",
    "(mi", "(ap", "(gp", "(lg", "(ag", "(bs", "(is", "(cc", "(mp", "(ep",
}  # fmt: skip
"""How a value begins that may be a license: the expression is not tried on others, for speed."""
HEADS = frozenset(
    "".join(signs)
    for word in _BEGINNINGS
    for signs in itertools.product(*((sign.lower(), sign.upper()) for sign in word))
)
"""The same in every mixture of capitals, so that no value need be lowered to be passed over."""
_USE = r"(_(use|usage|purposes?|allowed|permitted|ok|usable))"
_COMMERCE = re.compile(
    rf"commercial|(is_)?commercial(ly)?{_USE}{{1,2}}|(allows?|permits?)_commercial(ly)?{_USE}?"
)
"""A column that says whether commerce is allowed."""
_BARRED = re.compile(rf"(is_)?(non_?commercial|nc)({_USE})?(_only)?|(is_)?(research|academic)({_USE})?_only")
"""A column that says whether commerce is barred."""
_DENIED = frozenset(("no", "false", "not allowed", "prohibited", "forbidden", "disallowed"))
_LONGEST_WORD = 16
BARRED = "no commercial use"
_NOT_SAID = frozenset(("", "none", "null", "nan", "n/a", "na", "-", "true", "false", "yes", "no"))
SPOKEN_OF = re.compile(
    r"(?i)licen[cs]|\bcc[- ]by\b|non[- ]?commercial|research|commerc|rights|restrict|\bnc\b"
)
"""A large cell is opened for these alone."""
_BARS = re.compile(
    rf"(?i){_NON_COMMERCIAL}|\bcc[- ]by[- ]nc\b"
    r"|\b(not|never|cannot|nor|no|prohibit\w*|forbid\w*|disallow\w*)\b[^;]{0,60}\bcommercial(ly)?\b"
    r"|\bcommercial\w*\b[^;]{0,40}\b(not|prohibited|forbidden|disallowed|excluded)\b"
    r"|\b(research|academic|educational|scientific|personal)([- ](use|purposes?))?[- ]only\b"
    r"|\bkein\w*[^;]{0,30}\bkommerziell|\bnicht\b[^;]{0,30}kommerziell|\bno comercial"
    r"|\bonly\b[^;]{0,30}\bfor\b[^;]{0,20}\b(research|academic|educational|scientific)\b"
    r"|\b(limited|restricted) to\b[^;]{0,20}\b(research|academic|educational)\b"
)
_BOTH = r"(?:and|or|as well as|/|&) ?(?:for )?"
_FREES = re.compile(
    rf"(?i)\b(?<!non-)(?<!non )commercial(ly)?( use| purposes?)?,? ?{_BOTH}{_NON_COMMERCIAL}"
    rf"|{_NON_COMMERCIAL}(ly)?( use| purposes?)?,? ?{_BOTH}commercial"
    r"|\b(no|without|unlike|rather than|instead of|not (limited|restricted|bound|subject) (to|by)|not only)\b"
    r"[^;]{0,40}(non[- ]?commercial|restrict|\bby[- ]nc\b)"
    r"|\b(is|are) not (under )?(a )?(non[- ]?commercial|cc[- ]by[- ]nc)"
)
_CLAUSE = re.compile(r";|,? (?:but|while|whereas|though|although) |, (?=(?:this|it|ours?)\b)", re.I)
_OTHERS = re.compile(
    r"(?i)\b(other|another|most|many|some|similar|previous|prior|earlier|existing|comparable|related|unlike)\b"
    r"[^;]{0,30}\b(sets?|datasets?|corpora|corpus|collections?|data|ones|releases?)\b"
)
_THIS = re.compile(
    r"(?i)\b(this|these|it|its|ours?|we|like|here|the (data ?sets?|data|corpus|rows|samples|files))\b"
)


def license_in(value: str, named: int, where: str = "") -> str | None:
    """Return the license that a value is, as a whole; None for another value.

    Args:
        named: what the name of its column says, as `speaks_of_terms` returns it.
        where: the place of the value, whose holder may be a person with a license to practice.
    """
    text = value.strip()
    if len(text) > MAX_LICENSE_VALUE:
        return text if named and len(text) <= MAX_TERMS and bars(text) else None
    if text[:3] in HEADS:
        found = _LICENSE.fullmatch(text)
        if found is not None:
            return found["named"] if found["stated"] else text
        if _EXPRESSION.fullmatch(text) is not None:
            return text
    if not named or text.lower() in _NOT_SAID or text.isdecimal():
        return None
    if named == 2 and not _HELD.search(where):
        return text
    return text if _FREE.fullmatch(text) is not None or bars(text) else None


@lru_cache(4096)
def speaks_of_terms(name: str) -> int:
    """Return what the name of a column says: nothing (0), of terms (1), that a license stands there (2)."""
    if _LICENSED.fullmatch(name):
        return 2
    return 1 if _SPEAKS.search(plain_name(name)) or asks_commerce(name) or asks_bar(name) else 0


@lru_cache(4096)
def asks_commerce(where: str) -> bool:
    """Tell whether a column, or the member at a place, says whether commerce is allowed."""
    return _COMMERCE.fullmatch(plain_name(where.rpartition(".")[2])) is not None


@lru_cache(4096)
def asks_bar(where: str) -> bool:
    """Tell whether a column, or the member at a place, says whether commerce is barred."""
    return _BARRED.fullmatch(plain_name(where.rpartition(".")[2])) is not None


def affirms(value: str) -> bool:
    """Tell whether a value says yes."""
    return len(value) <= _LONGEST_WORD and value.strip().lower() in ("yes", "true")


def denies(value: str) -> bool:
    """Tell whether a value says no."""
    return len(value) <= _LONGEST_WORD and value.strip().lower() in _DENIED


def bars(sentence: str) -> bool:
    """Tell whether a sentence bars commerce with the data that it stands beside, not with other data."""
    return any(
        _BARS.search(one) and not _FREES.search(one) and not _is_of_others(one)
        for one in _CLAUSE.split(sentence)
    )


def barring_license(text: str) -> str | None:
    """Return the license that a text names and that bars commerce; None where it names none."""
    found = _CC_NC.search(text)
    return found[0] if found else None


def is_bar(license: str) -> bool:
    """Tell whether a license, by its name or words, bars commerce."""
    return re.search(rf"(?i)(\b|_)nc(\b|_)|{_NON_COMMERCIAL}|research", license) is not None


def is_nc(text: str) -> bool:
    """Tell whether a license's name, or the title of its text, is that of a non-commercial one."""
    return re.search(rf"(?i)\bcc[- ]by[- ]nc\b|\bby-nc\b|{_NON_COMMERCIAL}", text) is not None


def _is_of_others(clause: str) -> bool:
    return _OTHERS.search(clause) is not None and _THIS.search(clause) is None
