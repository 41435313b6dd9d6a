"""`auditor init`: write the two files an audit starts from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.common import say
from auditor.cli.progress import animated
from auditor.domain.plan import IntendedUse
from auditor.domain.tribool import Tribool
from auditor.errors import AuditorError, UsageError

_CONFIG = """\
# Settings of `auditor audit`; a flag or an AUDITOR_* variable beats a line here.
data: {data}
plan: plan.yaml
# See `auditor policy list` for the packs.
policy: {policy}
# Indexes of teacher text to search (see `auditor index build --help`); an empty list searches nothing.
index: []
ledger: .auditor/ledger.db
out: auditor-out
# What the columns are, guessed from the first rows (see `auditor audit --show-map`). What is a comment is not
# taken for granted: it would take text or a question out of the judgment.
{columns}
"""

_PLAN = """\
# What the student is for. An answer you cannot give is `unknown`: it is asked of a person, never guessed.
student_base:
  name: {base}
  terms: {terms}
# research-only | internal-commercial | commercial-api | open-weights-release
intended_use: {use}
# An SPDX expression, none, proprietary, or a description.
student_release_license: {release}
student_name: {name}
# Does the student compete with a teacher's provider?  yes | no | unknown
competes_with_teacher_provider: '{competes}'
facts:
  place_of_use: {place}
"""


_UNKNOWN = "unknown"


def _choice(question: str, default: str, allowed: list[str], ask: bool) -> str:
    if not ask:
        return _UNKNOWN
    while True:
        answer = str(typer.prompt(f"{question} ({' | '.join(allowed)})", default=default, err=True)).strip()
        if answer in allowed:
            return answer
        say(f"  not one of: {', '.join(allowed)}")


def _write(path: Path, text: str, force: bool) -> None:
    if path.exists() and not force:
        raise UsageError("the file is there already", where=str(path), fix="add --force to overwrite it")
    path.write_text(text, encoding="utf-8")
    say(f"wrote {path}")


def init(
    data: Annotated[
        list[str] | None,
        typer.Argument(help="Data to audit; default: data/, or the data files here."),
    ] = None,
    use: Annotated[IntendedUse | None, typer.Option(help="What the student is for.")] = None,
    competes: Annotated[
        Tribool | None, typer.Option(help="Does it compete with a teacher's provider?")
    ] = None,
    place: Annotated[str | None, typer.Option(help="Where it is made and used, e.g. US, EU, UK.")] = None,
    base: Annotated[str, typer.Option(help="The model the student starts from.")] = _UNKNOWN,
    terms: Annotated[str, typer.Option(help="The license of that model.")] = _UNKNOWN,
    name: Annotated[str, typer.Option(help="The student's name.")] = "my-student",
    force: Annotated[bool, typer.Option(help="Overwrite the files.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing; what no flag says is unknown.")
    ] = False,
) -> None:
    """Write auditor.yaml and plan.yaml, asking three questions on a terminal; no fact is made up."""
    ask = not yes and animated() and sys.stdin.isatty()
    chosen = use or _choice("What is the student for?", IntendedUse.RESEARCH_ONLY, list(IntendedUse), ask)
    rival = competes or _choice(
        "Does it compete with a teacher's provider?", Tribool.UNKNOWN, list(Tribool), ask
    )
    where = place or _choice("Where is it made and used?", "US", ["US", "EU", "UK", "JP", "SG", "CN"], ask)
    for path in (Path("auditor.yaml"), Path("plan.yaml")):
        if path.exists() and not force:
            raise UsageError("the file is there already", where=str(path), fix="add --force to overwrite it")
    listing = "[" + ", ".join(_quote(item) for item in data or _data_here()) + "]"
    columns = _columns(data or _data_here())
    _write(Path("auditor.yaml"), _CONFIG.format(data=listing, policy="default", columns=columns), force)
    plan = _PLAN.format(
        base=_quote(base),
        terms=_quote(terms),
        use=str(chosen),
        release=_quote(_release(chosen, terms)),
        name=_quote(name),
        competes=str(rival),
        place=_quote(where),
    )
    _write(Path("plan.yaml"), plan, force)
    if _UNKNOWN in (base, terms, chosen, rival, where):
        say("what plan.yaml calls unknown is left to a person: fill it in, or the outcome stays review")
    say("Next:  auditor audit")


def _release(use: str, terms: str) -> str:
    """Return the release license that a use stands for: open weights keep that of the base model."""
    return {
        IntendedUse.OPEN_WEIGHTS_RELEASE: terms,
        IntendedUse.COMMERCIAL_API: "proprietary",
        _UNKNOWN: _UNKNOWN,
    }.get(use, "none")


def _data_here() -> list[str]:
    """Return the folder `data`, else the data files that lie in the working folder."""
    from auditor.samples.inputs.folders import is_named_data

    here = sorted(path.name for path in Path().iterdir() if path.is_file() and is_named_data(path))
    return ["data"] if Path("data").exists() or not here else here


def _columns(data: list[str]) -> str:
    """Return `columns:` as it is guessed; a comment where there is nothing to guess from."""
    from auditor.engine.guessed_map import guessed_map
    from auditor.engine.map_text import columns_text

    try:
        return "\n".join(columns_text(guessed_map(data)))
    except (AuditorError, OSError):
        return "# columns:"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
