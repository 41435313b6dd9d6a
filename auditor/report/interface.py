"""What a report format is, and the registry of formats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Protocol, runtime_checkable

from auditor import plugins
from auditor.domain.report.codec import FILE_NAME
from auditor.domain.report.report import Report
from auditor.errors import UsageError
from auditor.files import clear_drafts_beside, write_faults, write_whole
from auditor.samples.inputs.folders import AUDIT_FILES

FILES = ("html", "json", "markdown", "sarif", "junit")
"""The formats that every audit leaves in its folder."""


@dataclass(frozen=True, slots=True)
class Style:
    """How text for a terminal is laid out; other formats pass it over."""

    width: int = 100
    color: bool = False


@runtime_checkable
class Writer(Protocol):
    """One format."""

    name: str
    file_name: str
    """Name of its file in an audit's folder."""

    def render(self, report: Report, style: Style) -> bytes:
        """Return the same bytes for the same report."""
        ...


_BUILT_IN = {
    "terminal": ("auditor.report.terminal", "TerminalWriter"),
    "json": ("auditor.report.jsonfile", "JsonWriter"),
    "markdown": ("auditor.report.markdown", "MarkdownWriter"),
    "html": ("auditor.report.html", "HtmlWriter"),
    "sarif": ("auditor.report.sarif", "SarifWriter"),
    "junit": ("auditor.report.junit", "JunitWriter"),
    "github": ("auditor.report.github", "GithubWriter"),
}


def names() -> tuple[str, ...]:
    """Return the formats there are, built-in ones first."""
    return tuple(dict.fromkeys((*_BUILT_IN, *plugins.added(plugins.Family.REPORT_FORMATS))))


def writer(name: str) -> Writer:
    """Return the format `name`.

    Raises:
        UsageError: there is no such format.
        EnvironmentFault: it comes from another package and cannot be loaded.
    """
    if name in _BUILT_IN:
        module, attribute = _BUILT_IN[name]
        built: Writer = getattr(import_module(module), attribute)()
        return built
    point = plugins.added(plugins.Family.REPORT_FORMATS).get(name)
    if point is None:
        raise UsageError(f"there is no report format {name!r}", fix=f"choose one of {', '.join(names())}")
    return _AddedWriter(point)


class _AddedWriter:
    """A format of another package: a class with the members of `Writer`, held to what they promise."""

    def __init__(self, point: EntryPoint) -> None:
        self._point = point
        self._writer = plugins.call(point, plugins.load(point))
        if not isinstance(self._writer, Writer):
            raise plugins.broken(point, "is not a format: it lacks name, file_name or render")
        self.name = point.name
        self.file_name = self._writer.file_name

    def render(self, report: Report, style: Style) -> bytes:
        content = plugins.call(self._point, self._writer.render, report, style)
        if not isinstance(content, bytes):
            raise plugins.broken(self._point, f"gave {type(content).__name__} where bytes are due")
        return content


def writers(wanted: Iterable[str]) -> tuple[Writer, ...]:
    """Return formats by name, each once, in the order asked for; raises as `writer` does."""
    return tuple(writer(name) for name in dict.fromkeys(wanted))


def write_report(
    report: Report, out_dir: Path, formats: Iterable[str] = FILES, style: Style | None = None
) -> tuple[Path, ...]:
    """Write `formats` into a folder; all are rendered before the first is put in place.

    Raises:
        EnvironmentFault: the folder cannot be written.
        UsageError: there is no such format.
    """
    style = style or Style()
    rendered = [(out_dir / chosen.file_name, chosen.render(report, style)) for chosen in writers(formats)]
    # What `attest` signs comes last: it stands only where all else was written.
    for path, content in sorted(rendered, key=lambda file: file[0].name == FILE_NAME):
        write_atomically(path, content)
    return tuple(path for path, _ in rendered)


def withdraw_report(out_dir: Path) -> None:
    """Remove the report of an earlier run, lest it be taken for that of a run that fails, and dead drafts.

    Raises:
        EnvironmentFault: the folder cannot be written.
    """
    names = [chosen.file_name for chosen in writers(FILES)]
    clear_drafts_beside(out_dir, {*names, *AUDIT_FILES})
    for name in names:
        path = out_dir / name
        with write_faults(path, "choose another folder with --out"):
            path.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that readers meet the old content or the new, never a part.

    Raises:
        EnvironmentFault: it cannot be written.
    """
    with write_faults(path, "choose another folder with --out"):
        write_whole(path, content)
