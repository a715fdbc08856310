"""Stance: how conciliatory or hardline quoted words are, by a scikit-learn model over what they say
and do.

The scale, its rules and its hard cases are those of the codebook in docs/stance-codebook.md:
threats, refusals, demands and blame on one side, offers, concessions, readiness and progress on the
other; description and procedure in between.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score

from quotestance.stance.calibration import Calibration
from quotestance.stance.contents import Cues, checked_contents, checked_weights
from quotestance.stance.explanation import Explanation
from quotestance.stance.features import LexicalFeatures
from quotestance.stance.fine_tuning import tuned, tuning_classes
from quotestance.stance.learning import Examples, Learner, certain_targets
from quotestance.stance.linear_stance import NAME, Encoder, LinearStance, matrix_of
from quotestance.stance.soft_targets import fitted_classifier, two_sided
from quotestance.stance.vocabulary import Array
from quotestance.tables.labelled import to_class


class StanceModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn's bases are untyped
    """A stance classifier that speaks scikit-learn; ``StanceModel.load()`` gives the bundled one.

    It holds a ``LogisticRegression`` (``classifier_``) over what contents say and do. ``base``, the
    name, the folder or the model to start from, makes ``fit`` fine-tune that one; without it
    ``fit`` learns from nothing but its data. ``weight`` says how much each quotation counts in
    fine-tuning, ``strength`` is the inverse strength of regularisation and ``least`` the number of
    quotations a feature must stand in. ``encoder``, any callable from a list of strings to an array
    (strings, width), adds its vectors to the lexical features.

    >>> model = StanceModel.load()
    >>> contents = ["We will never give in.", "We are ready to sit down with them."]
    >>> model.predict(contents).tolist()
    ['hardline', 'conciliatory']
    """

    reads_cues = True  # what makes the pipeline hand over the cues of mixed quotations
    classes_: Array
    features_: LexicalFeatures
    encoder_: Encoder | None
    classifier_: LogisticRegression
    calibration_: Calibration
    facts_: Mapping[str, Any]

    def __init__(
        self,
        *,
        base: str | os.PathLike[str] | LinearStance | StanceModel | None = None,
        weight: float = 1.0,
        strength: float = 1.0,
        least: int = 2,
        encoder: Encoder | None = None,
    ) -> None:
        self.base = base
        self.weight = weight
        self.strength = strength
        self.least = least
        self.encoder = encoder

    def __sklearn_clone__(self) -> StanceModel:
        """An unfitted model of the same parameters.

        What it starts from and its encoder are shared: neither ever changes, and a cloned base
        would have forgotten what it knew.
        """
        return type(self)(**self.get_params(deep=False))

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
        """Learn quoted words and their labels: the three classes or the codebook's six labels.

        With a ``base`` this fine-tunes it. Without, what calibrates the probabilities is fitted on
        held-out parts of the data that never split one of ``groups`` (an article, a minimal pair).
        ``cues`` are the cues of mixed quotations, ``None`` for direct ones. Raises ``ValueError``
        for fewer than two classes, an unknown label, or lengths that differ.

        >>> contents = ["No deal.", "We accept.", "We refuse.", "We agree."]
        >>> tiny = StanceModel(least=1).fit(contents, ["-1", "2", "-1", "2"])
        >>> tiny.classes_.tolist()
        ['hardline', 'conciliatory']
        """
        contents = checked_contents(contents)
        weights = checked_weights(contents, sample_weight)
        if self.base is not None:
            classes = tuning_classes(contents, labels)
            start, counts = self._start(), self.weight * weights
            return self._hold(tuned(start, contents, classes, counts, groups, cues, self.strength))
        targets, known = certain_targets(contents, labels)
        right = targets.argmax(axis=1)
        return self.learn(Examples.of(contents, targets, weights, groups, cues, right), known)

    def learn(self, examples: Examples, classes: Sequence[str]) -> StanceModel:
        """Learn examples from nothing: their targets may be probabilities of the classes."""
        learner = Learner(self.strength, self.least, self.encoder)
        self.calibration_ = learner.calibrate(examples)
        self.features_, self.classifier_ = learner.learn(examples)
        self.classes_, self.encoder_, self.facts_ = np.array(classes), self.encoder, {}
        return self

    # ---------- fine-tuning
    def _start(self) -> LinearStance:
        """What ``base`` names."""
        if isinstance(self.base, StanceModel):
            return self.base.export()
        if isinstance(self.base, LinearStance):
            return self.base
        return LinearStance.load(self.base, encoder=self.encoder)

    def fine_tune(
        self,
        contents: Sequence[str],
        labels: Sequence[Any],
        *,
        weight: float | None = None,
        mapping: Mapping[str, str] | None = None,
        sample_weight: Sequence[float] | None = None,
        groups: Sequence[Any] | None = None,
        cues: Cues = None,
    ) -> StanceModel:
        """A new model that learned these quotations, their words and acts too, and kept what this
        one knew: ``StanceModel(base=this).fit(contents, labels)``.

        The new weights are pulled towards the old ones, so that what the quotations say nothing
        about stays as it was; ``weight`` says how much each quotation counts, ``sample_weight`` how
        much one counts beside the others. ``groups`` are the articles they come from: their number
        goes into the model's facts. ``mapping`` turns your labels into the three classes. Raises
        ``ValueError`` for fewer than 20 quotations, one class only, unknown labels, or a text with
        two labels.

        >>> words = ["Rates may rise further.", "We can afford to wait."] * 10
        >>> labels = ["hawkish", "dovish"] * 10
        >>> mapping = {"hawkish": "hardline", "dovish": "conciliatory"}
        >>> tuned = StanceModel.load().fine_tune(words, labels, mapping=mapping)
        >>> str(tuned.predict(["Rates may rise further."])[0])
        'hardline'
        """
        contents = checked_contents(contents)
        chosen = self.weight if weight is None else weight
        model: StanceModel = clone(self).set_params(base=self.export(), weight=chosen)
        classes = tuning_classes(contents, labels, mapping)
        return model.fit(contents, classes, sample_weight=sample_weight, groups=groups, cues=cues)

    # ---------- predicting
    def _require_fitted(self) -> None:
        if not hasattr(self, "classifier_"):
            raise NotFittedError(
                "this model has learned nothing yet: call fit first, or StanceModel.load() for the"
                " bundled one"
            )

    def _scores(self, contents: Sequence[str], cues: Cues) -> Array:
        matrix = matrix_of(self.features_, self.encoder_, contents, cues)
        return two_sided(self.classifier_.decision_function(matrix))

    def decision_function(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The scores of the classes before calibration, of shape (contents, classes).

        >>> StanceModel.load().decision_function(["We accept the offer."]).shape
        (1, 3)
        """
        self._require_fitted()
        contents = checked_contents(contents)
        return self._scores(contents, cues) if contents else np.zeros((0, len(self.classes_)))

    def predict_proba(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The calibrated probabilities of each content, of shape (contents, classes), columns in
        the order of ``classes_``.

        ``cues`` are the cues of mixed quotations ("demanded"), ``None`` for direct ones: the
        journalist's verb is not the speaker's word.

        >>> StanceModel.load().predict_proba(["We accept the offer."]).shape
        (1, 3)
        """
        scores = self.decision_function(contents, cues)
        return self.calibration_(scores) if len(scores) else scores

    def predict(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The most probable label of each content."""
        best = self.predict_proba(contents, cues).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def score(
        self,
        contents: Sequence[str],
        labels: Sequence[Any],
        sample_weight: Sequence[float] | None = None,
    ) -> float:
        """The share of right answers; labels may be the codebook's six, as in ``fit``."""
        classes = [to_class(label) for label in labels]
        right = accuracy_score(classes, self.predict(contents), sample_weight=sample_weight)
        return float(right)

    def uncertain(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """Whether the most probable label of each content has a probability below ``UNCERTAIN``."""
        return self.export().uncertain(contents, cues)

    def explain(self, content: str, cue: str | None = None) -> Explanation:
        """Why a content is scored as it is: see ``LinearStance.explain``."""
        return self.export().explain(content, cue)

    # ---------- its frozen export, and on disk
    @property
    def coef_(self) -> Array:
        """The coefficients of the ``LogisticRegression``."""
        return np.asarray(self.classifier_.coef_)

    @property
    def intercept_(self) -> Array:
        """The intercepts of the ``LogisticRegression``."""
        return np.asarray(self.classifier_.intercept_)

    @property
    def n_features_in_(self) -> int:
        """The number of features of a content."""
        return int(self.classifier_.n_features_in_)

    def export(self) -> LinearStance:
        """What this model knows, frozen; it scores the same and needs no scikit-learn.

        >>> StanceModel.load().export()  # doctest: +ELLIPSIS
        LinearStance(hardline, neutral, conciliatory; ... features)
        """
        self._require_fitted()
        return LinearStance(
            classes_=self.classes_,
            features=self.features_,
            coefficients=two_sided(self.coef_.T).T,
            intercepts=two_sided(self.intercept_[None])[0],
            calibration=self.calibration_,
            encoder=self.encoder_,
            parameters={"strength": self.strength, "least": self.features_.least},
            facts=self.facts_,
        )

    @classmethod
    def of(cls, linear: LinearStance, **parameters: Any) -> StanceModel:
        """A fitted model of these ``parameters`` that knows what ``linear`` knows."""
        model = cls(**{**linear.parameters, **parameters})
        return model._hold(linear)

    def _hold(self, linear: LinearStance) -> StanceModel:
        """Know what ``linear`` knows."""
        self.classes_, self.calibration_ = linear.classes_, linear.calibration
        self.features_, self.encoder_, self.facts_ = linear.features, linear.encoder, linear.facts
        self.classifier_ = fitted_classifier(linear.coefficients, linear.intercepts, self.strength)
        return self

    @classmethod
    def load(
        cls, model: str | os.PathLike[str] | None = None, *, encoder: Encoder | None = None
    ) -> StanceModel:
        """Read a model by its name or from its folder; without either, ``stance-en``.

        It is also the ``base`` of what is returned: a clone of it, and its ``fit``, fine-tune it.
        ``encoder`` is for a model that was trained on a user's own. Raises ``FileNotFoundError`` or
        ``ValueError``, naming the file, for a model that is missing, broken or of another kind, and
        ``ImportError`` where it needs a package that is not installed.
        """
        base = NAME if model is None else model
        linear = LinearStance.load(base, encoder=encoder)
        return cls.of(linear, base=base, encoder=encoder)

    def save(self, folder: str | os.PathLike[str], facts: Mapping[str, Any] | None = None) -> None:
        """Write the model to a new folder, whole or not at all; ``facts`` go into its
        ``model.json``.

        An encoder that is not quotestance's own is not written: give it again to ``load``.
        """
        self.export().save(folder, facts)
