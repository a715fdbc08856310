"""Pairs: two people whom a text joins by *and*."""

from __future__ import annotations

import re

from quotestance.lexicon import GROUP_NOUNS, ROLES
from quotestance.speakers.antecedents import REACH
from quotestance.speakers.name_index import NameIndex

_BEHIND = 120  # characters behind a role in which two joined names may stand; not tuned
_JOINED = re.compile(r"(?:\s\([^)\n]{1,30}\))?,?\sand\s(?:[\w.’'-]+\s){0,6}")
_TWO = re.compile(
    r"(?:the (?:two|pair|duo)|these two|both)(?: of them)?(?:\s.*?([\w’'-]+))?", re.IGNORECASE
)
_PEOPLE = GROUP_NOUNS.union((f"{role}s" for role in ROLES), {"men", "women", "leaders"}) - {
    "police",
    "people",
}


def is_pair(words: str) -> bool:
    """Whether words stand for two people named before: "the two", "both lawmakers".

    >>> is_pair("both lawmakers"), is_pair("the two sides")
    (True, False)
    """
    match = _TWO.fullmatch(words)
    return match is not None and (match.group(1) is None or match.group(1).lower() in _PEOPLE)


class Pairs:
    """The people of one text whom it joins by *and*.

    >>> index = NameIndex("Ana Silva and Klaus Low met unions. The two left.", [], {})
    >>> [index.entities[number].name for number in Pairs(index).before(36)]
    ['Ana Silva', 'Klaus Low']
    """

    def __init__(self, index: NameIndex):
        self._index = index

    def before(self, position: int) -> tuple[int, int] | None:
        """The last two people before ``position`` whom the text joins by *and*."""
        for number in reversed(self._index.before(position, REACH)[1:]):
            first, second = self._index.owner[number - 1], self._index.owner[number]
            people = all(
                self._index.is_person(self._index.entities[entity]) for entity in (first, second)
            )
            if first != second and people and self._are_joined(number - 1, number):
                return first, second
        return None

    def second_of(self, first: int, position: int) -> int | None:
        """The person whom the text joins by *and* to the first of two behind a role.

        "the chairmen, Ana Silva and Klaus Low".
        """
        numbers = self._index.within(position, position + _BEHIND)[:2]
        pair = [self._index.owner[number] for number in numbers]
        if len(pair) < 2 or not self._are_joined(*numbers):
            return None
        return pair[1] if pair[0] == first != pair[1] else None

    def _are_joined(self, left: int, right: int) -> bool:
        """Whether nothing but *and*, and words such as titles, stands between two namings."""
        start, end = self._index.namings[left].end, self._index.starts[right]
        return _JOINED.fullmatch(self._index.text, start, end) is not None
