"""Discourse: who spoke and acted in a text so far, quoted or not."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from quotestance.attribution.introductions import ParsedContext
from quotestance.attribution.mentions import Mention
from quotestance.linear import Fact
from quotestance.marks.paragraphs import Bounds
from quotestance.speakers.antecedents import NEVER

_SPOKEN, _SUBJECTS, _TOLD = 4, 3, 6  # the last ones that count; caps of the features made of them
_BETWEEN = 4  # characters between a quotation and its own tag; not tuned


def tellers(contexts: Sequence[ParsedContext]) -> list[Mention]:
    """The sources that the parsed sentences give speech to, quoted or not.

    A pronoun often stands for one of them.
    """
    return [
        introduction.mention
        for found in contexts
        for introduction in found.introductions
        if introduction.verb_class in ("speech", "phrase")
        or (introduction.verb_class == "manner" and introduction.mention.type != "pronoun")
    ]


def subjects(contexts: Sequence[ParsedContext]) -> list[Mention]:
    """The subjects of all parsed verbs: what a pronoun after them most often continues."""
    return [
        introduction.mention
        for found in contexts
        for introduction in found.introductions
        if introduction.construction in ("subject", "passive", "relative")
    ]


class Discourse:
    """Who has spoken and acted before each place of a text, by the numbers of their entities.

    ``told`` and ``acted`` are the places of sources of speech and of subjects with their entities,
    in order; who has been quoted is added by ``note`` as the quotations are resolved.

    >>> Discourse([], told=[(0, 7), (20, 5)], acted=[(20, 5)]).ages(7, 40)
    {'spoke': 9, 'told': 1, 'subject': 3}
    """

    def __init__(
        self,
        quoted: Sequence[Bounds],
        told: list[tuple[int, int | None]],
        acted: list[tuple[int, int]],
    ):
        self._told, self._acted = told, acted
        self._told_starts = [start for start, _ in told]
        self._quoted = sorted(quoted)
        self._quoted_starts = [start for start, _ in self._quoted]
        self._spoken: list[int | None] = []

    def tell(self, position: int, entity: int | None) -> None:
        """Add a source of speech, the next in order."""
        self._told.append((position, entity))
        self._told_starts.append(position)

    def act(self, position: int, entity: int) -> None:
        """Add a subject, the next in order."""
        self._acted.append((position, entity))

    def told_before(self, position: int, count: int | None = None) -> list[tuple[int, int | None]]:
        """The sources of speech, quoted or not, that stand before ``position``; the last ones."""
        stop = bisect_left(self._told_starts, position)
        return self._told[0 if count is None else max(0, stop - count) : stop]

    def is_open(self, position: int) -> bool:
        """Whether nobody knows yet whom the source of speech at ``position`` stands for."""
        return self._told[bisect_left(self._told_starts, position)][1] is None

    def settle(self, position: int, entity: int | None) -> None:
        """Say whom the source of speech at ``position`` stands for."""
        self._told[bisect_left(self._told_starts, position)] = (position, entity)

    def note(self, position: int, entity: int | None) -> None:
        """Remember that the mention at ``position``, the source of a quotation, is ``entity``."""
        self._spoken.append(entity)
        number = bisect_left(self._told_starts, position)
        if number < len(self._told) and self._told_starts[number] == position:
            self._told[number] = (position, entity)

    def ages(self, entity: int, position: int) -> dict[str, Fact]:
        """How many were quoted, gave speech or acted before ``position`` since an entity did.

        ``NEVER``, or 3 of subjects, where it is not among the last ones.
        """
        told = self.told_before(position, _TOLD)
        stop = bisect_left(self._acted, (position, -1))
        acted = self._acted[max(0, stop - _SUBJECTS) : stop]
        return {
            "spoke": _age(entity, self._spoken[-_SPOKEN:], NEVER),
            "told": _age(entity, [other for _, other in told if other is not None], NEVER),
            "subject": _age(entity, [other for _, other in acted], _SUBJECTS),
        }

    def last_quoted(self, position: int) -> int:
        """Where the last quotation before the one at hand ended: names after it are fresh."""
        index = bisect_left(self._quoted_starts, position) - 1
        while index >= 0 and position - self._quoted[index][1] < _BETWEEN:
            index -= 1
        return self._quoted[index][1] if index >= 0 else -1


def _age(entity: int, recent: Sequence[int | None], never: int) -> int:
    """How many have come since an entity was the last; ``never`` where it is not among them."""
    return next((age for age, other in enumerate(reversed(recent)) if other == entity), never)
