"""Row and dataset digests: what must be equal, what must differ, what must be refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.canonical import MAX_DEPTH, Typed, canonical, encode, number, parse_canonical
from auditor.digest import (
    DatasetDigest,
    RowError,
    dataset_digest,
    digest_json,
    parse_row,
    row_digest,
    verify_inclusion,
)


def digest(raw: str) -> str:
    return digest_json(raw.encode())[0].hex()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a":1,"b":2}', '{ "b" : 2, "a" : 1 }'),
        ('{"a":1}', '{"a":1.0}'),
        ('{"a":0}', '{"a":-0.0}'),
        ('{"a":100}', '{"a":1e2}'),
        ('{"a":"x"}', '{"a":"\\u0078"}'),
        ('{"a":"x","b":null}', '{"a":"x"}'),
        ('{"a":{"b":null,"c":[{"d":null}]}}', '{"a":{"c":[{}]}}'),
        ('{"a":1e21}', '{"a":1.0E+21}'),
    ],
)
def test_same_row_written_otherwise_has_the_same_digest(one: str, other: str) -> None:
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a":1}', '{"a":"1"}'),
        ('{"a":1}', '{"a":true}'),
        ('{"a":[]}', "{}"),
        ('{"a":{}}', "{}"),
        ('{"a":[null]}', '{"a":[]}'),
        ('{"a":"\u00e9"}', '{"a":"e\u0301"}'),
        ('{"a":9007199254740993}', '{"a":9007199254740992}'),
        ('{"a":123456789012345678901234567890}', '{"a":123456789012345678901234567891}'),
        ('{"a":"b "}', '{"a":"b"}'),
        ('{"a":[1,2]}', '{"a":[2,1]}'),
    ],
)
def test_different_rows_have_different_digests(one: str, other: str) -> None:
    assert digest(one) != digest(other)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"a":1,"a" :2}',
        b'{"a":1,"a"\n:2}',
        b'{"a\\\\":1,"a\\\\":2}',
        b'{"x":{"a\\\\":1},"x":2}',
        b'{"a":1,"\\u0061":2}',
        b'{"t":"say \\": \\":","t":""}',
        b'{"o":[{"k":1,"k":1}]}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e400}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\udc00\\ud800"}',
        b'{"a":"\xff"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":01}',
        b'{"a":1}}',
        b'{"a":"b\nc"}',
        b'["a"]',
        b'"a"',
        b"null",
        b"",
        b'{"a":' + b"1" * 5000 + b"}",
        b'{"a":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}",
    ],
)
def test_rows_without_one_meaning_are_refused(raw: bytes) -> None:
    with pytest.raises(RowError):
        digest_json(raw)
    with pytest.raises(RowError):
        parse_row(raw)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {1: 2}, {1, 2}, object()])
def test_python_values_without_canonical_form_are_refused(value: object) -> None:
    with pytest.raises(RowError):
        row_digest({"a": value})


def test_an_error_does_not_repeat_the_row() -> None:
    with pytest.raises(RowError) as caught:
        digest_json(b'{"secret-key": "secret text" "more"}')
    assert "secret" not in str(caught.value)


def test_typed_values_equal_no_json_value_and_not_each_other() -> None:
    moment = dt.datetime(2025, 3, 4, 5, 6, 7, 8)
    values = [
        moment,
        moment.replace(tzinfo=dt.UTC),
        moment.date(),
        moment.time(),
        dt.timedelta(days=1),
        Decimal("1.5"),
        b"1.5",
        Typed("float32", "1.5"),
        1.5,
        "1.5",
        moment.isoformat(),
        str(moment.date()),
        "!decimal:1.5",
        "!float32:1.5",
    ]
    assert len({row_digest({"v": value}) for value in values}) == len(values)


def test_the_same_instant_in_two_zones_is_one_value() -> None:
    utc = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)
    assert canonical(utc) == canonical(utc.astimezone(dt.timezone(dt.timedelta(hours=5))))


def test_keys_are_sorted_by_utf16_code_units() -> None:
    row = {"\U0001f600": 1, "\ufb33": 2, "é": 3, "a": 4}
    assert encode(row) == '{"a":4,"é":3,"😀":1,"\ufb33":2}'.encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (123456789012345680000.0, "123456789012345680000"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (1.5e-7, "1.5e-7"),
        (-5e-324, "-5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (0.1, "0.1"),
        (333333333.33333329, "333333333.3333333"),
    ],
)
def test_numbers_are_written_as_ecmascript_does(value: float, text: str) -> None:
    assert number(value) == text


def test_orjson_escapes_every_character_as_rfc_8785_does() -> None:
    every = "".join(chr(code) for code in range(0x11000) if not 0xD800 <= code < 0xE000)
    assert orjson.dumps({"a": every}) == canonical({"a": every})


def test_dataset_digest_knows_duplicates_and_no_order() -> None:
    rows = [row_digest({"n": n}) for n in range(7)]
    assert dataset_digest(rows) == dataset_digest(reversed(rows))
    assert dataset_digest(rows) != dataset_digest([*rows, rows[0]])
    assert dataset_digest(rows) != dataset_digest(rows[1:])
    left, right = DatasetDigest(), DatasetDigest()
    left.extend(rows[:3])
    right.extend(rows[3:])
    left.merge(right)
    assert left.hexdigest() == dataset_digest(rows)


def test_empty_dataset_has_the_empty_tree() -> None:
    assert DatasetDigest().root() == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 33])
def test_every_row_has_a_proof_and_no_other_row_does(size: int) -> None:
    gathered = DatasetDigest()
    rows = [row_digest({"n": n}) for n in range(size)]
    gathered.extend(rows)
    root = gathered.root()
    for row in rows:
        proof = gathered.prove(row)
        assert verify_inclusion(row, proof, root)
        assert not verify_inclusion(row_digest({"n": -1}), proof, root)
    with pytest.raises(KeyError):
        gathered.prove(row_digest({"n": -1}))


def test_golden_digests_do_not_move() -> None:
    """A changed digest voids every permit ever signed: these may never change."""
    rows = [
        '{"instruction":"Name a prime.","input":"","output":"Seven.","score":4.50,"model":null}',
        '{"messages":[{"role":"user","content":"Grüße 😀"},{"content":"ok\\n\\u001b","role":"assistant"}]}',
        '{"big":12345678901234567890123,"small":1e-9,"list":[null,{},[],{"x":null}],"true":true}',
    ]
    assert [digest(row) for row in rows] == GOLDEN
    assert dataset_digest(bytes.fromhex(value) for value in GOLDEN) == GOLDEN_ROOT


GOLDEN = [
    "1a412fa40b6be64ddd031cab8d86f200c81729a2db4362f7d5bbe246d628af97",
    "892e80bd7ddec3001d621f3b50a26efea703e28b0c424d732715d56a693f55cc",
    "b67b4a65160f4e07117a8a1a386dc5be3ae08ae574ef52bf57a67421efd43445",
]
GOLDEN_ROOT = "1d3307eb9b650cf579333261c3763d6d23fa1ce8b5478ee55d99131b5f18745d"


def test_import_is_light() -> None:
    code = "import sys, json, auditor.digest; print(json.dumps(sorted(sys.modules)))"
    modules = json.loads(subprocess.check_output([sys.executable, "-c", code]))
    assert not {"numpy", "pyarrow", "numba", "sqlmodel"} & set(modules)


doubles = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, 1e-7, 1e-6, 1e-5, 1e-4, 0.3, 4.0, 1e15, 1e16, 1e17, 2.0**53, 1e20, 1e21, 1e22, 5e-324, -7.0]
)
scalars = st.none() | st.booleans() | st.integers() | doubles | st.text()
names = st.text() | st.sampled_from(["a", "b", '"', "\\", "\ufb33", "\U0001f600", ":null", "e"])
values = st.recursive(
    scalars | st.lists(doubles),
    lambda inner: st.lists(inner) | st.dictionaries(names, inner),
    max_leaves=12,
)
rows = st.dictionaries(names, values)


@given(rows, st.booleans())
def test_the_fast_path_writes_what_the_exact_one_does(row: dict[str, object], ascii_only: bool) -> None:
    raw = json.dumps(row, ensure_ascii=ascii_only).encode()
    parsed, form = parse_canonical(raw)
    assert parsed == row
    assert form == canonical(row) == encode(row)


@given(
    rows,
    st.sampled_from(['"a"', '"\\u0061"']),
    st.sampled_from(["1", "null", '"\\u0022"', '"\\""', "{}"]),
    rows,
)
def test_a_key_that_comes_twice_is_always_refused(
    row: dict[str, object], key: str, value: str, inner: dict[str, object]
) -> None:
    row.pop("a", None)
    members = [json.dumps(name) + ":" + json.dumps(item) for name, item in row.items()]
    raw = "{" + ",".join([f"{key}:{value}", *members, f'"a":{json.dumps(inner)}']) + "}"
    for text in (raw, f'{{"x":[{raw}]}}'):
        with pytest.raises(RowError):
            digest_json(text.encode())
