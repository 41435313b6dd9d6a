"""Style: families with different habits are told apart, strangers are not named, sets are unmixed."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.cli.main import execute
from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint.style import attribution
from auditor.fingerprint.style.attribution import HUMAN, StyleModel
from auditor.fingerprint.style.features import blocks, common_words
from auditor.fingerprint.style.mixture import mixture
from auditor.fingerprint.style.sample import StyleSample, StyleSampler

NOUNS = ["river", "lamp", "garden", "engine", "letter", "market", "window", "teacher", "bridge", "paper"]
VERBS = ["shows", "keeps", "holds", "moves", "takes", "brings", "finds", "makes"]


def sentence(rng: random.Random) -> str:
    return f"the {rng.choice(NOUNS)} {rng.choice(VERBS)} the {rng.choice(NOUNS)}"


def lister(rng: random.Random) -> str:
    lines = [f"- **{rng.choice(NOUNS).title()}**: {sentence(rng)}." for _ in range(4)]
    return "Certainly! Here is a list:\n\n" + "\n".join(lines) + "\n\nLet me know if you need more!"


def essayist(rng: random.Random) -> str:
    parts = [f"{sentence(rng).capitalize()}; moreover, {sentence(rng)}." for _ in range(4)]
    return " ".join(parts) + " In conclusion, all is well."


def person(rng: random.Random) -> str:
    return " and then ".join(sentence(rng) for _ in range(6)) + " lol"


MAKERS = {"alpha": lister, "beta": essayist, HUMAN: person}


def corpus(seed: int, each: int) -> tuple[list[str], list[str]]:
    rng = random.Random(seed)
    pairs = [(maker(rng), name) for name, maker in MAKERS.items() for _ in range(each)]
    return [text for text, _ in pairs], [name for _, name in pairs]


@pytest.fixture(scope="module")
def model() -> StyleModel:
    return attribution.train(*corpus(1, 60))


def test_families_are_named_and_people_are_not(model: StyleModel) -> None:
    texts, labels = corpus(2, 20)
    for found, label in zip(model.attribute(texts), labels, strict=True):
        assert (found.label, found.likeliest) == (None if label == HUMAN else label, label)
        assert 0.5 < found.confidence <= 1


def test_short_texts_are_never_named(model: StyleModel) -> None:
    short = model.attribute(["Certainly!", "", "Here is a list:"])
    assert [found.label for found in short] == [None] * 3


def test_a_set_is_unmixed_within_its_interval(model: StyleModel) -> None:
    texts, _ = corpus(3, 100)
    chosen = texts[:30] + texts[100:120] + texts[200:250]
    shares = {share.label: share for share in mixture(model, model.probabilities(chosen))}
    for label, truth in (("alpha", 0.3), ("beta", 0.2), (HUMAN, 0.5), ("any model", 0.5)):
        assert abs(shares[label].share - truth) < 0.03
        assert shares[label].low - 0.02 <= truth <= shares[label].high + 0.02


def test_an_interval_reaches_up_to_what_may_go_unseen(model: StyleModel) -> None:
    profiles = np.array([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.1, 0.1, 0.8]])
    draw = np.random.default_rng(3)
    rows = [draw.dirichlet(5 * profiles[label], count) for label, count in ((0, 3), (2, 297))]
    blurred = replace(model, profiles=profiles)
    shares = {share.label: share for share in mixture(blurred, np.concatenate(rows))}
    assert shares["alpha"].share == shares["alpha"].low == 0
    assert 0.01 < shares["alpha"].high < 0.1
    assert shares["any model"].low == 0
    assert 0.1 > shares["any model"].high >= max(shares["alpha"].high, shares["beta"].high) - 1e-9


def test_training_is_reproducible_and_survives_the_disk(model: StyleModel, tmp_path: Path) -> None:
    again = attribution.train(*corpus(1, 60))
    model.save(tmp_path / "a")
    again.save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    texts, _ = corpus(4, 5)
    np.testing.assert_array_equal(
        StyleModel.open(tmp_path / "a").probabilities(texts), model.probabilities(texts)
    )


def test_two_labels_work_and_one_is_refused() -> None:
    texts, labels = corpus(5, 30)
    pair = attribution.train(texts[:60], labels[:60])
    assert pair.probabilities(texts[:3]).argmax(axis=1).tolist() == [0, 0, 0]
    with pytest.raises(UsageError):
        attribution.train(texts[:30], labels[:30])


def test_a_label_of_one_prompt_is_refused() -> None:
    texts, labels = corpus(13, 20)
    groups = ["one" if label == "alpha" else str(row) for row, label in enumerate(labels)]
    with pytest.raises(UsageError, match="'alpha'"):
        attribution.train(texts, labels, groups)


def test_a_kind_of_feature_that_no_texts_share_is_no_hindrance() -> None:
    texts, labels = corpus(14, 20)
    common = common_words(texts)
    words, *rest = blocks(texts, common)
    words.data[:], words.indices[:] = 1, np.arange(words.nnz)
    model = attribution.train_on(lambda: [words, *rest], common, labels, range(len(texts)))
    assert model.held_out == 1
    texts, labels = corpus(15, 5)
    assert [found.likeliest for found in model.attribute(texts)] == labels


@pytest.mark.parametrize("name", ["columns", "weights", "temperature"])
def test_a_damaged_model_is_refused(model: StyleModel, tmp_path: Path, name: str) -> None:
    broken = {"columns": model.columns[::-1].copy(), "weights": model.weights * np.nan, "temperature": np.nan}
    replace(model, **{name: broken[name]}).save(tmp_path / "broken")
    with pytest.raises(FingerprintError):
        StyleModel.open(tmp_path / "broken")


def test_another_file_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"AUDITFP1" + (2).to_bytes(8, "little") + b"{}")
    with pytest.raises(FingerprintError):
        StyleModel.open(tmp_path / "x")


def test_any_text_has_features() -> None:
    odd = ["", "\n\n\n", "…", "日本語", "\x00", "- ", "# ", " ** "]
    assert [part.shape[0] for part in blocks(odd, common_words(odd))] == [len(odd)] * 4


def test_commands_train_and_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts, labels = corpus(6, 60)
    models = [row for row, label in enumerate(labels) if label != HUMAN]
    table = pa.table({"text": [texts[r] for r in models], "family": [labels[r] for r in models]})
    pq.write_table(table, tmp_path / "m.parquet")
    people = [text for text, label in zip(texts, labels, strict=True) if label == HUMAN]
    pq.write_table(pa.table({"text": people}), tmp_path / "p.parquet")
    train = ["index", "style", "train", str(tmp_path / "m.parquet"), "--out", str(tmp_path / "style")]
    assert execute([*train, "--human", str(tmp_path / "p.parquet")]) == 0
    capsys.readouterr()
    show = ["index", "style", "show", str(tmp_path / "p.parquet"), "--model", str(tmp_path / "style")]
    assert execute([*show, "--format", "json"]) == 0
    shares = {entry["label"]: entry["share"] for entry in json.loads(capsys.readouterr().out)["shares"]}
    assert shares[HUMAN] > 0.95


def test_show_writes_what_every_row_sounds_like(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts, labels = corpus(11, 30)
    attribution.train(*corpus(12, 60)).save(tmp_path / "style")
    lines = [{"n": str(k), "text": text} for k, text in enumerate([*texts, "", None])]
    (tmp_path / "rows.json").write_text(json.dumps(lines))
    out = tmp_path / "rows.parquet"
    show = ["index", "style", "show", str(tmp_path / "rows.json"), "--model", str(tmp_path / "style")]
    assert execute([*show, "--rows", str(out), "--id-column", "n", "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["texts"] == 90
    assert "60 of 92 rows are named" in shown.err
    found = pq.read_table(out)
    assert found.column_names == ["sample_id", "label", "likeliest", "confidence"]
    assert found["sample_id"].to_pylist() == [line["n"] for line in lines]
    assert found["label"].to_pylist() == [None if name == HUMAN else name for name in labels] + [None] * 2
    assert found["likeliest"].to_pylist() == [*labels, None, None]
    assert found["confidence"].null_count == 2
    assert execute([*show, "--rows", str(tmp_path)]) == 4


@pytest.fixture
def sampled(tmp_path: Path) -> Path:
    """A folder with the texts of two models and of people, and an index of the former with style."""
    texts, labels = corpus(7, 60)
    rows = [row for row, label in enumerate(labels) if label != HUMAN]
    columns = {"text": [texts[r] for r in rows], "teacher": [labels[r] for r in rows]}
    pq.write_table(pa.table(columns | {"family": columns["teacher"]}), tmp_path / "m.parquet")
    pq.write_table(
        pa.table({"text": [texts[r] for r in range(len(texts)) if r not in rows]}), tmp_path / "p.parquet"
    )
    command = ["index", "build", str(tmp_path / "m.parquet"), "--out", str(tmp_path / "idx"), "--with-style"]
    assert execute(command) == 0
    return tmp_path


def test_an_index_with_style_trains_the_model_its_texts_would(sampled: Path) -> None:
    human = ["--human", str(sampled / "p.parquet")]
    for source in ("idx", "m.parquet"):
        out = ["--out", str(sampled / f"{source}.model")]
        assert execute(["index", "style", "train", str(sampled / source), *out, *human]) == 0
    by_index, by_texts = (StyleModel.open(sampled / f"{name}.model") for name in ("idx", "m.parquet"))
    texts, labels = corpus(8, 30)
    assert by_index.classes == by_texts.classes == ("alpha", "beta", HUMAN)
    for model in (by_index, by_texts):
        found = model.probabilities(texts).argmax(axis=1)
        assert [model.classes[k] for k in found] == labels
    assert (sampled / "m.parquet").read_bytes().find(b"moreover") > 0
    assert (sampled / "idx").read_bytes().find(b"moreover; ") < 0


def test_an_index_without_style_says_so(sampled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = str(sampled / "plain")
    assert execute(["index", "build", str(sampled / "m.parquet"), "--out", plain]) == 0
    assert execute(["index", "style", "train", plain, "--out", str(sampled / "x")]) == 2
    assert "--with-style" in capsys.readouterr().err
    assert (
        execute(["index", "style", "train", str(sampled / "idx"), "--out", "x", "--label-column", "no"]) == 2
    )


def test_the_sample_depends_neither_on_order_nor_on_additions(tmp_path: Path) -> None:
    texts, labels = corpus(9, 40)
    ids = [str(row) for row in range(len(texts))]
    names = ["alpha", "beta", HUMAN]
    once = StyleSampler(most=25)
    once.add(texts, labels, ids, [None] * len(ids))
    whole = once.finish(names)
    assert np.bincount(whole.teachers).tolist() == [25, 25, 25]
    turned = StyleSampler(most=25)
    turned.add(texts[::-1], labels[::-1], ids[::-1], [None] * len(ids))
    again = turned.finish(names)
    first = StyleSampler(most=25)
    first.add(texts[:70], labels[:70], ids[:70], [None] * 70)
    second = StyleSampler((first.finish(names), names), most=25)
    second.add(texts[70:], labels[70:], ids[70:], [None] * len(ids[70:]))
    for name in ("teachers", "ranks", "groups"):
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name))
        np.testing.assert_array_equal(getattr(second.finish(names), name), getattr(whole, name))
    np.testing.assert_array_equal(again.features, whole.features)


def test_kept_features_are_those_of_the_texts() -> None:
    texts, labels = corpus(10, 10)
    sampler = StyleSampler()
    sampler.add([*texts, *texts], [*labels, *labels], [str(k) for k in range(60)], ["g"] * 60)
    sample = sampler.finish(sorted(set(labels)))
    order = np.lexsort((sample.ranks, sample.teachers))
    assert order.tolist() == list(range(60))
    assert len(set(sample.groups.tolist())) == 1
    kept = sum(float(part.sum()) for part in sample.matrices())
    assert kept == 2 * sum(float(part.sum()) for part in blocks(texts, sample.common))


@pytest.mark.parametrize(
    "change",
    [
        {"style_bounds": np.array([0, 99, 2], np.int64)},
        {"style_bounds": np.array([0, 1, 9], np.int64)},
        {"style_features": np.zeros(2, np.int64)},
        {"style_ranks": np.zeros(1, np.uint64)},
    ],
)
def test_broken_features_are_refused(change: dict[str, Any]) -> None:
    sampler = StyleSampler()
    sampler.add(["a b", "a b"], ["x", "x"], ["1", "2"], [None, None])
    sample = sampler.finish(["x"])
    assert len(StyleSample.from_arrays(sample.header(), sample.arrays())) == 2
    with pytest.raises(FingerprintError, match="style0"):
        StyleSample.from_arrays(sample.header() | {"features": "style0"}, sample.arrays())
    with pytest.raises(ValueError, match="style"):
        StyleSample.from_arrays(sample.header(), sample.arrays() | change)
