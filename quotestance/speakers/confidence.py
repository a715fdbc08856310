"""Confidence: the probability that the name is right, from how sure each step before it was.

A logistic model over the steps' own probabilities and the way the name was reached, fitted on
predictions for articles that the steps had not been trained on (cross-fitting), so that 0.9 means
nine in ten.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from quotestance.quote import Speaker

Features = dict[str, float]


def confidence_features(
    source: str,
    how: str,
    attribution: float,
    resolution: float,
    kind: str,
    mention_type: str,
    speaker: Speaker | None,
) -> Features:
    """The features of an answer: how it was found (``source``, ``how``), how probable its steps
    were, and what sort of name came out.

    >>> speaker = Speaker("Ana Silva", "person")
    >>> sorted(confidence_features("cue", "surname", 0.9, 1.0, "direct", "name", speaker))[:3]
    ['attribution', 'attribution|cue', 'attribution|name']
    """
    chosen = _logit(attribution)
    return {
        "one": 1.0,
        "attribution": chosen,
        f"attribution|{mention_type}": chosen,
        f"attribution|{source}": chosen,
        "resolution": _logit(resolution),
        f"how={how}": 1.0,
        f"source={source}": 1.0,
        f"kind={kind}": 1.0,
        f"type={mention_type}": 1.0,
        f"speaker={speaker.kind if speaker else 'none'}": 1.0,
        f"full={speaker is not None and ' ' in speaker.name}": 1.0,
        f"role={speaker is not None and speaker.role is not None}": 1.0,
    }


def _logit(probability: float) -> float:
    """Log odds, kept within plus or minus 4.

    Beyond that the steps' own probabilities mean nothing.
    """
    bounded = min(max(probability, 0.018), 0.982)
    return math.log(bounded / (1 - bounded))


def confidence(features: Features, weights: Mapping[str, float]) -> float:
    """The probability that the speaker is right, in [0, 1], to four decimals.

    >>> confidence({"one": 1.0}, {"one": 0.0})
    0.5
    """
    score = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 4)


def calibration_error(judged: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """The expected calibration error over ``bins`` of equal counts (Nguyen and O'Connor 2015): 0 is
    honest, 1 as wrong as can be.

    >>> calibration_error([(0.5, True), (0.5, False)], bins=1)
    0.0
    """
    ordered = sorted(judged)
    if not ordered:
        return 0.0
    edges = [round(number * len(ordered) / bins) for number in range(bins + 1)]
    total = 0.0
    for start, end in pairwise(edges):
        part = ordered[start:end]
        if part:
            total += abs(
                sum(confidence for confidence, _ in part) - sum(right for _, right in part)
            )
    return total / len(ordered)
