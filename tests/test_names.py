from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from quotestance.attribution_model import AttributionModel
from quotestance.marks.quotations import find_quotations
from quotestance.speakers.name_index import NameIndex
from quotestance.speakers.titles import Gender

FIRST_NAMES: dict[str, Gender] = {
    "john": "m",
    "ana": "f",
    "boris": "m",
    "theresa": "f",
    "will": "m",
}


def index_of(text: str) -> NameIndex:
    quoted = [
        (part.start, part.end) for quotation in find_quotations(text) for part in quotation.parts
    ]
    return NameIndex(text, quoted, FIRST_NAMES, AttributionModel.load().boundaries)


def entities(text: str) -> list[str]:
    index = index_of(text)
    return sorted({index.entities[owner].name for owner in index.owner})


ROWS = [
    pytest.param("", [], id="nothing"),
    pytest.param("it rained all day and nobody came.", [], id="no name"),
    pytest.param(
        "Then it rained. The end came on Monday. He left in March.",
        [],
        id="capitals of sentences, days and months",
    ),
    pytest.param(
        "We met Secretary of State John Kerry. Kerry left.",
        ["John Kerry"],
        id="surname joins the full name",
    ),
    pytest.param(
        "Kerry left. We had met John Kerry before.",
        ["John Kerry"],
        id="the full name may come later",
    ),
    pytest.param("We met Ban Ki-moon. Ban left.", ["Ban Ki-moon"], id="surname first, hyphen"),
    pytest.param("We met Kim Jong Un. Kim left.", ["Kim Jong Un"], id="surname first, three words"),
    pytest.param("We met Xi Jinping. Xi left.", ["Xi Jinping"], id="surname first, two words"),
    pytest.param(
        "We met Abdel Fattah el-Sisi. Then el-Sisi left.",
        ["Abdel Fattah el-Sisi"],
        id="particle with a hyphen",
    ),
    pytest.param(
        "We met Ursula von der Leyen. Then von der Leyen left.",
        ["Ursula von der Leyen"],
        id="particles",
    ),
    pytest.param(
        "We met Hans van den Berg. Later Van den Berg left.",
        ["Hans van den Berg"],
        id="particle with a capital",
    ),
    pytest.param(
        "We met Ana García López. García López left.", ["Ana García López"], id="two surnames"
    ),
    pytest.param(
        "We met Ana Low-Silva. Low-Silva left.", ["Ana Low-Silva"], id="hyphenated surname"
    ),
    pytest.param(
        "We met Sean O'Malley. O'Malley left.", ["Sean O'Malley"], id="apostrophe in a surname"
    ),
    pytest.param("We met Sean O’Malley. O’Malley’s car left.", ["Sean O’Malley"], id="possessive"),
    pytest.param("We met John F. Low. Low left.", ["John F. Low"], id="middle initial"),
    pytest.param("We met John Low Jr. and then Low left.", ["John Low Jr."], id="suffix"),
    pytest.param(
        "We met Ana Low and John Low. Ana left.",
        ["Ana Low", "John Low"],
        id="two people of one surname",
    ),
    pytest.param(
        "We met Prime Minister Ana Silva. Ms. Silva left.", ["Ana Silva"], id="title and honorific"
    ),
    pytest.param(
        "We met Theresa May in May. May left.", ["Theresa May"], id="a month that is a surname"
    ),
    pytest.param("The Bank of England rose.", ["Bank of England"], id="a body with of"),
    pytest.param(
        "We met President Karim al-Haddad. Haddad left.",
        ["Karim al-Haddad"],
        id="surname without its Arabic article",
    ),
    pytest.param(
        "Haddad left. We had met Karim Al-Haddad before.",
        ["Karim Al-Haddad"],
        id="article with a capital",
    ),
    pytest.param(
        "We met Samir el-Nadri. Then al-Nadri left.",
        ["Samir el-Nadri"],
        id="two spellings of the article",
    ),
    pytest.param(
        "We met Samir ash-Sharbi. Sharbi left.", ["Samir ash-Sharbi"], id="article before sh"
    ),
    pytest.param(
        "We met Ana Alder. Der left.", ["Ana Alder", "Der"], id="no article without its hyphen"
    ),
    pytest.param("We met Texas Sen. Ted Low.", ["Ted Low"], id="abbreviated title after a state"),
    pytest.param(
        "New Jersey Gov. Ann Low left.",
        ["Ann Low"],
        id="abbreviated title after a state of two words",
    ),
    pytest.param("New Harland rose.", ["New Harland"], id="a place whose name begins with New"),
    pytest.param("“I’m glad,” Ana Low said. I'm glad too.", ["Ana Low"], id="I’m"),
    pytest.param("Commuter Ana Low left.", ["Ana Low"], id="an occupation that opens a sentence"),
    pytest.param("We met Commuter Ana Low.", ["Ana Low"], id="the same word inside a sentence"),
    pytest.param("Labour Ana Low broke ranks.", ["Ana Low"], id="a party in front"),
    pytest.param("Will Low left.", ["Will Low"], id="a first name that is a verb"),
    pytest.param("Will Norway sign?", ["Norway"], id="a verb that opens a question"),
    pytest.param("Since April Ana Low has left.", ["Ana Low"], id="a month"),
    pytest.param(
        "Dean Low left. Low came back.", ["Dean Low"], id="a first name that is a title too"
    ),
    pytest.param("I’m Ana Low. We’re late, and It’s cold.", ["Ana Low"], id="I’m before a name"),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_names_of_a_text(text: str, expected: list[str]) -> None:
    assert entities(text) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        pytest.param(
            "Ana Low met John Low. Mr. Low left.",
            "Low left",
            "John Low",
            id="honorific tells two of one surname apart",
        ),
        pytest.param(
            "Ana Low met John Low. Ms. Low left.", "Low left", "Ana Low", id="the other honorific"
        ),
        pytest.param(
            "Ana Low spoke. John Low spoke. Low left.",
            "Low left",
            "John Low",
            id="else the nearest before",
        ),
        pytest.param(
            "The Harbour Workers Union (HWU) met. Then HWU left.",
            "HWU left",
            "Harbour Workers Union",
            id="acronym",
        ),
        pytest.param(
            "Ana Low (Leeds) met Leeds United. Leeds left.",
            "Leeds left",
            "Leeds United",
            id="no town in brackets is an acronym",
        ),
        pytest.param(
            "Ana Low (MP) met. Then MP Omar Vance left.",
            "Omar",
            "Omar Vance",
            id="nor are letters behind a person's name",
        ),
        pytest.param(
            "Boris Johnson won. Later Boris left.",
            "Boris left",
            "Boris Johnson",
            id="first name alone",
        ),
        pytest.param(
            "Omar Vance sat. Vance ate. Vance slept. His wife Mona Vance sang. Vance left.",
            "Vance left",
            "Omar Vance",
            id="whose the surname has been most",
        ),
        pytest.param(
            "Mona Vance sang. Omar Vance sat. Vance ate. Then Mona Vance sang. Vance left.",
            "Vance left",
            "Omar Vance",
            id="not who was named first",
        ),
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
        ("We met union leader Ana Silva.", "union leader"),
        ("We met Ana Silva.", None),
        ("We met Texas Sen. Ted Low.", "Texas Sen."),
        ("On Friday, New Jersey Gov. Ann Low left.", "New Jersey Gov."),
        ("We met Conn. Sen. Ted Low.", "Conn. Sen."),
        ("They flew to Texas. Sen. Ted Low left.", "Sen."),
        ("Was it New Jersey? Gov. Ann Low left.", "Gov."),
        ("“We love Texas!” Sen. Ted Low left.", "Sen."),
        ("“We love Texas.” Sen. Ted Low left.", "Sen."),
        ("• Union leader Ana Silva: “Yes.”", "Union leader"),
        ("Det Insp Ana Silva left.", "Det Insp"),
    ],
)
def test_the_role_beside_a_name(text: str, role: str | None) -> None:
    index = index_of(text)
    (entity,) = [
        found
        for found in index.entities
        if found.name in ("Ana Silva", "John Kerry", "Ted Low", "Ann Low")
    ]
    assert (entity.roles[0] if entity.roles else None) == role


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        pytest.param("Robin Low said he ate his bread.", "m", id="two pronouns, he"),
        pytest.param("Robin Low said she ate her bread.", "f", id="two pronouns, she"),
        pytest.param(
            "Robin Low said he ate. It rained. Robin Low lost his hat.",
            "m",
            id="two pronouns of two sentences",
        ),
        pytest.param("Robin Low said he ate bread.", None, id="one pronoun is not enough"),
        pytest.param("Robin Low said he saw that she ate.", None, id="two that differ"),
        pytest.param("Robin Low said he saw that she ate his bread.", None, id="two against one"),
        pytest.param("Robin Low sat. He ate his bread.", None, id="pronouns of the next sentence"),
        pytest.param("He ate his bread with Robin Low.", None, id="pronouns before the name"),
        pytest.param(
            "Robin Low told Kim Vance that he ate his bread.", None, id="two people in the sentence"
        ),
        pytest.param(
            "Robin Low told the Harbour Union that he ate his bread.",
            "m",
            id="a person and a body in the sentence",
        ),
        pytest.param("Robin Low sang “he ate his bread” there.", None, id="quoted pronouns"),
        pytest.param(
            "Ms. Robin Low said he ate his bread.", "f", id="a title stands above pronouns"
        ),
        pytest.param("John Low ate.", "m", id="the first name"),
        pytest.param(
            "John Low said she ate her bread.", None, id="two against the first name leave it open"
        ),
        pytest.param(
            "John Low said she ate her bread and her jam.",
            None,
            id="three against the first name leave it open",
        ),
        pytest.param(
            "John Low said she ate her bread and her jam by herself.",
            "f",
            id="four outvote the first name",
        ),
    ],
)
def test_the_gender_of_a_name(text: str, gender: str | None) -> None:
    index = index_of(text)
    (entity,) = [found for found in index.entities if found.name in ("Robin Low", "John Low")]
    assert index.likely_gender(entity) == gender


