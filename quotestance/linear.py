"""Linear models over named features: what scores candidates, kinds, antecedents and confidence.

A fact is what is known of a candidate (``side``: after); a feature is a conjunction of facts
(``after|same|speech``) with a weight that training learned.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

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


Array = np.ndarray[Any, Any]
_STEPS = 150  # L-BFGS steps: 300 moved no probability of real_dev by more than 0.002


def fit_softmax(
    matrix: csr_matrix | Array,
    targets: Array,
    weights: Array,
    strength: float,
    start: tuple[Array, Array] | None = None,
) -> tuple[Array, Array]:
    """The coefficients (classes, features) and intercepts (classes,) that make ``targets`` (rows,
    classes) most probable.

    ``strength`` is the inverse strength of the pull towards ``start``. Without one, coefficients
    are pulled to zero and intercepts are free; with one, intercepts stay: data without some class
    must not teach that the class does not exist.
    """
    from scipy.optimize import minimize  # here: scoring needs no more than ``softmax``

    classes = targets.shape[1]
    coefficients, intercepts = (
        start if start is not None else (np.zeros((classes, matrix.shape[1])), np.zeros(classes))
    )
    size, free = coefficients.size, float(start is None)
    scale = 1.0 / max(float(weights.sum()), 1e-12)

    def loss(moved: Array) -> tuple[float, Array]:
        change = moved[:size].reshape(coefficients.shape)
        logits = matrix @ (coefficients + change).T + (intercepts + moved[size:])
        logs = logits - logits.max(axis=1, keepdims=True)
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        pulled = change / strength
        error = (np.exp(logs) - targets) * weights[:, None]
        value = -(weights[:, None] * targets * logs).sum() + 0.5 * (change * pulled).sum()
        slope = np.concatenate([((matrix.T @ error).T + pulled).ravel(), free * error.sum(axis=0)])
        return float(value * scale), np.asarray(slope * scale)

    found = minimize(
        loss,
        np.zeros(size + classes),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _STEPS, "ftol": 1e-9, "gtol": 1e-6},
    ).x
    return coefficients + found[:size].reshape(coefficients.shape), intercepts + found[size:]


def softmax(scores: Array) -> Array:
    """The probabilities of scores (rows, classes).

    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
