from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.attribution_model import AttributionModel
from quotestance.quote import Speaker
from quotestance.speakers.confidence import confidence, confidence_features

chances = st.floats(0, 1)
SILVA = Speaker("Ana Silva", "person")


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({}, 0.5),
        ({"one": 0.0}, 0.5),
        ({"one": 2.0}, 0.8808),
        ({"one": -2.0}, 0.1192),
        ({"one": 1e9}, 1.0),
        ({"one": -1e9}, 0.0),
        ({"how=surname": 2.0}, 0.8808),
        ({"how=pronoun": 2.0}, 0.5),
        ({"speaker=person": 2.0}, 0.8808),
        ({"full=True": 2.0}, 0.8808),
        ({"role=True": 2.0}, 0.5),
    ],
)
def test_the_weights_decide(weights: dict[str, float], expected: float) -> None:
    features = confidence_features("cue", "surname", 0.5, 0.5, "direct", "name", SILVA)
    assert confidence(features, weights) == expected


@given(
    st.text(max_size=5),
    st.text(max_size=5),
    chances,
    chances,
    st.text(max_size=5),
    st.text(max_size=5),
    st.sampled_from([None, SILVA, Speaker("diplomat", "unnamed", "a diplomat")]),
    st.dictionaries(st.sampled_from(["one", "attribution", "resolution"]), st.floats(-100, 100)),
)
def test_confidence_is_a_probability(
    source: str,
    how: str,
    attribution: float,
    resolution: float,
    kind: str,
    sort: str,
    speaker: Speaker | None,
    weights: dict[str, float],
) -> None:
    assert (
        0
        <= confidence(
            confidence_features(source, how, attribution, resolution, kind, sort, speaker), weights
        )
        <= 1
    )


@given(chances, chances)
def test_a_surer_attribution_never_lowers_the_confidence(one: float, two: float) -> None:
    weights = AttributionModel.load().confidence
    low, high = (
        confidence(
            confidence_features("cue", "surname", chance, 1.0, "direct", "name", SILVA), weights
        )
        for chance in sorted([one, two])
    )
    assert low <= high


@given(chances, chances)
def test_a_surer_antecedent_never_lowers_the_confidence(one: float, two: float) -> None:
    weights = AttributionModel.load().confidence
    low, high = (
        confidence(
            confidence_features("cue", "pronoun", 0.9, chance, "direct", "pronoun", SILVA), weights
        )
        for chance in sorted([one, two])
    )
    assert low <= high
