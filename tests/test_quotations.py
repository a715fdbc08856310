from __future__ import annotations

import pytest
from hypothesis import example, given
from strategies import MARKS, texts
from work import growth

from quotestance.marks.quotations import find_quotations, uses_single_marks

CUT = "not closed"


def contents(text: str) -> list[list[str]]:
    """Each quotation as the list of its parts, and at its end ``CUT`` where its closing mark is
    missing."""
    return [
        [part.text for part in quotation.parts] + ([] if quotation.closed else [CUT])
        for quotation in find_quotations(text)
    ]


# ---------- marks
PAIRS = [
    ("“", "”"),
    ("„", "“"),
    ("„", "”"),
    ("‟", "”"),
    ('"', '"'),
    ("''", "''"),
    ("``", "''"),
    ("``", '"'),
    ("«", "»"),
    ("»", "«"),
    ("‹", "›"),
    ("›", "‹"),
    ("＂", "＂"),
    pytest.param("“", '"', id="curly opened, straight closed"),
    pytest.param('"', "”", id="straight opened, curly closed"),
    pytest.param("“", "“", id="closed with the opening mark"),
    pytest.param("”", "”", id="opened with the closing mark"),
    pytest.param('"', "''", id="one key or two"),
]


@pytest.mark.parametrize(("left", "right"), PAIRS)
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{0}We will stay,{1} she said.", [["We will stay,"]]),
        ("She said, {0}We will stay.{1}", [["We will stay."]]),
        ("She said: {0}We will stay.{1} Then she left.", [["We will stay."]]),
        ("It was a {0}first step{1} towards peace.", [["first step"]]),
        ("{0}We will,{1} she said, {0}stay here.{1}", [["We will,", "stay here."]]),
        ("{0}We stay,{1} she said. {0}You go.{1}", [["We stay,"], ["You go."]]),
    ],
)
def test_marks_pair(left: str, right: str, pattern: str, expected: list[list[str]]) -> None:
    assert contents(pattern.format(left, right)) == expected


BRITISH = [
    pytest.param("‘We stay,’ she said.", [["We stay,"]], id="curly"),
    pytest.param("'We stay,' she said.", [["We stay,"]], id="straight"),
    pytest.param("‘We stay,' she said.", [["We stay,"]], id="curly opened, straight closed"),
    pytest.param(
        "‘It’s late and I don’t know,’ she said.",
        [["It’s late and I don’t know,"]],
        id="apostrophes",
    ),
    pytest.param(
        "'It's late and I don't know,' she said.",
        [["It's late and I don't know,"]],
        id="straight apostrophes",
    ),
    pytest.param(
        "‘It is the workers’ choice,’ she said.",
        [["It is the workers’ choice,"]],
        id="possessive of a plural",
    ),
    pytest.param(
        "‘James’ plan is dead,’ she said.",
        [["James’ plan is dead,"]],
        id="possessive of a name in s",
    ),
    pytest.param(
        "‘I like ’em,’ she said. ‘They go ’round.’",
        [["I like ’em,"], ["They go ’round."]],
        id="elisions",
    ),
    pytest.param(
        "‘Back in the ’90s we lost,’ she said.", [["Back in the ’90s we lost,"]], id="decade"
    ),
    pytest.param("'The wall was 6' high,' she said.", [["The wall was 6' high,"]], id="feet"),
    pytest.param(
        "‘He told me “never”,’ she said. ‘I left.’",
        [["He told me “never”,"], ["I left."]],
        id="double marks inside single ones",
    ),
    pytest.param(
        "‘He told me “never”,’ she said.",
        [["He told me “never”,"]],
        id="as many pairs of double marks inside as single ones",
    ),
    pytest.param(
        "‘We will,’ she said, ‘stay here.’", [["We will,", "stay here."]], id="interrupted"
    ),
    pytest.param(
        "‘We stay,’ she said. The farmers’ union agreed. ‘So do we,’ it said.",
        [["We stay,"], ["So do we,"]],
        id="possessive between quotations",
    ),
]


@pytest.mark.parametrize(("text", "expected"), BRITISH)
def test_british_single_marks(text: str, expected: list[list[str]]) -> None:
    assert uses_single_marks(text)
    assert contents(text) == expected


