"""What the gate tells the command that it guards, by environment variables, and how that command reads it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from auditor.attest.keyless import Identity
from auditor.domain.permit import Permit
from auditor.errors import UsageError
from auditor.gate.request import Request

PathLike = str | os.PathLike[str]
ENV_PERMIT, ENV_KEYS = "AUDITOR_PERMIT", "AUDITOR_PERMIT_KEYS"
ENV_DATASET, ENV_THRESHOLD = "AUDITOR_DATASET", "AUDITOR_PERMIT_THRESHOLD"
ENV_IDENTITY, ENV_REVOKED = "AUDITOR_PERMIT_IDENTITY", "AUDITOR_PERMIT_REVOKED"
ENV_APPROVERS, ENV_POLICY = "AUDITOR_PERMIT_APPROVER_KEYS", "AUDITOR_PERMIT_POLICY"
ENV_REPORT_ONLY = "AUDITOR_PERMIT_ALLOW_REPORT_ONLY"
ENV_ALLOW_UNREAD = "AUDITOR_ALLOW_UNREAD"
ENV_PERMIT_DIGEST, ENV_DATASET_DIGEST = "AUDITOR_PERMIT_DIGEST", "AUDITOR_DATASET_DIGEST"


def request_of(
    permit: PathLike | None,
    *,
    keys: Sequence[PathLike] | None = None,
    identity: Identity | None = None,
    threshold: int | None = None,
    revoked: PathLike | None = None,
    approver_keys: Sequence[PathLike] | None = None,
    plan: PathLike | None = None,
    policy: str | None = None,
    knowledge: PathLike | None = None,
    allow_report_only: bool | None = None,
    allow_unread: bool | None = None,
) -> Request:
    """Return what was asked for; what is not given comes from the variables that the gate sets.

    Raises:
        UsageError: nothing names a permit or a key, or a variable has another form.
    """
    environment = os.environ
    place = permit or environment.get(ENV_PERMIT)
    if not place:
        raise UsageError(
            "no permit is named", fix=f"give permit=, or run under `auditor gate` ({ENV_PERMIT})"
        )
    given = _paths(ENV_KEYS) if keys is None else keys
    who = identity or (_identity(environment.get(ENV_IDENTITY, "")) if not given else None)
    if not given and who is None:
        raise UsageError("no key is trusted", fix=f"give keys=, or run under `auditor gate` ({ENV_KEYS})")
    listed = revoked or environment.get(ENV_REVOKED)
    approvers = _paths(ENV_APPROVERS) if approver_keys is None else approver_keys
    return Request(
        Path(place),
        tuple(map(Path, given)),
        _threshold() if threshold is None else threshold,
        Path(plan) if plan else None,
        policy or (None if permit else environment.get(ENV_POLICY)) or None,
        Path(listed) if listed else None,
        who,
        None if permit else environment.get(ENV_PERMIT_DIGEST),
        allow_report_only=_is_set(ENV_REPORT_ONLY) if allow_report_only is None else allow_report_only,
        allow_unread=_is_set(ENV_ALLOW_UNREAD) if allow_unread is None else allow_unread,
        approver_keys=tuple(map(Path, approvers)),
        knowledge=os.fspath(knowledge) if knowledge else None,
    )


def dataset_named() -> list[str]:
    """Return the files and folders that the gate hashed.

    Raises:
        UsageError: none is named.
    """
    places = _paths(ENV_DATASET)
    if not places:
        raise UsageError(
            "no data is named", fix=f"give dataset=, or run under `auditor gate` ({ENV_DATASET})"
        )
    return places


def child_environment(request: Request, permit: Permit, places: Sequence[str]) -> dict[str, str]:
    """Return this process's environment with what `require_permit` needs in the guarded command."""
    return {
        **os.environ,
        ENV_PERMIT: str(request.permit.resolve()),
        ENV_PERMIT_DIGEST: permit.digest,
        ENV_DATASET: _joined([os.path.abspath(place) for place in places]),
        ENV_DATASET_DIGEST: permit.dataset_digest,
        ENV_KEYS: _joined([str(key.resolve()) for key in request.keys]),
        ENV_APPROVERS: _joined([str(key.resolve()) for key in request.approver_keys]),
        ENV_POLICY: _from_anywhere(request.policy or ""),
        ENV_REVOKED: str(request.revoked.resolve()) if request.revoked else "",
        ENV_THRESHOLD: str(request.threshold),
        ENV_REPORT_ONLY: "1" if request.allow_report_only else "",
        ENV_ALLOW_UNREAD: "1" if request.allow_unread else "",
        ENV_IDENTITY: f"{request.identity.issuer}#{request.identity.name}" if request.identity else "",
    }


def _is_set(name: str) -> bool:
    return os.environ.get(name) == "1"


def _threshold() -> int:
    text = os.environ.get(ENV_THRESHOLD, "1")
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"{ENV_THRESHOLD} is not a number: {text!r}", fix="give 1 or more") from None


def _paths(name: str) -> list[str]:
    """Return the paths in a variable: separated as in PATH, or a list in JSON."""
    text = os.environ.get(name, "")
    try:
        paths = json.loads(text) if text.startswith('["') else text.split(os.pathsep)
    except ValueError:
        raise UsageError(f"{name} is not a list of paths", fix=f"separate them by {os.pathsep!r}") from None
    return [str(path) for path in paths if path]


def _joined(paths: Sequence[str]) -> str:
    return json.dumps(paths) if any(os.pathsep in path for path in paths) else os.pathsep.join(paths)


def _identity(text: str) -> Identity | None:
    issuer, _, name = text.partition("#")
    return Identity(name, issuer) if issuer and name else None


def _from_anywhere(policy: str) -> str:
    """Return a pack's name as it is and a pack's file by its whole path: the command may run elsewhere."""
    from auditor.policy.pack.load import pack_names

    return os.path.abspath(policy) if policy and policy not in pack_names() else policy
