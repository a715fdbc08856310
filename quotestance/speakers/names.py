"""Names: every place in a text where a name stands, and the role that goes with it.

Found in the raw text by capitals, without a parser: a name matters only when a mention asks for it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from quotestance.lexicon import ROLES, SURNAME_ROLES
from quotestance.linear import LinearModel
from quotestance.marks.paragraphs import Bounds
from quotestance.speakers.bodies import is_body
from quotestance.speakers.boundaries import NameStarts, Runs, Token
from quotestance.speakers.runs import MONTHS, bare, bare_run, find_runs, is_no_name
from quotestance.speakers.titles import (
    Gender,
    honorific_before,
    role_after,
    role_before,
    role_end,
)

_NO_SURNAMES = ROLES - SURNAME_ROLES


class Naming(NamedTuple):
    """One place where a name stands.

    The name without title, the role in front of it or behind it, and how sure it is that the name
    begins where it does.
    """

    start: int
    end: int
    words: tuple[str, ...]
    role: str | None
    honorific: str | None
    quoted: bool
    definite: bool = False
    sure: float = 1.0


def find_namings(
    text: str,
    quoted: Sequence[Bounds],
    first_names: Mapping[str, Gender],
    boundaries: LinearModel | None = None,
) -> list[Naming]:
    """Every place where a name stands, in order, quoted or not.

    ``boundaries`` judges where in a run of capitals the name begins; without it, behind known
    titles only.
    """
    starts = [start for start, _ in quoted]
    runs = find_runs(text, first_names)
    judge = NameStarts(Runs(text, [bare_run(run) for run in runs], first_names), boundaries)
    namings = (_naming(text, run, quoted, starts, judge) for run in runs)
    return [naming for naming in namings if naming is not None]


def _naming(
    text: str,
    tokens: Sequence[Token],
    quoted: Sequence[Bounds],
    starts: Sequence[int],
    judge: NameStarts,
) -> Naming | None:
    """The naming in a run of capitals; None where the run is not a name."""
    cut, sure = _start(tokens, judge)
    title, name = tokens[:cut], tokens[cut:]
    words = _name_words(tuple([word for word, _, _ in name]))
    if words is None:
        return None
    where = bisect_right(starts, name[0][1]) - 1
    inside = where >= 0 and name[0][1] < quoted[where][1]
    honorific = title[-1][0] if title else honorific_before(text, tokens[0][1])
    return Naming(
        name[0][1],
        name[-1][2],
        words,
        _role(text, title, name, judge),
        honorific,
        inside,
        text[max(0, tokens[0][1] - 4) : tokens[0][1]].lower() == "the ",
        sure,
    )


def _start(tokens: Sequence[Token], judge: NameStarts) -> tuple[int, float]:
    """The number of the word where the name of a run begins, and how sure that is."""
    if len(tokens) < 2:
        return 0, 1.0
    cut = role_end(tokens)
    words = tuple([word for word, _, _ in tokens])
    if cut or is_body(words):
        return cut, 1.0
    return judge.start(bare_run(tokens))


def _role(
    text: str, title: Sequence[Token], name: Sequence[Token], judge: NameStarts
) -> str | None:
    """The role beside a name: the words in front of it, unless they name a place or a party."""
    words = " ".join(word for word, _, _ in title)
    titled = not judge.stands_alone(bare_run(title)) if title else len(name) > 1
    role = role_before(text, (title or name)[0][1], words) if titled else None
    if role is None and len(name) > 1:
        return role_after(text, name[-1][2])
    return role


@lru_cache(maxsize=4096)
def _name_words(tokens: tuple[str, ...]) -> tuple[str, ...] | None:
    """The words of a name without what clings to them; None where they are not a name."""
    if not tokens or not any(character.isalpha() for character in tokens[0]):
        return None
    words = (*[bare(token, inside=True) for token in tokens[:-1]], bare(tokens[-1]))
    is_name = _is_lone_name(words[0]) if len(words) == 1 else _ends_in_surname(words)
    return words if is_name else None


def _ends_in_surname(words: Sequence[str]) -> bool:
    return words[-1].lower().rstrip(".") not in _NO_SURNAMES


def _is_lone_name(word: str) -> bool:
    """Whether a word with a capital is a name by itself; a month may be, but not in capitals."""
    lower = word.lower().rstrip(".")
    if len(word) < 2 or lower in ROLES:
        return False
    is_month = lower in MONTHS and word != word.upper()
    return is_month or not is_no_name(word)
