"""Take secrets out of what a report, a message or a log shows: passwords and tokens in URLs and options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from urllib.parse import unquote

HIDDEN = "***"
"""What stands where a secret stood."""
_USER_INFO = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#\s'\"]*)@")
_SECRET_WORD = (
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|apikey|access[-_]?key|auth(?:orization)?|sig(?:nature)?|"
    r"credentials?|private[-_]?key|session|key|sslpassword|x-amz-[a-z-]+|x-goog-[a-z-]+)"
)
_NAME = rf"(?:[A-Za-z0-9]+[-_.])*{_SECRET_WORD}"
_QUERY = re.compile(rf"(?i)([?&;#]{_NAME}=)([^&;#\s'\"]*)")
_PAIR = re.compile(rf"(?i)(\b{_NAME}\s*=\s*)([^\s&;'\"]+)")
_TOKENS = re.compile(
    r"\b(?:hf_|ghp_|gho_|ghu_|ghs_|ghr_|github_pat_|glpat-|sk-|xox[abprs]-|AKIA|ASIA|pypi-|npm_)[A-Za-z0-9_-]{8,}"
)
_BEARER = re.compile(r"(?i)(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}")
"""Beginnings that services give their tokens, so that scanners know them."""


def redact(text: str) -> str:
    """Return a text without its secrets; one that holds none comes back as it is.

    In a URL the password (and a user's name that stands alone, which is a token) and the values of query
    members named like a secret go; so do tokens by the beginnings that services give them.
    """
    shown = _USER_INFO.sub(_without_password, text)
    shown = _QUERY.sub(rf"\g<1>{HIDDEN}", shown)
    if "://" in shown or "=" in shown:
        shown = _PAIR.sub(_hide_value, shown)
    shown = _BEARER.sub(rf"\g<1>{HIDDEN}", shown)
    return _TOKENS.sub(HIDDEN, shown)


def redact_all(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts without their secrets."""
    return tuple(map(redact, texts))


def redact_command(words: Iterable[str]) -> str:
    """Return a command line without its secrets, quoted for a shell."""
    return shlex.join(redact_all(words))


def _without_password(match: re.Match[str]) -> str:
    scheme, info = match.groups()
    user, colon, _ = info.rpartition("@")[2].partition(":")
    # Whoever is named alone in https://NAME@ is a token; a database's user is not.
    alone = not colon and scheme.lower() in ("https://", "http://", "hf://")
    shown = HIDDEN if alone or not user or _TOKENS.search(unquote(user)) else user
    return f"{scheme}{shown}{f':{HIDDEN}' if colon else ''}@"


def _hide_value(match: re.Match[str]) -> str:
    return f"{match.group(1)}{HIDDEN}"
