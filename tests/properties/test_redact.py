"""Secrets do not outlive redaction, and what holds none is left as it is."""

from __future__ import annotations

import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.redact import HIDDEN, redact, redact_command

SECRET = st.text(string.ascii_letters + string.digits + "!$*()_-+.", min_size=12, max_size=40).map(
    lambda text: f"Z9{text}"
)
ANY = st.text(string.printable.strip() + "äß€", min_size=12, max_size=40).map(lambda text: f"Z9{text}")
NAMES = st.sampled_from(["token", "access_token", "password", "api_key", "X-Amz-Signature", "sig", "TOKEN"])


@given(ANY, st.sampled_from(["postgresql", "postgres", "postgresql+psycopg", "https", "hf", "s3", "redis"]))
def test_a_password_in_a_url_is_hidden(secret: str, scheme: str) -> None:
    shown = redact(f"see {scheme}://user:{quote(secret, safe='')}@host:5432/name?rows=x")
    assert quote(secret, safe="") not in shown
    assert shown == f"see {scheme}://user:{HIDDEN}@host:5432/name?rows=x"


@given(SECRET, NAMES)
def test_a_secret_member_of_a_query_is_hidden(secret: str, name: str) -> None:
    shown = redact(f"https://host/a.jsonl?part=1&{name}={secret}&rows=2")
    assert secret not in shown
    assert shown == f"https://host/a.jsonl?part=1&{name}={HIDDEN}&rows=2"


@given(SECRET, st.sampled_from(["https", "http", "hf"]))
def test_a_name_that_stands_alone_before_a_host_is_hidden(secret: str, scheme: str) -> None:
    assert secret not in redact(f"{scheme}://{secret}@host/x")


@given(st.text(string.ascii_letters + string.digits, min_size=20, max_size=40))
def test_tokens_are_known_by_their_beginning(rest: str) -> None:
    for start in ("hf_", "ghp_", "github_pat_", "glpat-", "sk-", "xoxb-", "AKIA"):
        assert rest not in redact_command(["auditor", "audit", f"hf://org/x/{start}{rest}", f"{start}{rest}"])


@given(st.text(string.ascii_letters + string.digits + "-_", min_size=35, max_size=40))
def test_more_services_tokens_are_known_in_names_of_files(rest: str) -> None:
    for start in ("AIza", "sk-proj-", "gsk_", "sk_live_", "xapp-", "ya29.", f"eyJhbGciOi.{rest}."):
        secret = f"{start}{rest}"
        for name in (f"{secret}.jsonl", f"data/{secret}/a.jsonl#7", f"rows_{secret}.parquet"):
            assert rest not in redact(name)


@given(ANY)
def test_redaction_is_done_once(secret: str) -> None:
    shown = redact(f"postgresql://u:{secret}@h/d password={secret}")
    assert redact(shown) == shown


@pytest.mark.parametrize("password", ["p@ss", "p:w", "p/w", "p#w", "p?w", "p%40w", "@", "p@q/w@x"])
def test_no_part_of_an_odd_password_is_left(password: str) -> None:
    assert redact(f"postgresql://u:{password}@h/d") == f"postgresql://u:{HIDDEN}@h/d"


@pytest.mark.parametrize(
    "text",
    [
        "data/rows.jsonl",
        "hf://datasets/org/name@main",
        "data/key=1/token_count=5/part-0.parquet",
        "a@b.c",
        "--map teacher=model",
        "postgresql://host/name?rows=/data/rows",
        "sqlite:////data/led.db",
        "s3://bucket/sk-learn/data.parquet",
        "eyJournal.of.records/r8_small.jsonl",
        "task-specific-reward-model-preference-set.jsonl",
        "C:\\data\\rows.jsonl",
        "",
    ],
)
def test_what_holds_no_secret_is_left_as_it_is(text: str) -> None:
    assert redact(text) == text
