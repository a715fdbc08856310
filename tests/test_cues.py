from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parses import build, by_hand, frozen, quoted_tokens

from quotestance.attribution.cues import find_cues

# Sentence with its quoted words masked, the cue, the head of the source's name, how the parse ties
# them.
ROWS = [
    pytest.param("“Yes,” Kerry said.", "said", "Kerry", "subject", id="after: X said"),
    pytest.param("“Yes,” said Kerry.", "said", "Kerry", "subject", id="after: said X"),
    pytest.param(
        "“Yes,” said union leader Ana Silva.", "said", "Silva", "subject", id="after: said title X"
    ),
    pytest.param("Kerry said: “Yes.”", "said", "Kerry", "subject", id="before: X said, colon"),
    pytest.param("Kerry said, “Yes.”", "said", "Kerry", "subject", id="before: X said, comma"),
    pytest.param("Kerry said “Yes.”", "said", "Kerry", "subject", id="before: X said, bare"),
    pytest.param("“Yes,” Kerry said, “Yes.”", "said", "Kerry", "subject", id="inside"),
    pytest.param("“Yes,” said Kerry, “Yes.”", "said", "Kerry", "subject", id="inside, inverted"),
    pytest.param(
        "“Yes,” Kerry told reporters in Geneva on Friday.",
        "told",
        "Kerry",
        "subject",
        id="told somebody",
    ),
    pytest.param(
        "In a statement on Friday, Kerry said: “Yes.”",
        "said",
        "Kerry",
        "subject",
        id="after an adjunct",
    ),
    pytest.param("“Yes,” Kerry has said.", "said", "Kerry", "subject", id="with an auxiliary"),
    pytest.param(
        "Kerry shook his head and said, “Yes.”", "said", "Kerry", "inherited", id="conjoined verb"
    ),
    pytest.param(
        "“Yes,” Kerry said, adding that “Yes.”",
        "adding",
        "Kerry",
        "inherited",
        id="participle: adding",
    ),
    pytest.param(
        "Kerry left the room, saying, “Yes.”",
        "saying",
        "Kerry",
        "inherited",
        id="participle: saying",
    ),
    pytest.param(
        "Kerry, who joked, “Yes,” left early.", "joked", "Kerry", "relative", id="relative clause"
    ),
    pytest.param(
        "The minister who said “Yes” has left.",
        "said",
        "minister",
        "relative",
        id="relative clause of a role",
    ),
    pytest.param(
        "“Yes,” reporters were told by Kerry.", "told", "Kerry", "agent", id="passive with by"
    ),
    pytest.param(
        "“Yes,” according to Kerry.", "according to", "Kerry", "phrase", id="according to, after"
    ),
    pytest.param(
        "According to Kerry, “Yes.”", "According to", "Kerry", "phrase", id="according to, before"
    ),
    pytest.param("“Yes,” the union said in a statement.", "said", "union", "subject", id="a body"),
    pytest.param(
        "“Yes,” a senior rebel official said.",
        "said",
        "official",
        "subject",
        id="an unnamed source",
    ),
    pytest.param("“Yes,” she said.", "said", "she", "subject", id="a pronoun"),
    pytest.param(
        "The union's statement read: “Yes.”",
        "statement",
        "union",
        "noun",
        id="a noun that holds words, possessive",
    ),
    pytest.param(
        "A statement from the union said: “Yes.”",
        "statement",
        "union",
        "noun",
        id="a noun that holds words, from",
    ),
    pytest.param("Kerry shrugged. “Yes.”", "shrugged", "Kerry", "subject", id="shrugged"),
    pytest.param("Kerry was blunt: “Yes.”", "was", "Kerry", "subject", id="was blunt"),
    pytest.param("Kerry put it more plainly: “Yes.”", "put", "Kerry", "subject", id="put it"),
    pytest.param(
        "State media quoted Kerry as saying: “Yes.”",
        "quoted",
        "Kerry",
        "quoted",
        id="quoted as saying",
    ),
    pytest.param(
        "Talvin quoted Amir Low as saying: “Yes.”",
        "quoted",
        "Low",
        "quoted",
        id="a name quoted as saying",
    ),
    pytest.param(
        "Talvin quoted Amir Low as saying: “Yes.”",
        "saying",
        "Low",
        "quoted",
        id="quoted as saying, the second verb",
    ),
    pytest.param(
        "Talvin television quoted Low as telling visitors, “Yes.”",
        "quoted",
        "Low",
        "quoted",
        id="quoted as telling",
    ),
    pytest.param(
        "The agency quoted deputy harbour minister Amir Low as saying on Friday: “Yes.”",
        "quoted",
        "Low",
        "quoted",
        id="quoted as saying, with a title",
    ),
    pytest.param(
        "Low was quoted by local media as saying: “Yes.”",
        "quoted",
        "Low",
        "quoted",
        id="was quoted by others as saying",
    ),
    pytest.param(
        "“Yes,” Low was quoted as saying.",
        "quoted",
        "Low",
        "quoted",
        id="was quoted as saying, after",
    ),
    pytest.param(
        "The paper cited Low as saying: “Yes.”", "cited", "Low", "quoted", id="cited as saying"
    ),
    pytest.param(
        "State media quoted Low on Friday: “Yes.”",
        "quoted",
        "media",
        "subject",
        id="quoted, not as saying",
    ),
    pytest.param(
        "State media quoted Low as a witness: “Yes.”",
        "quoted",
        "media",
        "subject",
        id="quoted as something",
    ),
]
SENTENCES = [row.values[0] for row in ROWS]


