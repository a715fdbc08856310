"""Stance: how conciliatory or hardline quoted words are, by a scikit-learn model over what they say.

The scale, its rules and its hard cases are those of the codebook in docs/stance-codebook.md: threats, refusals, demands and blame on one
side, offers, concessions, readiness and progress on the other; description and procedure in between.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.utils.validation import check_is_fitted

from quotestance import artefact
from quotestance.quote import STANCE_LABELS

KIND = "stance"
NAME = "stance-en"
_WORD = r"(?u)\b\w+\b|[?!%$]"
_FOLDS = 5


class StanceModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn's bases are untyped
    """A stance classifier that speaks scikit-learn; ``StanceModel.load()`` gives the bundled one.

    ``strength`` is the inverse strength of regularisation and ``least`` the number of quotations a word must stand in; both were tuned on
    the development part of the labelled quotations (docs/accuracy.md).

    >>> model = StanceModel.load()
    >>> [str(label) for label in model.predict(["We will never give in.", "We are ready to sit down with them."])]
    ['hardline', 'conciliatory']
    """

    def __init__(self, *, strength: float = 1.0, least: int = 2) -> None:
        self.strength = strength
        self.least = least

    def fit(self, contents: Sequence[str], labels: Sequence[str], *, sample_weight: Sequence[float] | None = None, groups: Sequence[Any] | None = None) -> StanceModel:
        """Learn from quoted words and their labels (``hardline``, ``neutral``, ``conciliatory``).

        The temperature that makes the probabilities honest is fitted on held-out parts of the data, never splitting one of ``groups``
        (an article, a minimal pair). Raises ``ValueError`` for fewer than two classes or lengths that differ.
        """
        contents, targets = list(contents), np.asarray(labels, dtype=str)
        if len(contents) != len(targets):
            raise ValueError(f"{len(contents)} contents but {len(targets)} labels; give one label for each")
        unknown = sorted(set(targets) - set(STANCE_LABELS))
        if unknown:
            raise ValueError(f"unknown labels {', '.join(unknown)}; use {', '.join(STANCE_LABELS)}")
        if len(set(targets)) < 2:
            raise ValueError(f"a model needs at least two classes, all {len(targets)} labels are {targets[0] if len(targets) else 'missing'}")
        weights = np.ones(len(contents)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        self.classes_ = np.array([label for label in STANCE_LABELS if label in set(targets)])
        self.temperature_ = 1.0
        self.temperature_ = self._temperature(contents, targets, weights, groups)
        self.pipeline_ = self._pipeline().fit(contents, targets, classifier__sample_weight=weights)
        self._order()
        return self

    def _pipeline(self) -> Pipeline:
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=self.least, sublinear_tf=True, token_pattern=_WORD)
        characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=self.least + 1, sublinear_tf=True)
        classifier = LogisticRegression(C=self.strength, class_weight="balanced", max_iter=500)
        return Pipeline([("features", FeatureUnion([("words", words), ("characters", characters)])), ("classifier", classifier)])

    def _order(self) -> None:
        """Put the classes of the fitted classifier into the order of ``classes_``."""
        classifier = self.pipeline_.named_steps["classifier"]
        if len(classifier.classes_) > 2:
            order = [list(classifier.classes_).index(label) for label in self.classes_]
            classifier.coef_, classifier.intercept_ = classifier.coef_[order], classifier.intercept_[order]
            classifier.classes_ = self.classes_
        else:
            self.classes_ = classifier.classes_

    def _temperature(self, contents: list[str], targets: np.ndarray[Any, Any], weights: np.ndarray[Any, Any], groups: Sequence[Any] | None) -> float:
        """The temperature under which held-out parts are most probable (Guo et al. 2017); 1 where there is too little to hold out."""
        names = np.arange(len(contents)) if groups is None else np.asarray([str(group) for group in groups])
        if min(np.unique(targets, return_counts=True)[1]) < 2 * _FOLDS or len(set(names.tolist())) < _FOLDS:
            return 1.0
        logs, rows = [], []
        for train, held in GroupKFold(_FOLDS).split(contents, targets, names):
            if len(set(targets[train])) < len(set(targets)):
                return 1.0
            fold = self._pipeline().fit([contents[row] for row in train], targets[train], classifier__sample_weight=weights[train])
            logs.append(fold.predict_log_proba([contents[row] for row in held]))
            rows.append(held)
        table, order = np.vstack(logs), np.concatenate(rows)
        columns = np.searchsorted(np.unique(targets), targets[order])

        def loss(temperature: float) -> float:
            scaled = _softmax(table / temperature)
            return float(-np.average(np.log(scaled[np.arange(len(order)), columns] + 1e-12), weights=weights[order]))

        return float(minimize_scalar(loss, bounds=(0.2, 5.0), method="bounded").x)

    def predict_proba(self, contents: Sequence[str]) -> np.ndarray[Any, Any]:
        """The calibrated probabilities of each content, of shape (contents, classes), columns in the order of ``classes_``."""
        check_is_fitted(self, "pipeline_")
        if not len(contents):
            return np.zeros((0, len(self.classes_)))
        return _softmax(self.pipeline_.predict_log_proba(list(contents)) / self.temperature_)

    def predict(self, contents: Sequence[str]) -> np.ndarray[Any, Any]:
        """The most probable label of each content."""
        return self.classes_[self.predict_proba(contents).argmax(axis=1)]

    # -------------------------------------------------------------- on disk
    @classmethod
    def load(cls, folder: str | os.PathLike[str] | None = None) -> StanceModel:
        """Read a model folder, a bundled model by its name, or without either the bundled ``stance-en``.

        Raises ``FileNotFoundError`` or ``ValueError``, naming the file, for a folder that is missing, broken or of another kind.
        """
        path = artefact.bundled(NAME) if folder is None else artefact.bundled(str(folder)) if str(folder) == NAME else folder
        return _rebuild(cls, artefact.load(path, KIND), path)

    def save(self, folder: str | os.PathLike[str], facts: Mapping[str, Any] | None = None) -> None:
        """Write the model to a new folder, whole or not at all; ``facts`` go into its ``model.json``."""
        check_is_fitted(self, "pipeline_")
        features, classifier = self.pipeline_.named_steps["features"], self.pipeline_.named_steps["classifier"]
        arrays = {"coefficients": classifier.coef_.astype("<f4"), "intercepts": classifier.intercept_.astype("<f4"), "temperature": np.array([self.temperature_], dtype="<f8")}
        words = {}
        for name, vectorizer in features.transformer_list:
            words[name] = vectorizer.get_feature_names_out().tolist()
            arrays[f"{name}_idf"] = vectorizer.idf_.astype("<f4")
        stored = {**(facts or {}), "classes": self.classes_.tolist(), "parameters": self.get_params(), "words": words}
        artefact.save(folder, KIND, artefact.Artefact(arrays, stored))


def _rebuild(cls: type[StanceModel], stored: artefact.Artefact, folder: str | os.PathLike[str]) -> StanceModel:
    """A fitted model from its arrays and words."""
    model = cls(**stored.facts["parameters"])
    words, classes = stored.facts["words"], stored.facts["classes"]
    rows = len(classes) if len(classes) > 2 else 1
    total = sum(len(names) for names in words.values())
    artefact.require(stored, folder, {"coefficients": (rows, total), "intercepts": (rows,), "temperature": (1,), **{f"{name}_idf": (len(names),) for name, names in words.items()}})
    model.classes_ = np.array(classes)
    model.temperature_ = float(stored.arrays["temperature"][0])
    model.pipeline_ = model._pipeline()
    features, classifier = model.pipeline_.named_steps["features"], model.pipeline_.named_steps["classifier"]
    for name, vectorizer in features.transformer_list:
        vectorizer.vocabulary_ = {word: number for number, word in enumerate(words[name])}
        vectorizer.fixed_vocabulary_ = False
        vectorizer.idf_ = stored.arrays[f"{name}_idf"].astype(float)
    classifier.classes_ = model.classes_
    classifier.coef_ = stored.arrays["coefficients"].astype(float)
    classifier.intercept_ = stored.arrays["intercepts"].astype(float)
    classifier.n_features_in_ = total
    return model


def _softmax(scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