@pytest.mark.parametrize(
    ("text", "body"),
    [
        pytest.param("We saw the Varrens.", True, id="always with the"),
        pytest.param(
            "The Varrens left. Varrens stayed. We saw the Varrens.", True, id="mostly with the"
        ),
        pytest.param("The Varrens left. Varrens stayed.", False, id="as often without"),
        pytest.param(
            "Varrens left. The Varrens plan failed. Varrens stayed.", False, id="mostly without"
        ),
        pytest.param("We saw the Reverend Varrens.", False, id="with a title"),
    ],
)
def test_a_word_that_mostly_stands_after_the_is_a_body(text: str, body: bool) -> None:
    (entity,) = index_of(text).entities
    assert (entity.name, entity.is_body) == ("Varrens", body)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("BBQ Radio", True, id="an acronym in the name"),
        pytest.param("ANA LOW", False, id="all in capitals"),
        pytest.param("JK Low", False, id="initials"),
        pytest.param("European Command", True, id="a word for a body at the end"),
        pytest.param("Harbour Strike Enters Third Week Unsettled", True, id="a headline"),
        pytest.param("Abdel Fattah Omar el-Sisi", False, id="a person of four words"),
    ],
)
def test_words_that_make_a_name_a_body(name: str, body: bool) -> None:
    (entity,) = index_of(f"We saw {name}.").entities
    assert (entity.name, entity.is_body) == (name, body)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\nGENEVA/MUSCAT The Harbour Union rose. Later Geneva fell.", id="two cities"),
        pytest.param("\nGENEVA The Harbour Union rose. Later Geneva fell.", id="one city"),
    ],
)
def test_the_cities_of_a_dateline_are_no_part_of_the_name(text: str) -> None:
    assert "Harbour Union" in entities(text)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        pytest.param(
            "It fell after Ana Silva, a diplomat, came.", ["a diplomat"], id="an apposition"
        ),
        pytest.param(
            "It fell after Ana Silva, a diplomat said, in spring.", [], id="somebody else speaks"
        ),
    ],
)
def test_a_source_behind_a_name_is_not_its_role(text: str, roles: list[str]) -> None:
    (entity,) = index_of(text).entities
    assert entity.roles == roles


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        pytest.param("John Low", "m", id="given name first"),
        pytest.param("John Geun-hye", None, id="family name first, told by the hyphen"),
        pytest.param("Park Low", None, id="a family name that stands first"),
    ],
)
def test_a_family_name_tells_no_gender(name: str, gender: str | None) -> None:
    index = NameIndex(f"{name} ate.", [], {"john": "m", "park": "m"})
    assert index.likely_gender(index.entities[0]) == gender


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
    overlapping = [
        number
        for number, naming in enumerate(index.namings)
        if naming.start < end and naming.end > start
    ]
    assert index.at(start, end) == overlapping
    assert list(index.within(start, end)) == [
        number for number, naming in enumerate(index.namings) if start <= naming.start < end
    ]
    assert (
        list(index.before(start, 5))
        == [number for number, naming in enumerate(index.namings) if naming.start < start][-5:]
    )


@given(texts)
def test_indexing_again_gives_the_same(text: str) -> None:
    one, two = index_of(text), index_of(text)
    assert [entity.name for entity in one.entities] == [entity.name for entity in two.entities]
    assert one.owner == two.owner
