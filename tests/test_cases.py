"""Small invented texts by trait, each with what must come out: kinds of error that real news shows.

A case is right when every expected quotation comes out with the right full name and kind, and
nothing else does. Stance is left to its own tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from quotestance import Quote, attribute_many

CASES = Path(__file__).parent / "data" / "cases.jsonl"
# Floors, a little below the figures of the day they were set; raise them by hand, never lower them.
RIGHT, SURE_AND_RIGHT = 0.48, 0.85
SURE = 0.9
_ARTICLE = re.compile(r"(?:the|an?)\s", re.IGNORECASE)


def plain(words: str) -> str:
    """Words without what surrounds them and without their spacing."""
    return " ".join(words.split()).strip(" .,;:")


def name_of(name: str | None) -> str | None:
    """A name without a leading article, one kind of apostrophe for all."""
    if name is None:
        return None
    words = " ".join(name.replace("’", "'").split())
    return words[_ARTICLE.match(words).end() :] if _ARTICLE.match(words) else words


def is_right(expected: dict[str, Any], quote: Quote) -> bool:
    """Whether a quote has the name and the kind that a case expects."""
    also = expected.get("also", [])
    named = "*" in also or name_of(quote.speaker.name if quote.speaker else None) in {
        name_of(name) for name in (expected["speaker"], *also)
    }
    kinds = (expected["kind"], *expected.get("kinds", [])) if "kind" in expected else ()
    return named and (not kinds or quote.kind in kinds)


def all_right(expected: Sequence[dict[str, Any]], quotes: Sequence[Quote]) -> bool:
    """Whether quotes are those expected, all of them and no more."""
    found = {plain(quote.text): quote for quote in quotes}
    wanted = {plain(one["content"]): one for one in expected}
    return found.keys() == wanted.keys() and all(
        is_right(one, found[content]) for content, one in wanted.items()
    )


@lru_cache(maxsize=1)
def answered() -> list[tuple[dict[str, Any], list[Quote]]]:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return list(
        zip(cases, attribute_many([case["text"] for case in cases], stance=False), strict=True)
    )


def test_the_cases_are_many_and_of_many_traits() -> None:
    cases = [case for case, _ in answered()]
    assert len(cases) > 300 and len({case["trait"] for case in cases}) > 60


def test_the_share_of_cases_that_are_right_keeps_its_floor() -> None:
    right = [
        any(all_right(one, quotes) for one in (case["expect"], *case.get("also_right", [])))
        for case, quotes in answered()
    ]
    assert sum(right) / len(right) >= RIGHT


def test_what_it_is_sure_of_is_right() -> None:
    sure = []
    for case, quotes in answered():
        wanted = {plain(one["content"]): one for one in case["expect"]}
        for quote in quotes:
            one = wanted.get(plain(quote.text))
            if one is not None and quote.confidence >= SURE:
                sure.append(is_right({**one, "kinds": ["direct", "mixed"]}, quote))
    assert len(sure) > 100
    assert sum(sure) / len(sure) >= SURE_AND_RIGHT
