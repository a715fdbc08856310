"""Titles: roles and honorifics in front of names and behind them, and the gender they tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from quotestance.lexicon import (
    ABBREVIATIONS,
    BODIES,
    HONORIFICS,
    HONORIFICS_FEMALE,
    HONORIFICS_MALE,
    NOT_NAMES,
    OFFICES,
    PUBLISHERS,
    ROLE_MODIFIERS,
    ROLES,
    TITLE_WORDS,
)

Gender = Literal["m", "f"]

# The ends of words that tell a gender; an honorific does so by itself.
_MALE = (
    "spokesman",
    "chairman",
    "congressman",
    "councilman",
    "businessman",
    "policeman",
    "husband",
)
_FEMALE = ("woman", "actress", "wife", "widow", "daughter", "mother")
_GENDERS: tuple[tuple[Gender, frozenset[str], tuple[str, ...]], ...] = (
    ("m", HONORIFICS_MALE, _MALE),
    ("f", HONORIFICS_FEMALE, _FEMALE),
)
_WORDS = re.compile(r"[\w-]+")

_SHORT_TITLE = re.compile(
    rf"\b({'|'.join(sorted(title.capitalize() for title in HONORIFICS & ABBREVIATIONS))})\.["
    r" \u00a0]$"
)
_ABBREVIATED = 8  # characters of an abbreviated title and the space behind it
_BODIES_AND_ROLES = BODIES | ROLES
_NEVER_IN_TITLES = NOT_NAMES - ROLE_MODIFIERS
# Titles that stand in front of a lone surname less often than they are a first name.
_OFTENER_FIRST_NAMES = frozenset({"dean"})
_BEFORE, _BEFORE_WORDS = 90, 7  # characters and words before a name in which its role stands

_APPOSITION = re.compile(
    r",\s+(?:who (?:is|was|serves as|heads)\s+)?((?:[\w’'.&-]+["
    r" ]){0,9}?[\w’'.&-]+)(?=[,.;:—–)]|\s(?:who|said|says|told|and|has|had|was|is)\b)"
)
# What somebody is, whatever the noun: "the chaplain of the league", "a retired bell-founder".
_DEFINITE = re.compile(r"(?:the|an?)\s[a-z]")
_SAYING = re.compile(r"\s(?:said|says|told)\b")
_BODY_APPOSITION = re.compile(
    r",\s+(?:an?|the|one of (?:the|[\w’'-]+[’']s))"
    rf"\s((?:[\w’'&.-]+\s){{0,5}}?)({'|'.join(sorted(PUBLISHERS | BODIES - ROLES))})"
    r"(?=[,.;:]|\s(?:of|that|which|for|in|based|who|with)\b)"
)


def gender_of(honorific: str | None, role: str | None) -> Gender | None:
    """The gender that an honorific or a role tells.

    >>> gender_of("Mrs", None), gender_of(None, "union spokesman"), gender_of(None, "minister")
    ('f', 'm', None)
    """
    words = [(honorific or "").lower().rstrip("."), *_WORDS.findall((role or "").lower())]
    found = (
        gender
        for word in words
        for gender, honorifics, ends in _GENDERS
        if word in honorifics or word.endswith(ends)
    )
    return next(found, None)


def honorific_before(text: str, start: int) -> str | None:
    """The abbreviated title in front of a name, whose full stop ended the run of capitals.

    >>> honorific_before("Then Ms. Silva left.", 9)
    'Ms'
    """
    if text[start - 2 : start - 1] != ".":
        return None
    match = _SHORT_TITLE.search(text, max(0, start - _ABBREVIATED), start)
    return match.group(1) if match else None


def role_end(tokens: Sequence[tuple[str, int, int]]) -> int:
    """How many tokens at the front of a run of capitals are a title.

    >>> role_end([("Prime", 0, 5), ("Minister", 6, 14), ("Shinzo", 15, 21), ("Abe", 22, 25)])
    2
    """
    words = [token[0].lower().rstrip(".") for token in tokens]
    if len(words) == 2 and words[0] in _OFTENER_FIRST_NAMES:
        return 0
    for number in range(len(words) - 1, 0, -1):
        if not _is_role(words[number - 1]):
            continue
        if words[number] in ("of", "for"):
            return _office_end(words, number)
        if words[number] not in _BODIES_AND_ROLES:
            return number
    return 0


def _office_end(words: Sequence[str], link: int) -> int:
    """Where an office behind *of* ends ("Secretary of State"); at the link where none stands."""
    ends = (number for number in range(link + 1, len(words)) if words[number - 1] in OFFICES)
    return next(ends, link)


def _is_role(word: str) -> bool:
    lower = word.lower().rstrip(".,")
    return lower in ROLES or lower.rsplit("-", 1)[-1] in ROLES


def _belongs_to_role(word: str) -> bool:
    """Whether a word left of a role is part of it.

    "the Israeli foreign" of "the Israeli foreign minister", "union" of "union leader".
    """
    lower = word.lower().rstrip(".,")
    if lower in _NEVER_IN_TITLES and word != "New":
        return False
    return (
        word[:1].isupper()
        or lower in TITLE_WORDS
        or lower in BODIES
        or word.endswith(("’s", "'s", "-"))
    )


def _ends_sentence(word: str) -> bool:
    """Whether a word of a title's left side closes the sentence before."""
    bare = word.rstrip('"”’)')
    return bare.endswith(("!", "?")) or (
        bare.endswith(".")
        and len(bare) > 2
        and "." not in bare[:-1]
        and bare[:-1].lower() not in ABBREVIATIONS
    )


def role_before(text: str, start: int, title: str) -> str | None:
    """The role in front of a name.

    Capitals that are a title, and the words before them that belong to it.
    """
    left = text[max(0, start - _BEFORE) : start]
    words = left.rpartition("\n")[2].split() if left.endswith((" ", "\u00a0")) else []
    taken: list[str] = []
    for word in reversed(words[-_BEFORE_WORDS:]):
        belongs = _belongs_to_role if title or taken else _is_role
        if _ends_sentence(word) or not belongs(word):
            break
        taken.append(word)
    role = " ".join([*reversed(taken), *title.split()]).strip(" ,-–—•*·")
    return role or None


def body_after(text: str, end: int) -> str | None:
    """What sort of body an apposition behind a name says it is.

    "group" of "X, a campaign group,".
    """
    match = _BODY_APPOSITION.match(text, end)
    if not match or not ROLES.isdisjoint(match.group(1).lower().split()):
        return None
    return match.group(2).lower()


def role_after(text: str, end: int) -> str | None:
    """The role in an apposition behind a name: "X, the minister of Y,".

    In "after X, a minister said" somebody else speaks.
    """
    match = _APPOSITION.match(text, end)
    if not match or _SAYING.match(text, match.end(1)):
        return None
    words = match.group(1)
    known = any(map(_is_role, _WORDS.findall(words.lower())))
    return words if known or _DEFINITE.match(words) else None
