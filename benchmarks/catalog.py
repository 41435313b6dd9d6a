"""How long the catalog takes to load, as it is and with its lists three times as long: CPU time, no imports.

    python benchmarks/catalog.py

The first load parses YAML, the next ones take what it left (`auditor/knowledge/kept.py`).
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path

import yaml

from auditor.knowledge.load import BUILT_IN, load_folders

LISTS = ("teachers", "terms", "licenses", "sets")
NAMES = ("aliases", "dpi_names", "patterns", "urls")


def main() -> None:
    """Measure both sizes, each without and with what an earlier load left."""
    with tempfile.TemporaryDirectory() as base:
        os.environ["XDG_CACHE_HOME"] = base
        os.environ.pop("NUMBA_CACHE_DIR", None)
        for times in (1, 3):
            folder = Path(base) / f"times-{times}"
            folder.mkdir()
            _write(folder, times)
            for what in ("first", "again"):
                start = time.process_time()
                found = load_folders((folder,))
                took = 1000 * (time.process_time() - start)
                print(f"{times} x, {what}: {took:6.1f} ms CPU for {len(found.teachers)} teachers")


def _write(folder: Path, times: int) -> None:
    for path in BUILT_IN.glob("*.yaml"):
        facts = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        for section in LISTS:
            listed = facts.get(section)
            if isinstance(listed, list):
                for turn in range(1, times):
                    facts[section] = facts[section] + [_copy(one, turn) for one in listed]
        (folder / path.name).write_text(yaml.dump(facts, Dumper=_Plain, sort_keys=False))


def _copy(entry: dict[str, object], turn: int) -> dict[str, object]:
    """Return an entry with another id, which no name leads to."""
    kept = {key: value for key, value in entry.items() if key not in NAMES}
    return json.loads(json.dumps({**kept, "id": f"{entry['id']}-copy{turn}"}))


class _Plain(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


if __name__ == "__main__":
    main()
