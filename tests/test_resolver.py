from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from quotestance.attribution.mentions import Mention, mention_type
from quotestance.attribution_model import AttributionModel
from quotestance.linear import LinearModel
from quotestance.marks.quotations import find_quotations
from quotestance.speakers.resolver import SpeakerResolver
from quotestance.speakers.roles import role_likeness


def resolver_of(text: str) -> SpeakerResolver:
    model = AttributionModel.load()
    quoted = [
        (part.start, part.end) for quotation in find_quotations(text) for part in quotation.parts
    ]
    return SpeakerResolver(text, quoted, model.first_names, model.antecedents)


def mention_in(text: str, words: str, head: str) -> Mention:
    """The last place of ``words`` in ``text`` as a mention with the given head."""
    start = text.rindex(words)
    left = start + words.rindex(head)
    return Mention(start, start + len(words), (left, left + len(head)), mention_type(head))


# Text, mention (its head is its last word unless given after a bar), the speaker's name and kind.
ROWS = [
    # surname -> full name
    pytest.param(
        "John Kerry came. Kerry spoke.",
        "Kerry",
        "John Kerry",
        "person",
        id="surname, full name before",
    ),
    pytest.param(
        "Kerry spoke. John Kerry, the envoy, then left. Kerry spoke.",
        "Kerry",
        "John Kerry",
        "person",
        id="surname, full name between",
    ),
    pytest.param(
        "Ban Ki-moon came. Ban spoke.", "Ban", "Ban Ki-moon", "person", id="surname first"
    ),
    pytest.param(
        "Kim Jong Un came. Kim spoke.",
        "Kim",
        "Kim Jong Un",
        "person",
        id="surname first, three words",
    ),
    pytest.param(
        "Abdel Fattah el-Sisi came. Mr. el-Sisi spoke.",
        "el-Sisi",
        "Abdel Fattah el-Sisi",
        "person",
        id="particle",
    ),
    pytest.param(
        "Secretary of State John Kerry came. Secretary Kerry spoke.",
        "Secretary Kerry",
        "John Kerry",
        "person",
        id="title in the mention",
    ),
    pytest.param(
        "Ana Low met John Low. Mr. Low spoke.",
        "Mr. Low",
        "John Low",
        "person",
        id="two of one surname, the nearer",
    ),
    pytest.param(
        "Ana Low met John Low. Ms. Low spoke.",
        "Ms. Low",
        "Ana Low",
        "person",
        id="two of one surname, the one the honorific says",
    ),
    # role -> name
    pytest.param(
        "Israeli Prime Minister Benjamin Netanyahu came. The Israeli prime minister spoke.",
        "The Israeli prime minister",
        "Benjamin Netanyahu",
        "person",
        id="role with nationality",
    ),
    pytest.param(
        "Israeli Prime Minister Benjamin Netanyahu came. The Israeli prime minster spoke.",
        "The Israeli prime minster",
        "Benjamin Netanyahu",
        "person",
        id="misspelt role",
    ),
    pytest.param(
        "Israel’s Prime Minister Benjamin Netanyahu came. The Israeli prime minister spoke.",
        "The Israeli prime minister",
        "Benjamin Netanyahu",
        "person",
        id="possessive of a country",
    ),
    pytest.param(
        "Ana Silva, the finance minister, came. The minister spoke.",
        "The minister",
        "Ana Silva",
        "person",
        id="role in an apposition",
    ),
    pytest.param(
        "Prime Minister Ana Silva met President John Low. The president spoke.",
        "The president",
        "John Low",
        "person",
        id="two roles",
    ),
    pytest.param(
        "The union’s leader, Ana Silva, spoke.",
        "The union’s leader",
        "Ana Silva",
        "person",
        id="name right behind the role",
    ),
    pytest.param(
        "French President Paul Low came. The French leader spoke.",
        "The French leader",
        "Paul Low",
        "person",
        id="leader of a country",
    ),
    pytest.param(
        "President Paul Low came. The leader spoke.",
        "The leader",
        "The leader",
        "unnamed",
        id="a leader of what is not said",
    ),
    pytest.param(
        "President Paul Low came with John Vance, the union’s leader. The union leader spoke.",
        "The union leader",
        "John Vance",
        "person",
        id="another leader",
    ),
    pytest.param(
        "The joint chairmen, Ana Silva and John Low, spoke.",
        "The joint chairmen",
        "Ana Silva and John Low",
        "group",
        id="two names behind their role",
    ),
    # pronouns
    pytest.param(
        "A resident named Caroline came in. She spoke.",
        "She",
        "Caroline",
        "person",
        id="she is a person",
    ),
    pytest.param(
        "Anna Silva came in. She spoke.", "She", "Anna Silva", "person", id="she, one name"
    ),
    pytest.param("John Low came in. He spoke.", "He", "John Low", "person", id="he, one name"),
    pytest.param(
        "Mr. John Low met Ms. Anna Silva in the hall. She spoke.",
        "She",
        "Anna Silva",
        "person",
        id="she, gender by honorific",
    ),
    pytest.param(
        "Ms. Anna Silva met Mr. John Low in the hall. He spoke.",
        "He",
        "John Low",
        "person",
        id="he, gender by honorific",
    ),
    # bodies and documents
    pytest.param(
        "The Foreign Ministry met on Friday. The ministry spoke.",
        "The ministry",
        "Foreign Ministry",
        "organization",
        id="a body by its noun",
    ),
    pytest.param(
        "The Harbour Workers Union met. The union spoke.",
        "The union",
        "Harbour Workers Union",
        "organization",
        id="the union",
    ),
    pytest.param(
        "It rained. A statement from the Harbour Workers Union spoke.",
        "A statement from the Harbour Workers Union|statement",
        "Harbour Workers Union",
        "organization",
        id="a statement from a body",
    ),
    # sources without a name
    pytest.param(
        "It rained. A senior rebel official spoke.",
        "A senior rebel official",
        "A senior rebel official",
        "unnamed",
        id="an unnamed official",
    ),
    pytest.param(
        "John Kerry came. A diplomat spoke.",
        "A diplomat",
        "A diplomat",
        "unnamed",
        id="a diplomat is not the one who is named",
    ),
    pytest.param("It rained. Officials spoke.", "Officials", "Officials", "group", id="a group"),
    pytest.param(
        "It rained. The protesters spoke.",
        "The protesters",
        "The protesters",
        "group",
        id="protesters",
    ),
    # joint
    pytest.param(
        "John Kerry met Ban Ki-moon. Kerry and Ban spoke.",
        "Kerry and Ban|Kerry",
        "John Kerry and Ban Ki-moon",
        "group",
        id="two speakers",
    ),
    pytest.param(
        "Ana Low and Omar Vance came. The two lawmakers spoke.",
        "The two lawmakers",
        "Ana Low and Omar Vance",
        "group",
        id="the two lawmakers",
    ),
    pytest.param(
        "Ana Low and Omar Vance came. The two spoke.",
        "The two",
        "Ana Low and Omar Vance",
        "group",
        id="the two",
    ),
    pytest.param(
        "Ana Low and Omar Vance came. Both lawmakers spoke.",
        "Both lawmakers",
        "Ana Low and Omar Vance",
        "group",
        id="both lawmakers",
    ),
    pytest.param(
        "Ana Low and Omar Vance came. Both men spoke.",
        "Both men",
        "Ana Low and Omar Vance",
        "group",
        id="both men",
    ),
    pytest.param(
        "Ana Low (D) and the former mayor Omar Vance came. The pair spoke.",
        "The pair",
        "Ana Low and Omar Vance",
        "group",
        id="a party and a title between the two",
    ),
    pytest.param(
        "Ana Low and Omar Vance came. Low and Vance met Jan Reed. The two spoke.",
        "The two",
        "Ana Low and Omar Vance",
        "group",
        id="two surnames, full names before",
    ),
    pytest.param(
        "Ana Low and Omar Vance came. Kim Hale and Jan Reed left. The two lawmakers spoke.",
        "The two lawmakers",
        "Kim Hale and Jan Reed",
        "group",
        id="the last two",
    ),
    pytest.param(
        "Ana Low met Omar Vance. The two lawmakers spoke.",
        "The two lawmakers",
        "The two lawmakers",
        "group",
        id="two whom no and joins",
    ),
    pytest.param(
        "Ana Low came and Omar Vance left. The two lawmakers spoke.",
        "The two lawmakers",
        "The two lawmakers",
        "group",
        id="and joins what they did",
    ),
    pytest.param(
        "Harbour Union and Dock Council met. The two lawmakers spoke.",
        "The two lawmakers",
        "The two lawmakers",
        "group",
        id="two bodies",
    ),
    pytest.param(
        "The two lawmakers spoke to Ana Low and Omar Vance.",
        "The two lawmakers",
        "The two lawmakers",
        "group",
        id="two who are named after",
    ),
    # several who hold a role are not the one who is named with it
    pytest.param(
        "Committee chairman John Low came. The committee chairmen spoke.",
        "The committee chairmen",
        "The committee chairmen",
        "unnamed",
        id="chairmen",
    ),
    pytest.param(
        "The minister, Ana Low, came. Ministers spoke.",
        "Ministers",
        "Ministers",
        "group",
        id="ministers",
    ),
    # a slogan that ends in a surname
    pytest.param(
        "President Omar Vance came. They read Springfield Rejects Vance on a wall. Vance spoke.",
        "Vance",
        "Omar Vance",
        "person",
        id="a slogan before the surname",
    ),
    # names behind an Arabic article or a description
    pytest.param(
        "President Karim al-Haddad came. Haddad spoke.",
        "Haddad",
        "Karim al-Haddad",
        "person",
        id="surname without its article",
    ),
    pytest.param(
        "His counterpart, Foreign Minister Jan Low, spoke.",
        "His counterpart",
        "Jan Low",
        "person",
        id="name right behind a description",
    ),
]


