"""A secret of the command line reaches no file of an audit and no message."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROW = {"prompt": "p", "completion": "c", "model": "Qwen/Qwen3-8B", "access": "open-weights"}


def _run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "auditor", *arguments], capture_output=True, check=False)


def _found(done: subprocess.CompletedProcess[bytes], secret: str) -> list[str]:
    places = [path for path in Path().rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    return [*map(str, places), *(["output"] if secret.encode() in done.stdout + done.stderr else [])]


def test_a_secret_is_in_no_report_and_no_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text(json.dumps(ROW) + "\n")
    secret = "S3cretPw0123456789"
    for arguments in (
        ["a.jsonl", "--ledger", f"postgresql://u:{secret}@127.0.0.1:1/x"],
        ["a.jsonl", "--no-ledger", "--host", f"https://h/?api_key={secret}"],
        [f"hf://user:{secret}@datasets/org/name"],
        [f"https://host/a.jsonl?token={secret}"],
        [f"hf://datasets/org/name/hf_{secret}"],
    ):
        assert _found(_run("audit", *arguments), secret) == [], arguments
    Path(f"hf_{secret}").mkdir()
    Path(f"hf_{secret}/b.jsonl").write_text(json.dumps(ROW) + "\n")
    done = _run("audit", f"hf_{secret}", "-q", "--no-ledger")
    assert _found(done, secret) == []
