"""Entities: a person or body with all its namings, and which namings can be of the same one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from quotestance.letters import UPPER
from quotestance.lexicon import (
    FAMILY_NAMES_FIRST,
    NAME_SUFFIXES,
)
from quotestance.quote import SpeakerKind
from quotestance.speakers.bodies import is_body
from quotestance.speakers.names import Naming
from quotestance.speakers.titles import Gender, gender_of


@dataclass(slots=True)
class Entity:
    """A person or body with all its namings.

    ``words`` is the fullest name, ``sure`` how sure it is that it begins there,
    ``nouns`` what sort of body the text says it is ("group").
    """

    words: tuple[str, ...]
    is_body: bool
    sure: float = 1.0
    namings: list[int] = field(default_factory=list)
    gender: Gender | None = None
    described: bool = False
    kind: SpeakerKind = "person"
    names: set[str] = field(default_factory=set)
    roles: list[str] = field(default_factory=list)
    nouns: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The fullest name the text gives."""
        return " ".join(self.words)


_ARTICLE = re.compile(
    r"^(?:[ae]l|a[dnrst]|ash)[-’']"
)  # Bashar al-Assad is Assad, Abdel Fattah el-Sisi is Sisi


def family_first(words: Sequence[str]) -> bool:
    """Whether a name begins with its family name, as in Korea and China.

    Park Geun-hye, Moon Jae In.
    """
    return _HYPHENATED.fullmatch(words[-1]) is not None or (
        len(words) < 4 and words[0].lower() in FAMILY_NAMES_FIRST
    )


_HYPHENATED = re.compile(rf"{UPPER}[^\W_]*-[a-z]+")


@lru_cache(maxsize=4096)
def surname(words: tuple[str, ...]) -> str:
    """The word that stands for the whole name.

    The last one that is not a suffix, without an Arabic article.
    """
    tail = [word for word in words if word.lower().rstrip(".") not in NAME_SUFFIXES]
    return _ARTICLE.sub("", (tail or words)[-1].lower())


def compatible(entity: Entity, naming: Naming, gender: Gender | None) -> bool:
    """Whether a naming can be of the entity.

    Its words are among the entity's, initials standing for first names.
    """
    if len(naming.words) == 1:
        return gender is None or gender_of(naming.honorific, naming.role) in (None, gender)
    if {word.lower() for word in naming.words} <= {word.lower() for word in entity.words}:
        return True
    if entity.is_body or is_body(naming.words):
        return False
    ours, theirs = entity.words[0].lower(), naming.words[0].lower()
    return ours.startswith(theirs.rstrip(".")) or theirs.startswith(ours.rstrip("."))


def goes_by_first(entity: Entity) -> bool:
    """Whether the first word alone may stand for the name.

    Ban for Ban Ki-moon, Boris for Boris Johnson, the North for North Korea.
    """
    if entity.words[0] in ("North", "South"):
        return entity.words[-1] == "Korea"
    return not entity.is_body
