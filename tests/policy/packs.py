"""Pack files for tests, written in few words."""

from __future__ import annotations

from pathlib import Path

RULE = """
- id: {id}
  title: t
  applies_to: plan
  layer: provenance
  when: 'plan.given'
  outcome: review
  message: m
  references: [{{ref: engine-rule}}]
  owner: o
"""


def write(folder: Path, name: str, body: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(body)
    return path


def pack(rules: str, head: str = "") -> str:
    return f"pack: p\nversion: '1'\ntitle: t\n{head}rules:\n{rules.strip()}\n"
