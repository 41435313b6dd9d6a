"""Settings from a file: said, in the report, and under CI only where they were named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from auditor.bundled import bundled
from auditor.cli.config import find_config, in_ci, read_config
from auditor.cli.main import execute
from auditor.errors import UsageError

ROW = {"instruction": "Say hi", "output": "Hi.", "model": "Qwen/Qwen3-8B", "access": "open-weights"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    Path("a.jsonl").write_text(json.dumps(ROW) + "\n")
    Path("auditor.yaml").write_text("data: [a.jsonl]\npolicy: research-only\n")


def audit(*more: str) -> int:
    return execute(["audit", "--no-ledger", "-q", *more])


def report() -> dict[str, object]:
    return json.loads(Path("auditor-out/report.json").read_text())


def test_a_file_that_was_found_is_said_and_stands_in_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit() == 3
    assert "settings from auditor.yaml: data, policy\n" in capsys.readouterr().err
    config = report()["config"]
    assert config["path"] == "auditor.yaml"
    assert config["digest"].startswith("sha256:")
    assert "Settings from `auditor.yaml`" in Path("auditor-out/summary.md").read_text()
    assert "<dt>Settings</dt>" in Path("auditor-out/report.html").read_text()


def test_only_settings_that_count_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    audit("a.jsonl", "--policy", "default")
    assert "settings from auditor.yaml: nothing\n" in capsys.readouterr().err
    assert report()["policy"]["name"] == "default"


def test_columns_of_the_file_are_its_word_in_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    with Path("auditor.yaml").open("a") as settings:
        settings.write("columns:\n  judge: model\n  learned: [output]\n")
    assert audit() == 3
    assert "settings from auditor.yaml: data, policy, columns\n" in capsys.readouterr().err
    said = report()
    assert said["request"]["mapping"] == ["judge=model", "learned=output"]
    assert said["assumptions"] == ["`model` names Qwen/Qwen3-8B; auditor.yaml answers that: `judge=model`."]
    assert audit("--map", "teacher=model") == 3
    assert report()["request"]["mapping"] == ["teacher=model"]


@pytest.mark.parametrize("columns", ["[a]", "{learned: 3}", "{answer: output}", "{learned: outptu}"])
def test_columns_that_say_nothing_are_refused(columns: str) -> None:
    Path("auditor.yaml").write_text(f"data: [a.jsonl]\ncolumns: {columns}\n")
    assert audit() == 2


def test_ci_takes_no_file_that_was_not_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    assert audit("a.jsonl", "--policy", "default") == 2
    said = capsys.readouterr().err
    assert "--config auditor.yaml" in said
    assert "remove the file" in said
    assert not Path("auditor-out").exists()
    assert audit("--config", "auditor.yaml") == 3
    assert report()["policy"]["name"] == "research-only"
    assert audit("a.jsonl", "--no-config") == 3
    assert report()["config"] is None
    assert report()["policy"]["name"] == "default"


@pytest.mark.parametrize(
    ("value", "answer"), [("true", True), ("1", True), ("yes", True), ("", False), ("false", False)]
)
def test_ci_is_on_unless_it_says_no(value: str, answer: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", value)
    assert in_ci() is answer


def test_a_file_in_the_data_folder_never_counts() -> None:
    Path("auditor.yaml").unlink()
    Path("data").mkdir()
    Path("data/a.jsonl").write_text(json.dumps(ROW) + "\n")
    Path("data/auditor.yaml").write_text("policy: research-only\n")
    audit("data")
    assert report()["config"] is None
    assert report()["policy"]["name"] == "default"


def test_a_file_that_is_named_and_missing_is_an_error() -> None:
    assert audit("a.jsonl", "--config", "nowhere.yaml") == 2
    assert audit("a.jsonl", "--config", "auditor.yaml", "--no-config") == 2


def test_waivers_count_only_in_a_file_that_was_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("auditor.yaml").write_text("data: [a.jsonl]\nwaivers: w.yaml\n")
    found = find_config(None)
    assert "waivers" not in found.settings
    assert "was not named: `waivers`" in found.said([])[1]
    assert find_config(Path("auditor.yaml")).settings["waivers"] == "w.yaml"
    with pytest.raises(UsageError):
        find_config(Path("auditor.yaml"), none=True)


def test_a_pack_that_calls_itself_default_is_marked_from_audit_to_gate(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = yaml.safe_load((bundled("policies") / "default.yaml").read_text())
    for rule in data["rules"]:
        if rule["outcome"] in ("deny", "review"):
            rule["outcome"] = "allow"
    Path("lax.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
    Path("plan.yaml").write_text(
        "student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}\nintended_use: commercial-api\n"
        "student_release_license: proprietary\nstudent_name: Acme\ncompetes_with_teacher_provider: 'yes'\n"
    )
    Path("auditor.yaml").write_text("policy: lax.yaml\nplan: plan.yaml\n")
    execute(["audit", "a.jsonl", "--no-ledger"])
    shown = capsys.readouterr()
    assert "settings from auditor.yaml: policy, plan" in shown.err
    assert "NOT the shipped pack" in " ".join(shown.out.split())
    facts = report()["policy"]
    assert (facts["shadows"], facts["local"]) == ("default", True)
    assert any("NOT those of the shipped pack" in note for note in report()["notes"])
    assert execute(["keys", "new", "--out", "KEY"]) == 0
    execute(["attest", "auditor-out", "--key", "KEY", "--out", "p.intoto.json"])
    import base64

    payload = json.loads(base64.b64decode(json.loads(Path("p.intoto.json").read_text())["payload"]))
    assert payload["predicate"]["policy"]["uri"] == "urn:auditor:policy:local:default:1.0"
    capsys.readouterr()
    given = ["verify", "p.intoto.json", "--dataset", "a.jsonl", "--key", "KEY.pub"]
    if execute(given) == 0:
        assert "policy default@1.0 (NOT the shipped pack; replaces rules: " in capsys.readouterr().err
    assert execute([*given, "--policy", "default"]) == 1


@pytest.mark.parametrize(
    ("jobs", "said"),
    [("0", "`jobs` is 0"), ("-2", "`jobs` is -2"), ("two", "must be a number"), ("true", "must be a number")],
)
def test_jobs_are_a_number_from_one_on(jobs: str, said: str) -> None:
    Path("auditor.yaml").write_text(f"jobs: {jobs}\n")
    with pytest.raises(UsageError, match=said):
        read_config()


def test_jobs_of_the_settings_count_where_the_command_line_names_none() -> None:
    Path("auditor.yaml").write_text("data: [a.jsonl]\njobs: 3\n")
    assert read_config()["jobs"] == 3
    assert audit("--config", "auditor.yaml") == audit("--config", "auditor.yaml", "--jobs", "1")
