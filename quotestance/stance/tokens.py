"""Wording: the words of a content as the stance models read them, in lower case, contractions
undone, names masked.

A name says who is meant, not how hard the line is: every run of names becomes one ``NAME``, so that
another person, party, country, religion or nationality in the same sentence reads the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NAME = "<name>"
# What an encoder reads in place of any name: an ordinary one, so that it is no unseen word. Chosen
# among six on real_dev for the least change of macro-F1, sign AUC and calibration error
# (docs/accuracy-stance.md).
STAND_IN = "France"
_PIECE = re.compile(
    r"(?:[A-Za-z]\.){2,}|\d+(?:[.,]\d+)*|\w+(?:n['’]t)\b|[^\W\d_]+(?:-[^\W\d_]+)*|['’](?:s|re|ve|ll|d|m)\b|\.\.\.|[…?!%$€£.,;:—–()]|\w"
)
_NOT = ("n't", "n’t")
_IRREGULAR = {"ca": "can", "wo": "will", "sha": "shall"}
_FULL = {
    "'re": "are",
    "'ve": "have",
    "'ll": "will",
    "'m": "am",
    "'d": "would",
    "an": "a",
    "…": "...",
}
# A text in capitals throughout has at least so many words and this share of capitals; not tuned.
_FEWEST_CAPITALS, _SHOUTED = 3, 0.7
_SENTENCE_ENDS = frozenset(".?!:…")  # behind them a capital may open a sentence
# Capitals that are no names inside a sentence.
_CALENDAR = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june"
    " july august september october november december"
)
# Words that open a sentence and are no names even before one ("Will Norway sign?", "And Maria
# knows").
_OPENERS = frozenset(
    f"""i {_CALENDAR} a the this that these those it he she they we you who what which when
    where why how if as in on at by for from with without to of and but or nor so yet
    not no nobody nothing none never only even just all both any some every each either
    neither many most more one two three is are was were be do does did has have had
    will would can could should must may might shall let there here then now because
    since until unless while after before although though once under over between
    against my our your his her their its dear mr mrs ms dr perhaps maybe yes please
    thank sorry whether about like unlike despite today tomorrow yesterday give tell ask
    stop take make call hear see look instead still again another such whatever whoever
    nor too very""".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or mark of a content: what it is read as, and the characters it stands at."""

    text: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation."""
        return not (self.text[0].isalnum() or self.text == NAME)


def read_words(content: str, common: frozenset[str] = frozenset()) -> list[Word]:
    """The words of a content, names masked.

    ``common`` are words that are no names although a capital opens a sentence with them; a text
    that is all capitals keeps all its words.

    >>> [word.text for word in read_words("We won't follow Ana Silva.")]
    ['we', 'will', 'not', 'follow', '<name>', '.']
    """
    pieces = [(match.group(), match.start(), match.end()) for match in _PIECE.finditer(content)]
    masked = _names([piece for piece, _, _ in pieces], common)
    words: list[Word] = []
    for (piece, start, end), name in zip(pieces, masked, strict=True):
        if name and words and words[-1].text == NAME:
            words[-1] = Word(NAME, words[-1].start, end)
        else:
            words += [Word(NAME, start, end)] if name else _plain(piece, start, end)
    return words


def mask_names(content: str, common: frozenset[str] = frozenset()) -> str:
    """The content with every run of names replaced by the same one.

    >>> mask_names("We will not follow Ana Silva.") == mask_names("We will not follow Norway.")
    True
    """
    kept, last = [], 0
    for word in read_words(content, common):
        if word.text == NAME:
            kept += [content[last : word.start], STAND_IN]
            last = word.end
    return "".join([*kept, content[last:]])


def _plain(piece: str, start: int, end: int) -> list[Word]:
    """The words of a piece that is no name: a contraction gives two."""
    lower = piece.lower()
    if lower.endswith(_NOT) and len(lower) > 3:
        stem = lower[:-3]
        return [Word(_IRREGULAR.get(stem, stem), start, end - 3), Word("not", end - 3, end)]
    lower = lower.replace("’", "'")
    return [Word(_FULL.get(lower, lower), start, end)]


def _names(pieces: Sequence[str], common: frozenset[str]) -> list[bool]:
    """Which pieces are names.

    Capitals inside a sentence, and those that open one and are followed by a name or are no common
    word.
    """
    names = [False] * len(pieces)
    if _is_shouted(pieces):
        return names
    opens = True
    for index, (piece, after) in enumerate(zip(pieces, [*pieces[1:], ""], strict=False)):
        if piece[0].isupper():
            names[index] = _is_name(piece.lower(), opens, after[:1].isupper(), common)
        opens = piece in _SENTENCE_ENDS
    return names


def _is_shouted(pieces: Sequence[str]) -> bool:
    """Whether a text is all capitals, which then tell no names."""
    letters = [piece for piece in pieces if piece[0].isalpha()]
    capitals = sum(piece[0].isupper() for piece in letters)
    return len(letters) >= _FEWEST_CAPITALS and capitals > _SHOUTED * len(letters)


def _is_name(lower: str, opens: bool, before_name: bool, common: frozenset[str]) -> bool:
    if lower in _OPENERS or lower.split("'")[0].split("’")[0] == "i":
        return False
    if lower.endswith(_NOT):
        return False
    return not opens or before_name or (bool(common) and lower not in common)
