"""Coreference: which entity of a text a pronoun or a description most probably stands for.

A linear model over recency, grammatical role, number, gender and being the topic, the cues of the
literature on anaphora (Lappin and Leass, 1994).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

from quotestance.attribution.mentions import Mention
from quotestance.linear import Fact, Features, LinearModel
from quotestance.speakers.antecedents import (
    EPITHETS,
    NEVER,
    REACH,
    Antecedent,
    family_of,
    fitting,
    place_of,
    pronoun_sort,
    unnamed_features,
)
from quotestance.speakers.discourse import Discourse
from quotestance.speakers.entities import Entity
from quotestance.speakers.name_index import NameIndex
from quotestance.speakers.names import Naming

_OPENING, _OPENING_WORDS = 80, 6  # characters and words in which a paragraph opens; not tuned
_MANY = 50  # namings of an entity that are looked at
_BEFORE, _AFTER = 60, 110  # characters around a name that tell what it does in its sentence
# Names behind a pronoun, the sentences and the characters in which they stand; not tuned.
_NAMES_AHEAD, _FOLLOWING, _AHEAD = 2, 2, 600
_FRONTED = re.compile(
    r"\s*(?:after|although|as|before|by|despite|even|if|in|once|since|though|until|when|while)\b"
    r"[^,;:.]*\Z",
    re.IGNORECASE,
)
_LINE = re.compile(r"\n")
_OPENS = re.compile(r"(?:^|[.!?”\"’:)]\s|\n\s*|[“\"‘(])$")


class Coreference:
    """What pronouns and descriptions of one text may stand for, and what they stand for.

    >>> index = NameIndex("Ana Silva met Klaus Low. She left.", [], {"ana": "f", "klaus": "m"})
    >>> coreference = Coreference(index, Discourse([], [], []), LinearModel({}))
    >>> entity, probability = coreference.best(Mention(25, 28, (25, 28), "pronoun"), "she")
    >>> index.entities[entity].name, probability
    ('Ana Silva', 1.0)
    """

    def __init__(self, index: NameIndex, discourse: Discourse, ranker: LinearModel):
        self._index, self._text = index, index.text
        self._discourse, self._ranker = discourse, ranker
        self._lines = [match.start() for match in _LINE.finditer(self._text)]
        self._standings: dict[int, dict[str, Fact]] = {}
        self._abouts: dict[int, dict[str, Fact]] = {}

    def best(self, mention: Mention, sort: str) -> tuple[int | None, float]:
        """The entity that a pronoun or a description most probably stands for, and how probably.

        None where no entity fits, or where a description is rather of nobody named.
        """
        found, features = self.choices(mention, sort)
        if not features:
            return None, 0.0
        probabilities = self._ranker.probabilities(features)
        best = max(range(len(features)), key=probabilities.__getitem__)
        return (found[best].entity if best < len(found) else None), probabilities[best]

    def choices(self, mention: Mention, sort: str) -> tuple[list[Antecedent], list[Features]]:
        """The entities that a pronoun or a description may stand for, and the features of each.

        A description has one more: it may be of nobody named.
        """
        found = self.antecedents(mention, sort)
        features = [one.features for one in found]
        if sort in EPITHETS:
            people = next((int(one.facts["people"]) for one in found), 0)
            features.append(unnamed_features(sort, people))
        return found, features

    def antecedents(self, mention: Mention, pronoun: str) -> list[Antecedent]:
        """The entities that ``pronoun`` may stand for where ``mention`` stands, the last first."""
        latest = self._latest(mention, fitting(pronoun))
        genders = {entity: self._gender_likeness(entity, pronoun) for entity in latest}
        order = sorted(
            [entity for entity in latest if genders[entity] != "other"] or latest,
            key=latest.__getitem__,
            reverse=True,
        )
        facts = [self._facts(entity, latest[entity], mention.start) for entity in order]
        shared = self._shared(mention, pronoun, facts)
        near = [entity for entity, known in zip(order, facts, strict=True) if known["lines"] == 0]
        fresh = self._discourse.last_quoted(mention.start)
        return [
            Antecedent(
                entity,
                {
                    **known,
                    **shared,
                    "gender": genders[entity],
                    "rank": min(rank, NEVER),
                    "since": self._index.starts[latest[entity]] > fresh,
                    "here": _here(entity, near),
                    "alone": bool(known["person"]) and shared["people"] == 1,
                },
            )
            for rank, (entity, known) in enumerate(zip(order, facts, strict=True))
        ]

    def _shared(
        self, mention: Mention, pronoun: str, facts: Sequence[Mapping[str, Fact]]
    ) -> dict[str, Fact]:
        """What is known of a mention itself: the sort, its clause, how many people it may be."""
        return {
            "family": family_of(pronoun),
            "fronted": self._is_fronted(mention.start),
            "people": sum(bool(known["person"]) for known in facts),
        }

    def _latest(self, mention: Mention, fits: Callable[[Entity], bool]) -> dict[int, int]:
        """The entities that fit a mention, each with its last naming before it that counts: one
        inside a quotation only where there is no other."""
        latest: dict[int, int] = {}
        for number in self._index.before(mention.start, REACH):
            entity = self._index.owner[number]
            quoted = self._index.namings[number].quoted
            counts = not quoted if entity in latest else fits(self._entity(entity))
            if counts and not (quoted and self._only_opens(self._entity(entity))):
                latest[entity] = number
        if mention.type == "pronoun":
            for number in self._ahead(mention, fits, _FOLLOWING if not latest else 0):
                latest.setdefault(self._index.owner[number], number)
        return latest

    def _ahead(self, mention: Mention, fits: Callable[[Entity], bool], sentences: int) -> list[int]:
        """The first names behind a pronoun in its sentence: "While he called it a joke, Leo Danz
        stayed"; and in so many ``sentences`` that follow."""
        last = bisect_right(self._index.ends, mention.start) + sentences
        end = self._index.ends[last] if last < len(self._index.ends) else len(self._text)
        found = self._index.within(mention.end, min(end, mention.end + _AHEAD))
        return [
            number
            for number in found
            if not self._index.namings[number].quoted
            and fits(self._entity(self._index.owner[number]))
        ][:_NAMES_AHEAD]

    def _is_fronted(self, position: int) -> bool:
        """Whether a pronoun stands in a clause in front of the main one."""
        start = self._index.sentence_start(position)
        near = position - start < _AHEAD
        return near and _FRONTED.match(self._text, start, position) is not None

    def _entity(self, number: int) -> Entity:
        return self._index.entities[number]

    # ---------- what is known of an entity
    def _facts(self, entity: int, number: int, position: int) -> dict[str, Fact]:
        """What an entity is, where its last naming stands to a pronoun at ``position``, and how
        long ago it spoke or acted."""
        end = self._index.namings[number].end
        lines = bisect_left(self._lines, position) - bisect_left(self._lines, end)
        return {
            **self._about(self._entity(entity)),
            **self._standing(number),
            **self._discourse.ages(entity, position),
            "lines": min(max(0, lines), NEVER),
            "ahead": self._index.starts[number] > position,
        }

    def _about(self, entity: Entity) -> dict[str, Fact]:
        """What sort of thing an entity is; asked again for every pronoun after it.

        ``initial`` is a lone word that only ever opens a sentence.
        """
        known = self._abouts.get(id(entity))
        if known is None:
            known = self._abouts[id(entity)] = {
                "person": self._index.is_person(entity),
                "words": min(len(entity.words), NEVER),
                "initial": self._only_opens(entity),
            }
        return known

    def _only_opens(self, entity: Entity) -> bool:
        """Whether an entity is a lone word that nothing but sentences open with: "Younger"."""
        if len(entity.words) > 1 or entity.roles or self._index.likely_gender(entity):
            return False
        starts = [self._index.starts[number] for number in entity.namings[:_MANY]]
        return all(_OPENS.search(self._text[max(0, start - 5) : start]) for start in starts)

    def _standing(self, number: int) -> dict[str, Fact]:
        """What a naming is and does in its sentence, and whether it opens its paragraph.

        Asked again for every pronoun after it.
        """
        known = self._standings.get(number)
        if known is None:
            naming = self._index.namings[number]
            known = self._standings[number] = {
                "place": self._place(naming),
                "opens": self._opens(naming),
                "quoted": naming.quoted,
                "full": len(naming.words) > 1,
                "role": naming.role is not None,
            }
        return known

    def _gender_likeness(self, entity: int, pronoun: str) -> str:
        """Whether an entity's gender, by title or first name, is that of a pronoun.

        ``same``, ``other``, or ``none`` where nothing tells.
        """
        sort = pronoun_sort(pronoun)
        gender = self._index.likely_gender(self._entity(entity))
        if gender is None or sort not in ("m", "f"):
            return "none"
        return "same" if gender == sort else "other"

    def _opens(self, naming: Naming) -> bool:
        """Whether a name stands among the first words of its paragraph."""
        before = bisect_left(self._lines, naming.start)
        line = self._lines[before - 1] if before else 0
        words = self._text[line : naming.start].split()
        return naming.start - line < _OPENING and len(words) < _OPENING_WORDS

    def _place(self, naming: Naming) -> str:
        """What a name does in its sentence."""
        start = max(self._index.sentence_start(naming.start), naming.start - _BEFORE)
        return place_of(
            self._text[start : naming.start], self._text[naming.end : naming.end + _AFTER]
        )


def _here(entity: int, near: Sequence[int]) -> str:
    """Whether an entity is the only one named in the paragraph of the pronoun, one of several, or
    not there while another is: "Brandt disagreed. “...,” he said." is about Brandt."""
    if entity in near:
        return "only" if len(near) == 1 else "among"
    return "elsewhere" if near else "nobody"
