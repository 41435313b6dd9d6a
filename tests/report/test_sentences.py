"""The words that every format shares about the pack and settings in force, and about what was not checked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.coverage import Coverage
from auditor.domain.report.dataset import DatasetFacts
from auditor.domain.report.judged_by import BundleFacts, ConfigFacts, KnowledgeFacts, PolicyFacts
from auditor.domain.report.unread_file import UnreadFile
from auditor.report.interface import Style, writer
from auditor.report.sentences import limits, search_words, sentence
from tests.report import examples

LAX = PolicyFacts(
    "default",
    "1.0",
    "sha256:" + "0" * 64,
    overrides=("outputs-compete",),
    disabled=("license-missing",),
    shadows="default",
    local=True,
)
SAID = "NOT the shipped pack; replaces rules: outputs-compete; leaves out rules: license-missing"


@pytest.mark.parametrize("name", ["terminal", "html", "markdown", "junit", "sarif"])
def test_each_header_marks_a_changed_pack_and_names_the_settings(name: str) -> None:
    config = ConfigFacts("auditor.yaml", "sha256:" + "1" * 64)
    report = replace(examples.passing(), policy=LAX, config=config)
    shown = " ".join(writer(name).render(report, Style(width=200)).decode().split())
    assert SAID in shown
    assert "under policy default (NOT the shipped pack)" in shown or name == "sarif"
    assert "auditor.yaml" in shown or name == "sarif"


def test_a_shipped_pack_stands_in_the_header_as_it_is() -> None:
    shown = writer("terminal").render(examples.passing(), Style(width=200)).decode()
    assert "NOT" not in shown
    assert "settings" not in shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "decided 100 %"),
        ({"insufficient": 1}, "decided 75.0 %"),
        ({"searched_rows": 0}, ""),
        ({"decided_chars": 99}, "not all text"),
        ({"unjudged_columns": 1}, "not all text"),
    ],
)
def test_all_was_searched_only_where_all_learned_text_was(change: dict[str, int], words: str) -> None:
    known = {"declared": 4, "searched_rows": 4, "learned_chars": 100, "decided_chars": 100}
    report = replace(
        examples.passing(),
        coverage=Coverage(**{**known, **change}),
        dataset=DatasetFacts(digest="sha256:" + "0" * 64, samples=4),
    )
    assert words in search_words(report)
    unread = replace(report, unread=(UnreadFile("a.bin", "it is of a format that is not read"),))
    assert "100 %" not in search_words(unread)


def test_what_was_not_read_or_attributed_is_counted() -> None:
    coverage = Coverage(
        declared=1, searched_rows=4, unknown_origin=3, learned_chars=1000, decided_chars=900,
        unattributed_chars=700, unjudged_columns=2,
    )  # fmt: skip
    said = " ".join(limits(replace(examples.passing(), coverage=coverage, unread=(UnreadFile("a", "b"),))))
    assert "1 file was in the named data and not read." in said
    assert "2 columns hold prose that was neither attributed nor searched." in said
    assert "100 of 1,000 characters of learned text were too short to decide." in said
    assert "3 rows have no known origin (700 characters)." in said


@pytest.mark.parametrize("name", ["terminal", "markdown", "html", "sarif"])
def test_every_format_names_the_bundle_that_judged(name: str) -> None:
    bundle = BundleFacts(f"sha256:{'b' * 64}", "acme", 7, "2026-11-01", "2026-11-02T00:00:00Z")
    report = replace(examples.passing(), knowledge=KnowledgeFacts("2026-11-01", "sha256:c", bundle=bundle))
    assert "by the catalog bundle acme 7" in sentence(report)
    shown = writer(name).render(report, Style()).decode()
    assert bundle.digest in shown
    assert bundle.digest not in writer(name).render(examples.passing(), Style()).decode()
