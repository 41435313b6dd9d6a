"""The documentation says what is so: its files are made, its commands run, its outputs compared."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from auditor.cli.main import app
from auditor.policy.pack import schema, variables
from auditor.policy.pack.variables import FactType

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\S+\.\w+)\n")
TYPES = {
    FactType.TEXT: "text",
    FactType.TRUTH: "true or false",
    FactType.NUMBER: "number",
    FactType.COUNT: "whole number",
    FactType.TEXTS: "list of texts",
}
SITE = "installed"
"""Where `pip install` of a page puts a package, so that a page changes nothing but its own folder."""
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_COMPILE": "1"}
EXIT = re.compile(r"# exit (\d)\s*$")


def blocks(page: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def steps(block: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a console block, each with the lines that it prints."""
    found: list[tuple[str, list[str]]] = []
    for line in block.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line != "...":
            found[-1][1].append(line)
    return found


def stands(line: str, output: str) -> bool:
    """Tell whether a printed line stands in the output; `...` stands for anything."""
    wanted = re.compile(".*".join(map(re.escape, line.split("..."))))
    return any(wanted.fullmatch(printed) for printed in output.splitlines())


def run(command: str, folder: Path) -> tuple[int, str]:
    prelude = f'auditor() {{ "{sys.executable}" -m auditor "$@"; }}; '
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, folder, folder / SITE))),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "120",
        "NO_COLOR": "1",
        **OFFLINE,
        "XDG_DATA_HOME": str(folder / "data-home"),
        "PIP_TARGET": str(folder / SITE),
    }
    done = subprocess.run(
        ["bash", "-c", prelude + command], cwd=folder, env=environment, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def declare(project: dict[str, Any], site: Path) -> None:
    """Leave what an installer leaves of a package, beside its modules."""
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    named = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(named)
    points = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(points))


FOLLOWED = (
    "catalog",
    "detection",
    "evidence",
    "extending",
    "first-steps",
    "gate",
    "knowledge",
    "policies",
    "reading",
    "waivers",
)


@pytest.mark.parametrize("page", FOLLOWED)
@pytest.mark.slow
def test_a_page_can_be_followed_from_top_to_bottom(page: str, tmp_path: Path) -> None:
    (tmp_path / "demo").symlink_to(ROOT / "demo")
    for language, block in blocks(ROOT / "docs" / f"{page}.md"):
        named = FILE.match(block)
        if language != "console":
            if named:
                (tmp_path / named[1]).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / named[1]).write_text(block)
                if named[1] == "pyproject.toml":
                    declare(tomllib.loads(block)["project"], tmp_path)
            continue
        for command, printed in steps(block):
            code, output = run(command, tmp_path)
            wanted = EXIT.search(command)
            assert code == (int(wanted[1]) if wanted else 0), f"{command}\n{output}"
            missing = [line for line in printed if not stands(line, output)]
            assert missing == [], f"{command}\n{output}"


PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "demo/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: page.name if page.parent != ROOT / "demo" else "demo"
)
def test_every_command_line_of_a_page_parses(page: Path) -> None:
    table = typer.main.get_command(app)
    for language, block in blocks(page):
        if language not in ("console", "sh"):
            continue
        for line in block.replace("\\\n", " ").splitlines():
            command = (
                EXIT.sub("", line.removeprefix("$ ").partition(" [--")[0])
                .partition("  #")[0]
                .partition(" > ")[0]
            )
            if command.startswith("auditor "):
                words = shlex.split(command)[1:]
                group, rest = table, words
                while hasattr(group, "get_command"):
                    group, rest = group.get_command(None, rest[0]), rest[1:]
                    assert group is not None, command
                group.make_context(words[0], rest)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def words_page() -> str:
    """Return `docs/words.md` as `policy.pack.variables` has it."""
    scopes = {
        "Of the plan, in every rule": variables.PLAN,
        "Of an origin (`applies_to: origin`)": variables.ORIGIN,
        "Of a teacher (`for_each: teacher`, `terms` or `duty`)": variables.TEACHER,
        "Of terms that reach the student (`for_each: terms` or `duty`)": variables.TERMS,
        "Of a duty (`for_each: duty`)": variables.DUTY,
        "Of a license of the data (`for_each: license`)": variables.LICENSE,
        "Of the whole set (`applies_to: dataset`)": variables.DATASET,
        "Of rows in one state (`applies_to: sample`)": variables.SAMPLE,
    }
    extras = ", ".join(f"`{name}`" for name in sorted(variables.EXTRAS))
    lines = [
        "# The words of conditions",
        "",
        "What a rule may name, by its scope; see [policies.md](policies.md).",
        f"Messages, fixes and questions may also name {extras}.",
    ]
    for title, named in scopes.items():
        lines += ["", f"**{title}**", ""]
        for one in named:
            values = ", ".join(f"`{word}`" for word in one.words) or TYPES[one.type]
            lines.append(f"- `{one.name}`: {one.about} ({values})")
    return "\n".join(lines) + "\n"


def test_the_list_of_words_is_that_of_the_variables() -> None:
    page = ROOT / "docs" / "words.md"
    if os.environ.get("AUDITOR_GOLDEN") == "write":
        page.write_text(words_page(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == words_page()


def test_the_fields_of_packs_and_rules_are_those_of_the_schema() -> None:
    page = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
    pack, rule = re.split(r"^\| key of a (?:pack|rule) .*$", page, flags=re.MULTILINE)[1:]
    for table, known in ((pack, schema._PACK_KEYS), (rule, schema._RULE_KEYS)):
        named = {
            key
            for row in re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)
            for key in re.findall(r"`(\w+)`", row)
        }
        assert named == known
