"""Rows.

A quotation as one flat, typed row, for tables that know no nesting (CSV, Parquet, data frames).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quotestance.quote import Quote

# Column -> its type, in the names of Apache Arrow and SQL. The order is part of the format.
COLUMNS: Mapping[str, str] = {
    "id": "string",
    "number": "int64",
    "start": "int64",
    "end": "int64",
    "kind": "string",
    "closed": "bool",
    "text": "string",
    "parts": "string",
    "speaker": "string",
    "speaker_kind": "string",
    "role": "string",
    "aliases": "string",
    "mention": "string",
    "mention_start": "int64",
    "mention_end": "int64",
    "cue": "string",
    "cue_start": "int64",
    "cue_end": "int64",
    "confidence": "float64",
    "stance": "string",
    "stance_score": "float64",
    "hardline": "float64",
    "neutral": "float64",
    "conciliatory": "float64",
    "error": "string",
}
_NOTHING: Mapping[str, Any] = dict.fromkeys(COLUMNS)


def arrow_schema(id_type: Any = None) -> Any:
    """The columns of ``COLUMNS`` as a ``pyarrow.Schema``; ``id_type`` is that of the ids where they
    are not strings.

    Pyarrow is an extra (``pip install "quotestance[parquet]"``).
    """
    import pyarrow

    types = {
        "string": pyarrow.string(),
        "int64": pyarrow.int64(),
        "float64": pyarrow.float64(),
        "bool": pyarrow.bool_(),
    }
    columns = {name: types[kind] for name, kind in COLUMNS.items()}
    if id_type:
        columns["id"] = id_type
    return pyarrow.schema(columns)


def quote_row(identifier: Any, number: int, quote: Quote) -> dict[str, Any]:
    """The row of the quotation that is the ``number``-th of its document, counted from 0.

    ``parts`` are offsets (``"13:25 37:45"``), ``aliases`` are parted by ``"; "``, the id is a
    string, as a file needs it; what is not known is ``None``.

    >>> from quotestance.quote import TextSpan
    >>> parts = (TextSpan(1, 3, "No"),)
    >>> row = quote_row(7, 0, Quote(start=0, end=4, kind="direct", closed=True, parts=parts))
    >>> row["id"], row["text"], row["parts"], row["speaker"]
    ('7', 'No', '1:3', None)
    """
    values = {
        "id": _name(identifier),
        "number": number,
        "start": quote.start,
        "end": quote.end,
        "kind": quote.kind,
        "closed": quote.closed,
        "text": quote.text,
        "parts": " ".join(f"{part.start}:{part.end}" for part in quote.parts),
        "confidence": quote.confidence,
    }
    return {
        **_NOTHING,
        **values,
        **_span("mention", quote.mention),
        **_span("cue", quote.cue),
        **_speaker(quote),
        **_stance(quote),
    }


def error_row(identifier: Any, error: str) -> dict[str, Any]:
    """The row that stands for a document that failed: its id, what went wrong, and nothing else.

    >>> error_row("a", "line 7: not valid JSON")["error"]
    'line 7: not valid JSON'
    """
    return {**_NOTHING, "id": _name(identifier), "error": error}


def _name(identifier: Any) -> str | None:
    return None if identifier is None else str(identifier)


def _span(name: str, span: Any) -> dict[str, Any]:
    return {name: span.text, f"{name}_start": span.start, f"{name}_end": span.end} if span else {}


def _speaker(quote: Quote) -> dict[str, Any]:
    speaker = quote.speaker
    if speaker is None:
        return {}
    return {
        "speaker": speaker.name,
        "speaker_kind": speaker.kind,
        "role": speaker.role,
        "aliases": "; ".join(speaker.aliases) or None,
    }


def _stance(quote: Quote) -> dict[str, Any]:
    stance = quote.stance
    if stance is None:
        return {}
    return {
        "stance": stance.label,
        "stance_score": stance.score,
        "hardline": stance.hardline,
        "neutral": stance.neutral,
        "conciliatory": stance.conciliatory,
    }
