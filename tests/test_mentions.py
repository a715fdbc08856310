from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parses import build, by_hand, frozen, quoted_tokens
from test_cues import trees

from quotestance.attribution.mentions import head_type, mention_of, mention_span, mention_type

# Sentence with its quoted words masked, the head of the source's name, the mention.
ROWS = [
    pytest.param("“Yes,” Kerry said.", "Kerry", "Kerry", id="surname"),
    pytest.param(
        "“Yes,” said Secretary of State John Kerry.",
        "Kerry",
        "Secretary of State John Kerry",
        id="title before the name",
    ),
    pytest.param(
        "“Yes,” said union leader Ana Silva.",
        "Silva",
        "union leader Ana Silva",
        id="role before the name",
    ),
    pytest.param("“Yes,” said Mr. Silva.", "Silva", "Mr. Silva", id="honorific"),
    pytest.param(
        "“Yes,” said Ana Silva, the union's leader.",
        "Silva",
        "Ana Silva",
        id="no apposition after the name",
    ),
    pytest.param(
        "“Yes,” said Ana Silva, a teacher who had come by train.",
        "Silva",
        "Ana Silva",
        id="no relative clause",
    ),
    pytest.param(
        "“Yes,” the Israeli prime minister said.",
        "minister",
        "the Israeli prime minister",
        id="role",
    ),
    pytest.param(
        "“Yes,” said the head of the dock workers' union.",
        "head",
        "the head of the dock workers' union",
        id="of after a role",
    ),
    pytest.param(
        "“Yes,” a spokesman for the ministry said.",
        "spokesman",
        "a spokesman for the ministry",
        id="for after a role",
    ),
    pytest.param(
        "“Yes,” a senior rebel official said.",
        "official",
        "a senior rebel official",
        id="description",
    ),
    pytest.param("“Yes,” Kerry and Ban said.", "Kerry", "Kerry and Ban", id="joint"),
    pytest.param("“Yes,” she said.", "she", "she", id="pronoun"),
    pytest.param("“Yes,” the union said in a statement.", "union", "the union", id="body"),
]
SENTENCES = [row.values[0] for row in ROWS]


@pytest.mark.parametrize(("sentence", "head", "mention"), ROWS)
def test_the_mention_takes_titles_and_no_apposition(sentence: str, head: str, mention: str) -> None:
    doc = frozen(sentence)
    number = next(token.i for token in doc if token.text == head)
    start, end = mention_span(doc, number, quoted_tokens(doc))
    assert doc[start:end].text == mention


@pytest.mark.parametrize(
    ("rows", "head", "masked", "mention"),
    [
        pytest.param(
            "Mr./NNP/compound/1 Low/NNP/nsubj/2 said/VBD/ROOT/2", 1, [], "Mr. Low", id="compound"
        ),
        pytest.param(
            "yes/UH/amod/1 Low/NNP/nsubj/2 said/VBD/ROOT/2",
            1,
            [0],
            "Low",
            id="masked words are no part of it",
        ),
        pytest.param(
            "“/``/punct/1 Low/NNP/nsubj/2 said/VBD/ROOT/2",
            1,
            [],
            "Low",
            id="a mark is no part of it",
        ),
        pytest.param(
            "Low/NNP/nsubj/4 ,/,/punct/0 mayor/NN/appos/0 ,/,/punct/0 said/VBD/ROOT/4",
            0,
            [],
            "Low",
            id="an apposition behind a comma is no part of it",
        ),
        pytest.param(
            "head/NN/nsubj/4 of/IN/prep/0 the/DT/det/3 union/NN/pobj/1 said/VBD/ROOT/4",
            0,
            [],
            "head of the union",
            id="of",
        ),
    ],
)
def test_spans_by_hand(rows: str, head: int, masked: list[int], mention: str) -> None:
    doc = by_hand(rows)
    start, end = mention_span(doc, head, frozenset(masked))
    assert doc[start:end].text.strip() == mention


TYPES = [
    ("he", "PRP", "pronoun"),
    ("They", "PRP", "pronoun"),
    ("who", "WP", "pronoun"),
    ("Kerry", "NNP", "name"),
    ("el-Sisi", "NNP", "name"),
    ("Ki-moon", "NNP", "name"),
    ("KERRY", "NNP", "name"),
    ("minister", "NN", "role"),
    ("Minister", "NNP", "role"),
    ("spokeswoman", "NN", "role"),
    ("co-founder", "NN", "role"),
    ("villager", "NN", "role"),
    ("official", "NN", "role"),
    ("source", "NN", "role"),
    ("officials", "NNS", "group"),
    ("protesters", "NNS", "group"),
    ("villagers", "NNS", "group"),
    ("union", "NN", "body"),
    ("ministry", "NN", "body"),
    ("statement", "NN", "document"),
    ("letter", "NN", "document"),
    ("rain", "NN", "other"),
    ("paper", "NN", "body"),
    ("", "", "other"),
    pytest.param(
        "Duval",
        "NN",
        "name",
        marks=pytest.mark.xfail(
            strict=True, reason="a capital counts only where the tagger agrees"
        ),
    ),
]


@pytest.mark.parametrize(("head", "tag", "expected"), TYPES)
def test_what_sort_of_source_a_head_is(head: str, tag: str, expected: str) -> None:
    assert mention_type(head, tag) == expected


@pytest.mark.parametrize(
    ("rows", "head", "expected"),
    [
        pytest.param(
            "Howard/NNP/compound/1 Dean/NNP/nsubj/2 said/VBD/ROOT/2",
            1,
            "name",
            id="a role word that ends a name",
        ),
        pytest.param(
            "the/DT/det/1 dean/NN/nsubj/2 said/VBD/ROOT/2", 1, "role", id="the role itself"
        ),
        pytest.param(
            "Prime/NNP/compound/1 Minister/NNP/nsubj/2 said/VBD/ROOT/2",
            1,
            "role",
            id="a role with capitals",
        ),
    ],
)
def test_a_role_word_that_ends_a_full_name_is_a_name(rows: str, head: int, expected: str) -> None:
    assert head_type(by_hand(rows), head) == expected


@pytest.mark.parametrize(
    ("text", "bounds", "head"),
    [
        ("LOW: no", (0, 3), "LOW"),
        ("– Ana Silva", (2, 11), "Silva"),
        ("– Ana B. Silva Jr.", (2, 18), "Jr."),
        ("X", (0, 1), "X"),
    ],
)
def test_the_head_of_a_bare_name_is_its_last_word(
    text: str, bounds: tuple[int, int], head: str
) -> None:
    mention = mention_of(text, *bounds)
    assert (mention.start, mention.end) == bounds
    assert text[mention.head[0] : mention.head[1]] == head


@given(
    st.text(st.characters(exclude_categories=()), max_size=20),
    st.sampled_from(["", "NN", "NNS", "NNP", "NNPS", "PRP", "VBD"]),
)
def test_any_word_has_a_type(word: str, tag: str) -> None:
    assert mention_type(word, tag) in (
        "name",
        "role",
        "group",
        "body",
        "document",
        "pronoun",
        "other",
    )


@given(trees(), st.integers(0, 11), st.frozensets(st.integers(0, 11)))
def test_a_mention_holds_its_head_and_nothing_masked_before_it(
    tokens: list[tuple[str, bool, str, int, str]], head: int, masked: frozenset[int]
) -> None:
    doc = build(tokens)
    head %= len(doc)
    start, end = mention_span(doc, head, masked)
    assert 0 <= start <= head < end <= len(doc)
    assert not masked & set(range(start, head))
    assert mention_span(doc, head, masked) == (start, end)
