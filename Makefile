# make help lists the targets. Needs python3 (3.11 or newer) with venv; everything else goes into .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PYTEST := $(BIN)/pytest -n 2 --dist worksteal --durations=10

DEMO_OUT   ?= reports/demo
DEMO_SITES ?= today proposal-as-drawn as-quoted-one-e1-each
# Years of random failures, varied figure by figure, take up to a minute on each site: longer than all others together.
DEMO_SUITE := $(filter-out scenarios/failover/a-year-%,$(sort $(wildcard scenarios/failover/*.yaml)))
DEMO       := $(BIN)/simtel run $(DEMO_SUITE) $(DEMO_SITES:%=--site %) --out $(DEMO_OUT)

# Tools under tests/: MUTANTS edits one device rule at a time and wants a red test; KILLS finds for each scenario
# such an edit that few others notice; BENCH measures speed.
MUTANTS_TOOL := $(BIN)/python tests/mutants.py
KILLS_TOOL   := $(BIN)/python -m tests.kills
BENCH_TOOL   := $(BIN)/python -m tests.bench
BENCH        ?= full

.DEFAULT_GOAL := help
.PHONY: help venv demo lint test library mutants kills bench clean lock locale
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

venv: $(STAMP) ## set up .venv from requirements.lock

# Again only when the declared or the locked packages change. The lock names every package with its
# version; --no-build-isolation builds with the hatchling of the lock.
$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "simtel needs Python 3.11 or newer, this is " + sys.version)'
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "python3 lacks venv: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The demo shows designs that fail: a run that completed is a success, whatever its verdicts
# (0 all met, 1 one failed, 3 inconclusive); a bad file (2) or an error (4) is not.
demo: $(STAMP) ## the failover scenarios on three sites, with a report
	@$(DEMO); status=$$?; \
	case $$status in 0|1|3) exit 0;; *) echo "demo: did not complete, exit code $$status" >&2; exit $$status;; esac

lint: $(STAMP) ## style, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict simtel
	$(BIN)/lint-imports

test: lint ## all that needs neither root nor other telephony programs; at most 10 minutes
	timeout --foreground 600 $(PYTEST) tests --ignore=tests/peers --ignore=tests/library

library: $(STAMP) ## every scenario and every figure on every site against what the design must give
	timeout --foreground 900 $(PYTEST) tests/library

mutants: $(STAMP) ## edit each device rule in turn: a test must go red; ONLY=word for some
	$(MUTANTS_TOOL) "$(ONLY)"

kills: $(STAMP) ## which scenario notices which edited rule; CHECK=1 sees whether each still does
	$(KILLS_TOOL) $(if $(CHECK),--check)

bench: $(STAMP) ## speed against plain SimPy; BENCH=short for a quick look
	BENCH=$(BENCH) $(BENCH_TOOL)

locale: $(STAMP) ## bring the Chinese catalogue up to date and compile it
	$(BIN)/python -m tests.report.catalogue

clean: ## remove .venv, caches and build products; reports stay
	rm -rf $(VENV) build dist .coverage* .hypothesis .kills.jsonl .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find simtel tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Resolves afresh in a venv of its own; the lock names packages and versions, never where they come from.
lock: ## write requirements.lock from pyproject.toml
	@set -e; dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	$(PYTHON) -m venv "$$dir"; \
	"$$dir/bin/python" -m pip install --quiet --disable-pip-version-check -e '.[dev,cluster]'; \
	{ echo "# Written by make lock: every package of simtel[dev,cluster], pinned."; \
	  "$$dir/bin/python" -m pip freeze --exclude-editable; } > "$$dir/lock"; \
	cp "$$dir/lock" requirements.lock
