from __future__ import annotations

import pytest
from hypothesis import given
from strategies import texts

from quotestance.marks.paragraphs import (
    is_hard_wrapped,
    split_paragraphs,
    split_sentences,
    strip_bounds,
)

WRAPPED = (
    "The two sides met for a third day in the old customs house by the harbour,\n"
    "and came out after midnight without a paper that either of them would\n"
    "have wanted to sign.\n"
    "\n"
    "Nobody spoke on the steps. A driver held a door open and waited while the\n"
    "mediator looked for her glasses in one bag after the other, and then the\n"
    "cars were gone.\n"
)


def cut(text: str, bounds: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in bounds]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(" \n\t\n ", [], id="only white space"),
        pytest.param("One.", ["One."], id="one paragraph"),
        pytest.param("One.\n\nTwo.", ["One.", "Two."], id="blank line"),
        pytest.param("One.\nTwo.\nThree.", ["One.", "Two.", "Three."], id="one line a paragraph"),
        pytest.param("One.\r\n\r\nTwo.\r\nThree.", ["One.", "Two.", "Three."], id="CRLF"),
        pytest.param("One.\rTwo.", ["One.", "Two."], id="old Macintosh line ends"),
        pytest.param("One.\n \t\n  Two.", ["One.", "Two."], id="blank line that holds white space"),
        pytest.param(
            "One.\n\u00a0\nTwo.", ["One.", "Two."], id="blank line that holds a no-break space"
        ),
        pytest.param("One.\u2029Two.", ["One.", "Two."], id="paragraph separator"),
        pytest.param("One.\u2028Two.", ["One.", "Two."], id="line separator"),
        pytest.param("  One. \n\n\n\n Two. ", ["One.", "Two."], id="white space at the edges"),
    ],
)
def test_paragraphs(text: str, paragraphs: list[str]) -> None:
    assert cut(text, split_paragraphs(text)) == paragraphs


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_line_break_inside_a_hard_wrapped_paragraph_ends_nothing(ending: str) -> None:
    text = WRAPPED.replace("\n", ending)
    assert is_hard_wrapped(text)
    assert [words.split()[0] for words in cut(text, split_paragraphs(text))] == ["The", "Nobody"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("One.\nTwo.\nThree.\nFour.\nFive.", id="short lines without a blank one"),
        pytest.param("One.\n\nTwo.\n\nThree.\n\nFour.", id="one line in every block"),
        pytest.param("\n\n".join(["word " * 60] * 6), id="long lines"),
        pytest.param("", id="nothing"),
    ],
)
def test_texts_that_are_not_hard_wrapped(text: str) -> None:
    assert not is_hard_wrapped(text)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("He left. She stayed.", ["He left. ", "She stayed."], id="full stop"),
        pytest.param(
            "Really? Yes! So…  He left.",
            ["Really? ", "Yes! ", "So…  ", "He left."],
            id="other stops",
        ),
        pytest.param(
            "Mr. Smith met Dr. Low. They left.",
            ["Mr. Smith met Dr. Low. ", "They left."],
            id="titles",
        ),
        pytest.param(
            "The U.S. Congress met. J. R. Low left.",
            ["The U.S. Congress met. ", "J. R. Low left."],
            id="initials",
        ),
        pytest.param("“We go.” He left.", ["“We go.” ", "He left."], id="a mark after the stop"),
        pytest.param(
            "“We go!” he said. “No.”",
            ["“We go!” he said. ", "“No.”"],
            id="a lower-case word after the stop goes on",
        ),
        pytest.param(
            "It cost 3.5 million. Then he left.",
            ["It cost 3.5 million. ", "Then he left."],
            id="a decimal point",
        ),
        pytest.param(
            "The plan failed.[3] He left.",
            ["The plan failed.[3] ", "He left."],
            id="a footnote number",
        ),
        pytest.param("", [], id="nothing"),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert cut(text, split_sentences(text)) == sentences


@given(texts)
def test_paragraphs_are_ordered_disjoint_stripped_and_lose_nothing_but_white_space(
    text: str,
) -> None:
    bounds = split_paragraphs(text)
    last = 0
    for start, end in bounds:
        assert last <= start < end <= len(text)
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        last = end
    assert not text[last:].strip()


@given(texts)
def test_sentences_touch_each_other_and_cover_the_text(text: str) -> None:
    assert "".join(cut(text, split_sentences(text))) == text


@given(texts)
def test_splitting_again_gives_the_same_whatever_was_done_with_the_first(text: str) -> None:
    for split in (split_paragraphs, split_sentences):
        first = split(text)
        kept = list(first)
        first.clear()
        assert split(text) == kept
        split("Another text. Of two sentences.\n\nAnd paragraphs.")
        assert split(text) == kept


@given(texts)
def test_strip_bounds_agrees_with_strip(text: str) -> None:
    start, end = strip_bounds(text, 0, len(text))
    assert text[start:end] == text.strip()