@pytest.mark.parametrize(("sentence", "cue", "source", "construction"), ROWS)
def test_the_parse_ties_cue_and_source(
    sentence: str, cue: str, source: str, construction: str
) -> None:
    doc = frozen(sentence)
    found = [
        (doc[c.start : c.end].text, doc[c.source].text, c.construction)
        for c in find_cues(doc, quoted_tokens(doc))
    ]
    assert (cue, source, construction) in found


BY_HAND = [
    pytest.param(
        "Kerry/NNP/nsubj/1 said/VBD/ROOT/1 yes/UH/intj/1",
        [],
        [("said", "Kerry", "subject", "say")],
        id="subject",
    ),
    pytest.param(
        "yes/UH/ccomp/1 said/VBD/ROOT/1 Kerry/NNP/nsubj/1",
        [0],
        [("said", "Kerry", "subject", "say")],
        id="inverted",
    ),
    pytest.param(
        "Kerry/NNP/nsubj/1 left/VBD/ROOT/1 saying/VBG/advcl/1",
        [],
        [("left", "Kerry", "subject", "left"), ("saying", "Kerry", "inherited", "say")],
        id="participle",
    ),
    pytest.param(
        "Kerry/NNP/ROOT/0 who/WP/nsubj/2 joked/VBD/relcl/0",
        [],
        [("joked", "Kerry", "relative", "joke")],
        id="relative clause",
    ),
    pytest.param(
        "It/PRP/nsubjpass/1 said/VBN/ROOT/1 by/IN/agent/1 Kerry/NNP/pobj/2",
        [],
        [("said", "Kerry", "agent", "say")],
        id="passive: who acts, not what is acted on",
    ),
    pytest.param(
        "yes/UH/ROOT/0 according/VBG/prep/0 to/IN/prep/1 Kerry/NNP/pobj/2",
        [0],
        [("according to", "Kerry", "phrase", "according")],
        id="according to",
    ),
    pytest.param(
        "yes/UH/ROOT/0 per/IN/prep/0 Kerry/NNP/pobj/1",
        [0],
        [("per", "Kerry", "phrase", "per")],
        id="per",
    ),
    pytest.param(
        "yes/UH/ROOT/0 said/VBD/dep/0 Kerry/NNP/dep/0",
        [0],
        [("said", "Kerry", "adjacent", "say")],
        id="a subject that the parse missed, right",
    ),
    pytest.param(
        "Kerry/NNP/ROOT/0 said/VBD/dep/0 yes/UH/dep/0",
        [2],
        [("said", "Kerry", "adjacent", "say")],
        id="a subject that the parse missed, left",
    ),
    pytest.param(
        "her/PRP$/poss/1 statement/NN/ROOT/1",
        [],
        [("statement", "her", "noun", "statement")],
        id="possessive noun",
    ),
    pytest.param(
        "media/NNS/nsubj/1 quoted/VBD/ROOT/1 Kerry/NNP/dobj/1 as/IN/prep/1 saying/VBG/pcomp/3",
        [],
        [("quoted", "Kerry", "quoted", "quote"), ("saying", "Kerry", "quoted", "say")],
        id="quoted as saying",
    ),
    pytest.param(
        "media/NNS/nsubj/1 quoted/VBD/ROOT/1 Kerry/NNP/nsubj/4 as/IN/mark/4 saying/VBG/advcl/1",
        [],
        [("quoted", "Kerry", "quoted", "quote"), ("saying", "Kerry", "subject", "say")],
        id="quoted as saying, parsed as a clause",
    ),
    pytest.param(
        "media/NNS/nsubj/1 quoted/VBD/ROOT/1 Kerry/NNP/dobj/1",
        [],
        [("quoted", "media", "subject", "quote")],
        id="quoted, not as saying",
    ),
    pytest.param(
        "media/NNS/nsubj/1 thanked/VBD/ROOT/1 Kerry/NNP/dobj/1 as/IN/prep/1 saying/VBG/pcomp/3",
        [],
        [("thanked", "media", "subject", "thank"), ("saying", "media", "inherited", "say")],
        id="as saying, not quoted",
    ),
    pytest.param(
        "It/PRP/nsubjpass/2 was/VBD/auxpass/2 described/VBN/ROOT/2 as/IN/prep/2 wrong/JJ/pobj/3"
        " by/IN/prep/4 Kerry/NNP/pobj/5",
        [4],
        [("described", "Kerry", "agent", "describe")],
        id="passive, its by hung on the quoted words",
    ),
    pytest.param(
        "It/PRP/nsubj/1 described/VBD/ROOT/1 as/IN/prep/1 wrong/JJ/pobj/2 by/IN/prep/3"
        " Kerry/NNP/pobj/4",
        [3],
        [("described", "It", "subject", "describe")],
        id="no passive, no agent",
    ),
    pytest.param(
        "court/NN/nsubj/2 Kerry/NNP/nsubj/2 said/VBD/ROOT/2",
        [],
        [("said", "Kerry", "subject", "say")],
        id="of two subjects the nearer one",
    ),
    pytest.param(
        "yes/UH/ROOT/0 called/VBD/dep/0 it/PRP/dep/0",
        [0],
        [],
        id="no object pronoun is a source that the parse missed",
    ),
    pytest.param(
        "Kerry/NNP/nsubj/1 blamed/VBD/ROOT/1 Ban/NNP/dobj/1 for/IN/prep/1 saying/VBG/pcomp/3"
        " no/UH/dobj/4",
        [5],
        [("blamed", "Kerry", "subject", "blamed"), ("saying", "Ban", "quoted", "say")],
        id="blamed for saying: the object says it",
    ),
    pytest.param(
        "Kerry/NNP/nsubj/1 apologised/VBD/ROOT/1 for/IN/prep/1 saying/VBG/pcomp/2 no/UH/dobj/3",
        [4],
        [("apologised", "Kerry", "subject", "apologised"), ("saying", "Kerry", "inherited", "say")],
        id="apologised for saying: nobody else does",
    ),
    pytest.param(
        "yes/UH/intj/1 grumbled/VBD/ROOT/1 Kerry/NNP/dobj/1",
        [0],
        [("grumbled", "Kerry", "adjacent", "grumbled")],
        id="any verb right behind the quoted words, whose object is its subject",
    ),
    pytest.param(
        "we/PRP/ROOT/0 shelled/VBD/dep/0 Kerry/NNP/dobj/1",
        [],
        [],
        id="no such verb away from quoted words",
    ),
    pytest.param("go/VB/ROOT/0 home/RB/advmod/0", [], [], id="an order has no source"),
    pytest.param("peace/NN/ROOT/0", [], [], id="no verb"),
    pytest.param(
        "Kerry/NNP/nsubj/1 •/VBZ/ROOT/1", [], [], id="a bullet that the parse takes for a verb"
    ),
    pytest.param("Kerry/NNP/nsubj/1 said/VBD/ROOT/1", [1], [], id="a masked verb is no cue"),
    pytest.param("Kerry/NNP/nsubj/1 said/VBD/ROOT/1", [0], [], id="a masked source is no source"),
]


