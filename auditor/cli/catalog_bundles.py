"""`auditor catalog bundle | update | bundles`: a catalog in one signed file, and what a newer one changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.answer_options import knowledge_of
from auditor.cli.common import (
    DEFAULT_LEDGER,
    DataFormat,
    FormatOption,
    KnowledgeOption,
    LedgerOption,
    emit,
    emit_json,
    now,
    present,
    say,
)
from auditor.domain.exit_code import ExitCode
from auditor.errors import KnowledgeError, RefusedError, UsageError

if TYPE_CHECKING:
    from auditor.cli.catalog_impact import AuditChange
    from auditor.knowledge.bundle import Bundle
    from auditor.knowledge.changes_in_words import Told

_DAY = "%Y%m%d%H%M%S"


def bundle(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with all files of a catalog.")],
    key: Annotated[list[Path], typer.Option("--key", help="Private key; repeat for several signers.")],
    out: Annotated[Path, typer.Option("--out", help="Bundle to write.")] = Path("catalog.bundle.json"),
    series: Annotated[str, typer.Option("--series", help="Whose bundles follow on each other.")] = "catalog",
    serial: Annotated[
        int | None, typer.Option("--serial", min=0, help="Grows in a series; default: the time, as a number.")
    ] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", help="How long it is vouched for: 30d, 365d.")
    ] = None,
) -> None:
    """Sign a whole catalog as one file, whose digest an audit can be pinned to; it is checked first."""
    from auditor.attest.catalog_bundle import signed_bundle
    from auditor.attest.files import write_new
    from auditor.cli.attest import duration
    from auditor.cli.keys import load_signer
    from auditor.knowledge.bundle import Edition, is_series
    from auditor.knowledge.bundle_store import written
    from auditor.knowledge.load import load_bundle

    if not is_series(series):
        raise UsageError(f"{series!r} is not a series", fix="use small letters, digits, `.`, `_` and `-`")
    files = _files(folder)
    moment = now()
    until = moment + duration(expires) if expires else None
    number = int(moment.strftime(_DAY)) if serial is None else serial
    edition = Edition(_version(folder), number, moment, until, series)
    made = signed_bundle(files, edition, [load_signer(path) for path in key])
    facts = load_bundle(made)
    _refuse_remarks(facts, folder)
    write_new(out, written(made))
    say(f"{len(files)} files, {len(facts.teachers)} teachers, facts of {edition.version}: {out}")
    emit(made.digest)


def _files(folder: Path) -> dict[str, bytes]:
    """Return the knowledge files of a folder; what a link leads to is not signed."""
    from auditor.knowledge.documents import raw_files

    if not folder.is_dir():
        raise KnowledgeError(
            "there is no such folder", where=str(folder), fix="give a folder of knowledge files"
        )
    links = sorted(path.name for path in folder.iterdir() if path.is_symlink())
    if links:
        raise KnowledgeError(
            "a link would be signed as a file", where=str(folder / links[0]), fix="copy the file"
        )
    return raw_files(folder)


def _version(folder: Path) -> str:
    from auditor.knowledge.load import load_folders

    return load_folders((folder,)).version


def _refuse_remarks(facts: Any, folder: Path) -> None:
    from auditor.knowledge.lint import lint_knowledge

    remarks = lint_knowledge(facts)
    for one in remarks[:20]:
        say(f"{one.where}: {one.message}")
    if remarks:
        raise KnowledgeError(
            f"{len(remarks)} remarks: such a catalog is not signed", where=str(folder), fix="mend them"
        )


def export(
    out: Annotated[Path, typer.Option("--out", help="Folder to write; it may not hold a catalog yet.")],
    bundle: Annotated[
        str | None,
        typer.Option("--bundle", help="An applied bundle, sha256:…; default: the shipped catalog."),
    ] = None,
) -> None:
    """Write the files of a whole catalog, to be changed and signed as a bundle."""
    from auditor.attest.files import write_new
    from auditor.knowledge.bundle_store import stored_bundle
    from auditor.knowledge.documents import raw_files
    from auditor.knowledge.load import BUILT_IN

    files = stored_bundle(bundle).files if bundle else raw_files(BUILT_IN)
    there = next((out / name for name in files if (out / name).exists() or (out / name).is_symlink()), None)
    if there is not None:
        raise UsageError("a file is there already", where=str(there), fix="choose another --out")
    for name, content in files.items():
        write_new(out / name, content)
        emit(str(out / name))


def update(
    source: Annotated[str, typer.Option("--from", help="Bundle: a file, a file:// or an https:// address.")],
    key: Annotated[list[Path], typer.Option("--key", help="Trusted public key; repeat for several.")],
    threshold: Annotated[int, typer.Option(help="How many distinct keys must have signed.")] = 1,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Apply it; without this it is only shown.")
    ] = False,
    expect: Annotated[
        str | None,
        typer.Option("--expect", help="Take exactly this digest, also where a newer one is known."),
    ] = None,
    plan: Annotated[
        list[Path] | None, typer.Option("--plan", help="Plan that recorded audits were for; repeatable.")
    ] = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
    knowledge: KnowledgeOption = None,
    format: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Show in words what a signed bundle would change, and which recorded audits; apply it by --yes.

    Exit codes: 0 applied or nothing differs, 3 shown and not applied, 1 expired or older than what is here,
    4 not signed by a trusted key, or changed.
    """
    from auditor.attest.catalog_bundle import open_bundle
    from auditor.attest.keys import load_public
    from auditor.cli.catalog_impact import audit_changes
    from auditor.knowledge.bundle_store import keep_bundle
    from auditor.knowledge.changes_in_words import told_changes
    from auditor.knowledge.load import load_bundle

    opened = open_bundle(_fetched(source), source, [load_public(path) for path in key], threshold)
    _check(opened, expect)
    new, old = load_bundle(opened), knowledge_of(knowledge)
    told = told_changes(old, new)
    audits = audit_changes(ledger, old, new, {id for one in told for id in one.subjects}, plan or [])
    path = keep_bundle(opened) if yes else None
    if format is DataFormat.JSON:
        emit_json(_as_json(opened, told, audits, applied=yes))
    else:
        _show(opened, told, audits)
    if path is not None:
        say(f"applied: {path}")
        say(f"it is used where it is named: --knowledge {opened.digest}, or in auditor.yaml:")
        say(f"knowledge: {{bundle: {opened.digest}}}")
    elif told:
        say("nothing was applied; --yes applies it")
        raise typer.Exit(ExitCode.REVIEW)


