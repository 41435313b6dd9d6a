"""Count in how many public listings each model stands; `ranked_teachers.tsv` is written by it.

    pip download --no-deps litellm==1.110.2 crfm-helm==0.5.16 fschat==0.2.36 alpaca-eval==0.6.6
    (unpack each wheel into LISTS)
    python -m tests.docs.rank_teachers LISTS [DPI] > tests/docs/ranked_teachers.tsv

A listing is a model of a provider in LiteLLM's price list, of HELM's model metadata, of FastChat's
registry, of AlpacaEval's configurations, or of a record of the Data Provenance Initiative. Names that
differ by host, date or packaging are one model.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from auditor.knowledge.spelling import bare, dotted, located, words

SOURCES = ("litellm", "helm", "fastchat", "alpaca_eval", "dpi")
_DATE = re.compile(r"[-@ ](?:20\d\d-?[01]\d-?[0-3]\d)(?=$|[-_:])|-(?:latest|preview|v1)$")
_BEFORE = re.compile(r"(?:openai|anthropic|google) (?=[a-z])|fw-(?=[a-z])|[a-z0-9]+\.(?=[a-z]{3})")
"""The maker or host before a model: `openai gpt-4`, `nvidia.nemotron-nano`."""
_CHAT = {"chat", "completion", "responses"}
_NO_MODEL = {"other", "templates", "unknown", "human"}


def model_of(name: str) -> str:
    """Return the model that a listed name stands for: no host, account, date or packaging."""
    plain = located(name).rpartition("/")[2].lower()
    plain = [plain, *bare(plain)][-1]
    plain = _BEFORE.sub("", plain, count=1) if _BEFORE.match(plain) else plain
    plain = _DATE.sub("", plain) or plain
    return next(reversed([plain, *dotted(plain)]))


def ranked(listed: Iterable[tuple[str, str]]) -> list[tuple[str, Counter[str]]]:
    """Return models with their listings by source, most first; `listed` gives source and name."""
    counts: dict[tuple[str, ...], Counter[str]] = {}
    spelled: dict[tuple[str, ...], Counter[str]] = {}
    for source, name in listed:
        model = model_of(name)
        key = words(model)
        if key and model not in _NO_MODEL:
            counts.setdefault(key, Counter())[source] += 1
            spelled.setdefault(key, Counter())[model] += 1
    order = sorted(counts, key=lambda key: (-counts[key].total(), key))
    return [(min(spelled[key], key=lambda s: (-spelled[key][s], s)), counts[key]) for key in order]


def _listed(folder: Path, dpi: Path | None) -> Iterator[tuple[str, str]]:
    prices = json.loads(next(folder.glob("**/model_prices_and_context_window_backup.json")).read_text())
    chats = (name for name, one in prices.items() if one.get("mode") in _CHAT)
    yield from (("litellm", name) for name in chats if not name.startswith("ft:"))
    helm = yaml.safe_load(next(folder.glob("**/helm/config/model_metadata.yaml")).read_text())["models"]
    yield from (("helm", one["name"]) for one in helm if "TEXT_MODEL_TAG" in one.get("tags", ()))
    registry = next(folder.glob("**/fastchat/model/model_registry.py")).read_text()
    for names in re.findall(r"register_model_info\(\s*\[(.*?)\]", registry, re.DOTALL):
        yield from (("fastchat", name) for name in re.findall(r'"([^"]+)"', names))
    configs = sorted(folder.glob("**/alpaca_eval/models_configs/*/configs.yaml"))
    yield from (("alpaca_eval", one.parent.name) for one in configs)
    for record in sorted(dpi.glob("[!_]*.json")) if dpi else ():
        sets = json.loads(record.read_text()).values()
        yield from (
            ("dpi", name) for name in sorted({n for one in sets for n in one.get("Model Generated", ())})
        )


def main(folder: str, dpi: str | None = None) -> None:
    """Write the ranking to standard output."""
    lines = [("model", "listings", *SOURCES)]
    for model, counts in ranked(_listed(Path(folder), Path(dpi) if dpi else None))[:400]:
        lines.append((model, str(counts.total()), *(str(counts[one]) for one in SOURCES)))
    sys.stdout.writelines("\t".join(line) + "\n" for line in lines)


if __name__ == "__main__":
    main(*sys.argv[1:])
