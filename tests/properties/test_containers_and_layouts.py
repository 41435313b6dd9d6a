"""The same rows in every container and layout: none lost or invented, with the same texts and claims."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.samples.source import open_source
from tests.effort import tries
from tests.samples.archives import tarred, zipped
from tests.samples.containers import arrow_file, arrow_stream, json_array, json_lines, parquet

FULL = tries(1) == 1
Row = dict[str, Any]
Pack = Callable[[bytes], bytes]


class Said(NamedTuple):
    """What a row says, whatever its layout."""

    asked: str
    told: str
    other: str
    model: str
    license: str


def _turns(said: Said, who: str, what: str, user: str, model: str) -> list[Row]:
    return [{who: user, what: said.asked}, {who: model, what: said.told}]


def _by(said: Said, **row: Any) -> Row:
    return {**row, "model": said.model, "license": said.license}


LAYOUTS: dict[str, Callable[[Said], Row]] = {
    "alpaca": lambda one: _by(one, instruction=one.asked, input=one.other, output=one.told),
    "prompt-completion": lambda one: _by(one, prompt=one.asked, completion=one.told),
    "messages": lambda one: _by(one, messages=_turns(one, "role", "content", "user", "assistant")),
    "sharegpt": lambda one: _by(one, conversations=_turns(one, "from", "value", "human", "gpt")),
    "preference": lambda one: {
        "prompt": one.asked, "chosen": one.told, "rejected": one.other,
        "chosen_model": one.model, "rejected_model": "human",
    },
    "text": lambda one: _by(one, text=f"{one.asked}\n\n{one.told}"),
}  # fmt: skip
NESTED = {"messages", "sharegpt"}


def _delimited(sign: str) -> Callable[[list[Row]], bytes]:
    def write(rows: list[Row]) -> bytes:
        held = io.StringIO(newline="")
        writer = csv.DictWriter(held, list(rows[0]), delimiter=sign)
        writer.writeheader()
        writer.writerows(rows)
        return held.getvalue().encode()

    return write


WRITERS: dict[str, Callable[[list[Row]], bytes]] = {
    "a.jsonl": json_lines,
    "array.json": json_array,
    "wrapped.json": lambda rows: json.dumps({"data": rows}).encode(),
    "pretty.jsonl": lambda rows: "\n".join(json.dumps(row, indent=1) for row in rows).encode(),
    "joined.jsonl": lambda rows: "".join(json.dumps(row) for row in rows).encode(),
    "a.csv": _delimited(","),
    "a.tsv": _delimited("\t"),
    "a.parquet": parquet,
    "file.arrow": arrow_file,
    "stream.arrow": arrow_stream,
}
PACKERS: dict[str, Pack] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}
BOXES: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "none": lambda name, data: (name, data),
    "zip": lambda name, data: ("x.zip", zipped((name, data))),
    "stored": lambda name, data: ("x.zip", zipped((name, data), method=zipfile.ZIP_STORED)),
    "tar": lambda name, data: ("x.tar", tarred((name, data))),
    "tar.gz": lambda name, data: ("x.tar.gz", gzip.compress(tarred((name, data)))),
    "tar.xz": lambda name, data: ("x.tar.xz", lzma.compress(tarred((name, data)))),
    "tar.zst": lambda name, data: ("x.tar.zst", PACKERS[".zst"](tarred((name, data)))),
}
_WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=30)


@st.composite
def _said(draw: st.DrawFn) -> Said:
    number = draw(st.integers(0, 99))
    return Said(
        f"What is {number} plus two? {draw(_WORDS)}.",
        f"It is {number + 2}, {draw(_WORDS)} as all of us know.",
        f"It may be {number}, who knows {draw(_WORDS)}.",
        draw(st.sampled_from(["gpt-4", "Qwen/Qwen2.5-7B-Instruct", "human"])),
        draw(st.sampled_from(["MIT", "cc-by-nc-4.0"])),
    )


class Found(NamedTuple):
    """What reading gave."""

    digests: list[bytes]
    texts: list[tuple[str, str, str]]
    claims: list[list[tuple[str, str, str]]]
    unreadable: list[str]


def _read(path: Path) -> Found:
    source = open_source([str(path)])
    digests, texts, claims = list[bytes](), list[tuple[str, str, str]](), list[list[tuple[str, str, str]]]()
    for batch in source:
        digests += batch.digests
        texts += [(part["role"], part["slot"], part["text"]) for part in batch.parts.to_pylist()]
        for number in batch.claim_sets:
            held = source.claim_sets[number].claims
            claims.append([(str(one.kind), one.value, one.slot) for one in held])
    bad = [row.reason for row in source.unreadable] + [file.reason for file in source.unreadable_files]
    return Found(digests, texts, claims, bad)


def _compare(rows: list[Row], name: str, packer: str, box: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder, "plain.jsonl")
        plain.write_bytes(json_lines(rows))
        inner, content = BOXES[box](f"{name}{packer}", PACKERS[packer](WRITERS[name](rows)))
        path = Path(folder, inner)
        path.write_bytes(content)
        expected = _read(plain)
        assert len(expected.digests) == len(rows)
        assert _read(path) == expected, (name, packer, box)


@settings(max_examples=tries(200), deadline=None)
@given(
    st.lists(_said(), min_size=1, max_size=4),
    st.sampled_from(list(LAYOUTS)),
    st.sampled_from(list(WRITERS)),
    st.sampled_from(list(PACKERS)),
    st.sampled_from(list(BOXES)),
)
def test_rows_are_the_same_in_every_container(
    said: list[Said], layout: str, name: str, packer: str, box: str
) -> None:
    if layout in NESTED and name in ("a.csv", "a.tsv"):
        layout = "alpaca"
    _compare([LAYOUTS[layout](one) for one in said], name, packer, box)


@pytest.mark.skipif(not FULL, reason="all pairs are tried before a release: AUDITOR_TEST_EFFORT=full")
@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_in_every_container(layout: str, box: str) -> None:
    said = [
        Said(f"What is {n} plus two,\nmy «friend»?", f'It is "{n + 2}",\tas all of us know.', "Or not?", m, c)
        for n, (m, c) in enumerate([("gpt-4", "MIT"), ("human", "cc-by-nc-4.0"), ("gpt-4", "MIT")])
    ]
    for name in WRITERS:
        if not (layout in NESTED and name in ("a.csv", "a.tsv")):
            for packer in PACKERS:
                _compare([LAYOUTS[layout](one) for one in said], name, packer, box)


@settings(max_examples=tries(60), deadline=None)
@given(
    st.lists(_said(), min_size=2, max_size=4), st.sampled_from(list(LAYOUTS)), st.sampled_from(["", ".gz"])
)
def test_a_webdataset_gives_the_rows_that_its_parts_are(said: list[Said], layout: str, packer: str) -> None:
    rows = [{"__key__": f"{n:04}", "json": LAYOUTS[layout](one), "cls": n} for n, one in enumerate(said)]
    parts = [
        (f"{row['__key__']}.{key}", json.dumps(row[key]).encode()) for row in rows for key in ("json", "cls")
    ]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "plain.jsonl").write_bytes(json_lines(rows))
        Path(folder, f"x.tar{packer}").write_bytes(PACKERS[packer](tarred(*parts)))
        assert _read(Path(folder, f"x.tar{packer}")) == _read(Path(folder, "plain.jsonl"))


def test_the_writers_differ() -> None:
    rows = [LAYOUTS["alpaca"](Said("a b", "c d", "e f", "gpt-4", "MIT"))] * 2
    assert len({write(rows) for write in WRITERS.values()}) == len(WRITERS)
    assert pa.Table.from_pylist(rows).num_rows == 2
