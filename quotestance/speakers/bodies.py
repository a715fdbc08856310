"""Bodies: which names are those of bodies and places, by their words alone."""

from __future__ import annotations

from functools import lru_cache

from quotestance.lexicon import BODIES, METONYMS, ROLES


@lru_cache(maxsize=4096)
def is_body(words: tuple[str, ...]) -> bool:
    """Whether a name is a body's or a place's rather than a person's, by its words alone."""
    lower = [word.lower().rstrip(".") for word in words]
    if (
        lower[-1] in BODIES
        or len(words) > _LONGEST
        or any(word in ("of", "for", "the", "and") for word in lower)
    ):
        return True
    if " ".join(lower) in METONYMS or " ".join(lower) in _PLACES:
        return True
    capitals = [word for word in words if len(word) > 2 and word.isupper() and word.isalpha()]
    return (
        (len(words) == 1 and len(words[0]) > 1 and words[0].isupper())
        or 0 < len(capitals) < len(words)
        or any(word in _PLAIN_BODIES for word in lower[:-1])
    )


_LONGEST = (
    5  # words of a person's name: longer runs of capitals are titles and headlines; not tuned
)


_PLAIN_BODIES = BODIES - ROLES


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
