"""Take secrets out of what a report, a message or a log shows: passwords and tokens in URLs and options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from urllib.parse import unquote

HIDDEN = "***"
"""What stands where a secret stood."""
_DATABASE = re.compile(r"(?i)\b((?:postgres(?:ql)?(?:\+\w+)?|mysql|mongodb)://[^:/?#\s'\"]*:)[^\s'\"]*(@)")
_USER_INFO = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#\s'\"]*)@")
_SECRET = (
    r"(?:[a-z0-9]+[-_.])*(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|"
    r"auth(?:orization)?|credentials?|sslpassword)"
)
_IN_QUERY = rf"(?:{_SECRET}|sig(?:nature)?|key|session|x-(?:amz|goog)-[a-z-]+)"
_QUERY = re.compile(rf"(?i)([?&;#]{_IN_QUERY}=)[^&;#\s'\"]*")
_PAIR = re.compile(rf"(?i)((?:^|[\s,;'\"(]){_SECRET}\s*=\s*)[^\s&;,'\"]+")
_BEARER = re.compile(r"(?i)(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}")
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:hf_|api_org_|ghp_|gho_|ghu_|ghs_|ghr_|github_pat_|glpat-|sk-|[srp]k_(?:live|test)_|"
    r"xox[abeprs]-|xapp-|AKIA|ASIA|AIza|ya29\.|pypi-|npm_|gsk_|nvapi-|dop_v1_|glsa_|wandb_v1_)[A-Za-z0-9_-]{16,}|"
    r"r8_[A-Za-z0-9]{32,}|SG\.[\w-]{16,}\.[\w-]{16,}|eyJ[\w-]{5,}\.[\w-]{8,}(?:\.[\w-]*)?)",
    re.ASCII,
)
"""Beginnings that services give their tokens, and the form of a JSON Web Token."""


def redact(text: str) -> str:
    """Return a text without its secrets; one that holds none comes back as it is.

    In a URL the password (and a user that stands alone, who is a token) and the values of query members named
    like a secret go; so do values set to such a name, and tokens by the beginnings that services give them.
    """
    shown = _DATABASE.sub(rf"\g<1>{HIDDEN}\g<2>", text)
    shown = _USER_INFO.sub(_without_password, shown)
    for pattern in (_QUERY, _PAIR, _BEARER):
        shown = pattern.sub(rf"\g<1>{HIDDEN}", shown)
    return _TOKEN.sub(HIDDEN, shown)


def redact_command(words: Iterable[str]) -> str:
    """Return a command line without its secrets, quoted for a shell."""
    return shlex.join(map(redact, words))


def _without_password(match: re.Match[str]) -> str:
    scheme, info = match.groups()
    user, colon, _ = info.partition(":")
    # Who is named alone in https://NAME@ is a token; a database's user is not.
    alone = not colon and scheme.lower() in ("https://", "http://", "hf://")
    shown = HIDDEN if alone or not user or _TOKEN.search(unquote(user)) else user
    return f"{scheme}{shown}{f':{HIDDEN}' if colon else ''}@"
