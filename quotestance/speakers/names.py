"""Names: every place in a text where a name stands, and the role that goes with it.

Found in the raw text by capitals, without a parser: a name matters only when a mention asks for it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from quotestance.lexicon import (
    BODIES,
    NOT_NAMES,
    OFFICES,
    ROLES,
    SURNAME_ROLES,
)
from quotestance.marks.paragraphs import (
    Bounds,
    dateline_end,
    split_paragraphs,
)
from quotestance.speakers.titles import (
    Gender,
    honorific_before,
    occupation_end,
    role_after,
    role_before,
    role_end,
)

UPPER = r"[^\W\d_a-zß-öø-ÿ]"


_WORD = (
    r"(?:(?:[aeAEuU][lnsdrt]h?|[Dd]|[Oo])[-’'])?"
    rf"(?:{UPPER}\.(?:-?{UPPER}\.)*|{UPPER}[^\W_]*(?:[-’'](?!s\b)[^\W_]+)*)"
)


_PARTICLE = (
    r"(?:(?:de|del|della|der|den|di|da|do|dos|du|la|le|van|von|bin|ibn|bint|al|el|ben|ten|ter|zu|y|e|of"
    r" the|of|for the|for|and the)\s+)"
)


_NAME = re.compile(
    rf"\b(?=[A-ZaeuEUdo]|[^\x00-\x7f])(?<![’'-]){_WORD}(?:"
    rf",? (?=(?:Jr|Sr)\b){_WORD}\.?|[ \u00a0]{_PARTICLE}{{0,2}}{_WORD}|(?<=Number) \d{{1,3}}\b"
    rf"| \(?“?\"(?=[A-Z]\w+[\"”] [A-Z]){_WORD}[\"”]\)?)*"  # a nickname between marks
)


_BODY_LINK = re.compile(r"\s(?:of the|of|for the|for|and the)\s")


class Naming(NamedTuple):
    """One place where a name stands.

    The name without title, the role in front of it or behind it, and whose name it is.
    """

    start: int
    end: int
    words: tuple[str, ...]
    role: str | None
    honorific: str | None
    quoted: bool
    definite: bool = False


_NO_SURNAMES = ROLES - SURNAME_ROLES


# ---------- one naming
def find_namings(
    text: str, quoted: Sequence[Bounds], first_names: Mapping[str, Gender]
) -> list[Naming]:
    """Every place where a name stands, in order, quoted or not."""
    starts = [start for start, _ in quoted]
    found = []
    headlines = sorted(_headlines(text))
    heads = [start for start, _ in headlines]
    for match in _NAME.finditer(text):
        words = match.group()
        line = bisect_right(heads, match.start()) - 1
        if (line >= 0 and match.start() < headlines[line][1]) or words.lower() in _NEVER_ALONE:
            continue
        for start, end in (match.span(),) if words.isalpha() else _split(text, *match.span()):
            naming = _naming(text, start, end, quoted, starts, first_names)
            if naming is not None:
                found.append(naming)
    return found


_CAPITALS = re.compile(r"(?m)^[ \t]*[A-Z][^a-z\n]{5,79}$")


def _headlines(text: str) -> list[Bounds]:
    """Lines that are headlines.

    All in capitals, or among the first, short, without a full stop, most words with a capital.
    """
    found = []
    for line in _CAPITALS.finditer(text):
        if len(line.group().split()) > 1 and line.group().rstrip()[-1] not in '.,”"':
            found.append(line.span())
    for start, end in split_paragraphs(text[:600])[:3]:
        words = [word for word in text[start:end].split() if len(word) > 3 and word[0].isalpha()]
        if (
            len(words) <= 16
            and text[end - 1] not in '.”"'
            and sum(word[0].isupper() for word in words) > 0.7 * len(words)
        ):
            found.append((start, end))
    return found


def _split(text: str, start: int, end: int) -> list[Bounds]:
    """Cut a run of capitals at *of*, *for* and *and the* unless a body's name goes on there ("Bank
    of England")."""
    cuts, left, body = [], start, False
    for link in _BODY_LINK.finditer(text, start, end):
        head = text[left : link.start()].split()[-1].lower()
        if head in ROLES and _OFFICE.match(text, link.start()):
            continue
        body = body or (head in BODIES and head not in ROLES)
        if not body:
            cuts.append((left, link.start()))
            left = link.end()
    return [*cuts, (left, end)]


_OFFICE = re.compile(
    rf"\s(?:of the|of|for)\s(?:\w+\s)?(?:{'|'.join(sorted(OFFICES))})\b", re.IGNORECASE
)


