from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from quotestance.attribution.governors import NO_GOVERNOR
from quotestance.attribution.kinds import KINDS, KindModel, kind_features
from quotestance.linear import Fact
from quotestance.marks.quotations import find_quotations

CUE: dict[str, Fact] = {
    "side": "before",
    "same": "same",
    "verb": "speech",
    "ties": "above",
    "shape": "clause",
    "how": "subject",
    "near": 0,
    "lemma": "say",
}


def features_of(text: str) -> dict[str, float]:
    return kind_features(text, find_quotations(text)[0], "cue", {}, 0.9, NO_GOVERNOR)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(
            "“We will stay here,” she said.", "It was a “stay” for them.", id="length and case"
        ),
        pytest.param(
            "She read “The Long Road Home” aloud.",
            "She read “the long road home” aloud.",
            id="title case",
        ),
        pytest.param("He said “stay here now.”", "He said “stay here now”", id="full stop inside"),
        pytest.param(
            "the book “Stay Here Now”", "the tree “Stay Here Now”", id="a title word before"
        ),
        pytest.param(
            "“I will stay here,” she said.", "“It will stay here,” she said.", id="first person"
        ),
        pytest.param("the “stay” of it", "said “stay” of it", id="the word before"),
        pytest.param("She said: “Stay here.”", "She said: “Stay here.", id="closed"),
        pytest.param("“We will,” she said, “stay.”", "“We will,” she said.", id="parts"),
        pytest.param(
            "Ana Low, York\n“Stay here now.”",
            "Ana Low, York “Stay here now.”",
            id="a line break after a word",
        ),
    ],
)
def test_what_tells_kinds_apart_is_among_the_features(left: str, right: str) -> None:
    assert features_of(left) != features_of(right)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        pytest.param("They call it a “grey tax” here. The grey tax rose.", True, id="after"),
        pytest.param("The grey tax rose. They call it a “grey tax” here.", True, id="before"),
        pytest.param("They call it a “grey tax” here. The water tax rose.", False, id="only once"),
        pytest.param("They call it a “grey tax” here. Grey Tax rose.", True, id="other capitals"),
        pytest.param(
            "They call it a “grey tax,” here. The grey tax rose.",
            True,
            id="a comma inside the marks",
        ),
        pytest.param(
            "They call it a “grey tax.” The grey tax rose.", True, id="a full stop inside the marks"
        ),
        pytest.param(
            "They saw “a tax on grey doors” here. They saw a tax on grey doors.",
            True,
            id="five words",
        ),
        pytest.param(
            "They saw “a tax on old grey doors” here. They saw a tax on old grey doors.",
            False,
            id="six words",
        ),
        pytest.param("They paid a “tax” here. The tax rose.", False, id="three letters"),
        pytest.param(
            "They call it a “grey tax” here. " + "It rained. " * 450 + "The grey tax rose.",
            True,
            id="some paragraphs away",
        ),
        pytest.param(
            "They call it a “grey tax” here. " + "It rained. " * 500 + "The grey tax rose.",
            False,
            id="far away after",
        ),
        pytest.param(
            "The grey tax rose. " + "It rained. " * 500 + "They call it a “grey tax” here.",
            False,
            id="far away before",
        ),
    ],
)
def test_a_term_that_stands_near_by_again_is_told(text: str, again: bool) -> None:
    told = {name.split("|")[0] for name in features_of(text) if name.startswith("again=")}
    assert told == {f"again={again}"}


@pytest.mark.parametrize("answer", KINDS)
def test_the_weights_decide(answer: str) -> None:
    features = features_of("“We will stay here,” she said.")
    weights = {next(iter(features)): [5.0 * (kind == answer) for kind in KINDS]}
    chances = dict(zip(KINDS, KindModel(weights).probabilities(features), strict=True))
    assert max(chances, key=lambda kind: chances[kind]) == answer


def test_without_weights_all_kinds_are_equal() -> None:
    assert KindModel({}).probabilities({"size=8": 1.0}) == pytest.approx((1 / 3, 1 / 3, 1 / 3))


@given(
    st.dictionaries(st.text(max_size=3), st.tuples(*[st.floats(-500, 500)] * 3), max_size=6),
    st.dictionaries(st.text(max_size=3), st.floats(-5, 5), max_size=6),
)
def test_probabilities_add_up_to_one(
    weights: dict[str, tuple[float, float, float]], features: dict[str, float]
) -> None:
    chances = KindModel(weights).probabilities(features)
    assert sum(chances) == pytest.approx(1)
    assert all(0 <= chance <= 1 for chance in chances)


@given(texts, st.floats(0, 1))
def test_features_of_any_quotation_are_finite_and_repeat(text: str, probability: float) -> None:
    for quotation in find_quotations(text):
        found = kind_features(text, quotation, "cue", CUE, probability, NO_GOVERNOR)
        assert found == kind_features(text, quotation, "cue", CUE, probability, NO_GOVERNOR)
        assert all(isinstance(name, str) and value == 1.0 for name, value in found.items())
