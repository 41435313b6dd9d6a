"""Label texts: what a file's metadata, or a saved dataset's, gives to the numbers in its rows.

They are in no row and so in no row digest, yet a trainer may learn them: `ClassLabel(names=[…])` in the
metadata that Hugging Face's `datasets` writes into Parquet and Arrow, and in `dataset_info.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.canonical import content_digest
from auditor.errors import UnreadableInputError
from auditor.ids import Digest
from auditor.samples.readers.formats import sniff
from auditor.samples.readers.stored import Stored

Labels = dict[str, list[str]]
"""Label texts by column."""
_DEEPEST = 64
_KEY = b"huggingface"


def labels_digest(labels: Mapping[str, list[str]]) -> Digest:
    """Return the digest of label texts; the order of the columns does not count."""
    return content_digest(dict(labels))


def feature_labels(features: Any) -> Labels:
    """Return the label texts in features, as `datasets` writes them in JSON.

    Args:
        features: `{column: {"_type": "ClassLabel", "names": […]}}`, lists and objects of such too.
    """
    found: Labels = {}
    left: list[tuple[str, Any, int]] = [("", features, 0)]
    while left:
        path, value, depth = left.pop()
        if isinstance(value, list):
            left += [(path, item, depth + 1) for item in value if depth < _DEEPEST]
        elif isinstance(value, Mapping) and depth < _DEEPEST:
            names = value.get("names")
            if isinstance(names, Mapping) and all(str(key).isdecimal() for key in names):
                names = list(names.values())
            if value.get("_type") == "ClassLabel" or _is_texts(names):
                while path in found:
                    path += "'"
                found[path] = [str(text) for text in names] if isinstance(names, list) else []
            else:
                left += [(_below(path, key), item, depth + 1) for key, item in value.items()]
    return {path: names for path, names in found.items() if names}


def _is_texts(names: Any) -> bool:
    return isinstance(names, list) and bool(names) and all(isinstance(name, str) for name in names)


def _below(path: str, key: Any) -> str:
    # How a list is written down (`feature`, `Sequence`, `List`) is not the column's name.
    if path and key in ("feature", "_type", "length", "dtype", "id"):
        return path
    return f"{path}.{key}" if path else str(key)


def saved_labels(info: Any) -> Iterator[Labels]:
    """Yield the label texts of `dataset_info.json`, or of each configuration in `dataset_infos.json`."""
    if not isinstance(info, Mapping):
        return
    every = [info] if isinstance(info.get("features"), Mapping | list) else list(info.values())
    for one in every:
        features = one.get("features") if isinstance(one, Mapping) else None
        if labels := feature_labels(features):
            yield labels


def file_labels(stored: Stored) -> Labels:
    """Return the label texts in a Parquet or Arrow file's metadata; none where it cannot be read."""
    try:
        if not sniff(stored).columnar:
            return {}
        from auditor.samples.readers.columnar import read_schema

        return schema_labels(read_schema(stored))
    except (UnreadableInputError, OSError):
        # Its rows cannot be read either, and that is said there.
        return {}


def schema_labels(schema: Any) -> Labels:
    """Return the label texts in an Arrow schema's metadata."""
    raw = (schema.metadata or {}).get(_KEY)
    try:
        info = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        return {"": [(raw or b"").decode("utf-8", "replace")]}
    inner = info.get("info") if isinstance(info, Mapping) else None
    return feature_labels(inner.get("features") if isinstance(inner, Mapping) else None)


def dataset_labels(rows: object) -> Labels:
    """Return the label texts that a `datasets.Dataset` gives to its rows, or the one that a loader reads."""
    for holder in (rows, getattr(rows, "dataset", None)):
        features = getattr(holder, "features", None)
        to_dict = getattr(features, "to_dict", None)
        if callable(to_dict):
            return feature_labels(to_dict())
    return {}
