"""Learning from nothing but examples: a ``LogisticRegression`` over their features, and the
calibration of its scores, fitted on examples held out in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import vstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from quotestance.quote import STANCE_LABELS
from quotestance.stance.calibration import Calibration, fit_calibration
from quotestance.stance.contents import Cues, checked_cues, require_same_length
from quotestance.stance.features import LexicalFeatures
from quotestance.stance.linear_stance import Encoder, matrix_of, with_vectors
from quotestance.stance.soft_targets import as_rows, balance, one_hot, two_sided
from quotestance.stance.vocabulary import Array
from quotestance.tables.labelled import to_class

_FOLDS = 3  # that calibration holds out in turn; not tuned
_FEWEST_HELD = 10  # quotations of each class without which nothing is calibrated; not tuned
# Where the solver stops: closer to the optimum no probability of real_dev moves by more than 2e-4.
# L-BFGS takes three times as long to come as near.
_SOLVER, _TOLERANCE = "newton-cg", 1e-6


@dataclass(frozen=True, slots=True)
class Examples:
    """Contents to learn from, with their targets of shape (contents, classes).

    ``names`` are their groups; ``right`` are the classes that readers gave to the first contents,
    as numbers: only those calibrate, and only their words become features.
    """

    contents: Sequence[str]
    targets: Array
    weights: Array
    names: Array
    cues: Sequence[str | None]
    right: Array

    @classmethod
    def of(
        cls,
        contents: Sequence[str],
        targets: Array,
        weights: Array,
        groups: Sequence[Any] | None,
        cues: Cues,
        right: Array,
    ) -> Examples:
        """Examples that were checked; without groups each stands alone."""
        names = np.arange(len(contents))
        if groups is not None:
            require_same_length(contents, list(groups))
            names = np.asarray([str(group) for group in groups])
        return cls(contents, targets, weights, names, checked_cues(contents, cues), right)

    def take(self, rows: Array) -> Examples:
        """Some of the examples."""
        return Examples(
            [self.contents[row] for row in rows],
            self.targets[rows],
            self.weights[rows],
            self.names[rows],
            [self.cues[row] for row in rows],
            self.right[rows[rows < len(self.right)]],
        )


@dataclass(frozen=True, slots=True)
class Learner:
    """How to learn: the parameters of the estimator."""

    strength: float
    least: int
    encoder: Encoder | None

    def learn(self, examples: Examples) -> tuple[LexicalFeatures, LogisticRegression]:
        """Weights for all examples, over the features of those that have readers."""
        contents, cues, read = examples.contents, examples.cues, len(examples.right)
        features = LexicalFeatures(self.least)
        matrix = features.fit(contents[:read], cues[:read])
        if read < len(contents):
            unread = features.transform(contents[read:], cues[read:])
            matrix = vstack([matrix, unread], format="csr")
        matrix = with_vectors(matrix, features, self.encoder, contents)
        weights = examples.weights * balance(examples.targets, examples.weights)
        rows, columns, counts = as_rows(examples.targets, weights)
        classifier = LogisticRegression(C=self.strength, solver=_SOLVER, tol=_TOLERANCE)
        return features, classifier.fit(matrix[rows], columns, sample_weight=counts)

    def calibrate(self, examples: Examples) -> Calibration:
        """The calibration by the right classes, held out in turn.

        None where there is too little to hold out.
        """
        columns, classes = examples.targets.argmax(axis=1), examples.targets.shape[1]
        none = Calibration((0.0,) * classes)
        held = np.bincount(examples.right, minlength=classes).min()
        if held < _FEWEST_HELD or len(set(examples.names.tolist())) < _FOLDS:
            return none
        scores = np.zeros_like(examples.targets)
        for train, test in GroupKFold(_FOLDS).split(columns, columns, examples.names):
            if len(set(columns[train])) < classes:
                return none
            features, classifier = self.learn(examples.take(train))
            left = examples.take(test)
            matrix = matrix_of(features, self.encoder, left.contents, left.cues)
            scores[test] = two_sided(classifier.decision_function(matrix))
        read = len(examples.right)
        return fit_calibration(scores[:read], examples.right, examples.weights[:read])


def certain_targets(contents: Sequence[str], labels: Sequence[Any]) -> tuple[Array, list[str]]:
    """The targets of labelled contents, and the classes of their columns.

    Raises ``ValueError`` for fewer than two classes, an unknown label, or lengths that differ.
    """
    classes = [to_class(label) for label in labels]
    require_same_length(contents, classes)
    known: list[str] = [label for label in STANCE_LABELS if label in set(classes)]
    if len(known) < 2:
        raise ValueError(
            f"a model needs at least two classes, all {len(classes)} labels are"
            f" {classes[0] if classes else 'missing'}; add quotations of another class"
        )
    return one_hot(classes, np.array(known)), known
