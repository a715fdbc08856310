"""Antecedents: which of the names before a pronoun it may stand for, and what speaks for each.

A linear model weighs the features (``attribution_training`` learns it); the facts they are made of
are read in ``speaker``. The cues are those of the literature on anaphora: recency, grammatical
role, number, gender, and being the topic (Lappin and Leass, 1994).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from quotestance.lexicon import (
    DEMONYMS,
    PRONOUNS_FEMALE,
    PRONOUNS_FIRST,
    PRONOUNS_MALE,
    PRONOUNS_NEUTRAL,
    PRONOUNS_PLURAL,
    SPEECH_VERBS,
)
from quotestance.speakers.names import Entity, Gender

Features = dict[str, float]
Fact = int | bool | str

# The features of a possible antecedent, as conjunctions of facts about it; counts are capped at the
# number beside them.
_ANTECEDENT_FEATURES: tuple[tuple[tuple[str, int], ...], ...] = (
    (("lines", 4),),
    (("rank", 4),),
    (("spoke", 3),),
    (("told", 3),),
    (("place", 0),),
    (("gender", 0),),
    (("quoted", 1),),
    (("initial", 1), ("place", 0)),
    (("full", 1), ("role", 1)),
    (("person", 1), ("words", 2)),
    (("opens", 1), ("lines", 2)),
    (("subject", 3), ("told", 2)),
    (("since", 1), ("place", 0)),
    (("since", 1), ("spoke", 2), ("lines", 2)),
    (("lines", 2), ("spoke", 2)),
    (("rank", 2), ("place", 0)),
    (("rank", 2), ("spoke", 1)),
)
NEVER = 9  # an age: not among the last ones; no count is capped above it
_READ = tuple(itemgetter("family", *(name for name, _ in row)) for row in _ANTECEDENT_FEATURES)


class Antecedent(NamedTuple):
    """An entity that a pronoun may stand for, and what is known of the two: counts as they are or
    ``NEVER``, words, yes or no.

    ``family`` among the facts is what the pronoun stands for (``person``, ``it``, ``they``, ...).
    """

    entity: int
    facts: Mapping[str, Fact]

    @property
    def features(self) -> Features:
        """What speaks for the entity, by name."""
        return {
            _name(row, read(self.facts)): 1.0
            for row, read in zip(_ANTECEDENT_FEATURES, _READ, strict=True)
        }


def _name(row: Sequence[tuple[str, int]], values: Sequence[Fact]) -> str:
    """The name of a feature: the family, and the facts of its row under their caps."""
    said = (
        f"{name}={value if isinstance(value, str) else min(int(value), most)}"
        for (name, most), value in zip(row, values[1:], strict=True)
    )
    return "|".join([str(values[0]), *said])


_Row = tuple[Callable[[Mapping[str, Fact]], Any], dict[Any, float], tuple[tuple[str, int], ...]]


@dataclass(slots=True)
class AntecedentRanker:
    """A linear model over the features of antecedents; how well each fits its pronoun.

    >>> AntecedentRanker({"person|gender=same": 0.5}) == AntecedentRanker({})
    False
    """

    weights: Mapping[str, float]
    # Each row's weights by the values of its facts: a value seen before costs no name.
    _rows: list[_Row] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._rows = [
            (read, {}, row) for row, read in zip(_ANTECEDENT_FEATURES, _READ, strict=True)
        ]

    def score(self, antecedent: Antecedent) -> float:
        """The sum of the weights of an antecedent's features."""
        facts = antecedent.facts
        weights = [known.get(read(facts)) for read, known, _ in self._rows]
        return sum(
            [
                self._look_up(number, facts) if weight is None else weight
                for number, weight in enumerate(weights)
            ]
        )

    def _look_up(self, number: int, facts: Mapping[str, Fact]) -> float:
        """The weight of a row for facts that it has not met yet; remembered."""
        read, known, row = self._rows[number]
        weight = known[read(facts)] = self.weights.get(_name(row, read(facts)), 0.0)
        return weight


def family_of(pronoun: str) -> str:
    """The sort of a pronoun, *he* and *she* taken together.

    >>> family_of("she"), family_of("it")
    ('person', 'it')
    """
    sort = pronoun_sort(pronoun)
    return "person" if sort in ("m", "f") else sort


