"""Calibration: from a classifier's scores to probabilities that mean what they say and whose most
probable class is the best guess.

A shift of each class makes the rare classes as findable as macro-F1 asks; a temperature (Guo et al.
2017) then makes the top probability the share of right answers. Both are fitted on predictions for
quotations that the classifier had not been trained on.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

# The shifts that are tried; a class shifted by 0.9 is more than twice as likely.
_SHIFTS = np.linspace(-0.9, 0.9, 13)
# Held-out quotations of each class below which a shift is not fitted: macro-F1 of fewer is noise.
_FEWEST = 20
# The temperatures that are tried: from five times surer to five times less sure. And how near to 0
# and 1 a probability may come, so that one sure error does not cost everything. Not tuned.
_TEMPERATURES, _SUREST = (0.2, 5.0), 1e-6


def softmax(scores: Array) -> Array:
    """The probabilities of scores (rows, classes).

    ``scipy.special.softmax`` gives the same; loading it takes a tenth of a second, for which the
    first result would wait.

    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A shift of each class's score and the temperature that divides them."""

    shift: tuple[float, ...]
    temperature: float = 1.0

    def __call__(self, scores: Array) -> Array:
        """Probabilities of scores, of the same shape.

        >>> Calibration((0.0, 0.0), 2.0)(np.array([[0.0, 0.0]])).tolist()
        [[0.5, 0.5]]
        """
        return softmax(self.moved(scores))

    def moved(self, scores: Array) -> Array:
        """The scores, shifted and divided by the temperature."""
        return np.asarray((scores + np.array(self.shift)) / self.temperature)


def fit_calibration(scores: Array, columns: Array, weights: Array) -> Calibration:
    """The calibration of held-out ``scores`` (rows, classes); the right classes: ``columns``."""
    # Here: only training needs it, and every first score would wait for it.
    from scipy.optimize import minimize_scalar

    shift = _shift(scores, columns, weights)
    moved = scores + shift
    right = moved.argmax(axis=1) == columns

    def loss(temperature: float) -> float:
        top = np.clip(softmax(moved / temperature).max(axis=1), _SUREST, 1 - _SUREST)
        return float(-np.average(np.where(right, np.log(top), np.log(1 - top)), weights=weights))

    return Calibration(
        tuple(float(value) for value in shift),
        float(minimize_scalar(loss, bounds=_TEMPERATURES, method="bounded").x),
    )


def _shift(scores: Array, columns: Array, weights: Array) -> Array:
    """The shift of best macro-F1, its neighbours counted in so that a lucky point does not win.

    None where a class is too rare.
    """
    classes = scores.shape[1]
    if classes < 3 or np.bincount(columns, minlength=classes).min() < _FEWEST:
        return np.zeros(classes)
    table = np.array(
        [
            [_macro(scores + np.array([first, 0.0, last]), columns, weights) for last in _SHIFTS]
            for first in _SHIFTS
        ]
    )
    padded = np.pad(table, 1, mode="edge")
    smooth = sum(
        padded[1 + down : 1 + down + len(_SHIFTS), 1 + right : 1 + right + len(_SHIFTS)]
        for down, right in product((-1, 0, 1), repeat=2)
    )
    first, last = np.unravel_index(int(np.argmax(smooth)), table.shape)
    return np.array([_SHIFTS[first], 0.0, _SHIFTS[last]])


def _macro(scores: Array, columns: Array, weights: Array) -> float:
    from sklearn.metrics import f1_score

    guessed: Any = scores.argmax(axis=1)
    return float(
        f1_score(columns, guessed, average="macro", sample_weight=weights, zero_division=0)
    )
