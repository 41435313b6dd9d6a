"""Build the shipped public texts: their fingerprints alone, the same from the same sources.

    python public/build.py LICENSES --version 2026.11.27

LICENSES is `licensedcode/data/licenses` of the package `licensedcode-data` (`public/README.md`); of it the
texts with an SPDX name are taken. The other texts lie beside this file.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from auditor.fingerprint.search import public_texts

HERE = Path(__file__).parent
TARGET = Path(public_texts.__file__).with_name(public_texts.SHIPPED)
MOST_BYTES = 2_000_000
_LONGEST = 60_000
_FACT = re.compile(r"[a-z_]+: ")
_OPEN = {"Permissive", "Public Domain", "Copyleft", "Copyleft Limited", "CLA", "Source-available"}


def own_texts() -> Iterator[str]:
    """Yield the texts of the files beside this one."""
    for path in sorted(HERE.glob("*.txt")):
        for text in path.read_text(encoding="utf-8").split("\n### ")[1:]:
            yield text.partition("\n")[2]


def license_texts(folder: Path) -> Iterator[str]:
    """Yield the license texts that have an SPDX name, in the order of their keys."""
    for path in sorted(folder.glob("*.LICENSE")):
        facts, _, text = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
        said = dict(line.split(": ", 1) for line in facts.splitlines() if _FACT.match(line))
        name = said.get("spdx_license_key", "LicenseRef-")
        known = not name.startswith("LicenseRef-") and said.get("category") in _OPEN
        if known and said.get("language", "en") == "en" and len(text) <= _LONGEST:
            yield text


def main() -> None:
    """Write the file of the package."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("licenses", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    texts = [*own_texts(), *license_texts(options.licenses)]
    keys = public_texts.keys_of(texts)
    data = public_texts.packed(keys, options.version)
    if len(data) > MOST_BYTES:
        sys.exit(f"{len(data):,} bytes are more than {MOST_BYTES:,}")
    options.out.write_bytes(data)
    sys.stdout.write(f"{len(texts):,} texts, {len(keys):,} 8-grams, {len(data):,} bytes in {options.out}\n")


if __name__ == "__main__":
    main()
