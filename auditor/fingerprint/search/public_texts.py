"""Texts that are nobody's own: licenses, well-known works, boilerplate, known by their 8-grams alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa

from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint.search.public_marks import PLACE_BITS, PRINT_BITS, list_keys, mark_known
from auditor.fingerprint.search.reference_index import ReferenceIndex, open_index
from auditor.fingerprint.tokens.chunks import chunks
from auditor.fingerprint.tokens.words import I64, U8, U32, U64, scan
from auditor.ids import digest_of, hex_of

SHIPPED = "public_texts.npz"
_EVERY = np.uint64(2**64 - 1)
_KEPT = 64 - PLACE_BITS - PRINT_BITS
_FORM = "auditor.public/1"


@dataclass(frozen=True, slots=True)
class PublicTexts:
    """The 8-grams of public texts, by the top bits of their keys: which text has one is not kept.

    Attributes:
        name: what it is called in reports and matches.
        version: of the shipped ones; the digest's first digits of others.
        digest: `sha256:…` over the sorted keys.
        directory: uint32[2**PLACE_BITS + 1], prints: uint32[G].
    """

    name: str
    version: str
    digest: str
    directory: U32
    prints: U32

    def __len__(self) -> int:
        """Return the number of 8-grams."""
        return int(self.prints.size)

    def mark(self, rows: I64, bounds: I64, words: U32, marks: U8) -> U8:
        """Set the marks of the words of some texts that stand in a public text; tell which have any."""
        held = np.zeros(rows.size, np.uint8)
        mark_known(rows, bounds, words, self.directory, self.prints, marks, held)
        return held

    @classmethod
    def of_keys(cls, keys: U64, name: str, version: str = "") -> PublicTexts:
        """Wrap sorted, distinct keys of `PLACE_BITS + PRINT_BITS` bits."""
        digest = digest_of(keys.astype("<u8").tobytes())
        places = keys >> np.uint64(PRINT_BITS)
        directory = np.searchsorted(places, np.arange((1 << PLACE_BITS) + 1, dtype=np.uint64))
        prints = (keys & np.uint64((1 << PRINT_BITS) - 1)).astype(np.uint32)
        return cls(name, version or hex_of(digest)[:12], digest, directory.astype(np.uint32), prints)

    @classmethod
    def of_index(cls, index: ReferenceIndex, name: str) -> PublicTexts:
        """Take the texts of an index.

        Raises:
            UsageError: the index does not keep the words of its texts.
        """
        grams = index.ngrams
        if not len(grams):
            raise UsageError(
                "a public index needs the words of its texts",
                where=str(index.path) if index.path else None,
                fix="build it with --lanes ngrams",
            )
        return cls.of_keys(short_keys(grams.bounds, grams.words), name)


def short_keys(bounds: I64, words: U32) -> U64:
    """Return the sorted, distinct keys of all 8-grams of texts, of `PLACE_BITS + PRINT_BITS` bits."""
    keys = np.empty(words.size, np.uint64)
    list_keys(bounds, words, keys)
    found: U64 = np.unique(keys[keys != _EVERY] >> np.uint64(_KEPT))
    return found


def keys_of(texts: Iterable[str]) -> U64:
    """Return the keys of texts, as `short_keys`."""
    found: list[U64] = [np.zeros(0, np.uint64)]
    for _, part in chunks(pa.array(texts, pa.large_string())):
        words = scan(part)
        found.append(short_keys(words.bounds, words.ids))
    joined: U64 = np.unique(np.concatenate(found))
    return joined


def packed(keys: U64, version: str) -> bytes:
    """Return the file of `shipped`: the steps from key to key, a byte of all of them after another."""
    steps = np.diff(keys, prepend=np.uint64(0)).astype("<u8")
    planes = np.ascontiguousarray(steps.view(np.uint8).reshape(-1, 8)[:, : (PLACE_BITS + PRINT_BITS) // 8].T)
    facts = json.dumps({"form": _FORM, "version": version}, sort_keys=True).encode()
    file = BytesIO()
    np.savez_compressed(file, planes=planes, facts=np.frombuffer(facts, np.uint8))
    return file.getvalue()


def unpacked(data: bytes, name: str) -> PublicTexts:
    """Read what `packed` wrote.

    Raises:
        FingerprintError: it is something else.
    """
    try:
        with np.load(BytesIO(data), allow_pickle=False) as file:
            planes, facts = file["planes"], json.loads(file["facts"].tobytes())
        if facts["form"] != _FORM or planes.dtype != np.uint8 or planes.ndim != 2:
            raise ValueError("form")
        steps = np.zeros((planes.shape[1], 8), np.uint8)
        steps[:, : planes.shape[0]] = planes.T
        keys = np.cumsum(steps.view("<u8").ravel(), dtype=np.uint64)
        return PublicTexts.of_keys(keys, name, str(facts["version"]))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise FingerprintError("the shipped public texts are broken", fix="reinstall auditor") from error


@cache
def shipped() -> PublicTexts:
    """Open the public texts shipped with the program, once a process."""
    return unpacked(resources.files(__package__).joinpath(SHIPPED).read_bytes(), "shipped")


def open_teachers(path: Path) -> ReferenceIndex:
    """Open an index of teachers' texts.

    Raises:
        FingerprintError: missing or broken.
        UsageError: the index was built with `--public`: its texts are evidence of no teacher.
    """
    index = open_index(path)
    if index.public:
        raise UsageError(
            "the index is marked as public: its texts are no teacher's",
            where=str(path),
            fix="name it by --public, beside an --index of teachers",
        )
    return index


def open_public(path: Path) -> PublicTexts:
    """Open an index that was built with `--public`.

    Raises:
        FingerprintError: missing or broken.
        UsageError: the index holds a teacher's texts.
    """
    index = open_index(path)
    if not index.public:
        raise UsageError(
            "the index is not marked as public",
            where=str(path),
            fix="build it with `auditor index build --public`, or search it by --index",
        )
    return PublicTexts.of_index(index, path.stem)
