"""Models and sets that files beside the rows name under any name are seen, and bound under one path each."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.claim import ClaimKind
from auditor.engine.model_names import ModelNames
from auditor.knowledge.load import load_knowledge
from auditor.samples.claims.beside import beside_files
from auditor.samples.claims.named_beside import set_up_claims
from auditor.samples.inputs.sources import find_files

NAMES = ModelNames(load_knowledge())
ORCA = "Open-Orca/OpenOrca"
CRATE = {"@graph": [{"@id": "./", "@type": "Dataset"}]}


def named(folder: Path, **files: Any) -> list[str]:
    (folder / "rows.jsonl").write_text('{"instruction": "q", "output": "a"}\n')
    for name, content in files.items():
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
    (file,) = find_files([str(folder)])
    found = set_up_claims(file, NAMES)
    return [one.value for one in found if one.kind in (ClaimKind.TEACHER, ClaimKind.SOURCE)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("datapackage.json", {"sources": [{"title": "OpenOrca"}]}, ORCA),
        ("datapackage.json", {"sources": [{"path": f"https://huggingface.co/datasets/{ORCA}"}]}, ORCA),
        ("datapackage.json", {"sources": [{"title": "gpt-4o"}]}, "gpt-4o"),
        ("datapackage.json", {"contributors": [{"title": "gpt-4o", "role": "author"}]}, "gpt-4o"),
        ("datapackage.json", {"title": "Letters", "contributors": [{"title": "Anna"}]}, None),
        ("croissant.json", {"description": f"A cleaned version of {ORCA}."}, ORCA),
        ("croissant.json", {"keywords": ["gpt-4o", "synthetic"]}, "gpt-4o"),
        ("croissant.json", {"citeAs": "@misc{x, title={A version of OpenOrca}}"}, None),
        ("dataset_info.json", {"homepage": f"https://huggingface.co/datasets/{ORCA}", "features": {}}, ORCA),
        ("dataset_info.json", {"dataset_name": "open_orca", "features": {}}, ORCA),
        ("dataset_info.json", {"download_checksums": {f"hf://datasets/{ORCA}@c1/a.parquet": {}}}, ORCA),
        ("dataset_info.json", {"dataset_name": "letters", "builder_name": "json", "features": {}}, None),
        ("dataset_info.json", {"mine": {"file_name": "rows.jsonl", "hf_hub_url": ORCA}}, ORCA),
        ("dataset_info.json", {"mine": {"file_name": "rows.jsonl", "ms_hub_url": "AI/OpenOrca"}},
         "AI/OpenOrca"),
        ("dataset_info.json", {"open_orca": {"file_name": "rows.jsonl"}}, ORCA),
        ("dataset_info.json", {"mine": {"file_name": "rows.jsonl"}, "b": {"hf_hub_url": ORCA}}, None),
        ("dataset_info.json", {"mine": {"file_name": "b.jsonl", "hf_hub_url": ORCA}}, None),
        ("ro-crate-metadata.json", {**CRATE, "isBasedOn": {"@id": f"https://hf.co/datasets/{ORCA}"}}, ORCA),
        ("ro-crate-metadata.json", {"@graph": [{"@id": "./", "creator": {"@id": "#gpt-4o"}}]}, "gpt-4o"),
        ("ro-crate-metadata.json", {"@graph": [{"@id": "./", "creator": {"@id": "#anna"}}]}, None),
        ("train.yaml", f"base_model: Qwen/Qwen3-8B\ndatasets:\n- path: {ORCA}\n- path: rows.jsonl", ORCA),
        ("train.yaml", "base_model: Qwen/Qwen3-8B\ndatasets:\n- path: acme/letters", None),
        ("sft.yaml", f"model_name_or_path: Qwen/Qwen3-8B\nlearning_rate: 1\ndataset_name: {ORCA}", ORCA),
        ("sft.yaml", f"learning_rate: 1\ndataset_mixer:\n  {ORCA}: 1.0", ORCA),
        ("tune.yaml", "optimizer: {lr: 1}\ndataset: {source: tatsu-lab/alpaca}", "tatsu-lab/alpaca"),
        ("promptfooconfig.yaml", "providers:\n- id: openai:chat:gpt-4o", "gpt-4o"),
        ("promptfooconfig.yaml", "providers:\n- id: python:desk.py", None),
        ("CITATION.cff", "title: x\nreferences:\n- {type: data, title: OpenOrca}", ORCA),
        ("CITATION.cff", "title: x\nreferences:\n- {type: article, title: QLoRA}", None),
        ("CITATION.cff", "title: A cleaned version of OpenOrca", ORCA),
        ("AUTHORS", "Anna Ash\ngpt-4o (answers)\n", "gpt-4o"),
        ("AUTHORS", "Anna Ash\nClaude Dupont\nGemini Elm\n", None),
        ("CONTRIBUTORS.md", "- Anna\n- Claude 3 Opus\n", "Claude 3 Opus"),
        ("CITATION.bib", "@misc{x,\n  title={Bowls from OpenOrca},\n  year=2025}\n", ORCA),
        ("README.md", f"---\ndatasets: [{ORCA}]\n---\n", ORCA),
        ("README.md", f"---\ndatasets: [{ORCA}]\nbase_model: Qwen/Qwen3-8B\n---\n", None),
        ("README.md", f"---\nsummary: A cleaned version of {ORCA}.\n---\n", ORCA),
    ],
)  # fmt: skip
def test_what_files_beside_rows_name_is_seen_under_any_name(
    tmp_path: Path, name: str, content: Any, said: str | None
) -> None:
    assert dict.fromkeys(named(tmp_path, **{name: content})) == ({said: None} if said else {})


def test_what_is_stated_beside_rows_is_bound_under_one_path_each(tmp_path: Path) -> None:
    registry = {"mine": {"file_name": "rows.jsonl", "hf_hub_url": ORCA, "columns": {"response": "output"}}}
    named(
        tmp_path,
        **{
            "dataset_info.json": registry,
            "metadata.json": {"license": "mit", "source": ORCA, "description": "From OpenOrca."},
            "sft.yaml": "dataset_name: rows.jsonl\ndataset_text_field: output\nlicense: mit\n",
            "AUTHORS": "gpt-4o\n",
        },
    )
    bound = Counter(one.path for one in beside_files(find_files([str(tmp_path)])))
    assert set(bound.values()) == {1}
    assert {"dataset_info.json!map", "dataset_info.json!names", "AUTHORS!claims"} <= set(bound)


@pytest.mark.parametrize("other", ["gpt-4", "Qwen3-8B"])
def test_another_name_in_metadata_or_credits_is_another_digest(tmp_path: Path, other: str) -> None:
    def bound(model: str) -> set[str]:
        named(tmp_path, **{"datapackage.json": {"sources": [{"title": model}]}, "AUTHORS": f"{model}\n"})
        return {one.digest for one in beside_files(find_files([str(tmp_path)]))}

    assert bound("gpt-4o") == bound("gpt-4o")
    assert bound("gpt-4o").isdisjoint(bound(other))
