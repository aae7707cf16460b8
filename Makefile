# Two commands: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
BIN := .venv/bin
BANK := data/bank
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.PHONY: help run test check format lint types imports docs words bundle prove-bundle bench clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: ## set up, make the invented bank, print its satisfaction
	@sh tools/setup.sh run
	@sh tools/run.sh $(BANK)

test: ## set up and run the whole suite
	@sh tools/setup.sh dev
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: ## the fast gate: format, lint, types, imports, own lints, words, documents, fast tests
	@sh tools/setup.sh dev
	@$(MAKE) --no-print-directory lint types imports words docs
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q -m "not slow and not spark"

format: ## put the code into shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint:
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/python -m tools.lint

types:
	@$(BIN)/mypy

imports:
	@$(BIN)/lint-imports --no-logo

words: ## check that every sentence is translated
	@$(BIN)/python -m tools.words check

docs: ## check the generated pages and build the documents
	@$(BIN)/python -m tools.docs check
	@$(BIN)/sphinx-build -q -W -b html docs build/docs

bundle: ## write the offline archive into dist/ (ARCH=x86_64 or aarch64)
	@sh tools/setup.sh dev
	@$(BIN)/python -m tools.bundle $(if $(ARCH),--arch $(ARCH))

prove-bundle: ## install the archive in an empty folder with the network closed, and use it
	@sh tools/prove_bundle.sh dist/zhiyin-*-$$(uname -m).tar.gz

bench: ## run the side-by-side benchmarks
	@sh tools/setup.sh dev
	@for file in bench/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

clean: ## remove what was built, keep data/
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
