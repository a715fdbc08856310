"""Evaluation of stance: readers' labels and a model's probabilities to figures with intervals; runs
no model.

macro-F1 over the classes that readers gave some quotation; AUC of the score over quotations that
take a side (sign) and of 1 - P(neutral) over all (gate); the calibration error is that
of ten bins of equal count of the top probability. Quotations count by their weights. Intervals are
95 %, by bootstrap over quotations, or over their groups (articles), with a fixed seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from sklearn.metrics import confusion_matrix

from quotestance.quote import STANCE_LABELS
from quotestance.speakers.confidence import calibration_error
from quotestance.training.intervals import Array, Figure, bootstrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BINS = 10  # of the calibration error too
_SHOWN = 140  # characters of a wrong answer
_HARDLINE, _NEUTRAL, _CONCILIATORY = range(3)


@dataclass(frozen=True, slots=True)
class Bin:
    """Quotations of like top probability: how many, the mean of it, and the share that is right,
    both by weight."""

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


def evaluate_stance(
    labels: Sequence[str],
    probabilities: Array,
    *,
    weights: Sequence[float] | None = None,
    groups: Sequence[str | None] | None = None,
) -> StanceReport:
    """Compare readers' labels with probabilities of shape (quotations, 3), columns in the order of
    ``STANCE_LABELS``.

    ``weights`` say how much each quotation counts in figures and bins; quotations of one of the
    ``groups`` (an article) are resampled together, those of group ``None`` alone. Raises
    ``ValueError`` where there is not one of each for every label.

    >>> probabilities = np.array([[0.9, 0.1, 0.0], [0.6, 0.4, 0.0]])
    >>> report = evaluate_stance(["hardline", "neutral"], probabilities)
    >>> report.figures["accuracy"].value, report.worst
    (0.5, (1,))
    """
    judged = _Judged(
        np.array([STANCE_LABELS.index(label) for label in labels], dtype=int),
        np.asarray(probabilities, dtype=float),
        np.ones(len(labels)) if weights is None else np.asarray(weights, dtype=float),
    )
    _check(judged, groups)
    wrong = np.flatnonzero(~judged.right)
    return StanceReport(
        bootstrap(lambda rows: _figures(judged.at(rows)), len(judged.gold), groups=groups),
        _confusion(judged),
        tuple(_bin(judged.at(rows)) for rows in _equal_bins(judged.top)),
        tuple(wrong[np.argsort(-judged.top[wrong], kind="stable")].tolist()),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """Readers' classes as numbers, the model's probabilities, and how much each row counts."""

    gold: Array
    chances: Array
    weights: Array

    def at(self, rows: Array) -> _Judged:
        """The rows of these numbers, or those where an array of truths is true."""
        return _Judged(self.gold[rows], self.chances[rows], self.weights[rows])

    @property
    def guessed(self) -> Array:
        return np.asarray(self.chances.argmax(axis=1))

    @property
    def right(self) -> Array:
        return np.asarray(self.guessed == self.gold)

    @property
    def top(self) -> Array:
        return np.asarray(self.chances.max(axis=1))

    @property
    def score(self) -> Array:
        """P(conciliatory) less P(hardline)."""
        return np.asarray(self.chances[:, _CONCILIATORY] - self.chances[:, _HARDLINE])

    @property
    def sided(self) -> _Judged:
        """The rows that readers gave a side."""
        return self.at(self.gold != _NEUTRAL)


def _check(judged: _Judged, groups: Sequence[str | None] | None) -> None:
    count, shape = len(judged.gold), judged.chances.shape
    if shape != (count, len(STANCE_LABELS)) or not count:
        raise ValueError(
            f"{count} labels but probabilities of shape {shape}; give one row of"
            f" {len(STANCE_LABELS)} for each"
        )
    for name, given in (("weights", judged.weights), ("groups", groups)):
        if given is not None and len(given) != count:
            raise ValueError(f"{count} labels but {len(given)} {name}; give one for each")


def _confusion(judged: _Judged) -> tuple[tuple[int, ...], ...]:
    table = confusion_matrix(judged.gold, judged.guessed, labels=range(len(STANCE_LABELS)))
    return tuple(map(tuple, table.tolist()))


def columns_of(classes: Sequence[str], probabilities: Array) -> Array:
    """Probabilities with their columns in the order of ``STANCE_LABELS``.

    A class that the model does not know gets 0.
    """
    table = np.zeros((len(probabilities), len(STANCE_LABELS)))
    for column, label in enumerate(classes):
        table[:, STANCE_LABELS.index(label)] = probabilities[:, column]
    return table


# ---------- figures
def _figures(judged: _Judged) -> dict[str, float]:
    return {name: measure(judged) for name, measure in _MEASURES.items()}


def _equal_bins(top: Array) -> list[Array]:
    return [rows for rows in np.array_split(np.argsort(top, kind="stable"), _BINS) if len(rows)]


def _bin(judged: _Judged) -> Bin:
    return Bin(len(judged.gold), _mean(judged.top, judged.weights), _accuracy(judged))


def _mean(values: Array, weights: Array) -> float:
    """The weighted mean; ``nan`` of nothing."""
    return float((values * weights).sum() / weights.sum()) if len(values) else float("nan")


def _f1(judged: _Judged, label: int) -> float:
    """F1 of a class; ``nan`` where no gold row has it."""
    is_gold, is_guessed = judged.gold == label, judged.guessed == label
    if not is_gold.any():
        return float("nan")
    agreed, gold, guessed = (
        judged.weights[rows].sum() for rows in (is_gold & is_guessed, is_gold, is_guessed)
    )
    return float(2 * agreed / (gold + guessed))


def _macro(judged: _Judged) -> float:
    """The mean F1 of the classes that some gold row has."""
    return float(np.mean([_f1(judged, label) for label in np.unique(judged.gold)]))


def _auc(right: Array, score: Array, weights: Array) -> float:
    """The chance that a right row scores above a wrong one, equal ones half (Mann and Whitney
    1947); ``nan`` where there are none of one sort."""
    places = np.unique(score, return_inverse=True)[1]
    won, lost = np.bincount(places, weights * right), np.bincount(places, weights * ~right)
    pairs = won.sum() * lost.sum()
    return float(won @ (lost.cumsum() - lost / 2) / pairs) if pairs else float("nan")


def _sign_auc(judged: _Judged) -> float:
    sided = judged.sided
    return _auc(sided.gold == _CONCILIATORY, sided.score, sided.weights)


def _sign_accuracy(judged: _Judged) -> float:
    sided = judged.sided
    return _mean((sided.score > 0) == (sided.gold == _CONCILIATORY), sided.weights)


def _gate_auc(judged: _Judged) -> float:
    return _auc(judged.gold != _NEUTRAL, 1 - judged.chances[:, _NEUTRAL], judged.weights)


def _accuracy(judged: _Judged) -> float:
    return _mean(judged.right, judged.weights)


def _calibration_error(judged: _Judged) -> float:
    rows = list(zip(judged.top.tolist(), judged.right.tolist(), strict=True))
    return calibration_error(rows, _BINS, judged.weights.tolist())


_MEASURES: dict[str, Callable[[_Judged], float]] = {
    "macro-F1": _macro,
    "F1 hardline": partial(_f1, label=_HARDLINE),
    "F1 neutral": partial(_f1, label=_NEUTRAL),
    "F1 conciliatory": partial(_f1, label=_CONCILIATORY),
    "accuracy": _accuracy,
    "sign AUC": _sign_auc,
    "sign accuracy": _sign_accuracy,
    "gate AUC": _gate_auc,
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
    parts = [_figure_lines(report), _confusion_lines(report), _calibration_lines(report)]
    if contents:
        wrong = report.worst[:worst]
        errors = [f"{labels[row]:14}{contents[row][:_SHOWN]}" for row in wrong]
        parts.append(["worst errors (readers: text)", *errors])
    return "\n\n".join("\n".join(lines) for lines in parts)


def _figure_lines(report: StanceReport) -> list[str]:
    return [
        f"{name:18}{figure.value:6.3f}  [{figure.low:.3f}, {figure.high:.3f}]"
        for name, figure in report.figures.items()
    ]


def _confusion_lines(report: StanceReport) -> list[str]:
    head = "readers \\ model   " + "".join(f"{label:>14}" for label in STANCE_LABELS)
    rows = zip(STANCE_LABELS, report.confusion, strict=True)
    return [
        head,
        *(f"{label:18}" + "".join(f"{count:14d}" for count in row) for label, row in rows),
    ]


def _calibration_lines(report: StanceReport) -> list[str]:
    return [
        "top probability   right   quotations",
        *(
            f"{found.probability:15.2f} {found.right:7.2f} {found.count:12d} "
            f" {'#' * round(40 * found.right)}"
            for found in report.bins
        ),
    ]


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
