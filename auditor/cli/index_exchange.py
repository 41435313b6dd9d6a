"""`auditor index export` and `import`: MinHashes for and from datasketch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.common import say
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.fingerprint.minhash.signature import ShingleHash

Sketches = Annotated[
    bool, typer.Option("--datasketch", help="The file holds MinHashes as datasketch makes them.")
]


def export_(
    index: Annotated[Path, typer.Argument(help="The index.")],
    out: Annotated[Path, typer.Option(help="Where to write the MinHashes (Parquet).")],
    datasketch: Sketches = False,
    shingle: Annotated[int, typer.Option(help="Words per shingle.")] = 5,
) -> None:
    """Write one MinHash per reference text, readable by datasketch's LeanMinHash."""
    from auditor.fingerprint.minhash.signature import MinHashSpec
    from auditor.fingerprint.search.reference_index import open_index
    from auditor.fingerprint.search.sketches import export_sketches

    _only_datasketch(datasketch)
    count = export_sketches(open_index(index), MinHashSpec(shingle=shingle), out)
    say(f"{count:,} MinHashes are in {out}.")


def import_(
    file: Annotated[Path, typer.Argument(help="Parquet of `key` and `lean`; teacher and family if known.")],
    out: Annotated[Path, typer.Option(help="Where to write the index (one file).")],
    datasketch: Sketches = False,
    teacher: Annotated[
        str | None, typer.Option(help="One teacher for all; else the column `teacher`, else the file's name.")
    ] = None,
    hash: Annotated[
        str | None,
        typer.Option(help="Hash of a shingle: sha1_hash32 (usual), sha1_hash64, or words (auditor's own)."),
    ] = None,
    shingle: Annotated[
        int | None, typer.Option(help="Words per shingle, lower-cased and split on white space: usually 5.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the permutations; checked against the sketches'.")
    ] = None,
) -> None:
    """Build an index of MinHashes made elsewhere: `detect` and `audit` search it as any other."""
    from auditor.fingerprint.search.sketches import Made, import_sketches
    from auditor.fingerprint.search.thresholds import calibrated

    _only_datasketch(datasketch)
    folder = out.absolute().parent
    made = Made(_hash(hash), shingle, seed, teacher)
    index = calibrated(import_sketches(file, made, folder if folder.is_dir() else None))
    index.save(out)
    distinct = len(index.near.slots) if index.near else 0
    say(f"{len(index):,} MinHashes, {distinct:,} of them distinct, are in {out} ({index.spec}).")


def _hash(name: str | None) -> ShingleHash | None:
    from auditor.fingerprint.minhash.signature import ShingleHash

    if name is None:
        return None
    if name not in {*ShingleHash}:
        raise UsageError(f"there is no hash `{name}`", fix=f"give one of {', '.join(ShingleHash)}")
    return ShingleHash(name)


def _only_datasketch(chosen: bool) -> None:
    if not chosen:
        raise UsageError("no exchange format is named", fix="add --datasketch, the one format there is")
