"""Signing under an identity: what is refused, and that nothing is written when it cannot be done."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from auditor.attest.keyless import Identity, sign_keyless, verify_keyless
from auditor.cli.main import execute
from auditor.errors import EvidenceError, UsageError
from tests.evidence import ROWS, sign, write_audit, write_jsonl

pytest.importorskip("sigstore")
BOT = Identity("bot@example.com", "https://issuer.example.com")


@pytest.fixture(autouse=True)
def _no_ambient_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "SIGSTORE_ID_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def audit_folder(tmp_path: Path) -> Path:
    return write_audit(tmp_path / "audit", write_jsonl(tmp_path / "audit" / "rows.jsonl", ROWS))


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A bundle by a key file, with its key."""
    folder = audit_folder(tmp_path)
    assert execute(["keys", "new", "--out", str(tmp_path / "k.pem")]) == 0
    sign(folder, tmp_path / "k.pem", tmp_path / "p.intoto.json")
    return tmp_path / "p.sigstore.json"


def _token(**claims: object) -> str:
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, "c2ln"])


def test_without_an_identity_nobody_signs() -> None:
    with pytest.raises(UsageError, match="no identity"):
        sign_keyless(b"{}")


@pytest.mark.parametrize("token", ["no token", _token(), _token(iss="https://a.example", exp=1, iat=1)])
def test_a_token_that_is_none_or_out_of_time_signs_nothing(token: str) -> None:
    with pytest.raises(EvidenceError, match="keyless signing failed"):
        sign_keyless(b"{}", token)


def test_a_signature_by_a_key_is_not_taken_for_an_identity(signed: Path) -> None:
    with pytest.raises(EvidenceError, match=r"not signed by bot@example\.com"):
        verify_keyless(signed, BOT)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"mediaType": 3}'])
def test_what_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.json").write_bytes(content)
    with pytest.raises(EvidenceError):
        verify_keyless(tmp_path / "b.json", BOT)


def test_the_command_leaves_nothing_behind_when_it_cannot_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    rows = write_jsonl(tmp_path / "rows.jsonl", ROWS)
    execute(["audit", str(rows), "-q", "--no-ledger", "--out", str(folder)])
    command = ["attest", str(folder), "--keyless", "--out", str(tmp_path / "p.intoto.json")]
    assert execute(command) == 2
    monkeypatch.setenv("SIGSTORE_ID_TOKEN", "no token")
    assert execute(command) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "rows.jsonl"]


def test_verify_takes_an_identity_in_place_of_keys(signed: Path) -> None:
    rows = str(signed.parent / "audit")
    command = ["verify", str(signed), "--dataset", rows]
    who = ["--identity", BOT.name, "--issuer", BOT.issuer]
    assert execute([*command, *who]) == 4
    assert execute([*command, *who[:2]]) == 2
    assert execute([*command, *who, "--key", str(signed.parent / "k.pem.pub")]) == 2
    assert execute(command) == 2