def _fetched(source: str) -> bytes:
    from auditor.knowledge.bundle_source import fetch

    return fetch(source)


def _check(opened: Bundle, expect: str | None) -> None:
    """Refuse a bundle that is out of time, not the one that is expected, or older than what is here."""
    from auditor.knowledge.bundle import out_of_time
    from auditor.knowledge.bundle_store import check_newer
    from auditor.knowledge.load import load_knowledge

    if why := out_of_time(opened.facts, present()):
        raise RefusedError(why, where=opened.digest, fix="take a newer one")
    if expect is None:
        check_newer(opened, load_knowledge().version)
    elif expect != opened.digest:
        raise RefusedError(f"the bundle is {opened.digest}, not {expect}", fix="give the right --from")


def _show(opened: Bundle, told: list[Told], audits: list[AuditChange]) -> None:
    edition = opened.edition
    until = f", vouched for until {edition.expires_at.date()}" if edition.expires_at else ""
    say(f"{edition.series} {edition.serial}: facts of {edition.version}, {opened.digest}{until}")
    for one in told:
        changed = [audit for audit in audits if audit.touches(one.subjects) and audit.changes]
        count = f": {len(changed)} audit{'s' * (len(changed) != 1)} change{'s' * (len(changed) == 1)} outcome"
        emit(f"{one.sentence}{count if changed else ''}")
    for audit in audits:
        emit(f"  {audit.words()}")
    if not told:
        emit("Nothing differs from the catalog in use.")


def _as_json(opened: Bundle, told: list[Told], audits: list[AuditChange], *, applied: bool) -> dict[str, Any]:
    return {
        "bundle": opened.facts,
        "applied": applied,
        "changes": [{"sentence": one.sentence, "subjects": list(one.subjects)} for one in told],
        "audits": [audit.as_dict() for audit in audits],
    }


def bundles(format: FormatOption = DataFormat.TERMINAL) -> None:
    """List the bundles that were applied on this machine; each is used only where it is named."""
    from auditor.knowledge.bundle import out_of_time
    from auditor.knowledge.bundle_store import applied, folder

    found = sorted((one.facts for one in applied()), key=lambda one: (one.series, one.serial))
    if format is DataFormat.JSON:
        emit_json(found)
        return
    for one in found:
        ended = "  expired" if out_of_time(one, present()) else ""
        emit(f"{one.series}  {one.serial}  facts of {one.version}  {one.digest}{ended}")
    say(f"{len(found)} bundles in {folder()}")
