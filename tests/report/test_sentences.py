"""The words that every format shares about the pack and the settings in force."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.report.judged_by import ConfigFacts, PolicyFacts
from auditor.report.interface import Style, writer
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
