from __future__ import annotations

import pytest
from hypothesis import given
from parses import build, frozen
from strategies import texts

from quotestance.attribution.candidates import candidates_of, shape
from quotestance.attribution.document import ParsedDocument
from quotestance.attribution.introductions import parse_context
from quotestance.attribution.kinds import KindModel
from quotestance.attribution.sources import Attribution, attribute
from quotestance.linear import LinearModel
from quotestance.marks.contexts import find_contexts
from quotestance.marks.quotations import find_quotations

# The rules' own answer and nothing else: the first sieve that fits decides.
RULES_ONLY = LinearModel(
    {f"rule={source}": 5.0 for source in ("cue", "label", "signature", "previous", "nobody")}
)


# Text, and for each quotation its mention and its cue.
ROWS = [
    # orders of the tag
    pytest.param(
        "“We will not sign this paper,” Kerry said.", [("Kerry", "said")], id="X said, after"
    ),
    pytest.param(
        "“We will not sign this paper,” said Kerry.", [("Kerry", "said")], id="said X, after"
    ),
    pytest.param(
        "Kerry said: “We will not sign this paper.”",
        [("Kerry", "said")],
        id="X said, before, colon",
    ),
    pytest.param(
        "Kerry said, “We will not sign this paper.”",
        [("Kerry", "said")],
        id="X said, before, comma",
    ),
    pytest.param(
        "“We will not,” Kerry said, “sign this paper.”", [("Kerry", "said")], id="X said, inside"
    ),
    pytest.param(
        "“We will not,” said Kerry, “sign this paper.”", [("Kerry", "said")], id="said X, inside"
    ),
    pytest.param(
        "“Will you sign this paper?” asked Kerry.",
        [("Kerry", "asked")],
        id="a question before an inverted tag",
    ),
    pytest.param(
        "“Never sign this paper!” Kerry shouted.",
        [("Kerry", "shouted")],
        id="an exclamation before its tag",
    ),
    # conjoined and participial verbs
    pytest.param(
        "Kerry shook his head and said, “We will not sign.”",
        [("Kerry", "said")],
        id="conjoined verb",
    ),
    pytest.param(
        "Kerry left the room, saying, “We will not sign.”", [("Kerry", "saying")], id="participle"
    ),
    pytest.param(
        "“We will not sign,” Kerry said, adding that “nobody should.”",
        [("Kerry", "said"), ("Kerry", "adding")],
        id="said, adding",
    ),
    # clauses and phrases
    pytest.param(
        "Kerry, who joked, “We will not sign,” left early.",
        [("Kerry", "joked")],
        id="relative clause",
    ),
    pytest.param(
        "“We will not sign this paper,” reporters were told by Kerry.",
        [("Kerry", "told")],
        id="passive with by",
    ),
    pytest.param(
        "The paper was described as “a first small step” by Kerry.",
        [("Kerry", "described")],
        id="passive with by, around it",
    ),
    pytest.param(
        "Outside court, Kerry said: “We will not sign this paper.”",
        [("Kerry", "said")],
        id="after a place without an article",
    ),
    pytest.param(
        "“We will not sign this paper,” according to Kerry.",
        [("Kerry", "according to")],
        id="according to, after",
    ),
    pytest.param(
        "According to Kerry, “we will not sign this paper now.”",
        [("Kerry", "According to")],
        id="according to, before",
    ),
    pytest.param(
        "“We will not sign this paper,” Secretary of State John Kerry told reporters.",
        [("Secretary of State John Kerry", "told")],
        id="title in the mention",
    ),
    pytest.param(
        "“We will not sign this paper,” Foreign Minister Ana Silva told reporters.",
        [("Foreign Minister Ana Silva", "told")],
        id="another title in the mention",
    ),
    pytest.param(
        "“We will not sign this paper,” said Ana Silva, the union's leader.",
        [("Ana Silva", "said")],
        id="no apposition in the mention",
    ),
    # labels and signatures
    pytest.param("KERRY: “We will not sign this paper.”", [("KERRY", ":")], id="label"),
    pytest.param(
        "Ana Silva: “We will not sign this paper.”",
        [("Ana Silva", ":")],
        id="label in small letters",
    ),
    pytest.param(
        "WALLACE: “Will you sign?”\n\nKERRY: “We will not sign this paper.”",
        [("WALLACE", ":"), ("KERRY", ":")],
        id="transcript",
    ),
    pytest.param(
        "Ana Silva, 41: “We will not sign this paper.”",
        [("Ana Silva", ":")],
        id="label with an age",
    ),
    pytest.param(
        "- Ana Silva: “We will not sign this paper.”",
        [("Ana Silva", ":")],
        id="label behind a bullet",
    ),
    pytest.param(
        "Union leader Ana Silva: “We will not sign this paper.”",
        [("Union leader Ana Silva", ":")],
        id="label with a role in small letters",
    ),
    pytest.param(
        "@ana_silva: “We will not sign this paper.”",
        [("@ana_silva", ":")],
        id="label of an account",
    ),
    pytest.param(
        "Ana Silva (Leeds): “We will not sign this paper.”",
        [("Ana Silva", ":")],
        id="label with a place in brackets",
    ),
    pytest.param(
        "And from Ana Silva:\n\n“We will not sign this paper.”",
        [("Ana Silva", ":")],
        id="lead with from",
    ),
    pytest.param(
        "Ana Silva, for the Greens: “We will not sign this paper.”",
        [("Ana Silva", ":")],
        id="lead with what somebody speaks for",
    ),
    pytest.param(
        "Ana Silva, speaking in the hall:\n“We will not sign this paper.”",
        [("Ana Silva", ":")],
        id="lead with where",
    ),
    pytest.param(
        "Ana Silva, the minister, said: “We will not sign this paper.”",
        [("Ana Silva", "said")],
        id="a lead with a verb of saying is a cue",
    ),
    pytest.param(
        "- Ana Silva: “We will not sign.”\n- Omar Low: “We did not.”",
        [("Ana Silva", ":"), ("Omar Low", ":")],
        id="the next line's label is no signature",
    ),
    pytest.param(
        "“We will not sign this paper.” – Ana Silva", [("Ana Silva", None)], id="dash signature"
    ),
    pytest.param(
        "“We will not sign this paper.” ― Ana Silva",
        [("Ana Silva", None)],
        id="horizontal bar signature",
    ),
    pytest.param(
        "“We will not sign this paper.” -- Ana Silva",
        [("Ana Silva", None)],
        id="typed dash signature",
    ),
    pytest.param(
        "“We will not sign this paper.”\n– Ana Silva",
        [("Ana Silva", None)],
        id="signature on the next line",
    ),
    pytest.param(
        "“We will not sign this paper.” (Ana Silva)",
        [("Ana Silva", None)],
        id="signature in brackets",
    ),
    # verbs that are cues beside a quotation only
    pytest.param("Kerry shrugged: “We will not sign.”", [("Kerry", "shrugged")], id="shrugged"),
    pytest.param("Kerry sighed: “We will not sign.”", [("Kerry", "sighed")], id="sighed"),
    # continuation
    pytest.param(
        "“We will not sign,” she said. “We never did.”",
        [("she", "said"), ("she", None)],
        id="the piece after the tag",
    ),
    pytest.param(
        "“We will not sign,” Kerry said.\n\n“We never did.”",
        [("Kerry", "said"), ("Kerry", None)],
        id="the next paragraph goes on",
    ),
    # a block quotation
    pytest.param(
        "Kerry wrote this on Friday:\n\n“We will not sign this paper.”",
        [("Kerry", "wrote")],
        id="block quotation after a colon",
    ),
]
TEXTS = [row.values[0] for row in ROWS]


