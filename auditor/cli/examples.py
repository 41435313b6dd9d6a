"""The examples at the foot of every `--help`, by command; a test parses each of them."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, tuple[str, ...]] = {
    "audit": (
        "auditor audit train.jsonl",
        "auditor audit data/ --plan plan.yaml --policy open-weights-release --index teachers.idx",
        "auditor audit rows.parquet --teacher gpt-4 --access api --generated-at 2023-06 --license MIT",
        "auditor audit data/ --plan plan.yaml --waivers waivers.yaml --approver-key counsel.pub",
        "auditor audit rows.jsonl --show-map",
        "auditor audit rows.jsonl --map learned=better --map teacher=meta.model --map ignore=notes",
        "auditor audit data/mine.json --map-from data/dataset_info.json",
        "auditor audit data/ --format sarif --quiet > findings.sarif",
    ),
    "init": (
        "auditor init",
        "auditor init train.jsonl --use commercial-api --competes no --place EU --yes",
    ),
    "demo": ("auditor demo --out demo-out",),
    "report": (
        "auditor report --format markdown",
        "auditor report auditor-out --open",
        "auditor report compare last-week auditor-out",
        "auditor report --baseline main-audit --format markdown",
        "auditor report --format html --out evidence.html --reference teacher-outputs.parquet",
    ),
    "explain": ("auditor explain train.jsonl#17", "auditor explain F-04d34ab1e0 --audit auditor-out"),
    "split": ("auditor split", "auditor split auditor-out data/ --out passing --policy open-weights-release"),
    "diff": (
        "auditor diff alpaca.json converted.jsonl",
        "auditor diff raw/ train.parquet --format markdown",
        "auditor diff rows.csv train.jsonl --map learned=reply --map teacher=written_by",
    ),
    "policy list": ("auditor policy list",),
    "policy show": ("auditor policy show default",),
    "policy eval": ("auditor policy eval case.yaml --policy default --format json",),
    "policy lint": ("auditor policy lint house-rules.yaml",),
    "policy test": ("auditor policy test default",),
    "policy mutate": ("auditor policy mutate default",),
    "policy diff": ("auditor policy diff default open-weights-release --audit auditor-out",),
    "plan check": ("auditor plan check plan.yaml",),
    "plan matrix": ("auditor plan matrix --audit auditor-out",),
    "waive add": (
        "auditor waive add F-04d34ab1e0 --reason permission-on-file --text 'letter of 3 May is on file' "
        "--author ann --approver bea --expires 2027-01-31",
    ),
    "waive approve": (
        "auditor waive approve waivers.yaml --key bea.pem",
        "auditor waive approve waivers.yaml --key cem.pem --name 'Cem Kaya' --finding F-04d34ab1e0",
    ),
    "keys new": ("auditor keys new --out signer.pem", "auditor keys new --out signer.pem --type ecdsa-p256"),
    "keys cosign": ("auditor keys cosign permit.intoto.json --key second.pem",),
    "attest": (
        "auditor attest auditor-out --key signer.pem --out permit.intoto.json --expires 30d",
        "auditor attest auditor-out --keyless --out permit.intoto.json",
    ),
    "verify": (
        "auditor verify permit.intoto.json --dataset data/ --key signer.pem.pub",
        "auditor verify permit.intoto.json --dataset data/ --key a.pub --key b.pub --threshold 2",
    ),
    "gate": (
        "auditor gate --permit permit.intoto.json --dataset data/ --key signer.pem.pub --plan plan.yaml "
        "--policy open-weights-release -- torchrun train.py",
        "auditor gate --permit p.intoto.json --dataset rows.jsonl --key a.pub --trainer-config train.yaml "
        "-- axolotl train train.yaml",
        "auditor gate --permit p.intoto.json --dataset data/ --key a.pub --plan plan.yaml --revoked list.txt "
        "-- python train.py",
    ),
    "train": ("auditor train train.yaml --permit permit.intoto.json --dataset data/ --key signer.pem.pub",),
    "trace": ("auditor trace student/ --key signer.pem.pub",),
    "index build": (
        "auditor index build outputs.parquet --out teachers.idx --prompts prompts.parquet --with-style",
        "auditor index build answers.jsonl --out gpt.idx --text-column output --teacher gpt-4",
        "auditor index build millions.parquet --out large.idx --lanes minhash",
    ),
    "index add": ("auditor index add more.jsonl --index teachers.idx --teacher Qwen/Qwen3-8B",),
    "index merge": ("auditor index merge ours.idx theirs.idx --out all.idx",),
    "index remove": (
        "auditor index remove teachers.idx --teacher gpt-4",
        "auditor index remove teachers.idx --id reference.parquet#17 --out smaller.idx",
    ),
    "index info": ("auditor index info teachers.idx",),
    "index calibrate": ("auditor index calibrate teachers.idx ours.jsonl --text-column answer",),
    "index export": ("auditor index export teachers.idx --datasketch --out minhashes.parquet",),
    "index import": (
        "auditor index import minhashes.parquet --datasketch --out near.idx",
        "auditor index import theirs.parquet --datasketch --shingle 3 --teacher gpt-4 --out near.idx",
    ),
    "index style train": (
        "auditor index style train teachers.idx --human essays.jsonl --out style.model",
        "auditor index style train outputs.parquet --human essays.jsonl --out style.model",
    ),
    "index style show": ("auditor index style show train.jsonl --model style.model --text-column output",),
    "detect": ("auditor detect train.jsonl --index teachers.idx --text-column output --out matches.parquet",),
    "catalog teachers": ("auditor catalog teachers",),
    "catalog terms": ("auditor catalog terms",),
    "catalog licenses": ("auditor catalog licenses",),
    "catalog resolve": ("auditor catalog resolve mistral-large-2407 --access api --date 2024-08",),
    "catalog license": ("auditor catalog license 'apache 2.0'",),
    "catalog sets": ("auditor catalog sets openorca",),
    "catalog explain": (
        "auditor catalog explain gpt-4o",
        "auditor catalog explain mistral-large-2407 --access api --date 2024-08",
        "auditor catalog explain gemini-2.5-pro --use commercial-api --release proprietary --plan plan.yaml",
        "auditor catalog explain claude-3-opus --host bedrock --format svg",
    ),
    "catalog stale": ("auditor catalog stale --days 60",),
    "catalog watch": (
        "auditor catalog watch genai-eu-versions/",
        "auditor catalog watch genai-eu-versions/ --against seen.json --record seen.json",
    ),
    "catalog coverage": ("auditor catalog coverage --format markdown",),
    "catalog new-teacher": ("auditor catalog new-teacher 'Acme Chat 2' --developer Acme --out acme",),
    "catalog export": ("auditor catalog export --out catalog",),
    "catalog bundle": (
        "auditor catalog bundle catalog/ --key signer.pem --out catalog.bundle.json --expires 180d",
    ),
    "catalog update": (
        "auditor catalog update --from catalog.bundle.json --key vendor.pub",
        "auditor catalog update --from https://acme.example/catalog.json --key vendor.pub --yes",
    ),
    "catalog bundles": ("auditor catalog bundles",),
    "catalog show": ("auditor catalog show LicenseRef-Llama-3-Community",),
    "catalog diff": ("auditor catalog diff our-knowledge/",),
    "catalog lint": ("auditor catalog lint our-knowledge/",),
    "catalog import-dpi": ("auditor catalog import-dpi data_summaries/",),
    "ledger show": ("auditor ledger show train.jsonl#17",),
    "ledger teachers": ("auditor ledger teachers train.jsonl",),
    "ledger audits": ("auditor ledger audits",),
    "ledger export": ("auditor ledger export --out export/",),
    "ledger head": ("auditor ledger head", "auditor ledger head --key signer.pem"),
    "ledger verify": ("auditor ledger verify", "auditor ledger verify --head head.json --key signer.pem.pub"),
    "impact": ("auditor impact openai-gpt-4", "auditor impact LicenseRef-Llama-3-Community"),
}


def with_examples(command: Any, path: str) -> None:
    """Write the examples of a command, and of those under it, at the foot of their help."""
    lines = EXAMPLES.get(path)
    if lines:
        command.epilog = "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
    for name, below in getattr(command, "commands", {}).items():
        with_examples(below, f"{path} {name}")
