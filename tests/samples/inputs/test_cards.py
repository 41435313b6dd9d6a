"""Cards and side files from people we do not trust: read whole and strictly, or named as not read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.claim import ClaimKind
from auditor.samples.claims.license_files import UNREADABLE_LICENSE
from auditor.samples.claims.side_files import UNREADABLE_PIPELINE, file_claims
from auditor.samples.inputs import cards
from auditor.samples.inputs.cards import UNREADABLE, read_card
from auditor.samples.inputs.sources import DataFile
from auditor.strict_yaml import parse
from tests.samples.reading import run, write

LAUGHS = "a0: &a0 [lol, lol, lol, lol]\n" + "".join(
    f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]\n" for at in range(1, 9)
)
HOSTILE = {
    "aliases in the license": LAUGHS + "license: *a8",
    "aliases in the teacher": LAUGHS + "teacher: *a8",
    "aliases in the files": LAUGHS + "configs:\n- data_files: *a8",
    "a list in itself": "license: &x [*x]",
    "files in themselves": "configs:\n- data_files: &x [*x]",
    "a number in base 60": "license: 1" + ":1" * 200_000,
    "a number without end": "license: 0x" + "f" * 50_000,
    "a tag": "license: !!python/object/apply:os.system [ls]",
    "a tag on a list": "license: !mine [mit]",
    "a merge": "base: {license: mit}\n<<: {license: cc-by-nc-4.0}",
    "a key twice": "license: mit\nLicense: cc-by-nc-4.0",
    "a key twice within": "license: {name: mit, name: cc-by-nc-4.0}",
    "nested without end": "teacher: " + "[" * 500_000,
    "much": "tags: [" + "a," * 500_000 + "]\nlicense: mit",
    "an open quote": 'teacher: "' + "a" * 900_000,
    "a key that is a list": "? [a, b]\n: c\nlicense: mit",
    "a broken date": "license: 2024-13-45",
    "a tab": "license:\n\t- mit",
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("case", HOSTILE)
def test_a_card_that_cannot_be_read_says_so(tmp_path: Path, case: str) -> None:
    (tmp_path / "README.md").write_text(f"---\n{HOSTILE[case]}\n---\n# A set\n", encoding="utf-8")
    assert read_card(tmp_path) == {"license": UNREADABLE}


def test_a_card_longer_than_we_read_is_not_taken_for_one_without_a_license(tmp_path: Path) -> None:
    text = f"---\ndescription: {'x' * (1 << 20)}\nlicense: cc-by-nc-4.0\n---\n"
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert read_card(tmp_path) == {"license": UNREADABLE}


def test_a_long_page_below_the_card_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"---\nlicense: mit\n---\n{'x' * (2 << 20)}", encoding="utf-8")
    assert read_card(tmp_path) == {"license": "mit"}


@pytest.mark.parametrize(
    ("head", "card"),
    [
        ("license: mit\ndate: 2024-05-01\nsize: 1_000\nflag: no", {"license": "mit", "date": "2024-05-01"}),
        ("License: no", {"license": False}),
        ("{license: mit, tags: [a, b]}", {"license": "mit", "tags": ["a", "b"]}),
        ("license: |\n  MIT\n  for all", {"license": "MIT\nfor all"}),
        ("Just a sentence between two rules.", {}),
    ],
)
def test_plain_cards_are_read_as_before(tmp_path: Path, head: str, card: dict[str, object]) -> None:
    (tmp_path / "README.md").write_text(f"---\n{head}\n---\n", encoding="utf-8")
    found = read_card(tmp_path)
    assert {key: found[key] for key in card} == card
    assert card or not found


def claims(folder: Path, kind: ClaimKind) -> list[str]:
    file = DataFile(folder / "a.jsonl", "a.jsonl", root=folder, whole_folder=True)
    return [claim.value for claim in file_claims(file, None) if claim.kind is kind]


def test_a_long_license_of_a_card_keeps_its_end(tmp_path: Path) -> None:
    said = "MIT" + " " * 250 + "for non-commercial use only"
    (tmp_path / "README.md").write_text(f"---\nlicense: '{said}'\n---\n", encoding="utf-8")
    assert claims(tmp_path, ClaimKind.LICENSE) == [said]


def test_a_long_license_line_keeps_its_end(tmp_path: Path) -> None:
    said = "MIT" + " " * 250 + "AND CC-BY-NC-4.0"
    (tmp_path / "LICENSE").write_text(f"SPDX-License-Identifier: {said}\n", encoding="utf-8")
    assert claims(tmp_path, ClaimKind.LICENSE) == [said]


def test_a_license_file_longer_than_we_read_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("MIT\n" * 300_000, encoding="utf-8")
    assert claims(tmp_path, ClaimKind.LICENSE) == [UNREADABLE_LICENSE]


@pytest.mark.parametrize("text", [LAUGHS + "pipeline: *a8", "pipeline: &x {steps: *x}", "pipeline: 1:1"])
def test_a_pipeline_is_read_as_strictly_as_a_plan(tmp_path: Path, text: str) -> None:
    (tmp_path / "pipeline.yaml").write_text(text, encoding="utf-8")
    assert claims(tmp_path, ClaimKind.TEACHER) == [UNREADABLE_PIPELINE]


def test_every_model_of_every_pipeline_is_a_claim(tmp_path: Path) -> None:
    step = "pipeline:\n  steps:\n  - name: s\n    step:\n      "
    (tmp_path / "distiset_configs").mkdir()
    (tmp_path / "distiset_configs/pipeline.yaml").write_text(
        f"{step}llm: {{model: a, model_name: b, extra: {{proposers: [{{model: c}}, {{model_id: d}}]}}}}\n",
        encoding="utf-8",
    )
    (tmp_path / "pipeline.yaml").write_text(f"{step}llms: [{{model: e}}]\n", encoding="utf-8")
    assert sorted(claims(tmp_path, ClaimKind.TEACHER)) == ["a", "b", "c", "d", "e"]


NC = "license: cc-by-nc-4.0\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_card_and_a_license_are_read_in_the_encoding_that_they_name(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "README.md").write_text(f"---\n{NC}---\n", encoding=encoding)
    (tmp_path / "LICENSE").write_text("SPDX-License-Identifier: CC-BY-NC-4.0\n", encoding=encoding)
    assert claims(tmp_path, ClaimKind.LICENSE) == ["CC-BY-NC-4.0", "cc-by-nc-4.0"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "cp037"])
def test_a_card_in_an_encoding_that_nothing_names_cannot_be_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "README.md").write_bytes(f"---\n{NC}# é\n---\n".encode(encoding))
    assert read_card(tmp_path) == {"license": UNREADABLE}
    (tmp_path / "README.md").unlink()
    (tmp_path / "LICENSE").write_bytes("CC-BY-NC-4.0".encode("utf-16-le"))
    assert claims(tmp_path, ClaimKind.LICENSE) == [UNREADABLE_LICENSE]


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{NC}# A set\n",
        f"---\n{NC}---- \n# A set\n",
        f"<!-- made\n---\nby hand -->\n---\n{NC}---\n",
        f"# A set\n\n---\n{NC}---\n",
        f"--- # the card\n{NC}---\n",
        "--- {license: cc-by-nc-4.0}\n---\n",
        "---\nsource_datasets: [a/b]\n",
        f"<!-- a --><!-- b -->\n---\n{NC}",
    ],
)
def test_yaml_that_is_not_closed_or_not_at_the_top_cannot_be_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert read_card(tmp_path) == {"license": UNREADABLE}


@pytest.mark.parametrize(
    "text", ["# A set\n---\nWords.\n## License\nMIT\n", "---\nWords.\n", "A --- B\nlicense: x", "é" * 600_000]
)
def test_a_page_without_yaml_is_no_broken_card(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert read_card(tmp_path) == {}


def test_a_card_may_end_with_dots_and_hold_a_rule_within_a_text(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"---\n{NC}...\n# A set\n", encoding="utf-8")
    assert read_card(tmp_path) == {"license": "cc-by-nc-4.0"}
    (tmp_path / "README.md").write_text(f"---\nabout: |\n  a\n  ---\n  ...\n{NC}---\n", encoding="utf-8")
    assert read_card(tmp_path)["license"] == "cc-by-nc-4.0"


@pytest.mark.parametrize(
    "head",
    ["licence: x", "Licenses: [x]", "dataset_info: {license: x}", "dataset_info: [{name: a, license: x}]"],
)
def test_a_license_is_found_under_other_spellings_and_a_level_deeper(tmp_path: Path, head: str) -> None:
    (tmp_path / "README.md").write_text(f"---\n{head}\n---\n", encoding="utf-8")
    assert claims(tmp_path, ClaimKind.LICENSE) == ["x"]


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "pipeline.yaml"])
def test_a_pipe_beside_the_rows_holds_nothing_up(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    kind = ClaimKind.TEACHER if name == "pipeline.yaml" else ClaimKind.LICENSE
    assert len(claims(tmp_path, kind)) == 1


def test_a_card_is_parsed_once_for_all_files_and_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(text: str, *args: Any, **options: Any) -> Any:
        asked.append(text)
        return parse(text, *args, **options)

    monkeypatch.setattr(cards, "parse", counted)
    (tmp_path / "README.md").write_text("---\nlicense: mit\nmark: once\n---\n")
    for name in ("a", "b", "c"):
        write(tmp_path / f"{name}.jsonl", {"text": "T"})
    run(tmp_path)
    assert asked == ["license: mit\nmark: once"]
    (tmp_path / "README.md").write_text("---\nlicense: isc\nmark: once\n---\n")
    assert cards.read_card(tmp_path)["license"] == "isc"
