"""The whole path with the bundled models and the real parser.

What a text gives, on any text, and what may not move it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import altered, texts
from work import growth

from quotestance.pipeline import attribute_batch, attribute_quotes
from quotestance.quote import STANCE_LABELS, Quote

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


def answers(text: str) -> list[tuple[str, str | None]]:
    """The content of every quotation with its speaker's name."""
    return [
        (quote.text, quote.speaker.name if quote.speaker else None)
        for quote in attribute_quotes(text, stance=False)
    ]


def speakers(text: str) -> list[str | None]:
    return [name for _, name in answers(text)]


def xfail(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=reason)


# ---------- who said it
SPEAKERS = [
    pytest.param(
        "“We have waited,” Ana Silva said. Would she sign it?\n\n“No.”\n\nThe hall went quiet.",
        ["Ana Silva", "Ana Silva"],
        id="one word in a paragraph of its own",
    ),
    pytest.param(
        "Several officials said they would stay. “We will not sign,” someone said.",
        ["someone"],
        id="someone is not one of those before",
    ),
    # words beside the marks that a parser misreads
    pytest.param("“Not now,” moaned deputy director Ana Silva.", ["Ana Silva"], id="role in tag"),
    pytest.param(
        "“We will not sign this,” chimed in Ana Silva.", ["Ana Silva"], id="particle in tag"
    ),
    pytest.param("“I meant it,” said Ana Silva gravely. “I do.”", ["Ana Silva"] * 2, id="adverb"),
    pytest.param("Ana Silva said:“We will not sign.”", ["Ana Silva"], id="lost space"),
    pytest.param("“We will not sign,”said Ana Silva.", ["Ana Silva"], id="lost space before a tag"),
    pytest.param("“We will not sign,”\nsaid Ana Silva.", ["Ana Silva"], id="line break in a tag"),
    pytest.param("Ana Silva, The Dune Courier: “We will not.”", ["Ana Silva"], id="with outlet"),
    pytest.param(
        "Ana Silva asked, “Who signed it?” Omar Low, half asleep, answered, “Nobody did.”",
        ["Ana Silva", "Omar Low"],
        id="an answer is not the rest of the question",
    ),
    pytest.param(
        "Omar Low dismissed Ana Silva's claim that the ferry “was built for the sea”.",
        ["Ana Silva"],
        id="whose claim it is",
    ),
    pytest.param(
        "Ana Silva said: “We will not sign.\n\n“They must sign,” said Omar Low.",
        ["Ana Silva", "Omar Low"],
        id="a mark forgotten before another's words",
    ),
    pytest.param(
        "“Should we sign it? Ana Silva asked.\n\n“Not today,” said Omar Low.",
        ["Ana Silva", "Omar Low"],
        id="a mark forgotten before a tag",
    ),
    pytest.param(
        "Ana Silva said the crew had been ‘left out in the cold’.",
        ["Ana Silva"],
        id="a fragment in single marks",
    ),
    # names
    pytest.param(
        "Ana “Kit” Silva came. “We will not sign,” Silva said.", ["Ana Silva"], id="nickname"
    ),
    pytest.param(
        "Ana Summers came late. “We will not sign,” Summers said.",
        ["Ana Summers"],
        id="a surname that looks like a plural",
    ),
    pytest.param(
        "Ana King came late. “We will not sign,” King said.", ["Ana King"], id="a role as surname"
    ),
    pytest.param(
        "The Dockers' Union came. “We will not sign,” the Dockers' Union said.",
        ["Dockers' Union"],
        id="an owner of several",
    ),
    pytest.param(
        "Norway's Transport Ministry wrote. Sweden's Transport Ministry did not. “We will not"
        " sign,” Norway's Transport Ministry said.",
        ["Norway's Transport Ministry"],
        id="the ministry of a country",
    ),
    pytest.param(
        "“We will not sign,” a lawyer for the painter Ana Silva told reporters.",
        ["a lawyer for the painter Ana Silva"],
        id="somebody for a name that the parse parts",
    ),
    pytest.param(
        "Ana Silva, Omar Low and Ida Osk said: “We will not sign.”",
        ["Ana Silva, Omar Low and Ida Osk"],
        id="three names",
    ),
    pytest.param(
        "Driver Ana Silva lost. Her son Omar watched. “We will not sign,” Silva said.\n\n"
        "Omar Silva is ten.",
        ["Ana Silva"],
        id="who was called by the surname before",
    ),
    pytest.param(
        "“Older boats need more care,” she said. Coach Ana Silva leaves in June.",
        ["Ana Silva"],
        id="a word that only opens the quotation is not a name",
    ),
    pytest.param("The US said it was “too thin”.", ["US"], id="the US is not us"),
    pytest.param(
        "The hall stood open. Those who sang there called it “a barn”.",
        ["Those who sang there"],
        id="those with a clause",
    ),
    pytest.param(
        "Ana Silva left. Her husband, Omar, said: “We will not sign.”",
        ["Omar"],
        id="a relative by one name",
    ),
    pytest.param(
        "A driver, who gave his name only as Omar, said: “We will not sign.”",
        ["Omar"],
        id="one name only",
    ),
    pytest.param(
        "The Dune Council pinned up a notice. Ana Silva said it was late. “No dogs on the"
        " beach,” the notice said.",
        ["Dune Council"],
        id="who brings in a notice",
    ),
    pytest.param(
        "While she called it “a joke”, Ana Silva stayed at the table.",
        ["Ana Silva"],
        id="cataphora",
    ),
    # orders of the tag
    pytest.param("“We will not sign this,” Ana Silva said.", ["Ana Silva"], id="X said"),
    pytest.param("“We will not sign this,” said Ana Silva.", ["Ana Silva"], id="said X"),
    pytest.param("Ana Silva said: “We will not sign this.”", ["Ana Silva"], id="X said, colon"),
    pytest.param("Ana Silva said, “We will not sign this.”", ["Ana Silva"], id="X said, comma"),
    pytest.param("“We will not,” Ana Silva said, “sign this.”", ["Ana Silva"], id="interrupted"),
    pytest.param("“Will you sign this?” asked Ana Silva.", ["Ana Silva"], id="a question"),
    pytest.param(
        "Ana Silva shook her head and said, “We will not sign this.”",
        ["Ana Silva"],
        id="conjoined verb",
    ),
    pytest.param(
        "Ana Silva left the room, saying, “We will not sign this.”", ["Ana Silva"], id="participle"
    ),
    pytest.param(
        "“We will not sign,” Ana Silva said, adding that “nobody should.”",
        ["Ana Silva", "Ana Silva"],
        id="adding",
    ),
    pytest.param(
        "Ana Silva, who joked, “We will not sign,” left early.", ["Ana Silva"], id="relative clause"
    ),
    pytest.param(
        "“We will not sign,” reporters were told by Ana Silva.", ["Ana Silva"], id="passive with by"
    ),
    pytest.param("“We will not sign,” according to Ana Silva.", ["Ana Silva"], id="according to"),
    pytest.param(
        "As Ana Silva put it, “we will not sign this paper now.”", ["Ana Silva"], id="put it"
    ),
    pytest.param("Ana Silva shrugged. “We will not sign.”", ["Ana Silva"], id="shrugged"),
    pytest.param("Ana Silva was blunt: “We will not sign.”", ["Ana Silva"], id="was blunt"),
    pytest.param(
        "Ana Silva wrote this on Friday:\n\n“We will not sign this paper.”",
        ["Ana Silva"],
        id="block quotation after a colon",
    ),
    # labels and signatures
    pytest.param("Ana Silva: “We will not sign this.”", ["Ana Silva"], id="label"),
    pytest.param("“We will not sign this.” – Ana Silva", ["Ana Silva"], id="dash signature"),
    pytest.param(
        "“We will not sign this.”\n― Ana Silva", ["Ana Silva"], id="signature on the next line"
    ),
    pytest.param(
        "Ana Silva met John Low.\n\nLOW: “Will you sign?”\n\nSILVA: “We will not sign this.”",
        ["John Low", "Ana Silva"],
        id="transcript",
    ),
    # continuation
    pytest.param(
        "“We will not sign,” Ana Silva said. “We never did.”",
        ["Ana Silva"] * 2,
        id="the piece after the tag",
    ),
    pytest.param(
        "“We will not sign,” Ana Silva said.\n\n“We never did,” she added.",
        ["Ana Silva"] * 2,
        id="she added",
    ),
    pytest.param(
        "Ana Silva said the talks were over. “We will not sign this paper.”",
        ["Ana Silva"],
        id="after indirect speech",
    ),
    pytest.param(
        "Ana Silva said: “We will not sign.\n\n“We never did.”",
        ["Ana Silva"],
        id="several paragraphs",
    ),
    # names
    pytest.param(
        "U.S. Secretary of State John Kerry came. “We will not sign,” Kerry said.",
        ["John Kerry"],
        id="surname",
    ),
    pytest.param(
        "“We will not sign,” Kerry said. John Kerry, the envoy, then left.",
        ["John Kerry"],
        id="full name after",
    ),
    pytest.param(
        "United Nations chief Ban Ki-moon came. “We will talk,” Ban said.",
        ["Ban Ki-moon"],
        id="surname first",
    ),
    pytest.param(
        "Israeli Prime Minister Benjamin Netanyahu came. “We will not sign,” the Israeli prime"
        " minister said.",
        ["Benjamin Netanyahu"],
        id="role",
    ),
    pytest.param(
        "Israeli Prime Minister Benjamin Netanyahu came. “We will not sign,” the Israeli prime"
        " minster said.",
        ["Benjamin Netanyahu"],
        id="misspelt role",
    ),
    pytest.param(
        "Anna Silva came in at noon. “We will not sign,” she said.", ["Anna Silva"], id="pronoun"
    ),
    pytest.param(
        "“We will not sign,” a senior rebel official said.",
        ["a senior rebel official"],
        id="unnamed source",
    ),
    pytest.param(
        "The Foreign Ministry met on Friday. “We will not sign,” the ministry said in a statement.",
        ["Foreign Ministry"],
        id="the ministry",
    ),
    pytest.param(
        "The Harbour Workers Union met on Friday. “We will not sign,” the union said in a"
        " statement.",
        ["Harbour Workers Union"],
        id="the union",
    ),
    pytest.param(
        "“We will not sign,” the Harbour Workers Union said in a statement.",
        ["Harbour Workers Union"],
        id="body by its name",
    ),
    pytest.param(
        "Toreland’s foreign minister, Amina Duval, struck a softer note. Duval said, “We are ready"
        " to go.”",
        ["Amina Duval"],
        id="a surname that the tagger takes for a noun",
    ),
    # statements, spokespeople, seats of government, several people
    pytest.param(
        "The Harbour Workers Union met. “We will not sign,” the union’s statement said.",
        ["Harbour Workers Union"],
        id="a body's statement",
    ),
    pytest.param(
        "“We will not sign,” a statement from the Harbour Workers Union said.",
        ["Harbour Workers Union"],
        id="a statement from a body",
    ),
    pytest.param(
        "Ana Silva left early. “We will not sign,” her statement said.",
        ["Ana Silva"],
        id="her statement",
    ),
    pytest.param(
        "“We will not sign,” said State Department spokesman John Low.",
        ["John Low"],
        id="a named spokesman speaks",
    ),
    pytest.param(
        "“We will not sign,” a State Department spokesman said.",
        ["a State Department spokesman"],
        id="an unnamed spokesman stays one",
    ),
    pytest.param("“We will not sign,” the Kremlin said.", ["Kremlin"], id="a seat of government"),
    pytest.param(
        "John Kerry met Ban Ki-moon. “We will talk,” Kerry and Ban said.",
        ["John Kerry and Ban Ki-moon"],
        id="joint speakers",
    ),
    pytest.param(
        "“He told me that they would go,” Ana Silva said of John Low.",
        ["Ana Silva"],
        id="who says the words, not whom they are about",
    ),
    pytest.param(
        "Ana Silva and her husband, John Silva, came. “We will talk,” John Silva said. “We will,”"
        " Ana Silva said.",
        ["John Silva", "Ana Silva"],
        id="a married couple",
    ),
    pytest.param(
        "John Low accused Ana Silva of lying. “We never lied,” Silva said. “You did,” Low"
        " answered.",
        ["Ana Silva", "John Low"],
        id="two who answer each other",
    ),
    pytest.param("“We will not sign.”", [None], id="nobody"),
]


