# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernel that hashes runs of tokens so that new names change nothing.

Where names are blind, one stands for how long ago the run had it: `a[i] = b[i]` and `x[j] = y[j]` are one
run, `a[i] = b[j]` is another. A run of few operators and reserved words, such as a list of literals or a line
of prose, is not hashed.
"""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.code.symbols import BREAK, FIRST_NAME, NUMBER, STRING
from auditor.fingerprint.tokens.machine import fold_multiply
from auditor.fingerprint.tokens.reference import K0, K1
from auditor.jit.compile import RO_I64, RO_U16, kernel, part

RUN = 12
"""Tokens of a run."""
_LEAST_SIGNS = 3
_COMMA = 44
_NAMED, _LITERAL = 1 << 20, 1 << 21
_u64 = np.uint64
_K0, _K1 = _u64(K0), _u64(K1)


@part
def _count_back(symbols, begin, end, last, back):
    """Write for every name how many tokens ago its text had it, 0 where it did not."""
    for at in range(begin, end):
        symbol = np.int64(symbols[at])
        if symbol >= FIRST_NAME:
            before = last[symbol]
            back[at] = at - before if before >= begin else 0
            last[symbol] = at


@part
def _run_key(symbols, values, back, at, view, named):
    """Return the hash of the run at `at`, 0 for one that says little."""
    key = _K0 ^ _u64(view)
    signs, names = 0, 0
    for k in range(at, at + RUN):
        symbol = np.int64(symbols[k])
        if symbol >= FIRST_NAME:
            age = back[k] if back[k] <= k - at else 0
            symbol = _NAMED + np.int64(values[k]) if named else FIRST_NAME + age
            names += 1
        elif NUMBER <= symbol <= STRING:
            symbol = _LITERAL * symbol + np.int64(values[k])
        elif symbol != _COMMA:
            signs += 1
        key = fold_multiply(key ^ _u64(symbol), _K1)
    return key if signs >= _LEAST_SIGNS and names > 0 else _u64(0)


@kernel(f"void({RO_I64}, {RO_U16}, {RO_U16}, int64, boolean, uint64[::1])")
def hash_runs(bounds, symbols, values, view, named, keys):
    """Write the hash of the run that begins at every token, 0 where none does or it says little.

    Args:
        bounds, symbols, values: the tokens of texts.
        view: what tells the hashes of one view of the tokens from those of another.
        named: whether names count by what they are.
    """
    most = 0
    for at in range(symbols.size):
        most = max(most, np.int64(symbols[at]))
    last, back = np.full(most + 1, -1, np.int64), np.zeros(symbols.size, np.int64)
    keys[:] = 0
    for text in range(bounds.size - 1):
        begin, end = bounds[text], bounds[text + 1]
        _count_back(symbols, begin, end, last, back)
        broken = begin - 1
        for stop in range(begin + 1, end + 1):
            if symbols[stop - 1] == BREAK:
                broken = stop - 1
            at = stop - RUN
            if at > broken:
                keys[at] = _run_key(symbols, values, back, at, view, named)
