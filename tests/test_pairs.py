from __future__ import annotations

import pytest

from quotestance.speakers.name_index import NameIndex
from quotestance.speakers.pairs import Pairs, is_pair


@pytest.mark.parametrize(
    ("words", "pair"),
    [
        ("the two", True),
        ("Both of them", True),
        ("the two ministers", True),
        ("the two sides", False),
        ("both people", False),
        ("the three", False),
    ],
)
def test_a_pair_is_of_people(words: str, pair: bool) -> None:
    assert is_pair(words) is pair


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Ana Silva and Klaus Low met.", ["Ana Silva", "Klaus Low"], id="people"),
        pytest.param("Ana Silva and Harbour Council met.", None, id="a person and a body"),
        pytest.param("Ana Silva, and Silva alone, met.", None, id="one person twice"),
        pytest.param("Ana Silva met Klaus Low.", None, id="not joined"),
    ],
)
def test_the_two_are_people_whom_the_text_joins(text: str, names: list[str] | None) -> None:
    index = NameIndex(text, [], {})
    pair = Pairs(index).before(len(text))
    assert (pair and [index.entities[number].name for number in pair]) == names


@pytest.mark.parametrize(
    ("text", "second"),
    [
        pytest.param("The chairmen, Ana Silva and Klaus Low, met.", "Klaus Low", id="joined"),
        pytest.param("The chairmen, Ana Silva and Ana Silva, met.", None, id="one person twice"),
        pytest.param("The chairmen, Ana Silva of Klaus Low, met.", None, id="not joined"),
        pytest.param("The chairmen, Ana Silva, met.", None, id="alone"),
    ],
)
def test_the_second_of_two_behind_a_role_is_somebody_else(text: str, second: str | None) -> None:
    index = NameIndex(text, [], {})
    found = Pairs(index).second_of(0, len("The chairmen"))
    assert (None if found is None else index.entities[found].name) == second