@pytest.mark.parametrize(("text", "expected"), SPEAKERS)
def test_who_said_it(text: str, expected: list[str | None]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "Israeli Prime Minister Benjamin Netanyahu came. “We will not sign,” Netanyahu said.",
            "person",
        ),
        ("“We will not sign,” a senior rebel official said.", "unnamed"),
        ("“We will not sign,” the Harbour Workers Union said.", "organization"),
        ("“We will not sign,” protesters shouted.", "group"),
    ],
)
def test_what_sort_of_speaker(text: str, kind: str) -> None:
    (quote,) = attribute_quotes(text, stance=False)
    assert quote.speaker is not None
    assert quote.speaker.kind == kind


# ---------- is it speech?
@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("“We will not sign this paper,” said Ana Silva.", ["direct"], id="a clause"),
        pytest.param(
            "Ana Silva called the plan “a first step towards peace”.", ["mixed"], id="a phrase"
        ),
        pytest.param("Her book, “The Long Road Home”, won a prize.", [], id="a title"),
        pytest.param("The so-called “security belt” is ten miles wide.", [], id="a term"),
        pytest.param(
            "Protesters held signs that read “No more war” and sang.", [], id="a slogan on a sign"
        ),
        pytest.param("Tomas “The Bear” Varga left early.", [], id="a nickname"),
        pytest.param("He was known as “The Bear” at home.", [], id="a nickname in a sentence"),
    ],
)
def test_what_is_speech(text: str, kinds: list[str]) -> None:
    assert [quote.kind for quote in attribute_quotes(text, stance=False)] == kinds


