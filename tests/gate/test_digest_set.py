from __future__ import annotations

import pickle
import random

from auditor.gate.digest_set import DigestSet


def test_it_holds_what_a_plain_set_holds() -> None:
    chance = random.Random(7)
    digests = [chance.randbytes(32) for _ in range(3000)] + [bytes(32), b"\xff" * 32, bytes(31) + b"\x01"]
    held = DigestSet(b"".join(sorted(digests + digests[:100])))
    assert len(held) == len(set(digests))
    assert set(held) == set(digests)
    assert all(digest in held for digest in digests)
    near = [digest[:31] + bytes([digest[31] ^ 1]) for digest in digests[:500]]
    assert [digest in held for digest in near] == [digest in set(digests) for digest in near]
    for other in (b"", bytes(31), bytes(33), None, "0" * 32):
        assert other not in held
    assert pickle.loads(pickle.dumps(held)) == held == frozenset(digests)


def test_it_compares_and_joins_as_sets_do() -> None:
    one, two, three = (bytes([n]) * 32 for n in (1, 2, 3))
    held = DigestSet(one + two)
    assert frozenset([one]) <= held <= DigestSet(one + two)
    assert not held <= frozenset([one])
    assert not frozenset([three]) <= held
    assert held | {three} == frozenset([one, two, three])
    assert list(DigestSet(b"")) == []
    assert one not in DigestSet(b"")
