from __future__ import annotations

import pytest
from hypothesis import given
from strategies import texts

from quotestance.marks.contexts import Context, find_contexts
from quotestance.marks.quotations import find_quotations


def contexts(text: str) -> list[Context]:
    return find_contexts(text, find_quotations(text))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("She said no.", [], id="no quotation, no context"),
        pytest.param(
            "“We will not go there again,” said Mrs Low.",
            ["“Yes,” said Mrs Low."],
            id="a clause before its tag",
        ),
        pytest.param(
            "Low said: “We will not go there again.”",
            ["Low said: “Yes.”"],
            id="a clause after its tag",
        ),
        pytest.param(
            "“Will you go there again?” asked Low.",
            ["“Yes,” asked Low."],
            id="a question before its tag",
        ),
        pytest.param(
            "“We will not go there again!” Low said.",
            ["“Yes,” Low said."],
            id="an exclamation before its tag does not end the sentence",
        ),
        pytest.param(
            "It was a “first step” for them.",
            ["It was a “first step” for them."],
            id="a phrase is kept",
        ),
        pytest.param(
            "It was a “first small step on a long road” for them.",
            ["It was a “first small step” for them."],
            id="a long phrase is cut",
        ),
        pytest.param(
            "“We will not go,” Low said, “where others have been.”",
            ["“Yes,” Low said, “Yes.”"],
            id="interrupted",
        ),
        pytest.param(
            "“We will not go there.”Low said it twice.",
            ["“Yes.” Low said it twice."],
            id="a sentence glued to a closing mark",
        ),
        pytest.param(
            "Low came early.“We will not go there,” Low said.",
            ["Low came early. “Yes,” Low said."],
            id="a sentence glued to an opening mark",
        ),
    ],
)
def test_quoted_words_are_masked(text: str, masked: list[str]) -> None:
    assert [context.text for context in contexts(text)] == masked


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [
        pytest.param(
            "It rained all day. Nobody came. “We will not go there,” said Low. The end came.",
            "said Low",
            "It rained",
            id="sentences further back",
        ),
        pytest.param(
            "“We will not go there,” said Low.\n\nThe hall was full of smoke.",
            "said Low",
            "smoke",
            id="paragraphs without a quotation",
        ),
        pytest.param(
            "Nobody came.\n\nLow turned to the cameras.\n\n“We will not go there.”",
            "Low turned",
            "Nobody",
            id="all but the paragraph before a bare one",
        ),
    ],
)
def test_only_what_may_name_a_source_is_parsed(text: str, kept: str, left_out: str) -> None:
    joined = " ".join(context.text for context in contexts(text))
    assert kept in joined
    assert left_out not in joined


def test_a_bare_quotation_brings_the_sentence_that_introduces_it() -> None:
    (context,) = contexts("The day was long. Low wrote this:\n\n“We will not go there again.”")
    assert context.text.startswith("Low wrote this:")


@pytest.mark.parametrize("space", ["\n", "\r\n", "\t", "\u00a0", "\u2028"])
def test_the_parser_sees_plain_spaces(space: str) -> None:
    for context in contexts(f"Low said:{space}“We will not go there again.”{space}She left."):
        assert space not in context.text


@given(texts)
def test_every_part_stands_in_exactly_one_context(text: str) -> None:
    quotations = find_quotations(text)
    wanted = [
        (number, part)
        for number, quotation in enumerate(quotations)
        for part in range(len(quotation.parts))
    ]
    assert (
        sorted(
            (place.quotation, place.part)
            for context in find_contexts(text, quotations)
            for place in context.places
        )
        == wanted
    )


@given(texts)
def test_what_is_not_masked_leads_back_to_the_same_characters(text: str) -> None:
    for context in contexts(text):
        masked = {
            position for place in context.places for position in range(place.start, place.end)
        }
        for position in set(range(len(context.text))) - masked:
            here, there = context.text[position], text[context.to_text(position)]
            assert here == there or (here == " " and there.isspace())


@given(texts)
def test_places_are_ordered_disjoint_and_inside(text: str) -> None:
    for context in contexts(text):
        edges = [edge for place in context.places for edge in (place.start, place.end)]
        assert edges == sorted(edges)
        assert not edges or (edges[0] >= 0 and edges[-1] <= len(context.text))


def test_a_stand_in_that_ends_a_sentence_stays_inside_the_context() -> None:
    (context,) = contexts('0000000"“. 0“')
    assert all(place.end <= len(context.text) for place in context.places)


@given(texts)
def test_sentences_cover_the_context(text: str) -> None:
    for context in contexts(text):
        assert "".join(context.text[start:end] for start, end in context.sentences) == context.text


@given(texts)
def test_finding_again_gives_the_same_whatever_was_read_between(text: str) -> None:
    found = contexts(text)
    contexts("Another text. “With a quotation,” he said.")
    assert contexts(text) == found