def test_what_is_no_speech_is_shown_on_request() -> None:
    text = "Her book, “The Long Road Home”, won a prize."
    (quote,) = attribute_quotes(text, kinds=("direct", "mixed", "other"))
    assert (quote.kind, quote.text) == ("other", "The Long Road Home")


# ---------- edges
FIRST = ["Ana", "John", "Maria", "Peter", "Karen", "David", "Susan", "Mark", "Linda", "Paul"]
LAST = ["Silva", "Low", "Marsh", "Tanner", "Holt", "Brandt", "Cole", "Dunn", "Estes", "Forster"]
HUNDRED = [f"{first} {last}" for first in FIRST for last in LAST]
EDGES = [
    pytest.param("it rained all day. nobody came.", [], id="no quotation, no name"),
    pytest.param(
        "“We will not sign,” the man at the gate said.",
        [("We will not sign,", "the man at the gate")],
        id="no name",
    ),
    pytest.param(
        "“WE WILL NOT SIGN THIS,” ANA SILVA SAID. “NEVER.”",
        [("WE WILL NOT SIGN THIS,", "ANA SILVA"), ("NEVER.", "ANA SILVA")],
        id="all capitals",
    ),
    pytest.param(
        "“we will not sign this,” ana silva said.",
        [("we will not sign this,", "ana silva")],
        id="all small letters",
    ),
    pytest.param(
        "Union Leader Refuses to Sign as Talks Stall Ana Silva said on Friday, “We will not sign"
        " this paper.”",
        [("We will not sign this paper.", "Ana Silva")],
        id="a headline glued to the body",
    ),
    pytest.param(
        "HOST: “Will you sign?”\n\nANA SILVA: “We will not sign this paper.”\n\nHOST: “Why not?”",
        [
            ("Will you sign?", "HOST"),
            ("We will not sign this paper.", "ANA SILVA"),
            ("Why not?", "HOST"),
        ],
        id="an interview transcript",
    ),
    pytest.param(
        "“They should sign it now.” – Maria Cole, Leeds\n\n“Never trust them.” – Tom Hill,"
        " York\n\n“I am tired of it all.” – Jo Park, Bath",
        [
            ("They should sign it now.", "Maria Cole"),
            ("Never trust them.", "Tom Hill"),
            ("I am tired of it all.", "Jo Park"),
        ],
        id="a list of signed comments",
    ),
    pytest.param(
        "10:32 Ana Silva arrives. “We will not sign,” she says.\n\n10:45 John Low replies: “Then"
        " there is no deal.”",
        [("We will not sign,", "Ana Silva"), ("Then there is no deal.", "John Low")],
        id="live-blog timestamps",
    ),
    pytest.param(
        "<p>“We will not sign,” said Ana Silva.</p>\n<p>“Then go,” said John Low.</p>",
        [("We will not sign,", "Ana Silva"), ("Then go,", "John Low")],
        id="HTML left in the text",
    ),
    pytest.param(
        "<p>“We will not sign,” said <b>Ana Silva</b>.</p>",
        [("We will not sign,", "Ana Silva")],
        id="HTML inside the tag",
    ),
    pytest.param(
        "\n\n".join(f"“We will not sign this paper,” said {name}." for name in HUNDRED),
        [("We will not sign this paper,", name) for name in HUNDRED],
        id="a hundred speakers",
    ),
    pytest.param(
        "Ana Silva spoke for an hour.\n\n"
        + "\n\n".join(["“We will not sign this paper,” she said."] * 100),
        [("We will not sign this paper,", "Ana Silva")] * 100,
        id="one speaker with a hundred quotations",
    ),
]


