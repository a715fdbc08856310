"""Linear models over named features: what scores candidates, kinds, antecedents and confidence.

A fact is what is known of a candidate (``side``: after); a feature is a conjunction of facts
(``after|same|speech``) with a weight that training learned.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

Features = dict[str, float]
Fact = int | bool | str


class FeatureRows:
    """Features as rows of facts, each a conjunction: ``"side same"`` gives ``after|same``.

    A fact is written ``name=value``, or after the prefix that ``prefixes`` gives for it; a count
    is capped at the number behind a slash (``lines/4``).

    >>> rows = FeatureRows("side", "side lines/4", prefixes={"side": ""})
    >>> rows.names({"side": "after", "lines": 7})
    ['after', 'after|lines=4']
    """

    def __init__(self, *rows: str, prefixes: Mapping[str, str] | None = None):
        known = prefixes or {}
        self._rows = tuple(_Row.of(row.split(), known) for row in rows)

    def names(self, facts: Mapping[str, Fact]) -> list[str]:
        """The names of the features that ``facts`` make, one for each row."""
        return [row.name(facts) for row in self._rows]


class _Row:
    """One conjunction; a name is made once for the values of its facts and then remembered."""

    __slots__ = ("_caps", "_known", "_prefixes", "_read")

    def __init__(self, names: Sequence[str], caps: Sequence[int | None], prefixes: Sequence[str]):
        self._read = itemgetter(*names)
        self._caps, self._prefixes = caps, prefixes
        self._known: dict[object, str] = {}

    @classmethod
    def of(cls, cells: Sequence[str], prefixes: Mapping[str, str]) -> _Row:
        """A row from cells such as ``lines/4``."""
        names, caps = zip(*(cell.partition("/")[::2] for cell in cells), strict=True)
        return cls(
            names,
            [int(cap) if cap else None for cap in caps],
            [prefixes.get(name, f"{name}=") for name in names],
        )

    def name(self, facts: Mapping[str, Fact]) -> str:
        values = self._read(facts)
        known = self._known.get(values)
        return self._made(values) if known is None else known

    def _made(self, values: object) -> str:
        single = values if isinstance(values, tuple) else (values,)
        said = [
            f"{prefix}{value if cap is None or isinstance(value, str) else min(int(value), cap)}"
            for prefix, cap, value in zip(self._prefixes, self._caps, single, strict=True)
        ]
        return self._known.setdefault(values, "|".join(said))


@dataclass(frozen=True, slots=True)
class LinearModel:
    """The weights of features; what they add up to for a candidate, and which of several is likely.

    >>> model = LinearModel({"good": 2.0})
    >>> [round(p, 2) for p in model.probabilities([{"good": 1.0}, {"bad": 1.0}])]
    [0.88, 0.12]
    """

    weights: Mapping[str, float]

    def score(self, features: Features) -> float:
        """The sum of the weights of the features present."""
        get = self.weights.get
        return sum([get(name, 0.0) * value for name, value in features.items()])

    def probabilities(self, candidates: Sequence[Features]) -> list[float]:
        """The probability of each candidate of one decision; they add up to 1."""
        return shares([self.score(features) for features in candidates])


def shares(scores: Sequence[float]) -> list[float]:
    """The softmax of scores.

    >>> shares([0.0, 0.0])
    [0.5, 0.5]
    """
    top = max(scores)
    exponentials = [math.exp(score - top) for score in scores]
    total = sum(exponentials)
    return [value / total for value in exponentials]


def logistic(score: float) -> float:
    """The logistic function of a score, which is kept within plus or minus 30.

    >>> logistic(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
