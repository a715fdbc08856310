"""Rows: every field of a quotation in its column."""

from __future__ import annotations

import pytest

from quotestance import Quote, Speaker, Stance, TextSpan
from quotestance.tables.rows import COLUMNS, arrow_schema, error_row, quote_row

QUOTE = Quote(
    start=12,
    end=52,
    kind="direct",
    closed=True,
    parts=(TextSpan(13, 25, "We will not,"), TextSpan(37, 45, "give in.")),
    mention=TextSpan(27, 29, "he"),
    cue=TextSpan(30, 34, "said"),
    speaker=Speaker("Ana Silva", "person", role="union leader", aliases=("Ana", "Silva")),
    confidence=0.98,
    stance=Stance(0.86, 0.09, 0.05),
)


def test_every_field_has_its_column() -> None:
    assert list(quote_row(7, 2, QUOTE).values()) == [
        "7",
        2,
        12,
        52,
        "direct",
        True,
        "We will not, give in.",
        "13:25 37:45",
        "Ana Silva",
        "person",
        "union leader",
        "Ana; Silva",
        "he",
        27,
        29,
        "said",
        30,
        34,
        0.98,
        "hardline",
        -0.81,
        0.86,
        0.09,
        0.05,
        None,
    ]


def test_what_is_not_known_is_none() -> None:
    row = quote_row(
        None, 0, Quote(start=0, end=4, kind="mixed", closed=False, parts=(TextSpan(1, 3, "No"),))
    )
    assert {name for name, value in row.items() if value is not None} == {
        "number",
        "start",
        "end",
        "kind",
        "closed",
        "text",
        "parts",
        "confidence",
    }


def test_error_row_has_the_same_columns() -> None:
    assert list(error_row("a", "broken")) == list(quote_row("a", 0, QUOTE)) == list(COLUMNS)


def test_schema_has_the_columns_in_order() -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    assert arrow_schema().names == list(COLUMNS)


def test_schema_may_have_ids_of_another_type() -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    schema = arrow_schema(pyarrow.int64())
    assert schema.names == list(COLUMNS)
    assert (schema.field("id").type, schema.field("text").type) == (
        pyarrow.int64(),
        pyarrow.string(),
    )
    assert arrow_schema().field("id").type == pyarrow.string()