@pytest.mark.parametrize(("text", "words", "name", "kind"), ROWS)
def test_a_mention_finds_the_fullest_name(text: str, words: str, name: str, kind: str) -> None:
    mention, _, head = words.partition("|")
    speaker = (
        resolver_of(text).resolve(mention_in(text, mention, head or mention.split()[-1])).speaker
    )
    assert speaker is not None
    assert (speaker.name, speaker.kind) == (name, kind)


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        pytest.param(
            "Harbour Union said in a statement that it rained. Dock Council said it snowed. The"
            " statement went on.",
            "Harbour Union",
            id="named beside its source",
        ),
        pytest.param(
            "Harbour Union said that it rained. Dock Council published a statement. The"
            " statement went on.",
            "Dock Council",
            id="else whoever brings it in",
        ),
        pytest.param(
            "Harbour Union said that it rained. Dock Council said it snowed. The statement"
            " went on.",
            "The statement",
            id="else nobody",
        ),
    ],
)
def test_whose_the_statement_is(text: str, issuer: str) -> None:
    told = [mention_in(text, name, name.split()[-1]) for name in ("Harbour Union", "Dock Council")]
    model = AttributionModel.load()
    speaker = (
        SpeakerResolver(text, [], model.first_names, model.antecedents, told)
        .resolve(mention_in(text, "The statement", "statement"))
        .speaker
    )
    assert speaker is not None and speaker.name == issuer


