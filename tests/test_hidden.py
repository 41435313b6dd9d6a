"""A hidden module cannot be imported meanwhile, and is there again afterwards."""

from __future__ import annotations

import importlib
import sys

import pytest

from auditor.hidden import hidden


def test_a_loaded_module_is_hidden_and_comes_back_as_it_was() -> None:
    known = importlib.import_module("colorsys")
    with hidden("colorsys", "no_such_module"), pytest.raises(ModuleNotFoundError, match="colorsys"):
        importlib.import_module("colorsys")
    assert importlib.import_module("colorsys") is known
    assert "no_such_module" not in sys.modules


def test_a_module_that_was_not_loaded_can_be_loaded_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    finders = list(sys.meta_path)
    with pytest.raises(ZeroDivisionError), hidden("colorsys"):
        _ = 1 / 0
    assert sys.meta_path == finders
    assert importlib.import_module("colorsys").rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
