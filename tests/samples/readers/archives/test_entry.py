"""Names of members: as they are shown, or why they are not."""

from __future__ import annotations

import pytest

from auditor.samples.readers.archives.entry import Entry, named, once


@pytest.mark.parametrize(
    ("raw", "name", "why"),
    [
        ("./a//b.jsonl", "a/b.jsonl", ""),
        ("a/../b.jsonl", "b.jsonl", ""),
        ("a/../../b.jsonl", "../b.jsonl", "leads out"),
        ("C:/b.jsonl", "C:/b.jsonl", "leads out"),
        ("..jsonl", "..jsonl", ""),
        ("", "", "no name"),
        ("a\udcff.jsonl", "a\\xff.jsonl", "not valid UTF-8"),
        ("a\u202eb.jsonl", "a\u202eb.jsonl", "cannot be shown"),
    ],
)
def test_a_name_is_normal_or_refused(raw: str, name: str, why: str) -> None:
    found, reason = named(raw)
    assert found == name
    assert (why in reason) if why else not reason


def test_a_reason_of_its_own_stays() -> None:
    link = Entry("a", 1, 0, 1, why_not="it is a link")
    assert [entry.why_not for entry in once([link, Entry("a", 1, 0, 1)])] == [
        "it is a link",
        "2 members have this name",
    ]