NOT_SINGLE = [
    pytest.param("It’s the workers’ choice, isn’t it?", [], id="apostrophes and possessives"),
    pytest.param(
        "It's the workers' choice, isn't it?", [], id="straight apostrophes and possessives"
    ),
    pytest.param("Rock ’n’ roll of the ’60s and '70s.", [], id="elisions and decades"),
    pytest.param("The fence is 5'10\" high and the gate 6' wide.", [], id="feet and inches"),
    pytest.param("He is 6'2\", she said.", [], id="a lone inch mark"),
    pytest.param(
        "“It’s the workers’ choice,” she said.",
        [["It’s the workers’ choice,"]],
        id="apostrophes inside double marks",
    ),
    pytest.param(
        "“He told me ‘never’,” she said.",
        [["He told me ‘never’,"]],
        id="single marks inside double ones",
    ),
    pytest.param("'Tis late. 'Twas ever so.", [], id="elisions that open a sentence"),
]


@pytest.mark.parametrize(("text", "expected"), NOT_SINGLE)
def test_apostrophes_are_no_marks(text: str, expected: list[list[str]]) -> None:
    assert not uses_single_marks(text)
    assert contents(text) == expected


# ---------- shapes
SHAPES = [
    pytest.param("", [], id="nothing"),
    pytest.param("She said no.", [], id="no marks"),
    pytest.param("“”", [], id="empty marks"),
    pytest.param("“ … ”", [], id="marks around no word"),
    pytest.param("“No.”", [["No."]], id="the whole text"),
    pytest.param(
        "He said “no.” She said “yes.” They said “perhaps.”",
        [["no."], ["yes."], ["perhaps."]],
        id="several in a paragraph",
    ),
    pytest.param("“A ‘first’ step,” she said.", [["A ‘first’ step,"]], id="nested"),
    pytest.param(
        "“He said “never” to me,” she said.",
        [["He said “never” to me,"]],
        id="nested with the same marks",
    ),
    pytest.param(
        "“She told us, ‘He said “never” twice’,” he said.",
        [["She told us, ‘He said “never” twice’,"]],
        id="nested twice",
    ),
    pytest.param(
        "«Ils ont dit “jamais” deux fois», dit-elle.",
        [["Ils ont dit “jamais” deux fois"]],
        id="nested in another style",
    ),
    pytest.param(
        "“We will not,” he said, “give in.”", [["We will not,", "give in."]], id="interrupted"
    ),
    pytest.param(
        "“We will not,” he said. “Give in yourself.”",
        [["We will not,"], ["Give in yourself."]],
        id="two sentences are two quotations",
    ),
    pytest.param(
        "“We will not —” he paused and said — “give in.”",
        [["We will not —", "give in."]],
        id="interrupted by dashes",
    ),
    pytest.param(
        "He called it “a first step,” and “a good one.”",
        [["a first step,"], ["a good one."]],
        id="phrases with no tag between",
    ),
    pytest.param("(“We stay,” she said.)", [["We stay,"]], id="in brackets"),
    pytest.param("She said—“We stay.”", [["We stay."]], id="after a dash without spaces"),
    pytest.param("“We stay,”she said.", [["We stay,"]], id="space lost after the mark"),
    pytest.param('She said,"We stay."', [["We stay."]], id="space lost before the mark"),
    pytest.param('" We stay, " she said.', [["We stay,"]], id="spaces inside the marks"),
    pytest.param("<p>“We stay,” she said.</p>", [["We stay,"]], id="HTML around"),
    pytest.param("“We stay,” said 李明. “走吧。”", [["We stay,"], ["走吧。"]], id="another script"),
]


@pytest.mark.parametrize(("text", "expected"), SHAPES)
def test_shapes(text: str, expected: list[list[str]]) -> None:
    assert contents(text) == expected


