"""`auditor index`: build, extend, calibrate and describe indexes of teacher text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import index_exchange, style
from auditor.cli.common import DataFormat, FormatOption, emit, emit_json, say
from auditor.cli.option_groups import grouped
from auditor.domain.sample import WORK
from auditor.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from auditor.cli.index_lanes import Builder
    from auditor.fingerprint.search.reference_index import ReferenceIndex
    from auditor.fingerprint.style.sample import StyleSampler

app = typer.Typer(help="Build and keep indexes of teacher text.", no_args_is_help=True)
app.add_typer(style.app, name="style")

Files = Annotated[list[Path], typer.Argument(help="Parquet, JSONL, JSON, CSV or Arrow files.")]
Out = Annotated[Path, typer.Option(help="Where to write the index (one file).")]
TextColumn = Annotated[str, typer.Option(help="The column that holds the text.")]
WorkColumn = Annotated[
    str | None,
    typer.Option(help="The column that names a work of others, its rights reserved (label `work:TITLE`)."),
]
Scale = Annotated[
    int,
    typer.Option(help="Keep one n-gram in so many; 1 (exact) finds 97 % of edited copies, 4 90 %, 8 83 %."),
]
Lanes = Annotated[
    str,
    typer.Option(
        help="How texts are found: ngrams (edited copies, with their spans), minhash (whole texts, all but "
        "unchanged; 260 bytes a text, for more texts than memory holds), code (beside ngrams: code without "
        "its names and comments; nothing where no text has code), or several with commas."
    ),
]
Public = Annotated[
    bool,
    typer.Option(
        "--public",
        help="These texts are no teacher's (licenses, well-known works): what they hold is evidence for "
        "none; no teacher need be named.",
    ),
]
GroupColumn = Annotated[
    str, typer.Option(help="With style: held-out texts share no value here, if the column is there.")
]
WithStyle = Annotated[
    bool,
    typer.Option(
        "--with-style",
        help="Keep hashed style features of up to 500 texts per teacher (about 6 KB each), so that "
        "`index style train` needs the index alone.",
    ),
]


@dataclass(frozen=True, slots=True)
class RowOptions:
    """Where a row's text, teacher, family and id stand, and what is known of its prompts."""

    text_column: TextColumn = "text"
    teacher_column: Annotated[str, typer.Option(help="The column that names the teacher.")] = "teacher"
    family_column: Annotated[
        str, typer.Option(help="The column that names the teacher's family, if there is one.")
    ] = "family"
    id_column: Annotated[str | None, typer.Option(help="The column that names a row; else file#row.")] = None
    teacher: Annotated[str | None, typer.Option(help="One teacher for all rows, instead of a column.")] = None
    prompts: Annotated[
        list[Path] | None, typer.Option(help="Files of prompts: their words are not evidence.")
    ] = None
    prompt_column: Annotated[str, typer.Option(help="The column that holds the prompt.")] = "prompt"

    def names(self, work: str | None) -> list[str]:
        """Return the columns that every row must have; `work` takes the place of a teacher."""
        label = work or (None if self.teacher else self.teacher_column)
        return [name for name in (label, self.id_column) if name]

    def labels(self, batch: pa.Table, work: str | None) -> list[str | None]:
        """Return the label of each row."""
        if work:
            return [f"{WORK}{title}" if title else None for title in batch[work].to_pylist()]
        labels: list[str | None] = batch[self.teacher_column].to_pylist() if not self.teacher else []
        return labels if not self.teacher else [self.teacher] * batch.num_rows


def _collect(
    builder: Builder,
    files: list[Path],
    rows: RowOptions,
    sampler: StyleSampler | None,
    group: str,
    work: str | None = None,
) -> int:
    """Add the texts of files and the prompts to an index; return how many texts were added."""
    from auditor.cli.texts import read_texts, watched
    from auditor.fingerprint.search.index_builder import IndexBuilder

    rest = [rows.family_column, *([group] if sampler else [])]
    added = 0
    for batch in watched("indexing", files, read_texts(files, [rows.text_column], rows.names(work), rest)):
        teachers = rows.labels(batch, work)
        places = batch["row_id"].to_pylist()
        named = batch[rows.id_column or "row_id"].to_pylist()
        ids = [name or place for name, place in zip(named, places, strict=True)]
        texts = batch[rows.text_column]
        added += builder.add(texts, teachers, ids, batch[rows.family_column].to_pylist())
        if sampler:
            sampler.add(texts.to_pylist(), teachers, ids, batch[group].to_pylist())
    if rows.prompts and not isinstance(builder, IndexBuilder):
        say("A signature has no words that could be left out: --prompts changes nothing without n-grams.")
    for batch in read_texts(rows.prompts, [rows.prompt_column]) if rows.prompts else ():
        builder.add_prompts(batch[rows.prompt_column])
    return added