@pytest.mark.parametrize(
    ("sentence", "others"),
    [
        pytest.param(
            "Talvin quoted Amir Low as saying: “Yes.”", {"Talvin"}, id="a name quoted as saying"
        ),
        pytest.param(
            "Talvin television quoted Low as telling visitors, “Yes.”",
            {"television", "visitors"},
            id="quoted as telling",
        ),
        pytest.param(
            "Low was quoted by local media as saying: “Yes.”",
            {"media"},
            id="was quoted by others as saying",
        ),
        pytest.param(
            "State media quoted Low on Friday: “Yes.”",
            {"Low", "Friday"},
            id="quoted, not as saying",
        ),
        pytest.param(
            "State media quoted Low as a witness: “Yes.”",
            {"Low", "witness"},
            id="quoted as something",
        ),
    ],
)
def test_quoted_gives_speech_to_nobody_else(sentence: str, others: set[str]) -> None:
    doc = frozen(sentence)
    assert not others & {doc[cue.source].text for cue in find_cues(doc, quoted_tokens(doc))}


@pytest.mark.parametrize(("rows", "masked", "expected"), BY_HAND)
def test_constructions(
    rows: str, masked: list[int], expected: list[tuple[str, str, str, str]]
) -> None:
    doc = by_hand(rows)
    assert [
        (doc[c.start : c.end].text, doc[c.source].text, c.construction, c.lemma)
        for c in find_cues(doc, frozenset(masked))
    ] == expected


