"""How much a command has to read, told before the kernels are imported."""

from __future__ import annotations

from collections.abc import Sequence

_UNPACKED = 64
"""A packed file may hold so many times its size."""
_PLAIN = frozenset((".jsonl", ".ndjson", ".json", ".csv", ".tsv"))


def spare_kernels(data: Sequence[str]) -> None:
    """Run the kernels as plain Python where the data is little; both ways give the same."""
    from auditor.errors import AuditorError
    from auditor.jit.choice import spare_for
    from auditor.samples.inputs.sources import find_files
    from auditor.samples.readers.stored import name_of_stored, packing_of, size_of

    if any(argument.startswith("hf://") for argument in data):
        return
    total = 0
    try:
        for file in find_files(data):
            plain = name_of_stored(file.stored).suffix.lower() in _PLAIN and packing_of(file.stored) is None
            total += size_of(file.stored) * (1 if plain else _UNPACKED)
    except (AuditorError, OSError):
        return  # who reads it says what is wrong
    spare_for(total)
