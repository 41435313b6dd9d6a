"""The options of `auditor audit`, by what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from auditor.cli.common import KnowledgeOption, policy_packs
from auditor.domain.claim import Access, Basis, Claim, ClaimKind
from auditor.domain.sample import Shape
from auditor.engine.request import DEFAULT_FPR
from auditor.errors import UsageError
from auditor.redact import redact


@dataclass(frozen=True, slots=True)
class PlaceOptions:
    """What the rows are judged by, and where settings, records and reports lie."""

    plan: Annotated[Path | None, typer.Option(help="What the student is for (see `auditor init`).")] = None
    policy: Annotated[
        str | None,
        typer.Option(help="Pack name or file.", envvar="AUDITOR_POLICY", autocompletion=policy_packs),
    ] = None
    index: Annotated[list[Path] | None, typer.Option(help="Index of teacher text; repeatable.")] = None
    public: Annotated[
        list[Path] | None,
        typer.Option(help="Index of texts that are no teacher's (`index build --public`); repeatable."),
    ] = None
    out: Annotated[Path | None, typer.Option(help="Folder for the reports.", envvar="AUDITOR_OUT")] = None
    no_out: Annotated[bool, typer.Option("--no-out", help="Keep no reports, unless --out is given.")] = False
    config: Annotated[
        Path | None, typer.Option(help="File of settings; default: auditor.yaml here, except under CI.")
    ] = None
    no_config: Annotated[bool, typer.Option("--no-config", help="Take no settings from a file.")] = False
    ledger: Annotated[
        str | None, typer.Option(help="Ledger: SQLite path or postgresql://…", envvar="AUDITOR_LEDGER")
    ] = None
    no_ledger: Annotated[bool, typer.Option("--no-ledger", help="Record nothing.")] = False
    knowledge: KnowledgeOption = None


@dataclass(frozen=True, slots=True)
class ClaimOptions:
    """What is said about the whole set."""

    teacher: Annotated[list[str] | None, typer.Option(help="Teacher of the whole set; repeatable.")] = None
    access: Annotated[Access | None, typer.Option(help="How that teacher was reached.")] = None
    host: Annotated[str | None, typer.Option(help="Who served it; default: its vendor.")] = None
    generated_at: Annotated[str | None, typer.Option(help="When: 2024, 2024-03-15 or FROM/TO.")] = None
    license: Annotated[list[str] | None, typer.Option(help="License of the whole set; repeatable.")] = None

    def claims(self) -> tuple[Claim, ...]:
        """Return these options as claims.

        Raises:
            UsageError: a part of the teacher's key without the teacher, or a date that is not one.
        """
        given = {"--access": self.access, "--host": self.host, "--generated-at": self.generated_at}
        alone = [option for option, value in given.items() if value is not None]
        if alone and not self.teacher:
            raise UsageError(f"{alone[0]} says nothing without a teacher", fix="add --teacher NAME")
        if self.generated_at is not None:
            _check_date(self.generated_at)
        said: list[tuple[ClaimKind, Any, str]] = [
            *((ClaimKind.TEACHER, name, "--teacher") for name in self.teacher or ()),
            (ClaimKind.ACCESS, self.access, "--access"),
            (ClaimKind.HOST, self.host, "--host"),
            (ClaimKind.GENERATED_AT, self.generated_at, "--generated-at"),
            *((ClaimKind.LICENSE, name, "--license") for name in self.license or ()),
        ]
        stated = ((kind, value, option) for kind, value, option in said if value is not None)
        return tuple(
            Claim(kind, redact(str(value)), Basis.CLI_OPTION, option) for kind, value, option in stated
        )


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How the rows are read and searched."""

    shape: Annotated[Shape | None, typer.Option(help="Row layout, where it is guessed wrong.")] = None
    map: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="ROLE[@SLOT]=PATH",
            help="What a column is: learned, prompt, system, teacher, judge, license, source, date, host, "
            "id or ignore; e.g. teacher@response_a=model_a; repeatable.",
        ),
    ] = None
    map_from: Annotated[
        list[Path] | None,
        typer.Option("--map-from", help="A trainer's file that says what columns are; repeatable."),
    ] = None
    show_map: Annotated[bool, typer.Option("--show-map", help="Print the guessed map and stop.")] = False
    fpr: Annotated[float, typer.Option(min=1e-6, max=0.5, help="Stated false-positive rate.")] = DEFAULT_FPR
    sample: Annotated[int | None, typer.Option(min=1, help="Read only so many rows (never a pass).")] = None
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Threads at work; default: one a processor, as many as pay.")
    ] = None
    network: Annotated[bool, typer.Option("--network", help="Allow hf:// downloads.")] = False


@dataclass(frozen=True, slots=True)
class WaiverOptions:
    """Which waivers count, and by whose signature."""

    waivers: Annotated[Path | None, typer.Option(help="File of waivers; none is taken unasked.")] = None
    approver_key: Annotated[
        list[Path] | None,
        typer.Option("--approver-key", help="Public key whose signature under a waiver counts; repeatable."),
    ] = None
    no_waivers: Annotated[bool, typer.Option("--no-waivers", help="Apply no waiver.")] = False


def _check_date(text: str) -> None:
    from auditor.knowledge.asof import read_range

    if not text.strip() or read_range(text) is None:
        raise UsageError(
            f"--generated-at {text!r} is not a date", fix="give 2024, 2024-03, 2024-03-15, 2024-Q1 or FROM/TO"
        )
