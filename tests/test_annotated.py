from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from strategies import texts

from quotestance.marks.quotations import find_quotations
from quotestance.training.annotated import Annotation, Document, align, read_documents

TEXT = "“We stay,” said Ana Silva. She called it “a first step.”"
QUOTE: dict[str, Any] = {
    "start": 1,
    "end": 9,
    "kind": "direct",
    "speaker": "Ana Silva",
    "aliases": ["Silva"],
    "speaker_spans": [[16, 25]],
}


def read(*lines: str) -> list[Document]:
    return list(read_documents(lines, "gold.jsonl"))


def line(**changes: Any) -> str:
    return json.dumps({"id": "a", "text": TEXT, "quotes": [QUOTE], **changes})


def test_a_line_is_a_document() -> None:
    assert read(line()) == [
        Document(
            "a",
            TEXT,
            (Annotation(((1, 9),), "direct", ((16, 25),), ("Ana Silva", "Silva")),),
            False,
        )
    ]


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        pytest.param(
            {"not_quotes": []},
            lambda document: document.complete,
            id="complete where not_quotes is given",
        ),
        pytest.param(
            {"quotes": [{**QUOTE, "kind": "indirect"}]},
            lambda document: document.annotations == (),
            id="indirect speech is left out",
        ),
        pytest.param(
            {"quotes": [{**QUOTE, "parts": [[1, 4], [5, 9]]}]},
            lambda document: document.annotations[0].parts == ((1, 4), (5, 9)),
            id="parts",
        ),
        pytest.param(
            {"quotes": [{**QUOTE, "speaker": None}]},
            lambda document: document.annotations[0].names == (),
            id="no speaker",
        ),
        pytest.param(
            {
                "quotes": [
                    {**QUOTE, "speaker": None, "speaker_auto": "X", "speaker_auto_conf": "high"}
                ]
            },
            lambda document: document.annotations[0].names[0] == "X",
            id="a sure derived name",
        ),
        pytest.param(
            {
                "quotes": [
                    {**QUOTE, "speaker": None, "speaker_auto": "X", "speaker_auto_conf": "low"}
                ]
            },
            lambda document: document.annotations[0].names == (),
            id="an unsure derived name",
        ),
        pytest.param(
            {"quotes": [{**QUOTE, "speaker_spans": [[11, 15]]}]},
            lambda document: document.annotations[0].mentions == (),
            id="a verb is no mention",
        ),
        pytest.param({}, lambda document: document.weight == 1.0, id="counts once"),
        pytest.param({"weight": 0.3}, lambda document: document.weight == 0.3, id="weight"),
        pytest.param({"id": 7}, lambda document: document.id == "7", id="a number as id"),
        pytest.param({"quotes": []}, lambda document: document.annotations == (), id="no quotes"),
    ],
)
def test_fields_of_a_line(changes: dict[str, Any], check: Any) -> None:
    (document,) = read(line(**changes))
    assert check(document)


@pytest.mark.parametrize("weight", [0, -1, "much", True, None, float("inf")])
def test_a_weight_is_a_number_above_0(weight: object) -> None:
    with pytest.raises(ValueError, match=r"gold.jsonl, line 1: the weight is .*above 0"):
        read(line(weight=weight))


def test_blank_lines_are_passed_over() -> None:
    assert len(read("", line(), "  \n", line())) == 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        pytest.param("{", "line 2", id="no JSON"),
        pytest.param("[]", "line 2", id="not an object"),
        pytest.param('{"id": "a", "quotes": []}', "'text' is missing", id="no text"),
        pytest.param('{"id": "a", "text": "b"}', "'quotes' is missing", id="no quotes"),
        pytest.param(line(quotes=[{"start": 1, "end": 9}]), "'kind' is missing", id="no kind"),
        pytest.param(
            line(quotes=[{**QUOTE, "end": 999}]),
            "from 1 to 999 in a text of 56 characters",
            id="beyond the text",
        ),
        pytest.param(line(quotes=[{**QUOTE, "start": 9, "end": 1}]), "from 9 to 1", id="backwards"),
    ],
)
def test_a_bad_line_is_named_with_its_number(bad: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"gold\.jsonl, line 2") as raised:
        read(line(), bad)
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([(1, 9)], [0, None], id="equal"),
        pytest.param([(0, 10)], [0, None], id="with the marks"),
        pytest.param([(1, 4)], [0, None], id="a part of it"),
        pytest.param([(43, 55), (1, 9)], [1, 0], id="in any order"),
        pytest.param([(8, 40)], [None, None], id="hardly shared"),
        pytest.param([], [None, None], id="none"),
    ],
)
def test_quotations_find_their_annotations(
    spans: list[tuple[int, int]], expected: list[int | None]
) -> None:
    annotations = [
        Annotation((span,), "direct", (), (str(number),)) for number, span in enumerate(spans)
    ]
    found = align(find_quotations(TEXT), annotations)
    assert [int(annotation.names[0]) if annotation else None for annotation in found] == expected


@given(texts)
def test_a_text_annotated_with_its_own_quotations_aligns_with_itself(text: str) -> None:
    quotations = find_quotations(text)
    annotations = [
        Annotation(tuple((part.start, part.end) for part in quotation.parts), "direct", (), ())
        for quotation in quotations
    ]
    assert align(quotations, annotations) == annotations
