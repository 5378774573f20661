# `make demo` shows the product, `make test` proves it; both make their own environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MODEL := $(VENV)/.model

.PHONY: demo test lint types contracts clean
demo: $(MODEL)
	@scripts/demo

test: $(MODEL) lint types
	@echo "Running the tests."
	@$(BIN)/pytest -q

lint: $(STAMP)
	@echo "Checking style."
	@$(BIN)/ruff check -q . && $(BIN)/ruff format --check -q .

types: $(STAMP)
	@echo "Checking types."
	@$(BIN)/mypy

$(STAMP): pyproject.toml
	@echo "Making the environment in $(VENV) (once; needs Python 3.11 or newer)."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $(STAMP)

$(MODEL): $(STAMP)
	@echo "Fetching the embedded model (93 MB, once)."
	@$(BIN)/puppy-cli models install
	@touch $(MODEL)

clean:
	rm -rf $(VENV) build dist .cache