def test_aliases_are_the_other_names_and_the_role_stands_beside_the_name() -> None:
    text = "U.S. Secretary of State John Kerry came. Kerry spoke."
    speaker = resolver_of(text).resolve(mention_in(text, "Kerry", "Kerry")).speaker
    assert speaker is not None
    assert (speaker.role, speaker.aliases) == ("U.S. Secretary of State", ("Kerry",))


def test_a_source_keeps_its_description_when_it_comes_back() -> None:
    text = "A rebel official spoke. Nobody answered. The official spoke."
    resolver = resolver_of(text)
    first = resolver.resolve(mention_in(text, "A rebel official", "official"))
    second = resolver.resolve(mention_in(text, "The official", "official"))
    assert first.speaker == second.speaker


@pytest.mark.parametrize(
    ("text", "spoke", "name"),
    [
        pytest.param(
            "A source at the Transport Ministry spoke. A source at the Harbour Ministry came in."
            " The source spoke.",
            "A source at the Transport Ministry",
            "A source at the Harbour Ministry",
            id="the newest, though only the older one spoke",
        ),
        pytest.param(
            "A source at the Transport Ministry came in. A source at the Harbour Ministry spoke."
            " The source spoke.",
            "A source at the Harbour Ministry",
            "A source at the Harbour Ministry",
            id="the newest, who spoke",
        ),
        pytest.param(
            "A source close to the talks spoke. The source spoke.",
            "A source close to the talks",
            "A source close to the talks",
            id="the only one, with all its words",
        ),
        pytest.param(
            "A source at the Transport Ministry came in. A source at the Harbour Ministry came in."
            " The source spoke.",
            "",
            "A source at the Harbour Ministry",
            id="neither spoke",
        ),
    ],
)
def test_the_source_is_the_newest_that_the_text_describes(text: str, spoke: str, name: str) -> None:
    resolver = resolver_of(text)
    if spoke:
        resolver.resolve(mention_in(text, spoke, "source"))
    speaker = resolver.resolve(mention_in(text, "The source", "source")).speaker
    assert speaker is not None
    assert (speaker.name, speaker.kind) == (name, "unnamed")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        pytest.param("One", "one of Rebels", id="one, of those who spoke"),
        pytest.param("One of the officials", "One of the officials", id="one of others"),
        pytest.param("Some in the hall", "Some in the hall", id="some of others"),
    ],
)
def test_one_of_a_group_keeps_its_own_words(words: str, name: str) -> None:
    text = f"Rebels spoke. {words} spoke."
    mentions = [mention_in(text, "Rebels", "Rebels"), mention_in(text, words, words.split()[0])]
    speaker = SpeakerResolver(text, [], {}, LinearModel({}), mentions).resolve(mentions[1]).speaker
    assert speaker is not None
    assert (speaker.name, speaker.kind) == (name, "unnamed")


