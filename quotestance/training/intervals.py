"""Intervals: figures with the range that resampling the data gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
RESAMPLES = 300  # 1,000 move no bound of the development sets by more than half a point
_BOUNDS = (2.5, 97.5)  # percentiles: a 95 % interval


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its 95 % interval; ``nan`` where the data leave it undefined."""

    value: float
    low: float
    high: float


def bootstrap(
    measure: Callable[[Array], Mapping[str, float]],
    size: int,
    seed: int = 0,
    groups: Sequence[str | None] | None = None,
) -> dict[str, Figure]:
    """The figures that ``measure`` gives for the rows of a sample, each with its interval.

    The rows are numbered from 0 to ``size``; each resample draws as many with replacement (Efron
    1979). Rows that name the same of the ``groups`` are drawn together, those of group ``None``
    alone. Resamples in which a figure is undefined do not count for it.

    >>> figures = bootstrap(lambda rows: {"mean": float(rows.mean())}, 3)
    >>> figures["mean"].value, figures["mean"].low < 1 < figures["mean"].high
    (1.0, True)
    """
    random = np.random.default_rng(seed)
    units = _units(groups or [None] * size)
    draws = []
    for _ in range(RESAMPLES):
        drawn = random.integers(0, len(units), len(units))
        draws.append(measure(np.concatenate([units[number] for number in drawn])))
    return {
        name: Figure(value, *_interval(np.array([draw[name] for draw in draws])))
        for name, value in measure(np.arange(size)).items()
    }


def _units(groups: Sequence[str | None]) -> list[Array]:
    """The numbers of the rows that are drawn together, in the order of the first of each."""
    units: dict[object, list[int]] = {}
    for number, group in enumerate(groups):
        units.setdefault(number if group is None else group, []).append(number)
    return [np.array(rows) for rows in units.values()]


def _interval(spread: Array) -> tuple[float, float]:
    if np.isnan(spread).all():
        return float("nan"), float("nan")
    low, high = np.nanpercentile(spread, _BOUNDS)
    return float(low), float(high)
