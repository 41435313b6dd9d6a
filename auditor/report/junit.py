"""`junit.xml`: a test case a cause, in the form that the Jenkins xUnit schema (junit-10) describes."""

from __future__ import annotations

from typing import assert_never
from xml.etree import ElementTree as ET

from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.domain.report.report import Report
from auditor.report.interface import Style
from auditor.report.place import located
from auditor.report.sentences import limits, policy_changes, sentence
from auditor.report.view import ordered
from auditor.report.words import (
    ALLOWED_WAIVED,
    clause_text,
    count,
    is_waived,
    plain,
    short_digest,
    waiver_head,
)

MOST_CASES = 1_000


class JunitWriter:
    """Write one test suite: failures are denials and reviews, skipped is waived or not searched."""

    name = "junit"
    file_name = "junit.xml"

    def render(self, report: Report, style: Style) -> bytes:
        """Return XML in UTF-8."""
        policy = plain(f"{report.policy.name}@{report.policy.version}")
        state = f" ({ALLOWED_WAIVED.lower()})" if is_waived(report) else ""
        suite = ET.Element("testsuite", name=f"policy:{policy}{state}")
        properties = ET.SubElement(suite, "properties")
        for name, value in _properties(report).items():
            ET.SubElement(properties, "property", name=name, value=value)
        cases = [
            _search(report),
            *(_case(finding, report) for finding in ordered(report.findings)[:MOST_CASES]),
        ]
        for case in cases:
            case.set("classname", f"auditor.{plain(report.policy.name)}")
        suite.extend(cases)
        ET.SubElement(suite, "system-out").text = "\n".join((sentence(report), *limits(report)))
        root = ET.Element("testsuites", name="auditor")
        _count(cases, suite, root)
        if report.created_at:
            suite.set("timestamp", plain(report.created_at)[:19])
        root.append(suite)
        ET.indent(root)
        content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return content + b"\n"


def _properties(report: Report) -> dict[str, str]:
    return {
        "outcome": report.outcome.value,
        "dataset": plain(short_digest(report.dataset.digest)),
        "rows": str(report.dataset.samples),
        "unreadable": str(report.dataset.unreadable),
        "policy.digest": plain(report.policy.digest),
        **({"policy.changes": said} if (said := policy_changes(report.policy)) else {}),
        **({"settings": plain(report.config.path)} if report.config else {}),
        **({"waivers": plain(waiver_head(report))} if waiver_head(report) else {}),
    }


def _count(cases: list[ET.Element], suite: ET.Element, root: ET.Element) -> None:
    failures = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    for element in (root, suite):
        element.set("tests", str(len(cases)))
        element.set("failures", str(failures))
        element.set("errors", "0")
    suite.set("skipped", str(skipped))


def _search(report: Report) -> ET.Element:
    case = ET.Element("testcase", name="search for copied teacher text")
    if not report.coverage.searched_rows:
        ET.SubElement(case, "skipped", message="not searched")
    return case


def _case(finding: Finding, report: Report) -> ET.Element:
    subject = f": {plain(finding.subject)}" if finding.subject else ""
    case = ET.Element("testcase", name=f"{plain(finding.rule)}{subject} [{plain(finding.id)}]")
    message = f"{count(finding.samples, 'row')}: {plain(finding.title)}"
    if finding.waived_by is not None:
        ET.SubElement(case, "skipped", message=f"waived by {plain(finding.waived_by)}; {message}")
        return case
    match finding.outcome:
        case Outcome.DENY | Outcome.REVIEW:
            failure = ET.SubElement(case, "failure", type=finding.outcome.value, message=message)
            failure.text = _body(finding, report)
        case Outcome.ALLOW_WITH_OBLIGATIONS | Outcome.ALLOW:
            ET.SubElement(case, "system-out").text = f"{message}\n{_body(finding, report)}"
        case _:
            assert_never(finding.outcome)
    return case


def _body(finding: Finding, report: Report) -> str:
    lines = [plain(finding.message)]
    lines += [f"clause: {clause_text(clause)}" for clause in finding.clauses]
    lines += [f"row: {plain(located(row.sample_id, report))}" for row in finding.evidence]
    lines += [f"fix: {plain(finding.fix)}"] if finding.fix else []
    return "\n".join(lines)
