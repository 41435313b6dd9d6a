"""The runs of code that everybody writes alike: textbook algorithms, which are evidence for nobody.

The snippets are our own, in the usual forms; names do not matter. They count in an index as prompts do.
"""

from __future__ import annotations

from importlib import resources

import numpy as np
import pyarrow as pa

from auditor.fingerprint.code.tokens import scan
from auditor.fingerprint.code.triage import WHOLE
from auditor.fingerprint.code.views import runs_of
from auditor.fingerprint.tokens.words import U64

_RULE = "\n%%\n"


def snippets() -> list[str]:
    """Return the snippets."""
    text = resources.files(__package__).joinpath("commonplace.txt").read_text("utf-8")
    return text.strip("\n").split(_RULE)


def commonplace() -> U64:
    """Return the hashes of all their runs, sorted."""
    found = pa.array(snippets(), pa.large_string())
    tokens = scan(found, np.full(len(found), WHOLE, np.uint8))
    return np.unique(np.concatenate([runs.keys for runs in runs_of(tokens)]))
