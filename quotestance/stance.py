"""Stance: how conciliatory or hardline quoted words are, by a scikit-learn model over what they say and do.

The scale, its rules and its hard cases are those of the codebook in docs/stance-codebook.md: threats, refusals, demands and blame on one
side, offers, concessions, readiness and progress on the other; description and procedure in between.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import hstack, vstack
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from quotestance import artefact
from quotestance.calibration import Calibration, fit_calibration
from quotestance.labelled import LONGEST, LabelledQuotation, contradictions, to_class
from quotestance.quote import STANCE_LABELS, UNCERTAIN
from quotestance.softmax import fit_softmax
from quotestance.stance_features import LexicalFeatures
from quotestance.wording import read_words

KIND = "stance"
NAME, ENCODER_NAME = "stance-en", "stance-en-encoder"
FEWEST = 20  # labelled quotations that fine-tuning asks for
_FOLDS = 3
# Tuned by holding out each topic of real_train in turn (docs/accuracy.md): the pull of what the model knew, as an inverse strength.
_TUNING_STRENGTH = 0.9
_FACTS = frozenset({"format", "kind", "classes", "parameters", "shift", "words", "common", "pieces", "vector"})

Array = np.ndarray[Any, Any]
Encoder = Callable[[list[str]], Any]
Cues = Sequence["str | None"] | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Characters of a content and how far they moved it: above 0 towards conciliatory, below 0 towards hardline.

    ``weight`` is in log odds of conciliatory against hardline; ``acts`` names the speech acts read there. The cue of a mixed
    quotation stands at no character: its span is empty.
    """

    start: int
    end: int
    text: str
    weight: float
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a content has its score: ``base`` (the log odds of an empty content) and the reasons, the strongest first."""

    base: float
    reasons: tuple[Reason, ...]

    @property
    def log_odds(self) -> float:
        """The log odds of conciliatory against hardline."""
        return self.base + sum(reason.weight for reason in self.reasons)


class StanceModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn's bases are untyped
    """A stance classifier that speaks scikit-learn; ``StanceModel.load()`` gives the bundled one.

    ``strength`` is the inverse strength of regularisation and ``least`` the number of quotations a feature must stand in. ``encoder``,
    any callable from a list of strings to an array (strings, width), adds its vectors to the lexical features.

    >>> model = StanceModel.load()
    >>> [str(label) for label in model.predict(["We will never give in.", "We are ready to sit down with them."])]
    ['hardline', 'conciliatory']
    """

    reads_cues = True  # what tells the pipeline to hand over the cues of mixed quotations

    def __init__(self, *, strength: float = 1.0, least: int = 2, encoder: Encoder | None = None) -> None:
        self.strength = strength
        self.least = least
        self.encoder = encoder

    # -------------------------------------------------------------- learning
    def fit(
        self, contents: Sequence[str], labels: Sequence[Any], *, sample_weight: Sequence[float] | None = None, groups: Sequence[Any] | None = None, cues: Cues = None
    ) -> StanceModel:
        """Learn from quoted words and their labels: the three classes or the codebook's six labels.

        What calibrates the probabilities is fitted on held-out parts of the data that never split one of ``groups`` (an article, a
        minimal pair). ``cues`` are the cues of mixed quotations, ``None`` for direct ones. Raises ``ValueError`` for fewer than two
        classes, an unknown label, or lengths that differ.

        >>> tiny = StanceModel(least=1).fit(["No deal.", "We accept.", "We refuse.", "We agree."], ["-1", "2", "-1", "2"])
        >>> tiny.classes_.tolist()
        ['hardline', 'conciliatory']
        """
        contents = _checked(contents)
        classes = [to_class(label) for label in labels]
        _same_length(contents, classes)
        self.classes_ = np.array([label for label in STANCE_LABELS if label in set(classes)])
        if len(self.classes_) < 2:
            raise ValueError(f"a model needs at least two classes, all {len(classes)} labels are {classes[0] if classes else 'missing'}; add quotations of another class")
        return self._learn(contents, _one_hot(classes, self.classes_), sample_weight, groups, cues, None)

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
        """Learn probabilities: ``targets`` of shape (contents, 3), in the order of ``STANCE_LABELS``.

        ``read`` are the labels that readers gave to the first contents: only those calibrate the model, and only their words become
        features. Without them the most probable targets do, and all words.
        """
        self.classes_ = np.array(STANCE_LABELS)
        columns = None if read is None else np.array([STANCE_LABELS.index(label) for label in read], dtype=int)
        return self._learn(_checked(contents), np.asarray(targets, dtype=float), sample_weight, groups, cues, columns)

    def _learn(
        self, contents: list[str], targets: Array, sample_weight: Sequence[float] | None, groups: Sequence[Any] | None, cues: Cues, read: Array | None
    ) -> StanceModel:
        weights = np.ones(len(contents)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        chosen = list(cues) if cues is not None else [None] * len(contents)
        _same_length(contents, weights.tolist())
        right = targets.argmax(axis=1) if read is None else read
        self.calibration_ = self._calibrate(contents, targets, weights, groups, chosen, right)
        self._fit(contents, targets, weights, chosen, len(right))
        return self

    def _fit(self, contents: Sequence[str], targets: Array, weights: Array, cues: Sequence[str | None], labelled: int) -> None:
        """Weights for all contents, over the features of the first ``labelled``."""
        self.features_ = LexicalFeatures(self.least)
        matrix = self.features_.fit(contents[:labelled], cues[:labelled])
        if labelled < len(contents):
            matrix = vstack([matrix, self.features_.transform(contents[labelled:], cues[labelled:])], format="csr")
        matrix = self._with_vectors(matrix, contents)
        self.coef_, self.intercept_ = fit_softmax(matrix, targets, weights * _balance(targets, weights), self.strength)
        self.n_features_in_ = self.coef_.shape[1]

    def _calibrate(self, contents: Sequence[str], targets: Array, weights: Array, groups: Sequence[Any] | None, cues: Sequence[str | None], read: Array) -> Calibration:
        """The calibration by the right classes ``read`` of the first contents, held out in turn; none where there is too little to hold out."""
        names = np.arange(len(contents)) if groups is None else np.asarray([str(group) for group in groups])
        columns = targets.argmax(axis=1)
        none = Calibration((0.0,) * targets.shape[1])
        if np.bincount(read, minlength=targets.shape[1]).min() < 10 or len(set(names.tolist())) < _FOLDS:
            return none
        from sklearn.model_selection import GroupKFold  # here: loading it would delay the first score by a tenth of a second

        scores = np.zeros_like(targets)
        for train, test in GroupKFold(_FOLDS).split(contents, columns, names):
            if len(set(columns[train])) < targets.shape[1]:
                return none
            fold = StanceModel(**self.get_params(deep=False))
            fold._fit([contents[row] for row in train], targets[train], weights[train], [cues[row] for row in train], int((train < len(read)).sum()))
            scores[test] = fold.decision_function([contents[row] for row in test], [cues[row] for row in test])
        return fit_calibration(scores[: len(read)], read, weights[: len(read)])

    def fine_tune(self, contents: Sequence[str], labels: Sequence[Any], *, weight: float = 1.0, mapping: Mapping[str, str] | None = None, cues: Cues = None) -> StanceModel:
        """A new model that learned these quotations, their words and acts too, and kept what this one knew.

        The new weights are pulled towards the old ones, so that what the quotations say nothing about stays as it was; ``weight``
        says how much each quotation counts. ``mapping`` turns your labels into the three classes. Raises ``ValueError`` for fewer than
        20 quotations, one class only, unknown labels, or a text with two labels.

        >>> words = ["Rates may rise further.", "We can afford to wait."] * 10
        >>> tuned = StanceModel.load().fine_tune(words, ["hawkish", "dovish"] * 10, mapping={"hawkish": "hardline", "dovish": "conciliatory"})
        >>> str(tuned.predict(["Rates may rise further."])[0])
        'hardline'
        """
        check_is_fitted(self, "coef_")
        contents = _checked(contents)
        classes = _tuning_classes(contents, labels, mapping)
        targets, chosen = _one_hot(classes, self.classes_), cues if cues is not None else [None] * len(contents)
        tuned = StanceModel(**self.get_params(deep=False))
        tuned.classes_, tuned.calibration_, tuned.features_ = self.classes_, self.calibration_, self.features_
        tuned.features_, columns = self.features_.grown(contents, chosen)
        width = self.features_.width()
        start = np.zeros((len(self.classes_), tuned.features_.width() + self.coef_.shape[1] - width))
        start[:, columns] = self.coef_[:, :width]
        start[:, tuned.features_.width() :] = self.coef_[:, width:]
        weights = np.full(len(contents), float(weight)) * _balance(targets, np.ones(len(contents)))
        tuned.coef_, tuned.intercept_ = fit_softmax(tuned._matrix(contents, chosen), targets, weights, _TUNING_STRENGTH * self.strength, (start, self.intercept_))
        tuned.n_features_in_ = start.shape[1]
        tuned.facts_ = {**getattr(self, "facts_", {}), "fine_tuned_on": len(contents)}
        return tuned

    # -------------------------------------------------------------- predicting
    def _with_vectors(self, matrix: Any, contents: Sequence[str]) -> Any:
        """The lexical features, and after them the vectors of the contents, names masked, where there is an encoder."""
        if self.encoder is None:
            return matrix
        vectors = np.asarray(self.encoder([self.features_.masked(content) for content in contents]), dtype=float)
        if vectors.ndim != 2 or len(vectors) != len(contents):
            raise ValueError(f"the encoder gave an array of shape {vectors.shape} for {len(contents)} contents; it must give one vector for each")
        return hstack([matrix, vectors], format="csr")

    def _matrix(self, contents: Sequence[str], cues: Sequence[str | None]) -> Any:
        return self._with_vectors(self.features_.transform(contents, cues), contents)

    def decision_function(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The scores of the classes before calibration, of shape (contents, classes).

        >>> StanceModel.load().decision_function(["We accept the offer."]).shape
        (1, 3)
        """
        check_is_fitted(self, "coef_")
        contents = _checked(contents)
        chosen = list(cues) if cues is not None else [None] * len(contents)
        _same_length(contents, chosen)
        return np.asarray(self._matrix(contents, chosen) @ self.coef_.T + self.intercept_)

    def predict_proba(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The calibrated probabilities of each content, of shape (contents, classes), columns in the order of ``classes_``.

        ``cues`` are the cues of mixed quotations ("demanded"), ``None`` for direct ones: the journalist's verb is not the speaker's word.

        >>> StanceModel.load().predict_proba(["We accept the offer."]).shape
        (1, 3)
        """
        check_is_fitted(self, "coef_")
        contents = _checked(contents)
        if not contents:
            return np.zeros((0, len(self.classes_)))
        chosen = list(cues) if cues is not None else [None] * len(contents)
        _same_length(contents, chosen)
        return self.calibration_(self.decision_function(contents, chosen))

    def predict(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The most probable label of each content."""
        return np.asarray(self.classes_[self.predict_proba(contents, cues).argmax(axis=1)])

    def uncertain(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """Whether the most probable label of each content has a probability below ``UNCERTAIN``.

        >>> StanceModel.load().uncertain(["We will never surrender to them."]).tolist()
        [False]
        """
        return np.asarray(self.predict_proba(contents, cues).max(axis=1) < UNCERTAIN)

    # -------------------------------------------------------------- explaining
    def explain(self, content: str, cue: str | None = None) -> Explanation:
        """Why a content is scored as it is: the words and acts that moved it, where they stand, and how far.

        Exact for the lexical model: base and reasons add up to the log odds of conciliatory against hardline. With an encoder, a
        reason is what leaving a word out changes.

        >>> StanceModel.load().explain("We refuse.").reasons[0].weight < 0
        True
        """
        check_is_fitted(self, "coef_")
        _checked([content])
        return self._occluded(content, cue) if self.encoder else self._linear(content, cue)

    def _odds(self, scores: Array) -> Array:
        """The log odds of conciliatory against hardline, of scores of shape (..., classes)."""
        columns = {str(label): number for number, label in enumerate(self.classes_)}
        zero = np.zeros(scores.shape[:-1])
        moved = scores / self.calibration_.temperature
        towards, against = (moved[..., columns[label]] if label in columns else zero for label in ("conciliatory", "hardline"))
        return np.asarray(towards - against)

    def _linear(self, content: str, cue: str | None) -> Explanation:
        row, direction, names = self.features_.transform([content], [cue]).tocoo(), self._odds(self.coef_.T), self.features_.names()
        values = dict(zip(row.col.tolist(), row.data.tolist(), strict=True))
        weights: dict[tuple[int, int], float] = {}
        acts: dict[tuple[int, int], list[str]] = {}
        for column, places in self.features_.places(content, cue).items():
            for place in places:
                weights[place] = weights.get(place, 0.0) + values[column] * float(direction[column]) / len(places)
                if names[column].startswith("acts: "):
                    acts.setdefault(place, []).append(names[column].removeprefix("acts: "))
        reasons = [Reason(start, end, content[start:end], weight, tuple(acts.get((start, end), ()))) for (start, end), weight in weights.items()]
        return Explanation(float(self._odds(self.intercept_ + np.array(self.calibration_.shift))), tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))))

    def _occluded(self, content: str, cue: str | None) -> Explanation:
        words = [word for word in read_words(content) if not word.is_mark]
        without = [content[: word.start] + content[word.end :] for word in words]
        odds = self._odds(self.decision_function([content, *without], [cue] * (len(words) + 1)) + np.array(self.calibration_.shift))
        reasons = [Reason(word.start, word.end, content[word.start : word.end], float(odds[0] - left)) for word, left in zip(words, odds[1:], strict=True)]
        return Explanation(float(odds[0]) - sum(reason.weight for reason in reasons), tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))))

    # -------------------------------------------------------------- on disk
    @classmethod
    def load(cls, folder: str | os.PathLike[str] | None = None, *, encoder: Encoder | None = None) -> StanceModel:
        """Read a model folder, a bundled model by its name, or without either the bundled ``stance-en``.

        ``encoder`` is for a model that was trained on a user's own. Raises ``FileNotFoundError`` or ``ValueError``, naming the file, for a
        folder that is missing, broken or of another kind.
        """
        name = NAME if folder is None else folder
        path = artefact.bundled(str(name)) if str(name) in (NAME, ENCODER_NAME) and not os.path.isdir(name) else name
        return _rebuilt(cls, artefact.load(path, KIND), path, encoder)

    def save(self, folder: str | os.PathLike[str], facts: Mapping[str, Any] | None = None) -> None:
        """Write the model to a new folder, whole or not at all; ``facts`` go into its ``model.json``.

        An encoder that is not quotestance's own is not written: give it again to ``load``.
        """
        artefact.save(folder, KIND, self.stored(facts))

    def stored(self, facts: Mapping[str, Any] | None = None) -> artefact.Artefact:
        """What ``save`` writes."""
        check_is_fitted(self, "coef_")
        temperature = np.array([self.calibration_.temperature], dtype="<f8")
        arrays: dict[str, Any] = {"coefficients": self.coef_.astype("<f4"), "intercepts": self.intercept_.astype("<f8"), "temperature": temperature}
        blocks, said = self.features_.stored()
        arrays |= blocks
        if self.encoder is not None:
            said["vector"] = self.coef_.shape[1] - self.features_.width()
        graph, pieces = getattr(self.encoder, "graph", None), getattr(self.encoder, "pieces", None)
        if isinstance(graph, bytes):
            arrays["graph"], said["pieces"] = np.frombuffer(graph, dtype=np.uint8), pieces
        parameters = {"strength": self.strength, "least": self.least}
        stored = {**getattr(self, "facts_", {}), **(facts or {}), **said, "classes": self.classes_.tolist(), "parameters": parameters, "shift": list(self.calibration_.shift)}
        return artefact.Artefact(arrays, stored)


