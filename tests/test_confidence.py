from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.attribution.candidates import Candidate
from quotestance.attribution.mentions import Mention, MentionType
from quotestance.attribution.rules import Source
from quotestance.attribution.sources import Attribution
from quotestance.attribution_model import AttributionModel
from quotestance.linear import Features, LinearModel
from quotestance.quote import Kind, Speaker
from quotestance.speakers.confidence import confidence, confidence_features
from quotestance.speakers.named import HOW, Resolution

chances = st.floats(0, 1)
SILVA = Speaker("Ana Silva", "person")


def features_of(how: str, chosen: float, resolved: float) -> Features:
    sort: MentionType = "pronoun" if how == "pronoun" else "name"
    attribution = Attribution(
        Candidate("cue", Mention(0, 5, (0, 5), sort), None, {}), chosen, "", "direct"
    )
    return confidence_features(attribution, Resolution(SILVA, how, resolved))


def test_words_that_may_not_be_speech_are_less_sure() -> None:
    model = AttributionModel.load()
    candidate = Candidate("cue", Mention(0, 5, (0, 5), "name"), None, {})
    sure, unsure = (
        confidence(
            confidence_features(
                Attribution(candidate, 0.9, "", "mixed", speech), Resolution(SILVA, "named", 1.0)
            ),
            model.confidence,
        )
        for speech in (0.95, 0.5)
    )
    assert unsure < sure


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
    assert confidence(features_of("surname", 0.5, 0.5), LinearModel(weights)) == expected


@given(
    st.sampled_from(get_args(Source)),
    st.sampled_from(sorted(HOW)),
    chances,
    chances,
    st.sampled_from(get_args(Kind)),
    st.sampled_from([None, SILVA, Speaker("diplomat", "unnamed", "a diplomat")]),
    st.dictionaries(st.sampled_from(["one", "attribution", "resolution"]), st.floats(-100, 100)),
)
def test_confidence_is_a_probability(
    source: Source,
    how: str,
    chosen: float,
    resolved: float,
    kind: Kind,
    speaker: Speaker | None,
    weights: dict[str, float],
) -> None:
    attribution = Attribution(Candidate(source, None, None, {}), chosen, "", kind)
    features = confidence_features(attribution, Resolution(speaker, how, resolved))
    assert 0 <= confidence(features, LinearModel(weights)) <= 1


@pytest.mark.parametrize("how", ["surname", "pronoun"])
@given(chances, chances)
def test_a_surer_step_never_lowers_the_confidence(how: str, one: float, two: float) -> None:
    model = AttributionModel.load().confidence
    low, high = sorted([one, two])
    for steps in ([(low, 0.9), (high, 0.9)], [(0.9, low), (0.9, high)]):
        first, second = (confidence(features_of(how, *step), model) for step in steps)
        assert first <= second
