"""Many documents.

Iterator in, iterator out, in the same order and in constant memory, on one core, on several, or on
a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, TypeVar, overload

from quotestance.options import check_stream
from quotestance.quote import Quote
from quotestance.time_limit import check_timeout, in_time
from quotestance.workers import (
    Batch,
    Failure,
    Options,
    Result,
    in_parallel,
    in_turn,
    is_pair,
    text_of,
)

OnError = Literal["raise", "record"]
Key = TypeVar("Key")

# A batch ends at so many documents or characters, whichever comes first: enough for the parser to
# work in full batches (larger ones are no faster, docs/performance.md), little enough that a batch
# of long documents stays small and takes a second or two.
BATCH_DOCUMENTS = 32
_BATCH_CHARACTERS = 200_000


@overload
def attribute_many(
    texts: Iterable[str],
    *,
    n_jobs: int = ...,
    batch_size: int = ...,
    on_error: Literal["raise"] = ...,
    timeout: float | None = ...,
    **options: Any,
) -> Iterator[list[Quote]]: ...
@overload
def attribute_many(
    texts: Iterable[str],
    *,
    n_jobs: int = ...,
    batch_size: int = ...,
    on_error: OnError,
    timeout: float | None = ...,
    **options: Any,
) -> Iterator[Result]: ...
@overload
def attribute_many(
    texts: Iterable[tuple[Key, str]],
    *,
    n_jobs: int = ...,
    batch_size: int = ...,
    on_error: Literal["raise"] = ...,
    timeout: float | None = ...,
    **options: Any,
) -> Iterator[tuple[Key, list[Quote]]]: ...
@overload
def attribute_many(
    texts: Iterable[tuple[Key, str]],
    *,
    n_jobs: int = ...,
    batch_size: int = ...,
    on_error: OnError,
    timeout: float | None = ...,
    **options: Any,
) -> Iterator[tuple[Key, Result]]: ...
def attribute_many(
    texts: Iterable[Any],
    *,
    n_jobs: int = 1,
    batch_size: int = BATCH_DOCUMENTS,
    on_error: OnError = "raise",
    timeout: float | None = None,
    **options: Any,
) -> Iterator[Any]:
    """The quotations of each text of a stream, in its order; the stream may be endless.

    An item is a text, or a pair ``(id, text)`` that comes back as ``(id, quotes)``. ``options`` are
    those of ``attribute_quotes``. With ``n_jobs`` above 1 (or -1, all cores) batches of
    ``batch_size`` documents go through joblib, on this machine or wherever
    ``joblib.parallel_config(backend=...)`` says; no more than a few batches are read ahead of the
    caller. A document that fails raises its error after the results before it, or with
    ``on_error="record"`` leaves a ``Failure`` in its place and the rest goes on. So does one that
    kills its worker, and one that takes longer than ``timeout`` seconds: with a limit, documents
    are done in worker processes of this machine even where ``n_jobs`` is 1. Raises ``ValueError``
    for a wrong ``n_jobs``, ``batch_size``, ``on_error`` or ``timeout``; what is wrong with other
    options is raised at once, too, and never recorded.

    >>> texts = [("a", '"We agree," said Ana Silva.'), ("b", "Nobody spoke.")]
    >>> [(key, [quote.speaker.name for quote in quotes]) for key, quotes in attribute_many(texts)]
    [('a', ['Ana Silva']), ('b', [])]
    """
    _check_run(texts, n_jobs, batch_size, on_error, timeout)
    own = ("n_jobs", "batch_size", "on_error", "timeout")
    checked = check_stream(options, "attribute_many", own)
    batches = _batches(texts, batch_size)
    return _handed_on(_results(batches, checked, n_jobs, timeout), on_error)


def _results(
    batches: Iterator[Batch], options: Options, n_jobs: int, timeout: float | None
) -> Iterator[tuple[Batch, Sequence[Result]]]:
    if timeout is not None:
        return in_time(batches, options, n_jobs, timeout)
    return in_turn(batches, options) if n_jobs == 1 else in_parallel(batches, options, n_jobs)


def _check_run(texts: Any, n_jobs: Any, batch_size: Any, on_error: Any, timeout: Any) -> None:
    """Refuse what no stream can be run with."""
    if n_jobs == 0 or n_jobs != int(n_jobs):
        raise ValueError(
            f"n_jobs is {n_jobs!r}; give a number of processes, or -1 for one on every core"
        )
    if batch_size < 1:
        raise ValueError(
            f"batch_size is {batch_size!r}; give the number of documents of a batch, at least 1"
        )
    if on_error not in ("raise", "record"):
        raise ValueError(f"on_error is {on_error!r}; use 'raise' or 'record'")
    check_timeout(timeout)
    if isinstance(texts, str):
        raise TypeError(
            "attribute_many takes an iterable of texts, not one str; use attribute_quotes for one"
            " text, or pass [text]"
        )


def _batches(items: Iterable[Any], size: int) -> Iterator[Batch]:
    """The items in batches.

    What came before an error of the stream still comes out, then the error.
    """
    batch: Batch = []
    characters = 0
    broken: Exception | None = None
    try:
        for item in items:
            batch.append(item)
            characters += len(text_of(item)) if isinstance(text_of(item), str) else 0
            if len(batch) >= size or characters >= _BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
    except Exception as error:
        broken = error
    if batch:
        yield batch
    if broken is not None:
        raise broken


def _handed_on(
    results: Iterable[tuple[Batch, Sequence[Result]]], on_error: OnError
) -> Iterator[Any]:
    """The results one by one, each under its id where it has one."""
    number = 0
    for batch, found in results:
        for item, result in zip(batch, found, strict=True):
            number += 1
            if isinstance(result, Failure) and on_error == "raise":
                raise _noted(result.error, number, item)
            yield (item[0], result) if is_pair(item) else result


def _noted(error: Exception, number: int, item: Any) -> Exception:
    """The error with a note on which document it is about (where this Python knows notes)."""
    if hasattr(error, "add_note"):
        name = f" (id {item[0]!r})" if is_pair(item) else ""
        error.add_note(
            f"in document {number} of the stream{name}; on_error='record' goes on past it"
        )
    return error
