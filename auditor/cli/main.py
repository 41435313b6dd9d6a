"""The command table: each command is imported only when it runs, so that `--help` stays quick."""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import os
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from auditor import __version__, interrupts
from auditor.cli.effort import without_pandas
from auditor.cli.examples import with_examples
from auditor.cli.exit_codes import of_error
from auditor.cli.once import refuse_repeats
from auditor.domain.exit_code import ExitCode
from auditor.errors import AuditorError, UsageError
from auditor.printable import line, lines
from auditor.redact import redact

_ANSWERS = {ExitCode.ALLOWED, ExitCode.DENIED, ExitCode.REVIEW}
INTERRUPTED = 130
"""What shells make of a program that ends by an interrupt."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table: where the command lives and what it is for."""

    module: str
    attribute: str
    help: str
    panel: str


_DAILY, _RULES, _EVIDENCE, _FACTS = "Audit", "Rules and plans", "Evidence and the gate", "Facts"

COMMANDS: dict[str, Entry] = {
    "audit": Entry("audit", "audit", "Judge every row of a training set: the main job.", _DAILY),
    "init": Entry("init", "init", "Write auditor.yaml and plan.yaml to start from.", _DAILY),
    "demo": Entry("demo", "demo", "Audit the bundled set with its seeded faults.", _DAILY),
    "report": Entry("report", "report", "Show an audit again, in any format.", _DAILY),
    "explain": Entry("explain", "explain", "Say why a row or a finding got its outcome.", _DAILY),
    "split": Entry("split", "split", "Write the rows that pass and the rows that do not.", _DAILY),
    "diff": Entry("diff", "diff", "Say what a conversion of a data set kept and lost.", _DAILY),
    "policy": Entry("policy", "app", "List, show, lint, test and compare policy packs.", _RULES),
    "plan": Entry("plan", "app", "Try a plan against every use and release.", _RULES),
    "waive": Entry("waive", "app", "Accept a finding for a stated reason and time, and sign for it.", _RULES),
    "keys": Entry("keys", "app", "Make signing keys.", _EVIDENCE),
    "attest": Entry("attest", "attest", "Sign an audit's verdict as a permit.", _EVIDENCE),
    "verify": Entry("verify", "verify", "Check a permit against data, plan and policy.", _EVIDENCE),
    "gate": Entry("gate", "gate", "Run a command only if a permit covers its data.", _EVIDENCE),
    "train": Entry("train", "train", "Run the reference student step behind the gate.", _EVIDENCE),
    "trace": Entry("train", "trace", "Walk from a trained student back to its rows.", _EVIDENCE),
    "index": Entry("index", "app", "Build and keep indexes of teacher text.", _FACTS),
    "detect": Entry("detect", "detect", "Search texts in an index of teacher text.", _FACTS),
    "catalog": Entry("catalog", "app", "Look up teachers, terms and licenses.", _FACTS),
    "ledger": Entry("ledger", "app", "Ask the ledger which teachers made which rows.", _FACTS),
    "impact": Entry("impact", "impact", "List what a change of terms touches.", _FACTS),
}


_WITHOUT_PANDAS = {"audit", "demo", "explain", "split", "diff", "attest", "detect"}
"""Commands that load Arrow and need no frames."""


class LazyGroup(TyperGroup):
    """A group that knows its commands by table and imports one when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import and build one command; None for a name that is not in the table."""
        entry = COMMANDS.get(cmd_name)
        return None if entry is None else load(cmd_name, entry)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is called; a wrong name is told with the names that it may stand for.

        Raises:
            UsageError: there is no such command.
        """
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise UsageError(f"No such command {args[0]!r}", fix=suggestion(args[0]))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the table by panel, without importing any command."""
        for panel in dict.fromkeys(entry.panel for entry in COMMANDS.values()):
            rows = [(name, entry.help) for name, entry in COMMANDS.items() if entry.panel == panel]
            with formatter.section(panel):
                formatter.write_dl(rows)


_MEANT = {
    "check": "audit", "scan": "audit", "lint": "policy lint", "sign": "attest", "run": "gate",
    "why": "explain", "filter": "split", "show": "report", "search": "detect",
}  # fmt: skip


