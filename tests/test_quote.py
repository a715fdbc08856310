from __future__ import annotations

import dataclasses
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.quote import STANCE_LABELS, Quote, Speaker, Stance, TextSpan

KEYS = [
    "text",
    "start",
    "end",
    "kind",
    "closed",
    "parts",
    "mention",
    "cue",
    "speaker",
    "confidence",
    "evidence",
    "stance",
]

words = st.text(st.characters(exclude_categories=()), max_size=20)
spans = st.builds(
    lambda start, text: TextSpan(start, start + len(text), text), st.integers(0, 10_000), words
)
speakers = st.builds(
    Speaker,
    name=words,
    kind=st.sampled_from(["person", "organization", "group", "unnamed"]),
    role=st.none() | words,
    aliases=st.lists(words, max_size=3).map(tuple),
)
chances = st.floats(0, 1, allow_nan=False)
stances = st.builds(Stance, hardline=chances, neutral=chances, conciliatory=chances)
quotes = st.builds(
    Quote,
    start=st.integers(0, 100),
    end=st.integers(100, 200),
    kind=st.sampled_from(["direct", "mixed"]),
    closed=st.booleans(),
    parts=st.lists(spans, min_size=1, max_size=3).map(tuple),
    mention=st.none() | spans,
    cue=st.none() | spans,
    speaker=st.none() | speakers,
    confidence=chances,
    evidence=st.none() | words,
    stance=st.none() | stances,
)


@pytest.fixture
def quote() -> Quote:
    return Quote(
        start=12,
        end=46,
        kind="direct",
        closed=True,
        parts=(TextSpan(13, 25, "We will not,"), TextSpan(37, 45, "give in.")),
        mention=TextSpan(27, 29, "he"),
        cue=TextSpan(30, 34, "said"),
        speaker=Speaker("Ana Silva", "person", "union leader", ("Silva",)),
        confidence=0.98,
        evidence="a reporting verb right before it",
        stance=Stance(0.86, 0.09, 0.05),
    )


@given(quotes)
def test_from_dict_undoes_to_dict(quote: Quote) -> None:
    assert Quote.from_dict(quote.to_dict()) == quote


@given(quotes)
def test_from_dict_undoes_to_dict_through_json(quote: Quote) -> None:
    assert Quote.from_dict(json.loads(json.dumps(quote.to_dict()))) == quote


def test_to_dict_is_the_line_format(quote: Quote) -> None:
    assert quote.to_dict() == {
        "text": "We will not, give in.",
        "start": 12,
        "end": 46,
        "kind": "direct",
        "closed": True,
        "parts": [
            {"start": 13, "end": 25, "text": "We will not,"},
            {"start": 37, "end": 45, "text": "give in."},
        ],
        "mention": {"start": 27, "end": 29, "text": "he"},
        "cue": {"start": 30, "end": 34, "text": "said"},
        "speaker": {
            "name": "Ana Silva",
            "kind": "person",
            "role": "union leader",
            "aliases": ["Silva"],
        },
        "confidence": 0.98,
        "evidence": "a reporting verb right before it",
        "stance": {
            "label": "hardline",
            "score": -0.81,
            "probabilities": {"hardline": 0.86, "neutral": 0.09, "conciliatory": 0.05},
        },
    }


def test_the_keys_come_in_the_order_of_the_line_format(quote: Quote) -> None:
    assert list(quote.to_dict()) == KEYS


def test_what_is_not_known_is_none_and_keeps_its_key() -> None:
    found = Quote(0, 4, "direct", True, (TextSpan(1, 3, "No"),)).to_dict()
    assert list(found) == KEYS
    assert [key for key, value in found.items() if value is None] == [
        "mention",
        "cue",
        "speaker",
        "evidence",
        "stance",
    ]


def test_from_dict_names_the_key_that_is_missing(quote: Quote) -> None:
    data = quote.to_dict()
    del data["parts"]
    with pytest.raises(KeyError, match="parts"):
        Quote.from_dict(data)


def test_a_line_without_evidence_is_read(quote: Quote) -> None:
    data = quote.to_dict()
    del data["evidence"]
    assert Quote.from_dict(data).evidence is None


def test_text_joins_the_parts_with_a_space(quote: Quote) -> None:
    assert quote.text == "We will not, give in."


@pytest.mark.parametrize("field", ["start", "kind", "parts", "speaker", "stance"])
def test_a_quote_is_frozen(quote: Quote, field: str) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(quote, field, None)


@given(quotes)
def test_a_quote_pickles_and_hashes(quote: Quote) -> None:
    copy = pickle.loads(pickle.dumps(quote))
    assert copy == quote
    assert hash(copy) == hash(quote)


@pytest.mark.parametrize(
    "record",
    [
        TextSpan(0, 1, "a"),
        Speaker("a", "person"),
        Stance(1, 0, 0),
        Quote(0, 3, "direct", True, (TextSpan(1, 2, "a"),)),
    ],
)
def test_records_have_slots(record: object) -> None:
    assert not hasattr(record, "__dict__")


@pytest.mark.parametrize(
    ("probabilities", "label", "score"),
    [
        ((0.86, 0.09, 0.05), "hardline", -0.81),
        ((0.1, 0.2, 0.7), "conciliatory", 0.6),
        ((0.25, 0.5, 0.25), "neutral", 0.0),
        ((0.5, 0.0, 0.5), "hardline", 0.0),
        ((0.0, 0.0, 1.0), "conciliatory", 1.0),
        ((1.0, 0.0, 0.0), "hardline", -1.0),
    ],
)
def test_label_is_the_most_probable_class_and_score_the_difference(
    probabilities: tuple[float, float, float], label: str, score: float
) -> None:
    stance = Stance(*probabilities)
    assert (stance.label, stance.score) == (label, score)


@given(stances)
def test_a_stance_stays_within_its_bounds(stance: Stance) -> None:
    assert -1 <= stance.score <= 1
    assert stance.label in STANCE_LABELS
    assert stance.probabilities[stance.label] == max(stance.probabilities.values())


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [("He said no.", 3, 7, "said"), ("", 0, 0, ""), ("“é”", 1, 2, "é"), ("a\x00b", 1, 2, "\x00")],
)
def test_a_span_is_cut_out_of_its_text(text: str, start: int, end: int, words: str) -> None:
    span = TextSpan.of(text, start, end)
    assert (span.start, span.end, span.text) == (start, end, words)
    assert text[span.start : span.end] == span.text
