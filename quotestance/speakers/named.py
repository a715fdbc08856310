"""Ways to a name that need no memory: names, roles, bodies and descriptions of one text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quotestance.attribution.mentions import Mention
from quotestance.lexicon import BODIES, SURNAME_ROLES
from quotestance.linear import LinearModel
from quotestance.marks.paragraphs import Bounds
from quotestance.quote import Speaker
from quotestance.speakers.descriptions import SHORT, Descriptions
from quotestance.speakers.holders import Holders
from quotestance.speakers.name_index import NameIndex
from quotestance.speakers.pairs import Pairs, is_pair
from quotestance.speakers.roles import is_plural
from quotestance.speakers.titles import Gender

_BODIES = 200  # names before "the ministry" that are looked at; not tuned
_INDEFINITE = re.compile(r"(?:an?|one|another|some|many|several|most|two|three)\s", re.IGNORECASE)
_AND = re.compile(r"\band\s")
_LINKS = frozenset({", ", ", and ", " and "})  # between the names of a list

HOW: dict[str, str] = {
    "named": "named in full",
    "surname": "full name elsewhere in the text",
    "single": "the only name the text gives",
    "joint": "names joined by and",
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
        self._pairs = Pairs(self.index)
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
        joined = dict.fromkeys([chosen, *self._joined_behind(mention)])
        if len(joined) > 1:
            return self._joint(*joined)
        if len(self.index.namings[numbers[-1]].words) > 1:
            return self._as(chosen, "named")
        full = len(self.index.entities[chosen].words) > 1
        return self._as(chosen, "surname" if full else "single")

    def _joined_behind(self, mention: Mention) -> list[int]:
        """The entities that *and* and commas join to the head of a mention, also behind its end,
        where a parse cuts a list: "Silva, Low and Osk"."""
        inside = self.index.at(mention.head[1], mention.end)
        listed = self._listed(inside[-1] + 1 if inside else self._number_behind(mention))
        gaps = [(mention.head[1], self.index.starts[number]) for number in inside]
        if not listed and not any(_AND.search(self.text, *gap) for gap in gaps):
            return []
        return [self.index.owner[number] for number in [*inside, *listed]]

    def _number_behind(self, mention: Mention) -> int:
        return self.index.within(mention.head[1], len(self.text)).start

    def _listed(self, number: int) -> list[int]:
        """The people named from ``number`` on in a list of three or more that ends in *and*."""
        found: list[int] = []
        for following in range(max(number, 1), len(self.index.namings)):
            before = self.index.namings[following - 1].end
            link = self.text[before : self.index.starts[following]]
            if link not in _LINKS or not self._is_full_person(following):
                break
            found.append(following)
            if link != ", ":
                return found if len(found) > 1 else []
        return []

    def _is_full_person(self, number: int) -> bool:
        entity = self.index.entities[self.index.owner[number]]
        return len(self.index.namings[number].words) > 1 and self.index.is_person(entity)

    def _joint(self, *entities: int) -> Resolution:
        names = [self.speaker(entity).name for entity in entities]
        joined = f"{', '.join(names[:-1])} and {names[-1]}"
        return Resolution(Speaker(joined, "group"), "joint", 1.0, entities[0])

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
        """A role: somebody of that surname, whoever is named right behind it, or holds it elsewhere
        in the text.

        Else the description itself.
        """
        bearer = self._surname_of(mention)
        if bearer is not None:
            return self._as(bearer, "surname")
        named = self._holders.apposition(mention)
        if named is not None:
            return self._named_beside(mention, named)
        holder = self._holder(mention)
        return self.by_description(mention) if holder is None else self._as(holder, "role")

    def _named_beside(self, mention: Mention, named: int) -> Resolution:
        """Who is named right behind a role, and the one joined to them where it is a plural."""
        plural = is_plural(self._head(mention))
        second = self._pairs.second_of(named, mention.end) if plural else None
        return self._as(named, "apposition") if second is None else self._joint(named, second)

    def _holder(self, mention: Mention) -> int | None:
        """Who holds a role elsewhere in the text.

        Nobody where it is one of several, or of somebody described before.
        """
        words, head = self._words(mention), self._head(mention)
        if _INDEFINITE.match(words) or is_plural(head):
            return None
        if len(words.split()) < SHORT and self.descriptions.last(mention.start, head) is not None:
            return None
        return self._holders.holder(mention.start, words)

    def _is_named(self, mention: Mention) -> bool:
        """Whether a head that the parser takes for a common noun is a name of the text: any for a
        noun that tells nothing, the surname of somebody named in full for "Banks", "Summers"."""
        numbers = self.index.at(*mention.head)
        if not numbers or not self.text[mention.head[0]].isupper():
            return False
        entity = self.index.entities[self.index.owner[numbers[-1]]]
        return mention.type == "other" or (len(entity.words) > 1 and self.index.is_person(entity))

    def _surname_of(self, mention: Mention) -> int | None:
        """The person whose surname a role word with a capital is: "King told" of Tess King."""
        word = self.text[mention.start : mention.end]
        if word.lower() not in SURNAME_ROLES or not word[:1].isupper():
            return None
        return self.index.by_surname(word)

    def by_body(self, mention: Mention) -> Resolution:
        """A body without its name ("the ministry"): the last name before that holds the same word.

        "Syria's opposition" is a name already.
        """
        noun, inside = self._head(mention), self.index.ending_in(mention.start, mention.head[0])
        if inside:
            if mention.type == "body" and noun not in BODIES:
                return self._as(self.index.owner[inside[-1]], "document")
            return self.by_description(mention)
        body = self._body_before(mention.start, noun)
        return self.by_description(mention) if body is None else self._as(body, "body")

    def _body_before(self, position: int, noun: str) -> int | None:
        """The last body named before ``position`` that a noun is part of or is said of."""
        return next((body for body in self._bodies(position) if self._is_called(body, noun)), None)

    def _bodies(self, position: int) -> Iterator[int]:
        """The entities named before ``position``, the last one first."""
        return (self.index.owner[n] for n in reversed(self.index.before(position, _BODIES)))

    def _is_called(self, number: int, noun: str) -> bool:
        """Whether an entity is a body that a noun is part of or is said of."""
        entity = self.index.entities[number]
        named = entity.is_body and not entity.described
        return named and noun in entity.nouns.union(word.lower() for word in entity.words)

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

    def by_description(self, mention: Mention) -> Resolution:
        """A source the text does not name keeps its description.

        A later "the official" finds the first one.
        """
        words, noun = self._words(mention), self._head(mention)
        pair = self._pairs.before(mention.start) if is_pair(words) else None
        if pair is not None:
            return self._joint(*pair)
        set_off = self.text.startswith(",", mention.end)
        named = self._holders.apposition(mention) if set_off else None
        if named is not None:
            return self._as(named, "apposition")
        return self._as(self.descriptions.entity(mention, words, noun), "described")
