"""Contents as callers hand them over: a list of strings, with one label, weight or cue for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Cues = Sequence["str | None"] | None


def checked_contents(contents: Sequence[str]) -> list[str]:
    """The contents as a list; ``TypeError`` for a single string or anything but strings."""
    if isinstance(contents, str):
        raise TypeError("contents is one string; give a list of strings")
    checked = list(contents)
    for number, content in enumerate(checked):
        if not isinstance(content, str):
            raise TypeError(
                f"content {number} is {content!r}, a {type(content).__name__}; give strings"
            )
    return checked


def require_same_length(contents: Sequence[str], others: Sequence[Any]) -> None:
    """``ValueError`` for labels, weights, groups or cues that are not one for each content."""
    if len(contents) != len(others):
        raise ValueError(
            f"{len(contents)} contents but {len(others)} labels, weights, groups or cues; give one"
            " for each"
        )


def checked_cues(contents: Sequence[str], cues: Cues) -> list[str | None]:
    """One cue for each content: those given, or ``None`` throughout."""
    chosen: list[str | None] = [None] * len(contents) if cues is None else list(cues)
    require_same_length(contents, chosen)
    return chosen


def checked_weights(contents: Sequence[str], weights: Sequence[float] | None) -> Array:
    """One weight for each content: those given, or 1 throughout."""
    if weights is None:
        return np.ones(len(contents))
    require_same_length(contents, list(weights))
    return np.asarray(weights, dtype=float)
