# The workshop. `make` lists the targets; everything else needs only Python 3.11 or later.
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# A shell that forbids bytecode would compile Wagtail anew at every start.
unexport PYTHONDONTWRITEBYTECODE
# Another virtual environment is not ours.
unexport VIRTUAL_ENV
export PYTHONPATH := $(CURDIR)/site:$(CURDIR)

VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
PYTEST := $(PY) -m pytest
SOURCES := site home service_pages forms search tests scripts bench manage.py
TEMPLATES = $$(find site home service_pages forms search -path '*/templates/*' -name '*.html')

# The first of these that runs, is new enough, and can make environments (uv can do without venv).
PYTHON ?=
define FIND_PYTHON
found=; old=; \
for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3 python3.14; do \
	if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		found=$${found:-$$candidate}; \
		if "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then found=$$candidate; break; fi; \
	elif "$$candidate" -c '' 2>/dev/null; then old="$$candidate is too old. "; fi; \
done; \
if [ -z "$$found" ]; then \
	echo "$${old}Python 3.11 or later is needed: install it, or set PYTHON to its program." >&2; \
	exit 1; \
fi
endef

# What check --deploy looks at: production's settings with values made for this one run.
PRODUCTION = DJANGO_SETTINGS_MODULE=portal.settings.production \
	SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	FIELD_KEYS="$$($(PY) -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
	ALLOWED_HOSTS=portal.example.org BASE_URL=https://portal.example.org DEMO=0 DEBUG=0 \
	CACHE_URL=rediscache://127.0.0.1:6379/0 CLAMD_ADDRESS=127.0.0.1:3310

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: runtime dev
runtime:
	@$(FIND_PYTHON); "$$found" scripts/environment.py runtime
dev:
	@$(FIND_PYTHON); "$$found" scripts/environment.py dev

.PHONY: demo
demo: runtime ## Prepare and serve the demonstration on http://127.0.0.1:$PORT/ (8000)
	@exec $(MANAGE) demo --port "$${PORT:-8000}"

.PHONY: stack
stack: dev catalogues ## The same on a real PostgreSQL and a real Elasticsearch, without containers
	@exec $(PY) scripts/stack.py

.PHONY: catalogues
catalogues:
	@$(MANAGE) compile_messages_polib --verbosity 0 > /dev/null

.PHONY: test
test: lint test-sqlite test-engines test-browser ## Lint, then tests on SQLite, PostgreSQL, Elasticsearch, Chromium

.PHONY: test-sqlite test-engines test-browser
test-sqlite: dev catalogues
	$(PYTEST) -q -n 2 -m "not engines and not browser"
test-engines: dev catalogues
	$(PY) scripts/with_engines.py -- $(PYTEST) -q -n 2 --dist worksteal -m "engines or every_database"
test-browser: dev catalogues
	$(PYTEST) -q -n 2 --dist worksteal -m browser tests/browser

.PHONY: lint
lint: dev catalogues ## Style, types, layers, templates, migrations, messages, production settings, deployment files
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/lint-imports --no-logo --cache-dir .cache/import-linter > .cache/lint-imports.log 2>&1 \
		|| { cat .cache/lint-imports.log; exit 1; }
	$(PY) scripts/check_templates.py
	$(VENV)/bin/djhtml --tabwidth 2 --check $(TEMPLATES)
	$(PY) scripts/check_deploy_files.py
	DATABASE_URL=sqlite://:memory: $(MANAGE) makemigrations --check --dry-run --verbosity 1
	$(MANAGE) messages --check
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(PY) -m mypy

.PHONY: format
format: dev ## Bring code and templates into shape
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(VENV)/bin/djhtml --tabwidth 2 $(TEMPLATES)

.PHONY: messages
messages: dev ## Bring the catalogues in line with the source; list what lacks a translation
	$(MANAGE) messages

.PHONY: bench
bench: dev catalogues ## Measure what pages, forms, inbox, figures, search and language cost (bench/)
	@exec $(PY) scripts/with_engines.py -- sh -c 'for script in bench/*.py; do \
		module=bench.$$(basename "$$script" .py); echo "== $$module"; $(PY) -m "$$module" || exit 1; done'

.PHONY: pdf-ua
pdf-ua: dev catalogues ## Make the registry's, sessions' and reports' PDFs in five languages; check them with veraPDF
	@rm -rf .cache/pdf && mkdir -p .cache/pdf
	PDF_KEEP=$(CURDIR)/.cache/pdf $(PYTEST) -q -k "pdf or public_edition" tests/registry
	$(PY) scripts/verapdf.py .cache/pdf

.PHONY: coverage
coverage: dev catalogues ## Tests on SQLite with the lines they leave out
	$(PY) -m coverage run -m pytest -q -m "not engines and not browser"
	$(PY) -m coverage report

.PHONY: screenshots
screenshots: dev ## Photograph the demonstration into docs/screenshots/
	$(PY) scripts/screenshots.py

.PHONY: lock
lock: dev ## Resolve requirements.in anew into the lock files
	$(VENV)/bin/uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-header --upgrade --quiet requirements.in --output-file requirements.txt
	$(VENV)/bin/uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-header --upgrade --quiet --constraints requirements.txt requirements-dev.in \
		--output-file requirements-dev.txt

.PHONY: clean
clean: ## Remove everything that these targets have made, the demonstration's data too
	rm -rf $(VENV) .cache var .hypothesis .mypy_cache .ruff_cache .pytest_cache .coverage
	find site home service_pages forms search tests scripts bench locale \
		\( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} +
