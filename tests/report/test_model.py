from __future__ import annotations

from auditor.domain.report.report import Report
from auditor.report import model


def test_a_report_format_of_another_package_finds_the_report_and_its_parts() -> None:
    assert model.Report is Report
    assert all(hasattr(model, name) for name in model.__all__)
    parts = {kind for kind in vars(model).values() if isinstance(kind, type)}
    public = {name for name in model.__all__ if name[0].isupper()} - {"SCHEMA"}
    assert {kind.__name__ for kind in parts} == public
