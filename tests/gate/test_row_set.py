from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from auditor.attest.row_list import RowList
from auditor.digest import DatasetDigest
from auditor.gate.row_set import NAMED, compare
from auditor.samples.rows import DigestRun


@pytest.mark.parametrize("seed", range(8))
def test_rows_are_compared_as_multisets(seed: int) -> None:
    chance = random.Random(seed)
    pool = [bytes(31) + bytes([at]) for at in range(0, 20, 2)] + [bytes([at]) + bytes(31) for at in range(9)]
    listed = [(f"a#{at}", chance.choice(pool)) for at in range(chance.randrange(60))]
    there = [chance.choice([*pool, chance.randbytes(32), bytes(31) + b"\x05"]) for _ in range(50)]
    runs = [DigestRun("b", range(at, at + 7), b"".join(there[at : at + 7])) for at in range(0, 49, 7)]
    permitted, given = Counter(digest for _, digest in listed), Counter(there[:49])
    foreign, missing = compare(runs, RowList.of(listed))
    assert foreign.count == (given - permitted).total()
    assert missing.count == (permitted - given).total()
    assert len(missing.first) == min(missing.count, NAMED)
    assert all(dict(listed)[name] in permitted - given for name in missing.first)
    assert all(there[int(name[2:])] in given - permitted for name in foreign.first)


def test_nothing_differs_between_equal_sets() -> None:
    rows = [(f"a#{at}", bytes([at // 2]) * 32) for at in range(40)]
    run = DigestRun("a", range(40), b"".join(digest for _, digest in reversed(rows)))
    foreign, missing = compare([run], RowList.of(rows))
    assert (foreign.count, missing.count) == (0, 0)


def test_a_list_that_changes_meanwhile_is_an_error_of_its_own() -> None:
    from auditor.errors import EvidenceError

    def pieces(drop: int) -> Iterator[bytes]:
        yield RowList.of([(f"a#{at}", bytes([at]) * 32) for at in range(3 - drop)]).dump()

    whole = RowList.of([(f"a#{at}", bytes([at]) * 32) for at in range(3)])
    for drop in (-1, 1):
        with pytest.raises(EvidenceError, match="changed while it was read"):
            list(RowList(whole.run, lambda drop=drop: pieces(drop)).ids)


def test_the_root_of_a_list_is_that_of_the_gathered_rows() -> None:
    rows = [(str(at), random.Random(at).randbytes(32)) for at in range(9000)]
    gathered = DatasetDigest()
    gathered.extend(digest for _, digest in rows)
    assert RowList.of(rows).root() == gathered.digest()
