"""What scores contents: a linear model over what they say and do, read from disk, applied and
explained.

Nothing of scikit-learn is loaded here, for that alone would take a third of the time to the first
result; what learns is ``stance.StanceModel``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import hstack

from quotestance import model_folder
from quotestance.quote import UNCERTAIN
from quotestance.stance.calibration import Calibration
from quotestance.stance.features import LexicalFeatures
from quotestance.stance.tokens import read_words

KIND = "stance"
NAME, ENCODER_NAME = "stance-en", "stance-en-encoder"
_FACTS = frozenset(
    {"format", "kind", "classes", "parameters", "shift", "words", "common", "pieces", "vector"}
)

Array = np.ndarray[Any, Any]
Encoder = Callable[[list[str]], Any]
Cues = Sequence["str | None"] | None
Scorer = TypeVar("Scorer", bound="StanceScorer")


@dataclass(frozen=True, slots=True)
class Reason:
    """Characters of a content and how far they moved it: above 0 towards conciliatory, below 0
    towards hardline.

    ``weight`` is in log odds of conciliatory against hardline; ``acts`` names the speech acts read
    there. The cue of a mixed quotation stands at no character: its span is empty.
    """

    start: int
    end: int
    text: str
    weight: float
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a content has its score.

    ``base`` (the log odds of an empty content) and the reasons, the strongest first.
    """

    base: float
    reasons: tuple[Reason, ...]

    @property
    def log_odds(self) -> float:
        """The log odds of conciliatory against hardline."""
        return self.base + sum(reason.weight for reason in self.reasons)