_TOKEN = re.compile(r"[^\s,\"“”()]+")


def _naming(
    text: str,
    start: int,
    end: int,
    quoted: Sequence[Bounds],
    starts: Sequence[int],
    first_names: Mapping[str, Gender],
) -> Naming | None:
    words = text[start:end]
    found = (
        [(words, start, end)]
        if words.isalpha()
        else [
            (match.group(), match.start(), match.end())
            for match in _TOKEN.finditer(text, start, end)
        ]
    )
    tokens = _trimmed(text, found, first_names)
    cut = (role_end(tokens) or occupation_end(text, tokens, first_names)) if len(tokens) > 1 else 0
    title, name = tokens[:cut], tokens[cut:]
    bare = _name_words(tuple([word for word, _, _ in name]))
    if bare is None:
        return None
    role = (
        role_before(text, tokens[0][1], " ".join(word for word, _, _ in title))
        if title or len(bare) > 1
        else None
    )
    if role is None and len(bare) > 1:
        role = role_after(text, name[-1][2])
    where = bisect_right(starts, name[0][1]) - 1
    inside = where >= 0 and name[0][1] < quoted[where][1]
    honorific = title[-1][0] if title else honorific_before(text, tokens[0][1])
    return Naming(
        name[0][1],
        name[-1][2],
        bare,
        role,
        honorific,
        inside,
        text[max(0, tokens[0][1] - 4) : tokens[0][1]].lower() == "the ",
    )


@lru_cache(maxsize=4096)
def _name_words(tokens: tuple[str, ...]) -> tuple[str, ...] | None:
    """The words of a name without what clings to them, or None where they are none."""
    if not tokens or not any(character.isalpha() for character in tokens[0]):
        return None
    words = tuple(_bare(token) for token in tokens)
    if len(words) > 1:
        return None if words[-1].lower().rstrip(".") in _NO_SURNAMES else words
    word, lower = words[0], words[0].lower().rstrip(".")
    is_month = lower in MONTHS and word != word.upper()
    return (
        None if len(word) < 2 or lower in ROLES or (_is_no_name(word) and not is_month) else words
    )


# Months that are surnames as well: kept after a first name, and alone where such a surname stands
# elsewhere.
MONTHS = frozenset({"may", "april", "june", "august", "march"})


_NEVER_ALONE = NOT_NAMES - MONTHS


def _trimmed(
    text: str, tokens: list[tuple[str, int, int]], first_names: Mapping[str, Gender]
) -> list[tuple[str, int, int]]:
    """A run of capitals without what only a sentence or a dateline capitalises at its edges."""
    line = _line_start(text, tokens[0][1]) if tokens else None
    if line is not None:
        end = dateline_end(text, line, tokens[-1][2] + 60)
        tokens = [token for token in tokens if token[1] >= end]
    while (
        tokens
        and _is_no_name(tokens[0][0])
        and not (len(tokens) == 1 and tokens[0][0].lower() in MONTHS)
        and not (len(tokens) > 1 and tokens[0][0] == "New")
    ):
        tokens = tokens[1:]
    while (
        len(tokens) > 1
        and tokens[-1][0].lower() in NOT_NAMES
        and not (tokens[-1][0].lower() in MONTHS and tokens[-2][0].lower() in first_names)
    ):
        tokens = tokens[:-1]
    return tokens


def _line_start(text: str, start: int) -> int | None:
    """Where a line begins whose first capitals stand at ``start``, or the second city of whose
    dateline does ("SEOUL/TOKYO"); None inside a line."""
    if start == 0 or "\n" in text[max(0, start - 3) : start]:
        return start
    if text[start - 1] != "/":
        return None
    before = text[max(0, start - _CITIES) : start].rpartition("\n")[2].lstrip()
    return start - len(before) if before.isupper() and " " not in before else None


_CITIES = 30  # characters of a dateline's first cities; not tuned


@lru_cache(maxsize=4096)
def _is_no_name(word: str) -> bool:
    """Whether a word with a capital is none that names hold: "The", "I'm"."""
    lower = word.lower()
    return lower.replace("’", "'").partition("'")[0] in NOT_NAMES or lower.endswith(("n't", "n’t"))


def _bare(word: str) -> str:
    if word.isalpha():
        return word
    word = word[:-2] if word.endswith(("’s", "'s")) else word
    return word if word in ("Jr.", "Sr.") or _INITIALS.fullmatch(word) else word.rstrip(".,’'")


_INITIALS = re.compile(r"(?:\w\.)+")
