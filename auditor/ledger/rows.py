"""Per-sample rows in Parquet, named by the hash of their bytes; never any text of a row.

What rows share lies in the origin and its verdict; a row keeps what is its own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from auditor.errors import EnvironmentFault, LedgerError
from auditor.files import Draft, digest_of_file
from auditor.ids import hex_of
from auditor.ledger.lookup import DigestIndex

_SPAN = pa.struct(
    [(name, pa.int32()) for name in ("query_start", "query_end", "reference_start", "reference_end")]
)
ROW_SCHEMA = pa.schema(
    [
        ("sample_id", pa.string()),
        ("digest", pa.binary(32)),
        ("origin_id", pa.string()),
        ("claim_set", pa.string()),
        ("outcome", pa.string()),
        ("line", pa.int64()),
        ("match", pa.string()),
        ("match_teacher", pa.string()),
        ("match_score", pa.float32()),
        ("matched_chars", pa.int32()),
        ("spans", pa.list_(_SPAN)),
        ("reference_id", pa.string()),
        ("match_slot", pa.string()),
    ]
)
"""The columns of a shard. `digest` is null for an unreadable row; match columns are null where none was."""
_REQUIRED = ("sample_id", "digest", "origin_id", "outcome")
SUFFIX = ".parquet"
_GROUP = 131_072
_SHARD = 1_048_576
_SHARED = ["origin_id", "claim_set", "outcome", "match", "match_teacher", "match_slot"]


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A finished shard."""

    sha256: str
    samples: int
    size: int


def shard_path(folder: Path, sha256: str) -> Path:
    """Return where a shard lies."""
    return folder / sha256[:2] / f"{sha256}{SUFFIX}"


def existing_shard(folder: Path, sha256: str) -> Path:
    """Return where a shard lies.

    Raises:
        LedgerError: it is not there.
    """
    path = shard_path(folder, sha256)
    if not path.is_file():
        raise LedgerError(
            "the rows of an audit are missing", where=str(path), fix="restore the folder beside the ledger"
        )
    return path


def unreadable_rows(path: Path) -> LedgerError:
    """Return the error for row files that are damaged."""
    return LedgerError(
        "the rows of an audit cannot be read",
        where=str(path),
        fix="run `auditor ledger verify` and restore what it names",
    )


