"""Antecedents: which of the names before a pronoun it may stand for, and what speaks for each.

A linear model weighs the features (``training.decisions`` has what it learns from); the facts that
they are made of are read in ``coreference``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from quotestance.lexicon import (
    DEMONYMS,
    PRONOUNS_FEMALE,
    PRONOUNS_FIRST,
    PRONOUNS_MALE,
    PRONOUNS_NEUTRAL,
    PRONOUNS_PLURAL,
    SPEECH_VERBS,
)
from quotestance.linear import Fact, FeatureRows, Features
from quotestance.speakers.entities import Entity
from quotestance.speakers.titles import Gender

# The features of a possible antecedent, as conjunctions of facts about it; counts are capped.
_ROWS = FeatureRows(
    "family lines/4",
    "family rank/4",
    "family spoke/3",
    "family told/3",
    "family place/0",
    "family gender/0",
    "family quoted/1",
    "family initial/1 place/0",
    "family full/1 role/1",
    "family person/1 words/2",
    "family opens/1 lines/2",
    "family subject/3 told/2",
    "family since/1 place/0",
    "family since/1 spoke/2 lines/2",
    "family lines/2 spoke/2",
    "family rank/2 place/0",
    "family rank/2 spoke/1",
    "family here",
    "family here place/0",
    "family here spoke/1",
    "family ahead/2 fronted",
    "family alone subject/1",
    "family alone lines/2",
    "family ahead/2 full/1",
    prefixes={"family": ""},
)
# Names before a pronoun that are looked at; of 198 pronouns of articles_train none had the right
# one more than 20 back.
REACH = 24
NEVER = 9  # an age: not among the last ones; no count is capped above it


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
        return dict.fromkeys(_ROWS.names(self.facts), 1.0)


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
    rf"{_FROM}(?:,[^.,\n”\"“]{{2,70}}){{0,2}},?\s(?:(?:who|also|later|has|had|\w+ly)\s){{0,3}}(?:{_VERBS})\b"
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


def _fits_named(entity: Entity) -> bool:
    return not entity.described and entity.name.lower() not in DEMONYMS


EPITHETS = ("the role", "the body", "the other")  # descriptions by the sort of their head
_FITS: dict[str, Callable[[Entity], bool]] = {
    **dict.fromkeys(EPITHETS, _fits_named),
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
_SORTS.update(zip(EPITHETS, EPITHETS, strict=True))


def unnamed_features(family: str, people: int) -> Features:
    """What speaks for a description being of nobody named before, with so many people named.

    >>> unnamed_features("the role", 0)
    {'the role|unnamed': 1.0, 'the role|unnamed|people=0': 1.0}
    """
    return {f"{family}|unnamed": 1.0, f"{family}|unnamed|people={min(people, 3)}": 1.0}


def pronoun_sort(pronoun: str) -> str:
    """What a pronoun stands for: ``m``, ``f``, ``it``, ``they``, ``i`` or ``other``.

    >>> pronoun_sort("her"), pronoun_sort("who")
    ('f', 'other')
    """
    return _SORTS.get(pronoun, "other")
