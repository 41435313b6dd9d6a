"""The kernels uncompiled, without numba, and on other processors: slower, the same answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.jit import compile as jit
from auditor.jit import sources

SCRIPT = """
import json, random, sys
if sys.argv[1] == "without":
    sys.modules["numba"] = sys.modules["llvmlite"] = None
import pyarrow as pa
from auditor.jit import compile as jit
from auditor.fingerprint.minhash import signature
from auditor.fingerprint.tokens import words as text
from auditor.fingerprint.search.detect import detect, calibrate_built_in
from auditor.fingerprint.search.index_builder import IndexBuilder
rng = random.Random(3)
words = [a + b + c for a in "bdfgl" for b in "aeiou" for c in "mnrst"]
tail = " caf\\u00e9 \\u65e5\\u672c\\u8a9e"
texts = [" ".join(rng.choice(words) for _ in range(60)) + tail for _ in range(9)]
builder = IndexBuilder()
builder.add(pa.array(texts), ["gpt", "claude", "llama"] * 3, [str(i) for i in range(9)])
index = builder.build()
index = index.with_calibration(calibrate_built_in(index))
stranger = " ".join(rng.choice(words) for _ in range(60))
queries = [texts[2], " ".join(texts[5].split()[8:]), stranger, None, "hi"]
queries += [texts[4].replace(" ", ""), texts[6].encode().hex()]
rows = detect(index, pa.array(queries)).to_pylist()
hashes = text.scan(pa.array(texts)).hashes.tolist()
sketches = signature.signatures(pa.array(queries)).tolist()
print(json.dumps([jit.COMPILED, sketches, hashes, rows, index.calibration.to_json()]))
"""
SIGN = """
import random, sys
import pyarrow as pa
from numba.core.registry import cpu_target
from auditor.fingerprint.minhash import signature
from auditor.fingerprint.tokens import words as text
rng = random.Random(5)
words = ["%x" % rng.randrange(2**20) for _ in range(400)]
words += ["\u00dcber", "\u65e5\u672c", "<|im_start|>", "don\u2019t"]
texts = pa.array([" ".join(rng.choices(words, k=k)) for k in (0, 1, 4, 5, 6, 31, 64, 65, 300, 2000) * 20])
print(signature.signatures(texts).tobytes().hex(), text.scan(texts).hashes.tobytes().hex())
print("+avx512f" in cpu_target.target_context.codegen().magic_tuple()[2], file=sys.stderr)
"""


def run(mode: str, **settings: str) -> list[object]:
    command, chosen = [sys.executable, "-c", SCRIPT, mode], os.environ | settings
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=chosen)
    result: list[object] = json.loads(done.stdout)
    return result


def sign_as(processor: str | None) -> subprocess.CompletedProcess[str]:
    """Sign in a fresh process that compiles for another processor; all share one folder of kernels."""
    chosen = {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": ""} if processor else {}
    command = [sys.executable, "-c", SIGN]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | chosen)


@pytest.mark.slow
def test_answers_do_not_depend_on_numba() -> None:
    with_numba, without = run("with"), run("without")
    assert (with_numba[0], without[0]) == (True, False)
    assert with_numba[1:] == without[1:]


@pytest.mark.slow
def test_numbas_own_switch_runs_the_kernels_as_plain_python() -> None:
    compiled, uncompiled = run("with"), run("with", NUMBA_DISABLE_JIT="1")
    assert (compiled[0], uncompiled[0]) == (True, False)
    assert compiled[1:] == uncompiled[1:]


@pytest.mark.slow
def test_signatures_do_not_depend_on_the_processor_even_in_a_shared_folder_of_kernels() -> None:
    here, plain, again = sign_as(None), sign_as("generic"), sign_as(None)
    assert plain.stderr.strip() == "False"
    assert here.stdout == plain.stdout == again.stdout


def test_the_folder_of_kernels_changes_with_what_is_inlined_into_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jit").mkdir()
    simd, style = tmp_path / "jit" / "simd.py", tmp_path / "style.py"
    simd.write_text("@intrinsic\n")
    style.write_text("")
    monkeypatch.setattr(sources, "__file__", str(tmp_path / "jit" / "sources.py"))
    before = sources.sources_digest()
    style.write_text("no kernel")
    assert sources.sources_digest() == before
    simd.write_text("@intrinsic  # other\n")
    assert sources.sources_digest() != before


def test_without_a_folder_that_can_be_trusted_kernels_are_compiled_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jit, "_FOLDER", None)
    assert jit._keep_in_our_folder() is False
    assert jit.numba.config.CACHE_DIR == ""
