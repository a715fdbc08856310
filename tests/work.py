"""Work that is counted, not timed: the lines of the package that run, whatever else the machine
does.

Every turn of a loop or comprehension in Python counts; what one call does inside C does not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import quotestance

PACKAGE = str(Path(quotestance.__file__).parent)


def lines_run(task: Callable[[], object]) -> int:
    """How many lines of the package run during a task."""
    count = 0

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    def call(frame: FrameType, event: str, argument: Any) -> Any:
        return line if frame.f_code.co_filename.startswith(PACKAGE) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        task()
    finally:
        sys.settrace(before)
    return count


def growth(task: Callable[[int], object], small: int, large: int) -> float:
    """The work at ``large`` over the work at ``small``, as a multiple of what the sizes say.

    1 is growth in step with size; with the square it is ``large / small``. The first run of all
    loads what is loaded once.
    """
    task(small)
    ratio = lines_run(lambda: task(large)) / lines_run(lambda: task(small))
    return ratio / (large / small)
