from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from quotestance.naming import NameIndex
from quotestance.quotation import find_quotations

FIRST_NAMES = {"john": "m", "ana": "f", "boris": "m", "theresa": "f"}


def index_of(text: str) -> NameIndex:
    quoted = [(part.start, part.end) for quotation in find_quotations(text) for part in quotation.parts]
    return NameIndex(text, quoted, FIRST_NAMES)


def entities(text: str) -> list[str]:
    index = index_of(text)
    return sorted({index.entities[owner].name for owner in index.owner})


def xfail(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=reason)


ROWS = [
    pytest.param("", [], id="nothing"),
    pytest.param("it rained all day and nobody came.", [], id="no name"),
    pytest.param("Then it rained. The end came on Monday. He left in March.", [], id="capitals of sentences, days and months"),
    pytest.param("We met Secretary of State John Kerry. Kerry left.", ["John Kerry"], id="surname joins the full name"),
    pytest.param("Kerry left. We had met John Kerry before.", ["John Kerry"], id="the full name may come later"),
    pytest.param("We met Ban Ki-moon. Ban left.", ["Ban Ki-moon"], id="surname first, hyphen"),
    pytest.param("We met Kim Jong Un. Kim left.", ["Kim Jong Un"], id="surname first, three words"),
    pytest.param("We met Xi Jinping. Xi left.", ["Xi Jinping"], id="surname first, two words"),
    pytest.param("We met Abdel Fattah el-Sisi. Then el-Sisi left.", ["Abdel Fattah el-Sisi"], id="particle with a hyphen"),
    pytest.param("We met Ursula von der Leyen. Then von der Leyen left.", ["Ursula von der Leyen"], id="particles"),
    pytest.param("We met Hans van den Berg. Later Van den Berg left.", ["Hans van den Berg"], id="particle with a capital"),
    pytest.param("We met María García López. García López left.", ["María García López"], id="two surnames"),
    pytest.param("We met Ana Low-Silva. Low-Silva left.", ["Ana Low-Silva"], id="hyphenated surname"),
    pytest.param("We met Sean O'Malley. O'Malley left.", ["Sean O'Malley"], id="apostrophe in a surname"),
    pytest.param("We met Sean O’Malley. O’Malley’s car left.", ["Sean O’Malley"], id="possessive"),
    pytest.param("We met John F. Low. Low left.", ["John F. Low"], id="middle initial"),
    pytest.param("We met John Low Jr. and then Low left.", ["John Low Jr."], id="suffix"),
    pytest.param("We met Ana Low and John Low. Ana left.", ["Ana Low", "John Low"], id="two people of one surname"),
    pytest.param("We met Prime Minister Ana Silva. Ms. Silva left.", ["Ana Silva"], id="title and honorific"),
    pytest.param("We met Theresa May in May. May left.", ["Theresa May"], id="a month that is a surname"),
    pytest.param("The Bank of England rose.", ["Bank of England"], id="a body with of"),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_names_of_a_text(text: str, expected: list[str]) -> None:
    assert entities(text) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        pytest.param("Ana Low met John Low. Mr. Low left.", "Low left", "John Low", id="honorific tells two of one surname apart"),
        pytest.param(
            "Ana Low met John Low. Ms. Low left.", "Low left", "Ana Low", id="the other honorific", marks=xfail("the gender of first names does not tell namesakes apart")
        ),
        pytest.param("Ana Low spoke. John Low spoke. Low left.", "Low left", "John Low", id="else the nearest before"),
        pytest.param("The Harbour Workers Union (HWU) met. Then HWU left.", "HWU left", "Harbour Workers Union", id="acronym"),
        pytest.param("Boris Johnson won. Later Boris left.", "Boris left", "Boris Johnson", id="first name alone"),
    ],
)
def test_a_short_name_finds_its_owner(text: str, mention: str, name: str) -> None:
    index = index_of(text)
    (number,) = index.at(text.index(mention), text.index(mention) + 1)
    assert index.entities[index.owner[number]].name == name


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("We met Prime Minister Ana Silva.", "Prime Minister"),
        ("We met U.S. Secretary of State John Kerry.", "U.S. Secretary of State"),
        ("We met Ana Silva, the minister of finance, today.", "the minister of finance"),
        pytest.param("We met union leader Ana Silva.", "union leader", marks=xfail("of a role in small letters only the last word is kept")),
        ("We met Ana Silva.", None),
    ],
)
def test_the_role_beside_a_name(text: str, role: str | None) -> None:
    index = index_of(text)
    (entity,) = [found for found in index.entities if found.name in ("Ana Silva", "John Kerry")]
    assert (entity.roles[0] if entity.roles else None) == role


@given(texts)
def test_namings_are_ordered_owned_and_inside_the_text(text: str) -> None:
    index = index_of(text)
    assert index.starts == sorted(index.starts)
    assert len(index.owner) == len(index.namings) == len(index.starts)
    for naming, owner in zip(index.namings, index.owner, strict=True):
        assert 0 <= naming.start < naming.end <= len(text)
        assert index.entities[owner].name


@given(texts, st.integers(0, 250), st.integers(0, 60))
def test_look_ups_agree_with_the_offsets(text: str, start: int, length: int) -> None:
    index = index_of(text)
    end = start + length + 1
    overlapping = [number for number, naming in enumerate(index.namings) if naming.start < end and naming.end > start]
    assert index.at(start, end) == overlapping
    assert list(index.within(start, end)) == [number for number, naming in enumerate(index.namings) if start <= naming.start < end]
    assert list(index.before(start, 5)) == [number for number, naming in enumerate(index.namings) if naming.start < start][-5:]


@given(texts)
def test_indexing_again_gives_the_same(text: str) -> None:
    one, two = index_of(text), index_of(text)
    assert [entity.name for entity in one.entities] == [entity.name for entity in two.entities]
    assert one.owner == two.owner
