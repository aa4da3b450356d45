# make demo   makes up a year of a heart hospital, runs the whole chain on its log and says where the page is
# make test   everything that must hold before a change is kept
#
# Both need make and Python 3.11 or newer, and do all the rest: the second run is quick.

PYTHON  ?=
VENV    := .venv
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check

# Spark needs Java 17; without it the Spark tests are left out, and said to be.
JAVA    := $(shell java -version 2>&1 | sed -n 's/.*version "\([0-9][0-9]*\).*/\1/p' | head -n 1)
SPARK   := $(shell [ "$(JAVA)" ] && [ "$(JAVA)" -ge 17 ] && echo spark)
RUN     := $(VENV)/.ready-to-run
CHECK   := $(VENV)/.ready-to-check$(if $(SPARK),-with-spark)

.DELETE_ON_ERROR:
.PHONY: demo test lint format types imports tests lock clean help

help:
	@sed -n 's/^# //p' Makefile | head -n 4

# ── the main job, on a hospital made up with a seed ────────────────────────────────────────────────────────

demo: $(RUN)
	$(BIN)/sandcone demo --out demo $(ARGS)

# ── what must hold ──────────────────────────────────────────────────────────────────────────────────────────────────

test: $(CHECK)
	@failed=; for what in lint types imports tests; do \
	  echo "── $$what"; $(MAKE) --no-print-directory $$what || failed="$$failed $$what"; \
	done; \
	if [ "$$failed" ]; then echo "── not in order:$$failed"; exit 1; fi; echo "── all in order"

lint: $(CHECK)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(CHECK)
	$(BIN)/mypy

imports: $(CHECK)
	$(BIN)/lint-imports

tests: $(CHECK)
ifeq ($(SPARK),)
	@echo "Left out: Spark, which needs Java 17 or newer ($(if $(JAVA),Java $(JAVA) is here,no Java is here))."
endif
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

format: $(CHECK)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# ── what it takes ───────────────────────────────────────────────────────────────────────────────────────────────────

$(BIN)/python:
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3 python; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version)"; exec $$python -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "Sandcone needs Python 3.11 or newer with its venv module, and found none." >&2; \
	echo "Install it (on Debian: apt-get install python3 python3-venv), or name one: make PYTHON=/where/it/is $(MAKECMDGOALS)" >&2; \
	exit 1

$(RUN): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes --requirement requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-to-check: requirements-dev.lock $(RUN)
	$(PIP) install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

$(VENV)/.ready-to-check-with-spark: requirements-spark.lock $(VENV)/.ready-to-check
	$(PIP) install --quiet --require-hashes --no-build-isolation --requirement requirements-spark.lock
	@touch $@

# ── new versions: make lock, then make test ─────────────────────────────────────────────────────────────────────────

PIN := .venv-lock/bin/uv --no-config pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --annotation-style line --custom-compile-command "make lock" --group pyproject.toml:build pyproject.toml

lock: | $(BIN)/python
	$(BIN)/python -m venv .venv-lock
	.venv-lock/bin/python -m pip --disable-pip-version-check install --quiet uv
	$(PIN) --upgrade --extra dev --output-file requirements-dev.lock
	$(PIN) --upgrade --constraint requirements-dev.lock --output-file requirements.lock
	$(PIN) --upgrade --extra dev --extra all --constraint requirements-dev.lock --output-file requirements-spark.lock

clean:
	rm -rf $(VENV) .venv-lock demo build dist src/*.egg-info
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
