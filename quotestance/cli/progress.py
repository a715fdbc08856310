"""How far a run is, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from quotestance.tables.documents import format_of
from quotestance.tables.progress import Tally


def progress(
    paths: Sequence[str], input_format: str | None
) -> AbstractContextManager[Callable[[Tally], None]]:
    """A progress bar on standard error where that is a terminal and there is more than one plain
    document."""
    plain = [(input_format or format_of(path)) in (None, "text") for path in paths]
    if not sys.stderr.isatty() or plain == [True]:
        return nullcontext(lambda tally: None)
    return _Bar(len(paths) if all(plain) else None)


class _Bar:
    """Documents done, of how many where that is known, on standard error."""

    def __init__(self, total: int | None):
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = (
            TextColumn("documents"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[quotations]} quotations"),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("documents", total=total, quotations=0)

    def __enter__(self) -> Callable[[Tally], None]:
        self._progress.start()
        return self._advance

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _advance(self, tally: Tally) -> None:
        self._progress.update(self._task, completed=tally.documents, quotations=tally.quotations)
