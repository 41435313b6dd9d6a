"""Every step of the shipped CI examples, by hand: install, index, audit, attest, gate; good sets and bad."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.examples.by_hand import ROOT, Hand, lay_out

PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: commercial-api
student_release_license: proprietary
student_name: Acme
competes_with_teacher_provider: 'yes'
"""
_THINGS = (
    "kettle",
    "ladder",
    "compass",
    "lantern",
    "needle",
    "mirror",
    "basket",
    "candle",
    "hammer",
    "clock",
)
_PLACES = ("harbor", "attic", "orchard", "quarry", "library", "stable", "cellar", "meadow")
TEACHER_TEXTS = [
    f"Whenever the {thing} near the {place} begins to rattle, number {n} of the old keepers writes a note "
    f"about {thing}s and {place}s, folds it twice, and leaves it under the third stone from the left."
    for n, (thing, place) in enumerate((thing, place) for thing in _THINGS for place in _PLACES)
]
REFERENCES = [{"text": text, "teacher": "gpt-4"} for text in TEACHER_TEXTS]
GOOD: list[dict[str, Any]] = [
    {
        "instruction": f"Describe a {thing} to somebody who has never seen one.",
        "output": f"A {thing} is something people made long ago and still keep at home, as with it a small "
        f"daily task takes less effort; case {n} shows how each family uses its own.",
        "model": "Qwen/Qwen3-8B",
        "access": "open-weights",
        "host": "self-hosted",
        "generated_at": "2026-03-01",
        "license": "CC0-1.0",
    }
    for n, thing in enumerate(_THINGS)
]
DECLARED = [*GOOD, {**GOOD[0], "model": "gpt-4", "access": "api", "host": "openai"}]
COPIED = [*GOOD, {**GOOD[0], "output": TEACHER_TEXTS[7]}]
SETS = {"good": GOOD, "declared": DECLARED, "copied": COPIED}
pytestmark = pytest.mark.slow
AUDIT = "auditor audit data/ --no-config --plan plan.yaml --policy commercial-api"
PERMIT = ("permit.intoto.json", "permit.intoto.json.rows")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index as a cache would give it back."""
    hand = Hand.at(tmp_path_factory.mktemp("index"))
    lay_out(hand.folder, GOOD, REFERENCES, PLAN)
    done = hand.bash("auditor index build teachers/texts.jsonl --out teachers.idx")
    assert done.returncode == 0, done.stderr
    return hand.folder / "teachers.idx"


@pytest.fixture
def hand(tmp_path: Path, index: Path) -> Hand:
    """A runner whose cache held the index, with a signing key outside the checkout."""
    hand = Hand.at(tmp_path)
    lay_out(hand.folder, GOOD, REFERENCES, PLAN)
    shutil.copy(index, hand.folder / "teachers.idx")
    assert hand.bash('auditor keys new --out "$HAND_LOG/signer.pem"').returncode == 0
    shutil.copy(hand.log / "signer.pem.pub", hand.folder / "keys/signer.pem.pub")
    return hand


def _data(hand: Hand, name: str) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in SETS[name])
    (hand.folder / "data/chat.jsonl").write_text(lines)


def _secret(hand: Hand) -> dict[str, str]:
    return {"AUDITOR_KEY_PEM": (hand.log / "signer.pem").read_text()}


def test_github_passes_a_good_set_and_trains(hand: Hand) -> None:
    audit = hand.github("audit", _secret(hand))
    assert audit.code == 0, audit.said
    assert audit.outputs["outcome"] in ("allow", "allow-with-obligations")
    assert hand.installed() == [f"install --quiet {ROOT}"]
    assert not [line for line in audit.annotations if line.startswith("::error")]
    train = hand.github("train", {})
    assert train.code == 0, train.said
    assert len(hand.installed()) == 2
    assert hand.trained()


@pytest.mark.parametrize("name", ["declared", "copied"])
def test_github_fails_a_bad_set_with_reasons_and_never_trains(hand: Hand, name: str) -> None:
    _data(hand, name)
    audit = hand.github("audit", _secret(hand))
    assert audit.code in (1, 3), audit.said
    shown = [line for line in audit.annotations if line.startswith(("::error", "::warning"))]
    assert shown
    assert any("file=data/chat.jsonl,line=11" in line for line in shown)
    assert "Fix: " in shown[0]
    train = hand.github("train", {})
    assert train.code in (1, 4)
    assert not hand.trained()


@pytest.mark.parametrize(("name", "code"), [("good", 0), ("declared", 1)])
def test_github_answers_a_fork_without_a_key(hand: Hand, name: str, code: int) -> None:
    _data(hand, name)
    audit = hand.github("audit", {}, fork=True)
    assert (audit.code == 0) == (code == 0), audit.said
    assert "audited, not signed" in audit.said
    assert "Code scanning" in audit.skipped
    assert not any((hand.folder / one).exists() for one in PERMIT)
    assert audit.outputs["permit"] == ""
    train = hand.github("train", {})
    assert train.code == 4
    assert not hand.trained()


def test_github_builds_the_index_where_no_cache_held_it(hand: Hand) -> None:
    (hand.folder / "teachers.idx").unlink()
    assert hand.github("audit", _secret(hand)).code == 0
    assert (hand.folder / "teachers.idx").exists()


def test_settings_lying_about_change_nothing_in_ci(hand: Hand) -> None:
    (hand.folder / "auditor.yaml").write_text("data: [nowhere]\npolicy: default\n")
    assert hand.github("audit", _secret(hand)).code == 0
    assert hand.gitlab("audit", AUDITOR=str(ROOT)).code == 0


def test_gitlab_passes_a_good_set_and_trains(hand: Hand) -> None:
    audit = hand.gitlab("audit", AUDITOR=str(ROOT), AUDITOR_KEY=str(hand.log / "signer.pem"))
    assert audit.code == 0, audit.said
    assert (hand.folder / "auditor-out/junit.xml").exists()
    train = hand.gitlab("train", AUDITOR=str(ROOT))
    assert train.code == 0, train.said
    assert hand.installed() == [f"install --quiet {ROOT}"] * 2
    assert hand.trained()


@pytest.mark.parametrize("name", ["declared", "copied"])
def test_gitlab_fails_a_bad_set_with_reasons_and_never_trains(hand: Hand, name: str) -> None:
    _data(hand, name)
    audit = hand.gitlab("audit", AUDITOR=str(ROOT), AUDITOR_KEY=str(hand.log / "signer.pem"))
    assert audit.code in (1, 3)
    assert "DENY" in audit.said or "NEEDS REVIEW" in audit.said
    assert "row: data/chat.jsonl#10" in (hand.folder / "auditor-out/junit.xml").read_text()
    assert hand.gitlab("train", AUDITOR=str(ROOT)).code == 1
    assert not hand.trained()


def test_gitlab_audits_a_fork_without_a_key_and_says_so(hand: Hand) -> None:
    audit = hand.gitlab("audit", AUDITOR=str(ROOT))
    assert audit.code == 0, audit.said
    assert "audited, not signed" in audit.said
    assert not any((hand.folder / one).exists() for one in PERMIT)
    assert hand.gitlab("train", AUDITOR=str(ROOT)).code == 4
    assert not hand.trained()


def test_gitlab_does_not_need_an_audit_that_is_not_in_the_pipeline() -> None:
    config = yaml.safe_load((ROOT / "examples/gitlab/.gitlab-ci.yml").read_text())
    assert config["train"]["needs"] == [{"job": "audit", "optional": True}]
    assert config["train"]["rules"][0] in config["audit"]["rules"]


def test_without_an_index_it_is_one_question_over_all_rows(hand: Hand) -> None:
    (hand.folder / "teachers.idx").unlink()
    done = hand.bash(
        "auditor audit data/ --no-config --plan plan.yaml --policy commercial-api --no-ledger -q"
    )
    assert done.returncode == 3
    assert "10 rows, coverage-floor: Too few rows were compared" in done.stderr
    report = json.loads((hand.folder / "auditor-out/report.json").read_text())
    assert [one["rule"] for one in report["findings"] if one["outcome"] == "review"] == ["coverage-floor"]
    assert [one for one in report["questions"] if "index" in one] == report["questions"]


@pytest.mark.parametrize(("name", "codes"), [("good", (0,)), ("declared", (1,)), ("copied", (1, 3))])
def test_the_hook_says_why_and_leaves_nothing(hand: Hand, name: str, codes: tuple[int, ...]) -> None:
    _data(hand, name)
    settings = "data: [data]\nplan: plan.yaml\npolicy: commercial-api\nindex: [teachers.idx]\n"
    (hand.folder / "auditor.yaml").write_text(settings)
    before = sorted(path.name for path in hand.folder.iterdir())
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    done = hand.bash(hooks["auditor-audit"]["entry"])
    assert done.returncode in codes, done.stderr
    assert sorted(path.name for path in hand.folder.iterdir()) == before
    if done.returncode:
        [line] = [line for line in done.stderr.splitlines() if line.startswith("auditor: ")]
        assert "data/chat.jsonl#10" in line
        assert "Next: auditor audit --config auditor.yaml" in line


def _kubernetes(hand: Hand, words: list[str]) -> list[str]:
    places = {"/permit/": "", "/data": "data", "/keys/": "keys/"}
    for name, here in places.items():
        words = [word.replace(name, here) if word.startswith(name) else word for word in words]
    return words


@pytest.mark.parametrize(("name", "starts"), [("good", True), ("declared", False)])
def test_the_job_of_kubernetes_and_the_batch_script_gate_the_training(
    hand: Hand, name: str, starts: bool
) -> None:
    _data(hand, name)
    hand.bash(
        "auditor audit data/ --no-config --plan plan.yaml --policy commercial-api --index teachers.idx -q"
    )
    sign = 'auditor attest auditor-out --key "$HAND_LOG/signer.pem" --out permit.intoto.json --expires 30d'
    assert hand.bash(sign).returncode == 0
    [job] = yaml.safe_load_all((ROOT / "examples/kubernetes/job.yaml").read_text())
    spec = job["spec"]["template"]["spec"]
    for container in (*spec["initContainers"], *spec["containers"]):
        words = _kubernetes(hand, [*container["command"], *container["args"]])
        done = subprocess.run(words, cwd=hand.folder, env=hand.variables, capture_output=True, text=True)
        assert (done.returncode == 0) == starts, done.stderr
    assert hand.trained() == starts
    given = {"DATA": "data/", "PERMIT": PERMIT[0], "KEY": "keys/signer.pem.pub"}
    given |= {"PLAN": "plan.yaml", "POLICY": "commercial-api"}
    done = hand.bash(f'bash "{ROOT}/examples/slurm/train.sbatch"', **given)
    assert (done.returncode == 0) == starts, done.stderr
    other = hand.bash(f'bash "{ROOT}/examples/slurm/train.sbatch"', **{**given, "POLICY": "research-only"})
    assert other.returncode == 1


def test_the_train_jobs_name_plan_and_policy_and_the_audits_an_expiry() -> None:
    files = ("examples/github/audit.yml", "examples/gitlab/.gitlab-ci.yml")
    for text in ((ROOT / name).read_text() for name in files):
        gate = text[text.index("auditor gate") :]
        assert "--plan plan.yaml --policy commercial-api" in gate
        assert "expires" in text
        assert text.count("pip install") + text.count("uses: your-org/auditor@v1") == 2


def test_the_checkout_installs_as_the_action_installs_it(tmp_path: Path) -> None:
    if not os.environ.get("AUDITOR_INSTALL"):
        pytest.skip("set AUDITOR_INSTALL=1 to install the checkout into a fresh environment")
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)
    python = tmp_path / "env/bin/python"
    script = next(s["run"] for s in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"])
    env = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}", "PACKAGE": ""}
    env |= {"GITHUB_ACTION_PATH": str(ROOT)}
    env.pop("PYTHONPATH", None)
    subprocess.run(["bash", "-e", "-c", script], env=env, check=True)
    done = subprocess.run([str(python.with_name("auditor")), "--version"], env=env, cwd=tmp_path)
    assert done.returncode == 0
