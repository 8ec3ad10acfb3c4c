# One command for each intent. `make` or `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 2>/dev/null || command -v python3 2>/dev/null)
PORT ?= 8000
DEMO ?= 1
ENGINE ?=
ARGS ?=
export PORT DEMO ENGINE

.PHONY: help python env serve test test-long bench bench-search lint types messages styles lock services clean

help: ## List these commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

python:
	@test -n "$(PYTHON)" || { echo "Stopped: no Python 3.11 was found."; \
	  echo "To mend it: install python3.11 (Debian 12: apt-get install python3.11 python3.11-venv)."; exit 1; }

env: python ## Create .venv with everything pinned, for development
	@"$(PYTHON)" scripts/environment --dev

serve: python ## Run the whole platform on http://127.0.0.1:8000 (PORT=9000, DEMO=0 for an empty site, ENGINE=elasticsearch)
	@"$(PYTHON)" scripts/environment
	@exec .venv/bin/python scripts/serve

test: python ## Run everything a change must pass: lint, types, both databases, browser
	@"$(PYTHON)" scripts/environment --dev
	@exec .venv/bin/python scripts/test $(ARGS)

test-long: python ## The same, with the long races and fault rounds
	@"$(PYTHON)" scripts/environment --dev
	@exec .venv/bin/python scripts/test --long $(ARGS)

bench: python ## Print the benchmarks' ratios (ARGS= names one)
	@"$(PYTHON)" scripts/environment --dev
	@.venv/bin/python scripts/build-assets
	@PYTHONPATH=site exec .venv/bin/python -m bench $(ARGS)

bench-search: python ## Print how often search finds the judged paragraph first, on each engine
	@"$(PYTHON)" scripts/environment --dev
	@PYTHONPATH=site exec .venv/bin/python scripts/services run postgres elasticsearch -- \
	  .venv/bin/python -m bench search

lint: python ## Check style, import contract, migrations, templates, production settings
	@"$(PYTHON)" scripts/environment --dev
	@exec .venv/bin/python scripts/test --only lint

types: python ## Check types with mypy
	@"$(PYTHON)" scripts/environment --dev
	@exec .venv/bin/python scripts/test --only types

messages: python ## Extract, derive and compile the interface texts of the three languages
	@"$(PYTHON)" scripts/environment --dev
	@.venv/bin/python scripts/messages extract
	@.venv/bin/python scripts/messages derive
	@.venv/bin/python scripts/messages compile

styles: python ## Build the styles and scripts into site/static/build/
	@"$(PYTHON)" scripts/environment
	@.venv/bin/python scripts/build-assets

lock: python ## Pin the requirements anew from the .in files
	@"$(PYTHON)" scripts/environment --dev
	@.venv/bin/python scripts/lock $(ARGS)

services: python ## Start PostgreSQL and Redis for work by hand (scripts/services stop ends them)
	@"$(PYTHON)" scripts/services start

clean: ## Remove what was built: .venv, node_modules, styles, caches (var/ with your data stays)
	rm -rf .venv node_modules site/static/build .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name '*.mo' -not -path './.venv/*' -delete
