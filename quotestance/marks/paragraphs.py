"""Where paragraphs and sentences end, from the characters alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from quotestance.letters import UPPER
from quotestance.lexicon import ABBREVIATIONS

Bounds = tuple[int, int]

_BLANK_LINE = re.compile(r"\n[ \t\r\f\v\u00a0]*\n|\u2029")
_LINE = re.compile(r"[^\s](?:[^\n\r\u2028\u2029]*[^\s])?")
_CLOSING = frozenset("\"”’'»")
_LONGEST_BREAK = 40  # characters of white space at a line break; an indent is shorter
# A text is hard-wrapped when its lines are short, many, and mostly run on into the next line. 100
# columns is the widest wrap in common use; the shares were set on the four training and development
# sets, where line conventions are known.
_WRAP_COLUMNS, _WRAP_RUN_ON = 100, 0.5
_WIDEST = 0.95  # the quantile of widths that may not be wider: a few lines hold an address
_FEWEST_LINES = 4  # lines that tell anything
_SENTENCE_END = re.compile(
    r"(?:[.!?…]|\.\.\.)[\"”’'»›)\]]*(?:\[\d+\])?\s+(?=[\"“„«‹‘'`(\[]*[^\W_a-z])"
)


def is_hard_wrapped(text: str) -> bool:
    """Whether line breaks stand inside paragraphs, as in mail and plain-text archives.

    >>> is_hard_wrapped("One line a paragraph.\\nAnother paragraph.")
    False
    """
    widths = sorted(len(line.rstrip()) for line in text.splitlines() if line.strip())
    if len(widths) < _FEWEST_LINES or not _BLANK_LINE.search(text):
        return False
    if widths[int(_WIDEST * (len(widths) - 1))] > _WRAP_COLUMNS:
        return False
    blocks = sum(1 for block in _BLANK_LINE.split(text) if block.strip())
    return blocks < (1 - _WRAP_RUN_ON) * len(widths)


def split_paragraphs(text: str) -> list[Bounds]:
    """The paragraphs of a text as offsets, without the white space around them; none is empty.

    A blank line always ends a paragraph; a single line break does unless the text is hard-wrapped
    or the sentence plainly goes on behind it.

    >>> split_paragraphs("One.\\n\\nTwo.\\nThree.")
    [(0, 4), (6, 10), (11, 17)]
    >>> split_paragraphs("“One,”\\nsaid Two.\\nThree.")
    [(0, 16), (17, 23)]
    """
    return list(_paragraphs(text))


@lru_cache(maxsize=1)  # asked for quotations and for contexts
def _paragraphs(text: str) -> tuple[Bounds, ...]:
    if not is_hard_wrapped(text):
        return tuple(_joined(text, [match.span() for match in _LINE.finditer(text)]))
    edges = [
        (0, 0),
        *(match.span() for match in _BLANK_LINE.finditer(text)),
        (len(text), len(text)),
    ]
    bounds = (strip_bounds(text, left, right) for (_, left), (right, _) in pairwise(edges))
    return tuple((start, end) for start, end in bounds if start < end)


def _joined(text: str, lines: Sequence[Bounds]) -> Iterator[Bounds]:
    """The lines of a text as paragraphs: one that plainly goes on is joined with the next."""
    start = None
    for (left, right), (after, _) in pairwise([*lines, (len(text), len(text))]):
        start = left if start is None else start
        if not _goes_on(text, right, after):
            yield start, right
            start = None


def _goes_on(text: str, end: int, start: int) -> bool:
    """Whether the sentence of a line that ends at ``end`` goes on in the line at ``start``."""
    if start - end > _LONGEST_BREAK or text[end:start].count("\n") != 1:
        return False
    last = text[end - 1 : end] if text[end - 1 : end] not in _CLOSING else text[end - 2 : end - 1]
    return last == "," or (text[start : start + 1].islower() and last.isalpha())


def strip_bounds(text: str, start: int, end: int) -> Bounds:
    """Narrow ``start:end`` until no white space stands at either edge.

    >>> strip_bounds("  a ", 0, 4)
    (2, 3)
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Bounds]:
    """The sentences of ``text[start:end]`` as offsets that touch each other, told by punctuation
    and a list of abbreviations.

    >>> split_sentences("Mr. Smith left. He did not say why.")
    [(0, 16), (16, 35)]
    """
    end = len(text) if end is None else end
    cuts = [start]
    for match in _SENTENCE_END.finditer(text, start, end):
        if not is_abbreviation(text, match.start()):
            cuts.append(match.end())
    return [
        (left, right) for left, right in zip(cuts, [*cuts[1:], end], strict=True) if left < right
    ]


