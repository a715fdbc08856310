from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.quote import Quote, Speaker, TextSpan
from quotestance.speakers.confidence import calibration_error
from quotestance.training.annotated import Annotation, Document
from quotestance.training.attribution_scores import Matched, match, score

TEXT = "“We will stay here,” said Ana Silva. “Nobody asked us.” Low called it “a first step.”"
STAY, ASKED, STEP = "We will stay here,", "Nobody asked us.", "a first step."


def span(words: str) -> TextSpan:
    start = TEXT.index(words)
    return TextSpan.of(TEXT, start, start + len(words))


def gold(
    *words: str,
    name: str | None = "Ana Silva",
    kind: str = "direct",
    mention: str | None = "Ana Silva",
) -> Annotation:
    bounds = [(span(part).start, span(part).end) for part in words]
    mentions = ((span(mention).start, span(mention).end),) if mention else ()
    return Annotation(tuple(bounds), kind, mentions, (name,) if name else ())


def found(
    *words: str,
    name: str | None = "Ana Silva",
    mention: str | None = "Ana Silva",
    confidence: float = 1.0,
) -> Quote:
    parts = tuple(span(part) for part in words)
    speaker = Speaker(name, "person") if name else None
    return Quote(
        parts[0].start - 1,
        parts[-1].end + 1,
        "direct",
        True,
        parts,
        span(mention) if mention else None,
        None,
        speaker,
        confidence,
    )


def matched(annotations: list[Annotation], quotes: list[Quote]) -> Matched:
    return match(Document("a", TEXT, tuple(annotations), True), quotes)


# ---------- match
MATCHES = [
    pytest.param([gold(STAY)], [found(STAY)], [STAY], id="equal"),
    pytest.param([gold("We will stay here")], [found(STAY)], [STAY], id="marks count for nothing"),
    pytest.param(
        [gold(STAY)], [found("We will stay")], [None], id="three of four words are too few"
    ),
    pytest.param(
        [gold(TEXT[1:55])], [found(TEXT[1:36])], [None], id="seven of ten words are too few"
    ),
    pytest.param(
        [gold(TEXT[21:55])], [found(TEXT[26:55])], [TEXT[26:55]], id="five of six words are enough"
    ),
    pytest.param([gold(STAY)], [found(ASKED)], [None], id="elsewhere"),
    pytest.param([gold(STAY)], [], [None], id="nothing found"),
    pytest.param([], [found(STAY)], [], id="nothing annotated"),
    pytest.param(
        [gold(STAY, ASKED)],
        [found(STAY), found(ASKED)],
        [STAY, ASKED],
        id="each part of an annotation is found by itself",
    ),
    pytest.param(
        [gold(STAY), gold(ASKED)],
        [found(STAY, ASKED)],
        [f"{STAY} {ASKED}"] * 2,
        id="each part of a quote finds by itself",
    ),
    pytest.param([gold(STAY)], [found(STAY), found(STAY)], [STAY], id="found twice counts once"),
    pytest.param(
        [gold(STAY), gold(STAY)], [found(STAY)], [STAY, None], id="a quote finds one stretch only"
    ),
    pytest.param(
        [gold(TEXT[26:55])],
        [found(TEXT[21:55]), found(TEXT[26:55])],
        [TEXT[26:55]],
        id="the best overlap wins",
    ),
]


@pytest.mark.parametrize(("annotations", "quotes", "expected"), MATCHES)
def test_stretches_find_their_quotes(
    annotations: list[Annotation], quotes: list[Quote], expected: list[str | None]
) -> None:
    result = matched(annotations, quotes)
    assert sorted((pair.quote.text if pair.quote else "") for pair in result.pairs) == sorted(
        text or "" for text in expected
    )
    assert result.predicted == sum(len(quote.parts) for quote in quotes)


@pytest.mark.parametrize(
    ("annotation", "quote", "named", "mentioned"),
    [
        pytest.param(gold(STAY), found(STAY), True, True, id="both"),
        pytest.param(
            gold(STAY),
            found(STAY, name="Silva", mention="Silva"),
            False,
            True,
            id="a surname is no full name; a mention inside the annotated one",
        ),
        pytest.param(
            gold(STAY),
            found(STAY, name="John Low"),
            False,
            True,
            id="the right mention of the wrong person",
        ),
        pytest.param(
            gold(STAY),
            found(STAY, mention="Low"),
            True,
            False,
            id="the right name from another mention",
        ),
        pytest.param(
            gold(STAY),
            found(STAY, name=None, mention=None),
            False,
            False,
            id="nobody, where somebody spoke",
        ),
        pytest.param(
            gold(STAY, name=None, mention=None),
            found(STAY, name=None, mention=None),
            True,
            False,
            id="nobody spoke, and nobody is named",
        ),
        pytest.param(
            gold(STAY, name=None, mention=None),
            found(STAY),
            False,
            False,
            id="somebody, where nobody spoke",
        ),
        pytest.param(
            gold(STAY, name=None, mention=None),
            found(ASKED, name=None, mention=None),
            False,
            False,
            id="not found is not right, not even about nobody",
        ),
    ],
)
def test_a_pair_knows_what_is_right(
    annotation: Annotation, quote: Quote, named: bool, mentioned: bool
) -> None:
    (pair,) = matched([annotation], [quote]).pairs
    assert (pair.named, pair.mentioned) == (named, mentioned)


