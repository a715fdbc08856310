"""Boundaries of names: where in a run of capitals the name itself begins.

"Chef Hugo Lang", "Labour Ida Moss", "In Oslo Hugo Okafor": what stands in front of a name is an
open class, so no list of words decides. A linear model weighs what the words around each possible
cut show: a table of first names, the other names of the text, the same word in small letters
elsewhere, the place in the sentence, and the end of the word in front.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from quotestance.linear import Fact, FeatureRows, Features, LinearModel
from quotestance.speakers.titles import Gender

Token = tuple[str, int, int]  # a word with its place in the text

_ROWS = FeatureRows(
    "cut first before",
    "cut first rest",
    "cut before opens",
    "cut first after",
    "cut common opens",
    "cut common first",
    "cut elsewhere",
    "cut elsewhere first",
    "cut preposition opens",
    "cut capitals",
    "suffix",
    "suffix first",
    prefixes={"cut": ""},
)
# Words inside names of many languages, which the text may write with a capital ("Al", "Van").
PARTICLES = frozenset(
    """de del della der den di da do dos du la le van von bin ibn bint al el ben ten ter zu
    abu""".split()
)
_LETTERS = 3  # at the end of the word in front of a cut; of 2 to 4 as good as any in cross-fitting
_REACH = 12  # characters before a run that are looked at
_MOST = 4  # words after a cut that are told apart; longer runs are titles and headlines
_LOWER = re.compile(r"\b[a-z][a-z'’-]{2,}")
_OPENS = re.compile(r"(?:^|[\n.!?:”\"“•*—–-])\s*\Z")
_PREPOSITION = re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Oo]utside|[Ii]nside|[Oo]f)\s\Z")


@dataclass(frozen=True)
class Runs:
    """The runs of capitals of one text, and the words that it writes in small letters too."""

    text: str
    runs: Sequence[Sequence[Token]]
    first_names: Mapping[str, Gender]
    _known: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for run in self.runs:
            words = tuple([word for word, _, _ in run])
            self._known[words] = self._known.get(words, 0) + 1

    @cached_property
    def _lower(self) -> frozenset[str]:
        return frozenset(_LOWER.findall(self.text))

    def count(self, words: Sequence[Token]) -> int:
        """How many runs of the text are just these words."""
        return self._known.get(tuple([word for word, _, _ in words]), 0)

    def is_place(self, words: Sequence[Token]) -> bool:
        """Whether words stand behind a preposition: "in Oslo"."""
        start = words[0][1]
        return _PREPOSITION.search(self.text, max(0, start - _REACH), start) is not None

    def cuts(self, run: Sequence[Token]) -> list[Features]:
        """For each place where the name of a run may begin, the features that speak for it."""
        start = run[0][1]
        words = [word for word, _, _ in run]
        shared = {
            "opens": _OPENS.search(self.text[max(0, start - _REACH) : start]) is not None,
            "preposition": self.is_place(run),
        }
        return [
            dict.fromkeys(_ROWS.names({**shared, **self._facts(words, cut)}), 1.0)
            for cut in range(len(words))
        ]

    def _facts(self, words: Sequence[str], cut: int) -> dict[str, Fact]:
        front = words[:cut] or words[:1]
        last = words[cut - 1] if cut else ""
        known = self._known.get(tuple(words[cut:]), 0) - (cut == 0)
        return {
            "cut": "in" if cut else "whole",
            "first": self._sort(words[cut]),
            "before": self._sort(last) if cut else "none",
            "after": self._sort(words[cut + 1]) if cut + 1 < len(words) else "none",
            "rest": min(len(words) - cut, _MOST),
            "common": any(word.lower() in self._lower for word in front),
            "elsewhere": known > 0,
            "capitals": last.isupper() and len(last) > 1,
            "suffix": last[-_LETTERS:].lower(),
        }

    def _sort(self, word: str) -> str:
        """What a word is by itself: a first name, an initial, a particle, or other."""
        if len(word.rstrip(".")) == 1:
            return "initial"
        if word.lower() in PARTICLES:
            return "particle"
        return "known" if word.lower().split("-")[0] in self.first_names else "other"


@dataclass(frozen=True)
class NameStarts:
    """Where the names of a text's runs begin, by a linear model over their cuts."""

    runs: Runs
    model: LinearModel | None

    def start(self, run: Sequence[Token]) -> tuple[int, float]:
        """The number of the word where the name of a run begins, and how sure that is.

        >>> run = [("Chef", 0, 4), ("Hugo", 5, 9), ("Lang", 10, 14)]
        >>> runs = Runs("Chef Hugo Lang left.", [run], {"hugo": "m"})
        >>> NameStarts(runs, LinearModel({"in|first=known|before=other": 5.0})).start(run)[0]
        1
        """
        if len(run) < 2 or self.model is None or not self.model.weights:
            return 0, 1.0
        starts = [cut for cut in range(len(run)) if not self._inside(run, cut)]
        cuts = self.runs.cuts(run)
        chances = self.model.probabilities([cuts[cut] for cut in starts]) if starts else [1.0]
        best = max(range(len(chances)), key=chances.__getitem__)
        return (starts or [0])[best], chances[best]

    def _inside(self, run: Sequence[Token], cut: int) -> bool:
        """Whether a cut would part a particle from the words it belongs to: Abu al-Baraa."""
        beside = run[max(0, cut - 1) : cut + 1]
        small = cut > 0 and run[cut][0][:1].islower()
        return small or any(word.lower() in PARTICLES for word, _, _ in beside)

    def stands_alone(self, words: Sequence[Token]) -> bool:
        """Whether words are a name of their own: behind a preposition, or alone elsewhere."""
        return self.runs.is_place(words) or self.runs.count(words) > 0
