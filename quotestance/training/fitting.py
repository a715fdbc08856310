"""Fitting: the weights of linear models over named features, by scikit-learn.

Ranking learns from pairs: the features of a right candidate less those of a wrong one (RankSVM's
construction, Joachims 2002, with logistic loss).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from quotestance.attribution.kinds import KINDS
from quotestance.linear import Features


@dataclass(frozen=True, slots=True)
class Group:
    """The candidates of one decision, and which of them are right."""

    features: list[Features]
    right: list[bool]
    weight: float

    @property
    def is_open(self) -> bool:
        """Whether there is something to decide: a right candidate and a wrong one."""
        return any(self.right) and not all(self.right)


def _matrix(features: Sequence[Features]) -> tuple[Any, list[str]]:
    """Features as a sparse matrix of shape (rows, names), and the names."""
    from sklearn.feature_extraction import DictVectorizer

    vectorizer = DictVectorizer(sparse=True)
    matrix = _narrow(vectorizer.fit_transform(features).tocsr())
    return matrix, list(vectorizer.feature_names_)


def _narrow(matrix: Any) -> Any:
    """The matrix with 32-bit indices, the only ones that scikit-learn's solvers take."""
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    return matrix


def fit_pairwise(groups: Sequence[Group], strength: float) -> dict[str, float]:
    """Weights that put the right candidates of each group above the wrong ones."""
    import numpy as np
    import scipy.sparse
    from sklearn.linear_model import LogisticRegression

    used = [group for group in groups if group.is_open]
    if not used:
        return {}
    matrix, names = _matrix([features for group in used for features in group.features])
    pairs = _pairs(used)
    better, worse, weights = map(list, zip(*pairs, strict=True))
    difference = matrix[better] - matrix[worse]
    both = _narrow(scipy.sparse.vstack([difference, -difference]).tocsr())
    fitted = LogisticRegression(
        C=strength, fit_intercept=False, solver="liblinear", max_iter=1000, random_state=0
    ).fit(both, np.repeat([1, 0], len(pairs)), sample_weight=weights + weights)
    return dict(zip(names, fitted.coef_[0].tolist(), strict=True))


class _Pair(NamedTuple):
    """The rows of a right and of a wrong candidate of one decision, and how much they count."""

    better: int
    worse: int
    weight: float


_RIGHT = 2  # right candidates of a decision that are paired; not tuned


def _pairs(groups: Sequence[Group]) -> list[_Pair]:
    """Every wrong candidate of each group beside the first right ones; the groups' candidates are
    numbered through."""
    pairs = []
    start = 0
    for group in groups:
        numbered = list(enumerate(group.right, start))
        right = [number for number, ok in numbered if ok][:_RIGHT]
        wrong = [number for number, ok in numbered if not ok]
        weight = group.weight / len(wrong) ** 0.5 / len(right)
        pairs += [_Pair(better, worse, weight) for worse, better in product(wrong, right)]
        start += len(group.features)
    return pairs


def fit_multinomial(
    features: Sequence[Features], labels: Sequence[int], weights: Sequence[float], strength: float
) -> dict[str, tuple[float, ...]]:
    """The weights of several classes for each feature, that make ``labels`` most probable."""
    from sklearn.linear_model import LogisticRegression

    matrix, names = _matrix(features)
    fitted = LogisticRegression(C=strength, fit_intercept=False, max_iter=500).fit(
        matrix, labels, sample_weight=weights
    )
    table: dict[str, tuple[float, ...]] = {}
    for column, name in enumerate(names):
        scores = dict(zip(fitted.classes_.tolist(), fitted.coef_[:, column].tolist(), strict=True))
        table[name] = tuple(scores.get(kind, -9.0) for kind in range(len(KINDS)))
    return table


def fit_logistic(
    features: Sequence[Features],
    labels: Sequence[bool],
    weights: Sequence[float] | None,
    strength: float,
) -> dict[str, float]:
    """The weights that make ``labels`` most probable; ``strength`` is inverse regularisation."""
    from sklearn.linear_model import LogisticRegression

    matrix, names = _matrix(features)
    fitted = LogisticRegression(
        C=strength, fit_intercept=False, solver="liblinear", random_state=0
    ).fit(matrix, labels, sample_weight=weights)
    return dict(zip(names, fitted.coef_[0].tolist(), strict=True))
