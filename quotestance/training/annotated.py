"""Annotated documents: news texts whose quotations, mentions and speakers people have marked, one
JSON object a line.

``{"id", "text", "quotes": [{"start", "end", "kind": "direct" | "mixed" | "indirect", "parts"?:
[[start, end]], "speaker"?: name, "aliases"?: [name], "speaker_spans": [[start, end]], "cue_spans"?:
[[start, end]]}], "not_quotes"?: [[start, end]]}``

A document with ``not_quotes`` is taken to be complete: whatever is marked there and not among its
quotes is no speech.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from quotestance.marks.paragraphs import Bounds
from quotestance.marks.quotations import Quotation

_SLIPS = frozenset(
    {"said", "says", "say", "told", "added", "wrote", "asked"}
)  # annotated as a source by a slip of the mouse


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

    ``complete`` says that everything marked and not annotated is known to be no speech.
    """

    id: str
    text: str
    annotations: tuple[Annotation, ...]
    complete: bool


def read_documents(lines: Iterable[str], source: str) -> Iterator[Document]:
    """Read annotated documents; blank lines are passed over.

    Raises ``ValueError`` naming ``source``, the line and what is wrong with it.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _document(json.loads(line))
        except (KeyError, TypeError, ValueError) as error:
            reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            raise ValueError(
                f"{source}, line {number}: {reason}. Each line is one JSON object with id, text and"
                " quotes (see docs/fine-tuning.md)."
            ) from error


def _document(data: dict[str, Any]) -> Document:
    text = data["text"]
    quotes = [quote for quote in data["quotes"] if quote["kind"] != "indirect"]
    return Document(
        str(data["id"]),
        text,
        tuple(_annotation(text, quote) for quote in quotes),
        "not_quotes" in data,
    )


def _annotation(text: str, quote: dict[str, Any]) -> Annotation:
    parts = tuple(
        (start, end) for start, end in quote.get("parts") or [(quote["start"], quote["end"])]
    )
    for start, end in parts:
        if not 0 <= start < end <= len(text):
            raise ValueError(
                f"a quotation runs from {start} to {end} in a text of {len(text)} characters"
            )
    spans = tuple(
        (start, end)
        for start, end in quote.get("speaker_spans") or []
        if text[start:end].strip(" ,.:").lower() not in _SLIPS
    )
    automatic = quote.get("speaker_auto") if quote.get("speaker_auto_conf") == "high" else None
    name = quote.get("speaker") or automatic
    return Annotation(
        parts, quote["kind"], spans, (name, *(quote.get("aliases") or ())) if name else ()
    )


def align(
    quotations: Sequence[Quotation], annotations: Sequence[Annotation]
) -> list[Annotation | None]:
    """For each quotation the annotation that shares most of it, at least half of the shorter one.

    None where there is none.
    """
    found: list[Annotation | None] = []
    for quotation in quotations:
        size = sum(part.end - part.start for part in quotation.parts)
        best, most = None, 0
        for annotation in annotations:
            for start, end in annotation.parts:
                shared = max(
                    min(end, part.end) - max(start, part.start) for part in quotation.parts
                )
                if shared > most:
                    best, most = annotation, shared
        length = sum(end - start for start, end in best.parts) if best else 0
        found.append(best if most >= 0.5 * min(size, length) and most > 0 else None)
    return found