def _rebuilt(cls: type[StanceModel], stored: artefact.Artefact, folder: str | os.PathLike[str], encoder: Encoder | None) -> StanceModel:
    """A fitted model from its arrays and words."""
    facts, arrays = stored.facts, stored.arrays
    missing = [name for name in ("classes", "parameters", "shift", "words", "common") if name not in facts]
    if missing:
        raise ValueError(f"{folder} says nothing about {', '.join(missing)}: its model.json is not whole. Copy the model folder again.")
    model = cls(**facts["parameters"])
    model.classes_ = np.array(facts["classes"])
    blocks = {block: len(names) for block, names in facts["words"].items()}
    sizes: dict[str, tuple[int, ...]] = {f"{block}_idf": (size,) for block, size in blocks.items()}
    shape = (len(model.classes_), sum(blocks.values()) + facts.get("vector", 0))
    artefact.require(stored, folder, {**sizes, "coefficients": shape, "intercepts": shape[:1], "temperature": (1,)})
    model.features_ = LexicalFeatures.restored(model.least, arrays, facts)
    if "vector" in facts:
        model.encoder = encoder or _bundled_encoder(stored, folder)
    model.coef_, model.intercept_ = arrays["coefficients"].astype(float), arrays["intercepts"].astype(float)
    model.calibration_ = Calibration(tuple(facts["shift"]), float(arrays["temperature"][0]))
    model.facts_ = {name: value for name, value in facts.items() if name not in _FACTS}
    model.n_features_in_ = model.coef_.shape[1]
    return model


