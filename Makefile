# Two commands do everything on a fresh machine: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_DIR ?= build/demo
FUZZ_S ?= 60

.PHONY: help install demo test test-full test-gpu lint schema site bench fuzz clean

help:
	@echo "make demo       install, then make a class of notebooks and grade it ($(DEMO_DIR))"
	@echo "make test       install, then lint and run the tests"
	@echo "make test-full  the same with long tests: every attack in every tier, 300 faults, right work with 50 seeds"
	@echo "make test-gpu   the tests that need CUDA, with the active Python and without pytest plugins"
	@echo "make lint       ruff, mypy, import-linter"
	@echo "make schema     write the schema of the results' files from autograder/verdict/"
	@echo "make site       build the pages of docs/ into build/site, without the network"
	@echo "make bench      measure against nbgrader"
	@echo "make fuzz       fuzz the decoder and the notebook reader, FUZZ_S=$(FUZZ_S) seconds for each target"

install: $(STAMP)

$(STAMP): pyproject.toml packaging/check/pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  --editable packaging/check --editable '.[cluster,dev]'
	@touch $(STAMP)

demo: install
	rm -rf $(DEMO_DIR)
	$(BIN)/autograder demo $(DEMO_DIR)

test: install lint
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

test-full: install lint
	AUTOGRADER_CORPUS=full $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

test-gpu:
	@$(PYTHON) -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' || \
	  { echo "torch finds no CUDA device; make test runs the same tests on a simulated one"; exit 2; }
	PYTHONPATH=$(CURDIR) $(PYTHON) -m pytest -c tests/gpu/bare.ini --rootdir . -m gpu -rs tests/gpu

lint: install
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache

schema: install
	$(BIN)/python -m autograder.feedback.schema > autograder/feedback/result.schema.json.part
	mv autograder/feedback/result.schema.json.part autograder/feedback/result.schema.json

site: install
	$(BIN)/properdocs build --strict

bench: install
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/innotebook.py
	$(BIN)/python benchmarks/own_time.py

fuzz: install
	$(BIN)/python benchmarks/fuzz.py --seconds $(FUZZ_S)

clean:
	rm -rf build dist .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
