"""Bodies: which names are those of bodies and places, by their words alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from quotestance.lexicon import BODIES, METONYMS, ROLES

Words = tuple[str, ...]  # of a name, as they stand or in small letters

_LONGEST = 5  # words of a person's name: longer runs are titles and headlines; not tuned
_PLAIN_BODIES = BODIES - ROLES
_LINKS = frozenset({"of", "for", "the", "and"})
_PLACES = frozenset(METONYMS.values()) | {
    "u.s",
    "us",
    "uk",
    "u.k",
    "eu",
    "e.u",
    "un",
    "u.n",
    "america",
    "europe",
}


@lru_cache(maxsize=4096)
def is_body(words: Words) -> bool:
    """Whether a name is a body's or a place's rather than a person's, by its words alone.

    >>> is_body(("Bank", "of", "England")), is_body(("NATO",)), is_body(("Ana", "Silva"))
    (True, True, False)
    """
    lower = tuple([word.lower().rstrip(".") for word in words])
    return any(speaks(words, lower) for speaks in _SIGNS)


def _ends_in_body(words: Words, lower: Words) -> bool:
    return lower[-1] in BODIES


def _is_long(words: Words, lower: Words) -> bool:
    return len(words) > _LONGEST


def _is_linked(words: Words, lower: Words) -> bool:
    return not _LINKS.isdisjoint(lower)


def _is_place(words: Words, lower: Words) -> bool:
    name = " ".join(lower)
    return name in METONYMS or name in _PLACES


def _is_acronym(words: Words, lower: Words) -> bool:
    return len(words) == 1 and len(words[0]) > 1 and words[0].isupper()


def _holds_acronym(words: Words, lower: Words) -> bool:
    """Some words in capitals, not all: "NATO Council", not "ANA SILVA"."""
    acronyms = [word for word in words if len(word) > 2 and word.isupper() and word.isalpha()]
    return 0 < len(acronyms) < len(words)


def _holds_body(words: Words, lower: Words) -> bool:
    """A body's noun before the last word: "Bank Holding"; a role's noun may stand there."""
    return not _PLAIN_BODIES.isdisjoint(lower[:-1])


# What speaks for a body, each alone; the cheap and frequent ones first.
_SIGNS: tuple[Callable[[Words, Words], bool], ...] = (
    _ends_in_body,
    _is_long,
    _is_linked,
    _is_place,
    _is_acronym,
    _holds_acronym,
    _holds_body,
)
