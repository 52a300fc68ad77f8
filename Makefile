# Everything a person types. `make setup` builds .venv from the lock; the rest uses it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
NAME ?=
# Tests write thousands of small databases with full sync: in memory, where there is room, that takes no disk's time.
TEMPORARY := $(if $(wildcard /dev/shm/.),PYTEST_DEBUG_TEMPROOT=/dev/shm)

# A test process for each core; `make test ARGS='-n 0 …'` runs them in one.
SIDE_BY_SIDE := -n auto --dist loadfile

.PHONY: setup lock demo serve test lint coverage bench crash

setup: $(VENV)/.installed

# The lock is complete, so --no-deps: pip 23.2.1 crashes while resolving lxml[html-clean]. It carries hashes and names no host;
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本。Python 3.11 or newer is needed: make PYTHON=python3.11 …"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "缺少 venv，请先运行：apt-get install python3-venv。Run: apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	@touch $@

# For maintainers, after a change of dependencies in pyproject.toml (needs `pip install uv`).
lock:
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-annotate -o requirements.lock

demo: setup
	$(BIN)/syndicate demo $(ARGS)

serve: setup
	$(BIN)/syndicate desk $(ARGS)

test: setup
	$(TEMPORARY) $(BIN)/pytest $(SIDE_BY_SIDE) $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The pure stages, by branch.
coverage: setup
	$(TEMPORARY) $(BIN)/pytest -q $(SIDE_BY_SIDE) tests/ingest tests/monitor tests/content tests/review tests/render tests/inspection \
	  --cov=syndicate.ingest --cov=syndicate.monitor --cov=syndicate.review --cov=syndicate.render --cov=syndicate.inspection \
	  --cov-branch --cov-report=term:skip-covered --cov-fail-under=95

bench: setup
	$(BIN)/python -m bench $(NAME)

crash: setup
	$(BIN)/python -m tests.crash $(ARGS)
