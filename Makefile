# Lineproof. `make` lists the commands; Python 3.11 or newer with its venv module is all they need.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --quiet $(if $(UPGRADE),--upgrade)

# Tests run in this many processes, one more than two cores have, as real processes are waited for;
# `make test WORKERS=0` runs them in one, which a debugger likes better.
WORKERS ?= 3

# The fingerprint of every file that git would commit, so that `make check` can tell that `make test` has just passed on
# this very tree and need not run the suite a second time. Empty, and so never equal, where there is no git.
TESTED := $(VENV)/.tested
FINGERPRINT := git ls-files --cached --others --exclude-standard -z 2>/dev/null \
	| xargs -0 -r sha256sum 2>/dev/null | sha256sum 2>/dev/null

# Tests with real processes wait for them no longer than a person would; on a machine that was busy just then, what
# failed is run once more, alone. It is said so, and what fails twice has failed.
AGAIN := $(if $(CI),|| { echo "once more: what failed"; \
	$(BIN)/pytest --last-failed --last-failed-no-failures none --cov --cov-append --cov-report=; },)

.PHONY: help setup run test serializable check lint types generated coverage tested format lock openapi settings screenshots bench bench-peers attack msgraph

help: ## List the commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.runtime ## Make the virtual environment .venv with the lineproof command in it

run: setup ## Start the service with a demo user on http://127.0.0.1:8080
	@$(BIN)/lineproof serve --demo

test: $(VENV)/.dev ## Run all tests (ARGS="-k name" picks some)
	@rm -f $(TESTED)
	@fingerprint=$$($(FINGERPRINT)); \
	{ $(BIN)/pytest -n $(WORKERS) --dist worksteal --cov --cov-report= $(ARGS) $(AGAIN); } && \
	{ [ -n "$(ARGS)" ] || echo "$$fingerprint" > $(TESTED); }

serializable: $(VENV)/.dev ## Run the tests on PostgreSQL with every transaction serializable
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal --isolation serializable -m postgresql \
	tests/integration tests/acceptance/test_two_servers.py $(ARGS)

check: lint types generated coverage ## Run what CI runs: lint, types, contracts, generated files, tests, coverage

lint: $(VENV)/.dev ## Check style, format and who imports whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache

types: $(VENV)/.dev ## Check the types
	@$(BIN)/mypy

generated: $(VENV)/.dev ## Check that openapi.yaml, docs/settings.md and .env.example say what the code says
	@$(BIN)/lineproof openapi | diff -u openapi.yaml - || { echo "make openapi brings openapi.yaml up to date" >&2; exit 1; }
	@$(BIN)/python -m api.settings_reference markdown | diff -u docs/settings.md - \
	|| { echo "make settings brings docs/settings.md up to date" >&2; exit 1; }
	@$(BIN)/python -m api.settings_reference environment | diff -u .env.example - \
	|| { echo "make settings brings .env.example up to date" >&2; exit 1; }

coverage: tested ## Check branch coverage: all of scim and verification, 95 % over all
	@$(BIN)/coverage report --include='scim/*,verification/*' --fail-under=100
	@$(BIN)/coverage report --fail-under=95

tested: $(VENV)/.dev
	@if [ -s .coverage ] && [ "$$($(FINGERPRINT))" = "$$(cat $(TESTED) 2>/dev/null)" ]; \
	then echo "tests: passed on this very tree, not run again"; else $(MAKE) --no-print-directory test ARGS=; fi

format: $(VENV)/.dev ## Mend what ruff can mend, and format
	@$(BIN)/ruff check --fix --unsafe-fixes --select I,TC,UP --quiet . || true
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

openapi: setup ## Write openapi.yaml from the code
	@$(BIN)/lineproof openapi > openapi.yaml

settings: setup ## Write docs/settings.md and .env.example from the code
	@$(BIN)/python -m api.settings_reference markdown > docs/settings.md
	@$(BIN)/python -m api.settings_reference environment > .env.example

msgraph: $(VENV)/.dev ## Run the official client of Microsoft Graph (half a gigabyte) against the service
	@[ -x $(VENV)-msgraph/bin/python ] || $(BIN)/python -m venv $(VENV)-msgraph
	@$(BIN)/uv pip sync --quiet --python $(VENV)-msgraph --require-hashes requirements-msgraph.lock
	@$(BIN)/python -m tests.msgraph.run $(VENV)-msgraph/bin/python

lock: $(VENV)/.dev ## Write the lock files (UPGRADE=1 moves to the newest)
	@$(COMPILE) --group dev --group build --output-file requirements-dev.lock
	@$(COMPILE) --group build --constraint requirements-dev.lock --output-file requirements.lock
	@$(subst pyproject.toml,tests/msgraph/requirements.in,$(COMPILE)) --output-file requirements-msgraph.lock

screenshots: $(VENV)/.dev ## Take the pictures of the pages in docs/img/pages, with a browser of this machine
	@$(BIN)/pytest -q tests/acceptance -m browser --pictures docs/img/pages

bench: $(VENV)/.dev ## Measure the service (ARGS are the benchmark's)
	@$(BIN)/python -m tests.benchmarks.run $(ARGS)

bench-peers: $(VENV)/.dev ## Measure it beside other SCIM servers, which this installs for itself
	@$(BIN)/python -m tests.benchmarks.peers.run $(ARGS)

attack: $(VENV)/.dev ## Attack the service for longer than tests may take (ARGS are the attack's)
	@$(BIN)/python -m tests.attacks.run $(ARGS)

# Every package is checked against its hash, the build backend too, and nothing is resolved anew: the locks are whole,
# and older releases of pip take the newest version where one package asks for an extra of another. Then the project
# itself is installed from this folder with nothing fetched. The stamps make the second run instant.
$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || { \
	for python in $(PYTHONS); do \
	if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; \
	then echo "setup: $$("$$python" --version) in $(VENV)" >&2; exec "$$python" -m venv --clear $(VENV); fi; done; \
	echo "setup: no Python 3.11 or newer with venv among: $(PYTHONS)" >&2; exit 1; }
	@$(PIP) install --require-hashes --no-deps --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@$(PIP) install --require-hashes --no-deps --requirement requirements-dev.lock
	@touch $@
