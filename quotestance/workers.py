"""Batches of documents done: in this process, or in several, whose deaths cost nothing."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from quotestance.pipeline import attribute_batch, attribute_quotes
from quotestance.quote import Quote

Options = Mapping[str, Any]
# Batches per worker that may be read and not yet handed on. With fewer, workers stand idle behind a
# batch that takes longer than others.
_AHEAD = 4
# So often a worker looks whether its parent lives: no load, and nobody waits longer for its memory.
_WATCH_SECONDS = 1.0
_DEATHS = frozenset({"TerminatedWorkerError", "BrokenProcessPool", "KilledWorker"})


@dataclass(frozen=True, slots=True)
class Failure:
    """What stands in the place of the quotations of a document that could not be done.

    >>> str(Failure(TypeError("not a text")))
    'TypeError: not a text'
    """

    error: Exception

    def __str__(self) -> str:
        return f"{type(self.error).__name__}: {self.error}"


Result = list[Quote] | Failure
Batch = list[Any]  # texts, or (id, text) pairs, as they came


def is_pair(item: Any) -> bool:
    """Whether an item of a stream is a pair of an id and a text."""
    return isinstance(item, tuple) and len(item) == 2


def text_of(item: Any) -> Any:
    """The text of an item of a stream, with or without an id."""
    return item[1] if is_pair(item) else item


# ---------- one batch
def _done(texts: Sequence[Any], options: Options) -> list[Result]:
    """The results of a batch; a document that breaks it is told apart by doing each alone."""
    try:
        if all(isinstance(text, str) for text in texts):
            return cast("list[Result]", attribute_batch(texts, **options))
    except Exception:
        if len(texts) == 1:
            return [_alone(texts[0], options)]
    return [_alone(text, options) for text in texts]


def _alone(text: Any, options: Options) -> Result:
    try:
        return attribute_quotes(text, **options)
    except Exception as error:
        return Failure(error)


def in_turn(batches: Iterable[Batch], options: Options) -> Iterator[tuple[Batch, Sequence[Result]]]:
    """Batches with their results, in this process."""
    return ((batch, _done([text_of(item) for item in batch], options)) for batch in batches)


# ---------- several processes
class Feed:
    """Batches on their way: those read and ready for a worker, and those that are out.

    joblib takes a batch whenever one is done, in whatever thread learns of it and with a lock that
    the caller of the results needs too: it must find one at once, or none. So the caller's own
    thread reads ahead, a few batches only, and where none is ready joblib's call ends and the next
    one takes up what is ready then.
    """

    def __init__(self, batches: Iterator[Batch], workers: int):
        self.ready: deque[Batch] = deque()
        self.out: deque[Batch] = deque()
        self._batches: Iterator[Batch] | None = batches
        self._workers = workers
        self._error: Exception | None = None

    def read(self) -> bool:
        """Read what may be read ahead; whether any batch is ready."""
        while (
            self._batches is not None and len(self.ready) + len(self.out) < _AHEAD * self._workers
        ):
            batch = self._next()
            if batch is None:
                self._batches = None
            else:
                self.ready.append(batch)
        return bool(self.ready)

    def _next(self) -> Batch | None:
        try:
            return next(self._batches or iter(()), None)
        except (
            Exception
        ) as error:  # of the caller's own stream: raised to the caller once all results are out
            self._error = error
            return None

    def __iter__(self) -> Iterator[Batch]:
        while self.ready:
            batch = self.ready.popleft()
            self.out.append(batch)
            yield batch

    def close(self) -> None:
        """Raise the error that ended the stream of the caller, if one did."""
        if self._error is not None:
            raise self._error


def in_parallel(
    batches: Iterator[Batch], options: Options, n_jobs: int
) -> Iterator[tuple[Batch, Sequence[Result]]]:
    """Batches through joblib; those that were out when a worker died are done again."""
    from joblib import effective_n_jobs

    feed = Feed(batches, effective_n_jobs(n_jobs))
    while feed.read():
        try:
            yield from _collected(feed, options, n_jobs)
        except Exception as error:
            if not is_death(error):
                raise
            out = list(feed.out)
            feed.out.clear()
            yield from ((batch, _retried(batch, options)) for batch in out)
    feed.close()


def _collected(
    feed: Feed, options: Options, n_jobs: int
) -> Iterator[tuple[Batch, Sequence[Result]]]:
    """What joblib gives back in one call, each result with its batch."""
    from joblib import Parallel

    results = Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="2*n_jobs", batch_size=1)(
        _task(batch, options) for batch in feed
    )
    try:
        for result in results:
            yield feed.out.popleft(), result
            feed.read()
    finally:
        _close_quietly(results)


def _close_quietly(results: Any) -> None:
    """Stop the workers.

    A caller that wants no more results needs no warning that there would be some.
    """
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results.close()


def _task(batch: Batch, options: Options) -> Any:
    from joblib import delayed

    return delayed(done_for)(os.getpid(), [text_of(item) for item in batch], options)


def done_for(caller: int, texts: Sequence[Any], options: Options) -> list[Result]:
    """The results of a batch, in a process that ends with the one that asked for them."""
    end_with(caller)
    return _done(texts, options)


@lru_cache(maxsize=1)
def end_with(parent: int) -> None:
    """End this process when its parent has ended, however that ended; where ``parent`` is not its
    parent (a cluster, a thread), nothing happens.

    A killed parent cannot tell its workers to stop, and they would wait for it with hundreds of
    megabytes each. The system's own signal for this (``PR_SET_PDEATHSIG``) is about the thread that
    started the worker, which may end earlier.
    """
    if parent != os.getppid():
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="quotestance-parent", daemon=True).start()


def _retried(batch: Batch, options: Options) -> list[Result]:
    """A batch whose worker died, in a worker of its own.

    If that dies too, each document so, and the one that kills it is the failure.
    """
    from joblib import Parallel

    try:
        return cast(
            "list[Result]", Parallel(n_jobs=2)([_task(batch, options), _task([], options)])[0]
        )
    except Exception as error:
        if not is_death(error):
            raise
        if len(batch) > 1:
            return [result for item in batch for result in _retried([item], options)]
        return [lost(error)]


def is_death(error: Exception) -> bool:
    """Whether an error says that a worker process died."""
    return type(error).__name__ in _DEATHS


def lost(error: Exception) -> Failure:
    """What stands in the place of a document that ended its worker process."""
    reason = (
        f"the document ended its worker process ({type(error).__name__}); it may need more"
        " memory than there is. Cut it into smaller documents."
    )
    return Failure(RuntimeError(reason))
