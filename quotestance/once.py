"""What a process makes once, and locks that outlast a fork."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")


def process_lock() -> threading.RLock:
    """A lock that its own thread may take again, and that a fork finds free.

    A process forked while another thread holds a lock would wait for that thread for ever, since it
    does not exist there: so a fork waits until the lock is free.

    >>> with process_lock():
    ...     pass
    """
    lock = threading.RLock()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release
        )
    return lock


_MAKING = process_lock()


def once(size: int = 1) -> Callable[[Callable[Arguments, Made]], Callable[Arguments, Made]]:
    """``lru_cache`` for what is large: threads that ask at the same moment get one, not one each.

    >>> @once()
    ... def numbers() -> list[int]:
    ...     return [1, 2]
    >>> numbers() is numbers()
    True
    """

    def decorated(make: Callable[Arguments, Made]) -> Callable[Arguments, Made]:
        cached = lru_cache(maxsize=size)(make)

        @wraps(make)
        def made(*arguments: Arguments.args, **named: Arguments.kwargs) -> Made:
            with _MAKING:
                return cached(*arguments, **named)  # type: ignore[arg-type]

        return made

    return decorated
