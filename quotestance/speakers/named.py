"""Ways to a name that need no memory: names, roles, bodies and descriptions of one text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quotestance.attribution.mentions import Mention
from quotestance.lexicon import BODIES, GROUP_NOUNS, ROLES
from quotestance.linear import LinearModel
from quotestance.marks.paragraphs import Bounds
from quotestance.quote import Speaker
from quotestance.speakers.descriptions import Descriptions
from quotestance.speakers.discourse import REACH
from quotestance.speakers.holders import JOINED, Holders
from quotestance.speakers.name_index import NameIndex
from quotestance.speakers.titles import Gender

_BODIES = 200  # names before "the ministry" that are looked at; not tuned
_SHORT = 3  # words of a description that another one before may stand behind; not tuned

HOW: dict[str, str] = {
    "named": "named in full",
    "surname": "full name elsewhere in the text",
    "single": "the only name the text gives",
    "joint": "two names joined by and",
    "role": "holds the role elsewhere in the text",
    "apposition": "named beside the role",
    "body": "named in full before",
    "document": "who issued the document",
    "described": "the text gives no name",
    "pronoun": "the most probable name before the pronoun",
    "epithet": "the most probable name before the description",
    "one": "one of a group named before",
    "nobody": "no speaker",
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A speaker, how the name was reached (a key of ``HOW``), and how sure that is."""

    speaker: Speaker | None
    how: str
    probability: float
    entity: int | None = None


