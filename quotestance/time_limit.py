"""A limit of time for a text: batches done in worker processes that are killed when they are late.

A stage cannot be interrupted from inside its process: a parser or a regular expression holds the
interpreter until it is done. So each worker does one batch at a time and somebody outside holds the
watch; the worker that is late is killed and replaced, and no other loses anything.
"""

from __future__ import annotations

import math
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late  # its own class before Python 3.11
from multiprocessing import current_process
from numbers import Real
from queue import SimpleQueue
from typing import Any, cast

from quotestance.workers import (
    Batch,
    Failure,
    Feed,
    Options,
    Result,
    done_for,
    is_death,
    lost,
    text_of,
)

# What a new worker does first, without the limit: parser and models are loaded for it.
_TRIAL = "“We agree to the figure,” said union leader Ana Silva."
_LOCAL = frozenset(
    {"LokyBackend", "MultiprocessingBackend", "SequentialBackend", "ThreadingBackend"}
)
# Loading takes some seconds; a worker that is not ready after this will never be.
_START_SECONDS = 600.0


def check_timeout(value: Any) -> None:
    """Refuse what is not a limit of time, and a cluster, where none can be kept.

    >>> check_timeout(0)
    Traceback (most recent call last):
        ...
    ValueError: timeout is 0; give the seconds that a text may take, above 0, or None for no limit
    """
    wanted = "give the seconds that a text may take, above 0, or None for no limit"
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"timeout is {value!r}; {wanted}")
    if not 0 < float(value) < math.inf:
        raise ValueError(f"timeout is {value!r}; {wanted}")
    _check_place()


def _check_place() -> None:
    """Refuse places where no worker can be ended: other machines, and processes that may not have
    any."""
    from joblib.parallel import get_active_backend

    if current_process().daemon:
        raise ValueError(
            "timeout needs worker processes, and this process is a daemon, which may not have any."
            ' Leave timeout out, or in Dask set "distributed.worker.daemon" to False'
        )

    name = type(get_active_backend()[0]).__name__
    if name not in _LOCAL:
        raise ValueError(
            f"timeout cannot be kept with joblib's {name}: it needs worker processes of this"
            " machine. Leave timeout out, or give it to attribute_rows where the data lies"
        )


def in_time(
    batches: Iterator[Batch], options: Options, n_jobs: int, timeout: float
) -> Iterator[tuple[Batch, Sequence[Result]]]:
    """Batches with their results, each text done within ``timeout`` seconds or a ``Failure``."""
    from joblib import effective_n_jobs

    size = effective_n_jobs(n_jobs)
    feed, crew, found = Feed(batches, size), _Crew(size, options, timeout), deque[Future[Any]]()
    try:
        while feed.read() or found:
            found.extend(crew.begin([text_of(item) for item in batch]) for batch in feed)
            results = found.popleft().result()
            yield feed.out.popleft(), results
    finally:
        crew.dismiss()
    feed.close()


class _Crew:
    """Workers, and for each a thread of this process that holds the watch."""

    def __init__(self, size: int, options: Options, timeout: float):
        self._workers = [_Worker(options, timeout) for _ in range(size)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._watches = ThreadPoolExecutor(size, thread_name_prefix="quotestance-watch")

    def begin(self, texts: Sequence[Any]) -> Future[list[Result]]:
        return self._watches.submit(self._done, texts)

    def _done(self, texts: Sequence[Any]) -> list[Result]:
        worker = self._idle.get()
        try:
            return worker.results(texts)
        finally:
            self._idle.put(worker)

    def dismiss(self) -> None:
        """End all workers, whatever they do."""
        self._watches.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.end(for_good=True)


class _Worker:
    """A process that does one batch at a time, made again when it was late or died."""

    def __init__(self, options: Options, timeout: float):
        self._options, self._timeout = options, timeout
        self._process: Any = None  # joblib's pool, of one process
        self._is_dismissed = False
        self._changes = threading.Lock()

    def results(self, texts: Sequence[Any]) -> list[Result]:
        """The results of a batch; where it is late or ends its process, each text is done alone."""
        found = self._attempt(texts)
        if not isinstance(found, Failure):
            return found
        if len(texts) == 1 and isinstance(found.error, TimeoutError):
            return [found]  # a second time would take as long
        return [self._alone(text) for text in texts]

    def _alone(self, text: Any) -> Result:
        found = self._attempt([text])
        return found if isinstance(found, Failure) else found[0]

    def _attempt(self, texts: Sequence[Any]) -> list[Result] | Failure:
        """The results of texts, or why the process did not live to give them."""
        try:
            self._prepare()
            return self._run(texts, self._timeout)
        except Late:
            self.end()
            return Failure(TimeoutError(_late(self._timeout)))
        except Exception as error:
            if not is_death(error):
                raise
            self.end()
            return lost(error)

    def _prepare(self) -> None:
        """Start the process and have it load what it needs, unless it is there."""
        if self._process is None:
            self._start()
            self._run([_TRIAL], max(self._timeout, _START_SECONDS))

    def _start(self) -> None:
        from joblib.externals.loky import ProcessPoolExecutor

        with self._changes:
            if self._is_dismissed:
                raise RuntimeError("nobody waits for the results any more")
            # Ctrl-C reaches the whole group of processes; only the first is to act on it.
            self._process = ProcessPoolExecutor(
                1, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
            )

    def _run(self, texts: Sequence[Any], seconds: float) -> list[Result]:
        future = self._process.submit(done_for, os.getpid(), list(texts), self._options)
        return cast("list[Result]", future.result(seconds))

    def end(self, *, for_good: bool = False) -> None:
        """Kill the process; the next batch starts another, unless it is ended for good."""
        with self._changes:
            self._is_dismissed |= for_good
            process, self._process = self._process, None
        if process is not None:
            process.shutdown(wait=True, kill_workers=True)


def _late(timeout: float) -> str:
    return (
        f"the document took longer than {timeout:g} seconds (timeout). Cut it into smaller"
        " documents, or give it more time"
    )
