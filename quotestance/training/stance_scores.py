"""Evaluation of stance: readers' labels and a model's probabilities to figures with intervals; runs
no model.

macro-F1 over the classes that readers gave some quotation; AUC of the score over quotations that
take a side (sign) and of 1 - P(neutral) over all (gate); the calibration error is that
of ten bins of equal count of the top probability. Intervals are 95 %, by
bootstrap over quotations with a fixed seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import confusion_matrix

from quotestance.quote import STANCE_LABELS
from quotestance.speakers.confidence import calibration_error
from quotestance.training.intervals import Array, Figure, bootstrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BINS = 10  # as the calibration error has
_HARDLINE, _NEUTRAL, _CONCILIATORY = range(3)


@dataclass(frozen=True, slots=True)
class Bin:
    """Quotations of like top probability: how many, the mean of it, and the share that is right."""

    count: int
    probability: float
    right: float


@dataclass(frozen=True, slots=True)
class StanceReport:
    """How well probabilities agree with readers.

    ``confusion[i][j]`` counts quotations that readers gave label i and the model label j, in the
    order of ``STANCE_LABELS``; ``worst`` are the rows of the wrong answers, the surest first.
    """

    figures: dict[str, Figure]
    confusion: tuple[tuple[int, ...], ...]
    bins: tuple[Bin, ...]
    worst: tuple[int, ...]


def evaluate_stance(labels: Sequence[str], probabilities: Array) -> StanceReport:
    """Compare readers' labels with probabilities of shape (quotations, 3), columns in the order of
    ``STANCE_LABELS``.

    >>> probabilities = np.array([[0.9, 0.1, 0.0], [0.6, 0.4, 0.0]])
    >>> report = evaluate_stance(["hardline", "neutral"], probabilities)
    >>> report.figures["accuracy"].value, report.worst
    (0.5, (1,))
    """
    gold, chances = (
        np.array([STANCE_LABELS.index(label) for label in labels], dtype=int),
        np.asarray(probabilities, dtype=float),
    )
    if chances.shape != (len(gold), len(STANCE_LABELS)) or not len(gold):
        raise ValueError(
            f"{len(gold)} labels but probabilities of shape {chances.shape}; give one row of"
            f" {len(STANCE_LABELS)} for each"
        )
    guessed, top = chances.argmax(axis=1), chances.max(axis=1)
    wrong = np.flatnonzero(guessed != gold)
    table = confusion_matrix(gold, guessed, labels=range(len(STANCE_LABELS)))
    return StanceReport(
        bootstrap(lambda rows: _figures(gold[rows], chances[rows]), len(gold)),
        tuple(tuple(int(count) for count in row) for row in table),
        tuple(
            Bin(len(rows), float(top[rows].mean()), float((guessed[rows] == gold[rows]).mean()))
            for rows in _equal_bins(top)
        ),
        tuple(int(row) for row in wrong[np.argsort(-top[wrong], kind="stable")]),
    )


def columns_of(classes: Sequence[str], probabilities: Array) -> Array:
    """Probabilities with their columns in the order of ``STANCE_LABELS``.

    A class that the model does not know gets 0.
    """
    table = np.zeros((len(probabilities), len(STANCE_LABELS)))
    for column, label in enumerate(classes):
        table[:, STANCE_LABELS.index(label)] = probabilities[:, column]
    return table


# ---------- figures
def _figures(gold: Array, chances: Array) -> dict[str, float]:
    return {name: measure(gold, chances) for name, measure in _MEASURES.items()}


def _equal_bins(top: Array) -> list[Array]:
    return [rows for rows in np.array_split(np.argsort(top, kind="stable"), _BINS) if len(rows)]


def _f1(gold: Array, chances: Array, label: int) -> float:
    """F1 of a class; ``nan`` where no gold row has it."""
    is_gold, is_guessed = gold == label, chances.argmax(axis=1) == label
    if not is_gold.any():
        return float("nan")
    return float(2 * (is_gold & is_guessed).sum() / (is_gold.sum() + is_guessed.sum()))


def _macro(gold: Array, chances: Array) -> float:
    """The mean F1 of the classes that some gold row has."""
    return float(np.mean([_f1(gold, chances, label) for label in np.unique(gold)]))


def _auc(right: Array, score: Array) -> float:
    """The chance that a right row scores above a wrong one (Mann and Whitney 1947)."""
    pairs = right.sum() * (~right).sum()
    lowest = right.sum() * (right.sum() + 1) / 2
    return float((rankdata(score)[right].sum() - lowest) / pairs) if pairs else float("nan")


def _sign_auc(gold: Array, chances: Array) -> float:
    side = gold != _NEUTRAL
    return _auc(
        gold[side] == _CONCILIATORY, (chances[:, _CONCILIATORY] - chances[:, _HARDLINE])[side]
    )


def _sign_accuracy(gold: Array, chances: Array) -> float:
    side = gold != _NEUTRAL
    score = chances[:, _CONCILIATORY] - chances[:, _HARDLINE]
    return (
        float(((score > 0) == (gold == _CONCILIATORY))[side].mean()) if side.any() else float("nan")
    )


def _calibration_error(gold: Array, chances: Array) -> float:
    top, right = chances.max(axis=1), chances.argmax(axis=1) == gold
    return calibration_error(list(zip(top.tolist(), right.tolist(), strict=True)))


_MEASURES: dict[str, Callable[[Array, Array], float]] = {
    "macro-F1": _macro,
    "F1 hardline": lambda gold, chances: _f1(gold, chances, _HARDLINE),
    "F1 neutral": lambda gold, chances: _f1(gold, chances, _NEUTRAL),
    "F1 conciliatory": lambda gold, chances: _f1(gold, chances, _CONCILIATORY),
    "accuracy": lambda gold, chances: float((chances.argmax(axis=1) == gold).mean()),
    "sign AUC": _sign_auc,
    "sign accuracy": _sign_accuracy,
    "gate AUC": lambda gold, chances: _auc(gold != _NEUTRAL, 1 - chances[:, _NEUTRAL]),
    "calibration error": _calibration_error,
}


# ---------- for people
def as_text(
    report: StanceReport,
    contents: Sequence[str] = (),
    labels: Sequence[str] = (),
    *,
    worst: int = 10,
) -> str:
    """The report as plain text.

    Figures, confusion table, calibration, and the worst errors where ``contents`` are given.
    """
    lines = [
        f"{name:18}{figure.value:6.3f}  [{figure.low:.3f}, {figure.high:.3f}]"
        for name, figure in report.figures.items()
    ]
    lines += ["", "readers \\ model   " + "".join(f"{label:>14}" for label in STANCE_LABELS)]
    lines += [
        f"{label:18}" + "".join(f"{count:14d}" for count in row)
        for label, row in zip(STANCE_LABELS, report.confusion, strict=True)
    ]
    lines += ["", "top probability   right   quotations"]
    lines += [
        f"{found.probability:15.2f} {found.right:7.2f} {found.count:12d} "
        f" {'#' * round(40 * found.right)}"
        for found in report.bins
    ]
    if contents:
        lines += [
            "",
            "worst errors (readers: text)",
            *(f"{labels[row]:14}{contents[row][:140]}" for row in report.worst[:worst]),
        ]
    return "\n".join(lines)


def plot_calibration(report: StanceReport, axes: Axes) -> Axes:
    """Draw the share of right answers against the top probability on matplotlib axes, and give them
    back."""
    axes.plot([0.3, 1.0], [0.3, 1.0], linestyle="--", color="grey", linewidth=1)
    axes.plot(
        [found.probability for found in report.bins],
        [found.right for found in report.bins],
        marker="o",
    )
    axes.set_xlabel("top probability")
    axes.set_ylabel("share right")
    return axes
