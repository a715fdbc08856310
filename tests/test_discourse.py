from __future__ import annotations

import pytest

from quotestance.speakers.discourse import Discourse

ANA, KLAUS = 0, 1


def test_sources_that_nobody_knows_are_not_counted() -> None:
    told = [(0, ANA), (10, None), (20, KLAUS), (30, None)]
    assert Discourse([], told, []).ages(ANA, 40)["told"] == 1


def test_a_pronoun_that_spoke_is_known_from_then_on() -> None:
    discourse = Discourse([], [(0, ANA), (10, None)], [])
    assert discourse.is_open(10)
    discourse.settle(10, KLAUS)
    assert not discourse.is_open(10)
    assert discourse.ages(KLAUS, 20)["told"] == 0


def test_what_stands_later_has_not_happened() -> None:
    ages = Discourse([], [(50, ANA)], [(50, ANA)]).ages(ANA, 50)
    assert ages == {"spoke": 9, "told": 9, "subject": 3}


@pytest.mark.parametrize(
    ("position", "end"),
    [
        pytest.param(60, 28, id="right behind its own quotation"),
        pytest.param(70, 58, id="further on"),
        pytest.param(10, -1, id="before all"),
    ],
)
def test_the_last_quotation_is_not_the_one_at_hand(position: int, end: int) -> None:
    assert Discourse([(20, 28), (40, 58)], [], []).last_quoted(position) == end
