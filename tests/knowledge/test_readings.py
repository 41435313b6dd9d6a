"""A shipped service text that is called read names the copy; lines are found again by their digests."""

from __future__ import annotations

import re

import pytest

from auditor.domain.axes import Confidence
from auditor.errors import KnowledgeError
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.fields import Fields
from auditor.knowledge.read_terms import read_terms
from auditor.knowledge.readings import SERVICES, line_digest


def _entry(**more: object) -> Fields:
    entry: dict[str, object] = {
        "id": "Terms-Acme", "name": "Acme terms", "kind": "service-terms", "version": "2026",
        "url": "https://acme.example", "confidence": "verified-from-text", "source": "contract on file",
        "facts": {"outputs_train_other_models": {"value": "allowed"}},
    }  # fmt: skip
    return Fields(entry | more, "terms.yaml:1 (Terms-Acme)")


def test_a_shipped_service_text_needs_the_copy_it_was_read_from() -> None:
    with pytest.raises(KnowledgeError, match="without `read`"):
        read_terms(_entry())
    copy = {"repository": "acme/texts", "path": "terms.md", "commit": "0" * 40}
    assert read_terms(_entry(read=[copy])).read[0].path == "terms.md"


@pytest.mark.parametrize(
    "more", [{"confidence": "from-memory"}, {"kind": "license-and-contract"}, {"kind": "permissive-license"}]
)
def test_others_do_not(more: dict[str, object]) -> None:
    assert read_terms(_entry(**more)).read == ()


def test_an_overlay_may_stand_on_a_contract_that_is_in_no_repository() -> None:
    assert read_terms(_entry(), "ours@0123").read == ()


def test_a_line_is_found_again_whatever_the_white_space() -> None:
    assert line_digest("* You may  not\ttrain. \n") == line_digest("* You may not train.")
    assert line_digest("You may train.") != line_digest("You may not train.")


def test_every_shipped_service_text_that_was_read_names_its_copies(knowledge: Knowledge) -> None:
    for terms in knowledge.terms.values():
        if terms.kind in SERVICES and terms.confidence is Confidence.TEXT:
            assert terms.read, terms.id
            for one in terms.read:
                in_a_repository = "/" in one.repository
                assert bool(re.fullmatch(r"[0-9a-f]{10,40}", one.commit)) == in_a_repository, terms.id