class NamedResolver:
    """Resolves mentions that are names, roles, bodies and descriptions, wherever they stand.

    >>> text = "Prime Minister Ana Silva met unions. Silva left."
    >>> NamedResolver(text, [], {}).by_name(Mention(37, 42, (37, 42), "name")).speaker.name
    'Ana Silva'
    """

    def __init__(
        self,
        text: str,
        quoted: Sequence[Bounds],
        first_names: Mapping[str, Gender],
        boundaries: LinearModel | None = None,
    ):
        self.text = text
        self.index = NameIndex(text, quoted, first_names, boundaries)
        self.descriptions = Descriptions(self.index)
        self._holders = Holders(self.index)
        self._called_people: set[int] = set()

    def _words(self, mention: Mention) -> str:
        return " ".join(self.text[mention.start : mention.end].split())

    def _head(self, mention: Mention) -> str:
        return self.text[mention.head[0] : mention.head[1]].lower()

    def _as(self, entity: int, how: str) -> Resolution:
        return Resolution(self.speaker(entity), how, self.index.entities[entity].sure, entity)

    def by_name(self, mention: Mention) -> Resolution:
        """A mention whose head is a name, perhaps with titles before it; joint names keep both."""
        numbers = self.index.at(*mention.head)
        if not numbers:
            return self.by_description(mention)
        chosen = self.index.owner[numbers[-1]]
        joined = [
            number
            for number in self.index.at(mention.head[1], mention.end)
            if _AND.search(self.text, mention.head[1], self.index.starts[number])
        ]
        if joined and self.index.owner[joined[-1]] != chosen:
            return self._joint(chosen, self.index.owner[joined[-1]])
        long = len(self.index.namings[numbers[-1]].words) > 1
        if long:
            return self._as(chosen, "named")
        return self._as(
            chosen, "surname" if len(self.index.entities[chosen].words) > 1 else "single"
        )

    def _joint(self, first: int, second: int) -> Resolution:
        return Resolution(
            Speaker(f"{self.speaker(first).name} and {self.speaker(second).name}", "group"),
            "joint",
            1.0,
            first,
        )

    def speaker(self, entity: int) -> Speaker:
        """The record of an entity."""
        found = self.index.entities[entity]
        if found.described:
            return Speaker(found.name, found.kind)
        person = self.index.is_person(found) or entity in self._called_people
        role = max(found.roles, key=len) if found.roles and person else None
        return Speaker(
            found.name,
            "person" if person else "organization",
            role,
            tuple(sorted(found.names - {found.name})),
        )

    def by_role(self, mention: Mention) -> Resolution:
        """A role: whoever is named right behind it, or holds it elsewhere in the text.

        Else the description itself.
        """
        named = self._holders.apposition(mention)
        if named is not None:
            second = (
                self._holders.second_of(named, mention.end)
                if is_plural(self._head(mention))
                else None
            )
            return self._as(named, "apposition") if second is None else self._joint(named, second)
        words = self._words(mention)
        known = (
            len(words.split()) < _SHORT
            and self.descriptions.last(mention.start, self._head(mention)) is not None
        )
        if not _INDEFINITE.match(words) and not known and not is_plural(self._head(mention)):
            holder = self._holders.holder(mention.start, words)
            if holder is not None:
                return self._as(holder, "role")
        return self.by_description(mention)

    def by_body(self, mention: Mention) -> Resolution:
        """A body without its name ("the ministry"): the last name before that holds the same word.

        "Syria's opposition" is a name already.
        """
        noun = self._head(mention)
        inside = self._names_before_head(mention)
        if inside and mention.type == "body" and noun not in BODIES:
            return self._as(self.index.owner[inside[-1]], "document")
        if not inside:
            for number in reversed(self.index.before(mention.start, _BODIES)):
                entity = self.index.entities[self.index.owner[number]]
                if (
                    entity.is_body
                    and not entity.described
                    and noun in entity.nouns.union(word.lower() for word in entity.words)
                ):
                    return self._as(self.index.owner[number], "body")
        return self.by_description(mention)

    def by_other(self, mention: Mention) -> Resolution:
        """A mention whose head tells nothing: the name it opens with, a holder of it, a body."""
        numbers = self.index.at(mention.start, mention.end)[:1]
        if numbers and self._opens_with(mention, numbers[0]):
            return self._as(self.index.owner[numbers[0]], "named")
        words = self._words(mention)
        if words.lower().startswith("the "):
            holder = self._holders.holder(mention.start, words)
            if holder is not None:
                return self._as(holder, "role")
        return self.by_body(mention)

    def _opens_with(self, mention: Mention, number: int) -> bool:
        """Whether a mention is a full name with something behind it: "Ana Silva stiffly"."""
        naming = self.index.namings[number]
        full = naming.start == mention.start and len(naming.words) > 1
        return full and naming.end <= mention.head[0]

    def _names_before_head(self, mention: Mention) -> list[int]:
        """The namings that stand inside a mention, before its head."""
        return [
            number
            for number in self.index.at(mention.start, mention.head[0])
            if self.index.namings[number].end <= mention.head[0]
        ]

    def by_description(self, mention: Mention) -> Resolution:
        """A source the text does not name keeps its description.

        A later "the official" finds the first one.
        """
        words, noun = self._words(mention), self._head(mention)
        pair = self._pair_before(mention.start) if _is_pair(words) else None
        if pair is not None:
            return self._joint(*pair)
        named = (
            self._holders.apposition(mention)
            if self.text[mention.end : mention.end + 1] == ","
            else None
        )
        if named is not None:
            return self._as(named, "apposition")
        if words.lower().startswith("the ") and len(words.split()) <= _SHORT:
            known = self.descriptions.last(mention.start, noun)
            first = self.descriptions.first(mention.start, noun)
            if known is not None and (first is None or first[0] <= known[0]):
                return self._as(known[1], "described")
            words = first[1] if first else words
        return self._as(self.descriptions.describe(mention, words, noun), "described")

    def _pair_before(self, position: int) -> tuple[int, int] | None:
        """The last two people before ``position`` whom the text joins by *and*.

        "the two lawmakers".
        """
        numbers = self.index.before(position, REACH)
        for number in reversed(numbers[1:]):
            first, second = self.index.owner[number - 1], self.index.owner[number]
            joined = JOINED.fullmatch(
                self.text, self.index.namings[number - 1].end, self.index.starts[number]
            )
            if (
                joined
                and first != second
                and all(
                    self.index.is_person(self.index.entities[entity]) for entity in (first, second)
                )
            ):
                return first, second
        return None


def is_plural(head: str) -> bool:
    """Whether a role is that of several: "ministers", "the committee chairmen"."""
    return head not in ROLES and (
        head.endswith("men") or (head.endswith("s") and head[:-1] in ROLES)
    )


def _is_pair(words: str) -> bool:
    """Whether words stand for two people named before: "the two", "both lawmakers".

    Not "the two sides".
    """
    match = _TWO.fullmatch(words)
    return match is not None and (match.group(1) is None or match.group(1).lower() in _PEOPLE)


_PEOPLE = GROUP_NOUNS.union((f"{role}s" for role in ROLES), {"men", "women", "leaders"}) - {
    "police",
    "people",
}
_INDEFINITE = re.compile(r"(?:an?|one|another|some|many|several|most|two|three)\s", re.IGNORECASE)
_TWO = re.compile(
    r"(?:the (?:two|pair|duo)|these two|both)(?: of them)?(?:\s.*?([\w’'-]+))?", re.IGNORECASE
)
_AND = re.compile(r"\band\s")
