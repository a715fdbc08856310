"""Measuring: time of a task, words of texts, and the rows that tables are made of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]


def words_in(texts: Iterable[str]) -> int:
    """How many words texts have, parted by white space."""
    return sum(len(text.split()) for text in texts)


def seconds(task: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Time of a task: processor time, which on one core is wall time less what other programs took.

    Or by another clock.
    """
    started = clock()
    task()
    return clock() - started
