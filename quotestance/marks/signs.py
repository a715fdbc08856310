"""Marks: every character that may open or close a quotation, with what each reading of it costs.

A mark is never judged alone: its drawing and the characters around it say what speaks against its
opening, its closing and its being no quotation mark at all; ``pairing`` weighs them together.
British single marks follow New Hart's Rules, 9.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A character, or two typed together, that may be a quotation mark; what each reading costs."""

    start: int
    end: int
    text: str
    open_cost: float
    close_cost: float
    literal_cost: float
    new_sentence: bool


# Begins with plain characters, which the search finds at once, unlike alternatives.
_DOUBLE = re.compile(r"[\"“”„‟«»‹›＂'`](?:(?<=')'|(?<=`)`|(?<=“)“|(?<=\")\"(?=\w)|(?<!['`]))")
_SINGLE = re.compile(r"''|``|““|\"\"(?=\w)|[\"“”„‟«»‹›＂‘‚‛]|(?<!\w)['’`]|['’](?!\w)")
_DOUBLED = frozenset({"““", '""'})  # an opening mark typed twice
_SINGLE_FAMILY = frozenset("'’‘‚‛`")
# mark -> (cost of opening, cost of closing) by the way it is drawn; the shape of its surroundings
# is added.
_FACES: dict[str, tuple[float, float]] = {
    "“": (0.0, 2.5),
    "”": (2.5, 0.0),
    "„": (0.0, 6.0),
    "‟": (1.0, 1.0),
    '"': (0.0, 0.0),
    "＂": (0.0, 0.0),
    "''": (0.0, 0.0),
    "``": (0.0, 6.0),
    "«": (0.0, 2.0),
    "»": (2.0, 0.0),
    "‹": (0.0, 2.0),
    "›": (2.0, 0.0),
    "‘": (0.0, 4.0),
    "‚": (0.0, 6.0),
    "‛": (0.0, 4.0),
    "’": (3.0, 0.0),
    "'": (0.0, 0.0),
    "`": (0.0, 6.0),
}

_ELISION = re.compile(r"(?:\d\ds?|em|til|tis|twas|cause|n|bout|round|cos|til|un)\b", re.IGNORECASE)
_OPENING_SPACE = frozenset(" \t\r\n\f\v\u00a0\u2028\u2029([{—–-/“\"'‘«‹„`")
_SENTENCE_PUNCTUATION = frozenset(",.!?;:…—–-)]")


_SENTENCE_BEFORE = re.compile(r"[.!?…]\s+$")


def _shape_costs(before: str, after: str) -> tuple[float, float]:
    """What the characters around a mark say against its opening and against its closing a
    quotation."""
    open_cost = 0.0 if before in _OPENING_SPACE or not before else 2.5
    close_cost = 0.0 if before and not before.isspace() else 2.5
    if not after or after.isspace():
        open_cost += 2.0
    elif after.isalnum():
        close_cost += 2.5
    elif after in ",.;:!?)]":
        open_cost += 2.0
    return open_cost, close_cost


def _literal_cost(text: str, start: int, end: int, single: bool) -> float:
    """What it costs to read the mark as no quotation mark at all.

    An apostrophe, feet, inches, a stray.
    """
    before = text[start - 1 : start]
    if before.isdigit() and not single:
        return 2.0
    if not single:
        return 4.0
    if before.isdigit() or _ELISION.match(text, end):
        return 0.3
    if before in _SENTENCE_PUNCTUATION:
        return 4.0
    return 0.6 if before in ("s", "S") else 1.5


def find_marks(text: str, single_mode: bool) -> Iterator[Mark]:
    """The marks of a text, in order; single ones only where they are the outer marks.

    >>> [mark.text for mark in find_marks("“It’s ‘so’,” he said.", single_mode=False)]
    ['“', '”']
    """
    for match in (_SINGLE if single_mode else _DOUBLE).finditer(text):
        start, end = match.span()
        face = match.group()[0] if match.group() in _DOUBLED else match.group()
        open_shape, close_shape = _shape_costs(text[start - 1 : start], text[end : end + 1])
        open_face, close_face = _FACES[face]
        single = face in _SINGLE_FAMILY
        new_sentence = (
            text[end : end + 1].isupper()
            and _SENTENCE_BEFORE.search(text[max(0, start - 4) : start]) is not None
        )
        yield Mark(
            start,
            end,
            face,
            open_face + open_shape,
            close_face + close_shape,
            _literal_cost(text, start, end, single),
            new_sentence,
        )


_CLOSING_SINGLE = re.compile(r"['’](?<=[,.!?…—].)(?![\w'\"”’])")


# Opens before a word, closes behind another, which does not end in s: that may be a plural's.
_PAIR_OF_SINGLES = re.compile(
    r"(?<![\w’'])(?:‘(?=\w)[^‘’\n“”\"]{2,200}(?<=[^\Ws])’|'(?=\w)[^'\n“”\"]{2,200}(?<=[^\Ws])')(?!\w)"
)


def uses_single_marks(text: str) -> bool:
    """Whether the text's outer marks are single ones, as in British style.

    They are where closing shapes that no apostrophe has (a single mark after punctuation)
    outnumber pairs of double marks; of equals, the mark that comes first is the outer one. In a
    text without double marks a pair that no apostrophe makes is enough: a ‘first step’.

    >>> uses_single_marks("‘It’s the workers’ choice,’ he said.")
    True
    >>> uses_single_marks("It’s the workers’ choice.")
    False
    """
    singles = len(_CLOSING_SINGLE.findall(text))
    if not singles:
        return _PAIR_OF_SINGLES.search(text) is not None and _DOUBLE.search(text) is None
    opening, double, doubles = (
        re.search(r"(?<!\w)['‘‛`](?=[^\W\d_“\"]|[“\"])", text),
        _DOUBLE.search(text),
        len(_DOUBLE.findall(text)) / 2,
    )
    first = opening is not None and (double is None or opening.start() < double.start())
    return opening is not None and (singles > doubles or (singles == doubles and first))
