# make run    tag the sample articles with the shipped model
# make test   install what the tests need and run them all
# make lint   types and style
# make desk   the editors' pages with sample articles, on http://127.0.0.1:8000
# make model  fit models/default again (needs the public texts in NEWS; data/README.md says which)
# make bench  ours and the peers side by side
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NEWS ?= ../news

.DEFAULT_GOAL := run
.PHONY: run test lint desk model bench clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# A stamp a set of extras: reinstalled only when pyproject.toml changes.
$(VENV)/run.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[office,html]'
	touch $@

$(VENV)/dev.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

$(VENV)/desk.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[office,html,desk]'
	touch $@

run: $(VENV)/run.stamp
	$(BIN)/python classify.py data/sample --format table
	$(BIN)/python classify.py data/sample --output tags.jsonl

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

desk: $(VENV)/desk.stamp
	$(BIN)/python serve.py --sample

model: $(VENV)/dev.stamp
	$(BIN)/python train.py data/corpus --news $(NEWS) --model models/default --report report.html

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) tags.jsonl*
