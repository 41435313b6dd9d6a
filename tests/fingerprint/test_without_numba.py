"""The package without numba: slower, the same answers."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import json, random, sys
if sys.argv[1] == "without":
    sys.modules["numba"] = None
import pyarrow as pa
from auditor.fingerprint import jit, text
from auditor.fingerprint.detect import calibrate_built_in
from auditor.fingerprint.registry import IndexBuilder
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
rows = index.detect(pa.array(queries)).to_pylist()
hashes = text.scan(pa.array(texts)).hashes.tolist()
print(json.dumps([jit.COMPILED, hashes, rows, index.calibration.to_json()]))
"""


def run(mode: str) -> list[object]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, mode], capture_output=True, text=True, check=True)
    result: list[object] = json.loads(done.stdout)
    return result


def test_answers_do_not_depend_on_numba() -> None:
    with_numba, without = run("with"), run("without")
    assert (with_numba[0], without[0]) == (True, False)
    assert with_numba[1:] == without[1:]
