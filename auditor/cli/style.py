"""`auditor index style`: which families a set sounds like. A hint about sets, never about one row alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.common import DataFormat, FormatOption, emit, emit_json, say

app = typer.Typer(help="Train and ask a model of style: a hint about whole sets.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Parquet, JSONL, JSON, CSV or Arrow files.")]
TextColumn = Annotated[str, typer.Option(help="The column that holds the text.")]
_LEAST_TEXTS = 50


@app.command()
def train(
    files: Files,
    out: Annotated[Path, typer.Option(help="Where to write the model.")],
    text_column: TextColumn = "text",
    label_column: Annotated[str, typer.Option(help="The column that names family or teacher.")] = "family",
    label: Annotated[list[str] | None, typer.Option(help="Use these labels only.")] = None,
    group_column: Annotated[str, typer.Option(help="Held-out texts share no value here.")] = "prompt_id",
    human: Annotated[list[Path] | None, typer.Option(help="Files of text that people wrote.")] = None,
    per_label: Annotated[int, typer.Option(help="At most so many texts of a label.")] = 1500,
) -> None:
    """Train a model of style on the texts an index is built from; give it human text too if you can."""
    from auditor.fingerprint import style

    texts, labels, groups = _labelled(files, text_column, label_column, group_column, label)
    for path in human or []:
        written = [text for text, _ in _texts(path, text_column)]
        texts += written
        labels += [style.HUMAN] * len(written)
        groups += [f"{path}#{row}" for row in range(len(written))]
    rows = _sample(labels, per_label)
    parts = [[column[row] for row in rows] for column in (texts, labels, groups)]
    model = style.train(*parts)
    model.save(out)
    say(f"{len(rows):,} texts of {len(model.classes)} labels; the model is in {out}.")
    emit(f"right on held-out texts   {model.held_out:.1%}")
    emit(f"a row is named from       {model.confidence:.2f} on")
    if style.HUMAN not in model.classes:
        say("No human text was given: the model cannot tell people from families it does not know.")


@app.command()
def show(
    files: Files,
    model: Annotated[Path, typer.Option(help="The model.")],
    text_column: TextColumn = "text",
    output: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Estimate what a set is mixed of, with 95 % intervals."""
    from dataclasses import asdict

    from auditor.errors import NoRowsError
    from auditor.fingerprint.mixture import mixture
    from auditor.fingerprint.style import StyleModel

    opened = StyleModel.open(model)
    texts = [text for path in files for text, _ in _texts(path, text_column)]
    if not texts:
        raise NoRowsError("the input holds no text", where=", ".join(map(str, files)))
    shares = mixture(opened, opened.probabilities(texts))
    if output is DataFormat.JSON:
        emit_json(
            {"texts": len(texts), "held_out": opened.held_out, "shares": [asdict(share) for share in shares]}
        )
        return
    for share in sorted(shares, key=lambda share: -share.share):
        emit(f"{share.share:>7.1%}  {share.label}  ({share.low:.1%} to {share.high:.1%})")
    say("Style is a hint about the whole set: it names no row and proves no copy.")


def _texts(path: Path, column: str, *others: str) -> list[tuple[str, tuple[str | None, ...]]]:
    from auditor.cli.texts import read_texts

    found = []
    for batch in read_texts([path], [column], optional=others):
        rest = zip(*(batch[name].to_pylist() for name in ("row_id", *others)), strict=True)
        for text, values in zip(batch[column].to_pylist(), rest, strict=True):
            if text and text.strip():
                found.append((text, values[1:] or (values[0],)))
    return found


def _labelled(
    files: list[Path], text_column: str, label_column: str, group_column: str, only: list[str] | None
) -> tuple[list[str], list[str], list[str]]:
    texts, labels, groups = [], [], []
    for path in files:
        for row, (text, values) in enumerate(_texts(path, text_column, label_column, group_column)):
            name, group = values[0], values[1]
            if name and (not only or name in only):
                texts.append(text)
                labels.append(name)
                groups.append(group or f"{path}#{row}")
    counts = {name: labels.count(name) for name in set(labels)}
    kept = [row for row, name in enumerate(labels) if counts[name] >= _LEAST_TEXTS]
    return [texts[row] for row in kept], [labels[row] for row in kept], [groups[row] for row in kept]


def _sample(labels: list[str], most: int) -> list[int]:
    """Return the rows to train on, evenly spread over each label's rows."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(labels):
        rows.setdefault(name, []).append(row)
    return sorted(row for found in rows.values() for row in found[:: max(1, -(-len(found) // most))])
