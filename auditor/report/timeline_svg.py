"""A timeline as an SVG file of its own: no script, no network."""

from __future__ import annotations

from auditor.domain.timeline import Timeline
from auditor.report.html import environment
from auditor.report.timeline import drawing


def svg(timeline: Timeline) -> str:
    """Return the picture of a timeline."""
    return environment().get_template("timeline.svg.j2").render(drawing=drawing(timeline))
