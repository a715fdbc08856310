"""Fitting: the weights of linear models over named features.

Ranking learns from pairs: the features of a right candidate less those of a wrong one (RankSVM's
construction, Joachims 2002, with logistic loss). From nothing, weights are pulled towards zero, by
scikit-learn; from a ``start`` they are pulled towards those that it has, and a feature that it does
not have begins at zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from quotestance.attribution.kinds import KINDS
from quotestance.linear import Features, LinearModel, logistic
from quotestance.stance.fine_tuning import near
from quotestance.stance.soft_targets import two_sided


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


class Known(NamedTuple):
    """What fitting starts from: the weights of features, and how much stronger than that on a new
    feature the pull towards each of them is, 1 where it is not known."""

    weights: Mapping[str, Any]
    pull: Mapping[str, float]


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


def fit_pairwise(
    groups: Sequence[Group], strength: float, start: Known | None = None
) -> dict[str, float]:
    """Weights that put the right candidates of each group above the wrong ones."""
    import numpy as np
    import scipy.sparse
    from sklearn.linear_model import LogisticRegression

    used = [group for group in groups if group.is_open]
    if not used:
        return dict(start.weights) if start else {}
    difference, names, weights = _differences(used)
    if start is not None:  # each pair counts twice, as below
        right = [True] * len(weights)
        return _moved_binary(difference, names, right, weights, 2 * strength, start)
    both = _narrow(scipy.sparse.vstack([difference, -difference]).tocsr())
    fitted = LogisticRegression(
        C=strength, fit_intercept=False, solver="liblinear", max_iter=1000, random_state=0
    ).fit(both, np.repeat([1, 0], len(weights)), sample_weight=weights + weights)
    return dict(zip(names, fitted.coef_[0].tolist(), strict=True))


def _differences(groups: Sequence[Group]) -> tuple[Any, list[str], list[float]]:
    """The features of right candidates less those of wrong ones, their names, and how much each
    pair counts."""
    matrix, names = _matrix([features for group in groups for features in group.features])
    better, worse, weights = map(list, zip(*_pairs(groups), strict=True))
    return matrix[better] - matrix[worse], names, weights


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
    """The weights of the kinds for each feature, that make ``labels`` most probable."""
    from sklearn.linear_model import LogisticRegression

    matrix, names = _matrix(features)
    fitted = LogisticRegression(C=strength, fit_intercept=False, max_iter=500).fit(
        matrix, labels, sample_weight=weights
    )
    table: dict[str, tuple[float, ...]] = {}
    coefficients = two_sided(fitted.coef_.T).T  # of two classes it has one row
    for column, name in enumerate(names):
        scores = dict(zip(fitted.classes_.tolist(), coefficients[:, column].tolist(), strict=True))
        table[name] = tuple(scores.get(kind, -9.0) for kind in range(len(KINDS)))
    return table


def fit_logistic(
    features: Sequence[Features],
    labels: Sequence[bool],
    weights: Sequence[float],
    strength: float,
    start: Known | None = None,
) -> dict[str, float]:
    """The weights that make ``labels`` most probable; ``strength`` is inverse regularisation."""
    from sklearn.linear_model import LogisticRegression

    matrix, names = _matrix(features)
    if start is None and len(set(labels)) < 2:
        start = Known({}, {})  # scikit-learn does not learn from answers that are all right
    if start is not None:
        return _moved_binary(matrix, names, labels, weights, strength, start)
    fitted = LogisticRegression(
        C=strength, fit_intercept=False, solver="liblinear", random_state=0
    ).fit(matrix, labels, sample_weight=weights)
    return dict(zip(names, fitted.coef_[0].tolist(), strict=True))


# ---------- from a start
def move_multinomial(
    features: Sequence[Features],
    targets: Sequence[Sequence[float]],
    weights: Sequence[float],
    strength: float,
    start: Known,
) -> dict[str, tuple[float, ...]]:
    """The weights of the kinds for each feature near those of ``start``, that make ``targets``, the
    probabilities of the kinds, most probable."""
    if not features:
        return {name: tuple(row) for name, row in start.weights.items()}
    matrix, names = _matrix(features)
    return _moved(matrix, names, targets, weights, strength, start)


def _moved_binary(
    matrix: Any,
    names: Sequence[str],
    labels: Sequence[bool],
    weights: Sequence[float],
    strength: float,
    start: Known,
) -> dict[str, float]:
    """As ``_moved`` for yes or no: two classes whose weights are opposite halves of the one.

    The pull on two halves is half as strong as that on the whole: hence half the ``strength``.
    """
    halves = {name: (-weight / 2, weight / 2) for name, weight in start.weights.items()}
    targets = [(float(not right), float(right)) for right in labels]
    moved = _moved(matrix, names, targets, weights, strength / 2, Known(halves, start.pull))
    return {name: yes - no for name, (no, yes) in moved.items()}


def _moved(
    matrix: Any,
    names: Sequence[str],
    targets: Sequence[Sequence[float]],
    weights: Sequence[float],
    strength: float,
    start: Known,
) -> dict[str, tuple[float, ...]]:
    """The weights of ``start`` with those of ``names`` moved: near what they were, 0 where new.

    A column that is divided by a number has a weight that moves as if the pull were its square.
    """
    import numpy as np

    classes = len(targets[0])
    known = np.array([start.weights.get(name, (0.0,) * classes) for name in names]).T
    held = np.array([start.pull.get(name, 1.0) for name in names]) ** 0.5
    fixed = np.zeros(classes)  # models here have no intercepts
    scaled = matrix.multiply(1 / held).tocsr()
    found = near(scaled, np.array(targets), np.array(weights), strength, (known * held, fixed))
    moved = dict(zip(names, map(tuple, (found / held).T.tolist()), strict=True))
    return {**{name: tuple(row) for name, row in start.weights.items()}, **moved}


# ---------- how well weights are known
def pull_pairwise(groups: Sequence[Group], model: LinearModel, strength: float) -> dict[str, float]:
    """For each feature how strong a pull towards its weight these decisions are worth."""
    used = [group for group in groups if group.is_open]
    if not used:
        return {}
    difference, names, weights = _differences(used)
    scores = difference @ [model.weights.get(name, 0.0) for name in names]
    chances = [[logistic(score)] for score in scores.tolist()]
    return _pull(difference, names, chances, weights, 2 * strength)


def pull_of_classes(
    features: Sequence[Features],
    chances: Sequence[Sequence[float]],
    weights: Sequence[float],
    strength: float,
) -> dict[str, float]:
    """The same for classes with these probabilities; that of the class that is known best."""
    if not features:
        return {}
    matrix, names = _matrix(features)
    return _pull(matrix, names, chances, weights, strength)


def _pull(
    matrix: Any,
    names: Sequence[str],
    chances: Sequence[Sequence[float]],
    weights: Sequence[float],
    strength: float,
) -> dict[str, float]:
    """The curvature of the loss at each weight, in units of the pull towards zero that it was
    learned with (Laplace's approximation, one weight at a time).

    With it a weight that much was learned about stays, and what is learned next is left to
    weights that little is known about.
    """
    import numpy as np

    doubt = np.array(chances) * (1 - np.array(chances)) * np.array(weights)[:, None]
    curvature = np.asarray(matrix.power(2).T @ doubt).max(axis=1)
    return dict(zip(names, (1.0 + strength * curvature).tolist(), strict=True))
