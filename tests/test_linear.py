from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.linear import Fact, FeatureRows, LinearModel, logistic

features = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.floats(-5, 5), max_size=3)


@given(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.floats(-1000, 1000)),
    st.lists(features, min_size=1, max_size=8),
)
def test_probabilities_add_up_to_one_and_follow_the_scores(
    weights: dict[str, float], candidates: list[dict[str, float]]
) -> None:
    ranker = LinearModel(weights)
    found = ranker.probabilities(candidates)
    scores = [ranker.score(candidate) for candidate in candidates]
    assert sum(found) == pytest.approx(1)
    assert scores[found.index(max(found))] == pytest.approx(max(scores))


@pytest.mark.parametrize(
    ("row", "facts", "name"),
    [
        pytest.param("side", {"side": "after"}, "after", id="a prefix of nothing"),
        pytest.param("how", {"how": "agent"}, "how=agent", id="named"),
        pytest.param("side how", {"how": "agent", "side": "after"}, "after|how=agent", id="two"),
        pytest.param("lines/4", {"lines": 9}, "lines=4", id="a capped count"),
        pytest.param("lines/4", {"lines": 3}, "lines=3", id="below its cap"),
        pytest.param("open", {"open": True}, "open=True", id="yes or no"),
        pytest.param("open/1", {"open": True}, "open=1", id="yes or no, as a count"),
        pytest.param("place/0", {"place": "object"}, "place=object", id="a word has no cap"),
    ],
)
def test_a_row_names_its_facts(row: str, facts: dict[str, Fact], name: str) -> None:
    rows = FeatureRows(row, prefixes={"side": ""})
    assert rows.names(facts) == [name] == rows.names(facts)


@given(st.floats(-1e9, 1e9))
def test_the_logistic_function_is_a_probability(score: float) -> None:
    assert 0 <= logistic(score) <= 1
