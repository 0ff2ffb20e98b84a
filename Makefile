# The commands a person types. `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PARALLEL ?= 2
# One more than there are cores: a test that waits for another process leaves a core free. More than
# nine would wait for the longest modules.
WORKERS ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$(( cores < 8 ? cores + 1 : 9 )))
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder
CASES ?= 10000000
# Else every process compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# An environment that was not finished has a Python and no pip: Ctrl-C, or Debian's package for it was
# missing.
.venv/installed: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 was not found; install it, or set PYTHON."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed; $(PYTHON) is another. Set PYTHON."; exit 1; }
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || "$(PYTHON)" -m venv .venv
	@echo "Installing the pinned packages (a few minutes the first time) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

.PHONY: setup
setup: .venv/installed ## Create the virtual environment and install what is pinned

.PHONY: run
run: setup ## Start the whole service on this machine
	@$(BIN)/python -m service run

.PHONY: password
password: setup ## Make a new password for the moderator account
	@$(BIN)/python -m service moderator reset

.PHONY: lint
lint: setup ## Check style, types and the imports between packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports

.PHONY: test
test: setup ## Run all checks and tests, side by side
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint pytest

# What checks print is kept together; what pytest prints is seen at once, which is what + is for.
.PHONY: pytest
pytest: setup
	+$(PYTEST)

.PHONY: test-fast
test-fast: setup ## Run the tests that are quick: no browser, training, benchmarks, whole service; none marked slow
	$(PYTEST) -m "not browser and not slow" --ignore tests/training --ignore tests/benchmarks

.PHONY: bench
bench: setup ## Time moderators, backtests, pages, hashtags, photographs, uploads and the audit log
	$(BIN)/python -m benchmarks.moderators
	$(BIN)/python -m benchmarks.backtest --posts 100000
	$(BIN)/python -m benchmarks.lists
	$(BIN)/python -m benchmarks.audit
	$(BIN)/python -m benchmarks.bodies
	$(BIN)/python -m benchmarks.uploads
	$(BIN)/python -m benchmarks.overview --posts 200000
	$(BIN)/python -m benchmarks.lexicon
	$(BIN)/python -m benchmarks.growth --many 20000
	$(BIN)/python -m benchmarks.pictures

.PHONY: chaos
chaos: setup ## Send 5,000 posts while every part fails; check what became of each
	$(BIN)/python -m benchmarks.chaos --posts 5000

.PHONY: fuzz
fuzz: setup ## Attack hashtags and rules with random input: make fuzz [CASES=10000000]
	@seq $(PARALLEL) | xargs -P $(PARALLEL) -I{} $(BIN)/python -m rules fuzz --seed {} --cases $$(( $(CASES) / $(PARALLEL) ))
	$(BIN)/pytest -n $(PARALLEL) --timeout 0 --hypothesis-profile thorough tests/rules

.PHONY: starter
starter: setup ## Fit models/starter anew: make starter DATA="folder folder"
	@test -n "$(DATA)" || { echo "Say where the photographs are: make starter DATA=\"folder folder\""; exit 1; }
	$(BIN)/python -m training train $(DATA) --network models/starter --int8 --per-source 150 --sharpness 0.03 --corrections training/data/corrections.csv --out models/starter

.PHONY: lock
lock: setup ## Pin the requirements again after a change to the .in files
	$(BIN)/uv pip compile --quiet --python-version 3.11 --no-annotate --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --python-version 3.11 --no-annotate --no-header requirements-serve.in -c requirements.txt -o requirements-serve.txt
