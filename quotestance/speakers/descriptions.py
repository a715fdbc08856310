"""Descriptions: sources that a text does not name, and where it described them first."""

from __future__ import annotations

import re
from bisect import bisect_left, insort

from quotestance.attribution.mentions import Mention, mention_type
from quotestance.quote import SpeakerKind
from quotestance.speakers.name_index import NameIndex
from quotestance.speakers.titles import Gender

SHORT = 3  # words of a description that another one before may stand behind; not tuned
_DESCRIPTION_REACH = 2000  # characters; all first descriptions in articles_train stood nearer
_BELONGING = re.compile(
    r"\b(?:\s(?:at|from|in|with|for|of)\s(?:the\s)?[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*)?"
)
_DESCRIBED_BEFORE = re.compile(
    r"\b(?:an?|one|another)\s(?:(?:(?:[A-Z]\.)+|[\w’'-]+)\s){0,4}\Z", re.IGNORECASE
)
_DESCRIBED = 100  # characters of an article and up to four words before a noun
_DESCRIBED_KIND: dict[str, SpeakerKind] = {
    "group": "group",
    "body": "organization",
    "document": "organization",
    "other": "organization",
    "name": "organization",
}


class Descriptions:
    """The described sources of one text, as entities of its name index.

    >>> index = NameIndex("A diplomat spoke. The diplomat left.", [], {})
    >>> Descriptions(index).first(25, "diplomat")
    (0, 'A diplomat')
    """

    def __init__(self, index: NameIndex):
        self._index = index
        self._entities: dict[str, int] = {}
        self._places: dict[str, list[tuple[int, int]]] = {}

    def entity(self, mention: Mention, words: str, noun: str) -> int:
        """The entity of a source that the text only describes.

        "The official" is the last one, or a new one under the words of "a Western official".
        """
        if not words.lower().startswith("the ") or len(words.split()) > SHORT:
            return self.describe(mention, words, noun)
        known, first = self.last(mention.start, noun), self.first(mention.start, noun)
        if known is not None and (first is None or first[0] <= known[0]):
            return known[1]
        return self.describe(mention, first[1] if first else words, noun)

    def last(self, position: int, noun: str) -> tuple[int, int] | None:
        """Where the last source with this head that has no name stands before ``position``, and its
        entity."""
        described = self._places.get(noun, [])
        number = bisect_left(described, (position, -1))
        return described[number - 1] if number else None

    def first(self, position: int, noun: str) -> tuple[int, str] | None:
        """The last "a Western diplomat" before "the diplomat", and where it stands."""
        start = max(0, position - _DESCRIPTION_REACH)
        reach = self._index.text[start:position]
        lower = reach.lower() if len(reach.lower()) == len(reach) else reach
        at = lower.rfind(noun) if noun else -1
        while at >= 0:
            left = _DESCRIBED_BEFORE.search(reach, max(0, at - _DESCRIBED), at)
            right = _BELONGING.match(reach, at + len(noun))
            if left and right:
                words = " ".join(reach[left.start() : right.end()].split())
                is_name = mention_type(noun, "NN") == "name"
                return None if is_name else (start + left.start(), words)
            at = lower.rfind(noun, 0, at)
        return None

    def describe(self, mention: Mention, words: str, noun: str) -> int:
        """The entity of a description that the text has no name for."""
        known = self._entities.get(words.lower())
        if known is None:
            kind = _DESCRIBED_KIND.get(mention.type, "unnamed")
            known = self._index.describe(words, _gender_of(noun), kind)
            self._entities[words.lower()] = known
        insort(self._places.setdefault(noun, []), (mention.start, known))
        return known


def _gender_of(noun: str) -> Gender | None:
    """The gender that a noun itself tells: spokeswoman, policeman."""
    if noun.endswith("woman"):
        return "f"
    return "m" if noun.endswith("man") else None
