"""A CI service in small: the shipped examples run step by step in a fresh folder, as their service would."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_SHIMS = {
    "auditor": f'exec "{sys.executable}" -m auditor "$@"',
    "pip": 'echo "$@" >> "$HAND_LOG/installed"',
    "python": f'if [ "$1 $2" = "-m pip" ]; then shift 2; exec pip "$@"; fi; exec "{sys.executable}" "$@"',
    "torchrun": 'echo "$@" >> "$HAND_LOG/trained"',
    "srun": 'exec "$@"',
}


@dataclass
class Job:
    """What became of one job."""

    code: int = 0
    said: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    annotations: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


@dataclass
class Hand:
    """A checkout on a runner: a folder, a log of what was installed and trained, its variables."""

    folder: Path
    log: Path
    variables: dict[str, str]

    @classmethod
    def at(cls, tmp: Path, **variables: str) -> Hand:
        """Make the runner's folders and its programs."""
        log, programs, folder = tmp / "log", tmp / "bin", tmp / "checkout"
        for made in (log, programs, folder):
            made.mkdir()
        for name, body in _SHIMS.items():
            (programs / name).write_text(f"#!/bin/bash\n{body}\n")
            (programs / name).chmod(0o755)
        env = {key: value for key, value in os.environ.items() if not key.startswith(("AUDITOR_", "GITHUB_"))}
        env |= {"PATH": f"{programs}{os.pathsep}{env['PATH']}", "PYTHONPATH": str(ROOT), "CI": "true"}
        return cls(folder, log, {**env, "HAND_LOG": str(log), **variables})

    def installed(self) -> list[str]:
        """Return what pip was asked for."""
        path = self.log / "installed"
        return path.read_text().splitlines() if path.exists() else []

    def trained(self) -> bool:
        """Tell whether the training command was started."""
        return (self.log / "trained").exists()

    def bash(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run one script as the services do: it stops at the first failure."""
        words = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
        env = {**self.variables, **variables}
        return subprocess.run(words, cwd=self.folder, env=env, capture_output=True, text=True)

    def gitlab(self, job: str, **variables: str) -> Job:
        """Run `before_script` and `script` of a job of the GitLab example in one shell."""
        config = yaml.safe_load((ROOT / "examples/gitlab/.gitlab-ci.yml").read_text())
        lines = [*config[job].get("before_script", []), *config[job]["script"]]
        given = {**config["variables"], **variables}
        done = self.bash("\n".join(lines), **given)
        return Job(done.returncode, done.stdout + done.stderr)

    def github(self, job: str, secrets: Mapping[str, str], *, fork: bool = False) -> Job:
        """Run the steps of a job of the GitHub example; a step of this action is run step by step too."""
        config = yaml.safe_load((ROOT / "examples/github/audit.yml").read_text())
        result = Job()
        for step in config["jobs"][job]["steps"]:
            if result.code:
                break
            if str(step.get("uses", "")).startswith("your-org/auditor@"):
                given = {name: _filled(value, {"secrets": secrets}) for name, value in step["env"].items()}
                self._action(step["with"], given, fork, result)
            elif "run" in step:
                done = self.bash(step["run"])
                result.code, result.said = done.returncode, result.said + done.stdout + done.stderr
        return result

    def _action(self, given: Mapping[str, str], env: Mapping[str, str], fork: bool, result: Job) -> None:
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        inputs = {name: str(one.get("default", "")) for name, one in action["inputs"].items()} | dict(given)
        steps: dict[str, Any] = {}
        repo = {"fork": fork}
        known = {
            "inputs": inputs,
            "steps": steps,
            "github": {"event": {"pull_request": {"head": {"repo": repo}}}},
        }
        for step in action["runs"]["steps"]:
            if result.code:
                break
            if "if" in step and not _holds(step["if"], known):
                result.skipped.append(step["name"])
                continue
            if "run" in step:
                self._step(step, known, env, result)

    def _step(
        self, step: Mapping[str, Any], known: dict[str, Any], env: Mapping[str, str], result: Job
    ) -> None:
        output, summary = self.log / "output", self.log / "summary"
        output.write_text("")
        own = {name: _filled(value, known) for name, value in step.get("env", {}).items()}
        places = {
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_ACTION_PATH": str(ROOT),
        }
        done = self.bash(step["run"], **env, **own, **places)
        result.code, result.said = done.returncode, result.said + done.stdout + done.stderr
        result.annotations += [line for line in done.stdout.splitlines() if line.startswith("::")]
        found = dict(line.split("=", 1) for line in output.read_text().splitlines())
        result.outputs |= found
        known["steps"][step.get("id", step["name"])] = {"outputs": found}


def _look_up(path: str, known: Mapping[str, Any]) -> Any:
    value: Any = known
    for part in path.split("."):
        value = value.get(part, "") if isinstance(value, Mapping) else ""
    return value


def _filled(text: str, known: Mapping[str, Any]) -> str:
    return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", lambda m: str(_look_up(m[1], known)), str(text))


def _holds(condition: str, known: Mapping[str, Any]) -> bool:
    """Evaluate `a == 'b' && c != d`, all that the action uses."""
    inner = re.sub(r"^\s*\$\{\{|\}\}\s*$", "", condition)
    return all(_compares(part, known) for part in inner.split("&&"))


def _compares(part: str, known: Mapping[str, Any]) -> bool:
    left, sign, right = re.split(r"\s*(==|!=)\s*", part.strip())
    same = _value(left, known) == _value(right, known)
    return same if sign == "==" else not same


def _value(text: str, known: Mapping[str, Any]) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return text[1:-1] if text.startswith("'") else _look_up(text, known)


def lay_out(folder: Path, rows: list[dict[str, Any]], references: list[dict[str, str]], plan: str) -> None:
    """Write what the examples expect in a repository, but for the key."""
    (folder / "data").mkdir()
    (folder / "teachers").mkdir()
    (folder / "keys").mkdir()
    for path, lines in (("data/chat.jsonl", rows), ("teachers/texts.jsonl", references)):
        (folder / path).write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "plan.yaml").write_text(plan)