def _finish(index: ReferenceIndex, out: Path, done: str, sampler: StyleSampler | None) -> None:
    from auditor.fingerprint.search.thresholds import calibrated

    if sampler:
        index = index.with_style(sampler.finish(index.teachers))
    index = calibrated(index)
    index.save(out)
    say(f"{done}: {len(index):,} of {len(index.teachers)} teachers in {out}.")
    _print_thresholds(index)
    _print_recall(index)


def _print_thresholds(index: ReferenceIndex) -> None:
    if not index.calibrated:
        emit("Not calibrated.")
    if index.calibration:
        emit(f"Thresholds on {index.calibration.negatives:,} {index.calibration.source} negatives:")
        for rate, value in sorted(index.calibration.thresholds.items()):
            emit(f"  false-positive rate {rate:<7g} score {value:.3f}")
        if index.calibration.brief is None:
            emit(
                "Short texts: nothing is promised, and none is copied by containment; run `index calibrate`."
            )
        else:
            emit(f"Short texts: the same rates, set on {index.calibration.brief.slices:,} parts of them.")
    if index.near and (near := index.near.calibration):
        emit(f"Of the MinHash lane, on {near.negatives:,} {near.source} negatives:")
        for rate, value in sorted(near.thresholds.items()):
            emit(f"  false-positive rate {rate:<7g} similarity {value:.3f}")
    if index.code and (shapes := index.code.calibration):
        emit(f"Of the code lane, on {shapes.negatives:,} {shapes.source} negatives:")
        for rate, value in sorted(shapes.thresholds.items()):
            emit(f"  false-positive rate {rate:<7g} score {value:.3f}")


def _print_recall(index: ReferenceIndex) -> None:
    from auditor.fingerprint.search.recall import recall
    from auditor.fingerprint.search.reference_index import DEFAULT_RATE

    if index.calibration and (found := recall(index, DEFAULT_RATE)):
        kept = "every n-gram" if index.ngrams.scale == 1 else f"one n-gram in {index.ngrams.scale}"
        emit(f"Found of its own texts, edited, at {DEFAULT_RATE:g} with {kept}:")
        for edit, share in found.items():
            emit(f"  {edit:<27} {share:6.1%}")


@app.command()
@grouped
def build(
    files: Files,
    out: Out,
    rows: RowOptions,
    scale: Scale = 1,
    with_style: WithStyle = False,
    group_column: GroupColumn = "prompt_id",
    work_column: WorkColumn = None,
    lanes: Lanes = "ngrams,minhash,code",
    public: Public = False,
) -> None:
    """Build an index from texts whose teacher is known, and calibrate it on built-in negatives."""
    from auditor.cli.index_lanes import Making
    from auditor.fingerprint.search.lanes import read_lanes
    from auditor.fingerprint.style.sample import StyleSampler

    if public and work_column:
        raise UsageError("--work-column registers works of others, --public none", fix="give one of them")
    rows = replace(rows, teacher=rows.teacher or "public") if public else rows
    making = Making.asked(read_lanes(lanes), scale, out, public=public)
    sampler = StyleSampler() if with_style else None
    if work_column and rows.teacher:
        raise UsageError("--work-column and --teacher both name the rows", fix="give one of them")
    added = _collect(making.builder, files, rows, sampler, group_column, work_column)
    _finish(making.build(), out, f"{added:,} texts added", sampler)


@app.command()
@grouped
def add(
    files: Files,
    index: Annotated[Path, typer.Option(help="The index to extend.")],
    out: Annotated[Path | None, typer.Option(help="Write elsewhere instead of in place.")] = None,
    *,
    rows: RowOptions,
    group_column: GroupColumn = "prompt_id",
) -> None:
    """Add texts to an index and calibrate it anew; its style features, if it has any, are extended too."""
    from auditor.cli.index_lanes import Making
    from auditor.fingerprint.search.reference_index import open_index
    from auditor.fingerprint.style.sample import StyleSampler

    opened = open_index(index)
    making = Making.like(opened, out or index)
    making.include(opened)
    sampler = StyleSampler((opened.style, opened.teachers)) if opened.style else None
    added = _collect(making.builder, files, rows, sampler, group_column)
    _finish(making.build(), out or index, f"{added:,} texts added", sampler)


