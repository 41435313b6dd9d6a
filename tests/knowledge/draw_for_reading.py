"""Draw verified entries to be read again: `python -m tests.knowledge.draw_for_reading SEED COUNT`.

A third argument names another `terms.yaml`, as `git show COMMIT:auditor/knowledge/data/terms.yaml` gives it.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from auditor.strict_yaml import parse

SHIPPED = Path(__file__).parents[2] / "auditor/knowledge/data/terms.yaml"


def drawn(seed: int, count: int, terms: Path = SHIPPED) -> list[str]:
    """Return `count` ids in the order drawn, from the sorted ids of the entries that are called verified."""
    entries = parse(terms.read_text(encoding="utf-8"), terms.name).data["terms"]
    verified = sorted(one["id"] for one in entries if one["confidence"] == "verified-from-text")
    return random.Random(seed).sample(verified, count)


if __name__ == "__main__":
    given = Path(sys.argv[3]) if len(sys.argv) > 3 else SHIPPED
    sys.stdout.write("\n".join(drawn(int(sys.argv[1]), int(sys.argv[2]), given)) + "\n")
