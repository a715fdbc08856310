"""The public gold set, data/articles/articles.jsonl, and the figures of attribution and stance on
it, by the project's own scores.

``python tests/public_gold.py`` prints them with 95 % intervals.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from quotestance.quote import STANCE_LABELS, Quote
from quotestance.training.annotated import read_documents
from quotestance.training.attribution_scores import Matched, Pair, match, score
from quotestance.training.stance_scores import evaluate_stance

FOLDER = Path(__file__).resolve().parent / "data" / "articles"
ARTICLES = FOLDER / "articles.jsonl"
STANCE = "stance macro-F1"
SURE = 0.9  # the confidence from which on a name counts as sure

Figures = dict[str, tuple[float, float, float]]
Judged = list[tuple[Pair, dict[str, Any]]]


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def matches(path: Path, found: Iterable[Sequence[Quote]]) -> list[Matched]:
    """The articles of a file, each matched with the quotes found in it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        match(document, quotes)
        for document, quotes in zip(read_documents(lines, str(path)), found, strict=True)
    ]


def judged(path: Path, matched: Sequence[Matched]) -> Judged:
    """Every annotated stretch as it was matched, beside its row in the file."""
    rows = [quote for article in read(path) for quote in article["quotes"]]
    return list(zip((pair for article in matched for pair in article.pairs), rows, strict=True))


def stance(pairs: Judged) -> tuple[float, float, float]:
    """Macro-F1 of stance over the stretches found whose stance is not contested, with its interval;
    0 where there are none."""
    taken = [
        (row["stance_class"], pair.quote.stance.probabilities)
        for pair, row in pairs
        if pair.quote and pair.quote.stance and not row.get("contested_stance")
    ]
    if not taken:
        return 0.0, 0.0, 0.0
    chances = np.array([[chance[label] for label in STANCE_LABELS] for _, chance in taken])
    figure = evaluate_stance([label for label, _ in taken], chances).figures["macro-F1"]
    return figure.value, figure.low, figure.high


def figures(path: Path, found: Iterable[Sequence[Quote]]) -> Figures:
    """Every figure of the quotes found in the articles of a file: (value, low, high)."""
    matched = matches(path, found)
    return {**score(matched), STANCE: stance(judged(path, matched))}


def attributed(path: Path, attribute: Callable[[str], list[Quote]]) -> list[list[Quote]]:
    """What is found in each article of a file."""
    return [attribute(article["text"]) for article in read(path)]


def main() -> None:
    """Print the figures of the bundled models."""
    from quotestance import attribute_quotes

    found = attributed(ARTICLES, attribute_quotes)
    for name, (value, low, high) in figures(ARTICLES, found).items():
        print(f"{name:24} {100 * value:5.1f} [{100 * low:.1f}, {100 * high:.1f}]")
    answers = [answer for article in matches(ARTICLES, found) for answer in article.judged]
    sure = [right for confidence, right in answers if confidence >= SURE]
    print(
        f"{len(sure) / len(answers):.1%} of the quotes have a confidence of {SURE} or more;"
        f" {sum(sure) / max(1, len(sure)):.1%} of those are speech with the right full name"
    )


if __name__ == "__main__":
    main()
