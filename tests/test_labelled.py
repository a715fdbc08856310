"""Labelled files: what is read, and how each bad line is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.tables.labelled import (
    CLASSES,
    LabelledQuotation,
    contradictions,
    notices,
    read_labelled,
    to_class,
)

GOOD = (
    '{"text": "We will not sign.", "label": "-1"}\n{"text": "We accept.", "label": "conciliatory",'
    ' "group": "a1", "weight": 0.5}\n'
)


def write(folder: Path, content: str | bytes, name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "name, content",
    [
        ("rows.jsonl", GOOD),
        ("rows.jsonl", "\ufeff" + GOOD),
        ("rows.jsonl", GOOD.replace("\n", "\r\n")),
        ("rows.jsonl", GOOD.encode("utf-16")),
        (
            "rows.csv",
            "text,label,group,weight\nWe will not sign.,-1,,\nWe accept.,conciliatory,a1,0.5\n",
        ),
        (
            "rows.tsv",
            (
                "label\ttext\tgroup\tweight\n-1\tWe will not sign.\t\t\nconciliatory\tWe"
                " accept.\ta1\t0.5\n"
            ),
        ),
    ],
    ids=["json lines", "byte order mark", "carriage returns", "utf-16", "csv", "tsv"],
)
def test_rows_are_read(tmp_path: Path, name: str, content: str | bytes) -> None:
    first, second = read_labelled(write(tmp_path, content, name))
    assert (first.text, first.label, first.group, first.weight) == (
        "We will not sign.",
        "hardline",
        None,
        1.0,
    )
    assert (second.text, second.label, second.group, second.weight) == (
        "We accept.",
        "conciliatory",
        "a1",
        0.5,
    )


BAD_LINES = [
    ('{"text": "A.", "label": "angry"}', "unknown label 'angry'"),
    ('{"text": "A.", "label": NaN}', "unknown label nan"),
    ('{"text": NaN, "label": "0"}', "the text is nan, not a string"),
    ('{"text": "  ", "label": "0"}', "the text is empty"),
    ('{"text": "' + "a" * 100_000 + '", "label": "0"}', "100,000 characters"),
    ('{"label": "0"}', "no 'text'"),
    ('{"quote": "A.", "stance": "0"}', "no 'text' and no 'label' (it has quote, stance)"),
    ('["A.", "0"]', "a list where an object"),
    ('{"text": "A."', "not valid JSON"),
    ('{"text": "A.", "label": "0", "weight": -1}', "the weight is -1"),
    ('{"text": "A.", "label": "0", "weight": "much"}', "the weight is 'much'"),
    (
        '{"text": "We will not sign.", "label": "2"}',
        "the text of line 1 again, there hardline, here conciliatory",
    ),
]


@pytest.mark.parametrize("line, reason", BAD_LINES, ids=[reason for _, reason in BAD_LINES])
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(ValueError) as error:
        read_labelled(write(tmp_path, GOOD + line + "\n"))
    assert f"line 3: {reason}" in str(error.value) or (
        "line 3: " in str(error.value) and reason in str(error.value)
    )


def test_a_line_in_another_encoding_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"line 3: not UTF-8 \(byte 0xe9"):
        read_labelled(
            write(tmp_path, GOOD.encode() + '{"text": "Café.", "label": "0"}\n'.encode("latin-1"))
        )


def test_a_mapping_to_no_class_is_named_before_the_file_is_read(tmp_path: Path) -> None:
    mapping = {"hawkish": "hard", "dovish": "conciliatory"}
    message = "'hawkish' stands for 'hard', which is not a class; use .*hardline, neutral"
    with pytest.raises(ValueError, match=message):
        read_labelled(tmp_path / "not there", mapping=mapping)
    with pytest.raises(ValueError, match=message):
        to_class("hawkish", mapping)
    with pytest.raises(ValueError, match="unknown label 'other'; use one of hawkish, dovish, -2"):
        to_class("other", {"hawkish": "hardline", "dovish": "conciliatory"})


def test_all_bad_lines_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as error:
        read_labelled(write(tmp_path, '{"text": "", "label": "0"}\n' * 15))
    assert "line 10:" in str(error.value) and "and 5 more" in str(error.value)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no labelled quotations"):
        read_labelled(write(tmp_path, "\n\n"))


def test_a_quoted_line_end_in_a_table_keeps_the_lines_right(tmp_path: Path) -> None:
    rows = read_labelled(write(tmp_path, 'text,label\n"one\ntwo",0\nthree,1\n', "rows.csv"))
    assert [(row.text, row.line) for row in rows] == [("one\ntwo", 2), ("three", 4)]


@pytest.mark.parametrize(
    "label, mapping, expected",
    [
        ("-2", None, "hardline"),
        (0, None, "neutral"),
        ("none", None, "neutral"),
        ("+1", None, "conciliatory"),
        ("dove", {"dove": "2"}, "conciliatory"),
    ],
)
def test_labels_stand_for_classes(
    label: object, mapping: dict[str, str] | None, expected: str
) -> None:
    assert to_class(label, mapping) == expected


@given(st.text(max_size=20))
def test_any_other_label_is_refused(label: str) -> None:
    if label.strip() not in CLASSES:
        with pytest.raises(ValueError, match="unknown label"):
            to_class(label)


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_value_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = write(tmp_path_factory.mktemp("bytes"), content)
    try:
        assert all(isinstance(row, LabelledQuotation) for row in read_labelled(path))
    except ValueError as error:
        assert str(path) in str(error)


def test_same_text_with_the_same_label_is_a_notice_and_no_contradiction() -> None:
    rows = [
        LabelledQuotation("No.", "hardline", line=1),
        LabelledQuotation("No.", "hardline", line=2),
    ]
    assert not contradictions(rows)
    assert "line 2: the text of line 1 again, with the same label" in notices(rows)