@pytest.mark.parametrize(
    "source",
    ["His counterpart, Foreign Minister Jan Low,", "The counterpart, Foreign Minister Jan Low,"],
)
def test_a_name_behind_a_described_source_has_spoken(source: str) -> None:
    text = f"{source} spoke to Kim Reed. He spoke."
    told = mention_in(text, source.partition(",")[0], source.partition(",")[0].split()[-1])
    pronoun = mention_in(text, "He", "He")
    speaker = (
        SpeakerResolver(text, [], {}, LinearModel({"person|told=0": 1.0}), [told, pronoun])
        .resolve(pronoun)
        .speaker
    )
    assert speaker is not None
    assert speaker.name == "Jan Low"


@pytest.mark.parametrize(
    ("before", "name"),
    [
        pytest.param("There were plans for more police. ", "Piers Low", id="the sentence before"),
        pytest.param(
            "There were plans for more police.\n\n", "Piers Low", id="the paragraph before"
        ),
        pytest.param("There were plans for ", "Kim Hale", id="the same sentence"),
    ],
)
def test_the_sentence_before_makes_no_name_an_object(before: str, name: str) -> None:
    text = f"Kim Hale came. {before}Piers Low is the officer. He spoke."
    pronoun = mention_in(text, "He", "He")
    speaker = (
        SpeakerResolver(text, [], {}, LinearModel({"person|place=object": -1.0}))
        .resolve(pronoun)
        .speaker
    )
    assert speaker is not None
    assert speaker.name == name


