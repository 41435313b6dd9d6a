"""Every shape that reading knows, with its tool: tested row by row, and written into docs/reading.md."""

from __future__ import annotations

from tests.samples.tools import agents, evals, labeling, pipelines, services, tracing, training
from tests.samples.tools.interface import Written

GROUPS: tuple[tuple[str, list[Written]], ...] = tuple(
    (one.TITLE, one.WRITTEN) for one in (services, training, evals, labeling, pipelines, tracing, agents)
)
EVERY = [written for _, group in GROUPS for written in group]
