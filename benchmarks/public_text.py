"""Count how often public text, quoted by teachers in an index, is called a copy.

    python benchmarks/public_text.py INDEX.parquet QUERIES.parquet [--texts ROWS.jsonl] [--size 3000]

INDEX has text and teacher; SIZE texts of all its teachers are indexed, and as many teachers as a line says
quote each public text in an answer of theirs. QUERIES gives human essays (kind neg_human). Public texts are
those of ROWS, and twenty docstrings of Python's library, none of which is shipped as public.
"""

from __future__ import annotations

import argparse
import importlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.engine.providers import provider_of
from auditor.fingerprint.search.detect import detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.public_passages import Publics
from auditor.fingerprint.search.public_texts import PublicTexts, keys_of, shipped
from auditor.fingerprint.search.thresholds import calibrated
from auditor.knowledge.load import load_knowledge

MODULES = (
    *("argparse", "bisect", "calendar", "cmd", "codecs", "configparser", "copy", "datetime", "decimal"),
    *("difflib", "doctest", "fnmatch", "fractions", "getopt", "heapq", "imaplib", "inspect", "io", "locale"),
    *(
        "logging",
        "mailbox",
        "optparse",
        "pdb",
        "pickle",
        "platform",
        "plistlib",
        "profile",
        "pprint",
        "queue",
    ),
    *("quopri", "random", "re", "sched", "select", "shelve", "shlex", "smtplib", "socket", "statistics"),
    *("string", "tarfile", "textwrap", "threading", "tokenize", "trace", "turtle", "typing", "unittest"),
    *("uuid", "weakref", "zipapp", "pickletools", "imghdr", "ssl", "tempfile", "zipfile", "csv", "gettext"),
)
NOTHING = PublicTexts.of_keys(np.zeros(0, np.uint64), "nothing")


def docstrings(count: int) -> list[str]:
    """Return docstrings of 60 to 600 words."""
    texts = [importlib.import_module(name).__doc__ or "" for name in MODULES]
    return [text for text in texts if 60 <= len(text.split()) <= 600][:count]


def witnesses(teachers: list[str], count: int, publics: Publics) -> list[str]:
    """Return so many teachers, of different providers first."""
    first = {publics.provider_of(name) or name: name for name in reversed(teachers)}
    return [*first.values(), *(name for name in teachers if name not in first.values())][:count]


def main() -> None:
    """Print the verdicts on public texts, alone and in essays, by how many teachers quote them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--size", type=int, default=3000)
    options = parser.parse_args()
    table = pq.read_table(options.index, columns=["text", "teacher"])
    table = table.take(pa.array(range(0, len(table), max(1, len(table) // options.size))))
    queries = pq.read_table(options.queries, columns=["text", "kind"]).to_pylist()
    essays = [row["text"] for row in queries if row["kind"] == "neg_human"]
    lines = options.texts.read_text().splitlines() if options.texts else []
    texts = [*(json.loads(line)["text"] for line in lines), *docstrings(20)]
    named = provider_of(load_knowledge(None))
    teachers = sorted(set(table["teacher"].to_pylist()))
    for count in (1, 3, 10, len(teachers)):
        chosen = witnesses(teachers, count, Publics((NOTHING,), named))
        builder = IndexBuilder()
        builder.add(table["text"], table["teacher"].to_pylist(), [str(row) for row in range(len(table))])
        for teacher in chosen:
            quoted = [
                f"Certainly! Here is the text you asked for:\n\n{text}\n\nThat is all." for text in texts
            ]
            builder.add(
                pa.array(quoted), [teacher] * len(texts), [f"{teacher}#{k}" for k in range(len(texts))]
            )
        index = calibrated(builder.build())
        rows = [*texts, *(f"{essays[k]}\n\n{text}\n\n{essays[-k - 1]}" for k, text in enumerate(texts))]
        held = PublicTexts.of_keys(keys_of(texts), "theirs")
        for label, known in (("", (shipped(),)), (" and a public index of them", (shipped(), held))):
            found = detect(index, pa.array(rows), publics=Publics(known, named))["verdict"].to_pylist()
            alone, inside = Counter(found[: len(texts)]), Counter(found[len(texts) :])
            print(f"{count} teachers{label}: alone {dict(alone)}, in an essay {dict(inside)}", flush=True)


if __name__ == "__main__":
    main()
