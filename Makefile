# Jizhi. `make demo` and `make test` are all a newcomer needs; each target also works on a fresh clone.
.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench docs lock clean
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
WORKERS ?= 2

help:  ## this list
	@echo "make demo    start the demonstration township: http://localhost:8000 (PORT, JIZHI_DATA choose port and data directory)"
	@echo "make test    all tests, on a database of their own (ARGS='tests/web -k pager' narrows)"
	@echo "make check   format, lint, types, import contracts, templates, migrations, generated documents"
	@echo "make fix     format and repair what can be repaired by machine"
	@echo "make bench   the measurements of the README"
	@echo "make docs    write docs/generated"

demo: $(VENV)/runtime texts  ## start the demonstration township
	@exec $(VENV)/bin/jizhi demo

test: $(VENV)/development texts
	@$(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: $(VENV)/development texts
	@sh -c 'failed=""; run() { echo "== $$*"; "$$@" || failed="$$failed\n  $$*"; }; \
	run $(PY) -m ruff format --check --quiet .; \
	run $(PY) -m ruff check .; \
	run $(PY) -m mypy; \
	run $(VENV)/bin/lint-imports; \
	run $(VENV)/bin/djlint --lint --quiet jizhi; \
	run $(PY) manage.py makemigrations --check --dry-run; \
	run $(VENV)/bin/jizhi docs --check; \
	run $(PY) -m pytest -q -n 0 tests/house; \
	if [ -n "$$failed" ]; then printf "\nNot in order:$$failed\n"; exit 1; fi; echo "All in order."'

fix: $(VENV)/development
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

bench: $(VENV)/development texts
	@$(PY) -m bench

docs: $(VENV)/development
	@$(VENV)/bin/jizhi docs

lock:  ## pin the newest versions pyproject.toml allows (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -c requirements.lock -o requirements-dev.lock

clean:  ## remove the environment and all caches; data stay
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The environment: made once, again only when a lock file changes -------------------------------------------------
.PHONY: texts
texts: | $(VENV)/runtime
	@$(PY) -m config.catalogs

$(PY):
	@PYTHON="$(PYTHON)"; \
	for candidate in python3 python3.13 python3.12 python3.11; do \
	  [ -n "$$PYTHON" ] && break; \
	  if $$candidate -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then PYTHON=$$candidate; fi; \
	done; \
	if [ -z "$$PYTHON" ]; then \
	  echo "Jizhi needs Python 3.11, 3.12 or 3.13; found: $$(python3 --version 2>&1 || echo none)."; \
	  echo "Install one, or name it: make demo PYTHON=/path/to/python3.11"; exit 1; \
	fi; \
	echo "Making the environment $(VENV) with $$($$PYTHON --version) …"; \
	$$PYTHON -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "The environment could not be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

# $(1): a lock file. pip's own lines become one line that counts.
define install
	total=$$(grep -c '==' $(1)); if [ -t 1 ]; then step=1; else step=20; fi; \
	{ $(PIP) install --progress-bar off --require-hashes -r $(1) 2>&1; echo "exit $$?"; } | awk -v total=$$total -v step=$$step ' \
	  /^(Collecting|Processing|Ignoring|Requirement already)/ { if (++n % step == 0) printf "%s  %d/%d %-40s%s", step == 1 ? "\r" : "", n, total, $$1 == "Collecting" ? $$2 : "", step == 1 ? "" : "\n"; fflush(); next } \
	  /^Installing collected/ { printf "%s  unpacking %d packages …%30s", step == 1 ? "\r" : "", total, ""; fflush(); next } \
	  /^exit / { status = $$2; next } \
	  { said = said $$0 "\n" } \
	  END { printf "\n"; if (status) { printf "%s", said; print "The packages could not be installed. Is the package index reachable? Then run make again." } exit status }' && \
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index --editable .
endef

$(VENV)/runtime: requirements.lock | $(PY)
	@if [ $(VENV)/development -nt requirements-dev.lock ]; then touch $@; exit 0; fi; \
	echo "Installing what jizhi needs (about 100 MB, once) …"; \
	$(call install,requirements.lock) && touch $@

$(VENV)/development: requirements-dev.lock | $(PY)
	@echo "Installing what jizhi and its tests need (about 200 MB, once) …"; \
	$(call install,requirements-dev.lock) && touch $@ $(VENV)/runtime