def _bundled_encoder(stored: artefact.Artefact, folder: str | os.PathLike[str]) -> Encoder:
    from quotestance.encoder import OnnxEncoder

    if "graph" not in stored.arrays:
        raise ValueError(f"{folder} holds no encoder; give the one it was trained with: StanceModel.load({str(folder)!r}, encoder=...)")
    return OnnxEncoder(stored.arrays["graph"].tobytes(), stored.facts["pieces"])


# ------------------------------------------------------------------ checks
def _checked(contents: Sequence[str]) -> list[str]:
    """The contents as a list; ``TypeError`` for a single string or anything but strings."""
    if isinstance(contents, str):
        raise TypeError("contents is one string; give a list of strings")
    checked = list(contents)
    for number, content in enumerate(checked):
        if not isinstance(content, str):
            raise TypeError(f"content {number} is {content!r}, a {type(content).__name__}; give strings")
    return checked


def _same_length(contents: Sequence[str], others: Sequence[Any]) -> None:
    if len(contents) != len(others):
        raise ValueError(f"{len(contents)} contents but {len(others)} labels, weights or cues; give one for each")


def _tuning_classes(contents: Sequence[str], labels: Sequence[Any], mapping: Mapping[str, str] | None) -> list[str]:
    """The classes to fine-tune on, checked."""
    _same_length(contents, list(labels))
    classes = [to_class(label, mapping) for label in labels]
    if len(contents) < FEWEST:
        raise ValueError(f"fine-tuning needs at least {FEWEST} labelled quotations, {len(contents)} were given; label some more")
    if len(set(classes)) < 2:
        raise ValueError(f"all {len(classes)} labels are {classes[0]}; fine-tuning needs at least two classes")
    rows = [LabelledQuotation(content, label, line=number) for number, (content, label) in enumerate(zip(contents, classes, strict=True), 1)]
    empty = [row.line for row in rows if not row.text.strip() or len(row.text) > LONGEST]
    problems = contradictions(rows) + [f"line {line}: the text is empty or longer than {LONGEST:,} characters; give the quoted words" for line in empty]
    if problems:
        raise ValueError("\n".join(["these cannot be learned:", *problems[:10]]))
    return [str(label) for label in classes]


def _one_hot(classes: Sequence[str], known: Array) -> Array:
    absent = sorted(set(classes) - set(known.tolist()))
    if absent:
        raise ValueError(f"the model knows no class {', '.join(absent)}; it knows {', '.join(known.tolist())}")
    return np.array([[float(label == name) for name in known] for label in classes])


def _balance(targets: Array, weights: Array) -> Array:
    """For each row, how much it counts so that all classes weigh the same."""
    totals = (targets * weights[:, None]).sum(axis=0)
    return np.asarray(targets @ (weights.sum() / len(totals) / np.maximum(totals, 1e-9)))
