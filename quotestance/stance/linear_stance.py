"""What scores contents: a linear model over what they say and do, read from disk and applied.

Nothing of scikit-learn is loaded here, for that alone would take a third of the time to the first
result; what learns is ``stance.model.StanceModel``, which exports this.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse import hstack

from quotestance import model_folder
from quotestance.quote import UNCERTAIN
from quotestance.stance.calibration import Calibration
from quotestance.stance.contents import Cues, checked_contents, checked_cues
from quotestance.stance.encoder import OnnxEncoder
from quotestance.stance.explanation import (
    Explanation,
    explain_by_leaving_out,
    explain_linear,
)
from quotestance.stance.features import LexicalFeatures
from quotestance.stance.vocabulary import Array

KIND = "stance"
NAME, ENCODER_NAME = "stance-en", "stance-en-encoder"
# What model.json says of the weights; all else there is a fact about the training.
_OF_WEIGHTS = frozenset(
    {"format", "kind", "classes", "parameters", "shift", "words", "common", "vector"}
)
_NEEDED = ("classes", "parameters", "shift", "words", "common")

Encoder = Callable[[list[str]], Any]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LinearStance:
    """A frozen model that gives contents the probabilities of the classes.

    ``coefficients`` of shape (classes, features) stand over the lexical features and, after them,
    the vectors of the ``encoder``. ``parameters`` are those of the estimator that it came from.

    >>> contents = ["We will never give in.", "We are ready to sit down with them."]
    >>> LinearStance.load().predict(contents).tolist()
    ['hardline', 'conciliatory']
    """

    classes_: Array
    features: LexicalFeatures
    coefficients: Array
    intercepts: Array
    calibration: Calibration
    encoder: Encoder | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"LinearStance({', '.join(self.classes_)}; {self.coefficients.shape[1]:,} features)"

    @property
    def reads_cues(self) -> bool:
        """Whether the pipeline hands over the cues of mixed quotations: always."""
        return True

    def decision_function(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The scores of the classes before calibration, of shape (contents, classes).

        >>> LinearStance.load().decision_function(["We accept the offer."]).shape
        (1, 3)
        """
        matrix = matrix_of(self.features, self.encoder, contents, cues)
        return np.asarray(matrix @ self.coefficients.T + self.intercepts)

    def predict_proba(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The calibrated probabilities of each content, of shape (contents, classes), columns in
        the order of ``classes_``.

        ``cues`` are the cues of mixed quotations ("demanded"), ``None`` for direct ones: the
        journalist's verb is not the speaker's word.

        >>> LinearStance.load().predict_proba(["We accept the offer."]).shape
        (1, 3)
        """
        contents = checked_contents(contents)
        if not contents:
            return np.zeros((0, len(self.classes_)))
        return self.calibration(self.decision_function(contents, cues))

    def predict(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The most probable label of each content."""
        return np.asarray(self.classes_[self.predict_proba(contents, cues).argmax(axis=1)])

    def uncertain(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """Whether the most probable label of each content has a probability below ``UNCERTAIN``.

        >>> LinearStance.load().uncertain(["We will never surrender to them."]).tolist()
        [False]
        """
        return np.asarray(self.predict_proba(contents, cues).max(axis=1) < UNCERTAIN)

    def explain(self, content: str, cue: str | None = None) -> Explanation:
        """Why a content is scored as it is: the words and acts that moved it, where they stand, and
        how far.

        Exact for the lexical model: base and reasons add up to the log odds of conciliatory against
        hardline. With an encoder, a reason is what leaving a word out changes.

        >>> LinearStance.load().explain("We refuse.").reasons[0].weight < 0
        True
        """
        checked_contents([content])
        how = explain_by_leaving_out if self.encoder else explain_linear
        return how(self, content, cue)

    # ---------- on disk
    @classmethod
    def load(
        cls, model: str | os.PathLike[str] | None = None, *, encoder: Encoder | None = None
    ) -> LinearStance:
        """Read a model by its name or from its folder; without either, ``stance-en``.

        ``encoder`` is for a model that was trained on a user's own. Raises ``FileNotFoundError`` or
        ``ValueError``, naming the file, for a model that is missing, broken or of another kind, and
        ``ImportError`` where it needs a package that is not installed.
        """
        folder = model_folder.find(NAME if model is None else model)
        stored = model_folder.load(folder, KIND)
        facts, arrays = stored.facts, stored.arrays
        _check_whole(stored, folder)
        return cls(
            classes_=np.array(facts["classes"]),
            features=LexicalFeatures.restored(facts["parameters"]["least"], arrays, facts),
            coefficients=arrays["coefficients"].astype(float),
            intercepts=arrays["intercepts"].astype(float),
            calibration=Calibration(tuple(facts["shift"]), float(arrays["temperature"][0])),
            encoder=(encoder or _own_encoder(stored, folder)) if "vector" in facts else None,
            parameters=facts["parameters"],
            facts={name: value for name, value in facts.items() if name not in _OF_WEIGHTS},
        )

    def save(self, folder: str | os.PathLike[str], facts: Mapping[str, Any] | None = None) -> None:
        """Write the model to a new folder, whole or not at all; ``facts`` go into its
        ``model.json``.

        An encoder that is not quotestance's own is not written: give it again to ``load``.
        """
        model_folder.save(folder, KIND, self.stored(facts))

    def stored(self, facts: Mapping[str, Any] | None = None) -> model_folder.Artefact:
        """What ``save`` writes."""
        blocks, said = self.features.stored()
        arrays: dict[str, Any] = {
            "coefficients": self.coefficients.astype("<f4"),
            "intercepts": self.intercepts.astype("<f8"),
            "temperature": np.array([self.calibration.temperature], dtype="<f8"),
            **blocks,
        }
        if self.encoder is not None:
            said["vector"] = self.coefficients.shape[1] - self.features.width()
        said |= {
            "classes": self.classes_.tolist(),
            "parameters": dict(self.parameters),
            "shift": list(self.calibration.shift),
        }
        network = self.encoder.files() if isinstance(self.encoder, OnnxEncoder) else {}
        return model_folder.Artefact(arrays, {**self.facts, **(facts or {}), **said}, network)


def matrix_of(
    features: LexicalFeatures, encoder: Encoder | None, contents: Sequence[str], cues: Cues
) -> Any:
    """The lexical features of contents, and after them their vectors, where there is an encoder."""
    contents = checked_contents(contents)
    return with_vectors(
        features.transform(contents, checked_cues(contents, cues)), features, encoder, contents
    )


def with_vectors(
    matrix: Any, features: LexicalFeatures, encoder: Encoder | None, contents: Sequence[str]
) -> Any:
    """A matrix and after its columns the vectors of the contents, names masked."""
    if encoder is None:
        return matrix
    vectors = np.asarray(encoder([features.masked(content) for content in contents]), dtype=float)
    if vectors.ndim != 2 or len(vectors) != len(contents):
        raise ValueError(
            f"the encoder gave an array of shape {vectors.shape} for {len(contents)} contents; it"
            " must give one vector for each"
        )
    return hstack([matrix, vectors], format="csr")


def _check_whole(stored: model_folder.Artefact, folder: str | os.PathLike[str]) -> None:
    """That words and arrays are there and belong together."""
    facts = stored.facts
    missing = [name for name in _NEEDED if name not in facts]
    if missing:
        raise ValueError(
            f"{folder} says nothing about {', '.join(missing)}: its model.json is not whole. Copy"
            " the model folder again."
        )
    blocks = {block: len(names) for block, names in facts["words"].items()}
    shape = (len(facts["classes"]), sum(blocks.values()) + facts.get("vector", 0))
    sizes: dict[str, tuple[int, ...]] = {f"{block}_idf": (size,) for block, size in blocks.items()}
    sizes |= {"coefficients": shape, "intercepts": shape[:1], "temperature": (1,)}
    model_folder.require(stored, folder, sizes)


def _own_encoder(stored: model_folder.Artefact, folder: str | os.PathLike[str]) -> Encoder:
    """The network that lies in the folder."""
    if "graph" in stored.arrays:
        raise ValueError(
            f"{folder} keeps its network in weights.npz, a format that is no longer read; train"
            " the model again, or install it again"
        )
    if not stored.files:
        raise ValueError(
            f"{folder} holds no encoder; give the one it was trained with:"
            f" StanceModel.load({str(folder)!r}, encoder=...)"
        )
    return OnnxEncoder.of_files(stored.files, folder)
