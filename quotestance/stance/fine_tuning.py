"""Fine-tuning: new weights near those that a model has, and what quotations it may be tuned on.

scikit-learn's ``LogisticRegression`` pulls weights towards zero and takes no offset. With the old
model's scores as features, their weight of one could be held only by made-up rows that outweigh
all others, where its solvers no longer converge. So the pull towards given weights (Chelba and
Acero 2006) is the one thing that is minimised here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from quotestance.quote import StanceLabel
from quotestance.stance.contents import Cues, checked_cues, require_same_length
from quotestance.stance.features import LexicalFeatures
from quotestance.stance.linear_stance import LinearStance, matrix_of
from quotestance.stance.soft_targets import balance, one_hot
from quotestance.stance.vocabulary import Array
from quotestance.tables.labelled import LONGEST, LabelledQuotation, contradictions, to_class

FEWEST = 20  # labelled quotations that fine-tuning asks for; not tuned
# Tuned by holding out each topic of real_train in turn (docs/accuracy.md): the pull of what the
# model knew, as an inverse strength beside the estimator's own.
_STRENGTH = 0.9
_STEPS = 150  # L-BFGS steps: 300 moved no probability of real_dev by more than 0.002
_CLOSE = {"maxiter": _STEPS, "ftol": 1e-9, "gtol": 1e-6}
_TOLD = 10  # problems that one error names


def near(
    matrix: Any, targets: Array, weights: Array, strength: float, start: tuple[Array, Array]
) -> Array:
    """The coefficients (classes, features) near those of ``start`` that make ``targets`` (rows,
    classes) most probable.

    ``strength`` is the inverse strength of the pull. The intercepts of ``start`` stay: data without
    some class must not teach that the class does not exist.
    """
    from scipy.optimize import minimize  # here: scoring needs none of it

    known, scale = start[0], 1.0 / max(float(weights.sum()), np.finfo(float).tiny)
    offsets = matrix @ known.T + start[1]

    def loss(moved: Array) -> tuple[float, Array]:
        change = moved.reshape(known.shape)
        logs = _log_softmax(offsets + matrix @ change.T)
        error = (np.exp(logs) - targets) * weights[:, None]
        value = -(weights[:, None] * targets * logs).sum() + 0.5 * (change**2).sum() / strength
        slope = (matrix.T @ error).T + change / strength
        return float(value * scale), np.asarray(slope * scale).ravel()

    found = minimize(
        loss,
        np.zeros(known.size),
        jac=True,
        method="L-BFGS-B",
        options=_CLOSE,
    )
    return np.asarray(known + found.x.reshape(known.shape))


def _log_softmax(scores: Array) -> Array:
    logs = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(logs - np.log(np.exp(logs).sum(axis=1, keepdims=True)))


def tuned(
    start: LinearStance,
    contents: Sequence[str],
    classes: Sequence[str],
    weights: Array,
    groups: Sequence[Any] | None,
    cues: Cues,
    strength: float,
) -> LinearStance:
    """What ``start`` becomes by these quotations: weights near its own, its calibration kept."""
    chosen, targets = checked_cues(contents, cues), one_hot(classes, start.classes_)
    counted = {"fine_tuned_on": len(contents)}
    if groups is not None:
        require_same_length(contents, list(groups))
        counted["fine_tuned_on_groups"] = len({str(group) for group in groups})
    features, coefficients = _grown(start, contents, chosen)
    coefficients = near(
        matrix_of(features, start.encoder, contents, chosen),
        targets,
        weights * balance(targets, np.ones(len(contents))),
        _STRENGTH * strength,
        (coefficients, start.intercepts),
    )
    facts = {**start.facts, **counted}
    return replace(start, features=features, coefficients=coefficients, facts=facts)


def _grown(
    start: LinearStance, contents: Sequence[str], cues: Sequence[str | None]
) -> tuple[LexicalFeatures, Array]:
    """The features of ``start`` with those of the contents, and its coefficients over them: 0 where
    a feature is new."""
    features, columns = start.features.grown(contents, cues)
    known = start.features.width()
    vectors = start.coefficients.shape[1] - known
    coefficients = np.zeros((len(start.classes_), features.width() + vectors))
    coefficients[:, columns] = start.coefficients[:, :known]
    coefficients[:, features.width() :] = start.coefficients[:, known:]
    return features, coefficients


def tuning_classes(
    contents: Sequence[str], labels: Sequence[Any], mapping: Mapping[str, str] | None = None
) -> list[StanceLabel]:
    """The classes to fine-tune on; ``ValueError`` for too few, one only, a text with two."""
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
    problems = _problems(contents, classes)
    if problems:
        raise ValueError("\n".join(["these cannot be learned:", *problems[:_TOLD]]))
    return classes


def _problems(contents: Sequence[str], classes: Sequence[StanceLabel]) -> list[str]:
    rows = [
        LabelledQuotation(content, label, line=number)
        for number, (content, label) in enumerate(zip(contents, classes, strict=True), 1)
    ]
    return contradictions(rows) + [
        f"line {row.line}: the text is empty or longer than {LONGEST:,} characters; give the quoted"
        " words"
        for row in rows
        if not row.text.strip() or len(row.text) > LONGEST
    ]
