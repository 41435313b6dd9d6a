"""A small whole catalog, and bundles of it, for the tests of bundles."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from auditor.attest.catalog_bundle import signed_bundle
from auditor.attest.keys import KeyType, PrivateKey, load_private, new_key, write_pair
from auditor.knowledge.bundle import Bundle, Edition
from auditor.knowledge.bundle_store import written
from auditor.knowledge.documents import raw_files

MADE = datetime(2026, 11, 24, 12, tzinfo=UTC)
READ_ON = "2099-01-01"
"""Later than the shipped facts, whenever these are read again."""


def terms(id: str, outputs: str, **more: Any) -> dict[str, Any]:
    """Return an entry of terms.yaml."""
    basis = {"silent_basis": "text-not-read"} if outputs == "silent" else {}
    return {
        "id": id,
        "name": f"{id} agreement",
        "kind": "license-and-contract",
        "version": "1",
        "url": "https://acme.example/terms",
        "source": "contract on file",
        "confidence": "verified-from-text",
        "facts": {
            "outputs_train_other_models": {"value": outputs, "section": "7.2", **basis},
            "commercial_use": {"value": "yes", "section": "3"},
        },
        "reading": "Outputs are spoken of in section 7.2.",
        "read": [{"repository": "acme/contracts", "path": f"{id}.md", "seen": "2026-11-01"}],
        **more,
    }


def catalog(folder: Path, outputs: str = "forbidden-if-competing", follows: str | None = None) -> Path:
    """Write a catalog of one teacher; `follows` is what a text of May 2026 says instead."""
    spans = [{"from": "2026-01-01", "to": "2026-04-30" if follows else None, "terms": ["Terms-Acme-1"]}]
    texts = [terms("LicenseRef-Unknown", "silent", kind="unknown"), terms("Terms-Acme-1", outputs)]
    mit = terms("MIT", "allowed", kind="permissive-license", openness="open", also_known_as=["MIT"])
    texts.append(mit)
    if follows:
        spans.append({"from": "2026-05-01", "to": None, "terms": ["Terms-Acme-2"]})
        texts.append(terms("Terms-Acme-2", follows, effective_from="2026-05-01"))
    teacher = {
        "id": "acme-chat",
        "name": "Acme Chat",
        "developer": "Acme",
        "access": "api",
        "service": "acme-api",
        "patterns": ["acme[-/]chat.*"],
        "confidence": "verified-from-text",
        "source": "contract on file",
    }
    service = {"id": "acme-api", "name": "Acme API", "provider": "Acme", "access": "api", "spans": spans}
    license = {
        "id": "CC0-1.0",
        "name": "CC0",
        "family": "public-domain",
        "attribution": False,
        "share_alike": "none",
        "non_commercial": False,
        "no_derivatives": False,
        "reach_to_models": "silent",
        "openness": "open",
        "permissions": ["commercial-use", "modifications", "distribution", "private-use"],
        "conditions": [],
        "limitations": [],
        "confidence": "verified-from-text",
        "source": "the license list",
    }
    sections = {"teachers": [teacher], "services": [service], "terms": texts, "licenses": [license]}
    names = {"licenses": "dataset_licenses"}
    folder.mkdir(parents=True, exist_ok=True)
    for section, entries in sections.items():
        facts = {"schema_version": 1, "read_on": READ_ON, section: entries}
        path = folder / f"{names.get(section, section)}.yaml"
        path.write_text(yaml.safe_dump(json.loads(json.dumps(facts)), sort_keys=False))
    return folder


def key_pair(folder: Path, name: str = "KEY") -> PrivateKey:
    """Return the key of that name, made and written at the first call."""
    if not (folder / name).exists():
        write_pair(new_key(KeyType.ED25519), folder / name, None)
    return load_private(folder / name)


def bundle_of(folder: Path, key: PrivateKey, **edition: Any) -> Bundle:
    """Sign a catalog's folder."""
    about = {"version": READ_ON, "serial": 1, "issued_at": MADE, **edition}
    return signed_bundle(raw_files(folder), Edition(**about), [key])


def write_bundle(path: Path, bundle: Bundle) -> Path:
    """Write a bundle as a file."""
    path.write_bytes(written(bundle))
    return path
