# The verbs of the house. `make` alone lists them; everything else is in the programs they call.
.DEFAULT_GOAL := help
.PHONY: help demo test check lint rules types unit-test system-test neighbours soak bench models-strokes models-entailment models-check pin clean
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
ALONE := $(addprefix tests/system/,card demo faults/test_counter.py pages/unit tablet) tests/drivers

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## an office with one counter; ONCE=1 walks it without a person, OUTAGE=1 with the broker away
	@./setup demo
	@$(BIN)/python -m provisioning.demo $(if $(ONCE),--once) $(if $(OUTAGE),--outage)

test: ## set up and run everything: lint, types, contracts, unit, system and browser tests
	@./setup test
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory unit-test
	@$(MAKE) --no-print-directory neighbours

check: ## the fast part, about a minute: lint, types, contracts, unit tests
	@./setup test
	@MADOGUCHI_EXAMPLES=20 $(MAKE) --no-print-directory --jobs=2 --output-sync=target types rules unit-test

lint: rules types

rules:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache

types:
	$(BIN)/pyright

unit-test:
	$(PYTEST) -q -n 2 -m "not system and not soak"

system-test: ## the slow part: real mosquitto, pcscd, evdev and browser
	@./setup test
	@$(MAKE) --no-print-directory neighbours

# Most may share the processor; what times pens, or has the one card reader, may not.
neighbours:
	$(PYTEST) -q -n 3 --dist loadfile -m "system and not soak" $(ALONE:%=--ignore=%)
	$(PYTEST) -q -m "system and not soak" --durations=10 $(ALONE)

soak: ## the long runs: fault storms and leak hunts
	@./setup test
	$(PYTEST) -q -m soak --timeout=3600 --durations=0

bench: ## speed and accuracy as ratios in one run; writes .bench/bench.json (LAWS=FOLDER: the law search too)
	@./setup bench
	@$(BIN)/python -m bench

models-strokes: ## train the stroke encoder anew (resumable; MODE=quick; TOMOE=, MOJI_DB=, HANZI=: docs/strokes.md)
	@./setup train
	@models/training/run $(or $(MODE),full)

models-entailment: ## train the pair model anew (resumable; LAWS=FOLDER, MODE=check: docs/entailment.md)
	@./setup train
	@models/training/entailment/run $(or $(MODE),full)

models-check: ## prove in minutes that the training pipeline runs
	@./setup train
	@models/training/run check
	@models/training/entailment/run check

pin: ## write the pinned requirements anew
	@./setup test
	@requirements/pin

clean: ## remove what was built here
	rm -rf .venv .venv-training .cache .demo .bench .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
