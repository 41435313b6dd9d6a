"""What a service leaves beside its answers: ids of calls, headers of its responses, its system's mark.

An id tells whose service gave it by its form alone where nobody else makes such ids. Servers of open weights
write `chatcmpl-` too, with other letters after it: that is a model's answer, and no more.
"""

from __future__ import annotations

import re

from auditor.domain.claim import ClaimKind
from auditor.domain.origin import UNKNOWN

_ANTHROPIC, _OPENAI = (ClaimKind.TEACHER, "anthropic"), (ClaimKind.TEACHER, "openai")
_MIXED = r"(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])"
_SYSTEM = re.compile(r"fp_[0-9a-f]{10}(_\w{1,40})?")
_TRACES = (
    (re.compile(rf"(chat)?cmpl-{_MIXED}[A-Za-z0-9]{{29}}|(asst|thread)_{_MIXED}[A-Za-z0-9]{{24}}"), _OPENAI),
    (re.compile(r"(resp|msg|rs|fc)_[0-9a-f]{48,64}"), _OPENAI),
    (re.compile(r"(msg|toolu|msgbatch)_(01|(bdrk|vrtx)_01)[A-Za-z0-9]{20,24}"), _ANTHROPIC),
    (re.compile(r"req_011C[A-Za-z0-9]{20}"), _ANTHROPIC),
    (re.compile(r"gen-\d{10}-[A-Za-z0-9]{20}"), (ClaimKind.HOST, "openrouter")),
    (_SYSTEM, (ClaimKind.ACCESS, "api")),
    (re.compile(r"chatcmpl-[\w-]{3,60}"), (ClaimKind.TEACHER, UNKNOWN)),
)
_BEGINS = (
    *("chatcmpl-", "cmpl-", "asst_", "thread_", "resp_", "msg_", "rs_", "fc_", "toolu_", "msgbatch_", "req_"),
    *("gen-", "fp_", "openai-", "anthropic-"),
)
_HEADER = re.compile(
    r"(openai)[-_](?:organization|processing[-_]ms|version|project)|"
    r"(anthropic)[-_](?:organization[-_]id|ratelimit[\w-]*|priority[\w-]*|fast[\w-]*)"
)
_NAMED_HEADER = re.compile(r"([a-z-]{6,60}): ?\S")


def may_be_trace(stem: str) -> bool:
    """Tell whether a value that begins so may be a trace, whatever digits it ends in."""
    return stem.startswith(_BEGINS)


def trace_in(value: str) -> tuple[ClaimKind, str] | None:
    """Return what the id of a call, or a line of headers, says: whose it is, or how it was reached."""
    if not value.startswith(_BEGINS):
        return None
    found = next((said for pattern, said in _TRACES if pattern.fullmatch(value)), None)
    if found is None and (line := _NAMED_HEADER.match(value)) and (maker := header_maker(line[1])):
        return ClaimKind.TEACHER, maker
    return found


def header_maker(name: str) -> str | None:
    """Return the provider whose service alone sends a header of this name."""
    found = _HEADER.fullmatch(name.lower()) if name[:1] in "oOaA" else None
    return None if found is None else found[1] or found[2]


def is_of_service(fingerprint: object) -> bool:
    """Tell whether the fingerprint of a system is one that services give, and no server of one's own."""
    return isinstance(fingerprint, str) and _SYSTEM.fullmatch(fingerprint) is not None