# ---------- what a name does in its sentence
def place_of(before: str, after: str) -> str:
    """What a name does in its sentence, told by the words around it: ``speaker``, ``subject``,
    ``possessive``, ``object`` or ``elsewhere``.

    >>> place_of("", " told reporters on Monday"), place_of("a talk with ", " on Monday")
    ('speaker', 'object')
    """
    if _POSSESSED.match(after):
        return "possessive"
    if _SPEAKS.match(after) or _SPOKEN_BY.search(before):
        return "speaker"
    if _GOVERNED.search(before):
        return "object"
    return "subject" if _ACTS.match(after) or _LEADS.search(before) else "elsewhere"


_VERBS = "|".join(sorted(SPEECH_VERBS, key=len, reverse=True))
_POSSESSED = re.compile(r"[’']s?\s")
_FROM = (  # "Jan Low of Texas", "Rep. Ana Low (D-Calif.)"
    r"(?:\s(?:of|from)\s[A-Z][\w.]+(?:\s[A-Z][\w.]+)?|\s\([A-Z]-[\w.]+\))?"
)
_SPEAKS = re.compile(
    rf"{_FROM}(?:,[^.,\n”\"“]{{2,70}}){{0,2}},?\s(?:who\s|also\s|later\s|has\s|had\s|\w+ly\s)*(?:{_VERBS})\b"
)
_SPOKEN_BY = re.compile(rf"\b(?:{_VERBS})\s(?:[\w’'.-]+\s){{0,5}}$")
_GOVERNED = re.compile(
    r"\b(?:of|to|with|for|from|by|on|in|at|against|about|between|over|and|than|like)\s(?:[\w.’'-]+\s){0,3}$"
)
_ACTS = re.compile(rf"{_FROM},?\s(?:who\b|(?:\w+ly\s)?\w+(?:ed|s|id|ld)\b|has\b|is\b)")
_LEADS = re.compile(r"^\s*[“\"]?(?:[Tt]he\s)?$|[.!?\n”\"]\s*$")


# ---------- which entities fit which pronoun
def fitting(pronoun: str) -> Callable[[Entity], bool]:
    """What tells whether a pronoun may stand for an entity, by gender where a title tells it, and
    by what sort of thing it is.

    >>> fits = fitting("she")
    >>> fits(Entity(("Ana", "Silva"), is_body=False)), fits(Entity(("Treasury",), is_body=True))
    (True, False)
    """
    return _FITS.get(pronoun, _fits_anyone)


def _fits_person(gender: Gender) -> Callable[[Entity], bool]:
    def fitting(entity: Entity) -> bool:
        people = (
            not entity.is_body
            and entity.name.lower() not in DEMONYMS
            and (not entity.described or entity.kind == "unnamed")
        )
        return people and entity.gender in (None, gender)

    return fitting


def _fits_thing(entity: Entity) -> bool:
    return entity.kind != "unnamed" and (
        entity.is_body or (len(entity.words) == 1 and not entity.roles and entity.gender is None)
    )


def _fits_anyone(entity: Entity) -> bool:
    return True


_FITS: dict[str, Callable[[Entity], bool]] = {
    **dict.fromkeys(PRONOUNS_MALE, _fits_person("m")),
    **dict.fromkeys(PRONOUNS_FEMALE, _fits_person("f")),
    **dict.fromkeys(PRONOUNS_NEUTRAL, _fits_thing),
}
# The last of these wins a word that two of them hold.
_PRONOUNS = (
    (PRONOUNS_FIRST, "i"),
    (PRONOUNS_PLURAL, "they"),
    (PRONOUNS_NEUTRAL, "it"),
    (PRONOUNS_FEMALE, "f"),
    (PRONOUNS_MALE, "m"),
)
_SORTS = {word: sort for words, sort in _PRONOUNS for word in words}


def pronoun_sort(pronoun: str) -> str:
    """What a pronoun stands for: ``m``, ``f``, ``it``, ``they``, ``i`` or ``other``.

    >>> pronoun_sort("her"), pronoun_sort("who")
    ('f', 'other')
    """
    return _SORTS.get(pronoun, "other")
