"""A bundle's files are those of its statement, or it is not one."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from bundles import MADE, READ_ON, bundle_of, catalog, key_pair

from auditor.attest.statement import STATEMENT_TYPE
from auditor.errors import EvidenceError, KnowledgeError
from auditor.knowledge.bundle import STATEMENT, Bundle, out_of_time, parse_bundle
from auditor.knowledge.bundle_store import written
from auditor.knowledge.load import load_bundle, load_folders


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return bundle_of(catalog(tmp_path / "acme"), key_pair(tmp_path), expires_at=MADE + timedelta(days=30))


def test_a_bundle_is_read_as_it_was_written(bundle: Bundle) -> None:
    assert STATEMENT == STATEMENT_TYPE
    assert parse_bundle(written(bundle), "b") == bundle
    assert bundle.facts.issued == "2026-11-24T12:00:00Z"
    assert (bundle.facts.version, bundle.facts.expires) == (READ_ON, "2026-12-24T12:00:00Z")


def test_its_knowledge_is_that_of_its_folder(bundle: Bundle, tmp_path: Path) -> None:
    loaded, plain = load_bundle(bundle), load_folders((tmp_path / "acme",))
    assert (loaded.digest, loaded.teachers, loaded.terms) == (plain.digest, plain.teachers, plain.terms)
    assert loaded.bundle == bundle.facts
    assert plain.bundle is None


def test_it_holds_for_its_time(bundle: Bundle) -> None:
    facts = bundle.facts
    assert out_of_time(facts, MADE) is None
    assert out_of_time(facts, MADE + timedelta(days=30, seconds=-1)) is None
    assert "expired" in str(out_of_time(facts, MADE + timedelta(days=30)))
    assert "begins" in str(out_of_time(facts, MADE - timedelta(hours=1)))
    assert out_of_time(replace(facts, expires=""), MADE + timedelta(days=9999)) is None


@pytest.mark.parametrize("name", ["teachers.yaml", "terms.yaml", "dataset_licenses.yaml"])
def test_a_part_of_a_catalog_is_none(tmp_path: Path, name: str) -> None:
    folder = catalog(tmp_path / "acme")
    (folder / name).unlink()
    with pytest.raises(KnowledgeError, match=f"no {name}"):
        load_bundle(bundle_of(folder, key_pair(tmp_path)))


def test_a_catalog_must_have_what_stands_for_the_unknown(tmp_path: Path) -> None:
    folder = catalog(tmp_path / "acme")
    text = (folder / "terms.yaml").read_text()
    (folder / "terms.yaml").write_text(text.replace("LicenseRef-Unknown", "LicenseRef-Known"))
    with pytest.raises(KnowledgeError, match="LicenseRef-Unknown"):
        load_bundle(bundle_of(folder, key_pair(tmp_path)))


def test_a_file_of_a_newer_program_is_named(tmp_path: Path) -> None:
    folder = catalog(tmp_path / "acme")
    (folder / "services.yaml").write_text((folder / "services.yaml").read_text() + "planets: []\n")
    with pytest.raises(KnowledgeError, match="unknown field `planets`") as caught:
        load_bundle(bundle_of(folder, key_pair(tmp_path)))
    assert "services.yaml" in str(caught.value.where)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"mediaType": 1}', b"\xff", b"{" * 100_000])
def test_what_is_no_bundle_is_refused(raw: bytes) -> None:
    with pytest.raises(EvidenceError, match="not a catalog bundle"):
        parse_bundle(raw, "b")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("issued", "0001-01-01T00:00:00+23:00"),
        ("expires", "9999-12-31T23:59:59-23:00"),
        ("issued", "2026-11-24T12:00:00"),
        ("expires", 5),
        ("version", "9999-99-99"),
        ("version", "2026-02-30"),
        ("version", "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661"),
        ("serial", True),
        ("series", "../x"),
    ],
)
def test_what_a_statement_cannot_say_is_refused(bundle: Bundle, key: str, value: object) -> None:
    document = json.loads(written(bundle))
    statement = json.loads(base64.b64decode(document["dsseEnvelope"]["payload"]))
    statement["predicate"][key] = value
    document["dsseEnvelope"]["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    with pytest.raises(EvidenceError, match="not a catalog bundle"):
        parse_bundle(json.dumps(document).encode(), "b")
