"""Data Provenance Initiative records: every name and every string maps, or is listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.domain.axes import OutputsUse
from auditor.domain.claim import Basis, ClaimKind
from auditor.domain.license import LicenseStatus
from auditor.domain.teacher import ResolutionStatus
from auditor.domain.terms import UNKNOWN_TERMS
from auditor.errors import InputError
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.dpi import read_dpi, summarize


def _write(folder: Path, name: str, content: object) -> None:
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def test_a_record_gives_claims_teachers_and_licenses_in_its_order(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    record = {
        "Model Generated": ["OpenAI GPT-4", "dolly", "Nobody 1"],
        "Licenses": [{"License": "CC BY-NC 4.0"}, {"License": "Unspecified"}],
    }
    _write(tmp_path, "a.json", {"set-1": record})
    _write(tmp_path, "_constants.json", {"x": 1})
    (one,) = read_dpi(tmp_path, knowledge).records
    assert [t.status for t in one.teachers] == [
        ResolutionStatus.KNOWN,
        ResolutionStatus.AMBIGUOUS,
        ResolutionStatus.UNKNOWN,
    ]
    assert [x.expression for x in one.licenses] == ["CC-BY-NC-4.0", "NOASSERTION"]
    assert [c.value for c in one.claims.of(ClaimKind.TEACHER)] == record["Model Generated"]
    assert {c.basis for c in one.claims.claims} == {Basis.CARD}
    assert one.as_dict()["teachers"][0]["teacher"] == "openai-gpt-4"


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ([], "the record is not an object"),
        ({"Model Generated": "OpenAI GPT-4"}, "`Model Generated` is not a list"),
        (
            {"Model Generated": [3], "Licenses": [{"License": "MIT License"}]},
            "holds something that is not a name",
        ),
        ({"Licenses": [{"License URL": "x"}]}, "without a name"),
        ({"Licenses": {"License": "MIT License"}}, "`Licenses` is not a list"),
    ],
)
def test_a_broken_record_is_kept_with_its_fault(
    tmp_path: Path, knowledge: Knowledge, record: object, fault: str
) -> None:
    _write(tmp_path, "a.json", {"set-1": record})
    found = read_dpi(tmp_path, knowledge)
    assert fault in found.records[0].faults[0]
    assert summarize(found)["records_with_faults"] == 1
    assert found.records[0].licenses


def test_a_record_without_a_license_is_unknown_not_none(tmp_path: Path, knowledge: Knowledge) -> None:
    _write(tmp_path, "a.json", {"set-1": {"Model Generated": []}})
    (license,) = read_dpi(tmp_path, knowledge).records[0].licenses
    assert license.status is LicenseStatus.UNKNOWN


def test_unreadable_files_are_named_and_the_others_read(tmp_path: Path, knowledge: Knowledge) -> None:
    _write(tmp_path, "good.json", {"set-1": {}})
    _write(tmp_path, "list.json", [])
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    found = read_dpi(tmp_path, knowledge)
    assert [name.split(":")[0] for name in found.unreadable] == ["bad.json", "list.json"]
    assert len(found.records) == 1


def test_a_folder_without_records_is_refused(tmp_path: Path, knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_dpi(tmp_path / "none", knowledge)
    with pytest.raises(InputError, match="holds no DPI record"):
        read_dpi(tmp_path, knowledge)


def test_the_real_collection_resolves(shared: Path, knowledge: Knowledge) -> None:
    found = read_dpi(shared / "data/dpi", knowledge)
    summary = summarize(found)
    assert len(found.records) > 1_300
    assert summary["unreadable_files"] == []
    unmapped = {name.rpartition(" (")[0] for name in summary["unknown_licenses"]}
    assert unmapped <= {"Custom", "Google Cloud Translation API", "OpenAI", "Unspecified", "Various"}
    for record in found.records:
        for teacher in record.teachers:
            assert teacher.teacher or teacher.candidates or teacher.terms == (UNKNOWN_TERMS,)
            for one in (held for held in teacher.sets if held.known):
                outputs = {knowledge.terms[term].facts.outputs.value for term in one.terms}
                if "OpenAI" in teacher.name:
                    assert OutputsUse.ALLOWED not in outputs
                if "lama-2" in teacher.name:
                    assert OutputsUse.FORBIDDEN in outputs


def test_every_model_group_name_of_dpi_is_in_the_catalog(shared: Path, knowledge: Knowledge) -> None:
    groups = json.loads((shared / "data/dpi/_model_groups.json").read_text(encoding="utf-8"))
    unknown = {
        name
        for names in groups.values()
        for name in names
        if knowledge.resolve(name).status is ResolutionStatus.UNKNOWN
    }
    assert unknown <= {
        "Other", "SeaLLM", "DeepL", "Character AI", "Gretel Navigator", "In-House Glaive AI",
        "m-a-p/Kun-LabelModel", "m-a-p/Kun-PrimaryChatModel",
    }  # fmt: skip