# ---------- paragraphs
PARAGRAPHS = [
    pytest.param(
        "She said: “We stay.\n\n“We always did.\n\n“And we will.”",
        [["We stay.", "We always did.", "And we will."]],
        id="three paragraphs, each reopened",
    ),
    pytest.param(
        'She said: "We stay.\n\n"We always did."',
        [["We stay.", "We always did."]],
        id="two paragraphs, straight marks",
    ),
    pytest.param(
        "''We stay.\n\n''We always did,'' she said.",
        [["We stay.", "We always did,"]],
        id="two paragraphs, doubled single marks",
    ),
    pytest.param(
        "She said: “We stay.\n“We always did.”\nHe left.",
        [["We stay.", "We always did."]],
        id="one-line paragraphs",
    ),
    pytest.param(
        "She said: “We stay.\r\n\r\n“We always did.”", [["We stay.", "We always did."]], id="CRLF"
    ),
    pytest.param(
        "‘We stay,’ she said. ‘They go.\n\n‘We always did.’",
        [["We stay,"], ["They go.", "We always did."]],
        id="British",
    ),
    pytest.param(
        "“We stay.”\n\n“We always did.”",
        [["We stay."], ["We always did."]],
        id="closed paragraphs are two quotations",
    ),
    pytest.param(
        "“We stay.\n\nHe left the room. “No.”",
        [["We stay.", CUT], ["No."]],
        id="not reopened at the start of the next paragraph",
    ),
    pytest.param(
        "He said: “We stay.\n\nThe hall was full.\n\n“No,” she said.",
        [["We stay.", CUT], ["No,"]],
        id="a paragraph without marks ends it",
    ),
]


@pytest.mark.parametrize(("text", "expected"), PARAGRAPHS)
def test_quotations_over_several_paragraphs(text: str, expected: list[list[str]]) -> None:
    assert contents(text) == expected


@pytest.mark.parametrize(
    "slip",
    [
        pytest.param("She said: “We stay.", id="never closed"),
        pytest.param("We stay,” she said.", id="never opened"),
        pytest.param('She said: "We stay. "No."', id="odd count"),
        pytest.param("” “ ” ” “", id="stray marks"),
        pytest.param("The wall was 6'2\" high.", id="inches"),
        pytest.param("She said: «We stay.", id="another style left open"),
    ],
)
def test_every_paragraph_starts_afresh(slip: str) -> None:
    after = "“One,” he said. “Two.”\n\nHe wrote: “Three.”"
    assert (
        contents(f"{slip}\n\nNothing here.\n\n{after}")[-3:]
        == contents(after)
        == [["One,"], ["Two."], ["Three."]]
    )


@pytest.mark.parametrize("breaks", ["\n\n", "\n", "\r\n\r\n", "\r\n", "\n \n", "\u2029"])
def test_line_conventions_do_not_matter(breaks: str) -> None:
    text = breaks.join(
        [
            "The talks went on.",
            "“We stay,” she said.",
            "He said: “We go.",
            "“We always did.”",
            "That was all.",
        ]
    )
    assert contents(text) == [["We stay,"], ["We go.", "We always did."]]


def test_a_quotation_runs_over_the_lines_of_a_hard_wrapped_paragraph() -> None:
    text = (
        "The mediator came down the stairs of the customs house a little before one\nin the"
        " morning. “We have not finished, and\nnobody should expect that we will finish\nthis"
        " week,” she said, and went to look for\nher driver in the rain that had begun.\n\nNobody"
        " else spoke. The cars left one after\nthe other, and the square was dark again\nbefore the"
        " reporters had put away their pens.\n"
    )
    assert contents(text) == [
        ["We have not finished, and\nnobody should expect that we will finish\nthis week,"]
    ]


# ---------- unclosed and stray marks
UNCLOSED = [
    pytest.param(
        "Low said: “We stay here.", [["We stay here.", CUT]], id="at the end of the paragraph"
    ),
    pytest.param(
        "In response, Low stated, “We will do what we need to do. The Northland prime minister"
        " added that others must act.",
        [["We will do what we need to do.", CUT]],
        id="a role resumes",
    ),
    pytest.param(
        "Low said: “We stay. We always did. He added that the talks go on.",
        [["We stay. We always did.", CUT]],
        id="a pronoun resumes",
    ),
    pytest.param(
        "Low said: “We stay. Ana Silva told reporters that she would go.",
        [["We stay.", CUT]],
        id="a name resumes",
    ),
    pytest.param(
        "Low said: “We stay. We said so yesterday. I told them so.",
        [["We stay. We said so yesterday. I told them so.", CUT]],
        id="the first person does not resume",
    ),
    pytest.param(
        "“They stay here, Low said. The hall was full.",
        [["They stay here,", CUT]],
        id="a tag inside",
    ),
    pytest.param(
        "“They stay here, said Ana Silva. The hall was full.",
        [["They stay here,", CUT]],
        id="an inverted tag inside",
    ),
    pytest.param(
        "“They stay, she said. “You go.”",
        [["They stay,", CUT], ["You go."]],
        id="unclosed before one that is closed",
    ),
    pytest.param(
        "“We stay here, Low said. The hall was full.",
        [["We stay here,", CUT]],
        id="a tag after the first person",
    ),
    pytest.param(
        "“We stay, she said. “You go.”",
        [["We stay,", CUT], ["You go."]],
        id="a tag after the first person, before one that is closed",
    ),
    pytest.param(
        'Low said: "We stay. He said: "No."', [["We stay.", CUT], ["No."]], id="straight marks"
    ),
]


