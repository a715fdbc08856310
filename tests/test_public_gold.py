"""The public gold set: its form, what its README says of it, and our scores beside the shared
scorer's.

The gates of accuracy on it are in test_accuracy.py, with those of the other sets.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import floors
import public_gold
import pytest

from quotestance import Quote, attribute_quotes

ROOT = Path(__file__).resolve().parent.parent
README = " ".join((public_gold.FOLDER / "README.md").read_text(encoding="utf-8").split())
ARTICLES = public_gold.read(public_gold.ARTICLES)
QUOTES = [quote for article in ARTICLES for quote in article["quotes"]]
CLASSES = {
    "-2": "hardline",
    "-1": "hardline",
    "0": "neutral",
    "none": "neutral",
    "1": "conciliatory",
    "2": "conciliatory",
}
RUN = 9  # words in a row that two newspapers do not share by accident

Stretch = tuple[str, int, int]


@pytest.fixture(scope="module")
def readers() -> ModuleType:
    """The script that compares the two readers."""
    spec = spec_from_file_location(
        "gold_agreement", ROOT / "docs" / "benchmarks" / "gold_agreement.py"
    )
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers(readers: ModuleType, name: str) -> dict[Stretch, dict[str, Any]]:
    found: dict[Stretch, dict[str, Any]] = readers.read(str(public_gold.FOLDER / name))
    return found


# ---------- form
def test_it_is_large_enough() -> None:
    assert len(ARTICLES) >= 40
    assert len(QUOTES) >= 300
    assert len({article["id"] for article in ARTICLES}) == len(ARTICLES)
    assert {article["source"] for article in ARTICLES} == {"invented"}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_stretches_lie_in_the_text_apart_from_each_other(article: dict[str, Any]) -> None:
    text = article["text"]
    stretches = sorted(
        [(quote["start"], quote["end"]) for quote in article["quotes"]]
        + [tuple(bounds) for bounds in article["not_quotes"]]
    )
    assert all(end <= start for (_, end), (start, _) in pairwise(stretches))
    assert all(0 <= start < end <= len(text) for start, end in stretches)
    assert {text[start] for start, _ in stretches} <= set("\"'“‘")


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_answers_are_whole(article: dict[str, Any]) -> None:
    by_utterance: dict[int, set[tuple[str, str]]] = {}
    for quote in article["quotes"]:
        assert quote["kind"] in ("direct", "mixed")
        assert quote["stance_class"] == CLASSES[quote["stance"]]
        spans = quote["speaker_spans"] + quote["cue_spans"]
        assert all(0 <= start < end <= len(article["text"]) for start, end in spans)
        found = by_utterance.setdefault(quote["utterance"], set())
        found.add((quote["speaker"], quote["stance"]))
    assert {len(found) for found in by_utterance.values()} == {1}


# ---------- what the README says
def test_its_readme_counts_as_the_file_does() -> None:
    kinds = Counter(quote["kind"] for quote in QUOTES)
    classes = Counter(quote["stance_class"] for quote in QUOTES)
    others = sum(len(article["not_quotes"]) for article in ARTICLES)
    assert (
        f"{len(ARTICLES)} articles, {len(QUOTES)} quotations ({kinds['direct']} direct,"
        f" {kinds['mixed']} mixed) and {others} marked stretches that are no speech;"
        f" {classes['hardline']} hardline, {classes['neutral']} neutral and"
        f" {classes['conciliatory']} conciliatory."
    ) in README


def test_its_readme_has_the_agreement_of_the_readers(readers: ModuleType) -> None:
    figures = readers.agreement(
        answers(readers, "first_reader.jsonl"), answers(readers, "second_reader.jsonl")
    )
    shown = [
        f"| {name} | {figure if isinstance(figure, int) else format(figure, '.3f')} |"
        for name, figure in figures.items()
    ]
    assert [row for row in shown if row not in README] == []


def test_its_readme_says_how_many_answers_adjudication_changed(readers: ModuleType) -> None:
    first = answers(readers, "first_reader.jsonl")
    changed: Counter[str] = Counter()
    stretches = 0
    for article in ARTICLES:
        for quote in article["quotes"]:
            was = first[article["id"], quote["start"], quote["end"]]
            now = {**quote, "stance": quote["stance_class"]}
            differs = [what for what in ("stance", "speaker", "kind") if was[what] != now[what]]
            changed.update(differs)
            stretches += bool(differs)
    contested = sum(quote.get("contested_stance", False) for quote in QUOTES)
    assert (
        f"{stretches} stretches were changed from the first reader's answer ({changed['stance']} in"
        f" stance, {changed['speaker']} in speaker, {changed['kind']} in kind), {contested} were"
        " kept but marked as contested"
    ) in README


@pytest.mark.parametrize("name", ["first_reader.jsonl", "second_reader.jsonl"])
def test_a_reader_answered_for_every_marked_stretch(readers: ModuleType, name: str) -> None:
    marked = {
        (article["id"], start, end)
        for article in ARTICLES
        for start, end in [
            *((quote["start"], quote["end"]) for quote in article["quotes"]),
            *article["not_quotes"],
        ]
    }
    assert marked <= set(answers(readers, name))


def test_readers_who_differ_agree_less(readers: ModuleType) -> None:
    row = {"kind": "direct", "speaker": "Ana Low", "aliases": [], "stance": "neutral"}
    first = {("a", 0, 5): row, ("a", 6, 9): {**row, "stance": "hardline"}, ("a", 10, 12): row}
    second = {
        ("a", 0, 5): {**row, "speaker": "Low"},
        ("a", 6, 9): row,
        ("a", 10, 12): {**row, "kind": "other"},
    }
    figures = readers.agreement(first, second)
    assert figures["full name"] == 0.5
    assert figures["stance"] == 0.5
    assert figures["kind"] == 2 / 3
    assert figures["stretches of speech, F1"] == 0.8


# ---------- beside the shared data
def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


@pytest.mark.parametrize("name", ["articles_dev", "articles_train", "polnear_dev", "polnear_train"])
def test_no_sentence_is_from_a_real_article(shared: Callable[[str], Path], name: str) -> None:
    real = public_gold.read(shared(f"eval/gold/{name}.jsonl"))
    invented = runs(" ".join(article["text"] for article in ARTICLES))
    assert not invented & set().union(*(runs(article["text"]) for article in real))


def test_our_scores_are_those_of_the_shared_scorer(
    shared: Callable[[str], Path], tmp_path: Path
) -> None:
    scorer, found = shared("eval/score_articles.py"), {}

    def remember(text: str) -> list[Quote]:
        found[text] = attribute_quotes(text)
        return found[text]

    predicted = tmp_path / "predicted.jsonl"
    assert floors.predict(public_gold.ARTICLES, predicted, remember) == []
    theirs = floors.score(scorer, public_gold.ARTICLES, predicted)
    ours = public_gold.figures(
        public_gold.ARTICLES, [found[article["text"]] for article in ARTICLES]
    )
    same = {
        "precision": "P",
        "recall": "R",
        "F1": "F1",
        "recall direct": "R_direct",
        "recall mixed": "R_mixed",
        "full name given found": "full_found",
        "full name end to end": "full_e2e",
        "mention given found": "mention",
        public_gold.STANCE: "stance",
    }
    assert {name: round(ours[name][0], 9) for name in same} == {
        name: round(theirs[key], 9) for name, key in same.items()
    }


def test_stance_that_is_contested_counts_for_nothing(tmp_path: Path) -> None:
    article = ARTICLES[0]
    found = [attribute_quotes(article["text"])]

    def macro(contested: bool) -> float:
        quotes = [{**quote, "contested_stance": contested} for quote in article["quotes"]]
        path = tmp_path / "gold.jsonl"
        path.write_text(json.dumps({**article, "quotes": quotes}) + "\n", encoding="utf-8")
        return public_gold.figures(path, found)[public_gold.STANCE][0]

    assert macro(False) > 0
    assert macro(True) == 0
