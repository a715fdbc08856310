"""Floors on invented passages in styles that the annotated sets lack: tabloids, live blogs, court
reports, interviews, reviews, posts.

What no name can be told of (a sign, a headline) is marked ``indirect`` and not judged.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from quotestance.pipeline import attribute_batch
from quotestance.training.annotated import read_documents
from quotestance.training.attribution_scores import match, score

PASSAGES = Path(__file__).parent / "data" / "passages.jsonl"


@lru_cache(maxsize=1)
def scores() -> dict[str, tuple[float, float, float]]:
    documents = list(
        read_documents(PASSAGES.read_text(encoding="utf-8").splitlines(), PASSAGES.name)
    )
    found = attribute_batch([document.text for document in documents], stance=False)
    return score(
        [match(document, quotes) for document, quotes in zip(documents, found, strict=True)]
    )


@pytest.mark.parametrize(
    ("figure", "floor"),
    [("F1", 0.89), ("full name given found", 0.86), ("full name end to end", 0.83)],
)
def test_names_are_right_in_every_style(figure: str, floor: float) -> None:
    assert scores()[figure][0] >= floor
