"""Sketches leave, and come in from datasketch and are searched."""

from __future__ import annotations

import pickle
from pathlib import Path

import datasketch
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.errors import FingerprintError, NoRowsError, UsageError
from auditor.fingerprint.minhash import signature
from auditor.fingerprint.minhash.signature import MinHashSpec, ShingleHash
from auditor.fingerprint.search.detect import detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.reference_index import ReferenceIndex, open_index
from auditor.fingerprint.search.sketches import Made, export_sketches, import_sketches
from auditor.fingerprint.search.thresholds import calibrated

TEXTS = [
    f"Text number {k} speaks of {k * k} things and of nothing else, and {k + 7} more of them are told so "
    f"that all of its {k * 31} words say what no other of the {k + 100} texts has said."
    for k in range(12)
]


def lean(text: str, shingle: int = 5, **made: object) -> bytes:
    sketch = datasketch.MinHash(**{"num_perm": 128, **made})
    words = text.lower().split()
    for at in range(len(words) - shingle + 1):
        sketch.update(" ".join(words[at : at + shingle]).encode())
    short = datasketch.LeanMinHash(sketch)
    data = bytearray(short.bytesize())
    short.serialize(data)
    return bytes(data)


def parquet(path: Path, leans: list[bytes | None], **more: list[str | None]) -> Path:
    keys = [f"doc-{k}" for k in range(len(leans))]
    pq.write_table(pa.table({"key": keys, "lean": pa.array(leans, pa.binary()), **more}), path)
    return path


def searched(index: ReferenceIndex, path: Path, texts: list[str]) -> list[dict[str, object]]:
    calibrated(index).save(path)
    found: list[dict[str, object]] = detect(open_index(path), pa.array(texts)).to_pylist()
    return found


@pytest.fixture(scope="module")
def index() -> ReferenceIndex:
    builder = IndexBuilder()
    builder.add(pa.array(TEXTS), ["gpt-4"] * 12, [f"ref#{k}" for k in range(12)])
    return builder.build()


def test_datasketch_reads_what_is_exported(index: ReferenceIndex, tmp_path: Path) -> None:
    assert export_sketches(index, MinHashSpec(), tmp_path / "out.parquet") == 12
    rows = signature.signatures(pa.array(TEXTS))
    for row, entry in zip(rows, pq.read_table(tmp_path / "out.parquet").to_pylist(), strict=True):
        np.testing.assert_array_equal(datasketch.LeanMinHash.deserialize(entry["lean"]).hashvalues, row)


def test_what_is_exported_comes_in_and_is_searched(index: ReferenceIndex, tmp_path: Path) -> None:
    export_sketches(index, MinHashSpec(shingle=3), tmp_path / "out.parquet")
    near = import_sketches(tmp_path / "out.parquet")
    assert near.near is not None
    assert near.near.spec == MinHashSpec(shingle=3)
    [match] = searched(near, tmp_path / "near", [TEXTS[7].upper()])
    assert (match["verdict"], match["teacher"], match["reference_id"]) == ("copied", "gpt-4", "ref#7")


@pytest.mark.parametrize(
    ("made", "options"),
    [
        ({}, Made()),
        ({"shingle": 3, "seed": 9, "num_perm": 64}, Made(shingle=3, seed=9)),
        ({"scheme": "legacy"}, Made()),
        ({"scheme": "affine64"}, Made(ShingleHash.SHA1_64)),
    ],
)
def test_sketches_of_datasketch_are_searched(made: dict[str, object], options: Made, tmp_path: Path) -> None:
    path = parquet(tmp_path / "theirs.parquet", [lean(text, **made) for text in TEXTS])  # type: ignore[arg-type]
    queries = [TEXTS[5].upper(), "A text of nobody that says " + " ".join(f"word{k}" for k in range(40))]
    found = searched(import_sketches(path, options), tmp_path / "near", queries)
    assert [match["verdict"] for match in found] == ["copied", "no-match"]
    assert (found[0]["reference_id"], found[0]["teacher"], found[0]["lane"]) == ("doc-5", "theirs", "minhash")


def test_teachers_are_taken_from_a_column_or_from_the_caller(tmp_path: Path) -> None:
    names: list[str | None] = ["gpt-4", None, "claude-3"]
    path = parquet(tmp_path / "s.parquet", [lean(text) for text in TEXTS[:3]], teacher=names)
    assert import_sketches(path).teachers == ("gpt-4", "s", "claude-3")
    assert import_sketches(path, Made(teacher="yi")).teachers == ("yi",)


def test_a_seed_that_is_not_theirs_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path / "s.parquet", [lean(TEXTS[0], seed=3)])
    with pytest.raises(UsageError, match="seed 3"):
        import_sketches(path, Made(seed=1))


def test_pickles_are_refused_by_name(tmp_path: Path) -> None:
    pickled = pickle.dumps(datasketch.LeanMinHash(datasketch.MinHash()))
    (tmp_path / "lsh.bin").write_bytes(pickled)
    (tmp_path / "lsh.pkl").write_bytes(b"anything")
    inside = parquet(tmp_path / "inside.parquet", [pickled])
    for path in (tmp_path / "lsh.bin", tmp_path / "lsh.pkl", inside):
        with pytest.raises(FingerprintError, match="pickle"):
            import_sketches(path)


def test_what_is_no_file_of_sketches_is_refused_and_named(tmp_path: Path) -> None:
    good = lean(TEXTS[0])
    (tmp_path / "text.parquet").write_text("nothing")
    pq.write_table(pa.table({"key": ["a"], "other": [b"x"]}), tmp_path / "columns.parquet")
    pq.write_table(pa.table({"key": ["a"], "lean": [3]}), tmp_path / "numbers.parquet")
    parquet(tmp_path / "mixed.parquet", [good, lean(TEXTS[1], seed=4)])
    parquet(tmp_path / "null.parquet", [None])
    parquet(tmp_path / "short.parquet", [good[:40]])
    for name in ("nowhere", "text", "columns", "numbers", "mixed", "null", "short"):
        with pytest.raises(FingerprintError) as caught:
            import_sketches(tmp_path / f"{name}.parquet")
        assert name in (caught.value.where or "")
        assert caught.value.fix
    with pytest.raises(NoRowsError):
        import_sketches(parquet(tmp_path / "none.parquet", []))


def test_an_export_whose_shingles_are_told_wrongly_is_refused(index: ReferenceIndex, tmp_path: Path) -> None:
    export_sketches(index, MinHashSpec(), tmp_path / "out.parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    facts = {**(table.schema.metadata or {}), b"auditor.spec": b"fold9"}
    pq.write_table(table.replace_schema_metadata(facts), tmp_path / "out.parquet")
    with pytest.raises(FingerprintError, match="fold9"):
        import_sketches(tmp_path / "out.parquet")


def test_an_index_without_words_cannot_export(tmp_path: Path) -> None:
    near = import_sketches(parquet(tmp_path / "s.parquet", [lean(TEXTS[0])]))
    with pytest.raises(UsageError, match="no words"):
        export_sketches(near, MinHashSpec(), tmp_path / "out.parquet")
