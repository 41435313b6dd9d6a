"""Values that read as a license, whatever their column is called."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.domain.claim import Basis, ClaimKind
from auditor.samples.claims.answered import Answered
from auditor.samples.claims.claim_table import ClaimTable, around
from auditor.samples.claims.license_values import inferred_licenses
from auditor.samples.shapes.map_entry import read_entries
from auditor.samples.shapes.mapping import Mapping


@pytest.mark.parametrize(
    ("row", "value", "where"),
    [
        ({"usage": "non-commercial research only"}, "non-commercial research only", "usage"),
        ({"url": "//opensource.org/license/mit/"}, "//opensource.org/license/mit/", "url"),
        ({"tags": ["en", "cc-by-nc-4.0"]}, "cc-by-nc-4.0", "tags"),
        ({"info": {"page": {"deed": "CC BY-SA 4.0"}}}, "CC BY-SA 4.0", "info.page.deed"),
        ({"meta": '{"deed": "CC BY-SA 4.0"}'}, "CC BY-SA 4.0", "meta.deed"),
        ({"max_stars_repo_licenses": ["GPL-3.0"]}, "GPL-3.0", "max_stars_repo_licenses"),
        ({"rights": "MIT"}, "MIT", "rights"),
        ({"image_licence": "as the museum says"}, "as the museum says", "image_licence"),
        ({"licenceName": "Open Government Licence v3.0"}, "Open Government Licence v3.0", "licenceName"),
        ({"note": "All rights reserved."}, "All rights reserved.", "note"),
        ({"terms": "Attribution-NonCommercial 4.0"}, "Attribution-NonCommercial 4.0", "terms"),
        ({"page": {"license": "CC BY-NC 4.0"}}, "CC BY-NC 4.0", "page.license"),
        ({"pages": [{"at": 1, "license": {"id": "cc-by-nc-4.0"}}]}, "cc-by-nc-4.0", "pages.license.id"),
        ({"meta": {"page": {"license": "MIT"}}}, "MIT", "meta.page.license"),
        ({"a": {"b": {"c": {"d": {"e": "cc-by-nc-4.0"}}}}}, "cc-by-nc-4.0", "a.b.c.d.e"),
        ({"pages": [{"license": "no"}] * 40 + [{"license": "MIT"}]}, "MIT", "pages.license"),
        ({"messages": [{"role": "user", "content": "a", "info": {"license": "MIT"}}]}, "MIT", "messages[].info.license"),  # noqa: E501
        ({"credit": {"role": "author", "license": "MIT"}}, "MIT", "credit.license"),
        ({"info": "{'license': 'MIT'}"}, "MIT", "info.license"),
        ({"info": json.dumps({"pad": "x" * 20_000, "license": "MIT"})}, "MIT", "info.license"),
        ({"tags": ["en", "license:cc-by-nc-4.0"]}, "cc-by-nc-4.0", "tags"),
        ({"credit": "Licensed under CC BY-NC 4.0."}, "CC BY-NC 4.0", "credit"),
        ({"by": "(c) 2020 A, all rights reserved"}, "(c) 2020 A, all rights reserved", "by"),
        ({"commercial_use": False}, "no commercial use", "commercial_use"),
        ({"commercial": "no"}, "no commercial use", "commercial"),
        ({"non_commercial": True}, "no commercial use", "non_commercial"),
        ({"meta": {"researchUseOnly": "yes"}}, "no commercial use", "meta.researchUseOnly"),
        ({"usage_rights": "may not be used commercially"}, "may not be used commercially", "usage_rights"),
        ({"usage_terms": "Personal use only."}, "Personal use only.", "usage_terms"),
        ({"terms": "x " * 90 + "not for commercial use"}, "x " * 90 + "not for commercial use", "terms"),
        ({"page": {"commercialUse": False}}, "no commercial use", "page.commercialUse"),
        ({"licenses_by_side": {"a": "yes", "b": "cc-by-nc-4.0"}}, "cc-by-nc-4.0", "licenses_by_side.b"),
        ({"restriction": "NC"}, "NC", "restriction"),
        ({"info": {"allowed_use": "research only"}}, "research only", "info.allowed_use"),
        ({"sharing": "(MIT OR ISC) AND CC-BY-NC-4.0"}, "(MIT OR ISC) AND CC-BY-NC-4.0", "sharing"),
        ({"doctor": {"license": "CC-BY-4.0"}}, "CC-BY-4.0", "doctor.license"),
    ],
)  # fmt: skip
def test_a_license_is_seen_in_a_column_of_any_name(row: dict[str, Any], value: str, where: str) -> None:
    (claim,) = inferred_licenses(row)
    assert (claim.kind, claim.value, claim.where) == (ClaimKind.LICENSE, value, where)
    assert claim.basis is Basis.INFERRED


@pytest.mark.parametrize(
    "row",
    [
        {"affiliation": "MIT"},
        {"commercial_use": True, "commercial": "yes"},
        {"non_commercial": False, "research_only": "no", "nc": 1},
        {"usage_rights": "free for any use, commercial use included", "terms": "x " * 90},
        {"note": "may not be used commercially"},
        {"is_commercial_break": False, "is_commercial": False},
        {"note": "Released under water"},
        {"meta": {"license": "MIT"}},
        {"topic": "attribution theory"},
        {"domain": "research"},
        {"note": "not for beginners"},
        {"category": "Public domain"},
        {"driver_license": "class B"},
        {"doctor": {"name": "A", "license": "A-123"}},
        {"state": "NC", "usage": "train", "restriction": "none", "cc": "a@example.org"},
        {"image_license": ""},
        {"has_license": "yes"},
        {"output": "CC-BY-NC-4.0"},
        {"messages": [{"role": "assistant", "content": "CC-BY-NC-4.0"}]},
        {"notes": "It is under CC-BY-NC-4.0, as far as I remember, " * 9},
        {"license": "CC-BY-NC-4.0"},
    ],
)
def test_what_is_no_license_or_stands_in_a_known_column_is_not_inferred(row: dict[str, Any]) -> None:
    assert inferred_licenses(row) == ()


def test_rows_with_other_inferred_licenses_have_other_claim_sets() -> None:
    table = ClaimTable()
    numbers = [table.number({"text": "a", "usage": usage}) for usage in ("CC-BY-NC-4.0", "CC0-1.0", "none")]
    assert numbers == [0, 1, 2]
    assert table.sets[2].of(ClaimKind.LICENSE) == ()


def test_an_ignored_column_claims_nothing() -> None:
    table = ClaimTable()
    table.answered = Answered(Mapping(read_entries(["ignore=usage"])))
    table.number({"text": "a", "usage": "CC-BY-NC-4.0"})
    assert table.sets[0].claims == ()


def test_what_stands_around_rows_is_looked_into_as_well() -> None:
    (claim,) = around({"info": {"terms": "CC BY-NC 4.0"}, "version": "2"})
    assert (claim.value, claim.where, claim.basis) == ("CC BY-NC 4.0", "info.terms", Basis.INFERRED)