def suggestion(name: str) -> str:
    """Return what a wrong command name may stand for."""
    import difflib

    close = difflib.get_close_matches(name.lower(), COMMANDS, n=3, cutoff=0.6)
    close += [_MEANT[name.lower()]] if name.lower() in _MEANT else []
    meant = " or ".join(f"`auditor {one}`" for one in dict.fromkeys(close))
    return f"did you mean {meant}?" if meant else "`auditor --help` lists the commands"


def load(name: str, entry: Entry) -> Any:
    """Import a command: a Typer app as it stands, a function as a command of its own."""
    target = getattr(importlib.import_module(f"auditor.cli.{entry.module}"), entry.attribute)
    if name in _WITHOUT_PANDAS:
        target = without_pandas(target)
    if isinstance(target, typer.Typer):
        target.rich_markup_mode = None
        command = typer.main.get_group(target)
    else:
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        epilog = getattr(target, "epilog", None)
        settings = getattr(target, "settings", None)
        single.command(name, epilog=epilog, context_settings=settings)(target)
        command = typer.main.get_command(single)  # type: ignore[assignment]
    command.name = name
    with_examples(command, name)
    refuse_repeats(command)
    return command


app = typer.Typer(cls=LazyGroup, rich_markup_mode=None, no_args_is_help=True)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"auditor {__version__}")
        raise typer.Exit


@app.callback(epilog="Start here:  auditor audit data.jsonl    ·    auditor demo")
def main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Show the traceback of an internal error."),
) -> None:
    """Record which teachers and licenses produced every row, judge them, and gate the training on the answer.

    Exit codes: 0 allowed, 1 denied, 2 usage or input invalid, 3 needs review, 4 tool or environment error.
    """
    if verbose:
        os.environ["AUDITOR_VERBOSE"] = "1"


def explain_error(error: AuditorError) -> str:
    """Return one line each for what, where and how to mend it."""
    said = [f"error: {error.message}"]
    if error.where:
        said.append(f"  where: {error.where}")
    if error.fix:
        said.append(f"  fix:   {error.fix}")
    return redact("\n".join(map(line, said)))


def execute(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit code; nothing escapes as a traceback."""
    interrupts.watch()
    try:
        code = _run(arguments)
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    return _interrupted() if interrupts.came() else code


def _interrupted() -> int:
    what = interrupts.done() or "nothing was signed; the same command starts over"
    typer.echo(f"interrupted: {what}", err=True)
    return INTERRUPTED


def _run(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit code of its result or error."""
    try:
        result = typer.main.get_command(app).main(list(arguments), prog_name="auditor", standalone_mode=False)
    except AuditorError as error:
        typer.echo(explain_error(error), err=True)
        return of_error(error)
    except TyperException as error:
        _usage(error)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAULT
    except OSError as error:
        said = AuditorError(str(error.strerror or error), where=str(error.filename or "the operating system"))
        typer.echo(explain_error(said), err=True)
        return ExitCode.FAULT
    except Exception as error:
        _internal(error)
        return ExitCode.FAULT
    return result if isinstance(result, int) else ExitCode.ALLOWED


def _usage(error: TyperException) -> None:
    show = getattr(error, "show", None)
    if callable(show):
        said = io.StringIO()
        show(file=said)
        typer.echo(redact(lines(said.getvalue())), err=True, nl=False)
    else:
        typer.echo(redact(line(f"error: {error.format_message()}")), err=True)


def _internal(error: Exception) -> None:
    if os.environ.get("AUDITOR_VERBOSE"):
        traceback.print_exception(error)
    typer.echo(
        f"error: internal error, {type(error).__name__}\n  fix:   run `auditor -v …` and report it", err=True
    )


def run() -> None:
    """Run as a console script."""
    # Rows are many small containers without cycles: looking for some took a tenth of an audit's time.
    gc.set_threshold(100_000, 20, 20)
    code = execute(sys.argv[1:])
    interrupts.ignore()
    if code == INTERRUPTED:
        leave(code)
    if code in _ANSWERS and _all_is_done():
        # Taking a million small objects apart would change nothing; after an error it may close a file.
        leave(code)
    sys.exit(code)


def _all_is_done() -> bool:
    """Tell whether no thread is left to wait for, and all that was said is out; do what is due at the end."""
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        return False
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        return False  # Python says what is wrong, and exits with its own code
    return True


def leave(code: int) -> None:
    """End the process at once: after an interrupt a thread may still be compiling, for many seconds."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if making := sys.modules.get("auditor.jit.making"):
        making.stop_all()
    os._exit(code)