def index_path(folder: Path, sha256: str) -> Path:
    """Return where the digest look-up of a shard lies."""
    return folder / sha256[:2] / f"{sha256}.digests.npy"


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as hex."""
    return hex_of(digest_of_file(path))


def normalized(rows: pa.Table | pa.RecordBatch) -> pa.Table:
    """Bring rows to `ROW_SCHEMA`: columns it has not are left out, columns the rows have not are null.

    Digests come as 32 bytes.

    Raises:
        LedgerError: a required column is missing, or a column is of a type that does not fit.
    """
    missing = [name for name in _REQUIRED if name not in rows.schema.names]
    if missing:
        raise LedgerError(f"the rows lack {', '.join(missing)}", fix="record rows as an audit writes them")
    columns = []
    for field in ROW_SCHEMA:
        if field.name not in rows.schema.names:
            columns.append(pa.nulls(rows.num_rows, field.type))
        elif field.name == "digest":
            columns.append(_digests(rows.column("digest")))
        else:
            columns.append(rows.column(field.name).cast(field.type))
    return pa.Table.from_arrays(columns, schema=ROW_SCHEMA)


def _digests(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if column.type != ROW_SCHEMA.field("digest").type:
        raise LedgerError("a row's digest is not a SHA-256", fix="give 32 bytes a row")
    return column


class RowWriter:
    """Write rows into shards; nothing lies under its final name before `finish`.

    Attributes:
        origins: rows by origin id.
        matches: rows by search verdict and best teacher (empty unless copied).
        claim_sets: ids that rows refer to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drafts: list[tuple[Draft, int, DigestIndex]] = []
        self._writer: pq.ParquetWriter | None = None
        self._written = 0
        self._buffer: list[pa.Table] = []
        self._buffered = 0
        self._keys = DigestIndex.Builder()
        self.origins: Counter[str] = Counter()
        self.matches: Counter[tuple[str, str]] = Counter()
        self.claim_sets: set[str] = set()

    def add(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Append rows.

        Raises:
            LedgerError: the rows do not fit the schema.
            EnvironmentFault: the folder cannot be written.
        """
        table = normalized(rows)
        if table.num_rows == 0:
            return
        self._count(table)
        self._buffer.append(table)
        self._buffered += table.num_rows
        if self._buffered >= _GROUP:
            self._flush()

    def finish(self) -> list[ShardFile]:
        """Put all shards in place and return them in row order."""
        self._flush()
        self._close_shard()
        try:
            placed = [self._place(*draft) for draft in self._drafts]
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        self._drafts.clear()
        return placed

    def abort(self) -> None:
        """Remove what was written so far."""
        if self._writer is not None:
            self._close_shard()
        for draft, _, _ in self._drafts:
            draft.drop()
        self._drafts.clear()
        self._buffer.clear()

    def _count(self, table: pa.Table) -> None:
        counted = pc.value_counts(table.column("origin_id"))
        for origin, rows in zip(*(part.to_pylist() for part in counted.flatten()), strict=True):
            self.origins[origin or ""] += rows
        self.claim_sets.update(filter(None, pc.unique(table.column("claim_set")).to_pylist()))
        if table.column("match").null_count == table.num_rows:
            return
        groups = table.select(["match", "match_teacher"]).group_by(["match", "match_teacher"])
        for group in groups.aggregate([([], "count_all")]).to_pylist():
            if group["match"] is not None:
                self.matches[group["match"], group["match_teacher"] or ""] += group["count_all"]

    def _flush(self) -> None:
        if not self._buffered:
            return
        table = pa.concat_tables(self._buffer)
        self._buffer, self._buffered = [], 0
        for start in range(0, table.num_rows, _GROUP):
            self._write_group(table.slice(start, _GROUP))

    def _write_group(self, group: pa.Table) -> None:
        try:
            if self._writer is None:
                self._writer = self._open_shard()
            self._writer.write_table(group, row_group_size=_GROUP)
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        self._keys.add(group.column("digest"))
        self._written += group.num_rows
        if self._written >= _SHARD:
            self._close_shard()

    def _open_shard(self) -> pq.ParquetWriter:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._draft = Draft.within(self._folder, SUFFIX)
        compression = {field.name: "zstd" for field in ROW_SCHEMA} | {"digest": "none"}
        compression |= {f"spans.list.element.{field.name}": "zstd" for field in _SPAN}
        return pq.ParquetWriter(
            self._draft.path,
            ROW_SCHEMA,
            compression=compression,
            use_dictionary=_SHARED,
            column_encoding={"sample_id": "DELTA_BYTE_ARRAY"},
            write_statistics=["sample_id", "origin_id", "outcome"],
        )

    def _close_shard(self) -> None:
        if self._writer is None:
            return
        self._writer.close()
        self._drafts.append((self._draft, self._written, self._keys.build()))
        self._writer, self._written, self._keys = None, 0, DigestIndex.Builder()

    def _place(self, draft: Draft, samples: int, index: DigestIndex) -> ShardFile:
        sha256, size = file_sha256(draft.path), draft.path.stat().st_size
        target = shard_path(self._folder, sha256)
        target.parent.mkdir(exist_ok=True)
        index.save(index_path(self._folder, sha256))
        draft.place(target)
        return ShardFile(sha256, samples, size)


def _unwritable(folder: Path, error: OSError) -> EnvironmentFault:
    return EnvironmentFault(
        f"the ledger's rows cannot be written: {error.strerror or error}",
        where=str(folder),
        fix="free space or fix permissions, or choose another --ledger",
    )
