"""Bundles by somebody who would have another catalog used: each is refused, and nothing is written."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bundles import MADE, bundle_of, catalog, key_pair, write_bundle

from auditor.cli.main import execute
from auditor.knowledge import bundle as module

OUTSIDE = "../../outside.yaml"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDITOR_CATALOGS", str(tmp_path / "deep" / "er" / "store"))
    write_bundle(tmp_path / "b.json", bundle_of(catalog(tmp_path / "acme"), key_pair(tmp_path)))
    return tmp_path


def _apply(place: Path, name: str = "b.json", key: str = "KEY.pub") -> int:
    return execute(["catalog", "update", "--from", str(place / name), "--key", str(place / key), "--yes"])


def _applied(place: Path) -> list[Path]:
    return [path for path in (place / "deep").rglob("*") if path.is_file()]


def test_an_honest_one_is_taken(place: Path) -> None:
    assert _apply(place) == 0
    assert len(_applied(place)) == 1


def test_another_key(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key_pair(place, "OTHER")
    assert _apply(place, key="OTHER.pub") == 4
    assert "no trusted key signed this bundle" in capsys.readouterr().err
    assert not _applied(place)


def _signed_over(document: dict[str, Any]) -> dict[str, Any]:
    return json.loads(base64.b64decode(document["dsseEnvelope"]["payload"]))


def _with_statement(document: dict[str, Any], statement: dict[str, Any]) -> None:
    document["dsseEnvelope"]["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()


def _other_file(document: dict[str, Any]) -> None:
    document["files"]["terms.yaml"] = document["files"]["terms.yaml"].replace(
        "forbidden-if-competing", "allowed"
    )


def _file_and_digest(document: dict[str, Any]) -> None:
    import hashlib

    _other_file(document)
    statement = _signed_over(document)
    for one in statement["subject"]:
        one["digest"]["sha256"] = hashlib.sha256(document["files"][one["name"]].encode()).hexdigest()
    _with_statement(document, statement)


def _no_file(document: dict[str, Any]) -> None:
    del document["files"]["terms.yaml"]


def _one_more_file(document: dict[str, Any]) -> None:
    document["files"]["known_sets.yaml"] = "schema_version: 1\nread_on: '2099-01-01'\nsets: []\n"


def _outside(document: dict[str, Any]) -> None:
    document["files"][OUTSIDE] = "x"


def _absolute(document: dict[str, Any]) -> None:
    document["files"]["/tmp/teachers.yaml"] = document["files"].pop("teachers.yaml")


def _no_signature(document: dict[str, Any]) -> None:
    document["dsseEnvelope"]["signatures"] = []


def _broken_signature(document: dict[str, Any]) -> None:
    signature = document["dsseEnvelope"]["signatures"][0]
    signature["sig"] = signature["sig"][:-8] + "AAAAAA=="


def _later_expiry(document: dict[str, Any]) -> None:
    statement = _signed_over(document)
    statement["predicate"]["expires"] = "2199-01-01T00:00:00Z"
    _with_statement(document, statement)


def _higher_serial(document: dict[str, Any]) -> None:
    statement = _signed_over(document)
    statement["predicate"]["serial"] = 99
    _with_statement(document, statement)


def _another_type(document: dict[str, Any]) -> None:
    document["dsseEnvelope"]["payloadType"] = "text/plain"


def _a_member_more(document: dict[str, Any]) -> None:
    document["dsseEnvelopes"] = document["dsseEnvelope"]


def _file_as_a_list(document: dict[str, Any]) -> None:
    document["files"]["terms.yaml"] = ["x"]


@pytest.mark.parametrize(
    "forge",
    [
        _other_file,
        _file_and_digest,
        _no_file,
        _one_more_file,
        _outside,
        _absolute,
        _no_signature,
        _broken_signature,
        _later_expiry,
        _higher_serial,
        _another_type,
        _a_member_more,
        _file_as_a_list,
    ],
)
def test_a_changed_bundle(place: Path, forge: Callable[[dict[str, Any]], None]) -> None:
    document = json.loads((place / "b.json").read_bytes())
    forge(document)
    (place / "forged.json").write_text(json.dumps(document))
    assert _apply(place, "forged.json") == 4
    assert not _applied(place)
    assert not list(place.rglob("outside.yaml"))


def test_a_name_outside_that_the_signer_signed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = bundle_of(place / "acme", key_pair(place))
    from auditor.attest.catalog_bundle import signed_bundle

    signed = signed_bundle({**bundle.files, OUTSIDE: b"x"}, bundle.edition, [key_pair(place)])
    write_bundle(place / "signed.json", signed)
    assert _apply(place, "signed.json") == 4
    assert not list(place.rglob("outside.yaml"))


def test_an_expired_one(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = bundle_of(place / "acme", key_pair(place), expires_at=MADE + timedelta(days=1), issued_at=MADE)
    write_bundle(place / "old.json", old)
    assert _apply(place, "old.json") == 1
    assert "expired at 2026-11-25" in capsys.readouterr().err
    assert not _applied(place)


def test_the_way_back(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer = bundle_of(catalog(place / "newer", "forbidden"), key_pair(place), serial=2)
    write_bundle(place / "newer.json", newer)
    assert _apply(place, "newer.json") == 0
    assert _apply(place) == 1
    assert "serial 2" in capsys.readouterr().err
    assert len(_applied(place)) == 1


def test_a_huge_one(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.knowledge.bundle_source.MOST_BYTES", 1000)
    assert _apply(place) == 4
    monkeypatch.undo()
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    monkeypatch.setenv("AUDITOR_CATALOGS", str(place / "deep"))
    assert _apply(place) == 4


def test_a_link_in_the_folder_that_is_signed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = place / "secret.yaml"
    secret.write_bytes((place / "acme" / "terms.yaml").read_bytes())
    (place / "acme" / "terms.yaml").unlink()
    (place / "acme" / "terms.yaml").symlink_to(secret)
    assert (
        execute(["catalog", "bundle", str(place / "acme"), "--key", str(place / "KEY"), "--out", "x.json"])
        == 2
    )
    assert "a link would be signed" in capsys.readouterr().err
    assert not Path("x.json").exists()
