# Pluis: `make run` and `make test` each set up what is missing. Settings: .env.example
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.PHONY: help run test lint train bench evaluate crash attack format lock clean web-environment bot-environment
# Several environments built at once would only hide each other's progress lines.
.NOTPARALLEL:

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*## /|/' | awk -F'|' '{ printf "  make %-8s %s\n", $$1, $$2 }'

run: web-environment bot-environment ## Start Pluis with demo data (PLUIS_PORT=8100 make run: beside another one)
	@exec .venv/bin/pluis run --demo

test: web-environment bot-environment ## Run all tests (ARGS="-k name" hands words on to pytest)
	@.venv/bin/pluis train
	@.venv/bin/python -m pytest --numprocesses 2 --dist loadgroup $(ARGS)

lint: web-environment ## Check style, types and the direction of imports
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet . || { echo "Some files are not formatted. Run: make format"; exit 1; }
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo >.lint-imports.log 2>&1 || { cat .lint-imports.log; exit 1; }
	@echo "lint: no remarks"

format: web-environment ## Put the code in its usual form
	@.venv/bin/ruff check --fix --quiet .
	@.venv/bin/ruff format --quiet .

train: web-environment bot-environment ## Train the Rasa model if its sources changed
	@.venv/bin/pluis train

bench: web-environment bot-environment ## Measure what a turn costs
	@.venv/bin/pluis train
	@.venv/bin/python -m bench $(ARGS)

crash: web-environment bot-environment ## Kill processes while 500 alerts are on their way, and count
	@PLUIS_TEST_ESCALATIONS=500 .venv/bin/python -m pytest tests/crash/test_escalation_told.py --timeout 3600

attack: web-environment bot-environment ## Attack a system of its own, and print what was tried and what got through
	@.venv/bin/pluis train
	@PLUIS_ATTACK=1 .venv/bin/python -m pytest tests/attack --timeout 300 $(ARGS)

evaluate: web-environment ## Measure the signal finder on the project's own test part
	@.venv/bin/pluis signals evaluate data/signals/sentences/test/notes.nl.yml data/signals/sentences/test/notes.en.yml

lock: ## Write the lock files anew from the two pyproject.toml files
	@scripts/lock

clean: ## Remove environments, models and caches; PLUIS_HOME (.home, the database) stays
	@rm -rf .venv bot/.venv .tools .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
	@find models -mindepth 1 ! -name README.md -delete
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

web-environment:
	@scripts/setup web

bot-environment:
	@scripts/setup bot
