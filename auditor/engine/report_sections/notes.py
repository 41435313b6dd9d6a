"""What the report says to its reader: what was changed for this audit, and what to run next."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.domain.pack_changes import catalog_said
from auditor.domain.report.judged_by import bundle_said
from auditor.domain.report.origin_facts import OriginFacts
from auditor.engine.request import DEFAULT_OUT
from auditor.engine.waiving import WaiverSet
from auditor.knowledge.catalog import Knowledge
from auditor.policy.pack.load import CompiledPack


def notes(compiled: CompiledPack, asked: str, waivers: WaiverSet, knowledge: Knowledge) -> Iterator[str]:
    """Say what the one who set the audit up changed: rules switched off, shipped facts replaced.

    Args:
        asked: the pack as the audit was asked for it.
    """
    pack, changes = compiled.pack, compiled.changes
    for name in changes.shadows:
        yield f"The rules under the name {name} are NOT those of the shipped pack: they come from {asked}."
    for rule in changes.overrides:
        yield f"Policy {pack.name} replaces the rule {rule} of an included pack by its own."
    for rule in sorted(set(changes.disabled) - pack.disabled.keys()):
        yield f"Policy {pack.name} lacks the rule {rule} of the shipped pack."
    for rule, reason in pack.disabled.items():
        yield f"Policy {pack.name} switches the rule {rule} off: {reason}"
    yield from (f"Policy {pack.name} {text}." for text in pack.eased)
    yield from waivers.notes(pack.name)
    if knowledge.bundle is not None:
        yield f"The rows were judged by the {bundle_said(knowledge.bundle)}, not by the shipped catalog."
    for overlay in knowledge.overlays:
        yield f"The overlay {overlay} adds to the catalog and replaces shipped entries of the same id."
    if said := catalog_said(knowledge.replaced, knowledge.added):
        yield f"The catalog in force: {said}."


def next_commands(
    out: Path, planned: bool, outcome: Outcome, findings: Iterable[Finding], origins: Sequence[OriginFacts]
) -> Iterator[str]:
    """Yield the commands that help from here.

    Args:
        out: the audit's folder.
        planned: there is a plan.
    """
    folder = "" if out == DEFAULT_OUT else f" --audit {shlex.quote(str(out))}"
    first = next((one for one in findings if not one.waived_by), None)
    if not planned:
        yield "auditor init"
    if first is not None:
        yield f"auditor explain {first.id}{folder}"
    if outcome.passes:
        yield f"auditor attest {shlex.quote(str(out))} --key KEY --out permit.intoto.json"
    elif any(one.outcome.passes for one in origins):
        yield f"auditor split {shlex.quote(str(out))}"
    elif any(one.outcome is Outcome.REVIEW for one in origins):
        # Without the option not a single row would be kept.
        yield f"auditor split {shlex.quote(str(out))} --keep-review"
