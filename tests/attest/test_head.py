from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.attest.head import read_head, sign_head
from auditor.attest.keys import KeyType, load_public, new_key, write_pair
from auditor.errors import EvidenceError

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_signed_head_tells_where_the_chain_ended(tmp_path: Path) -> None:
    pair = write_pair(new_key(KeyType.ED25519), tmp_path / "KEY", None)
    key = load_public(pair[1])
    (tmp_path / "head.json").write_bytes(sign_head(7, "ab" * 32, NOW, [new_key(KeyType.ED25519)]))
    with pytest.raises(EvidenceError, match="no trusted key"):
        read_head(tmp_path / "head.json", [key])
    signer = new_key(KeyType.ECDSA_P256)
    (tmp_path / "head.json").write_bytes(sign_head(7, "ab" * 32, NOW, [signer]))
    head = read_head(tmp_path / "head.json", [signer.public()])
    assert (head.length, head.hash, head.signed_at) == (7, "ab" * 32, "2026-11-24T12:00:00Z")