# ---------- score
GOLD_STEP = gold(STEP, kind="mixed", name="Low", mention="Low")
FOUND_STEP = found(STEP, name="Low", mention="Low")
SCORES = [
    pytest.param(
        [matched([gold(STAY), GOLD_STEP], [found(STAY), FOUND_STEP])],
        {
            "precision": 1.0,
            "recall": 1.0,
            "F1": 1.0,
            "recall direct": 1.0,
            "recall mixed": 1.0,
            "full name given found": 1.0,
            "full name end to end": 1.0,
            "mention given found": 1.0,
            "calibration error": 0.0,
        },
        id="all right",
    ),
    pytest.param(
        [matched([gold(STAY), gold(ASKED)], [found(STAY), found(STEP)])],
        {"precision": 0.5, "recall": 0.5, "F1": 0.5, "full name end to end": 0.5},
        id="one missed, one too many",
    ),
    pytest.param(
        [matched([gold(STAY)], [found(STAY)]), matched([gold(ASKED), gold(STEP)], [])],
        {
            "precision": 1.0,
            "recall": 1 / 3,
            "F1": 0.5,
            "full name given found": 1.0,
            "full name end to end": 1 / 3,
        },
        id="stretches of all documents are pooled",
    ),
    pytest.param(
        [matched([gold(STAY), GOLD_STEP], [found(STAY)])],
        {"recall direct": 1.0, "recall mixed": 0.0},
        id="each kind by itself",
    ),
    pytest.param(
        [matched([gold(STAY), gold(ASKED)], [found(STAY, name="Low"), found(ASKED)])],
        {"full name given found": 0.5, "mention given found": 1.0, "calibration error": 0.5},
        id="a wrong name in full confidence",
    ),
    pytest.param(
        [
            matched(
                [gold(STAY), gold(ASKED, mention=None)], [found(STAY, mention="Low"), found(ASKED)]
            )
        ],
        {"mention given found": 0.0},
        id="no mention annotated, none to be found",
    ),
    pytest.param(
        [matched([], [])],
        {"precision": 0.0, "recall": 0.0, "F1": 0.0, "calibration error": 0.0},
        id="nothing at all",
    ),
]


@pytest.mark.parametrize(("documents", "expected"), SCORES)
def test_scores(documents: list[Matched], expected: dict[str, float]) -> None:
    scores = score(documents)
    assert {name: scores[name][0] for name in expected} == pytest.approx(expected)


def test_an_interval_holds_its_value_and_is_the_same_for_the_same_seed() -> None:
    documents = [matched([gold(STAY)], [found(STAY, confidence=0.9)])] * 5 + [
        matched([gold(STAY)], [])
    ] * 5
    scores = score(documents)
    assert all(0 <= low <= value <= high <= 1 for value, low, high in scores.values())
    low, high = scores["recall"][1:]
    assert low < 0.5 < high
    assert score(documents) == scores
    assert score(documents, seed=1) != scores


# ---------- calibration
@pytest.mark.parametrize(
    ("judged", "bins", "expected"),
    [
        pytest.param([], 10, 0.0, id="nothing judged"),
        pytest.param([(1.0, True), (0.0, False)], 2, 0.0, id="sure and right"),
        pytest.param([(1.0, False), (0.0, True)], 2, 1.0, id="sure and wrong"),
        pytest.param(
            [(0.75, True), (0.75, True), (0.75, True), (0.75, False)],
            1,
            0.0,
            id="three of four at three quarters",
        ),
        pytest.param([(0.9, True), (0.9, False)], 1, 0.4, id="too sure"),
        pytest.param([(0.1, True), (0.1, False)], 1, 0.4, id="not sure enough"),
        pytest.param([(0.2, True), (0.8, False)], 1, 0.0, id="one bin hides what two show"),
        pytest.param([(0.2, True), (0.8, False)], 2, 0.8, id="two bins show it"),
        pytest.param([(0.8, False), (0.2, True)], 2, 0.8, id="in any order"),
        pytest.param([(0.5, True)], 10, 0.5, id="fewer than bins"),
    ],
)
def test_calibration_error(judged: list[tuple[float, bool]], bins: int, expected: float) -> None:
    assert calibration_error(judged, bins) == pytest.approx(expected)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())), st.integers(1, 12))
def test_calibration_error_stays_within_its_bounds(
    judged: list[tuple[float, bool]], bins: int
) -> None:
    assert 0 <= calibration_error(judged, bins) <= 1 + 1e-9


def test_calibration_error_weighs_what_was_judged() -> None:
    judged = [(0.9, True), (0.9, False)]
    assert calibration_error(judged, 1, weights=[3, 1]) == pytest.approx(0.15)
    assert calibration_error(judged, 1, weights=[1, 3]) == pytest.approx(0.65)
