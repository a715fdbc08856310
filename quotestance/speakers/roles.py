"""Roles: offices that people hold, and whether two wordings mean the same one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from quotestance.lexicon import DEMONYMS, LEADING_ROLES, METONYMS, ROLE_FILLERS, ROLES, TITLE_WORDS

LEADER = "leader"  # of a country: its president, its prime minister
# How like words must be that are the same head ("minster" is a minister) or the same modifier.
_SAME_HEAD, _SAME_WORD = 0.8, 0.75
# How like two roles with the same head are: at least, and what all of the modifiers add; without
# modifiers. The threshold that they meet in ``holders`` is tuned on them.
_HEAD, _REST, _ALONE = 0.3, 0.7, 0.6
_SAME_START, _START = 0.9, 4  # how like words are with the same first letters, and how many these
_LENGTHS = 2  # letters by which misspelled words may differ in length


def is_title(words: str) -> bool:
    """Whether nothing but a title stands in ``words``: capitals, roles and their modifiers.

    >>> is_title("Prime Minister"), is_title("who met")
    (True, False)
    """
    return all(
        word[:1].isupper() or word.lower().rstrip(".") in TITLE_WORDS for word in words.split()
    )


def is_plural(head: str) -> bool:
    """Whether a role is that of several.

    >>> is_plural("ministers"), is_plural("chairmen"), is_plural("minister")
    (True, True, False)
    """
    several = head.endswith("men") or (head.endswith("s") and head[:-1] in ROLES)
    return several and head not in ROLES


def role_likeness(mention: str, role: str) -> float:
    """How far a role in a mention and a role beside a name are the same office, in [0, 1];
    misspellings and nationalities are met.

    >>> role_likeness("the Israeli prime minster", "Israel's Prime Minister") > 0.8
    True
    >>> role_likeness("the French president", "Egyptian President") > 0.5
    False
    >>> role_likeness("the French leader", "French President")
    1.0
    >>> role_likeness("the leader", "President"), role_likeness("the leader", "party leader")
    (0.0, 0.6)
    """
    ours, theirs = _role_words(mention), _role_words(role)
    heads = _heads_met(ours, role) if ours and theirs else []
    if not heads:
        return 0.0
    rest = ours[:-1]
    met = sum(max(_likeness(word, other) for other in theirs) > _SAME_WORD for word in rest)
    whole = bool(rest) and met == len(rest)
    if _is_leader_by_office(ours, heads, theirs) and not whole:
        return 0.0
    return _HEAD + _REST * met / len(rest) if rest else _ALONE


def _is_leader_by_office(
    ours: tuple[str, ...], heads: Sequence[str], theirs: tuple[str, ...]
) -> bool:
    """Whether only the office makes somebody "the leader": a president of the country, not of the
    company."""
    return ours[-1] == LEADER and LEADER not in theirs and list(heads) == [LEADER]


def _heads_met(ours: tuple[str, ...], role: str) -> list[str]:
    """The heads of a role that the last of our words is, give or take a misspelling."""
    return [head for head in role_heads(role) if _likeness(ours[-1], head) >= _SAME_HEAD]


def same_head(words: str, head: str) -> bool:
    """Whether the last word of a role is an office's head, give or take a misspelling.

    >>> same_head("the prime minster", "minister")
    True
    """
    ours = _role_words(words)[-1:]
    return bool(ours) and _likeness(ours[0], head) >= _SAME_HEAD


@lru_cache(maxsize=4096)
def role_heads(role: str) -> tuple[str, ...]:
    """The words of a role that name an office, ``leader`` too where it leads a country; the last
    word where none does.

    >>> role_heads("Israeli Prime Minister"), role_heads("Israeli Foreign Minister")
    (('minister', 'leader'), ('minister',))
    """
    words = _role_words(role)
    leads = LEADER not in words and (
        not LEADING_ROLES.isdisjoint(words) or "prime minister" in role.lower()
    )
    return tuple(word for word in words if word in ROLES) + (LEADER,) * leads or tuple(words[-1:])


@lru_cache(maxsize=4096)
def _role_words(words: str) -> tuple[str, ...]:
    head = re.sub(r"[’']s\b", " ", words.lower())
    main, _, tail = head.partition(" of ")
    ordered = f"{tail} {main}" if tail else main
    return tuple(
        DEMONYMS.get(word, word)
        for word in re.findall(r"[\w.-]+", ordered)
        if word not in ROLE_FILLERS
    )


@lru_cache(maxsize=65536)
def _likeness(left: str, right: str) -> float:
    if left == right or METONYMS.get(left) == right:
        return 1.0
    if min(len(left), len(right)) > _START and left[:_START] == right[:_START]:
        return _SAME_START
    if abs(len(left) - len(right)) > _LENGTHS:
        return 0.0
    return SequenceMatcher(None, left, right).ratio()
