"""`auditor index style`: which families a set sounds like. A hint about sets, never about one row alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.common import DataFormat, FormatOption, emit, emit_json, say

if TYPE_CHECKING:
    from auditor.fingerprint.style.attribution import StyleModel
    from auditor.fingerprint.style.linear import F64

app = typer.Typer(help="Train and ask a model of style: a hint about whole sets.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Parquet, JSONL, JSON, CSV or Arrow files.")]
TextColumn = Annotated[str, typer.Option(help="The column that holds the text.")]
_LEAST_TEXTS = 50


@app.command()
def train(
    files: Annotated[
        list[Path],
        typer.Argument(help="One index built --with-style, or files of texts: Parquet, JSONL, JSON, CSV."),
    ],
    out: Annotated[Path, typer.Option(help="Where to write the model.")],
    text_column: TextColumn = "text",
    label_column: Annotated[str, typer.Option(help="The column that names family or teacher.")] = "family",
    label: Annotated[list[str] | None, typer.Option(help="Use these labels only.")] = None,
    group_column: Annotated[str, typer.Option(help="Held-out texts share no value here.")] = "prompt_id",
    human: Annotated[list[Path] | None, typer.Option(help="Files of text that people wrote.")] = None,
    per_label: Annotated[int, typer.Option(help="At most so many texts of a label.")] = 1500,
) -> None:
    """Train a model of style on an index built --with-style, or on files of texts.

    An index keeps hashed features of a sample of its texts, not the texts; files give the same features of
    every text. Give human text too if you can: without it people cannot be told from unknown families.
    """
    from auditor.fingerprint.style import attribution

    written = [text for path in human or [] for text, _ in _texts(path, text_column)]
    if _is_index(files):
        model = _train_on_index(files[0], label_column, label, written, per_label)
    else:
        texts, labels, groups = _labelled(files, text_column, label_column, group_column, label)
        texts, labels = texts + written, labels + [attribution.HUMAN] * len(written)
        groups += [f"human#{row}" for row in range(len(written))]
        rows = _sample(labels, per_label)
        model = attribution.train(*([column[row] for row in rows] for column in (texts, labels, groups)))
    model.save(out)
    say(f"A model of {len(model.classes)} labels is in {out}: {', '.join(model.classes)}.")
    emit(f"right on held-out texts   {model.held_out:.1%}")
    emit(f"a row is named from       {model.confidence:.2f} on")
    if attribution.HUMAN not in model.classes:
        say("No human text was given: the model cannot tell people from families it does not know.")


def _is_index(files: list[Path]) -> bool:
    from auditor.fingerprint import index_file

    return len(files) == 1 and index_file.is_index_file(files[0])


def _train_on_index(
    path: Path, label_column: str, only: list[str] | None, human: list[str], per_label: int
) -> StyleModel:
    """Train on the features an index keeps, and on those of human texts."""
    from auditor.errors import UsageError
    from auditor.fingerprint.search.reference_index import open_index
    from auditor.fingerprint.style import attribution

    index = open_index(path)
    names = {"family": index.families, "teacher": index.teachers}.get(label_column)
    if index.style is None or names is None:
        raise UsageError(
            f"an index has no {label_column!r}" if index.style else "the index keeps no style features",
            where=str(path),
            fix="take family or teacher"
            if index.style
            else "build it --with-style, or give the files of texts",
        )
    labels = [names[number] for number in index.style.teachers.tolist()]
    kept = _usable(labels, only)
    rows = [kept[row] for row in _sample([labels[row] for row in kept], per_label)]
    human = [human[row] for row in _sample([attribution.HUMAN] * len(human), per_label)]
    return attribution.train_on_sample(index.style, rows, [labels[row] for row in rows], human)


@app.command()
def show(
    files: Files,
    model: Annotated[Path, typer.Option(help="The model.")],
    text_column: TextColumn = "text",
    id_column: Annotated[str | None, typer.Option(help="The column that names a row; else file#row.")] = None,
    rows: Annotated[
        Path | None, typer.Option(help="Also write what every row sounds like (Parquet): a hint, no verdict.")
    ] = None,
    output: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Estimate what a set is mixed of, with 95 % intervals; with --rows, name rows where style is clear.

    ROWS has sample_id, label (null where the model abstains), likeliest and its confidence, by row.
    """
    from dataclasses import asdict

    from auditor.errors import NoRowsError
    from auditor.fingerprint.style.attribution import StyleModel
    from auditor.fingerprint.style.mixture import mixture

    opened = StyleModel.open(model)
    found = _ask(opened, files, text_column, id_column, rows)
    if not len(found):
        where = ", ".join(map(str, files))
        raise NoRowsError("the input holds no text", where=where, fix="name its column by --text-column")
    shares = mixture(opened, found)
    if output is DataFormat.JSON:
        emit_json(
            {"texts": len(found), "held_out": opened.held_out, "shares": [asdict(share) for share in shares]}
        )
        return
    for share in sorted(shares, key=lambda share: -share.share):
        emit(f"{share.share:>7.1%}  {share.label}  ({share.low:.1%} to {share.high:.1%})")
    say("Style is a hint about the whole set: it names no row and proves no copy.")


def _ask(
    model: StyleModel, files: list[Path], text_column: str, id_column: str | None, rows: Path | None
) -> F64:
    """Return the probabilities of every text that is not blank; write what each row sounds like to `rows`."""
    from contextlib import nullcontext

    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from auditor.cli.texts import read_texts, watched
    from auditor.fingerprint.search.matches import MatchWriter

    schema = pa.schema([("label", pa.string()), ("likeliest", pa.string()), ("confidence", pa.float32())])
    facts = {"auditor.style.named_from": f"{model.confidence:.4f}"}
    found = [np.zeros((0, len(model.classes)))]
    with MatchWriter(rows, schema, facts, "label") if rows else nullcontext() as writer:
        batches = read_texts(files, [text_column], [id_column] if id_column else [])
        for batch in watched("listening", files, batches):
            texts = [text or "" for text in batch[text_column].to_pylist()]
            spoken = np.array([bool(text.strip()) for text in texts], np.bool_)
            chances = model.probabilities(texts)
            found.append(chances[spoken])
            if writer:
                names = zip(model.attribute(texts, chances), spoken.tolist(), strict=True)
                lines = [
                    {"label": name.label, "likeliest": name.likeliest, "confidence": name.confidence}
                    if said
                    else {}
                    for name, said in names
                ]
                ids = pc.coalesce(batch[id_column or "row_id"], batch["row_id"]).cast(pa.string())
                writer.write(ids, pa.Table.from_pylist(lines, schema))
    if rows and writer:
        named = sum(count for label, count in writer.counts.items() if label)
        say(f"{named:,} of {writer.counts.total():,} rows are named in {rows}; the model abstains on others.")
    return np.concatenate(found)


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
            texts.append(text)
            labels.append(values[0] or "")
            groups.append(values[1] or f"{path}#{row}")
    kept = _usable(labels, only)
    return [texts[row] for row in kept], [labels[row] for row in kept], [groups[row] for row in kept]


def _usable(labels: list[str], only: list[str] | None) -> list[int]:
    """Return the rows whose label is wanted and has texts enough."""
    enough = {name for name, count in Counter(labels).items() if name and count >= _LEAST_TEXTS}
    return [row for row, name in enumerate(labels) if name in enough and (not only or name in only)]


def _sample(labels: list[str], most: int) -> list[int]:
    """Return the rows to train on, evenly spread over each label's rows."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(labels):
        rows.setdefault(name, []).append(row)
    return sorted(row for found in rows.values() for row in found[:: max(1, -(-len(found) // most))])
