"""The name index: all names of a text, and which of them are one person or body."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from quotestance.linear import LinearModel
from quotestance.marks.paragraphs import Bounds, sentence_ends, unquoted
from quotestance.quote import SpeakerKind
from quotestance.speakers.bodies import is_body
from quotestance.speakers.entities import (
    Entity,
    compatible,
    family_first,
    goes_by_first,
    surname,
)
from quotestance.speakers.name_keys import NameKeys
from quotestance.speakers.names import Naming, find_namings
from quotestance.speakers.runs import MONTHS
from quotestance.speakers.titles import Gender, body_after, gender_of

_VOTE = re.compile(
    r"\b[HhSs](?:(?P<male>(?<=[Hh])(?:e|im|is|imself)\b)"
    r"|(?P<female>(?<=[Ss])he\b|(?<=[Hh])er(?:s|self)?\b))"
)
_VOTES = {"male": 1, "female": -1}
# How many pronouns a first name counts for, and how many must agree; tuned by cross-fitting on
# articles_train.
_FIRST_NAME: dict[Gender | None, int] = {"m": 2, "f": -2}
_SURE = 2
# Names in a sentence before a pronoun that are looked at; no article of the gold sets has as many.
_MANY = 20


class NameIndex:
    """All names of a text, grouped into entities; built once a document in one pass over its
    characters.

    >>> index = NameIndex("Ban Ki-moon met Secretary of State John Kerry. Kerry left.", [], {})
    >>> [entity.name for entity in index.entities]
    ['Ban Ki-moon', 'John Kerry']
    """

    def __init__(
        self,
        text: str,
        quoted: Sequence[Bounds],
        first_names: Mapping[str, Gender],
        boundaries: LinearModel | None = None,
    ):
        self.text = text
        self._first_names = first_names
        self.namings = find_namings(text, quoted, first_names, boundaries)
        self.starts = [naming.start for naming in self.namings]
        self.entities: list[Entity] = []
        self.owner: list[int] = [-1] * len(self.namings)
        self._keys = NameKeys(text)
        self._votes: dict[int, int] = {}
        self._alone: dict[int, int] = defaultdict(int)
        self.ends = sentence_ends(text, quoted)
        self._group()
        self._votes = self._vote(quoted)

    # ---------- grouping
    def _group(self) -> None:
        """Full names first, longest first, so that shorter ones find them; then single words."""
        order = sorted(
            range(len(self.namings)), key=lambda number: (-len(self.namings[number].words), number)
        )
        for number in order:
            naming = self.namings[number]
            home = self._home(naming, number)
            if home is None:
                continue
            self.owner[number] = home
            self._note(self.entities[home], naming, number)
        self._drop_unowned()
        for entity in self.entities:
            entity.is_body = entity.is_body or self._is_definite(entity)

    def _drop_unowned(self) -> None:
        """Forget words that looked like names and are not."""
        kept = [number for number, owner in enumerate(self.owner) if owner >= 0]
        self.namings = [self.namings[number] for number in kept]
        self.owner = [self.owner[number] for number in kept]
        self._renumber()

    def _renumber(self) -> None:
        """Let the starts and the entities follow the namings, whose numbers have changed."""
        self.starts = [naming.start for naming in self.namings]
        for found in self.entities:
            found.namings.clear()
        for number, owner in enumerate(self.owner):
            self.entities[owner].namings.append(number)

    def _is_definite(self, entity: Entity) -> bool:
        """Whether the text puts "the" before the full name, as it does with bodies and never with
        people ("the Clinton campaign" is about a single word)."""
        full = [
            self.namings[number]
            for number in entity.namings
            if self.namings[number].words == entity.words
        ]
        definite = sum(naming.definite for naming in full)
        enough = 0 if len(entity.words) > 1 else len(full) / 2
        return not entity.roles and definite > enough

    def _vote(self, quoted: Sequence[Bounds]) -> dict[int, int]:
        """How often a pronoun in a sentence goes back to the only name before it there.

        Above 0 *he*, below 0 *she*.
        """
        votes: dict[int, int] = defaultdict(int)
        for left, right in unquoted(self.text, quoted):
            for match in _VOTE.finditer(self.text, left, right):
                people = self._people_before(match.start())
                if len(people) == 1:
                    votes[people[0]] += _VOTES[match.lastgroup or ""]
        return votes

    def _people_before(self, position: int) -> list[int]:
        """The entities, none of them a body, that a sentence names before ``position``."""
        named = {
            self.owner[n] for n in self.within(self.sentence_start(position), position)[-_MANY:]
        }
        return [entity for entity in named if not self.entities[entity].is_body]

    def _home(self, naming: Naming, number: int) -> int | None:
        """The entity of a naming, a new one where none fits; None where it is not a name."""
        near = self._near(naming)
        if len(near) == 1:
            return near[0]
        if near:
            return min(near, key=lambda entity: self._preference(entity, naming, number))
        if len(naming.words) == 1 and naming.words[0].lower() in MONTHS:
            return None
        return self._enter(naming)

    def _near(self, naming: Naming) -> list[int]:
        """The entities that a naming may be of: namesakes, who goes by it, else its acronym."""
        near = [
            entity
            for entity in self._keys.namesakes(naming)
            if compatible(self.entities[entity], naming, self.likely_gender(self.entities[entity]))
        ]
        if len(naming.words) > 1:
            return near
        called = self._keys.called(naming.words[0])
        near += [entity for entity in called if goes_by_first(self.entities[entity])]
        return near or self._keys.short_for(naming.words[0])

    def _preference(self, entity: int, naming: Naming, number: int) -> tuple[bool, int, bool, int]:
        """How well an entity suits a naming that several may own, the smallest best."""
        return (
            self._is_doubtful(entity),
            self._seldom_alone(entity, naming),
            *self._distance(self.entities[entity], naming, number),
        )

    def _enter(self, naming: Naming) -> int:
        """A new entity for a naming, found from now on by its words and its acronym."""
        found = Entity(naming.words, is_body(naming.words) and naming.honorific is None)
        found.sure = naming.sure
        self.entities.append(found)
        self._keys.enter(len(self.entities) - 1, naming, found.is_body)
        return len(self.entities) - 1

    def _is_doubtful(self, entity: int) -> bool:
        """Whether a long run of capitals has nothing else to show for a name.

        "Springfield Rejects Vance" is a slogan.
        """
        found = self.entities[entity]
        return (
            len(found.words) > 2
            and not found.roles
            and self.likely_gender(found) is None
            and not family_first(found.words)
        )

    def _seldom_alone(self, entity: int, naming: Naming) -> int:
        """Of namesakes, a surname alone is whose it has been most.

        Once the article is about Obama, his wife is Michelle Obama.
        """
        return -self._alone[entity] if len(naming.words) == 1 else 0

    def _distance(self, entity: Entity, naming: Naming, number: int) -> tuple[bool, int]:
        """How far a naming is from the nearest one of an entity that ends alike, those before it
        first: "Brandt" is near where the entity was called Brandt, not where it was Felix."""
        recent, last = entity.namings[-8:] + entity.namings[:1], naming.words[-1].lower()
        alike = [other for other in recent if self.namings[other].words[-1].lower() == last]
        before = [other for other in alike or recent if other < number]
        if before:
            return False, number - max(before)
        return True, min((other - number for other in alike or entity.namings), default=0)

    def _note(self, entity: Entity, naming: Naming, number: int) -> None:
        """Enter a naming of an entity, and what it says of it: role, gender, sort of body."""
        entity.namings.append(number)
        entity.names.add(" ".join(naming.words))
        alone = len(naming.words) == 1 and surname(naming.words) == surname(entity.words)
        self._alone[self.owner[number]] += alone
        if naming.role:
            entity.roles.append(naming.role)
        entity.gender = entity.gender or gender_of(naming.honorific, naming.role)
        if entity.roles or entity.gender is not None:
            return
        noun = body_after(self.text, naming.end)
        if noun:
            entity.nouns.add(noun)
            entity.is_body = True

    def describe(self, words: str, gender: Gender | None, kind: SpeakerKind) -> int:
        """A new entity that the text only describes."""
        self.entities.append(
            Entity(
                tuple(words.split()),
                kind in ("organization", "group"),
                gender=gender,
                described=True,
                kind=kind,
            )
        )
        return len(self.entities) - 1

    def add(self, mentions: Sequence[tuple[Naming, int]]) -> None:
        """Take in mentions that are not names ("the spokesman"), each with its entity's number."""
        for naming, entity in mentions:
            self.namings.append(naming)
            self.owner.append(entity)
        order = sorted(range(len(self.namings)), key=lambda number: self.namings[number].start)
        self.namings = [self.namings[number] for number in order]
        self.owner = [self.owner[number] for number in order]
        self._renumber()

    # ---------- look-ups
    def likely_gender(self, entity: Entity) -> Gender | None:
        """An entity's gender by its titles, else by its first name and the pronouns beside its
        names; None where these say little."""
        if entity.gender or entity.is_body:
            return entity.gender
        votes = self._votes_for(entity) + _FIRST_NAME.get(self._by_first_name(entity), 0)
        if votes >= _SURE:
            return "m"
        return "f" if votes <= -_SURE else None

    def _votes_for(self, entity: Entity) -> int:
        """What the pronouns beside an entity's names say; nothing while the names are grouped."""
        if not self._votes or not entity.namings:
            return 0
        return self._votes.get(self.owner[entity.namings[0]], 0)

    def _by_first_name(self, entity: Entity) -> Gender | None:
        """The gender of an entity's first name, where it has one and the table knows it."""
        if len(entity.words) < 2 or family_first(entity.words):
            return None
        return self._first_names.get(entity.words[0].lower().split("-")[0])

    def is_person(self, entity: Entity) -> bool:
        """Whether an entity is a person, by what stands around its names."""
        if entity.is_body or entity.described:
            return entity.described and entity.kind == "unnamed"
        return len(entity.words) > 1 or bool(entity.roles) or self.likely_gender(entity) is not None

    def by_surname(self, word: str) -> int | None:
        """The last person named in full whose surname is ``word``."""
        found = [n for n in self._keys.of_surname(word) if len(self.entities[n].words) > 1]
        return next((n for n in reversed(found) if not self.entities[n].is_body), None)

    def sentence_start(self, position: int) -> int:
        """Where the sentence that holds ``position`` starts."""
        sentence = bisect_right(self.ends, position)
        return self.ends[sentence - 1] if sentence else 0

    def before(self, position: int, count: int) -> range:
        """The numbers of the last ``count`` namings that start before ``position``."""
        stop = bisect_left(self.starts, position)
        return range(max(0, stop - count), stop)

    def within(self, start: int, end: int) -> range:
        """The numbers of the namings that start inside ``start:end``."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def at(self, start: int, end: int) -> list[int]:
        """The numbers of the namings that overlap ``start:end``."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        return [
            number
            for number in range(first, bisect_left(self.starts, end))
            if self.namings[number].end > start
        ]

    def ending_in(self, start: int, end: int) -> list[int]:
        """The numbers of the namings that overlap ``start:end`` and end there."""
        return [number for number in self.at(start, end) if self.namings[number].end <= end]
