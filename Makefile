# Sets up everything it needs in .venv; PYTHON may name any Python 3.11 to 3.13.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SPARK  := .venv-spark
STAMP  := $(VENV)/.installed
# Tests at once, for two cores: a worker waits for disks and other processes a fifth of its time. Each takes up to 2 GB.
WORKERS ?= 3

export DAGSTER_HOME ?= $(CURDIR)/data/dagster

.DEFAULT_GOAL := help
.PHONY: help run test slow spark sparksql lint format dev bench fuzz long wheel docs lock clean

help:            ## show the targets
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Python 3.11 to 3.13 is needed, {sys.executable} is {v.major}.{v.minor}; say make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP)    ## run the whole pipeline on the bundled vintage
	@$(BIN)/lmi run

# bytecode is kept, also where the environment says not to: else each command that a test starts compiles the project
test: $(STAMP)   ## run the tests, three files at a time
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

slow: $(STAMP)   ## pages in a browser and other long tests; CI runs them after make test
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m slow

# of its own: where pyspark is installed, a process without a main file ends when Great Expectations imports it
$(SPARK)/.installed: pyproject.toml requirements.lock requirements-spark.lock
	$(PYTHON) -m venv $(SPARK)
	$(SPARK)/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	$(SPARK)/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements-spark.lock
	$(SPARK)/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

sparksql: $(SPARK)/.installed ## each table of a few areas on Spark, as DuckDB makes it; Java 17 or newer is needed
	$(SPARK)/bin/python -m pytest -m spark tests/integration/test_spark_tables.py

spark: $(SPARK)/.installed ## a whole run on Spark, compared with DuckDB's, and make sparksql
	$(SPARK)/bin/python -m pytest -m spark -s

lint: $(STAMP)   ## linters and the type checker
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar $(filter-out sql/reports,$(wildcard sql/*))
	$(BIN)/sqlfluff lint --templater placeholder --disable-progress-bar sql/reports

format: $(STAMP) ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

dev: $(STAMP)    ## Dagster's web interface on http://127.0.0.1:3000
	@$(BIN)/lmi dev

bench: $(STAMP)  ## benchmarks: ratios measured in one run; LMI_BENCH_BASE=DIR compares with another checkout
	$(BIN)/python -m pytest tests/benchmarks -m benchmark -s

fuzz: $(STAMP)   ## 10,000 mutated files of publishers; FUZZ="--only 123" makes one again
	POLARS_MAX_THREADS=1 $(BIN)/python -W ignore -m tests.fuzz.run --workers $(WORKERS) $(FUZZ)

long: $(STAMP)   ## twenty runs killed at random moments, for most of an hour
	$(BIN)/python -m pytest -m long -s

wheel: $(STAMP)  ## the package, as a wheel and an sdist in dist/
	$(BIN)/python -m hatchling build

docs: $(STAMP)   ## the documentation as a site in dist/docs; a link that leads nowhere stops it
	$(BIN)/zensical build --clean --strict

lock:            ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-strip-extras --upgrade -o requirements.lock

clean:           ## remove what runs made; the virtual environment and releases stay
	rm -rf data/staging .pytest_cache .mypy_cache .ruff_cache .hypothesis
