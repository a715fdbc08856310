"""Whole articles with known traps.

Exactly these quotations, with these names and this side of the dispute.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from quotestance import Quote, attribute_quotes

DATA = Path(__file__).parent / "data"
# The side of the dispute is the sign of the score; a score of exactly 0 is on neither.
SIGNS = {1: "conciliatory", 0: "neither", -1: "hardline"}


def summary(quote: Quote) -> dict[str, Any]:
    return {
        "speaker": quote.speaker.name if quote.speaker else None,
        "mention": quote.mention.text if quote.mention else None,
        "cue": quote.cue.text if quote.cue else None,
        "stance": (
            SIGNS[(quote.stance.score > 0) - (quote.stance.score < 0)] if quote.stance else None
        ),
    }


def check(text: str, expected: list[dict[str, Any]]) -> list[Quote]:
    """Compare what the text gives with an expectation file.

    Ends of the contents, and every key that the file states.
    """
    quotes = attribute_quotes(text)
    assert [(quote.text[:12], quote.text[-12:]) for quote in quotes] == [
        (wanted["content_starts"][:12], wanted["content_ends"][-12:]) for wanted in expected
    ]
    for quote, wanted in zip(quotes, expected, strict=True):
        assert quote.text.startswith(wanted["content_starts"])
        assert quote.text.endswith(wanted["content_ends"])
        found = summary(quote)
        assert found == {key: wanted.get(key, value) for key, value in found.items()}
        assert quote.closed is wanted.get("closed", "closed is false" not in wanted.get("note", ""))
        assert quote.kind == wanted.get("kind", quote.kind)
        for span in (*quote.parts, *filter(None, (quote.mention, quote.cue))):
            assert text[span.start : span.end] == span.text
    return quotes


def load(folder: Path, name: str) -> tuple[str, list[dict[str, Any]]]:
    expected = json.loads((folder / f"{name}.expected.json").read_text(encoding="utf-8"))
    return (folder / expected["file"]).read_text(encoding="utf-8"), expected["quotes"]


def test_the_acceptance_article(shared: Callable[[str], Path]) -> None:
    quotes = check(*load(shared("articles"), "ceasefire"))
    assert {quote.kind for quote in quotes} == {"direct"}


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "docs" / "examples").glob("*.expected.json")),
    ids=lambda path: path.name.partition(".")[0],
)
def test_the_examples_of_the_docs(path: Path) -> None:
    check(*load(path.parent, path.name.removesuffix(".expected.json")))


def test_an_article_with_the_traps_of_the_acceptance_article() -> None:
    check(*load(DATA, "harbour"))


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_line_ends_change_no_answer(ending: str) -> None:
    text, expected = load(DATA, "harbour")
    check(text.replace("\n", ending), expected)
