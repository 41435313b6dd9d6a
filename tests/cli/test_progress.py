"""Progress is one moving line on a terminal and silent for half a minute elsewhere."""

from __future__ import annotations

import pytest

from auditor.cli import progress


def test_a_moving_line_is_written_over_and_removed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "animated", lambda: True)
    with progress.progress("auditing", 10) as bar:
        bar._moving._shown = float("-inf")
        bar.update(5)
    shown = capsys.readouterr().err
    assert "\r\x1b[2Kauditing  5 rows" in shown
    assert shown.endswith("\r\x1b[2K")


def test_nothing_is_said_at_once_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress("auditing") as bar:
        bar.update(5)
        assert capsys.readouterr().err == ""
        bar._moving._shown = float("-inf")
        bar.update(6)
    assert capsys.readouterr().err.startswith("auditing  6 rows")


def test_time_is_seen_to_pass_until_the_first_rows_are_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "animated", lambda: True)
    monkeypatch.setattr(progress, "_EACH", 0.01)
    with progress.progress("auditing", size=200 << 20) as bar:
        shown = ""
        while "0% of 200 MiB  0 s" not in shown:
            shown += capsys.readouterr().err
        bar.update(5, share=0.5)
        bar._waiting.join(10)
        assert not bar._waiting.is_alive()


def test_a_share_of_the_bytes_is_shown_from_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "animated", lambda: True)
    with progress.progress("auditing", size=200 << 20) as bar:
        assert capsys.readouterr().err == "\r\x1b[2Kauditing  0% of 200 MiB"
        bar._moving._shown = float("-inf")
        bar.update(5_000, share=0.25)
    shown = capsys.readouterr().err
    assert "5,000 rows" in shown
    assert "[######..................]  25% of 200 MiB" in shown
