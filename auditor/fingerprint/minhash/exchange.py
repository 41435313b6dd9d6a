"""MinHashes in and out of Parquet, as datasketch's `LeanMinHash` serializes them.

Columns: `key` (string) and `lean` (binary). The file's metadata carries the specification the shingle hashes
follow, so that signatures of another make are never compared.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.errors import FingerprintError
from auditor.fingerprint.minhash.lsh import LshIndex
from auditor.fingerprint.minhash.signature import (
    MinHashSpec,
    from_datasketch,
    signatures_of_words,
    to_datasketch,
)
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.parquet import ParquetFile

_SPEC, _SHINGLE = b"auditor.spec", b"auditor.shingle"


def export_sketches(index: ReferenceIndex, spec: MinHashSpec, path: Path) -> int:
    """Write one sketch per reference text; return how many.

    Raises:
        EnvironmentFault: the file cannot be written.
    """
    from datasketch import LeanMinHash

    rows = signatures_of_words(index.ngrams.bounds, index.ngrams.words, spec)
    sketches = []
    for row in rows:
        lean = LeanMinHash(to_datasketch(row, spec))
        data = bytearray(lean.bytesize())
        lean.serialize(data)
        sketches.append(bytes(data))
    keys = [index.reference_id(number) for number in range(len(index))]
    table = pa.table({"key": pa.array(keys, pa.string()), "lean": pa.array(sketches, pa.binary())})
    table = table.replace_schema_metadata({_SPEC: spec.id.encode(), _SHINGLE: str(spec.shingle).encode()})
    fix, what = "choose a writable --out", "the sketches cannot be written"
    with ParquetFile(path, table.schema, fix=fix, what=what, compression="snappy") as file:
        file.write(table)
    return len(rows)


def import_sketches(path: Path) -> LshIndex:
    """Build a near-duplicate index from a file of sketches.

    Raises:
        FingerprintError: the file is not one, or its sketches follow different or unknown specifications.
    """
    from datasketch import LeanMinHash

    try:
        table = pq.read_table(path, columns=["key", "lean"])
        metadata = table.schema.metadata or {}
        leans = [LeanMinHash.deserialize(data) for data in table["lean"].to_pylist()]
        keys = [str(key) for key in table["key"].to_pylist()]
        spec = MinHashSpec(int(metadata[_SHINGLE]), len(leans[0].hashvalues), int(leans[0].seed))
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError, IndexError) as error:
        raise FingerprintError(
            "this is not a file of MinHashes",
            where=str(path),
            fix="write one with `index export --datasketch`",
        ) from error
    if metadata.get(_SPEC) != spec.id.encode():
        raise FingerprintError(
            f"the sketches follow {metadata.get(_SPEC, b'?').decode()}, not {spec.id}", where=str(path)
        )
    rows = np.stack([from_datasketch(lean, spec) for lean in leans])
    return LshIndex.build(rows, keys, spec)
