"""The seed corpus: every line keeps the scheme, and no single word gives the label away."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from quotestance.tables.labelled import CLASSES
from quotestance.training.annotated import read_documents

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
LABELS = {"-2", "-1", "0", "1", "2", "none"}
TOPICS = {
    "war",
    "diplomacy",
    "trade",
    "labour",
    "politics",
    "corporate",
    "court",
    "sport",
    "community",
}
ACTS = set(
    """threat ultimatum vow refusal rejection demand accusation blame insult defiance warning
    distrust offer concession acceptance agreement apology forgiveness readiness hope
    progress credit reassurance procedure denial even-handed non-committal compliance
    description forecast figures analysis condolence boast wish fragment-term""".split()
) | {"call for calm"}


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SEEDS / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module", params=["quotations.jsonl", "contrasts.jsonl"])
def seeds(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return rows(request.param)


def test_there_are_at_least_5000_and_none_twice(seeds: list[dict[str, Any]]) -> None:
    assert len(seeds) >= 5000
    assert len({row["id"] for row in seeds}) == len({row["text"] for row in seeds}) == len(seeds)


@pytest.mark.parametrize("column, known", [("label", LABELS), ("topic", TOPICS), ("act", ACTS)])
def test_every_line_keeps_the_scheme(
    seeds: list[dict[str, Any]], column: str, known: set[str]
) -> None:
    assert {row[column] for row in seeds} <= known


def test_at_least_600_groups_whose_members_differ_in_class(seeds: list[dict[str, Any]]) -> None:
    groups = defaultdict(set)
    for row in seeds:
        if row["group"]:
            groups[row["group"]].add(CLASSES[row["label"]])
    assert sum(len(classes) > 1 for classes in groups.values()) >= 600


@pytest.mark.parametrize(
    "word", ["peace", "talks", "deal", "strike", "never", "ready", "accept", "reject"]
)
def test_a_word_does_not_give_the_label_away(seeds: list[dict[str, Any]], word: str) -> None:
    counts = Counter(
        CLASSES[row["label"]]
        for row in seeds
        if re.search(rf"\b{word}\b", row["text"], re.IGNORECASE)
    )
    assert len(counts) == 3 and max(counts.values()) / sum(counts.values()) < 0.65


def test_no_text_stands_in_both_files() -> None:
    assert {row["text"] for row in rows("quotations.jsonl")}.isdisjoint(
        row["text"] for row in rows("contrasts.jsonl")
    )


def test_labels_of_real_quotations_stand_off_without_text() -> None:
    assert {frozenset(row) for row in rows("real_labels.jsonl")} == {
        frozenset({"id", "sha256", "source", "label", "sure", "split"})
    }


def test_labels_of_the_articles_quotations_stand_off_without_text() -> None:
    labels = rows("read_labels.jsonl")
    assert {frozenset(row) for row in labels} == {frozenset({"sha256", "label", "sure"})}
    assert {row["label"] for row in labels} <= LABELS
    assert len({row["sha256"] for row in labels}) == len(labels)


def test_composed_reports_are_annotated_documents_of_small_weight() -> None:
    path = SEEDS / "reports.jsonl"
    documents = list(read_documents(path.read_text(encoding="utf-8").splitlines(), path.name))
    assert Counter(document.id.split("-")[0] for document in documents) == {
        "marked": 220,
        "said": 220,
        "meant": 220,
    }
    assert all(document.complete and document.weight < 1 for document in documents)
    assert len({document.text for document in documents}) == len(documents)
    assert sum(len(document.annotations) for document in documents) == 752
