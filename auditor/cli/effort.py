"""What a command spares: kernels for little data, told before they are imported, and other libraries."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from typing import Any

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


def without_pandas(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command start Arrow without pandas, which it loads for any list where it is installed.

    Frames are asked for by nobody here but parts of other packages; what needs pandas itself still finds it.
    """

    @functools.wraps(command)
    def spared(*given: Any, **named: Any) -> Any:
        if "pandas" not in sys.modules:
            from auditor.hidden import hidden

            with hidden("pandas"):
                import pyarrow as pa

                pa.array([0])
        return command(*given, **named)

    return spared
