"""Holders: who is named beside a role, and who holds it elsewhere in the text."""

from __future__ import annotations

import re

from quotestance.attribution.mentions import Mention
from quotestance.speakers.name_index import NameIndex
from quotestance.speakers.roles import is_title, role_heads, role_likeness, same_head

_MANY = 50  # holders of an office that are looked at; no article of the gold sets has as many
_BESIDE = re.compile(r",?[ \u00a0]+")
_OWNED = re.compile(r"(?:his|her|their|its|my|our)\s|[\w .-]+[’']s?\s", re.IGNORECASE)
_CALLED = re.compile(
    r",?\s(?:who\s)?(?:g[ai]v(?:e|es|ing)\s(?:his|her|their)\s(?:\w+\s)?names?\s(?:only\s|just\s)?as"
    r"|(?:was\s|is\s)?(?:identified|named|known)\s(?:himself\s|herself\s)?(?:only\s|just\s)?as"
    r"|(?:identif|nam)\w+\s(?:himself|herself)\s(?:only\s|just\s)?as"
    r"|goes\sby|asked\sto\sbe\scalled)\s"
)
_BESIDE_ROLE = 60  # characters behind a role in which a name may stand; not tuned
_OWN = re.compile(r"[a-z]{3,}\s$")  # a word in small letters right before the name
# Who acts for somebody, or is somebody's, is not that somebody.
_OF_ANOTHER = re.compile(r"\b(?:for|to)\s|\b(?:of|from|with|by)\s(?:[A-Z][\w.]*\s)*$")  # noqa: DUO138 - no way to read it twice
# How like a role a description must be where several hold one; roles beyond the fourth of an entity
# are not looked at. Tuned on articles_train.
_LIKE, _ROLES = 0.55, 4
_BEFORE = 0.01  # what a holder named before counts more: decides between equals only


class Holders:
    """The people of one text by the roles it gives them.

    >>> text = "Transport Minister Ana Silva met unions. The minister left."
    >>> index = NameIndex(text, [], {})
    >>> index.entities[Holders(index).holder(41, "The minister")].name
    'Ana Silva'
    """

    def __init__(self, index: NameIndex):
        self._index = index
        self._heads: dict[str, list[int]] | None = None

    def apposition(self, mention: Mention) -> int | None:
        """The person named right behind a description: "the minister, Ana Silva, said"."""
        last = self._index.at(mention.head[1], mention.end)[-1:]
        if last and self._closes(mention, last[0]):
            return self._index.owner[last[0]]
        called = self._called(mention)
        if called is not None:
            return called
        after = _BESIDE.match(self._index.text, mention.end, mention.end + 3)
        if not after:
            return None
        position = after.end()
        numbers = self._index.within(position, position + _BESIDE_ROLE)[:1]
        return next(
            (self._index.owner[number] for number in numbers if self._named_at(number, position)),
            None,
        )

    def _called(self, mention: Mention) -> int | None:
        """Who goes by one name only: "a neighbour, who gave her name as Vesna, said", "his wife,
        Lakshmi, said"."""
        text, end = self._index.text, mention.end
        given = _CALLED.match(text, end, end + _BESIDE_ROLE)
        if given:
            return self._begins_at(given.end(), closed=False)
        beside = _BESIDE.match(text, end, end + 3)
        own = _OWNED.match(text, mention.start, end)
        return self._begins_at(beside.end(), closed=True) if beside and own else None

    def _begins_at(self, position: int, *, closed: bool) -> int | None:
        """Whose name begins at a position, with a comma behind it where it has to be ``closed``."""
        for number in self._index.within(position, position + 1)[:1]:
            if not closed or self._index.text.startswith(",", self._index.namings[number].end):
                return self._index.owner[number]
        return None

    def _closes(self, mention: Mention, number: int) -> bool:
        """Whether a mention ends in a person's full name that is its own.

        "the head of the fund Klaus Low" is Klaus Low; "a lawyer for the singer Karl Boone" and "a
        friend of Karl Boone" are somebody else.
        """
        naming, start = self._index.namings[number], self._index.starts[number]
        between = self._index.text[mention.head[0] : start]
        person = self._index.is_person(self._index.entities[self._index.owner[number]])
        own = _OWN.search(between) is not None and not _OF_ANOTHER.search(between)
        return own and naming.end == mention.end and len(naming.words) > 1 and person

    def _named_at(self, number: int, position: int) -> bool:
        """Whether a naming is a person's, in full or with a title, and nothing but its title stands
        between ``position`` and it."""
        naming, entity = (
            self._index.namings[number],
            self._index.entities[self._index.owner[number]],
        )
        full = len(naming.words) > 1 or naming.honorific is not None or len(entity.words) > 1
        return (
            full
            and self._index.is_person(entity)
            and is_title(self._index.text[position : naming.start])
        )

    def holder(self, position: int, words: str) -> int | None:
        """The entity whose role fits ``words`` best, of equals the last one named before
        ``position``."""
        scores = {}
        for number in self._holders_of(words):
            entity = self._index.entities[number]
            score = max((role_likeness(words, role) for role in entity.roles[:_ROLES]), default=0.0)
            if score:
                scores[number] = score + _BEFORE * any(
                    self._index.starts[other] < position for other in entity.namings[:1]
                )
        best = max(scores, key=scores.__getitem__, default=None)
        return best if best is not None and (scores[best] > _LIKE or len(scores) == 1) else None

    def _holders_of(self, words: str) -> list[int]:
        """The entities with a role whose head is that of ``words``, give or take a misspelling.

        The last ones of many.
        """
        if self._heads is None:
            self._heads = self._by_head()
        alike = [numbers for head, numbers in self._heads.items() if same_head(words, head)]
        return sorted({number for numbers in alike for number in numbers[-_MANY:]})

    def _by_head(self) -> dict[str, list[int]]:
        """The entities of the text by the heads of their roles."""
        heads: dict[str, list[int]] = {}
        for number, entity in enumerate(self._index.entities):
            for head in {head for role in entity.roles[:_ROLES] for head in role_heads(role)}:
                heads.setdefault(head, []).append(number)
        return heads