@pytest.mark.parametrize(("text", "expected"), UNCLOSED)
def test_unclosed_quotations_end_where_the_journalist_resumes(
    text: str, expected: list[list[str]]
) -> None:
    assert contents(text) == expected


STRAY = [
    pytest.param(
        "We stay,” she said. “You go.”", [["You go."]], id="a closing mark without an opening one"
    ),
    pytest.param(
        "The talks went on.” She said: “We stay.”", [["We stay."]], id="at the end of a sentence"
    ),
    pytest.param("“We stay,”” she said. “You go.”", [["We stay,"], ["You go."]], id="closed twice"),
    pytest.param(
        "““We stay,” she said. “You go.”",
        [["We stay,"], ["You go."]],
        id="opened twice",
    ),
    pytest.param('The pipe is 12" wide. “We stay,” she said.', [["We stay,"]], id="inches"),
]


@pytest.mark.parametrize(("text", "expected"), STRAY)
def test_stray_marks_flip_nothing(text: str, expected: list[list[str]]) -> None:
    assert contents(text) == expected


# ---------- offsets
@pytest.mark.parametrize(
    ("text", "outer"),
    [
        ("He said “no.”", "“no.”"),
        ("“We will not,” he said, “give in.” Then he left.", "“We will not,” he said, “give in.”"),
        ("He said: “A b.\n\n“C d.” Then he left.", "“A b.\n\n“C d.”"),
        ("He said: “We stay. She added that they go.", "“We stay."),
        ("``We stay,'' he said.", "``We stay,''"),
    ],
)
def test_a_quotation_runs_from_its_first_mark_to_its_last(text: str, outer: str) -> None:
    (quotation,) = find_quotations(text)
    assert text[quotation.start : quotation.end] == outer


# ---------- any text
@given(texts)
@example("“" * 50)
@example("'" * 51)
@example("\ud800“\udfff”")
def test_spans_hold_are_ordered_and_disjoint(text: str) -> None:
    last = 0
    for quotation in find_quotations(text):
        assert last <= quotation.start < quotation.end <= len(text)
        assert quotation.parts
        inner = quotation.start
        for part in quotation.parts:
            assert text[part.start : part.end] == part.text == part.text.strip()
            assert any(character.isalnum() for character in part.text)
            assert inner <= part.start < part.end <= quotation.end
            inner = part.end
        last = quotation.end


@given(texts)
def test_a_quotation_opens_with_a_mark_and_closes_with_one_when_closed(text: str) -> None:
    for quotation in find_quotations(text):
        assert text[quotation.start : quotation.end].startswith(MARKS)
        assert not quotation.closed or text[quotation.start : quotation.end].endswith(MARKS)


@given(texts)
def test_finding_again_gives_the_same_whatever_was_read_between(text: str) -> None:
    found = find_quotations(text)
    find_quotations("‘Another text,’ he said.\n\n“With other marks.")
    assert find_quotations(text) == found


@given(texts)
def test_a_paragraph_before_changes_nothing_after_a_paragraph_without_marks(text: str) -> None:
    after = "Nothing here.\n\n“One,” he said. “Two.”"
    found = [
        quotation
        for quotation in find_quotations(f"{text}\n\n{after}")
        if quotation.start >= len(text) + 2
    ]
    if not uses_single_marks(f"{text}\n\n{after}") and "\n" not in text:
        assert [quotation.parts[0].text for quotation in found] == ["One,", "Two."]


def test_work_grows_in_step_with_the_length_of_the_text() -> None:
    paragraph = (
        'The hall was full. “We will not,” he said, “give in.” She said: "No. He added that it was'
        " late.\n\n"
    )
    assert len(find_quotations(paragraph * 100)) >= 100
    assert growth(lambda copies: find_quotations(paragraph * copies), 100, 800) < 1.1
