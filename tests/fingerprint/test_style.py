"""Style: families with different habits are told apart, strangers are not named, sets are unmixed."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.cli.main import execute
from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint import style
from auditor.fingerprint.mixture import mixture
from auditor.fingerprint.style import HUMAN, StyleModel
from auditor.fingerprint.style_features import blocks, common_words

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
    return style.train(*corpus(1, 60))


def test_families_are_named_and_people_are_not(model: StyleModel) -> None:
    texts, labels = corpus(2, 20)
    for (name, confidence), label in zip(model.attribute(texts), labels, strict=True):
        assert name == (None if label == HUMAN else label)
        assert 0 <= confidence <= 1


def test_short_texts_are_never_named(model: StyleModel) -> None:
    assert [name for name, _ in model.attribute(["Certainly!", "", "Here is a list:"])] == [None] * 3


def test_a_set_is_unmixed_within_its_interval(model: StyleModel) -> None:
    texts, _ = corpus(3, 100)
    chosen = texts[:30] + texts[100:120] + texts[200:250]
    shares = {share.label: share for share in mixture(model, model.probabilities(chosen))}
    for label, truth in (("alpha", 0.3), ("beta", 0.2), (HUMAN, 0.5), ("any model", 0.5)):
        assert abs(shares[label].share - truth) < 0.03
        assert shares[label].low - 0.02 <= truth <= shares[label].high + 0.02


def test_training_is_reproducible_and_survives_the_disk(model: StyleModel, tmp_path: Path) -> None:
    again = style.train(*corpus(1, 60))
    model.save(tmp_path / "a")
    again.save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    texts, _ = corpus(4, 5)
    np.testing.assert_array_equal(
        StyleModel.open(tmp_path / "a").probabilities(texts), model.probabilities(texts)
    )


def test_two_labels_work_and_one_is_refused() -> None:
    texts, labels = corpus(5, 30)
    pair = style.train(texts[:60], labels[:60])
    assert pair.probabilities(texts[:3]).argmax(axis=1).tolist() == [0, 0, 0]
    with pytest.raises(UsageError):
        style.train(texts[:30], labels[:30])


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
