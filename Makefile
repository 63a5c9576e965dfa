.DEFAULT_GOAL := help
.PHONY: help demo test check style types contracts fmt simulation keys configuration screens speed bench picture fuzz-input kills monkey mutation lock clean
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# How many tests run at once: twice as many as cores, since many wait.
SIDE_BY_SIDE ?= 4
PIP := $(BIN)/python -m pip --disable-pip-version-check

# Each target's help is the comment behind it.

help:  ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "review-tui needs Python 3.11 or newer; try: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo-ready: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing review-tui into $(VENV) (once) ..." >&2
	@$(PIP) install --quiet -c constraints.txt -e '.[sandbox]'
	@touch $@

$(VENV)/.dev-ready: $(VENV)/.demo-ready
	@$(PIP) install --quiet -c constraints.txt $$($(BIN)/python .ci/dev_requirements.py)
	@touch $@

demo: $(VENV)/.demo-ready  ## a made-up company's queue and the console on it; nothing to configure
	@$(BIN)/review-tui demo

# Types are checked beside the tests, as far as one core is free, and told after them. Tests are compiled
# once, before several processes at once want them compiled.
test: $(VENV)/.dev-ready  ## everything that .ci/run runs: style, types, contracts, tests
	@$(MAKE) --no-print-directory style contracts
	@$(MAKE) --no-print-directory types > $(VENV)/types.txt 2>&1 & types=$$!; \
	  $(BIN)/python -m pytest -qq --collect-only > /dev/null; \
	  $(BIN)/python -m pytest -q -n $(SIDE_BY_SIDE) --dist loadgroup; tests=$$?; \
	  wait $$types; types=$$?; cat $(VENV)/types.txt; \
	  test $$tests -eq 0 && test $$types -eq 0

check: style types contracts  ## style, types and the contracts between the rooms, without the tests

style: $(VENV)/.dev-ready
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: $(VENV)/.dev-ready
	@$(BIN)/mypy

contracts: $(VENV)/.dev-ready
	@$(BIN)/lint-imports --no-logo

fmt: $(VENV)/.dev-ready  ## bring the code into shape
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

simulation: $(VENV)/.dev-ready  ## 100,000 decisions and 100,000 watched jobs in bad weather, each statement held against the truth; takes half an hour
	@SIMULATION_SEEDS=$${SIMULATION_SEEDS:-18000} SIMULATION_SANDBOX_SEEDS=$${SIMULATION_SANDBOX_SEEDS:-500} \
	  SIMULATION_JOB_SEEDS=$${SIMULATION_JOB_SEEDS:-15000} SIMULATION_JOB_SANDBOX_SEEDS=$${SIMULATION_JOB_SANDBOX_SEEDS:-200} \
	  $(BIN)/python -m pytest -q -s tests/simulation

monkey: $(VENV)/.dev-ready  ## 100,000 steps of a monkey at the console, nothing of which may harm; takes half an hour
	@MONKEY_STEPS=$${MONKEY_STEPS:-100000} $(BIN)/python -m pytest -q -s tests/monkey

keys: $(VENV)/.dev-ready  ## write docs/keys.md from the table of commands
	@$(BIN)/python -m review_tui.ui.keys_doc > docs/keys.md

configuration: $(VENV)/.dev-ready  ## write docs/configuration.md from the tables of the configuration file
	@$(BIN)/python -m review_tui.settings.example > docs/configuration.md

screens: $(VENV)/.dev-ready  ## write the kept screens anew; read what changed before keeping them
	@REVIEW_TUI_WRITE_SCREENS=1 $(BIN)/python -m pytest -q tests/ui

speed: $(VENV)/.dev-ready  ## measure how soon the next submission is there after a decision; wants a machine at rest
	@SPEED_DECISIONS=$${SPEED_DECISIONS:-40} $(BIN)/python -m pytest -q -s tests/pty/test_speed.py

bench: $(VENV)/.dev-ready  ## measure the console beside mutt, tig and lazygit, and write docs/performance.md; takes a quarter of an hour at rest, BENCH=short two minutes
	@$(BIN)/python -m tests.bench

picture: $(VENV)/.dev-ready  ## write the documentation's pictures anew from the running console
	@$(BIN)/python -m tests.ui.picture docs

fuzz-input: $(VENV)/.dev-ready  ## send the console 100,000 sequences that nobody typed; none may decide anything
	@$(BIN)/python -m tests.ui.terminal.fuzzing 100000

kills: $(VENV)/.dev-ready  ## kill -9 the console 50 times each while it holds, checks and sends; takes half an hour
	@KILLS=$${KILLS:-50} $(BIN)/python -m pytest -q -s tests/pty/test_killed.py

$(VENV)-mutation/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -m venv $(VENV)-mutation
	@$(VENV)-mutation/bin/python -m pip --disable-pip-version-check install --quiet -c constraints.txt \
	  $$($(PYTHON) .ci/dev_requirements.py mutation)
	@touch $@

mutation: $(VENV)-mutation/.ready  ## change the pure modules in 2,300 small ways; their tests must notice 85 of 100; takes half an hour
	@$(VENV)-mutation/bin/python -m tests.mutation.score

lock:  ## write constraints.txt anew: the newest versions that fit, without addresses
	@rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip --disable-pip-version-check install --quiet -e '.[sandbox]' \
	  $$($(VENV)-lock/bin/python .ci/dev_requirements.py)
	@$(VENV)-lock/bin/python -m pip --disable-pip-version-check freeze --exclude-editable > constraints.txt
	@rm -rf $(VENV)-lock
	@! grep -nE '://|@' constraints.txt

clean:  ## take away what make made
	@rm -rf $(VENV) $(VENV)-lock $(VENV)-mutation mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
