"""Why a content has its score: the words and acts that moved it, where they stand, and how far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from quotestance.stance.calibration import Calibration
from quotestance.stance.contents import Cues
from quotestance.stance.features import LexicalFeatures
from quotestance.stance.tokens import read_words
from quotestance.stance.vocabulary import Array

Place = tuple[int, int]


class Linear(Protocol):
    """What an explanation reads of a linear model: ``LinearStance``, or one that stands for it."""

    @property
    def classes_(self) -> Array:
        """The labels, in the order of the rows of ``coefficients``."""

    @property
    def features(self) -> LexicalFeatures:
        """What makes the columns of ``coefficients``, but for an encoder's."""

    @property
    def coefficients(self) -> Array:
        """The weights, of shape (classes, features)."""

    @property
    def intercepts(self) -> Array:
        """One for each class."""

    @property
    def calibration(self) -> Calibration:
        """What moves the scores before they are probabilities."""

    def decision_function(self, contents: Sequence[str], cues: Cues = None) -> Array:
        """The scores before calibration, of shape (contents, classes)."""


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

    @classmethod
    def of(cls, base: float, reasons: Sequence[Reason]) -> Explanation:
        """The reasons, the strongest first."""
        return cls(base, tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))))


def explain_linear(model: Linear, content: str, cue: str | None) -> Explanation:
    """Base and reasons of a lexical model; they add up to the log odds."""
    row = model.features.transform([content], [cue]).tocoo()
    values = dict(zip(row.col.tolist(), row.data.tolist(), strict=True))
    direction = _odds(model, model.coefficients.T)
    names = model.features.names()
    weights: dict[Place, float] = {}
    acts: dict[Place, list[str]] = {}
    for column, places in model.features.places(content, cue).items():
        share = values[column] * float(direction[column]) / len(places)
        for place in places:
            weights[place] = weights.get(place, 0.0) + share
            if names[column].startswith("acts: "):
                acts.setdefault(place, []).append(names[column].removeprefix("acts: "))
    return Explanation.of(
        float(_odds(model, model.intercepts + np.array(model.calibration.shift))),
        _reasons(content, weights, acts),
    )


def _reasons(
    content: str, weights: Mapping[Place, float], acts: Mapping[Place, Sequence[str]]
) -> list[Reason]:
    return [
        Reason(start, end, content[start:end], weight, tuple(acts.get((start, end), ())))
        for (start, end), weight in weights.items()
    ]


def explain_by_leaving_out(model: Linear, content: str, cue: str | None) -> Explanation:
    """What leaving each word out changes, for a model with an encoder."""
    words = [word for word in read_words(content) if not word.is_mark]
    without = [content[: word.start] + content[word.end :] for word in words]
    scores = model.decision_function([content, *without], [cue] * (len(words) + 1))
    odds = _odds(model, scores + np.array(model.calibration.shift))
    weights = {
        (word.start, word.end): float(odds[0] - left)
        for word, left in zip(words, odds[1:], strict=True)
    }
    return Explanation.of(float(odds[0]) - sum(weights.values()), _reasons(content, weights, {}))


def _odds(model: Linear, scores: Array) -> Any:
    """The log odds of conciliatory against hardline, of scores of shape (..., classes)."""
    columns = {str(label): number for number, label in enumerate(model.classes_)}
    moved = scores / model.calibration.temperature
    towards, against = (
        moved[..., columns[label]] if label in columns else np.zeros(scores.shape[:-1])
        for label in ("conciliatory", "hardline")
    )
    return towards - against
