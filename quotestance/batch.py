"""Many documents.

Iterator in, iterator out, in the same order and in constant memory, on one core, on several, or on
a cluster.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar, cast, overload

from quotestance.pipeline import attribute_batch, attribute_quotes
from quotestance.quote import Quote
from quotestance.tables.rows import COLUMNS, error_row, quote_row

OnError = Literal["raise", "record"]
Key = TypeVar("Key")
Options = Mapping[str, Any]

# A batch ends at so many documents or characters, whichever comes first: enough for the parser to
# work in full batches (larger ones are no faster, docs/performance.md), little enough that a batch
# of long documents stays small and takes a second or two.
BATCH_DOCUMENTS = 32
_BATCH_CHARACTERS = 200_000
# Batches per worker that may be read and not yet handed on. With fewer, workers stand idle behind a
# batch that takes longer than others.
_AHEAD = 4
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


@overload
def attribute_many(
    texts: Iterable[str],
    *,
    n_jobs: int = ...,
    batch_size: int = ...,
    on_error: Literal["raise"] = ...,
    **options: Any,
) -> Iterator[list[Quote]]: ...
@overload
def attribute_many(
    texts: Iterable[str],
    *,
    n_jobs: int = ...,
    batch_size: int = ...,
    on_error: OnError,
    **options: Any,
) -> Iterator[Result]: ...
@overload
def attribute_many(
    texts: Iterable[tuple[Key, str]],
    *,
    n_jobs: int = ...,
    batch_size: int = ...,
    on_error: Literal["raise"] = ...,
    **options: Any,
) -> Iterator[tuple[Key, list[Quote]]]: ...
@overload
def attribute_many(
    texts: Iterable[tuple[Key, str]],
    *,
    n_jobs: int = ...,
    batch_size: int = ...,
    on_error: OnError,
    **options: Any,
) -> Iterator[tuple[Key, Result]]: ...
def attribute_many(
    texts: Iterable[Any],
    *,
    n_jobs: int = 1,
    batch_size: int = BATCH_DOCUMENTS,
    on_error: OnError = "raise",
    **options: Any,
) -> Iterator[Any]:
    """The quotations of each text of a stream, in its order; the stream may be endless.

    An item is a text, or a pair ``(id, text)`` that comes back as ``(id, quotes)``. ``options`` are
    those of ``attribute_quotes``. With ``n_jobs`` above 1 (or -1, all cores) batches of
    ``batch_size`` documents go through joblib, on this machine or wherever
    ``joblib.parallel_config(backend=...)`` says; no more than a few batches are read ahead of the
    caller. A document that fails raises its error after the results before it, or with
    ``on_error="record"`` leaves a ``Failure`` in its place and the rest goes on. So does one that
    kills its worker. Raises ``ValueError`` for a wrong ``n_jobs``, ``batch_size`` or ``on_error``.

    >>> texts = [("a", '"We agree," said Ana Silva.'), ("b", "Nobody spoke.")]
    >>> [(key, [quote.speaker.name for quote in quotes]) for key, quotes in attribute_many(texts)]
    [('a', ['Ana Silva']), ('b', [])]
    """
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
    if isinstance(texts, str):
        raise TypeError(
            "attribute_many takes an iterable of texts, not one str; use attribute_quotes for one"
            " text, or pass [text]"
        )
    batches = _batches(texts, batch_size)
    results = _in_turn(batches, options) if n_jobs == 1 else _in_parallel(batches, options, n_jobs)
    return _handed_on(results, on_error)


Batch = list[Any]  # texts, or (id, text) pairs, as they came


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
            characters += len(_text(item)) if isinstance(_text(item), str) else 0
            if len(batch) >= size or characters >= _BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
    except Exception as error:
        broken = error
    if batch:
        yield batch
    if broken is not None:
        raise broken


def _text(item: Any) -> Any:
    return item[1] if isinstance(item, tuple) and len(item) == 2 else item


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
            yield (item[0], result) if isinstance(item, tuple) and len(item) == 2 else result


def _noted(error: Exception, number: int, item: Any) -> Exception:
    """The error with a note on which document it is about (where this Python knows notes)."""
    if hasattr(error, "add_note"):
        name = f" (id {item[0]!r})" if isinstance(item, tuple) and len(item) == 2 else ""
        error.add_note(
            f"in document {number} of the stream{name}; on_error='record' goes on past it"
        )
    return error


# ---------- one batch
def _done(texts: Sequence[Any], options: Options) -> list[Result]:
    """The results of a batch; a document that breaks it is told apart by doing each alone."""
    try:
        if all(isinstance(text, str) for text in texts):
            with _memory_zone(options):
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


def _memory_zone(options: Options) -> Any:
    """Where spaCy may forget the words of a batch when it is done.

    Without it, its store of strings grows with every new word.
    """
    from quotestance.attribution.parser import load_parser

    nlp = options.get("nlp") or load_parser()
    return nlp.memory_zone() if hasattr(nlp, "memory_zone") else nullcontext()


def _in_turn(
    batches: Iterable[Batch], options: Options
) -> Iterator[tuple[Batch, Sequence[Result]]]:
    return ((batch, _done([_text(item) for item in batch], options)) for batch in batches)


# ---------- several processes
class _Feed:
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


def _in_parallel(
    batches: Iterator[Batch], options: Options, n_jobs: int
) -> Iterator[tuple[Batch, Sequence[Result]]]:
    """Batches through joblib; those that were out when a worker died are done again."""
    from joblib import effective_n_jobs

    feed = _Feed(batches, effective_n_jobs(n_jobs))
    while feed.read():
        try:
            yield from _collected(feed, options, n_jobs)
        except Exception as error:
            if type(error).__name__ not in _DEATHS:
                raise
            lost = list(feed.out)
            feed.out.clear()
            yield from ((batch, _retried(batch, options)) for batch in lost)
    feed.close()


def _collected(
    feed: _Feed, options: Options, n_jobs: int
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

    return delayed(_done)([_text(item) for item in batch], options)


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
        if type(error).__name__ not in _DEATHS:
            raise
        if len(batch) > 1:
            return [result for item in batch for result in _retried([item], options)]
        reason = (
            f"the document ended its worker process ({type(error).__name__}); it may need more"
            " memory than there is. Cut it into smaller documents."
        )
        return [Failure(RuntimeError(reason))]


# ---------- rows, for data frames and clusters
_FRAME_TYPES = {"string": "string", "int64": "Int64", "float64": "Float64", "bool": "boolean"}


def attribute_rows(
    rows: Iterable[Any],
    *,
    text: str = "text",
    id: str = "id",
    batch_size: int = BATCH_DOCUMENTS,
    **options: Any,
) -> Iterator[Any]:
    """The quotations of rows as rows: one flat row for each quotation, with the columns of
    ``quotestance.tables.rows.COLUMNS``.

    ``rows`` are mappings, or pandas frames; frames give frames, one for each. ``text`` and ``id``
    name the columns to read. A document that fails gives one row with its ``error``; one without
    quotations gives none. Made for ``mapInPandas``, ``map_batches`` and ``map_partitions``
    (docs/large-collections.md), and imports none of them. Raises ``KeyError`` for a column that is
    not there.

    >>> row, = attribute_rows([{"id": "a", "text": '"We agree," said Ana Silva.'}])
    >>> row["id"], row["speaker"], row["text"]
    ('a', 'Ana Silva', 'We agree,')
    """
    iterator = iter(rows)
    for first in iterator:
        chained = _chained(first, iterator)
        each = partial(_rows_of, batch_size=batch_size, options=options)
        if isinstance(first, Mapping):
            yield from each((row.get(id), _column(row, text)) for row in chained)
        else:
            yield from (_frame_of(frame, each(_pairs(frame, text, id))) for frame in chained)


def _chained(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _column(row: Mapping[str, Any], name: str) -> Any:
    if name not in row:
        raise KeyError(
            f"no column {name!r} among {', '.join(map(str, row))}; name the column of the texts"
            " with text="
        )
    return row[name]


def _pairs(frame: Any, text: str, identifier: str) -> Iterable[tuple[Any, Any]]:
    columns = {name: frame[name] for name in frame.columns}
    texts = list(_column(columns, text))
    return zip(columns.get(identifier, [None] * len(texts)), texts, strict=True)


def _rows_of(
    pairs: Iterable[tuple[Any, Any]], *, batch_size: int, options: Options
) -> Iterator[dict[str, Any]]:
    for identifier, result in attribute_many(
        pairs, batch_size=batch_size, on_error="record", **options
    ):
        yield from result_rows(identifier, result)


def result_rows(identifier: Any, result: Result) -> list[dict[str, Any]]:
    """The rows of one document: one for each quotation, or one for its failure."""
    if isinstance(result, Failure):
        return [error_row(identifier, str(result))]
    return [quote_row(identifier, number, quote) for number, quote in enumerate(result)]


def _frame_of(frame: Any, rows: Iterable[dict[str, Any]]) -> Any:
    """Rows as a frame of the same kind, with the same types even where it is empty."""
    return (
        type(frame)
        .from_records(list(rows), columns=list(COLUMNS))
        .astype({name: _FRAME_TYPES[kind] for name, kind in COLUMNS.items()})
    )
