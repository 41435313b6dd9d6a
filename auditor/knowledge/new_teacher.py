"""The overlay of a teacher that nobody has read yet: what must be read stands in it as questions."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from string import Template

from auditor.domain.claim import Access
from auditor.errors import UsageError
from auditor.knowledge.catalog import Knowledge

_TEMPLATES = Path(__file__).parent / "templates"


def template(name: str, developer: str, access: Access, today: date, knowledge: Knowledge) -> dict[str, str]:
    """Return the files of an overlay by name.

    Raises:
        UsageError: the name has no letter or digit, or the catalog knows it.
    """
    id = _id(name)
    known = knowledge.resolve(name).teacher or (id if id in knowledge.teachers else None)
    if known is not None:
        raise UsageError(f"the catalog knows `{name}`: {known}", fix=f"see `auditor catalog explain {known}`")
    weights = access is Access.OPEN_WEIGHTS
    text = f"LicenseRef-{id}-1" if weights else f"Terms-{id}-1"
    words = {
        "id": id,
        "name": _quoted(name),
        "developer": _quoted(developer),
        "access": str(access),
        "pattern": _quoted("[-_ ]?".join(map(re.escape, re.findall(r"[a-z0-9.]+", name.casefold())))),
        "text": text,
        "title": _quoted(f"{name}: terms"),
        "kind": "license-and-contract" if weights else "service-terms",
        "terms": f"  terms: [{text}]" if weights else f"  service: {id}-{access}",
        "day": today.isoformat(),
        "before": (today - timedelta(days=1)).isoformat(),
    }
    files = ("teachers.yaml", "terms.yaml") if weights else ("teachers.yaml", "services.yaml", "terms.yaml")
    return {file: Template((_TEMPLATES / file).read_text("utf-8")).substitute(words) for file in files}


def _id(name: str) -> str:
    id = re.sub(r"[^a-z0-9.]+", "-", name.casefold()).strip("-.")[:60]
    if not id:
        raise UsageError(f"{name!r} gives no id", fix="name the model as its maker does, e.g. 'Acme Chat 2'")
    return id


def _quoted(text: str) -> str:
    """Return a text as a YAML scalar that is this text, whatever stands in it."""
    return json.dumps(" ".join(text.split()))