_END = re.compile(
    r"[.!?\n](?:(?<=\n)|[\"”’')]*\s)"
)  # begins with plain characters, which the search finds at once


def sentence_ends(text: str, quoted: Sequence[Bounds]) -> list[int]:
    """Where sentences and lines end outside the ``quoted`` stretches, and where one ends together
    with such a stretch.

    >>> sentence_ends("“No. Never.” He left. Ms. Low stayed.", [(1, 11)])
    [13, 22]
    """
    ends = (
        match
        for left, right in unquoted(text, quoted)
        for match in _END.finditer(text, max(left - 1, 0), right)
    )
    return [match.end() for match in ends if not is_abbreviation(text, match.start())]


def unquoted(text: str, quoted: Sequence[Bounds]) -> Iterator[Bounds]:
    """The stretches between the ``quoted`` ones, which are in order.

    >>> list(unquoted("“No,” he said.", [(1, 4)]))
    [(0, 1), (4, 14)]
    """
    left = 0
    for start, end in quoted:
        yield left, start
        left = end
    yield left, len(text)


_DATELINE = re.compile(
    rf"({UPPER}{{3,}}(?:[ ,/]+{UPPER}{{3,}}){{0,3}}[ ,/]*)"  # the place or places, in capitals
    # the country, the agency, a dash
    r"(?:\b[^\W\d_][\w. ]{1,24},?\s*)?(?:\([\w ]{2,20}\)\s*)?(?:[-–—]{1,2}\s+)?"
    rf"(?={UPPER}?[a-z’'.]|{UPPER}{{1,2}}\.|[AI]\s)"  # ordinary words
)


# Characters around a dateline in which its place is looked for: longer than an article of news.
_ELSEWHERE = 20_000


def dateline_end(text: str, start: int, end: int) -> int:
    """Where the words of a paragraph begin after its dateline, if it has one: a place in capitals
    ("SEOUL (Reuters) - ").

    Capitals that the text also writes in capitals elsewhere, or never otherwise, are an acronym
    unless a dash or an agency follows.

    >>> text = "SEOUL South Korea said so. Seoul is its capital."
    >>> text[dateline_end(text, 0, len(text)):][:16]
    'South Korea said'
    """
    match = _DATELINE.match(text, start, min(end, start + 90))
    if not match:
        return start
    place = match.group(1).strip(" ,")
    marked = match.group().rstrip().endswith(("-", "–", "—", ")"))
    left, right = max(0, start - _ELSEWHERE), start + _ELSEWHERE
    named = any(
        text.find(city.title(), left, right) >= 0 and text.find(city, start + len(place), right) < 0
        for city in place.split("/")
    )
    if not marked and not named:
        return start
    return match.end() if marked else match.end(1)


_WORDS_TOO = frozenset(
    {"sat", "sun", "no", "mass", "wash", "miss", "ill", "mar"}
)  # abbreviations with a capital only


def is_abbreviation(text: str, dot: int) -> bool:
    """Whether the full stop at ``dot`` belongs to an abbreviation or an initial rather than to the
    end of a sentence.

    >>> is_abbreviation("Mr. Low sat. He ate.", 2), is_abbreviation("Mr. Low sat. He ate.", 11)
    (True, False)
    """
    if text[dot] != ".":
        return False
    word = _word_before(text, dot)
    if word in _WORDS_TOO:
        return False
    return word.lower() in ABBREVIATIONS or _is_initial(word)


_LONGEST_ABBREVIATION = 12  # characters; longer than all that the lexicon has


def _word_before(text: str, dot: int) -> str:
    """The characters of a word that end at ``dot``, as many as an abbreviation may have."""
    left, furthest = dot, max(dot - _LONGEST_ABBREVIATION, 0)
    while left > furthest and (text[left - 1].isalnum() or text[left - 1] in ".'’-"):
        left -= 1
    return text[left:dot]


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and word.lower() != "i"
