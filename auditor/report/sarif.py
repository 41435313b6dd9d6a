"""`findings.sarif`: SARIF 2.1.0 (OASIS, errata 01) within the limits of GitHub code scanning.

A result stands for a cause in a file, not for a row, since GitHub keeps 5,000 results; its rows are in
`properties`. Waived findings are left out: GitHub does not read `suppressions` and would raise them again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any, assert_never
from urllib.parse import quote

from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.domain.report.dataset import FileFacts
from auditor.domain.report.report import Report
from auditor.domain.waiver import AppliedWaiver
from auditor.report.interface import Style
from auditor.report.place import Place, places
from auditor.report.sentences import catalog_words, policy_words
from auditor.report.view import ordered
from auditor.report.words import clause_text, count, plain, waiver_head, web_address

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://example.org/auditor"
MOST_RESULTS, MOST_ROWS, MOST_FILES, MOST_CHARS = 5_000, 100, 1_000, 1_000


class SarifWriter:
    """Write a SARIF log of one run."""

    name = "sarif"
    file_name = "findings.sarif"

    def render(self, report: Report, style: Style) -> bytes:
        """Return the log in UTF-8."""
        log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
        return (json.dumps(log, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def _run(report: Report) -> dict[str, Any]:
    findings = [finding for finding in ordered(report.findings) if finding.waived_by is None]
    rules = {finding.rule: finding for finding in reversed(findings)}
    order = {rule: place for place, rule in enumerate(sorted(rules))}
    results = [_result(f, place, order[f.rule]) for f in findings for place in places(f, report)]
    return {
        "tool": {"driver": _driver(report, [rules[name] for name in order])},
        "automationDetails": {"id": f"auditor/{quote(report.policy.name, safe='')}/"},
        "columnKind": "utf16CodeUnits",
        "invocations": [_invocation(report)],
        "artifacts": [{"location": {"uri": _uri(file.seen)}} for file in report.dataset.files[:MOST_FILES]],
        "results": results[:MOST_RESULTS],
        "properties": _properties(report, findings),
    }


def _driver(report: Report, rules: Iterable[Finding]) -> dict[str, Any]:
    driver = {"name": "auditor", "informationUri": HOME, "rules": [_rule(finding) for finding in rules]}
    return {**driver, "version": report.tool_version} if report.tool_version else driver


def _rule(finding: Finding) -> dict[str, Any]:
    title, fix = _text(finding.title), _text(finding.fix or "See the report for the clause and the way out.")
    rule: dict[str, Any] = {
        "id": plain(finding.rule),
        "name": "".join(word.capitalize() for word in re.findall(r"\w+", finding.rule)) or "Rule",
        "shortDescription": {"text": f"{title.rstrip('.')}."},
        "fullDescription": {"text": f"{title.rstrip('.')}."},
        "help": {"text": fix},
        "defaultConfiguration": {"level": _level(finding.outcome)},
        "properties": {"tags": ["dataset", finding.layer.value], "precision": "high"},
    }
    address = next((web_address(clause.url) for clause in finding.clauses if web_address(clause.url)), "")
    return {**rule, "helpUri": address} if address else rule


def _result(finding: Finding, place: Place, rule_index: int) -> dict[str, Any]:
    clauses = "; ".join(clause_text(clause) for clause in finding.clauses)
    message = f"{_text(finding.message).rstrip('.')}. {count(finding.samples, 'row')} in all."
    return {
        "ruleId": plain(finding.rule),
        "ruleIndex": rule_index,
        "level": _level(finding.outcome),
        "message": {"text": f"{message} Clause: {_text(clauses)}." if clauses else message},
        "locations": [_location(place)],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(finding, place)},
        "properties": {
            "finding": finding.id,
            "outcome": finding.outcome.value,
            "subject": plain(finding.subject),
            "samples": finding.samples,
            "sampleIds": [plain(row.sample_id) for row in place.rows[:MOST_ROWS]],
        },
    }


def _location(place: Place) -> dict[str, Any]:
    region = {"startLine": place.line, "startColumn": 1, "endLine": place.line, "endColumn": 2}
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(place.file)}, "region": region}
    }
    if place.rows:
        location["logicalLocations"] = [{"fullyQualifiedName": plain(place.rows[0].sample_id), "kind": "row"}]
    return location


def _fingerprint(finding: Finding, place: Place) -> str:
    # No line number goes in, so that shuffled rows do not open every alert again.
    subject = "\n".join((finding.id, place.file)).encode("utf-8", "backslashreplace")
    return f"{hashlib.sha256(subject).hexdigest()[:16]}:1"


def _invocation(report: Report) -> dict[str, Any]:
    broken = [_unreadable(file) for file in report.dataset.files if file.error][:MOST_FILES]
    if head := waiver_head(report):
        broken.insert(0, {"level": "warning", "message": {"text": _text(head)}})
    invocation: dict[str, Any] = {"executionSuccessful": True, "exitCode": report.exit_code}
    return {**invocation, "toolExecutionNotifications": broken} if broken else invocation


def _unreadable(file: FileFacts) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": f"{plain(file.seen)} is unreadable: {_text(file.error)}"},
    }


def _properties(report: Report, shown: list[Finding]) -> dict[str, Any]:
    return {
        "outcome": report.outcome.value,
        "dataset": plain(report.dataset.digest),
        "samples": report.dataset.samples,
        "unreadable": report.dataset.unreadable,
        "searchedRows": report.coverage.searched_rows,
        "policy": policy_words(report.policy),
        **(
            {"catalog": catalog_words(report)} if report.knowledge.overlays or report.knowledge.bundle else {}
        ),
        "waivedFindings": len(report.findings) - len(shown),
        **({"waivers": [_waiver(one) for one in report.waivers[:MOST_ROWS]]} if report.waivers else {}),
    }


def _waiver(waiver: AppliedWaiver) -> dict[str, Any]:
    said = {
        "finding": waiver.finding,
        "rule": waiver.rule,
        "approvedBy": waiver.approved_by,
        "author": waiver.author,
        "expires": waiver.expires,
        "file": waiver.file,
        "digest": waiver.digest,
    }
    signed = {"signedBy": [plain(key) for key in waiver.signed_by]} if waiver.signed_by else {}
    return {"samples": waiver.samples, **{name: plain(text) for name, text in said.items() if text}, **signed}


def _level(outcome: Outcome) -> str:
    match outcome:
        case Outcome.DENY:
            return "error"
        case Outcome.REVIEW:
            return "warning"
        case Outcome.ALLOW_WITH_OBLIGATIONS | Outcome.ALLOW:
            return "note"
    assert_never(outcome)


def _text(text: str) -> str:
    line = plain(text)
    return line if len(line) <= MOST_CHARS else f"{line[: MOST_CHARS - 1]}…"


def _uri(path: str) -> str:
    return quote(path.removeprefix("./"), safe="/", errors="replace")
