"""Key files: what is made, what is read, what is refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from auditor.attest.keys import KeyType, load_private, load_public, new_key, write_pair
from auditor.cli.keys import load_signer
from auditor.errors import EvidenceError, UsageError


@pytest.mark.parametrize("kind", list(KeyType))
@pytest.mark.parametrize("password", [None, "correct horse"])
def test_a_written_pair_signs_and_verifies(tmp_path: Path, kind: KeyType, password: str | None) -> None:
    private, public = write_pair(new_key(kind), tmp_path / "KEY", password)
    signature = load_private(private, password).sign(b"message")
    assert load_public(public).verifies(signature, b"message")
    assert not load_public(public).verifies(signature, b"massage")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert public.name == "KEY.pub"


def test_an_encrypted_key_opens_with_its_password_alone(tmp_path: Path) -> None:
    private, _ = write_pair(new_key(KeyType.ED25519), tmp_path / "KEY", "right")
    assert b"ENCRYPTED" in private.read_bytes()
    with pytest.raises(EvidenceError, match="encrypted"):
        load_private(private)
    with pytest.raises(EvidenceError, match="does not open"):
        load_private(private, "wrong")


@pytest.mark.parametrize(
    ("mode", "password", "warned"), [(0o600, "", False), (0o644, "", True), (0o644, "pw", False)]
)
def test_a_plain_key_that_others_can_read_is_warned_of(
    tmp_path: Path,
    mode: int,
    password: str,
    warned: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUDITOR_KEY_PASSWORD", password)
    private, _ = write_pair(new_key(KeyType.ED25519), tmp_path / "KEY", password or None)
    private.chmod(mode)
    load_signer(private)
    assert ("others can read" in capsys.readouterr().err) == warned


def test_no_file_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "KEY.pub").write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        write_pair(new_key(KeyType.ED25519), tmp_path / "KEY", None)
    assert not (tmp_path / "KEY").exists()


@pytest.mark.parametrize(
    "make", [lambda: rsa.generate_private_key(65537, 2048), lambda: ec.generate_private_key(ec.SECP224R1())]
)
def test_other_algorithms_are_not_trusted(tmp_path: Path, make: object) -> None:
    key = make()  # type: ignore[operator]
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "weak.pub").write_bytes(pem)
    with pytest.raises(EvidenceError, match="ed25519 and ECDSA P-256"):
        load_public(tmp_path / "weak.pub")


def test_a_private_key_is_not_taken_for_a_public_one(tmp_path: Path) -> None:
    private, _ = write_pair(new_key(KeyType.ED25519), tmp_path / "KEY", None)
    with pytest.raises(EvidenceError, match="private key"):
        load_public(private)


def test_nothing_of_a_private_key_is_shown() -> None:
    key = new_key(KeyType.ED25519)
    assert repr(key) == f"PrivateKey(key_id={key.public().key_id!r})"
