"""Confidence: the probability that the words are speech and the full name is right, from how sure
each step before it was.

A logistic model over the steps' own probabilities and the way the name was reached, fitted on
predictions for articles that the steps had not been trained on (cross-fitting), so that 0.9 means
nine in ten.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from quotestance.attribution.sources import Attribution
from quotestance.linear import Features, LinearModel, logistic
from quotestance.speakers.named import Resolution


def confidence_features(attribution: Attribution, resolution: Resolution) -> Features:
    """The features of an answer: how it was found, how probable its steps were, and what came out.

    >>> from quotestance.attribution.candidates import Candidate
    >>> attribution = Attribution(Candidate("nobody", None, None, {}), 0.9, "")
    >>> sorted(confidence_features(attribution, Resolution(None, "nobody", 0.5)))[:3]
    ['attribution', 'attribution|nobody', 'attribution|none']
    """
    source, mention = attribution.candidate.source, attribution.candidate.mention
    sort = mention.type if mention else "none"
    speaker = resolution.speaker
    chosen, speech = _logit(attribution.probability), _logit(attribution.speech)
    return {
        "one": 1.0,
        "attribution": chosen,
        f"attribution|{sort}": chosen,
        f"attribution|{source}": chosen,
        "speech": speech,
        f"speech|{attribution.kind}": speech,
        "resolution": _logit(resolution.probability),
        f"how={resolution.how}": 1.0,
        f"source={source}": 1.0,
        f"kind={attribution.kind}": 1.0,
        f"type={sort}": 1.0,
        f"speaker={speaker.kind if speaker else 'none'}": 1.0,
        f"full={speaker is not None and ' ' in speaker.name}": 1.0,
        f"role={speaker is not None and speaker.role is not None}": 1.0,
    }


def weakest_step(attribution: Attribution, resolution: Resolution) -> tuple[str, float]:
    """The step of an answer that is least sure, in words, and its probability.

    >>> from quotestance.attribution.candidates import Candidate
    >>> attribution = Attribution(Candidate("nobody", None, None, {}), 0.9, "", "mixed", 0.6)
    >>> weakest_step(attribution, Resolution(None, "nobody", 0.7))
    ('whether it is speech', 0.6)
    """
    steps = {
        "whether it is speech": attribution.speech,
        "who says it": attribution.probability,
        "who that is": resolution.probability,
    }
    step = min(steps, key=steps.__getitem__)
    return step, steps[step]


_SUREST = 0.982  # log odds of 4; not tuned


def _logit(probability: float) -> float:
    """Log odds, kept within plus or minus 4.

    Beyond that the steps' own probabilities mean nothing.
    """
    bounded = min(max(probability, 1 - _SUREST), _SUREST)
    return math.log(bounded / (1 - bounded))


def confidence(features: Features, model: LinearModel) -> float:
    """The probability that the speaker is right, in [0, 1], to four decimals.

    >>> confidence({"one": 1.0}, LinearModel({"one": 0.0}))
    0.5
    """
    return round(logistic(model.score(features)), 4)


def calibration_error(
    judged: Sequence[tuple[float, bool]], bins: int = 10, weights: Sequence[float] | None = None
) -> float:
    """The expected calibration error over ``bins`` of equal counts (Nguyen and O'Connor 2015): 0 is
    honest, 1 as wrong as can be.

    ``weights`` say how much each of the judged counts; without them all count alike.

    >>> calibration_error([(0.5, True), (0.5, False)], bins=1)
    0.0
    """
    if not judged:
        return 0.0
    ordered = sorted(zip(judged, weights or [1.0] * len(judged), strict=True))
    edges = [round(number * len(ordered) / bins) for number in range(bins + 1)]
    gaps = [
        sum(weight * sure for (sure, _), weight in ordered[start:end])
        - sum(weight * right for (_, right), weight in ordered[start:end])
        for start, end in pairwise(edges)
    ]
    return sum(map(abs, gaps)) / sum(weight for _, weight in ordered)
