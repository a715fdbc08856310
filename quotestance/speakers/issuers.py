"""Issuers: whose a statement, a letter or a report is, where the text says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotestance.attribution.mentions import Mention
from quotestance.speakers.descriptions import Descriptions
from quotestance.speakers.discourse import Discourse
from quotestance.speakers.name_index import NameIndex

# Sources before "the statement", and characters from each, in which its issuer is looked for, and
# characters before it in which somebody makes one public. Not tuned.
_TOLD, _BESIDE, _BEFORE = 8, 120, 3000
_ISSUED = 30  # characters behind "a statement from" in which its issuer stands; not tuned
_FROM = re.compile(
    r"\s(?:issued |released |published |signed |sent )?(?:(?:late |early )?on \w+day"
    r" )?(?:from|by|of|on behalf of|in)\s(?:the\s)?"
)
# What is done with words of one's own to make them public.
_MADE_PUBLIC = (
    r"\b(?:publish|issu|releas|post|distribut|circulat|sign|print|pin|fil|draft|unveil|put|hand|sent"
    r"|wrote|stuck|gave|hung|nail)\w*(?:\s(?:up|out|round|around))?"
)
_ARTICLE = re.compile(r"^(?:an?|the)\s", re.IGNORECASE)


class Issuers:
    """Who issued the documents that one text mentions.

    >>> index = NameIndex("A statement from Ana Silva said so.", [], {})
    >>> discourse, descriptions = Discourse([], [], []), Descriptions(index)
    >>> statement = Mention(0, 11, (2, 11), "document")
    >>> issuers = Issuers(index, descriptions, discourse)
    >>> index.entities[issuers.of(statement, "A statement", "statement")].name
    'Ana Silva'
    """

    def __init__(self, index: NameIndex, descriptions: Descriptions, discourse: Discourse):
        self._index, self._text = index, index.text
        self._descriptions = descriptions
        self._discourse = discourse

    def of(self, mention: Mention, words: str, noun: str) -> int | None:
        """The entity that issued a document; None where the text does not say.

        ``words`` are those of the mention, ``noun`` is their head.
        """
        issuer = self._named_behind(mention)
        if issuer is None:
            issuer = self._named_before_head(mention)
        if issuer is None and words.lower().startswith("the "):
            issuer = self._source_before(mention, noun)
        return issuer

    def _named_behind(self, mention: Mention) -> int | None:
        """Who is named behind a document: "a statement from the ministry"."""
        link = _FROM.match(self._text, mention.head[1])
        issued = self._index.within(link.end(), link.end() + _ISSUED)[:1] if link else ()
        return self._index.owner[issued[0]] if issued else None

    def _named_before_head(self, mention: Mention) -> int | None:
        """Whose a document is that has a name before its head: the name's, or what it describes.

        "Kerry’s letter" is Kerry's, "the Harland fishermen’s letter" the Harland fishermen's.
        """
        inside = self._index.ending_in(mention.start, mention.head[0])
        if not inside:
            return None
        between = self._text[self._index.namings[inside[-1]].end : mention.head[0]]
        if between.strip(" ’'s") == "":
            return self._index.owner[inside[-1]]
        words = _ARTICLE.sub("", self._text[mention.start : mention.head[0]]).strip()
        return self._descriptions.describe(mention, words, words.split()[-1].lower())

    def _source_before(self, mention: Mention, noun: str) -> int | None:
        """Whose "the statement" is: the last source beside whom it is named ("X said in a
        statement")."""
        told = self._discourse.told_before(mention.start, _TOLD)
        beside = [
            entity
            for start, entity in self._named(told)
            if noun in self._text[start : min(start + _BESIDE, mention.start)]
        ]
        return beside[-1] if beside else None

    def publisher(self, noun: str, end: int) -> int | None:
        """Who made a document public before ``end``: the first name of the sentence that says so.

        "The Alpine Club put up a notice."
        """
        made = (
            rf"{_MADE_PUBLIC}\W+(?:an?|its|his|her|their)\s(?:[\w-]+\s){{0,3}}{re.escape(noun)}\b"
        )
        match = re.compile(made).search(self._text, max(0, end - _BEFORE), end)
        if match is None:
            return None
        start = self._index.sentence_start(match.start())
        named = self._index.within(start, match.start())
        return self._index.owner[named[0]] if named else None

    def _named(self, told: Sequence[tuple[int, int | None]]) -> list[tuple[int, int]]:
        """The sources of speech that the text names, with their places."""
        return [
            (start, entity)
            for start, entity in told
            if entity is not None and not self._index.entities[entity].described
        ]