WORDS = st.sampled_from(
    [
        "said",
        "Kerry",
        "he",
        "according",
        "to",
        "statement",
        "by",
        "who",
        "told",
        "“",
        "”",
        "per",
        "\u200b",
        "\x00",
        "union",
    ]
)
TAGS = st.sampled_from(["VBD", "NNP", "PRP", "NN", "IN", "WP", "VBG", "UH", "PRP$", ""])
LABELS = st.sampled_from(
    [
        "ROOT",
        "nsubj",
        "nsubjpass",
        "agent",
        "pobj",
        "prep",
        "relcl",
        "acl",
        "conj",
        "ccomp",
        "poss",
        "dobj",
        "appos",
        "punct",
        "",
    ]
)


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[str, bool, str, int, str]]:
    """Any tree over up to twelve tokens: each token's head is an earlier one, or itself."""
    size = draw(st.integers(1, 12))
    return [
        (draw(WORDS), True, draw(TAGS), draw(st.integers(0, number)), draw(LABELS))
        for number in range(size)
    ]


@given(trees(), st.frozensets(st.integers(0, 11)))
def test_cues_of_any_tree_are_ordered_and_outside_the_mask(
    tokens: list[tuple[str, bool, str, int, str]], masked: frozenset[int]
) -> None:
    doc = build(tokens)
    found = find_cues(doc, masked)
    assert [(cue.start, cue.source) for cue in found] == sorted(
        {(cue.start, cue.source) for cue in found}
    )
    for cue in found:
        assert 0 <= cue.start < cue.end <= len(doc)
        assert cue.start not in masked
        assert cue.source not in masked
    assert find_cues(doc, masked) == found
