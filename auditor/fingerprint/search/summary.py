"""What an index holds, for people and for scripts."""

from __future__ import annotations

from typing import Any

import numpy as np

from auditor.fingerprint.code.lane import CodeLane
from auditor.fingerprint.minhash.lane import MinhashLane
from auditor.fingerprint.search.reference_index import FORMAT, ReferenceIndex


def summary(index: ReferenceIndex) -> dict[str, Any]:
    """Return what `index info` prints."""
    counts = np.bincount(index.text_teachers, minlength=len(index.teachers))
    rows = zip(index.teachers, index.families, counts.tolist(), strict=True)
    return {
        "format": FORMAT,
        "spec": index.spec,
        "lanes": [str(lane) for lane in index.lanes],
        "texts": len(index),
        "public": index.public,
        "scale": index.ngrams.scale,
        "words": int(index.ngrams.words.size),
        "ngrams": int(index.ngrams.short.prints.size),
        "prompts": int(index.prompts.bounds.size - 1),
        "style_texts": len(index.style) if index.style else 0,
        "teachers": [{"name": name, "family": family, "texts": count} for name, family, count in rows],
        "calibration": index.calibration.to_json() if index.calibration else None,
        "short_texts": index.calibration is not None and index.calibration.brief is not None,
        "minhash": near_facts(index.near) if index.near else None,
        "code": code_facts(index.code) if index.code else None,
    }


def near_facts(lane: MinhashLane) -> dict[str, Any]:
    """Return what is said of the MinHash lane."""
    return {
        **lane.header(),
        "bands": len(lane.tags),
        "distinct": len(lane.slots),
        "bytes_per_text": round(lane.nbytes / max(1, len(lane)), 1),
    }


def code_facts(lane: CodeLane) -> dict[str, Any]:
    """Return what is said of the code lane."""
    return {
        **lane.header(),
        "texts": len(lane),
        "tokens": int(lane.tokens.symbols.size),
        "bytes_per_token": round(lane.nbytes / max(1, lane.tokens.symbols.size), 1),
    }
