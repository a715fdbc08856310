"""Discourse: who spoke and acted in a text so far, and which of them a pronoun may stand for.

The cues are those of the literature on anaphora: recency, grammatical role, number, gender, and
being the topic (Lappin and Leass, 1994).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from quotestance.attribution.introductions import ParsedContext
from quotestance.attribution.mentions import Mention
from quotestance.linear import Fact
from quotestance.marks.paragraphs import Bounds
from quotestance.speakers.antecedents import (
    NEVER,
    Antecedent,
    family_of,
    fitting,
    place_of,
    pronoun_sort,
)
from quotestance.speakers.entities import Entity
from quotestance.speakers.name_index import NameIndex
from quotestance.speakers.names import Naming

_OPENING, _OPENING_WORDS = 80, 6  # characters and words in which a paragraph opens; not tuned
_MANY = 50  # namings of an entity that are looked at
# Names before a pronoun that are looked at; of 198 pronouns of articles_train none had the right
# one more than 20 back.
REACH = 24
_SPOKEN, _SUBJECTS, _TOLD = 4, 3, 6  # the last ones that count; caps of the features made of them
_BEFORE, _AFTER = 60, 110  # characters around a name that tell what it does in its sentence
_BETWEEN = 4  # characters between a quotation and its own tag; not tuned
_LINE = re.compile(r"\n")
_OPENS = re.compile(r"(?:^|[.!?”\"’:)]\s|\n\s*|[“\"‘(])$")


def _here(entity: int, near: Sequence[int]) -> str:
    """Whether an entity is the only one named in the paragraph of the pronoun, one of several, or
    not there while another is: "Brandt disagreed. “...,” he said." is about Brandt."""
    if entity in near:
        return "only" if len(near) == 1 else "among"
    return "elsewhere" if near else "nobody"


def tellers(contexts: Sequence[ParsedContext]) -> list[Mention]:
    """The sources that the parsed sentences give speech to, quoted or not.

    A pronoun often stands for one of them.
    """
    return [
        introduction.mention
        for found in contexts
        for introduction in found.introductions
        if introduction.verb_class in ("speech", "phrase")
        or (introduction.verb_class == "manner" and introduction.mention.type != "pronoun")
    ]


def subjects(contexts: Sequence[ParsedContext]) -> list[Mention]:
    """The subjects of all parsed verbs: what a pronoun after them most often continues."""
    return [
        introduction.mention
        for found in contexts
        for introduction in found.introductions
        if introduction.construction in ("subject", "passive", "relative")
    ]


class Discourse:
    """What a text has said of its entities before each place.

    ``told`` and ``acted`` are the places of sources of speech and of subjects with their entities,
    in order; who has been quoted is added by ``note`` as the quotations are resolved.
    """

    def __init__(
        self,
        index: NameIndex,
        quoted: Sequence[Bounds],
        told: list[tuple[int, int | None]],
        acted: list[tuple[int, int]],
    ):
        self.index, self.text = index, index.text
        self.told, self._acted = told, acted
        self._told_starts = [start for start, _ in told]
        self._quoted = sorted(quoted)
        self._quoted_starts = [start for start, _ in self._quoted]
        self._lines = [match.start() for match in _LINE.finditer(self.text)]
        self._spoken: list[tuple[int, int | None]] = []
        self._standings: dict[int, tuple[str, bool]] = {}
        self._abouts: dict[int, dict[str, Fact]] = {}

    def told_before(self, position: int) -> list[tuple[int, int | None]]:
        """The sources of speech, quoted or not, that stand before ``position``."""
        return self.told[: bisect_left(self._told_starts, position)]

    def is_open(self, position: int) -> bool:
        """Whether nobody knows yet whom the source of speech at ``position`` stands for."""
        return self.told[bisect_left(self._told_starts, position)][1] is None

    def settle(self, position: int, entity: int | None) -> None:
        """Say whom the source of speech at ``position`` stands for."""
        self.told[bisect_left(self._told_starts, position)] = (position, entity)

    def note(self, position: int, entity: int | None) -> None:
        """Remember that the mention at ``position``, the source of a quotation, is ``entity``."""
        self._spoken.append((position, entity))
        number = bisect_left(self._told_starts, position)
        if number < len(self.told) and self._told_starts[number] == position:
            self.told[number] = (position, entity)

    def antecedents(self, mention: Mention, pronoun: str) -> list[Antecedent]:
        """The entities that ``pronoun`` may stand for where ``mention`` stands, with features."""
        fits = fitting(pronoun)
        latest: dict[int, int] = {}
        for number in self.index.before(mention.start, REACH):
            entity = self.index.owner[number]
            if (entity not in latest and fits(self.index.entities[entity])) or (
                entity in latest and not self.index.namings[number].quoted
            ):
                latest[entity] = number
        genders = {entity: self._gender_likeness(entity, pronoun) for entity in latest}
        order = sorted(
            [entity for entity in latest if genders[entity] != "other"] or latest,
            key=latest.__getitem__,
            reverse=True,
        )
        family, fresh = family_of(pronoun), self._last_quoted(mention.start)
        facts = [self._facts(entity, latest[entity], mention.start) for entity in order]
        near = [entity for entity, known in zip(order, facts, strict=True) if known["lines"] == 0]
        return [
            Antecedent(
                entity,
                {
                    **known,
                    "family": family,
                    "gender": genders[entity],
                    "rank": min(rank, NEVER),
                    "since": self.index.starts[latest[entity]] > fresh,
                    "here": _here(entity, near),
                },
            )
            for rank, (entity, known) in enumerate(zip(order, facts, strict=True))
        ]

    def _facts(self, entity: int, number: int, position: int) -> dict[str, Fact]:
        """What an entity is, where its last naming stands to a pronoun at ``position``, and how
        long ago it spoke or acted."""
        naming = self.index.namings[number]
        place, opens = self._standing(number)
        return {
            **self._about(self.index.entities[entity]),
            "lines": min(
                max(0, bisect_left(self._lines, position) - bisect_left(self._lines, naming.end)),
                NEVER,
            ),
            "place": place,
            "opens": opens,
            "quoted": naming.quoted,
            "full": len(naming.words) > 1,
            "role": naming.role is not None,
            "spoke": next(
                (
                    age
                    for age, (_, other) in enumerate(reversed(self._spoken[-_SPOKEN:]))
                    if other == entity
                ),
                NEVER,
            ),
            "told": self._told_age(entity, position),
            "subject": self._subject_age(entity, position),
        }

    def _standing(self, number: int) -> tuple[str, bool]:
        """What a naming does in its sentence, and whether it opens its paragraph.

        Asked again for every pronoun after it.
        """
        if number not in self._standings:
            self._standings[number] = (
                self._place(self.index.namings[number]),
                self._opens(self.index.namings[number]),
            )
        return self._standings[number]

    def _about(self, entity: Entity) -> dict[str, Fact]:
        """What sort of thing an entity is; asked again for every pronoun after it.

        ``initial`` is a lone word that only ever opens a sentence.
        """
        known = self._abouts.get(id(entity))
        if known is None:
            starts = [self.index.starts[number] for number in entity.namings[:_MANY]]
            known = self._abouts[id(entity)] = {
                "person": self.index.is_person(entity),
                "words": min(len(entity.words), NEVER),
                "initial": (
                    len(entity.words) == 1
                    and not entity.roles
                    and all(_OPENS.search(self.text[max(0, start - 5) : start]) for start in starts)
                ),
            }
        return known

    def _gender_likeness(self, entity: int, pronoun: str) -> str:
        """Whether an entity's gender, by title or first name, is that of a pronoun.

        ``same``, ``other``, or ``none`` where nothing tells.
        """
        sort = pronoun_sort(pronoun)
        gender = self.index.likely_gender(self.index.entities[entity])
        if gender is None or sort not in ("m", "f"):
            return "none"
        return "same" if gender == sort else "other"

    def _last_quoted(self, position: int) -> int:
        """Where the last quotation before the one at hand ended: names after it are fresh."""
        index = bisect_left(self._quoted_starts, position) - 1
        while index >= 0 and position - self._quoted[index][1] < _BETWEEN:
            index -= 1
        return self._quoted[index][1] if index >= 0 else -1

    def _opens(self, naming: Naming) -> bool:
        """Whether a name stands among the first words of its paragraph."""
        line = (
            self._lines[bisect_left(self._lines, naming.start) - 1]
            if self._lines and self._lines[0] < naming.start
            else 0
        )
        return (
            naming.start - line < _OPENING
            and len(self.text[line : naming.start].split()) < _OPENING_WORDS
        )

    def _subject_age(self, entity: int, position: int) -> int:
        """How many subjects of parsed verbs have come since the entity was one.

        0 for the last, 3 for none of the last three.
        """
        stop = bisect_left(self._acted, (position, -1))
        recent = [other for _, other in self._acted[max(0, stop - _SUBJECTS) : stop]]
        return next(
            (age for age, other in enumerate(reversed(recent)) if other == entity), _SUBJECTS
        )

    def _told_age(self, entity: int, position: int) -> int:
        """How many sources of speech, quoted or not, have come since the entity was one."""
        stop = bisect_left(self._told_starts, position)
        recent = [other for _, other in self.told[max(0, stop - _TOLD) : stop] if other is not None]
        return next((age for age, other in enumerate(reversed(recent)) if other == entity), NEVER)

    def _place(self, naming: Naming) -> str:
        """What a name does in its sentence."""
        sentence = bisect_right(self.index.ends, naming.start)
        start = max(self.index.ends[sentence - 1] if sentence else 0, naming.start - _BEFORE)
        return place_of(
            self.text[start : naming.start], self.text[naming.end : naming.end + _AFTER]
        )
