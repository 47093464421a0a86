# The commands that people type. Each does all the set-up that it needs first; `make` alone lists them.
SHELL := /bin/bash
PY := .venv/bin/python

# How many processes share the tests, and anything more for pytest: make test WORKERS=4 ARGS="-k consent"
WORKERS ?= 2
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo serve test nightly bench lint format docs lock secrets setup clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

demo: ## tell the whole story on a fresh registry, then serve it (SERVE=0 ends after the story; PORT=8000)
	@scripts/bootstrap sandbox pixels documents engine
	@scripts/demo

serve: ## the web server and its workers as one process tree (PORT=8000), on the data in var/
	@scripts/bootstrap sandbox pixels documents engine
	@scripts/serve

test: ## the gate's tests, browser journeys among them
	@scripts/bootstrap sandbox pixels documents browser engine
	@$(PY) -m pytest -n $(WORKERS) --dist loadgroup -m "not nightly" $(ARGS)

nightly: ## every test, the long ones too: on the embedded default, then on PostgreSQL, Redis and radosgw
	@scripts/bootstrap sandbox pixels documents browser engine mri
	@DONARA_EXPECT_BACKENDS=embedded $(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)
	@set -e; trap 'scripts/services stop' EXIT; eval "$$(scripts/services start)"; \
	  DONARA_EXPECT_BACKENDS=real $(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

bench: ## timings, printed and written into docs/performance.md; they pass or fail nothing
	@scripts/bootstrap sandbox pixels browser engine
	@set -e; for each in deid browser pixels pipeline matching due log store intake; do DJANGO_SETTINGS_MODULE=tests.ground.settings $(PY) -m benchmarks.$$each; done
	@$(PY) -m benchmarks.ground.page

lint: ## style, types and import contracts
	@scripts/bootstrap
	@scripts/lint

format: ## put the code in the one style
	@scripts/bootstrap
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

docs: ## write the generated documents anew
	@scripts/bootstrap
	@scripts/generated-docs

lock: ## resolve pyproject.toml anew into requirements.lock
	@scripts/bootstrap
	@scripts/make-lock

secrets: ## make the secrets that are missing, once, readable by you alone
	@scripts/make-secrets

setup: ## only the set-up: environment, secrets, system packages
	@scripts/bootstrap sandbox pixels documents browser engine

clean: ## remove caches and test leftovers; data, secrets and the environment stay
	@rm -rf var/cache var/test .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +
