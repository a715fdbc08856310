"""Contexts: the few sentences around quotations that are worth parsing, with the quoted words
masked.

A parser stumbles over what is quoted and spends most of its time there; the words that introduce
speech stand outside the marks. So each quotation is replaced by a short stand-in, and sentences
that cannot name its source are left out. A map leads every character that is kept back to the text
as given.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from quotestance.marks.paragraphs import (
    Bounds,
    dateline_end,
    split_paragraphs,
    split_sentences,
    strip_bounds,
    unquoted,
)
from quotestance.marks.prose import (
    LONGEST_CONTEXT,
    LONGEST_STRETCH,
    MOST_PARTS,
    cut_sentence,
    is_code,
)
from quotestance.marks.quotations import Quotation
from quotestance.marks.stand_ins import NumberedPart, mask

_NOT_PROSE = "Yes. "  # what the parser sees in place of a quotation in program code


class Place(NamedTuple):
    """Where a part of a quotation stands in a context.

    Its stand-in runs from ``start`` to ``end`` there.
    """

    quotation: int
    part: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Context:
    """A stretch of a text to parse, with the quotations in it masked.

    ``pieces`` are ``(start here, start in the text)`` of the stretches copied from the text,
    ``paragraph`` the number of the paragraph that holds the quotations, ``sentences`` the bounds of
    the sentences here.

    >>> text = "Hours passed. “We will not go there again,” said Mrs Low."
    >>> from quotestance.marks.quotations import find_quotations
    >>> context, = find_contexts(text, find_quotations(text))
    >>> context.text
    'Hours passed. “Yes,” said Mrs Low.'
    >>> start = context.text.index("Mrs"); text[context.to_text(start):]
    'Mrs Low.'
    """

    text: str
    pieces: tuple[tuple[int, int], ...]
    places: tuple[Place, ...]
    sentences: tuple[Bounds, ...]
    paragraph: Bounds
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple([here for here, _ in self.pieces]))

    def to_text(self, position: int) -> int:
        """The offset in the text of a position in the context (of a position outside the
        stand-ins)."""
        index = bisect_right(self._starts, position) - 1
        here, there = self.pieces[index if index > 0 else 0]
        return there + position - here

    @property
    def has_words(self) -> bool:
        """Whether any word stands beside the quotations, so that a parse may find a source."""
        quoted = ((place.start, place.end) for place in self.places)
        return any(
            character.isalnum()
            for start, end in unquoted(self.text, list(quoted))
            for character in self.text[start:end]
        )

    def text_bounds(self, bounds: Bounds) -> Bounds:
        """The bounds in the text of a stretch of the context that holds no stand-in."""
        return self.to_text(bounds[0]), self.to_text(bounds[1] - 1) + 1


def _build(
    text: str, start: int, end: int, paragraph: Bounds, parts: Sequence[NumberedPart]
) -> Context:
    """The context of ``text[start:end]``, all its sentences kept."""
    if is_code(text[start:end]):
        return _without_words(text, start, paragraph, parts)
    words: list[str] = []
    pieces: list[tuple[int, int]] = []
    places: list[Place] = []
    here = 0
    for stretch, there, place in mask(text, start, end, parts):
        if place is not None:
            places.append(Place(*place, here, here + len(stretch)))
        elif there is not None:
            pieces.append((here, there))
        words.append(stretch)
        here += len(stretch)
    masked = "".join(words)
    return Context(
        masked, tuple(pieces), tuple(places), tuple(_whole_sentences(masked, places)), paragraph
    )


def _without_words(
    text: str, start: int, paragraph: Bounds, parts: Sequence[NumberedPart]
) -> Context:
    """The context of what is not prose: stand-ins alone, so that nothing in it is a source."""
    sentences: list[Bounds] = []
    places: list[Place] = []
    here = 0
    for number, part, _ in parts:
        places.append(Place(number, part, here, here + len(_NOT_PROSE) - 1))
        sentences.append((here, here + len(_NOT_PROSE)))
        here += len(_NOT_PROSE)
    return Context(
        _NOT_PROSE * len(parts), ((0, start),), tuple(places), tuple(sentences), paragraph
    )


def _whole_sentences(masked: str, places: Sequence[Place]) -> list[Bounds]:
    """The sentences of a masked text, overlong ones cut; none ends inside a stand-in."""
    inside = {
        position: place.start for place in places for position in range(place.start + 1, place.end)
    }
    found: list[Bounds] = []
    left = 0
    for _, right in split_sentences(masked):
        if right not in inside:
            cuts = cut_sentence(masked, left, right)
            ends = [inside.get(cut, cut) for cut in cuts]
            found.extend(zip([left, *ends[:-1]], ends, strict=True))
            left = right
    return found


def _crop(context: Context, first: int, last: int) -> Context:
    """The context of sentences ``first`` to ``last`` only."""
    start, end = context.sentences[first][0], context.sentences[last][1]
    pieces, places = context.pieces, context.places
    inside = list(pieces[bisect_left(pieces, (start,)) : bisect_left(pieces, (end,))])
    if not inside or inside[0][0] > start:
        inside.insert(0, (start, context.to_text(start)))
    return Context(
        context.text[start:end],
        tuple((here - start, there) for here, there in inside),
        tuple(
            Place(p.quotation, p.part, p.start - start, p.end - start)
            for p in places[
                bisect_left(places, start, key=_start) : bisect_left(places, end, key=_start)
            ]
        ),
        tuple((left - start, right - start) for left, right in context.sentences[first : last + 1]),
        context.paragraph,
    )


def _needed(context: Context) -> Iterator[Bounds]:
    """The first and the last sentence of each stretch worth parsing.

    Those with a quotation, and the neighbours that may name its source. It is one stretch unless
    that would be longer than a context may be.
    """
    starts = [start for start, _ in context.sentences]
    holds = [bisect_right(starts, place.start) - 1 for place in context.places]
    if not holds:
        return
    first, last = (
        max(holds[0] - 1, 0),
        min(holds[-1] + _is_bare(context, holds[-1]), len(context.sentences) - 1),
    )
    if len(holds) <= MOST_PARTS and _length(context, first, last) <= LONGEST_CONTEXT:
        yield first, last
    else:
        yield from _stretches(context, holds, last)


def _length(context: Context, first: int, last: int) -> int:
    """The characters of sentences ``first`` to ``last``."""
    return context.sentences[last][1] - context.sentences[first][0]


def _stretches(context: Context, holds: Sequence[int], last: int) -> Iterator[Bounds]:
    """The sentences with a quotation and those beside them, in short stretches."""
    wanted = sorted({near for held in holds for near in range(max(held - 1, 0), held + 2)})
    first = right = wanted[0]
    for sentence in wanted[1:]:
        if sentence > last:
            break
        if sentence > right + 1 or _length(context, first, sentence) > LONGEST_STRETCH:
            yield first, right
            first = sentence
        right = sentence
    yield first, right


def _start(place: Place) -> int:
    return place.start


def _is_bare(context: Context, sentence: int) -> bool:
    """Whether a sentence has hardly a word outside the quotation marks."""
    start, end = context.sentences[sentence]
    inside = context.places[
        bisect_left(context.places, start, key=_start) : bisect_left(
            context.places, end, key=_start
        )
    ]
    quoted = sum(place.end - place.start for place in inside)
    return end - start - quoted < 8


_BACKWARD_TAG = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Tt]he\s(?:[\w-]+\s){1,3}(?:said|says|told|added|wrote|continued))\b"
)


def _outside(context: Context) -> str:
    """The first words of a context that no quotation covers."""
    place = context.places[0]
    return context.text[: place.start][-60:] + " | " + context.text[place.end :][:60]


def find_contexts(text: str, quotations: Sequence[Quotation]) -> list[Context]:
    """The contexts to parse for ``quotations`` of ``text``, in order; every part stands in exactly
    one of them.

    A paragraph that opens with a bare quotation brings the last sentence of the paragraph before,
    which may introduce it.
    """
    paragraphs = split_paragraphs(text)
    by_paragraph = _parts_by_paragraph(paragraphs, quotations)
    found: list[Context] = []
    for index, parts in by_paragraph.items():
        paragraph = paragraphs[index]
        start = min(dateline_end(text, *paragraph), _first_start(parts))
        context = _build(text, start, paragraph[1], paragraph, parts)
        if index > 0 and index - 1 not in by_paragraph and _looks_back(context):
            start = _last_sentence(text, paragraphs[index - 1])
            context = _build(text, start, paragraph[1], paragraph, parts)
        found.extend(_crop(context, *needed) for needed in _needed(context))
    return found


def _parts_by_paragraph(
    paragraphs: Sequence[Bounds], quotations: Sequence[Quotation]
) -> dict[int, list[NumberedPart]]:
    """The parts of the quotations by the number of the paragraph that they stand in."""
    starts = [start for start, _ in paragraphs]
    by_paragraph: dict[int, list[NumberedPart]] = {}
    for number, quotation in enumerate(quotations):
        for part, span in enumerate(quotation.parts):
            paragraph = bisect_right(starts, span.start) - 1
            by_paragraph.setdefault(paragraph, []).append((number, part, quotation))
    return by_paragraph


def _first_start(parts: Sequence[NumberedPart]) -> int:
    """Where the first of these parts starts."""
    _, part, quotation = parts[0]
    return quotation.parts[part].start


def _last_sentence(text: str, paragraph: Bounds) -> int:
    """Where the last sentence of a paragraph starts."""
    last = split_sentences(text, *paragraph)[-1][0]
    return strip_bounds(text, max(paragraph[0], last), paragraph[1])[0]


def _looks_back(context: Context) -> bool:
    """Whether the paragraph before may name the source: the first sentence is bare, or a tag speaks
    of somebody named before."""
    return _is_bare(context, 0) or _BACKWARD_TAG.search(_outside(context)) is not None
