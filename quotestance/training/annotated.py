"""Annotated documents: news texts whose quotations, mentions and speakers people have marked, one
JSON object a line.

``{"id", "text", "quotes": [{"start", "end", "kind": "direct" | "mixed" | "indirect", "parts"?:
[[start, end]], "speaker"?: name, "aliases"?: [name], "speaker_spans": [[start, end]], "cue_spans"?:
[[start, end]]}], "not_quotes"?: [[start, end]]}``

A document with ``not_quotes`` is taken to be complete: whatever is marked there and not among its
quotes is no speech. ``weight`` says how much it counts in training, 1 where it is not given.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quotestance.marks.paragraphs import Bounds
from quotestance.marks.quotations import Quotation

_SLIPS = frozenset(
    {"said", "says", "say", "told", "added", "wrote", "asked"}
)  # annotated as a source by a slip of the mouse
_KINDS = ("direct", "mixed", "indirect")
_SHARED = 0.5  # of the shorter of a quotation and its annotation; not tuned


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotated quotation: its stretches, its kind, and what is known of its speaker."""

    parts: tuple[Bounds, ...]
    kind: str
    mentions: tuple[Bounds, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """An annotated text.

    ``complete`` says that everything marked and not annotated is known to be no speech, ``weight``
    how much it counts in training.
    """

    id: str
    text: str
    annotations: tuple[Annotation, ...]
    complete: bool
    weight: float = 1.0


def read_documents(lines: Iterable[str], source: str) -> Iterator[Document]:
    """Read annotated documents; blank lines are passed over.

    Raises ``ValueError`` naming ``source``, the line and what is wrong with it.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _document(json.loads(line))
        except _WRONG as error:
            raise ValueError(
                f"{source}, line {number}: {_reason(error)}. Each line is one JSON object with id,"
                " text and quotes (see docs/fine-tuning.md)."
            ) from error


def documents_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[Document]:
    """Annotated documents from mappings of the same form.

    Raises ``ValueError`` naming the number of the document, from 1, and what is wrong with it.
    """
    for number, row in enumerate(rows, 1):
        try:
            yield _document(row)
        except _WRONG as error:
            raise ValueError(
                f"document {number}: {_reason(error)}. Each document is a mapping with id, text and"
                " quotes (see docs/fine-tuning.md)."
            ) from error


_WRONG = (KeyError, TypeError, ValueError)


def _reason(error: Exception) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)


def _document(data: Any) -> Document:
    if not isinstance(data, Mapping):
        raise TypeError(f"a document is a {type(data).__name__} here")
    text = data["text"]
    if not isinstance(text, str):
        raise TypeError(f"the text is {text!r}; give a string")
    for quote in data["quotes"]:
        if quote["kind"] not in _KINDS:
            raise ValueError(f"the kind is {quote['kind']!r}; give {', '.join(_KINDS)}")
    quotes = [quote for quote in data["quotes"] if quote["kind"] != "indirect"]
    return Document(
        str(data["id"]),
        text,
        tuple(_annotation(text, quote) for quote in quotes),
        "not_quotes" in data,
        _weight(data.get("weight", 1.0)),
    )


def _weight(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ValueError(f"the weight is {value!r}; give a number above 0")
    return float(value)


def _annotation(text: str, quote: dict[str, Any]) -> Annotation:
    name = _speaker(quote)
    names = (name, *(quote.get("aliases") or ())) if name else ()
    return Annotation(_parts(text, quote), quote["kind"], _mentions(text, quote), names)


def _parts(text: str, quote: dict[str, Any]) -> tuple[Bounds, ...]:
    parts = _bounds(quote.get("parts") or [(quote["start"], quote["end"])])
    for start, end in parts:
        if not 0 <= start < end <= len(text):
            raise ValueError(
                f"a quotation runs from {start} to {end} in a text of {len(text)} characters"
            )
    return parts


def _mentions(text: str, quote: dict[str, Any]) -> tuple[Bounds, ...]:
    spans = _bounds(quote.get("speaker_spans") or ())
    return tuple(
        (start, end) for start, end in spans if text[start:end].strip(" ,.:").lower() not in _SLIPS
    )


def _bounds(pairs: Iterable[Sequence[int]]) -> tuple[Bounds, ...]:
    return tuple((start, end) for start, end in pairs)


def _speaker(quote: dict[str, Any]) -> str | None:
    """The speaker's name: as annotated, or as found by machine where that was sure."""
    automatic = quote.get("speaker_auto") if quote.get("speaker_auto_conf") == "high" else None
    return quote.get("speaker") or automatic


# ---------- quotations and annotations
def align(
    quotations: Sequence[Quotation], annotations: Sequence[Annotation]
) -> list[Annotation | None]:
    """For each quotation the annotation that shares most of it, at least half of the shorter one.

    None where there is none.
    """
    return [_closest(quotation, annotations) for quotation in quotations]


def _closest(quotation: Quotation, annotations: Sequence[Annotation]) -> Annotation | None:
    spans = [(part.start, part.end) for part in quotation.parts]
    best, most = None, 0
    for annotation in annotations:
        shared = _shared(spans, annotation.parts)
        if shared > most:
            best, most = annotation, shared
    if best is None or most < _SHARED * min(_length(spans), _length(best.parts)):
        return None
    return best


def _shared(left: Sequence[Bounds], right: Sequence[Bounds]) -> int:
    """The most characters that a stretch of one shares with a stretch of the other."""
    return max(
        min(end, other_end) - max(start, other_start)
        for start, end in left
        for other_start, other_end in right
    )


def _length(spans: Sequence[Bounds]) -> int:
    return sum(end - start for start, end in spans)
