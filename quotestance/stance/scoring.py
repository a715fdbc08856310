"""Scoring of quotations: what a stance model says of them, as records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from quotestance.quote import STANCE_LABELS, Stance

_DIGITS = 4  # of a probability; more would claim what no model knows


class ProbabilityModel(Protocol):
    """Anything that gives contents the probabilities of ``classes_``.

    A ``StanceModel``, or a stand-in.
    """

    @property
    def classes_(self) -> Any:
        """The labels, in the order of the columns."""

    def predict_proba(self, contents: list[str]) -> Any:
        """An array of shape (contents, classes)."""


def stances(
    model: ProbabilityModel, contents: list[str], cues: Sequence[str | None]
) -> list[Stance]:
    """The stance of each content, scored together; a class that the model lacks has probability 0.

    A model that ``reads_cues`` gets those of mixed quotations. Raises ``ValueError`` for a model of
    other classes.

    >>> class Doubtful:
    ...     classes_ = ["conciliatory", "hardline"]
    ...     def predict_proba(self, contents):
    ...         return [[0.4, 0.6] for _ in contents]
    >>> stances(Doubtful(), ["We refuse."], [None])[0].probabilities
    {'hardline': 0.6, 'neutral': 0.0, 'conciliatory': 0.4}
    """
    columns = _columns(model)
    read = {"cues": cues} if getattr(model, "reads_cues", False) else {}
    rows = model.predict_proba(contents, **read) if contents else ()
    return [_stance(row, columns) for row in rows]


def _columns(model: ProbabilityModel) -> list[int | None]:
    """Where the model has each of our classes; ``None`` where it does not."""
    classes = [str(label) for label in model.classes_]
    unknown = sorted(set(classes) - set(STANCE_LABELS))
    if unknown:
        raise ValueError(
            f"the stance model has the classes {', '.join(classes)}; they must be among"
            f" {', '.join(STANCE_LABELS)}"
        )
    return [classes.index(label) if label in classes else None for label in STANCE_LABELS]


def _stance(row: Any, columns: Sequence[int | None]) -> Stance:
    return Stance(
        *(0.0 if column is None else round(float(row[column]), _DIGITS) for column in columns)
    )
