"""Nothing that lies in a data folder is executed, wherever the program is started."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.ledger.memory import in_memory

ROW = '{"prompt": "Say hi", "completion": "Hi there, and welcome to all of you."}\n'


class _Planted:
    """Runs when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"touch {self.mark}",)


def _run(code: str, folder: Path, **environment: str) -> str:
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[0] = {root!r}\n{code}"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.strip()


SETTINGS = """
from auditor.jit import compile as jit
from numba.core import config
jit._keep_in_our_folder()
before = config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES, int(config.OPT), config.DISABLE_JIT
config.reload_config()
print([config.CACHE_DIR == before[0], *before])
import yaml; print(yaml.safe_load("[1]"))
"""


@pytest.mark.parametrize("first", ["", "import numba\n"])
def test_numba_takes_no_settings_from_the_working_directory(tmp_path: Path, first: str) -> None:
    pytest.importorskip("numba")
    (tmp_path / ".numba_config.yaml").write_text(
        "cache_dir: ./.cache\ncache_locator_classes: evil.Locator\nopt: max\ndisable_jit: 1\n"
    )
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    said = _run(first + SETTINGS, tmp_path, XDG_CACHE_HOME=str(home), NUMBA_CACHE_DIR="")
    assert said.splitlines()[0].startswith(f"[True, '{home}/auditor/kernels/")
    assert said.splitlines()[0].endswith(", '', 3, 0]")
    assert said.splitlines()[1] == "[1]"


def test_modules_and_plugins_of_a_data_folder_are_not_imported(tmp_path: Path) -> None:
    mark = tmp_path / "PWNED"
    data = tmp_path / "data"
    data.mkdir()
    (data / "rows.jsonl").write_text(ROW)
    evil = f"import os; os.system('touch {mark}')\n"
    for name in ("typer", "yaml", "pyarrow", "numpy", "sitecustomize", "evil"):
        (data / f"{name}.py").write_text(evil)
    added = data / "evil-1.dist-info"
    added.mkdir()
    (added / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1\n")
    (added / "entry_points.txt").write_text("[auditor.readers]\njsonl = evil:read\n")
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "audit", "rows.jsonl", "-q", "--no-ledger", "--out", "../out"],
        cwd=data,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1, 3), done.stderr
    assert not mark.exists()


def test_extension_types_in_a_files_schema_are_not_unpickled(tmp_path: Path) -> None:
    mark = tmp_path / "PWNED"
    metadata = {
        b"ARROW:extension:name": b"arrow.py_extension_type",
        b"ARROW:extension:metadata": pickle.dumps(_Planted(mark)),
    }
    schema = pa.schema([pa.field("text", pa.string(), metadata=metadata)])
    table = pa.table([pa.array(["hello there"])], schema=schema)
    with pa.ipc.new_file(tmp_path / "a.arrow", schema) as writer:
        writer.write_table(table)
    pq.write_table(table, tmp_path / "b.parquet")
    from auditor.samples.rows import iter_row_digests

    assert len(list(iter_row_digests([str(tmp_path)]))) == 2
    assert not mark.exists()


def test_the_ledgers_queries_install_and_load_no_extension() -> None:
    with in_memory() as memory:
        settings = dict(
            memory.execute(
                "SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%_known_extensions'"
            ).fetchall()
        )
    assert settings == {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def test_a_models_own_code_is_never_run(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    from auditor.train.distill import load_model

    mark = tmp_path / "PWNED"
    (tmp_path / "config.json").write_text(
        '{"model_type": "evil",'
        ' "auto_map": {"AutoConfig": "evil.Config", "AutoModelForCausalLM": "evil.Model"}}'
    )
    (tmp_path / "tokenizer_config.json").write_text(
        '{"auto_map": {"AutoTokenizer": ["evil.Tokenizer", null]}}'
    )
    (tmp_path / "evil.py").write_text(f"import os; os.system('touch {mark}')\n")
    with pytest.raises((ValueError, OSError)):
        load_model(str(tmp_path))
    assert not mark.exists()
