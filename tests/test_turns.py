"""Turns: who speaks in a dialogue where nothing beside the words says so."""

from __future__ import annotations

import pytest
from hypothesis import given

from quotestance import attribute_quotes
from quotestance.attribution.mentions import mention_of
from quotestance.attribution.turns import Turns, addressed, is_dialogue
from quotestance.marks.quotations import find_quotations
from tests.strategies import texts

TALK = """“Are you coming to the harbour?” said Ana Low.

“Why should I?” asked Piers Hale.

“The boats are in!”

“Are they?”

“Come and look!”

“I would rather stay at home.”
"""


def who(text: str) -> list[str | None]:
    return [
        quote.speaker.name if quote.speaker else None
        for quote in attribute_quotes(text, stance=False)
    ]


def test_speakers_alternate_in_a_dialogue() -> None:
    assert who(TALK) == ["Ana Low", "Piers Hale"] * 3


def test_the_evidence_says_so_and_the_confidence_is_lower() -> None:
    quotes = attribute_quotes(TALK, stance=False)
    assert "alternate" in quotes[3].evidence
    assert quotes[3].confidence < quotes[0].confidence


def test_a_named_source_breaks_the_turns() -> None:
    text = TALK.replace("“Are they?”", "“Are they?” said Kim Reed.")
    assert who(text)[3:5] == ["Kim Reed", "Ana Low"]


def test_bare_paragraphs_of_news_go_on_with_the_same_speaker() -> None:
    text = TALK.replace("?", ".").replace("!", ".").replace("said Ana Low", "Ana Low said")
    assert who(text)[2:] == ["Piers Hale"] * 4


@pytest.mark.parametrize(
    ("asked", "dialogue"),
    [pytest.param(1, True, id="one in six"), pytest.param(0, False, id="none")],
)
def test_questions_tell_a_dialogue(asked: int, dialogue: bool) -> None:
    text = "\n".join(["“Is it?”"] * asked + ["“It is.”"] * (6 - asked))
    assert is_dialogue(find_quotations(text)) is dialogue


def test_a_few_quotations_are_no_dialogue() -> None:
    assert not is_dialogue(find_quotations("“Is it?”\n“Is it?”\n“Is it?”"))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        pytest.param("Are you coming, Ana?", "Ana", id="at the end"),
        pytest.param("Piers, you are late.", "Piers", id="at the front"),
        pytest.param("Good morning, my dear Mrs. Low, and welcome.", "Mrs. Low", id="with a title"),
        pytest.param("Piers, this is Kim. Say good day, Kim.", "Kim", id="the last one"),
        pytest.param("Yes, I am.", None, id="no name"),
        pytest.param("I met Ana there.", None, id="spoken of, not to"),
    ],
)
def test_whom_a_quotation_calls_by_name(words: str, name: str | None) -> None:
    text = f"“{words}”"
    mention = addressed(text, find_quotations(text)[0])
    assert (text[mention.start : mention.end] if mention else None) == name


def test_who_was_addressed_answers_where_nobody_else_has_spoken() -> None:
    text = "“Is it you, Piers?” said Ana Low.\n\n“It is!”"
    first, second = find_quotations(text)
    turns = Turns(text, is_dialogue=True)
    turns.note((0, 33), first, mention_of(text, text.index("Ana"), text.index("Low") + 3))
    mention = turns.other((35, len(text)), second)
    assert mention is not None
    assert text[mention.start : mention.end] == "Piers"


def test_without_a_dialogue_nobody_takes_turns() -> None:
    text = "“Is it you, Piers?”\n\n“It is!”"
    first, second = find_quotations(text)
    turns = Turns(text, is_dialogue=False)
    turns.note((0, 19), first, None)
    assert turns.other((21, len(text)), second) is None


@given(texts)
def test_whom_any_quotation_addresses_stands_inside_it(text: str) -> None:
    for quotation in find_quotations(text):
        mention = addressed(text, quotation)
        assert mention is None or quotation.start <= mention.start < mention.end <= quotation.end
