# The commands of this repository; each does all the set-up it needs.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PYTHONUNBUFFERED = 1

.PHONY: run test soak bench lint schema examples lock messages clean

# The site on http://127.0.0.1:$(PORT) with the seed incidents in it.
run: .venv/run.stamp
	@$(BIN)/python manage.py prepare_site --quiet-when-current
	@$(BIN)/python manage.py serve --port $(PORT)

# Everything: lint, types, layers, then every test on SQLite and what touches the database on PostgreSQL.
# What pages ask of the database is asked there by the tests of views; a browser comes only where it races.
test: .venv/dev.stamp
	@$(BIN)/python tests/system_packages.py
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -n auto --dist loadgroup
	@$(BIN)/python tests/postgres.py $(BIN)/python -m pytest -n auto --dist loadgroup -m "database and (not browser or racing)"

# The long runs in full.
soak: .venv/dev.stamp
	@HINDSIGHT_SOAK=1 $(BIN)/python -m pytest -n auto --dist loadgroup -m slow

# The benchmarks; N=100000 for the size of the budget, RIVALS=1 for other engines beside it.
bench: .venv/dev.stamp
	@$(if $(RIVALS),$(BIN)/python tests/postgres.py) $(BIN)/python -m tests.benchmarks --documents $(or $(N),10000) $(if $(RIVALS),--rivals) $(ARGS)

lint: .venv/dev.stamp
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --lint --quiet templates
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py check

# The API's OpenAPI document, after an operation has changed; a test holds it to the code.
schema: .venv/dev.stamp
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --format openapi-json --file postmortems/api/openapi.json

# Its examples, as a site with the seed incidents answers them now; then the document that shows them.
examples: .venv/dev.stamp
	@HINDSIGHT_WRITE_EXAMPLES=1 $(BIN)/python -m pytest -q tests/api/test_examples.py -k what_a_site
	@$(MAKE) --no-print-directory schema

# Lock files with hashes and without index addresses.
lock: .venv/dev.stamp
	$(BIN)/uv pip compile -q --python-version 3.11.2 --generate-hashes --no-emit-index-url --no-header requirements/run.in -o requirements/run.txt
	$(BIN)/uv pip compile -q --python-version 3.11.2 --generate-hashes --no-emit-index-url --no-header requirements/dev.in -o requirements/dev.txt

# The translations, after strings have changed; needs gettext. Without dates nothing changes but words.
messages: .venv/dev.stamp
	@$(BIN)/python manage.py makemessages -l zh_Hans -l zh_Hant --no-location --no-wrap --no-obsolete -i static -i tests -i var
	@sed -i '/^"POT-Creation-Date:/d' postmortems/locale/*/LC_MESSAGES/django.po
	@$(BIN)/python manage.py compilemessages -v 0 -i .venv

clean:
	rm -rf .venv var

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Hindsight needs Python 3.11 or newer; this is $$($(PYTHON) --version). Name another with: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python could not make a virtual environment here. On Debian and Ubuntu: apt-get install python3-venv"; rm -rf .venv; exit 1; }

.venv/run.stamp: requirements/run.txt | .venv/bin/python
	@echo "Installing what the site needs …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt | .venv/bin/python
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@ .venv/run.stamp
