"""Quotation spans: from marks to quotations, in one pass over the characters, without a parser.

Each paragraph starts afresh, so that a slip in one cannot turn the next inside out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotestance.marks.continuations import continued, interrupted, resumption
from quotestance.marks.pairing import (
    UNCLOSED_AT_END,
    UNCLOSED_BUT_REOPENED,
    Stretch,
    find_stretches,
)
from quotestance.marks.paragraphs import Bounds, split_paragraphs, strip_bounds
from quotestance.marks.signs import Mark, find_marks, uses_single_marks
from quotestance.quote import TextSpan


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation by its marks: ``start:end`` with the marks, ``parts`` without them.

    >>> quotation, = find_quotations('“We will not,” he said, “give in.”')
    >>> [part.text for part in quotation.parts], quotation.closed
    (['We will not,', 'give in.'], True)
    """

    start: int
    end: int
    parts: tuple[TextSpan, ...]
    closed: bool


def find_quotations(text: str) -> list[Quotation]:
    """Every quotation of a text by its marks, in order and disjoint; titles and scare quotes are
    among them (``attribution.kinds`` tells).

    A quotation that is interrupted by its tag, or that goes on over several paragraphs, is one with
    several parts.

    >>> [quotation.parts[0].text for quotation in find_quotations('He said "no." She said “yes".')]
    ['no.', 'yes']
    """
    groups: list[list[Stretch]] = []
    paragraphs = split_paragraphs(text)
    for index, stretch in _stretches(text, paragraphs):
        last = groups[-1][-1] if groups else None
        if last and _goes_on(text, last, stretch, paragraphs, index):
            groups[-1].append(stretch)
        else:
            groups.append([stretch])
    return [quotation for group in groups if (quotation := _quotation(text, group)) is not None]


def _stretches(text: str, paragraphs: list[Bounds]) -> Iterator[tuple[int, Stretch]]:
    """The stretches between marks, in order, with the number of their paragraph."""
    by_paragraph = _assign(list(find_marks(text, uses_single_marks(text))), paragraphs)
    for index, marks in enumerate(by_paragraph):
        reopened = _is_reopened(by_paragraph, paragraphs, index + 1)
        end_cost = UNCLOSED_BUT_REOPENED if reopened else UNCLOSED_AT_END
        for stretch in find_stretches(marks, paragraphs[index][1], end_cost):
            yield index, stretch


def _is_reopened(by_paragraph: list[list[Mark]], paragraphs: list[Bounds], index: int) -> bool:
    """Whether the paragraph of this number begins with a mark that may open a quotation."""
    if index == len(paragraphs) or not by_paragraph[index]:
        return False
    first = by_paragraph[index][0]
    return first.start == paragraphs[index][0] and first.open_cost < 1


def _goes_on(
    text: str, last: Stretch, stretch: Stretch, paragraphs: list[Bounds], index: int
) -> bool:
    """Whether a stretch, in the paragraph of this number, belongs to the quotation before it."""
    return interrupted(text, last, stretch) or (
        _near(paragraphs, index, last) and continued(text, last, stretch, paragraphs[index])
    )


def _assign(marks: list[Mark], paragraphs: list[Bounds]) -> list[list[Mark]]:
    """The marks of each paragraph."""
    found: list[list[Mark]] = [[] for _ in paragraphs]
    index = 0
    for mark in marks:
        while index < len(paragraphs) and paragraphs[index][1] <= mark.start:
            index += 1
        if index < len(paragraphs) and paragraphs[index][0] <= mark.start:
            found[index].append(mark)
    return found


def _near(paragraphs: list[Bounds], index: int, last: Stretch) -> bool:
    """Whether ``last`` stands in paragraph ``index`` or in the one just before it."""
    return paragraphs[max(index - 1, 0)][0] <= last.open.start < paragraphs[index][1]


def _quotation(text: str, group: list[Stretch]) -> Quotation | None:
    """One quotation from its stretches; None where the marks hold no word at all."""
    last = group[-1]
    parts = [
        part for stretch in group if (part := _part(text, stretch, stretch is last)) is not None
    ]
    if not parts:
        return None
    end = last.close.end if last.close else parts[-1].end
    return Quotation(group[0].open.start, end, tuple(parts), last.close is not None)


def _part(text: str, stretch: Stretch, is_last: bool) -> TextSpan | None:
    """The words of a stretch; None where there is none."""
    end = stretch.end
    if is_last and stretch.close is None:
        end = resumption(text, stretch.open.end, end)
    start, end = strip_bounds(text, stretch.open.end, end)
    if not any(character.isalnum() for character in text[start:end]):
        return None
    return TextSpan.of(text, start, end)
