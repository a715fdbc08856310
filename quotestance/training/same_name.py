"""Whether a name is the annotated one: the two rules by which predicted speakers are judged.

Both are those of the project's article scorer. ``same_full_name`` is the one that figures are
reported by; ``same_last_name`` is lenient, and lets a surname alone and a namesake pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotestance.lexicon import word_set

# Words that are no part of a name: "President John Kerry" is John Kerry.
_TITLES = word_set(
    "mr mrs ms dr sir lord lady president prime minister foreign secretary the a an of u.s us"
    " general sen rep senator"
)
# An alias with one of these is an office, no name: "Secretary of State" is not John Kerry's name.
_OFFICES = word_set(
    "ambassador chairman chairwoman chair chancellor chief coach commissioner commander director"
    " envoy general governor head justice king leader manager mayor minister officer official"
    " officials premier president prince principal queen secretary senator spokesman spokeswoman"
    " spokesperson"
)
_WORD = re.compile(r"[\w’'.-]+")
_POSSESSIVE = re.compile(r"[’']s")
_ARTICLE = re.compile(r"^the\s", re.IGNORECASE)
_INDEFINITE = re.compile(
    r"(?:an?|one|another|some|several|many|two|three)\s", re.IGNORECASE
)  # "An official", "two aides": a source without a name
_AFTER_HEAD = re.compile(
    r"\s(?:of|for|from|in|at|with|on|by|who|that|to|near|close)\s"
)  # what follows says more of a source, and is not its head


def same_full_name(name: str | None, gold: Sequence[str]) -> bool:
    """Whether a name is the full one, ``gold[0]``, or another full name among its aliases.

    Titles count for nothing. A surname alone is wrong, and so is an office or any other word in
    front of the name. A source that is only described is right with the same head; nobody is
    nobody.

    >>> same_full_name("Mr. John Kerry", ["John Kerry"]), same_full_name("Kerry", ["John Kerry"])
    (True, False)
    >>> same_full_name("a rebel official", ["an official close to the talks"])
    True
    """
    names = [other for other in gold if other]
    if not name or not names:
        return not name and not names
    words, full = _words(name), _words(names[0])
    if words == full:
        return True
    if _is_described(names[0]):
        return _head(name) == _head(names[0])
    return any(_is_another_name(words, full, _words(alias)) for alias in names[1:])


def same_last_name(name: str | None, gold: Sequence[str]) -> bool:
    """Whether a name is one of the gold names: equal, or with the same last word, titles dropped;
    nobody is nobody.

    >>> same_last_name("Kerry", ["John Kerry"]), same_last_name(None, ["John Kerry"])
    (True, False)
    """
    if not name or not gold:
        return not name and not gold
    words = _words(name)
    return any(
        words == other or bool(words and other and words[-1] == other[-1])
        for other in map(_words, gold)
    )


def _words(name: str) -> list[str]:
    bare = _POSSESSIVE.sub("", name.lower())
    words = [word for word in (found.strip(".'’") for found in _WORD.findall(bare)) if word]
    return [word for word in words if word not in _TITLES] or words


def _is_another_name(words: list[str], full: list[str], alias: list[str]) -> bool:
    """Whether a name equals an alias that is neither a piece of the full name nor an office."""
    return words == alias and not set(words) < set(full) and _OFFICES.isdisjoint(alias)


def _is_described(name: str) -> bool:
    """Whether a source has no name: "a senior rebel official", "the spokesman"."""
    bare = _ARTICLE.sub("", name.strip())
    return bare[:1].islower() or _INDEFINITE.match(bare) is not None


def _head(name: str) -> str:
    """The noun that a description is about: "official" of "an official of the ministry"."""
    words = _words(_AFTER_HEAD.split(f" {name.strip()}", maxsplit=1)[0] or name)
    return words[-1] if words else ""
