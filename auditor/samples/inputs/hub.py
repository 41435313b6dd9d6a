"""Fetch a dataset of the Hugging Face hub; only when the user has asked for the network."""

from __future__ import annotations

import re
from pathlib import Path

from auditor.errors import EnvironmentFault, InputError, UsageError

_ADDRESS = re.compile(r"^hf://(?:datasets/)?(?P<name>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+))?/?$")
_WANTED = [
    f"**{suffix}{packed}"
    for suffix in (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".arrow", ".tar")
    for packed in ("", ".gz", ".zst", ".bz2", ".xz")
] + ["**.zip", "**.tgz", "**README.md", "**LICENSE*", "**DATA_LICENSE*", "**pipeline.yaml"]


def fetch(address: str, allow_network: bool) -> Path:
    """Return a local folder with the dataset at `hf://org/name[@revision]`.

    Raises:
        UsageError: the network was not allowed.
        InputError: the address is none, or the hub does not have it.
    """
    match = _ADDRESS.match(address)
    if match is None:
        raise InputError("this is not a hub address", where=address, fix="write hf://org/name")
    if not allow_network:
        raise UsageError(
            "the hub is on the network, which was not allowed", where=address, fix="add --network"
        )
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError
    except ImportError as error:
        raise EnvironmentFault("huggingface_hub is missing", fix="pip install huggingface_hub") from error
    try:
        folder = snapshot_download(
            match["name"], repo_type="dataset", revision=match["revision"], allow_patterns=_WANTED
        )
    except (HfHubHTTPError, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise InputError(f"the hub did not give the dataset: {reason}", where=address) from error
    return Path(folder)
