"""Softmax regression towards soft targets, kept near a given solution: what scikit-learn's logistic
regression does not offer.

Soft targets let one model learn another's probabilities (Hinton et al. 2015); the given solution is
what fine-tuning must not forget (Chelba and Acero 2006).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

Array = np.ndarray[Any, Any]
_STEPS = 150  # L-BFGS steps: 300 moved no probability of real_dev by more than 0.002


def fit_softmax(
    matrix: csr_matrix | Array,
    targets: Array,
    weights: Array,
    strength: float,
    start: tuple[Array, Array] | None = None,
) -> tuple[Array, Array]:
    """The coefficients (classes, features) and intercepts (classes,) that make ``targets`` (rows,
    classes) most probable.

    ``strength`` is the inverse strength of the pull towards ``start``. Without one, coefficients
    are pulled to zero and intercepts are free; with one, intercepts stay: data without some class
    must not teach that the class does not exist.
    """
    from scipy.optimize import minimize  # here: scoring needs no more than ``softmax``

    classes = targets.shape[1]
    coefficients, intercepts = (
        start if start is not None else (np.zeros((classes, matrix.shape[1])), np.zeros(classes))
    )
    size, free = coefficients.size, float(start is None)
    scale = 1.0 / max(float(weights.sum()), 1e-12)

    def loss(moved: Array) -> tuple[float, Array]:
        change = moved[:size].reshape(coefficients.shape)
        logits = matrix @ (coefficients + change).T + (intercepts + moved[size:])
        logs = logits - logits.max(axis=1, keepdims=True)
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        pulled = change / strength
        error = (np.exp(logs) - targets) * weights[:, None]
        value = -(weights[:, None] * targets * logs).sum() + 0.5 * (change * pulled).sum()
        slope = np.concatenate([((matrix.T @ error).T + pulled).ravel(), free * error.sum(axis=0)])
        return float(value * scale), np.asarray(slope * scale)

    found = minimize(
        loss,
        np.zeros(size + classes),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _STEPS, "ftol": 1e-9, "gtol": 1e-6},
    ).x
    return coefficients + found[:size].reshape(coefficients.shape), intercepts + found[size:]


def softmax(scores: Array) -> Array:
    """The probabilities of scores (rows, classes).

    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
