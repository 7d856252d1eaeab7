# Two commands matter: `make run` and `make test`. Each works in a fresh clone on a machine with Python 3.11+ and make.
# Written for GNU make 3.81 and later and for any POSIX shell.

PYTHON_CANDIDATES = python3.13 python3.12 python3.11 python3
PYTHON = .venv/bin/python
PIP_INSTALL = $(PYTHON) -m pip install -qq --no-input --disable-pip-version-check --no-compile -c constraints.txt
# On every core, with pip's own one-by-one compiling left out: together a third less waiting.
COMPILE = $(PYTHON) -m compileall -q -j 0 -x '/tests?/' .venv/lib > /dev/null || true
FLASK = $(PYTHON) -m flask --app tracker

# At most 4 processes: each may keep a browser. A file stays together, for its tests may share something costly.
PYTEST = $(PYTHON) -m pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)

INSTALLED_TO_RUN = .venv/.installed-to-run
INSTALLED_TO_WORK = .venv/.installed-to-work

.DEFAULT_GOAL := help
.PHONY: help run demo test test-postgres check format coverage bench pictures install clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: $(INSTALLED_TO_RUN) ## Serve on http://127.0.0.1:5000, with a demo company the first time (PORT=8000 for another port)
	@$(FLASK) db upgrade
	@$(FLASK) demo load --if-empty
	@exec $(PYTHON) run.py

demo: $(INSTALLED_TO_RUN) ## Throw the demo company away and load it anew (refuses any other database)
	@$(FLASK) db upgrade
	@$(FLASK) demo load --again

test: $(INSTALLED_TO_WORK) ## Run all tests, in a real browser too (ARGS="-k word" for some of them)
	@$(PYTHON) -m tests.browser install
	@$(PYTEST)

test-postgres: $(INSTALLED_TO_WORK) ## Run all tests on a real PostgreSQL
	@$(PYTHON) -m tests.browser install
	@$(PYTHON) -W ignore:XDG_RUNTIME_DIR -m tests.postgres run -- $(PYTEST)

check: $(INSTALLED_TO_WORK) ## Check style, format and types
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy

format: $(INSTALLED_TO_WORK) ## Format the code and mend what can be mended by itself
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

coverage: $(INSTALLED_TO_WORK) ## Run all tests and show the lines that none of them has run
	@$(PYTHON) -m tests.browser install
	@$(PYTHON) -m coverage erase
	@$(PYTHON) -m coverage run -m pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)
	@$(PYTHON) -m coverage combine -q
	@$(PYTHON) -m coverage report

bench: $(INSTALLED_TO_WORK) ## Measure how fast it is, and compare with the goals
	@$(PYTHON) -m benchmarks $(ARGS)

pictures: $(INSTALLED_TO_WORK) ## Take pictures of every page, into pictures/
	@$(PYTHON) -m tests.browser install
	@$(PYTHON) -m tests.pictures $(ARGS)

install: $(INSTALLED_TO_WORK) ## Install everything to work with, and nothing else

clean: ## Remove what the tools left behind (keeps .venv, .browser and instance)
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov pictures
	@find . -name .venv -prune -o -name .browser -prune -o -type d -name __pycache__ -exec rm -rf {} +

# A stamp is as new as the last installation, so that one happens only when these files have changed since.
$(INSTALLED_TO_RUN): requirements.txt constraints.txt | $(PYTHON)
	@echo "Installing what the tracker needs (half a minute, once) ..."
	@$(PIP_INSTALL) -r requirements.txt
	@$(COMPILE)
	@touch $@

$(INSTALLED_TO_WORK): requirements.txt requirements-scale.txt requirements-dev.txt constraints.txt | $(PYTHON)
	@echo "Installing what the tracker and its tests need (a minute, once) ..."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@$(COMPILE)
	@touch $@ $(INSTALLED_TO_RUN)

# Anew from nothing, because stamps of a half-made or broken environment would tell of packages that are not there.
$(PYTHON):
	@rm -rf .venv
	@for python in $(PYTHON_CANDIDATES); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then \
	    echo "Making .venv with $$("$$python" --version) ..."; \
	    "$$python" -m venv .venv && exit 0; \
	    rm -rf .venv; \
	    echo "$$python cannot make a virtual environment; on Debian and Ubuntu the package python3-venv is missing." >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "Python 3.11 or later is needed; none of $(PYTHON_CANDIDATES) is one. See https://www.python.org/downloads/" >&2; \
	exit 1
