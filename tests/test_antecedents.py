from __future__ import annotations

import pytest

from quotestance.speakers.antecedents import fitting, place_of
from quotestance.speakers.entities import Entity


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        pytest.param("", " told reporters", "speaker", id="a reporting verb behind"),
        pytest.param(
            "", " of Texas told reporters", "speaker", id="where the name is from, then the verb"
        ),
        pytest.param(
            "", " (D-Calif.) told reporters", "speaker", id="party and state, then the verb"
        ),
        pytest.param(
            "",
            " of Texas, the whip, told reporters",
            "speaker",
            id="where from, an apposition, the verb",
        ),
        pytest.param(
            " ",
            " and Omar Vance clung to it",
            "subject",
            id="first of its sentence, after the blank",
        ),
        pytest.param("a talk with ", " on Monday", "object", id="behind a preposition"),
        pytest.param("", "’s car", "possessive", id="possessive"),
        pytest.param("it rained while ", " , too", "elsewhere", id="none of these"),
    ],
)
def test_what_a_name_does_in_its_sentence(before: str, after: str, place: str) -> None:
    assert place_of(before, after) == place


@pytest.mark.parametrize(
    ("pronoun", "words", "fits"),
    [
        pytest.param("she", ("Ana", "Silva"), True, id="a person"),
        pytest.param("she", ("French",), False, id="a nationality is no person"),
        pytest.param("it", ("French",), True, id="nor ruled out as a body"),
    ],
)
def test_which_names_a_pronoun_may_stand_for(
    pronoun: str, words: tuple[str, ...], fits: bool
) -> None:
    assert fitting(pronoun)(Entity(words, is_body=False)) == fits
