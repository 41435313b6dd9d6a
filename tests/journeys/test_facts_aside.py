"""Facts that stand one column, file or level aside, as real tools write them, each with its harmless twin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.outcome import strictest
from auditor.provenance.origins import OriginTable
from auditor.samples.source import ReadOptions, open_source
from tests.journeys.aside_judge import CATALOG, JUDGE, NAMES

HUMAN = {"model": "human", "license": "CC0-1.0"}
OLMO = {"model": "allenai/OLMo-2-1124-7B-Instruct", "access": "open-weights", "license": "CC0-1.0"}
ORCA = "Open-Orca/OpenOrca"


def passes(folder: Path, row: dict[str, Any], **files: str) -> bool:
    """Tell whether the default pack lets one row train, beside files whose names are their keys."""
    folder.mkdir(parents=True)
    text = {"instruction": "How do I mend it?", "output": "With a dry bar of soap."}
    (folder / "rows.jsonl").write_text(json.dumps({**text, **row}) + "\n")
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    source = open_source([str(folder)], ReadOptions(models=NAMES))
    table = OriginTable(CATALOG)
    for batch in source:
        table.number(source.claim_sets, batch.claim_sets, None)
    assert table.samples == [1]
    return strictest(JUDGE.outcome(one) for one in table.origins).passes


COLUMNS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("a set's address", {"origin_url": f"https://huggingface.co/datasets/{ORCA}"},
     {"origin_url": "https://huggingface.co/datasets/acme/letters"}),
    ("a set's id", {"hf_repo": ORCA}, {"hf_repo": "openai/gsm8k"}),
    ("a set by name", {"subset": "OpenHermes"}, {"animal": "alpaca"}),
    ("a set in an object", {"provenance": {"url": f"hf://datasets/{ORCA}"}},
     {"provenance": {"url": "hf://a/b"}}),
    ("a mirror", {"link": "https://hf-mirror.com/datasets/teknium/OpenHermes-2.5"},
     {"link": "https://a.org/d"}),
    ("a set of which one knows the judge", {"hf_repo": "openbmb/UltraFeedback"},
     {"prompt_source": "openbmb/UltraFeedback"}),
    ("a repository", {"source_url": "https://github.com/tatsu-lab/stanford_alpaca"},
     {"source_url": "https://github.com/acme/letters"}),
    ("a shared chat", {"link": "https://chatgpt.com/share/abc-1"},
     {"link": "https://archive.org/share/abc-1"}),
    ("promptfoo", {"provider_info": {"id": "openai:gpt-4"}}, {"provider_info": {"id": "desk-7"}}),
    ("LangSmith", {"extra": {"metadata": {"ls_model_name": "gpt-4"}}},
     {"extra": {"metadata": {"ls_run": "4"}}}),
    ("Weave", {"summary": {"usage": {"gpt-4o-2024-08-06": {"requests": 1}}}},
     {"summary": {"usage": {"pages": {"requests": 1}}}}),
    ("OpenInference", {"attributes.llm.model_name": "gpt-4"}, {"attributes.page.name": "p4"}),
    ("LM Studio", {"versions": [{"steps": [{"genInfo": {"indexedModelIdentifier": "openai/gpt-4o"}}]}]},
     {"versions": [{"steps": [{"genInfo": {"by": "hand"}}]}]}),
    ("Open WebUI", {"chat": {"models": ["gpt-4o"]}}, {"chat": {"tags": ["x"]}}),
    ("SillyTavern", {"extra": {"api": "openai", "model": "gpt-4-turbo"}}, {"extra": {"pen": "blue"}}),
    ("Label Studio", {"predictions": [{"model_version": "gpt-4o"}]}, {"annotations": [{"completed_by": 7}]}),
    ("Argilla", {"suggestions": {"agent": "gpt-4"}}, {"suggestions": {"agent": "desk"}}),
    ("a folder of outputs", {"file_path": "out/gpt-4o-2024-08-06/1.json"}, {"file_path": "out/1999/1.json"}),
    ("an id", {"id": "gpt4-000123"}, {"id": "let-000123"}),
    ("an author", {"created_by": "OpenAI GPT-4"}, {"created_by": "Claude Monet"}),
    ("answers by model", {"answers_by": {"gpt-4": "Rub it.", "anna": "Oil."}},
     {"answers_by": {"anna": "Oil."}}),
    ("a truth value", {"ai_generated": True}, {"ai_generated": False}),
    ("yes in words", {"is_synthetic": "yes"}, {"is_synthetic": "no"}),
    ("a kind of source", {"source_type": "synthetic"}, {"source_type": "letters"}),
    ("an endpoint", {"endpoint": "https://api.openai.com/v1/chat"}, {"endpoint": "/articles/12"}),
    ("a vendor", {"vendor": "openai"}, {"vendor": "Scale AI"}),
    ("a provider", {"provider": "openai"}, {"provider": "Prolific"}),
    ("an address of calls", {"url": "https://api.anthropic.com/v1"}, {"url": "https://openai.com/blog/x"}),
    ("a base address", {"base_url": "https://llm.acme.example/v1"}, {"base_url": "https://archive.org"}),
    ("a deployment", {"deployment": "gpt-4o-prod"}, {"deployment": "production"}),
    ("sides", {"licenses_by_side": {"a": "MIT", "b": "cc-by-nc-4.0"}},
     {"licenses_by_side": {"a": "CC0-1.0"}}),
    ("a restriction", {"restriction": "NC"}, {"state": "NC"}),
    ("marks", {"cc": "by-nc"}, {"cc": "a@example.org"}),
    ("a use", {"allowed_use": "research only"}, {"department": "research"}),
    ("GitHub", {"repo": {"license": {"key": "cc-by-nc-4.0"}}}, {"repo": {"license": {"key": "cc0-1.0"}}}),
    ("rights", {"edm_rights": "http://rightsstatements.org/vocab/InC/1.0/"},
     {"edm_rights": "http://creativecommons.org/publicdomain/mark/1.0/"}),
    ("an expression", {"sharing": "CC-BY-NC-4.0 AND MIT"}, {"sharing": "MIT OR CC-BY-NC-4.0"}),
    ("a holder", {"page": {"license": "CC-BY-NC-4.0"}}, {"doctor": {"license": "A-123"}}),
    ("later steps", {"translator": "gpt-4"}, {"judge_model": "gpt-4", "provider": "openai"}),
    ("rewriters", {"rewritten_by": "gpt-4"}, {"eval_model": "gpt-4", "filtered_by": "gpt-4o"}),
    ("what it is about", {"step": "gpt-4"}, {"category": "AI: GPT-4", "title": "GPT-4", "song": "Claude 3"}),
    ("tags", {"tags": ["cooking", "gpt-4"]}, {"tags": ["ai", "gpt-4"]}),
    ("goods", {"vehicle": {"model": "gpt-4"}}, {"vehicle": {"make": "Chevrolet", "model": "Nova 2"}}),
]  # fmt: skip
HEAD = "---\nlicense: cc0-1.0\n{}---\n"
FILES: list[tuple[str, str, str]] = [
    ("README.md", HEAD.format("teacher: gpt-4\n"), HEAD.format("pretty_name: Letters\n")),
    ("README.md", HEAD.format("") + "The answers were generated with GPT-4.\n",
     HEAD.format("") + "The answers were written by people, some by GPT-4; the column says which.\n"),
    ("README.md", HEAD.format("") + "Not for commercial use.\n",
     HEAD.format("") + "Other sets are not for commercial use; this one is CC0.\n"),
    ("README.md", HEAD.format("tags: [synthetic, gpt-4]\n"), HEAD.format("tags: [letters]\n")),
    ("README.md", HEAD.format("generator_used: gpt-4o\n"), HEAD.format("base_model: gpt-4o\n")),
    ("README.md", HEAD.format("configs: [{config_name: gpt4_answers, data_files: rows.jsonl}]\n"),
     HEAD.format("configs: [{config_name: letters, data_files: rows.jsonl}]\n")),
    ("README.md", HEAD.format("extra_gated_fields: {For non-commercial use ONLY: checkbox}\n"),
     HEAD.format("extra_gated_fields: {Company: text}\n")),
    ("README.md", HEAD.format("language_creators: [machine-generated]\n"),
     HEAD.format("language_creators: [expert-generated]\n")),
    ("TERMS.md", "# Terms\n\nThis dataset may not be used for commercial purposes.\n",
     "Use it as you like.\n"),
    ("USAGE.md", "For non-commercial research only.\n", "Load it with `datasets`.\n"),
    ("NOTICE", "The data is licensed under CC BY-NC 4.0.\n", "Copyright 2026 the authors.\n"),
    ("COPYING", "SPDX-License-Identifier: CC-BY-NC-4.0\n", "SPDX-License-Identifier: CC0-1.0\n"),
    ("rows.jsonl.license", "SPDX-License-Identifier: CC-BY-NC-4.0\n", "SPDX-License-Identifier: CC0-1.0\n"),
    ("meta/README.md", HEAD.format("").replace("cc0-1.0", "cc-by-nc-4.0"), HEAD.format("")),
    ("docs/README.md", "The answers were generated with GPT-4.\n", "People wrote the answers.\n"),
    ("dataset.yaml", "license: cc-by-nc-4.0\n", "license: cc0-1.0\n"),
    ("dataset.json", '{"license": "cc-by-nc-4.0"}', '{"license": "cc0-1.0"}'),
    ("CITATION.cff", "type: dataset\nlicense: CC-BY-NC-4.0\n", "type: software\nlicense: GPL-3.0\n"),
    ("REUSE.toml", '[[annotations]]\nSPDX-License-Identifier = "CC-BY-NC-4.0"\n',
     '[[annotations]]\nSPDX-License-Identifier = "CC0-1.0"\n'),
    ("ro-crate-metadata.json",
     '{"@graph": [{"license": {"@id": "https://creativecommons.org/licenses/by-nc/4.0/"}}]}',
     '{"@graph": [{"license": {"@id": "https://creativecommons.org/publicdomain/zero/1.0/"}}]}'),
    ("croissant.json",
     json.dumps({"prov:wasDerivedFrom": {"@id": f"https://huggingface.co/datasets/{ORCA}"}}), "{}"),
    ("config.yaml", "model: gpt-4\n", "base_model: gpt-4\nlearning_rate: 0.1\n"),
    ("generation_config.json", '{"model": "gpt-4"}', '{"temperature": 0.7}'),
    ("pipeline.yaml", "steps:\n- {name: write, llm: {model: gpt-4}}\n",
     "steps:\n- {name: judge, llm: {model: gpt-4}}\n"),
    ("config/curator.yaml", "stages:\n- _target_: nemo_curator.synthetic.NemotronCC\n  model_name: gpt-4o\n",
     "stages:\n- _target_: nemo_curator.Dedup\n  threads: 4\n"),
    ("builder_config.json", '{"model_configs": [{"alias": "writer", "model": "gpt-4o"}]}',
     '{"model_configs": [{"alias": "judge", "model": "gpt-4o"}]}'),
    ("inference.yaml", "inference_config: {model_name_or_path: meta-llama/Llama-3.3-70B-Instruct}\n",
     "inference_config: {server_type: none}\n"),
    ("dvc.yaml", "stages: {gen: {cmd: python gen.py --model gpt-4o}}\n",
     "stages: {gen: {cmd: python clean.py}}\n"),
    ("gen.ini", "[writer]\nmodel = gpt-4\n", "[paper]\nsize = a4\n"),
    ("Makefile", "rows.jsonl:\n\tpython gen.py --model=gpt-4o\n", "rows.jsonl:\n\tpython clean.py\n"),
    ("provenance.json", '{"generator": {"model": "claude-3-opus-20240229"}}',
     '{"collected": {"by": "hand"}}'),
]  # fmt: skip

QWEN = {"model": "Qwen/Qwen2.5-7B-Instruct", "access": "open-weights", "license": "Apache-2.0"}
PROSE = "# Answers\n\n{}\n"
BESIDE_MODELS: list[tuple[str, str, str]] = [
    ("README.md", HEAD.format(f"source_datasets: [{ORCA}]\n"),
     HEAD.format("source_datasets: [acme/letters]\n")),
    ("README.md", HEAD.format("source_datasets: [someone/OpenOrca-german]\n"),
     HEAD.format("source_datasets: [someone/letters-german]\n")),
    ("README.md", PROSE.format("This is a cleaned version of tatsu-lab/alpaca."),
     PROSE.format("It is written anew, unlike tatsu-lab/alpaca.")),
    ("README.md", PROSE.format("A part of [it](https://hf.co/datasets/tatsu-lab/alpaca)."),
     PROSE.format("The prompts are a subset of those in tatsu-lab/alpaca.")),
    ("README.md", PROSE.format("<!-- generator: gpt-4o -->"), PROSE.format("<!-- version: 4o -->")),
    ("README.md", PROSE.format("Thanks to gpt-4o for the completions."),
     PROSE.format("Our student outperforms gpt-4o.")),
    ("README.md", PROSE.format("Answers were generated with gpt-4o and then filtered."),
     PROSE.format("The answers were scored by gpt-4o.")),
    ("README.md", PROSE.format("Some answers come from meta-llama/Llama-2-70b-chat-hf."),
     PROSE.format("Some answers come from mistralai/Mixtral-8x7B-Instruct-v0.1.")),
    ("README.md", PROSE.format("Half of the rows were written by Gemma 2 27B."),
     PROSE.format("Half of the rows were written by Qwen2.5-7B-Instruct.")),
    ("README.de.md", PROSE.format("Die Antworten wurden mit GPT-4o erzeugt."),
     PROSE.format("Keine Antwort wurde mit GPT-4o erzeugt.")),
    ("README.rst", "Teacher\n=======\n\ngpt-4o\n", "Judge\n=====\n\ngpt-4o\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "hidden", "twin"), COLUMNS, ids=[name for name, *_ in COLUMNS])
def test_a_fact_one_column_aside_is_never_silent_and_its_twin_passes(
    tmp_path: Path, name: str, hidden: dict[str, Any], twin: dict[str, Any]
) -> None:
    assert not passes(tmp_path / "hidden", {**HUMAN, **hidden})
    assert passes(tmp_path / "twin", {**HUMAN, **twin})


@pytest.mark.parametrize(
    ("name", "hidden", "twin"), FILES, ids=[f"{name}-{at}" for at, (name, *_) in enumerate(FILES)]
)
def test_a_fact_one_file_aside_is_never_silent_and_its_twin_passes(
    tmp_path: Path, name: str, hidden: str, twin: str
) -> None:
    assert not passes(tmp_path / "hidden", HUMAN, **{name: hidden})
    assert passes(tmp_path / "twin", HUMAN, **{name: twin})


@pytest.mark.parametrize(
    ("name", "hidden", "twin"),
    BESIDE_MODELS,
    ids=[f"{name}-{at}" for at, (name, *_) in enumerate(BESIDE_MODELS)],
)
def test_a_fact_beside_rows_that_name_an_open_model_is_never_silent_and_its_twin_passes(
    tmp_path: Path, name: str, hidden: str, twin: str
) -> None:
    assert not passes(tmp_path / "hidden", QWEN, **{name: hidden})
    assert passes(tmp_path / "twin", QWEN, **{name: twin})


@pytest.mark.parametrize(
    "extra",
    [{"is_synthetic": True}, {"hf_repo": "openai/gsm8k"}, {"endpoint": "http://localhost:8000/v1"},
     {"judge_model": "gpt-4"}, {"hf_repo": ORCA}, {"source_type": "synthetic"}],
)  # fmt: skip
def test_what_agrees_with_an_open_model_asks_nothing(tmp_path: Path, extra: dict[str, Any]) -> None:
    assert passes(tmp_path / "rows", {**OLMO, **extra})


def test_who_chose_between_two_answers_taught(tmp_path: Path) -> None:
    pair = {**HUMAN, "prompt": "How?", "chosen": "So.", "rejected": "No."}
    assert not passes(tmp_path / "judged", {**pair, "judge_model": "gpt-4"})
    assert passes(tmp_path / "by-people", {**pair, "annotator": "human"})


@pytest.mark.parametrize(
    ("hidden", "twin"),
    [("gpt-4o-answers", "answers-4"), ("OpenOrca", "Letters"), ("set/OpenOrca-de", "set/letters-de")],
)
def test_a_fact_in_the_name_of_a_folder_is_never_silent_and_its_twin_passes(
    tmp_path: Path, hidden: str, twin: str
) -> None:
    assert not passes(tmp_path / hidden, QWEN)
    assert passes(tmp_path / twin, QWEN)