def test_a_body_that_the_text_gives_speech_to_finds_its_name() -> None:
    text = "The Harbour Workers Union met. The union spoke."
    mention = mention_in(text, "The union", "union")
    resolver = SpeakerResolver(text, [], {}, LinearModel({}), [mention])
    speaker = resolver.resolve(mention).speaker
    assert speaker is not None
    assert speaker.name == "Harbour Workers Union"


def test_sources_that_begin_at_one_place_keep_their_order() -> None:
    """Whatever the hashes of their words, which every process makes new ones of."""
    text = "Ana Silva and Klaus Low spoke.\n" * 12
    told = [
        Mention(start, start + end, (start + end - 3, start + end), "name")
        for start in range(0, len(text), text.index("\n") + 1)
        for end in (23, 9)
    ]
    resolver = SpeakerResolver(text, [], {}, LinearModel({}), told)
    names = [
        resolver.index.entities[entity].name
        for _, entity in resolver.discourse.told_before(len(text))
        if entity is not None
    ]
    assert names == ["Ana Silva", "Klaus Low"] * 12


def test_pronouns_without_quotation_marks_are_resolved_up_to_the_quotation() -> None:
    text = "Ana Silva left. She spoke. Kim Reed came. She stayed."
    first, last = text.index("She"), text.rindex("She")
    told = [Mention(start, start + 3, (start, start + 3), "pronoun") for start in (first, last)]
    resolver = SpeakerResolver(text, [], {}, LinearModel({}), told)
    resolver.catch_up(last)
    assert not resolver.discourse.is_open(first)
    assert resolver.discourse.is_open(last)


def test_they_are_the_two_who_spoke_last() -> None:
    text = "The joint chairmen, Ana Silva and John Low, spoke. They spoke on."
    resolver = resolver_of(text)
    resolver.resolve(mention_in(text, "The joint chairmen", "chairmen"))
    assert (
        resolver.resolve(mention_in(text, "They", "They")).speaker.name == "Ana Silva and John Low"
    )


def test_nobody_is_nobody() -> None:
    assert resolver_of("It rained.").resolve(None).speaker is None


@pytest.mark.parametrize("pronoun", ["He", "She", "They", "It", "I", "We"])
def test_a_pronoun_in_a_text_without_names_invents_none(pronoun: str) -> None:
    text = f"it rained all day. {pronoun} spoke."
    speaker = resolver_of(text).resolve(mention_in(text, pronoun, pronoun)).speaker
    assert speaker is None or speaker.name == pronoun


@pytest.mark.parametrize(
    ("mention", "role", "same"),
    [
        ("the Israeli prime minister", "Israeli Prime Minister", True),
        ("the Israeli prime minster", "Israel's Prime Minister", True),
        ("the British prime minister", "Prime Minister of Britain", True),
        ("the minister", "the minister of finance", True),
        ("the French president", "Egyptian President", False),
        ("the president", "Prime Minister", False),
        ("the envoy", "", False),
        ("", "Prime Minister", False),
    ],
)
def test_likeness_of_roles(mention: str, role: str, same: bool) -> None:
    assert (role_likeness(mention, role) > 0.55) is same


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_stays_within_its_bounds(mention: str, role: str) -> None:
    assert 0 <= role_likeness(mention, role) <= 1


@given(
    texts,
    st.lists(
        st.tuples(
            st.integers(0, 250),
            st.integers(1, 30),
            st.sampled_from(["name", "role", "group", "body", "document", "pronoun", "other"]),
        ),
        max_size=5,
    ),
)
def test_any_mention_of_any_text_resolves_and_again_to_the_same(
    text: str, wanted: list[tuple[int, int, str]]
) -> None:
    mentions = [
        Mention(
            start, min(start + length, len(text)), (start, min(start + length, len(text))), sort
        )
        for start, length, sort in sorted(wanted)
        if start < len(text)
    ]  # type: ignore[arg-type]
    one, two = resolver_of(text), resolver_of(text)
    for mention in mentions:
        resolution = one.resolve(mention)
        assert 0 <= resolution.probability <= 1
        assert resolution == two.resolve(mention)
