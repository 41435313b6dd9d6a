"""GitHub workflow commands: annotations on the files of a change; the summary is the Markdown format."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.domain.report.report import Report
from auditor.redact import redact
from auditor.report.interface import Style
from auditor.report.place import Place, located, places
from auditor.report.sentences import sentence
from auditor.report.view import ordered
from auditor.report.words import clause_text, count, is_waived, plain, waiver_head

MOST = 10
"""GitHub shows ten errors and ten warnings of a step."""


class GithubWriter:
    """Write one command a line, to be printed in a workflow step."""

    name = "github"
    file_name = "annotations.txt"

    def render(self, report: Report, style: Style) -> bytes:
        """Return the commands in UTF-8."""
        return "".join(f"{redact(line)}\n" for line in _lines(report)).encode("utf-8", "backslashreplace")


def _lines(report: Report) -> Iterator[str]:
    if (head := waiver_head(report)) and not is_waived(report):
        yield f"::notice title=auditor%3A waivers applied::{_message(head)}"
    if is_waived(report):
        yield f"::warning title={_property('auditor: allowed with waivers')}::{_message(sentence(report))}"
    spoken = [finding for finding in ordered(report.findings) if finding.waived_by is None]
    for outcome, command in ((Outcome.DENY, "error"), (Outcome.REVIEW, "warning")):
        found = [(f, place) for f in spoken if f.outcome is outcome for place in places(f, report)]
        for finding, place in found[:MOST]:
            yield _annotation(command, finding, place, report)
    if not is_waived(report):
        title = _property(f"auditor: {report.outcome.value}")
        yield f"::notice title={title}::{_message(sentence(report))}"


def _annotation(command: str, finding: Finding, place: Place, report: Report) -> str:
    clauses = "; ".join(clause_text(clause) for clause in finding.clauses)
    where = f" e.g. {plain(located(place.rows[0].sample_id, report))}." if place.rows else ""
    text = f"{plain(finding.message)} {count(finding.samples, 'row')}.{where}"
    text += f" Clause: {clauses}." if clauses else ""
    text += f" Fix: {plain(finding.fix)}" if finding.fix else ""
    place_text = f"file={_property(plain(place.file))},line={place.line}"
    return f"::{command} {place_text},title={_property(plain(finding.title))}::{_message(text)}"


def _message(text: str) -> str:
    # What Azure and old runners obey anywhere in a line.
    return text.replace("##[", "#\\u0023[").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
