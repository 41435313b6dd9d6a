"""One file of aligned arrays behind a JSON header: written whole, read by memory map, nothing unpickled.

Layout: the magic, the header's length (uint64, little-endian), the header as UTF-8 JSON, then every array at
a multiple of 64 bytes. The header names each array's type, shape and place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.errors import FingerprintError
from auditor.files import Draft, open_regular, write_faults

MAGIC = b"AUDITFP1"
_ALIGN = 64
_MAX_HEADER = 64 * 2**20
_TYPES = {"uint8", "uint16", "uint32", "uint64", "int32", "int64", "float32", "float64"}
Arrays = Mapping[str, NDArray[Any]]


def _aligned(place: int) -> int:
    return -(-place // _ALIGN) * _ALIGN


def write(path: Path, header: Mapping[str, Any], arrays: Arrays) -> None:
    """Write an index file atomically; the same header and arrays give the same bytes.

    Raises:
        EnvironmentFault: the file cannot be written.
    """
    table: dict[str, dict[str, Any]] = {}
    place = 0
    for name, array in arrays.items():
        table[name] = {"dtype": array.dtype.name, "shape": list(array.shape), "offset": place}
        place = _aligned(place + array.nbytes)
    text = json.dumps({**header, "arrays": table}, sort_keys=True, ensure_ascii=False).encode()
    start = _aligned(len(MAGIC) + 8 + len(text))
    faults = write_faults(path, "choose a writable --out", "the index cannot be written")
    with faults, Draft.beside(path, mode=0o600, durable=True) as draft:
        file = draft.file
        file.write(MAGIC + len(text).to_bytes(8, "little") + text)
        for name, array in arrays.items():
            file.seek(start + table[name]["offset"])
            file.flush()
            np.ascontiguousarray(array).tofile(file)
        file.flush()
        file.truncate(start + place)
        os.chmod(draft.path, 0o644)


def is_index_file(path: Path) -> bool:
    """Tell whether a file starts as an index file does."""
    try:
        with open_regular(path) as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def read_header(path: Path) -> tuple[dict[str, Any], int]:
    """Return the header of an index file and where its arrays start.

    Raises:
        FingerprintError: no such file, or not an index file.
    """
    try:
        with open_regular(path) as file:
            lead = file.read(len(MAGIC) + 8)
            size = int.from_bytes(lead[len(MAGIC) :], "little")
            if lead[: len(MAGIC)] != MAGIC or size > _MAX_HEADER:
                raise _broken(path, "this is not a fingerprint index")
            header = json.loads(file.read(size))
    except OSError as error:
        raise FingerprintError(
            f"the index cannot be read: {error.strerror}",
            where=str(path),
            fix="build one with `auditor index build`",
        ) from error
    except (ValueError, RecursionError) as error:
        raise _broken(path, "the header is broken") from error
    if not isinstance(header, dict) or not isinstance(header.get("arrays"), dict):
        raise _broken(path, "the header is broken")
    return header, _aligned(len(MAGIC) + 8 + size)


def read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Map the arrays of an index file, read-only.

    Raises:
        FingerprintError: the file is missing, broken, or an array does not lie within it.
    """
    header, start = read_header(path)
    whole = np.asarray(np.memmap(path, np.uint8, mode="r"))
    arrays = {}
    for name, entry in header["arrays"].items():
        try:
            kind, shape, offset = entry["dtype"], tuple(map(int, entry["shape"])), int(entry["offset"])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise _broken(path, f"array {name} is not described") from error
        if (
            not isinstance(kind, str)
            or kind not in _TYPES
            or offset < 0
            or offset % _ALIGN
            or any(side < 0 for side in shape)
        ):
            raise _broken(path, f"array {name} is not described")
        count = 1
        for side in shape:
            count *= side
        end = start + offset + count * np.dtype(kind).itemsize
        if end > whole.size:
            raise _broken(path, f"array {name} is cut short")
        arrays[name] = whole[start + offset : end].view(kind).reshape(shape)
    return header, arrays


def _broken(path: Path, what: str) -> FingerprintError:
    return FingerprintError(what, where=str(path), fix="build it again with `auditor index build`")


def typed(array: NDArray[Any], kind: str) -> bool:
    """Tell whether an array is a row of `kind`."""
    return array.dtype.name == kind and array.ndim == 1


def ladder(steps: NDArray[Any], top: int) -> bool:
    """Tell whether steps rise from 0 to `top`."""
    return bool(steps.size and steps[0] == 0 and steps[-1] == top and (steps[1:] >= steps[:-1]).all())


def pack_strings(values: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Lay strings out as UTF-8 bytes and offsets."""
    data = [value.encode() for value in values]
    offsets = np.cumsum([0, *(len(item) for item in data)], dtype=np.int64)
    return np.frombuffer(b"".join(data), np.uint8), offsets


def unpack_string(data: NDArray[np.uint8], offsets: NDArray[np.int64], at: int) -> str:
    """Return one string of `pack_strings`."""
    return bytes(data[int(offsets[at]) : int(offsets[at + 1])]).decode("utf-8", "replace")


def unpack_strings(data: NDArray[np.uint8], offsets: NDArray[np.int64], at: NDArray[np.int64]) -> list[str]:
    """Return many strings of `pack_strings` at once, in the order asked for."""
    begins, ends = np.clip(offsets[at], 0, data.size), np.clip(offsets[at + 1], 0, data.size)
    lengths = np.maximum(ends - begins, 0)
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    places = np.repeat(begins - bounds[:-1], lengths) + np.arange(bounds[-1])
    whole = data[places].tobytes()
    pairs = pairwise(bounds.tolist())
    if whole.isascii():
        text = whole.decode("ascii")
        return [text[begin:end] for begin, end in pairs]
    return [whole[begin:end].decode("utf-8", "replace") for begin, end in pairs]
