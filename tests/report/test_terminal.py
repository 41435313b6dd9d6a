from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.report.interface import Style
from auditor.report.terminal import TerminalWriter
from tests.report import examples
from tests.report.golden import assert_golden


def _text(report: examples.Report, width: int = 100, *, color: bool = False) -> str:
    return TerminalWriter().render(report, Style(width, color)).decode()


@pytest.mark.parametrize("name", ["rich", "bare", "passing", "waived", "hostile"])
def test_terminal_is_as_agreed(name: str) -> None:
    assert_golden(f"{name}.txt", _text(getattr(examples, name)()).encode())


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_lines_keep_to_the_width(width: int) -> None:
    first, *rest = _text(examples.rich(), width).splitlines()
    assert first.startswith("◆ Waivers applied: ")
    assert max(map(len, rest)) <= width


def test_nothing_found_and_not_searched_look_different() -> None:
    assert "copy search: not run" in _text(examples.bare())
    assert "copied from a known teacher: 0 rows" in _text(examples.passing())
    assert "copied from a known teacher" not in _text(examples.bare())


def test_a_pass_says_what_it_does_not_say() -> None:
    text = _text(examples.passing())
    assert "too short to decide" in text
    assert "The outcome holds for exactly these rows" in text


def test_no_control_character_of_the_data_reaches_the_terminal() -> None:
    text = _text(examples.hostile())
    assert not {c for c in text if ord(c) < 32} - {"\n"}


def test_color_only_when_asked_and_never_alone() -> None:
    plain, colored = _text(examples.rich()), _text(examples.rich(), color=True)
    assert "\x1b" not in plain
    assert "\x1b[31m■ DENY" in colored


def test_more_than_twenty_groups_are_counted() -> None:
    finding = examples.rich().findings[0]
    report = replace(
        examples.rich(), findings=tuple(replace(finding, id=f"F-{n}", origins=(f"o-{n}",)) for n in range(50))
    )
    text = _text(report)
    assert text.count("outputs-forbidden-if-competing") == 20
    assert "and 30 more in report.json" in text


def test_a_set_without_a_row_is_rendered() -> None:
    report = replace(examples.bare(), dataset=examples.DatasetFacts("", 0), findings=())
    assert "No finding" in _text(report)


def test_what_passes_by_waivers_is_said_whole_on_the_first_line_and_is_blue() -> None:
    first = _text(examples.waived(), 60).splitlines()[0]
    for words in (
        "◆ Allowed with waivers: 412 rows of F-3c9a51d2, 306 rows of F-a0c2d910",
        "accepted by Bea Kurz (signed by key 3f3f3f3f3f3f), asked for by Ann Berg, until 2027-01-31",
        "[waivers.yaml sha256:5e5e5e5e5e5e]",
    ):
        assert words in first
    colored = _text(examples.waived(), color=True)
    assert colored.startswith("\x1b[34m◆ Allowed with waivers")
    assert "\n\x1b[34m◆ ALLOWED WITH W" in colored
