from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.pipeline import attribute_batch
from quotestance.training.annotated import read_documents
from quotestance.training.attribution_scores import match
from quotestance.training.same_name import same_full_name, same_last_name

KERRY = ["John Kerry", "Kerry", "John Forbes Kerry", "chief negotiator"]


@pytest.mark.parametrize(
    ("name", "gold", "same"),
    [
        pytest.param("John Kerry", KERRY, True, id="equal"),
        pytest.param("Mr. john Kerry", KERRY, True, id="titles and capitals count for nothing"),
        pytest.param("John Kerry's", KERRY, True, id="possessive"),
        pytest.param("John Forbes Kerry", KERRY, True, id="a longer alias"),
        pytest.param("Kerry", KERRY, False, id="an alias that is a piece of the name"),
        pytest.param("Chief Negotiator", KERRY, False, id="an alias that is an office"),
        pytest.param("Chef John Kerry", KERRY, False, id="an occupation glued on"),
        pytest.param("Ana Kerry", KERRY, False, id="a namesake"),
        pytest.param("ECB", ["European Central Bank", "ECB"], True, id="another name of a body"),
        pytest.param("a spokesman", ["an army spokesman in Oslo"], True, id="the same head"),
        pytest.param("the army", ["an army spokesman in Oslo"], False, id="another head"),
        pytest.param("Army", ["One official of the army"], False, id="what a source belongs to"),
        pytest.param("official", ["One official of the army"], True, id="a source counted"),
        pytest.param("aides", ["the two aides"], True, id="described with an article"),
        pytest.param("Low", ["The Low"], True, id="an article before a name"),
        pytest.param(None, [], True, id="nobody is nobody"),
        pytest.param("", [""], True, id="empty is nobody"),
        pytest.param(None, KERRY, False, id="nobody, where somebody spoke"),
        pytest.param("Kerry", [], False, id="somebody, where nobody spoke"),
    ],
)
def test_same_full_name(name: str | None, gold: list[str], same: bool) -> None:
    assert same_full_name(name, gold) is same


@pytest.mark.parametrize(
    ("name", "gold", "same"),
    [
        ("John Kerry", ["John Kerry"], True),
        ("Kerry", ["John Kerry"], True),
        ("Mr. Kerry", ["John Kerry"], True),
        ("Kerry's", ["John Kerry"], True),
        ("john kerry", ["John Kerry"], True),
        ("President Kerry", ["X", "Kerry"], True),
        ("Ban Ki-moon", ["John Kerry"], False),
        ("John", ["John Kerry"], False),
        (None, [], True),
        ("", [], True),
        (None, ["John Kerry"], False),
        ("Kerry", [], False),
    ],
)
def test_same_last_name(name: str | None, gold: list[str], same: bool) -> None:
    assert same_last_name(name, gold) is same


# ---------- beside the scorer
@pytest.fixture(scope="module")
def scorer(shared: Callable[[str], Path]) -> ModuleType:
    path = shared("eval/score_articles.py")
    spec = importlib.util.spec_from_file_location("score_articles", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_documents_score_as_the_scorer_has_them(
    scorer: ModuleType, shared: Callable[[str], Path]
) -> None:
    lines = shared("eval/gold/articles_dev.jsonl").read_text(encoding="utf-8").splitlines()
    documents = list(read_documents(lines, "articles_dev"))
    predicted = attribute_batch([document.text for document in documents], stance=False)
    ours, theirs = [], []
    for line, document, quotes in zip(lines, documents, predicted, strict=True):
        found = match(document, quotes)
        counts, _ = scorer.score_article(
            json.loads(line), [quote.to_dict() for quote in quotes], None
        )
        ours.append(
            (
                found.predicted,
                len(found.pairs),
                sum(pair.quote is not None for pair in found.pairs),
                sum(pair.named for pair in found.pairs),
                sum(pair.mentioned for pair in found.pairs),
            )
        )
        theirs.append(tuple(counts[name] for name in ("pred", "gold", "found", "full", "mok")))
    assert sum(named for _, _, _, named, _ in ours) > 100
    assert ours == theirs


WORDS = st.sampled_from(
    "John Kerry kerry’s Ana Ki-moon U.S. the The a An two Two of for near by official aides Prime"
    " Minister Secretary State spokesman Army ECB Dr. Chef".split()
)
NAMES = st.lists(WORDS, max_size=4).map(" ".join)


@given(st.none() | NAMES, st.lists(NAMES, max_size=3))
def test_names_are_judged_as_the_scorer_does(
    scorer: ModuleType, name: str | None, gold: list[str]
) -> None:
    assert same_full_name(name, gold) is scorer.same_name(name, gold)
