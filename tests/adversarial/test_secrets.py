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


@pytest.mark.slow
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


@pytest.mark.slow
def test_plan_policy_waivers_and_folders_named_by_a_secret_show_it_nowhere_but_in_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    secret = "S3cretPw0123456789"
    plan = "student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}\nintended_use: research-only\n"
    Path(f"plan?token={secret}.yaml").write_text(plan + "student_release_license: none\nstudent_name: Acme\n")
    Path(f"p?token={secret}.yaml").write_text("pack: p\nversion: '1'\ntitle: t\ninclude: [default]\n")
    Path(f"w?token={secret}.yaml").write_text("waivers: []\n")
    Path(f"c?token={secret}.yaml").write_text("data: [a.jsonl]\n")
    Path("a.jsonl").write_text(json.dumps(ROW) + "\n")
    options = [f"--{name}={name[0]}?token={secret}.yaml" for name in ("policy", "waivers", "config")]
    done = _run("audit", "-q", "--no-ledger", f"--plan=plan?token={secret}.yaml", *options)
    assert Path("auditor-out/report.json").is_file()
    inputs = {f"{name}?token={secret}.yaml" for name in ("plan", "p", "w", "c")}
    assert set(_found(done, secret)) - inputs == set()
    Path("hf_abcdefghijklmnopqrstuvwx").mkdir()
    Path("hf_abcdefghijklmnopqrstuvwx/b.jsonl").write_text(json.dumps({"prompt": "p", "completion": "c"}))
    for format in ("terminal", "github"):
        shown = _run("audit", "hf_abcdefghijklmnopqrstuvwx", "--no-config", "--no-ledger", "--format", format)
        assert b"hf_abcdefghijklmnopqrstuvwx" not in shown.stderr + shown.stdout
    wrong = _run("audit", "a.jsonl", "--no-config", "--shape", "hf_abcdefghijklmnopqrstuvwxyz")
    assert b"hf_abcdef" not in wrong.stderr
