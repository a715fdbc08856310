"""What the commands say on standard error, and how they end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

FAILED, INTERRUPTED = 1, 130  # exit codes; click ends wrong use with 2


def warn(message: str) -> None:
    """Tell the user something, on standard error."""
    click.echo(f"quotestance: {message}", err=True)


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C ends what is done here with its exit code and without a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        warn("interrupted")
        sys.exit(INTERRUPTED)


def wrong_use(message: str) -> click.UsageError:
    """An error that ends the command with exit code 2 before anything is done."""
    return click.UsageError(message, click.get_current_context(silent=True))


Held = TypeVar("Held")


def apart(held: Sequence[Held], is_trained: Callable[[Held], bool], left_out: str) -> list[Held]:
    """What is held out and not trained on; how many are ``left_out`` is told, in these words."""
    kept = [item for item in held if not is_trained(item)]
    if len(kept) < len(held):
        warn(f"{len(held) - len(kept)} of {len(held)} {left_out}")
    return kept


def require_new(path: str) -> None:
    """End the command where there is something already in the place of its output."""
    if Path(path).exists():
        raise wrong_use(f"{path} exists already; name another folder or remove it first")
