"""Intervals: figures with the range that resampling the data gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    measure: Callable[[Array], Mapping[str, float]], size: int, seed: int = 0
) -> dict[str, Figure]:
    """The figures that ``measure`` gives for the rows of a sample, each with its interval.

    The rows are numbered from 0 to ``size``; each resample draws as many with replacement (Efron
    1979). Resamples in which a figure is undefined do not count for it.

    >>> figures = bootstrap(lambda rows: {"mean": float(rows.mean())}, 3)
    >>> figures["mean"].value, figures["mean"].low < 1 < figures["mean"].high
    (1.0, True)
    """
    random = np.random.default_rng(seed)
    draws = [measure(random.integers(0, size, size)) for _ in range(RESAMPLES)]
    return {
        name: Figure(value, *_interval(np.array([draw[name] for draw in draws])))
        for name, value in measure(np.arange(size)).items()
    }


def _interval(spread: Array) -> tuple[float, float]:
    if np.isnan(spread).all():
        return float("nan"), float("nan")
    low, high = np.nanpercentile(spread, _BOUNDS)
    return float(low), float(high)
