"""`auditor detect`: which rows stand in an index of teacher text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.common import emit, say

if TYPE_CHECKING:
    from auditor.fingerprint.search.public_passages import Publics


def detect(
    files: Annotated[list[Path], typer.Argument(help="Parquet, JSONL, JSON, CSV or Arrow files.")],
    index: Annotated[Path, typer.Option(help="The index to search.")],
    out: Annotated[Path, typer.Option(help="Where to write the matches (Parquet).")] = Path(
        "matches.parquet"
    ),
    text_column: Annotated[str, typer.Option(help="The column that holds the text.")] = "text",
    id_column: Annotated[str | None, typer.Option(help="The column that names a row; else file#row.")] = None,
    public: Annotated[
        list[Path] | None,
        typer.Option(help="Index of texts that are no teacher's (`index build --public`); repeatable."),
    ] = None,
    fpr: Annotated[float, typer.Option(help="Expected share of innocent rows called copied.")] = 0.001,
) -> None:
    """Search every row of FILES in an index of teacher text; write one match per row."""
    from auditor.cli.effort import spare_kernels

    spare_kernels([str(path) for path in files])
    import pyarrow as pa
    import pyarrow.compute as pc

    from auditor.cli.texts import read_texts, watched
    from auditor.errors import UsageError
    from auditor.fingerprint.phrases import find_phrases
    from auditor.fingerprint.search.detect import SCHEMA, detect
    from auditor.fingerprint.search.matches import MatchWriter
    from auditor.fingerprint.search.public_texts import open_teachers

    if not 0 < fpr < 1:
        raise UsageError(f"--fpr {fpr} is not a rate", fix="give a share between 0 and 1, such as 0.001")
    opened, publics = open_teachers(index), _publics(public or [])
    if (promised := opened.promised(fpr)) > fpr:
        say(f"The index is calibrated down to a rate of {promised:g}: that is used, not {fpr:g}.")
        fpr = promised
    named: Counter[str] = Counter()
    facts = {"auditor.spec": opened.spec, "auditor.index": index.name, "auditor.fpr": f"{fpr:g}"}
    facts["auditor.public"] = ", ".join(f"{one.name} {one.version}" for one in publics.texts)
    with MatchWriter(out, SCHEMA, facts) as writer:
        batches = read_texts(files, [text_column], [id_column] if id_column else [])
        for batch in watched("searching", files, batches):
            ids = pc.coalesce(batch[id_column or "row_id"], batch["row_id"])
            writer.write(ids.cast(pa.string()), detect(opened, batch[text_column], fpr, publics=publics))
            named.update(phrase.family for phrase in find_phrases(batch[text_column]) if phrase.family)
    for verdict in ("copied", "no-match", "insufficient", "unreadable-text", "public-text"):
        emit(f"{writer.counts.get(verdict, 0):>10,} {verdict}")
    if named:
        makers = ", ".join(f"{family} {count:,}" for family, count in named.most_common())
        say(f"Rows whose text names its maker (a hint, not a verdict): {makers}.")
    say(f"Matches at a false-positive rate of {fpr:g} are in {out}.")


def _publics(paths: list[Path]) -> Publics:
    """Return what is asked beside the index: public texts, and who provides which model."""
    from auditor.engine.providers import provider_of
    from auditor.fingerprint.search.public_passages import Publics
    from auditor.fingerprint.search.public_texts import open_public, shipped
    from auditor.knowledge.load import load_knowledge

    return Publics((shipped(), *map(open_public, paths)), provider_of(load_knowledge(None)))
