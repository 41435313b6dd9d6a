"""`auditor detect`: which rows stand in an index of teacher text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.common import emit, say


def detect(
    files: Annotated[list[Path], typer.Argument(help="Parquet, JSONL, JSON, CSV or Arrow files.")],
    index: Annotated[Path, typer.Option(help="The index to search.")],
    out: Annotated[Path, typer.Option(help="Where to write the matches (Parquet).")] = Path(
        "matches.parquet"
    ),
    text_column: Annotated[str, typer.Option(help="The column that holds the text.")] = "text",
    id_column: Annotated[str | None, typer.Option(help="The column that names a row; else file#row.")] = None,
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
    from auditor.fingerprint.search.reference_index import open_index

    if not 0 < fpr < 1:
        raise UsageError(f"--fpr {fpr} is not a rate", fix="give a share between 0 and 1, such as 0.001")
    opened = open_index(index)
    if (promised := opened.promised(fpr)) > fpr:
        say(f"The index is calibrated down to a rate of {promised:g}: that is used, not {fpr:g}.")
        fpr = promised
    named: Counter[str] = Counter()
    facts = {"auditor.spec": opened.spec, "auditor.index": index.name, "auditor.fpr": f"{fpr:g}"}
    with MatchWriter(out, SCHEMA, facts) as writer:
        batches = read_texts(files, [text_column], [id_column] if id_column else [])
        for batch in watched("searching", files, batches):
            ids = pc.coalesce(batch[id_column or "row_id"], batch["row_id"])
            writer.write(ids.cast(pa.string()), detect(opened, batch[text_column], fpr))
            named.update(phrase.family for phrase in find_phrases(batch[text_column]) if phrase.family)
    for verdict in ("copied", "no-match", "insufficient", "unreadable-text"):
        emit(f"{writer.counts.get(verdict, 0):>10,} {verdict}")
    if named:
        makers = ", ".join(f"{family} {count:,}" for family, count in named.most_common())
        say(f"Rows whose text names its maker (a hint, not a verdict): {makers}.")
    say(f"Matches at a false-positive rate of {fpr:g} are in {out}.")