@app.command()
def merge(
    indexes: Annotated[list[Path], typer.Argument(help="Two indexes or more, of one scale.")],
    out: Out,
) -> None:
    """Put several indexes into one and calibrate it anew; style features are left behind."""
    from auditor.cli.index_lanes import Making
    from auditor.fingerprint.search.reference_index import open_index

    making: Making | None = None
    for path in indexes:
        opened = open_index(path)
        making = making or Making.like(opened, out)
        making.include(opened)
        if opened.style:
            say(f"the style features of {path} depend on its own words and are left behind")
    if making is None:
        raise UsageError("no index is named", fix="name the indexes to merge")
    _finish(making.build(), out, f"{len(indexes)} indexes merged", None)


@app.command()
def remove(
    index: Annotated[Path, typer.Argument(help="The index.")],
    teacher: Annotated[list[str] | None, typer.Option(help="All texts of this teacher; repeatable.")] = None,
    id: Annotated[list[str] | None, typer.Option(help="The text of this reference id; repeatable.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write elsewhere instead of in place.")] = None,
) -> None:
    """Take texts out of an index, wrongly labeled or to be forgotten, and calibrate it anew."""
    from auditor.cli.index_lanes import Making, missing_names
    from auditor.fingerprint.search.reference_index import open_index
    from auditor.fingerprint.style.sample import StyleSampler

    opened = open_index(index)
    teachers, ids = frozenset(teacher or ()), frozenset(id or ())
    if not teachers and not ids:
        raise UsageError("nothing is named that should go", fix="give --teacher NAME or --id REFERENCE")
    if missing := missing_names(opened, teachers | ids):
        raise UsageError(
            f"the index does not hold `{missing[0]}`", where=str(index), fix="see `auditor index info`"
        )
    making = Making.like(opened, out or index)
    removed = making.include(opened, teachers, ids)
    sampler = StyleSampler((opened.style, opened.teachers)) if opened.style else None
    if sampler:
        sampler.remove(teachers, ids)
    _finish(making.build(), out or index, f"{removed:,} texts taken out", sampler)


@app.command()
def info(
    index: Annotated[Path, typer.Argument(help="The index.")],
    output: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Say what an index holds: teachers, texts, specification, thresholds."""
    from auditor.fingerprint.search.reference_index import open_index
    from auditor.fingerprint.search.summary import summary

    opened = open_index(index)
    facts = summary(opened)
    if output is DataFormat.JSON:
        emit_json(facts)
        return
    facts["lanes"] = ", ".join(facts["lanes"])
    if facts["public"]:
        emit("     public  its texts are no teacher's")
    for key in ("format", "spec", "lanes", "scale", "texts", "words", "ngrams", "prompts", "style_texts"):
        emit(f"{key.replace('_', ' '):>11}  {facts[key]}")
    if near := facts["minhash"]:
        size = f"{near['bytes_per_text']} bytes a text, {near['distinct']:,} of them distinct"
        emit(f"{'minhash':>11}  {near['bands']} bands of {near['rows']} slots; {size}")
    if code := facts["code"]:
        emit(f"{'code':>11}  {code['texts']:,} texts, {code['tokens']:,} tokens")
    for entry in facts["teachers"]:
        emit(f"{entry['texts']:>11}  {entry['name']} ({entry['family']})")
    _print_thresholds(opened)


@app.command()
def calibrate(
    index: Annotated[Path, typer.Argument(help="The index.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Texts that are not copies; none: built in.")
    ] = None,
    text_column: TextColumn = "text",
) -> None:
    """Set an index's thresholds anew, on built-in negatives or on your own."""
    import pyarrow as pa

    from auditor.cli.texts import read_texts
    from auditor.fingerprint.search.reference_index import open_index
    from auditor.fingerprint.search.thresholds import calibrated

    opened = open_index(index)
    texts = [batch[text_column] for batch in read_texts(files, [text_column])] if files else None
    opened = calibrated(opened, pa.chunked_array(texts) if texts else None)
    opened.save(index)
    _print_thresholds(opened)
    _print_recall(opened)


app.command("export")(index_exchange.export_)
app.command("import")(index_exchange.import_)