class StanceScorer:
    """A fitted model that gives contents the probabilities of the classes; ``StanceScorer.load()``
    reads the bundled one.

    >>> contents = ["We will never give in.", "We are ready to sit down with them."]
    >>> StanceScorer.load().predict(contents).tolist()
    ['hardline', 'conciliatory']
    """

    reads_cues = True  # what tells the pipeline to hand over the cues of mixed quotations
    classes_: Array
    features_: LexicalFeatures
    coef_: Array
    intercept_: Array
    calibration_: Calibration
    facts_: Mapping[str, Any]
    n_features_in_: int

    def __init__(
        self, *, strength: float = 1.0, least: int = 2, encoder: Encoder | None = None
    ) -> None:
        self.strength = strength
        self.least = least
        self.encoder = encoder

    def _require_fitted(self) -> None:
        if not hasattr(self, "coef_"):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError(
                "this model has learned nothing yet: call fit first, or StanceModel.load() for the"
                " bundled one"
            )

    # ---------- predicting
    def _with_vectors(self, matrix: Any, contents: Sequence[str]) -> Any:
        """The lexical features, and after them the vectors of the contents, names masked, where
        there is an encoder."""
        if self.encoder is None:
            return matrix
        vectors = np.asarray(
            self.encoder([self.features_.masked(content) for content in contents]), dtype=float
        )
        if vectors.ndim != 2 or len(vectors) != len(contents):
            raise ValueError(
                f"the encoder gave an array of shape {vectors.shape} for {len(contents)} contents;"
                " it must give one vector for each"
            )
        return hstack([matrix, vectors], format="csr")

    def _matrix(self, contents: Sequence[str], cues: Sequence[str | None]) -> Any:
        return self._with_vectors(self.features_.transform(contents, cues), contents)

    def decision_function(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The scores of the classes before calibration, of shape (contents, classes).

        >>> StanceScorer.load().decision_function(["We accept the offer."]).shape
        (1, 3)
        """
        self._require_fitted()
        contents = checked_contents(contents)
        chosen = list(cues) if cues is not None else [None] * len(contents)
        require_same_length(contents, chosen)
        return np.asarray(self._matrix(contents, chosen) @ self.coef_.T + self.intercept_)

    def predict_proba(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The calibrated probabilities of each content, of shape (contents, classes), columns in
        the order of ``classes_``.

        ``cues`` are the cues of mixed quotations ("demanded"), ``None`` for direct ones: the
        journalist's verb is not the speaker's word.

        >>> StanceScorer.load().predict_proba(["We accept the offer."]).shape
        (1, 3)
        """
        self._require_fitted()
        contents = checked_contents(contents)
        if not contents:
            return np.zeros((0, len(self.classes_)))
        chosen = list(cues) if cues is not None else [None] * len(contents)
        require_same_length(contents, chosen)
        return self.calibration_(self.decision_function(contents, chosen))

    def predict(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The most probable label of each content."""
        best = self.predict_proba(contents, cues).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def uncertain(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """Whether the most probable label of each content has a probability below ``UNCERTAIN``.

        >>> StanceScorer.load().uncertain(["We will never surrender to them."]).tolist()
        [False]
        """
        return np.asarray(self.predict_proba(contents, cues).max(axis=1) < UNCERTAIN)

    # ---------- explaining
    def explain(self, content: str, cue: str | None = None) -> Explanation:
        """Why a content is scored as it is: the words and acts that moved it, where they stand, and
        how far.

        Exact for the lexical model: base and reasons add up to the log odds of conciliatory against
        hardline. With an encoder, a reason is what leaving a word out changes.

        >>> StanceScorer.load().explain("We refuse.").reasons[0].weight < 0
        True
        """
        self._require_fitted()
        checked_contents([content])
        return self._occluded(content, cue) if self.encoder else self._linear(content, cue)

    def _odds(self, scores: Array) -> Array:
        """The log odds of conciliatory against hardline, of scores of shape (..., classes)."""
        columns = {str(label): number for number, label in enumerate(self.classes_)}
        zero = np.zeros(scores.shape[:-1])
        moved = scores / self.calibration_.temperature
        towards, against = (
            moved[..., columns[label]] if label in columns else zero
            for label in ("conciliatory", "hardline")
        )
        return np.asarray(towards - against)

    def _linear(self, content: str, cue: str | None) -> Explanation:
        row, direction, names = (
            self.features_.transform([content], [cue]).tocoo(),
            self._odds(self.coef_.T),
            self.features_.names(),
        )
        values = dict(zip(row.col.tolist(), row.data.tolist(), strict=True))
        weights: dict[tuple[int, int], float] = {}
        acts: dict[tuple[int, int], list[str]] = {}
        for column, places in self.features_.places(content, cue).items():
            for place in places:
                weights[place] = weights.get(place, 0.0) + values[column] * float(
                    direction[column]
                ) / len(places)
                if names[column].startswith("acts: "):
                    acts.setdefault(place, []).append(names[column].removeprefix("acts: "))
        reasons = [
            Reason(start, end, content[start:end], weight, tuple(acts.get((start, end), ())))
            for (start, end), weight in weights.items()
        ]
        return Explanation(
            float(self._odds(self.intercept_ + np.array(self.calibration_.shift))),
            tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))),
        )

    def _occluded(self, content: str, cue: str | None) -> Explanation:
        words = [word for word in read_words(content) if not word.is_mark]
        without = [content[: word.start] + content[word.end :] for word in words]
        odds = self._odds(
            self.decision_function([content, *without], [cue] * (len(words) + 1))
            + np.array(self.calibration_.shift)
        )
        reasons = [
            Reason(word.start, word.end, content[word.start : word.end], float(odds[0] - left))
            for word, left in zip(words, odds[1:], strict=True)
        ]
        return Explanation(
            float(odds[0]) - sum(reason.weight for reason in reasons),
            tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))),
        )

    # ---------- on disk
    @classmethod
    def load(
        cls: type[Scorer],
        folder: str | os.PathLike[str] | None = None,
        *,
        encoder: Encoder | None = None,
    ) -> Scorer:
        """Read a model folder, a bundled model by its name, or without either the bundled
        ``stance-en``.

        ``encoder`` is for a model that was trained on a user's own. Raises ``FileNotFoundError`` or
        ``ValueError``, naming the file, for a folder that is missing, broken or of another kind.
        """
        name = NAME if folder is None else folder
        path = (
            model_folder.bundled(str(name))
            if str(name) in (NAME, ENCODER_NAME) and not os.path.isdir(name)
            else name
        )
        return _rebuilt(cls, model_folder.load(path, KIND), path, encoder)

    def save(self, folder: str | os.PathLike[str], facts: Mapping[str, Any] | None = None) -> None:
        """Write the model to a new folder, whole or not at all; ``facts`` go into its
        ``model.json``.

        An encoder that is not quotestance's own is not written: give it again to ``load``.
        """
        model_folder.save(folder, KIND, self.stored(facts))

    def stored(self, facts: Mapping[str, Any] | None = None) -> model_folder.Artefact:
        """What ``save`` writes."""
        self._require_fitted()
        temperature = np.array([self.calibration_.temperature], dtype="<f8")
        arrays: dict[str, Any] = {
            "coefficients": self.coef_.astype("<f4"),
            "intercepts": self.intercept_.astype("<f8"),
            "temperature": temperature,
        }
        blocks, said = self.features_.stored()
        arrays |= blocks
        if self.encoder is not None:
            said["vector"] = self.coef_.shape[1] - self.features_.width()
        graph, pieces = getattr(self.encoder, "graph", None), getattr(self.encoder, "pieces", None)
        if isinstance(graph, bytes):
            arrays["graph"], said["pieces"] = np.frombuffer(graph, dtype=np.uint8), pieces
        parameters = {"strength": self.strength, "least": self.least}
        stored = {
            **getattr(self, "facts_", {}),
            **(facts or {}),
            **said,
            "classes": self.classes_.tolist(),
            "parameters": parameters,
            "shift": list(self.calibration_.shift),
        }
        return model_folder.Artefact(arrays, stored)


def _rebuilt(
    cls: type[Scorer],
    stored: model_folder.Artefact,
    folder: str | os.PathLike[str],
    encoder: Encoder | None,
) -> Scorer:
    """A fitted model from its arrays and words."""
    facts, arrays = stored.facts, stored.arrays
    missing = [
        name for name in ("classes", "parameters", "shift", "words", "common") if name not in facts
    ]
    if missing:
        raise ValueError(
            f"{folder} says nothing about {', '.join(missing)}: its model.json is not whole. Copy"
            " the model folder again."
        )
    model = cls(**facts["parameters"])
    model.classes_ = np.array(facts["classes"])
    blocks = {block: len(names) for block, names in facts["words"].items()}
    sizes: dict[str, tuple[int, ...]] = {f"{block}_idf": (size,) for block, size in blocks.items()}
    shape = (len(model.classes_), sum(blocks.values()) + facts.get("vector", 0))
    model_folder.require(
        stored,
        folder,
        {**sizes, "coefficients": shape, "intercepts": shape[:1], "temperature": (1,)},
    )
    model.features_ = LexicalFeatures.restored(model.least, arrays, facts)
    if "vector" in facts:
        model.encoder = encoder or _bundled_encoder(stored, folder)
    model.coef_, model.intercept_ = (
        arrays["coefficients"].astype(float),
        arrays["intercepts"].astype(float),
    )
    model.calibration_ = Calibration(tuple(facts["shift"]), float(arrays["temperature"][0]))
    model.facts_ = {name: value for name, value in facts.items() if name not in _FACTS}
    model.n_features_in_ = model.coef_.shape[1]
    return model


def _bundled_encoder(stored: model_folder.Artefact, folder: str | os.PathLike[str]) -> Encoder:
    from quotestance.stance.encoder import OnnxEncoder

    if "graph" not in stored.arrays:
        raise ValueError(
            f"{folder} holds no encoder; give the one it was trained with:"
            f" StanceModel.load({str(folder)!r}, encoder=...)"
        )
    return OnnxEncoder(stored.arrays["graph"].tobytes(), stored.facts["pieces"])


# ---------- checks
def checked_contents(contents: Sequence[str]) -> list[str]:
    """The contents as a list; ``TypeError`` for a single string or anything but strings."""
    if isinstance(contents, str):
        raise TypeError("contents is one string; give a list of strings")
    checked = list(contents)
    for number, content in enumerate(checked):
        if not isinstance(content, str):
            raise TypeError(
                f"content {number} is {content!r}, a {type(content).__name__}; give strings"
            )
    return checked


def require_same_length(contents: Sequence[str], others: Sequence[Any]) -> None:
    """``ValueError`` for labels, weights or cues that are not one for each content."""
    if len(contents) != len(others):
        raise ValueError(
            f"{len(contents)} contents but {len(others)} labels, weights or cues; give one for each"
        )