def document_of(text: str) -> ParsedDocument:
    quotations = find_quotations(text)
    contexts = find_contexts(text, quotations)
    parsed = [parse_context(context, frozen(context.text)) for context in contexts]
    return ParsedDocument(text, quotations, parsed)


def decide(text: str, ranker: LinearModel) -> list[Attribution]:
    return attribute(document_of(text), ranker)


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_the_rules_alone_find_mention_and_cue(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    found = [attribution.candidate for attribution in decide(text, RULES_ONLY)]
    mentions = [
        text[candidate.mention.start : candidate.mention.end] if candidate.mention else None
        for candidate in found
    ]
    cues = [text[slice(*candidate.cue)] if candidate.cue else None for candidate in found]
    assert list(zip(mentions, cues, strict=True)) == expected


SENTENCE = "“We will not sign,” Kerry said, adding that “nobody should.”"


@pytest.mark.parametrize(
    ("weights", "sources"),
    [
        pytest.param({}, None, id="no weights: every answer is some candidate"),
        pytest.param({"nobody": 9.0}, ["nobody", "nobody"], id="nobody is a candidate"),
        pytest.param({"rule=cue": 9.0}, ["cue", "cue"], id="a cue"),
        pytest.param(
            {"previous": 9.0, "rule=cue": 5.0},
            ["cue", "previous"],
            id="the quotation before has a source only from the second on",
        ),
    ],
)
def test_the_ranker_decides(weights: dict[str, float], sources: list[str] | None) -> None:
    found = decide(SENTENCE, LinearModel(weights))
    assert sources is None or [attribution.candidate.source for attribution in found] == sources
    assert all(0 < attribution.probability <= 1 + 1e-9 for attribution in found)


def test_what_is_no_speech_is_not_the_quotation_before() -> None:
    text = "“We will not sign,” she said. “We never did.”"
    never = KindModel(dict.fromkeys(("closed=True", "closed=False"), (0.0, 0.0, 9.0)))
    found = attribute(document_of(text), RULES_ONLY, never)
    assert [attribution.kind for attribution in found] == ["other", "other"]
    assert [attribution.candidate.source for attribution in found] == ["cue", "nobody"]


@pytest.mark.parametrize("text", TEXTS)
def test_nobody_is_always_a_candidate_and_the_rules_choose_one(text: str) -> None:
    document = document_of(text)
    for quotation, places in zip(document.quotations, document.places, strict=True):
        candidates = candidates_of(text, quotation, places, None, "")
        assert [candidate.source for candidate in candidates].count("nobody") == 1
        assert (
            sum(key.startswith("rule=") for candidate in candidates for key in candidate.features)
            == 1
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We will not sign this paper,” she said.", "clause"),
        ("She said: “No.”", "clause"),
        ("It was a “first step” for them.", "fragment"),
        ("She called it “an insult to every one of the men who died there.”", "fragment"),
    ],
)
def test_shape(text: str, expected: str) -> None:
    assert shape(text, find_quotations(text)[0]) == expected


@given(texts)
def test_attribution_never_raises_whatever_the_parse(text: str) -> None:
    """Each token hangs on the one before it, as a subject or a verb in turn.

    No parse a parser would give.
    """
    quotations = find_quotations(text)
    parsed = []
    for context in find_contexts(text, quotations):
        words = context.text.encode("utf-8", "replace").decode("utf-8")
        rows = [
            (
                character,
                False,
                ("NNP", "VBD")[number % 2],
                max(number - 1, 0),
                ("nsubj", "ROOT", "conj")[number % 3],
            )
            for number, character in enumerate(words)
        ]
        parsed.append(parse_context(context, build(rows)))
    document = ParsedDocument(text, quotations, parsed)
    found = attribute(document, RULES_ONLY)
    assert len(found) == len(quotations)
    for attribution in found:
        mention = attribution.candidate.mention
        assert mention is None or 0 <= mention.start <= mention.head[0] < mention.head[
            1
        ] <= mention.end <= len(text)
    assert attribute(document, RULES_ONLY) == found
