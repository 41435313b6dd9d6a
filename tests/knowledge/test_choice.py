"""What names a catalog: an overlay's folder, a bundle's digest, or both."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import KnowledgeError
from auditor.knowledge.choice import Choice, read_choice

DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("named", "choice"),
    [
        (None, Choice()),
        ("", Choice()),
        ("acme", Choice(overlay=Path("acme"))),
        ("a+b", Choice(overlay=Path("a+b"))),
        (DIGEST, Choice(DIGEST)),
        (f"{DIGEST}+acme/x+y", Choice(DIGEST, Path("acme/x+y"))),
        (Path(DIGEST), Choice(DIGEST)),
    ],
)
def test_a_name_is_read_and_written(named: str | Path | None, choice: Choice) -> None:
    assert read_choice(named) == choice
    assert read_choice(str(choice)) == choice


@pytest.mark.parametrize(
    "named", ["sha256:", "sha256:abc", f"{DIGEST}+", f"{DIGEST}x", f"{DIGEST.upper()[7:]}"]
)
def test_what_looks_like_a_digest_must_be_one(named: str) -> None:
    if not named.startswith("sha256:"):
        assert read_choice(named).bundle is None
        return
    with pytest.raises(KnowledgeError, match="does not name a catalog bundle"):
        read_choice(named)
