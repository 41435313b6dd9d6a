"""Read terms.yaml: `Terms`."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from auditor.domain import axes
from auditor.domain.axes import Axis, Confidence
from auditor.domain.term_obligation import (
    Business,
    Metric,
    ObligationId,
    TermObligation,
    Territory,
    TerritoryTest,
    Threshold,
    Trigger,
)
from auditor.domain.terms import Clause, Facts, Openness, Terms, TermsKind
from auditor.ids import TermsId
from auditor.knowledge.fields import Fields
from auditor.knowledge.readings import check_readings, read_reading

V = TypeVar("V", bound=axes.AxisValue)


def read_terms(fields: Fields, overlay: str = "") -> Terms:
    """Build one entry of terms.yaml.

    Raises:
        KnowledgeError: the entry breaks the schema.
    """
    confidence = fields.choice("confidence", Confidence)
    source = fields.text("source")
    terms = Terms(
        id=TermsId(fields.text("id")),
        name=fields.text("name"),
        kind=fields.choice("kind", TermsKind),
        version=fields.text("version"),
        url=fields.text("url"),
        source=source,
        confidence=confidence,
        facts=_facts(fields.part("facts"), confidence, source),
        conditions=tuple(_condition(one) for one in fields.entries("conditions")),
        thresholds=tuple(_threshold(one) for one in fields.entries("thresholds")),
        territories=tuple(_territory(one) for one in fields.entries("territories")),
        openness=fields.choice("openness", Openness, Openness.UNKNOWN),
        also_known_as=fields.texts("also_known_as"),
        effective_from=fields.date("effective_from"),
        effective_to=fields.date("effective_to"),
        engine_note=fields.text("engine_note", ""),
        not_verified=fields.text("not_verified", ""),
        reading=fields.text("reading", ""),
        read=tuple(read_reading(one) for one in fields.entries("read")),
        overlay=overlay,
    )
    check_readings(terms, fields)
    fields.done()
    return terms


def _facts(fields: Fields, confidence: Confidence, source: str) -> Facts:
    outputs = fields.part(Axis.OUTPUTS)
    basis = outputs.choice("silent_basis", axes.SilentBasis) if outputs.has("silent_basis") else None
    outputs_clause = _clause(outputs, Axis.OUTPUTS, axes.OutputsUse, confidence, source)
    if (outputs_clause.value is axes.OutputsUse.SILENT) != (basis is not None):
        raise outputs.fault("`silent_basis` belongs to the value `silent`, and to no other")

    def take(axis: Axis, values: type[V]) -> Clause[V] | None:
        if not fields.has(axis):
            return None
        return _clause(fields.part(axis), axis, values, confidence, source)

    facts = Facts(
        outputs=outputs_clause,
        silent_basis=basis,
        student=take(Axis.STUDENT, axes.StudentStatus),
        commercial=take(Axis.COMMERCIAL, axes.CommercialUse),
        redistribution=take(Axis.REDISTRIBUTION, axes.Redistribution),
        attribution=take(Axis.ATTRIBUTION, axes.Attribution),
        share_alike=take(Axis.SHARE_ALIKE, axes.ShareAlikeTerms),
        field_limit=take(Axis.FIELD, axes.FieldLimit),
        scale=take(Axis.SCALE, axes.ScaleLimit),
        termination=take(Axis.TERMINATION, axes.Termination),
        ownership=take(Axis.OWNERSHIP, axes.OutputOwnership),
        evaluation=take(Axis.EVALUATION, axes.EvaluationUse),
        barred=take(Axis.BARRED, axes.BarredModels),
    )
    fields.done()
    return facts


def _clause(fields: Fields, axis: Axis, values: type[V], confidence: Confidence, source: str) -> Clause[V]:
    clause: Clause[V] = Clause(
        axis=axis,
        value=fields.choice("value", values),
        section=fields.text("section", ""),
        text=fields.text("text", ""),
        note=fields.text("note", ""),
        confidence=fields.choice("confidence", Confidence, confidence),
        source=fields.text("source", source),
    )
    fields.done()
    return clause


def _condition(fields: Fields) -> TermObligation:
    condition = TermObligation(
        obligation=fields.choice("obligation", ObligationId),
        trigger=fields.choice("trigger", Trigger),
        section=fields.text("section", ""),
        params=MappingProxyType(dict(fields.words("params"))),
        certain=fields.truth("certain", True),
        thresholds=tuple(_threshold(one) for one in fields.entries("thresholds")),
    )
    if (condition.trigger is Trigger.SCALE) != bool(condition.thresholds):
        raise fields.fault("`thresholds` belong to the trigger `scale`, which needs at least one")
    fields.done()
    return condition


def _threshold(fields: Fields) -> Threshold:
    threshold = Threshold(
        above=fields.count("above"),
        metric=_maybe(fields, "metric", Metric),
        business=fields.choice("business", Business, Business.ANY),
        limit=_maybe(fields, "limit", axes.ScaleLimit),
    )
    fields.done()
    return threshold


def _territory(fields: Fields) -> Territory:
    territory = Territory(
        excluded=fields.texts("excluded"),
        test=fields.choice("test", TerritoryTest, TerritoryTest.ANY),
        multimodal_only=fields.truth("multimodal_only", False),
        end_users_exempt=fields.truth("end_users_exempt", False),
        section=fields.text("section", ""),
    )
    fields.done()
    return territory


S = TypeVar("S", bound=StrEnum)


def _maybe(fields: Fields, name: str, values: type[S]) -> S | None:
    return fields.choice(name, values) if fields.has(name) else None