ROW_TEXTS = [row.values[0] for row in (*SPEAKERS, *EDGES)]


@pytest.mark.parametrize(("text", "expected"), EDGES)
def test_edges(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert answers(text) == expected


@pytest.mark.parametrize(
    ("foreign", "content"),
    [
        ("Ana Silva sagte: „Wir unterschreiben das nicht.“", "Wir unterschreiben das nicht."),
        ("« Nous ne signerons pas », a dit Ana Silva.", "Nous ne signerons pas"),
        ("Ana Silva dijo: “No vamos a firmar.”", "No vamos a firmar."),
        ("安娜·席尔瓦说：“我们不签。”", "我们不签。"),
        ("قالت آنا سيلفا: “لن نوقع.”", "لن نوقع."),
    ],
)
def test_another_language_mixed_in_takes_nothing_from_the_english(
    foreign: str, content: str
) -> None:
    found = attribute_quotes(
        f"{foreign}\n\nJohn Low replied: “Then there is no deal.”",
        kinds=("direct", "mixed", "other"),
        stance=False,
    )
    assert [quote.text for quote in found] == [content, "Then there is no deal."]
    assert found[-1].speaker is not None
    assert found[-1].speaker.name == "John Low"


@pytest.mark.parametrize("given", [None, b"text", 7, ["text"], 1.5, object()])
def test_anything_but_text_is_a_type_error_that_says_what_came(given: Any) -> None:
    with pytest.raises(TypeError, match=f"not {type(given).__name__}"):
        attribute_quotes(given)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\ud800", "no marks at all"])
def test_a_text_without_quotations_gives_an_empty_list(text: str) -> None:
    assert attribute_quotes(text) == []


# ---------- options
class Recorder:
    """A stance model that remembers what it was shown and finds everything neutral.

    Its columns stand in another order.
    """

    classes_ = np.array(["neutral", "conciliatory", "hardline"])

    def __init__(self) -> None:
        self.seen: list[str] = []

    def predict_proba(self, contents: list[str]) -> np.ndarray[Any, Any]:
        self.seen.extend(contents)
        return np.array([[0.5, 0.3, 0.2]] * len(contents))


TWO = "“We will not,” Ana Silva said, “sign this.” John Low replied: “Then there is no deal.”"


def test_a_stance_model_of_ones_own_sees_the_contents_and_nothing_else() -> None:
    model = Recorder()
    quotes = attribute_quotes(TWO, stance_model=model)
    assert model.seen == ["We will not, sign this.", "Then there is no deal."]
    assert [
        (quote.stance.hardline, quote.stance.neutral, quote.stance.conciliatory)
        for quote in quotes
        if quote.stance
    ] == [(0.2, 0.5, 0.3)] * 2


class CueRecorder(Recorder):
    """One that also asks for the cues of mixed quotations."""

    reads_cues = True

    def predict_proba(
        self, contents: list[str], cues: list[str | None] | None = None
    ) -> np.ndarray[Any, Any]:
        self.cues = cues
        return super().predict_proba(contents)


def test_only_the_cues_of_mixed_quotations_reach_a_model_that_reads_cues() -> None:
    model = CueRecorder()
    quotes = attribute_quotes(
        'The union demanded "an immediate end to the talks" on Monday. "We are done," Ana Silva'
        " threatened.",
        stance_model=model,
    )
    assert [quote.kind for quote in quotes] == ["mixed", "direct"]
    assert model.cues == ["demanded", None]


def test_stance_can_be_left_out() -> None:
    model = Recorder()
    assert [quote.stance for quote in attribute_quotes(TWO, stance=False, stance_model=model)] == [
        None,
        None,
    ]
    assert model.seen == []


def test_a_pipeline_of_ones_own_takes_the_place_of_the_bundled_one(nlp: Language) -> None:
    assert attribute_quotes(TWO, nlp=nlp) == attribute_quotes(TWO)


def test_a_pipeline_without_a_parser_is_refused() -> None:
    with pytest.raises(ValueError, match="no dependency parser"):
        attribute_quotes(TWO, nlp=spacy.blank("en"))


class Watched:
    """A pipeline that remembers what it was given to parse, call by call."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self.pipe_names = nlp.pipe_names
        self.calls: list[list[str]] = []

    def has_pipe(self, name: str) -> bool:
        return self.nlp.has_pipe(name)

    def pipe(self, texts: Iterable[str], **options: Any) -> Iterator[Doc]:
        self.calls.append(list(texts))
        return self.nlp.pipe(self.calls[-1], **options)


def test_a_text_without_quotations_is_not_parsed(nlp: Language) -> None:
    watched = Watched(nlp)
    assert attribute_quotes("no marks at all", nlp=watched) == []  # type: ignore[arg-type]
    assert watched.calls == []


def test_only_masked_contexts_are_parsed_and_all_in_one_batch(nlp: Language) -> None:
    watched = Watched(nlp)
    first = (
        "It rained all day long.\n\n“We will not sign this paper,” Ana Silva said.\n\nThe hall was"
        " full of smoke."
    )
    attribute_batch(
        [first, "no marks at all", "John Low replied: “Then there is no deal.”"],
        nlp=watched,
        stance=False,
    )  # type: ignore[arg-type]
    assert watched.calls == [["“Yes,” Ana Silva said.", "John Low replied: “Yes.”"]]


@pytest.mark.parametrize("text", ROW_TEXTS)
def test_every_quotation_says_what_its_speaker_was_told_by(text: str) -> None:
    for quote in attribute_quotes(text, kinds=("direct", "mixed", "other"), stance=False):
        assert quote.evidence.strip()
        line = quote.to_dict()
        assert line["evidence"] == quote.evidence
        assert Quote.from_dict(json.loads(json.dumps(line))).evidence == quote.evidence


# ---------- properties
def check(text: str, quotes: Sequence[Quote]) -> None:
    last = 0
    for quote in quotes:
        assert last <= quote.start < quote.end <= len(text)
        last = quote.end
        edges = [edge for part in quote.parts for edge in (part.start, part.end)]
        assert edges == sorted(edges)
        assert quote.start <= edges[0] < edges[-1] <= quote.end
        for span in (*quote.parts, *filter(None, (quote.mention, quote.cue))):
            assert text[span.start : span.end] == span.text
            assert span.text
        assert 0 <= quote.confidence <= 1
        assert quote.evidence
        assert quote.stance is not None
        assert quote.stance.label in STANCE_LABELS
        assert sum(quote.stance.probabilities.values()) == pytest.approx(1, abs=2e-4)
        assert Quote.from_dict(quote.to_dict()) == quote
        assert Quote.from_dict(json.loads(json.dumps(quote.to_dict()))) == quote


@given(texts)
@settings(max_examples=300)
def test_any_text_gives_sound_records(text: str) -> None:
    check(text, attribute_quotes(text, kinds=("direct", "mixed", "other")))


@given(altered([row.values[0] for row in SPEAKERS]))
@settings(max_examples=200)
def test_news_with_slips_gives_sound_records(text: str) -> None:
    check(text, attribute_quotes(text, kinds=("direct", "mixed", "other")))


@given(texts)
def test_a_second_run_is_equal(text: str) -> None:
    assert attribute_quotes(text) == attribute_quotes(text)


@given(st.lists(st.one_of(texts, altered([row.values[0] for row in SPEAKERS])), max_size=6))
def test_many_at_once_equal_one_by_one(many: list[str]) -> None:
    assert attribute_batch(many) == [attribute_quotes(text) for text in many]


def test_many_ordinary_texts_at_once_equal_one_by_one() -> None:
    assert attribute_batch(ROW_TEXTS) == [attribute_quotes(text) for text in ROW_TEXTS]


def test_no_texts_give_no_lists() -> None:
    assert attribute_batch([]) == []


@pytest.mark.parametrize("text", ROW_TEXTS)
def test_ordinary_texts_give_sound_records(text: str) -> None:
    check(text, attribute_quotes(text))


CONTENTS = st.sampled_from(
    [
        "We will never give in to them.",
        "We are ready to sit down and talk.",
        "The meeting starts at nine.",
        "If they shoot, we will shoot back.",
        "We accept the plan.",
    ]
)
BEFORE = st.sampled_from(
    [
        "The furious warlord said: ",
        "The gentle mediator said: ",
        "Ana Silva told reporters in the bombed-out town: ",
        "Peace is near. John Low said: ",
        "War is near. She warned: ",
        "He added: ",
    ]
)
AFTER = st.sampled_from(
    [
        "",
        " The war goes on.",
        " Both sides then signed the peace.",
        " “We will destroy them,” said Low.",
        "\n\nThousands died.",
        " Then they embraced.",
    ]
)


@given(CONTENTS, st.tuples(BEFORE, AFTER), st.tuples(BEFORE, AFTER))
def test_words_outside_a_direct_quotation_never_move_its_stance(
    content: str, one: tuple[str, str], two: tuple[str, str]
) -> None:
    left, right = (
        attribute_quotes(f"{before}“{content}”{after}")[0] for before, after in (one, two)
    )
    assert (left.kind, right.kind) == ("direct", "direct")
    assert left.stance == right.stance


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "Ana Silva called the plan “a first step towards peace”.",
            (
                "Peace is dead. Tomas Varga called the attack “a first step towards peace”. Then"
                " the war went on."
            ),
        ),
        (
            "Ana Silva described the plan as “an insult to our dead”.",
            (
                "They embraced. John Low described the gift as “an insult to our dead”. Then he"
                " signed."
            ),
        ),
    ],
)
def test_words_outside_a_mixed_quotation_other_than_its_cue_never_move_its_stance(
    one: str, two: str
) -> None:
    (left,), (right,) = attribute_quotes(one), attribute_quotes(two)
    assert (left.kind, right.kind) == ("mixed", "mixed")
    assert left.cue is not None
    assert right.cue is not None
    assert left.cue.text == right.cue.text
    assert left.stance == right.stance


@given(texts)
def test_the_stance_of_a_direct_quotation_is_that_of_its_content_alone(text: str) -> None:
    from quotestance.stance.model import StanceModel

    model = StanceModel.load()
    columns = [list(model.classes_).index(label) for label in STANCE_LABELS]
    for quote in attribute_quotes(text):
        if quote.kind == "direct":
            assert quote.stance is not None
            alone = model.predict_proba([quote.text])[0]
            assert [
                quote.stance.hardline,
                quote.stance.neutral,
                quote.stance.conciliatory,
            ] == pytest.approx([alone[column] for column in columns], abs=1e-4)


@pytest.mark.parametrize("text", [row.values[0] for row in SPEAKERS])
def test_a_paragraph_without_names_or_marks_in_front_only_shifts_the_offsets(text: str) -> None:
    prefix = "it rained all day and nobody came.\n\n"
    shifted = attribute_quotes(prefix + text, stance=False)
    assert [quote.start - len(prefix) for quote in shifted] == [
        quote.start for quote in attribute_quotes(text, stance=False)
    ]
    assert [quote.text for quote in shifted] == [
        quote.text for quote in attribute_quotes(text, stance=False)
    ]


def test_work_grows_in_step_with_the_length_of_the_text() -> None:
    """Four times the blocks of news, about four times the work."""
    filler = (
        "The talks in the old customs house by the harbour went on for a third day on Tuesday, and"
        " Ana Silva said little. " * 8
    )
    block = (
        filler + "\n\n"
    ) * 20 + "“We will not sign this paper,” Ana Silva said. “It is late,” she added.\n\n"

    assert len(attribute_quotes(block * 3, stance=False)) == 6
    assert growth(lambda blocks: attribute_quotes(block * blocks, stance=False), 10, 40) < 1.5


ALL_KINDS = ("direct", "mixed", "other")
# A term, a mixed quotation and speech by turns: what one of them is must not depend on who asks.
THREE_KINDS = (
    "Her book, “The Long Ceasefire”, came out in May. Omar Low called it “a first step” for them. "
    "“I would write it again,” the historian Ana Silva said. He disagreed. “No,” he said."
)


@given(texts | st.just(THREE_KINDS), st.sets(st.sampled_from(ALL_KINDS), min_size=1))
def test_which_kinds_are_asked_for_never_changes_an_answer(text: str, kinds: set[str]) -> None:
    everything = attribute_quotes(text, kinds=ALL_KINDS, stance=False)
    asked = attribute_quotes(text, kinds=kinds, stance=False)
    assert asked == [quote for quote in everything if quote.kind in kinds]
