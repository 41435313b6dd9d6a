"""Who signed a bundle is what a trusted key says, not what the bundle says."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundles import bundle_of, catalog, key_pair

from auditor.attest.catalog_bundle import open_bundle, signed_bundle
from auditor.errors import EvidenceError, UsageError
from auditor.knowledge.bundle_store import written


def test_a_trusted_signature_opens_a_bundle(tmp_path: Path) -> None:
    key = key_pair(tmp_path)
    bundle = bundle_of(catalog(tmp_path / "acme"), key)
    assert open_bundle(written(bundle), "b", [key.public()]) == bundle
    assert bundle_of(tmp_path / "acme", key).digest == bundle.digest, "the same bytes from the same facts"


def test_another_key_does_not(tmp_path: Path) -> None:
    bundle = bundle_of(catalog(tmp_path / "acme"), key_pair(tmp_path))
    with pytest.raises(EvidenceError, match="no trusted key signed this bundle"):
        open_bundle(written(bundle), "b", [key_pair(tmp_path, "OTHER").public()])
    with pytest.raises(UsageError, match="no key is trusted"):
        open_bundle(written(bundle), "b", [])


def test_two_keys_where_two_are_asked_for(tmp_path: Path) -> None:
    one, two = key_pair(tmp_path), key_pair(tmp_path, "OTHER")
    bundle = bundle_of(catalog(tmp_path / "acme"), one)
    trusted = [one.public(), two.public()]
    with pytest.raises(EvidenceError, match="signed by 1 distinct trusted key where 2 are needed"):
        open_bundle(written(bundle), "b", trusted, 2)
    both = signed_bundle(bundle.files, bundle.edition, [one, two])
    assert open_bundle(written(both), "b", trusted, 2).digest == bundle.digest
    assert open_bundle(written(both), "b", trusted[:1]).digest == bundle.digest
