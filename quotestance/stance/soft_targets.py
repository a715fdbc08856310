"""Soft targets as scikit-learn's ``LogisticRegression`` takes them, and its answers as ours.

A content with the probabilities 0.7, 0.2 and 0.1 becomes a row for each class, of that weight: one
model learns another's probabilities (Hinton et al. 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from quotestance.stance.vocabulary import Array

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression


def one_hot(classes: Sequence[str], known: Array) -> Array:
    """The targets of contents whose classes are certain, of shape (contents, known classes).

    >>> one_hot(["neutral"], np.array(["hardline", "neutral"])).tolist()
    [[0.0, 1.0]]
    """
    absent = sorted(set(classes) - set(known.tolist()))
    if absent:
        raise ValueError(
            f"the model knows no class {', '.join(absent)}; it knows {', '.join(known.tolist())}"
        )
    return np.array([[float(label == name) for name in known] for label in classes])


def balance(targets: Array, weights: Array) -> Array:
    """For each row, how much it counts so that all classes weigh the same."""
    totals = (targets * weights[:, None]).sum(axis=0)
    # A class that no row has weighs nothing, whatever it is divided by.
    return np.asarray(targets @ (weights.sum() / len(totals) / np.maximum(totals, 1e-9)))


def as_rows(targets: Array, weights: Array) -> tuple[Array, Array, Array]:
    """The rows that stand for ``targets``: of each its content, its class and its weight.

    The first content stands for every class, if with no weight: one that nobody saw is still one.

    >>> rows, columns, counts = as_rows(np.array([[0.0, 1.0], [0.25, 0.75]]), np.array([1.0, 2.0]))
    >>> rows.tolist(), columns.tolist(), counts.tolist()
    ([0, 0, 1, 1], [0, 1, 0, 1], [0.0, 1.0, 0.5, 1.5])
    """
    counts = targets * weights[:, None]
    kept = counts > 0
    kept[0] = True
    rows, columns = np.nonzero(kept)
    return rows, columns, counts[rows, columns]


def two_sided(scores: Array) -> Array:
    """One column for each class: of two classes scikit-learn gives only how far the second leads.

    >>> two_sided(np.array([2.0])).tolist(), two_sided(np.array([[1.0, 2.0, 3.0]])).tolist()
    ([[-1.0, 1.0]], [[1.0, 2.0, 3.0]])
    """
    leads = scores if scores.ndim == 1 else scores[:, 0]
    if scores.ndim == 2 and scores.shape[1] > 2:
        return np.asarray(scores)
    return np.column_stack([-leads / 2, leads / 2])


def fitted_classifier(
    coefficients: Array, intercepts: Array, strength: float
) -> LogisticRegression:
    """A ``LogisticRegression`` of these weights, of shape (classes, features) and (classes,)."""
    from sklearn.linear_model import LogisticRegression

    if len(intercepts) == 2:
        coefficients, intercepts = np.diff(coefficients, axis=0), np.diff(intercepts)
    classifier = LogisticRegression(C=strength)
    classifier.coef_, classifier.intercept_ = coefficients, intercepts
    classifier.classes_ = np.arange(max(2, len(intercepts)))
    classifier.n_features_in_ = coefficients.shape[1]
    classifier.n_iter_ = np.zeros(1, dtype=np.int32)
    return classifier
