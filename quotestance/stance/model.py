"""Stance: how conciliatory or hardline quoted words are, by a scikit-learn model over what they say
and do.

The scale, its rules and its hard cases are those of the codebook in docs/stance-codebook.md:
threats, refusals, demands and blame on one side, offers, concessions, readiness and progress on the
other; description and procedure in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import vstack
from sklearn.base import BaseEstimator, ClassifierMixin

from quotestance.linear import fit_softmax
from quotestance.quote import STANCE_LABELS
from quotestance.stance.calibration import Calibration, fit_calibration
from quotestance.stance.features import LexicalFeatures
from quotestance.stance.linear_stance import (
    Array,
    Cues,
    StanceScorer,
    checked_contents,
    require_same_length,
)
from quotestance.tables.labelled import LONGEST, LabelledQuotation, contradictions, to_class

FEWEST = 20  # labelled quotations that fine-tuning asks for
_FOLDS = 3
# Tuned by holding out each topic of real_train in turn (docs/accuracy.md): the pull of what the
# model knew, as an inverse strength.
_TUNING_STRENGTH = 0.9


class StanceModel(ClassifierMixin, BaseEstimator, StanceScorer):  # type: ignore[misc]  # scikit-learn's bases are untyped
    """A stance classifier that speaks scikit-learn; ``StanceModel.load()`` gives the bundled one.

    ``strength`` is the inverse strength of regularisation and ``least`` the number of quotations a
    feature must stand in. ``encoder``, any callable from a list of strings to an array (strings,
    width), adds its vectors to the lexical features.

    >>> model = StanceModel.load()
    >>> contents = ["We will never give in.", "We are ready to sit down with them."]
    >>> model.predict(contents).tolist()
    ['hardline', 'conciliatory']
    """

    # ---------- learning
    def fit(
        self,
        contents: Sequence[str],
        labels: Sequence[Any],
        *,
        sample_weight: Sequence[float] | None = None,
        groups: Sequence[Any] | None = None,
        cues: Cues = None,
    ) -> StanceModel:
        """Learn from quoted words and their labels: the three classes or the codebook's six labels.

        What calibrates the probabilities is fitted on held-out parts of the data that never split
        one of ``groups`` (an article, a minimal pair). ``cues`` are the cues of mixed quotations,
        ``None`` for direct ones. Raises ``ValueError`` for fewer than two classes, an unknown
        label, or lengths that differ.

        >>> contents = ["No deal.", "We accept.", "We refuse.", "We agree."]
        >>> tiny = StanceModel(least=1).fit(contents, ["-1", "2", "-1", "2"])
        >>> tiny.classes_.tolist()
        ['hardline', 'conciliatory']
        """
        contents = checked_contents(contents)
        classes = [to_class(label) for label in labels]
        require_same_length(contents, classes)
        self.classes_ = np.array([label for label in STANCE_LABELS if label in set(classes)])
        if len(self.classes_) < 2:
            raise ValueError(
                f"a model needs at least two classes, all {len(classes)} labels are"
                f" {classes[0] if classes else 'missing'}; add quotations of another class"
            )
        return self._learn(
            contents, _one_hot(classes, self.classes_), sample_weight, groups, cues, None
        )

    def fit_soft(
        self,
        contents: Sequence[str],
        targets: Array,
        *,
        sample_weight: Sequence[float] | None = None,
        groups: Sequence[Any] | None = None,
        cues: Cues = None,
        read: Sequence[str] | None = None,
    ) -> StanceModel:
        """Learn probabilities: ``targets`` of shape (contents, 3), in the order of
        ``STANCE_LABELS``.

        ``read`` are the labels that readers gave to the first contents: only those calibrate the
        model, and only their words become features. Without them the most probable targets do, and
        all words.
        """
        self.classes_ = np.array(STANCE_LABELS)
        columns = (
            None
            if read is None
            else np.array([STANCE_LABELS.index(label) for label in read], dtype=int)
        )
        return self._learn(
            checked_contents(contents),
            np.asarray(targets, dtype=float),
            sample_weight,
            groups,
            cues,
            columns,
        )

    def _learn(
        self,
        contents: list[str],
        targets: Array,
        sample_weight: Sequence[float] | None,
        groups: Sequence[Any] | None,
        cues: Cues,
        read: Array | None,
    ) -> StanceModel:
        weights = (
            np.ones(len(contents))
            if sample_weight is None
            else np.asarray(sample_weight, dtype=float)
        )
        chosen = list(cues) if cues is not None else [None] * len(contents)
        require_same_length(contents, weights.tolist())
        right = targets.argmax(axis=1) if read is None else read
        self.calibration_ = self._calibrate(contents, targets, weights, groups, chosen, right)
        self._fit(contents, targets, weights, chosen, len(right))
        return self

    def _fit(
        self,
        contents: Sequence[str],
        targets: Array,
        weights: Array,
        cues: Sequence[str | None],
        labelled: int,
    ) -> None:
        """Weights for all contents, over the features of the first ``labelled``."""
        self.features_ = LexicalFeatures(self.least)
        matrix = self.features_.fit(contents[:labelled], cues[:labelled])
        if labelled < len(contents):
            matrix = vstack(
                [matrix, self.features_.transform(contents[labelled:], cues[labelled:])],
                format="csr",
            )
        matrix = self._with_vectors(matrix, contents)
        self.coef_, self.intercept_ = fit_softmax(
            matrix, targets, weights * _balance(targets, weights), self.strength
        )
        self.n_features_in_ = self.coef_.shape[1]

    def _calibrate(
        self,
        contents: Sequence[str],
        targets: Array,
        weights: Array,
        groups: Sequence[Any] | None,
        cues: Sequence[str | None],
        read: Array,
    ) -> Calibration:
        """The calibration by the right classes ``read`` of the first contents, held out in turn.

        None where there is too little to hold out.
        """
        names = (
            np.arange(len(contents))
            if groups is None
            else np.asarray([str(group) for group in groups])
        )
        columns = targets.argmax(axis=1)
        none = Calibration((0.0,) * targets.shape[1])
        if (
            np.bincount(read, minlength=targets.shape[1]).min() < 10
            or len(set(names.tolist())) < _FOLDS
        ):
            return none
        from sklearn.model_selection import (
            GroupKFold,
        )  # here: loading it would delay the first score by a tenth of a second

        scores = np.zeros_like(targets)
        for train, test in GroupKFold(_FOLDS).split(contents, columns, names):
            if len(set(columns[train])) < targets.shape[1]:
                return none
            fold = StanceModel(**self.get_params(deep=False))
            fold._fit(
                [contents[row] for row in train],
                targets[train],
                weights[train],
                [cues[row] for row in train],
                int((train < len(read)).sum()),
            )
            scores[test] = fold.decision_function(
                [contents[row] for row in test], [cues[row] for row in test]
            )
        return fit_calibration(scores[: len(read)], read, weights[: len(read)])

    def fine_tune(
        self,
        contents: Sequence[str],
        labels: Sequence[Any],
        *,
        weight: float = 1.0,
        mapping: Mapping[str, str] | None = None,
        cues: Cues = None,
    ) -> StanceModel:
        """A new model that learned these quotations, their words and acts too, and kept what this
        one knew.

        The new weights are pulled towards the old ones, so that what the quotations say nothing
        about stays as it was; ``weight`` says how much each quotation counts. ``mapping`` turns
        your labels into the three classes. Raises ``ValueError`` for fewer than 20 quotations, one
        class only, unknown labels, or a text with two labels.

        >>> words = ["Rates may rise further.", "We can afford to wait."] * 10
        >>> labels = ["hawkish", "dovish"] * 10
        >>> mapping = {"hawkish": "hardline", "dovish": "conciliatory"}
        >>> tuned = StanceModel.load().fine_tune(words, labels, mapping=mapping)
        >>> str(tuned.predict(["Rates may rise further."])[0])
        'hardline'
        """
        self._require_fitted()
        contents = checked_contents(contents)
        classes = _tuning_classes(contents, labels, mapping)
        targets, chosen = (
            _one_hot(classes, self.classes_),
            cues if cues is not None else [None] * len(contents),
        )
        tuned = StanceModel(**self.get_params(deep=False))
        tuned.classes_, tuned.calibration_, tuned.features_ = (
            self.classes_,
            self.calibration_,
            self.features_,
        )
        tuned.features_, columns = self.features_.grown(contents, chosen)
        width = self.features_.width()
        start = np.zeros(
            (len(self.classes_), tuned.features_.width() + self.coef_.shape[1] - width)
        )
        start[:, columns] = self.coef_[:, :width]
        start[:, tuned.features_.width() :] = self.coef_[:, width:]
        weights = np.full(len(contents), float(weight)) * _balance(targets, np.ones(len(contents)))
        tuned.coef_, tuned.intercept_ = fit_softmax(
            tuned._matrix(contents, chosen),
            targets,
            weights,
            _TUNING_STRENGTH * self.strength,
            (start, self.intercept_),
        )
        tuned.n_features_in_ = start.shape[1]
        tuned.facts_ = {**getattr(self, "facts_", {}), "fine_tuned_on": len(contents)}
        return tuned


def _tuning_classes(
    contents: Sequence[str], labels: Sequence[Any], mapping: Mapping[str, str] | None
) -> list[str]:
    """The classes to fine-tune on, checked."""
    require_same_length(contents, list(labels))
    classes = [to_class(label, mapping) for label in labels]
    if len(contents) < FEWEST:
        raise ValueError(
            f"fine-tuning needs at least {FEWEST} labelled quotations, {len(contents)} were given;"
            " label some more"
        )
    if len(set(classes)) < 2:
        raise ValueError(
            f"all {len(classes)} labels are {classes[0]}; fine-tuning needs at least two classes"
        )
    rows = [
        LabelledQuotation(content, label, line=number)
        for number, (content, label) in enumerate(zip(contents, classes, strict=True), 1)
    ]
    empty = [row.line for row in rows if not row.text.strip() or len(row.text) > LONGEST]
    problems = contradictions(rows) + [
        f"line {line}: the text is empty or longer than {LONGEST:,} characters; give the quoted"
        " words"
        for line in empty
    ]
    if problems:
        raise ValueError("\n".join(["these cannot be learned:", *problems[:10]]))
    return [str(label) for label in classes]


def _one_hot(classes: Sequence[str], known: Array) -> Array:
    absent = sorted(set(classes) - set(known.tolist()))
    if absent:
        raise ValueError(
            f"the model knows no class {', '.join(absent)}; it knows {', '.join(known.tolist())}"
        )
    return np.array([[float(label == name) for name in known] for label in classes])


def _balance(targets: Array, weights: Array) -> Array:
    """For each row, how much it counts so that all classes weigh the same."""
    totals = (targets * weights[:, None]).sum(axis=0)
    return np.asarray(targets @ (weights.sum() / len(totals) / np.maximum(totals, 1e-9)))
