"""Rows in, rows out, where the data lies: mappings or data frames, on one machine or a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

from quotestance.batch import BATCH_DOCUMENTS, attribute_many
from quotestance.options import check_stream
from quotestance.tables.rows import COLUMNS, error_row, quote_row
from quotestance.time_limit import check_timeout
from quotestance.workers import Failure, Options, Result

_FRAME_TYPES = {"string": "string", "int64": "Int64", "float64": "Float64", "bool": "boolean"}
_WANTED = "attribute_rows takes mappings or pandas frames, many of one sort"

Pair = tuple[Any, Any]  # an id and a text
Row = dict[str, Any]


def attribute_rows(
    rows: Iterable[Any],
    *,
    text: str = "text",
    id: str = "id",
    n_jobs: int = 1,
    batch_size: int = BATCH_DOCUMENTS,
    timeout: float | None = None,
    **options: Any,
) -> Iterator[Any]:
    """The quotations of rows as rows: one flat row for each quotation, with the columns of
    ``quotestance.tables.rows.COLUMNS``.

    ``rows`` are mappings, or pandas frames; frames give frames, one for each, and one frame may be
    given alone. ``text`` and ``id`` name the columns to read; ids come back as they came. A
    document that fails gives one row with its ``error``; one without quotations gives none.
    ``options`` are those of ``attribute_quotes``, ``n_jobs``, ``batch_size`` and ``timeout`` those
    of ``attribute_many``. Made for ``mapInPandas``, ``map_batches`` and ``map_partitions``
    (docs/large-collections.md), and imports none of them. Raises ``KeyError`` for a column that is
    not there, ``TypeError`` for what is not a row, and for options what ``attribute_many`` raises.

    >>> row, = attribute_rows([{"id": 7, "text": '"We agree," said Ana Silva.'}])
    >>> row["id"], row["speaker"], row["text"]
    (7, 'Ana Silva', 'We agree,')
    """
    own = ("text", "id", "n_jobs", "batch_size", "timeout")
    run = {"n_jobs": n_jobs, "batch_size": batch_size, "timeout": timeout}
    check_timeout(timeout)
    each = partial(_rows_of, options={**check_stream(options, "attribute_rows", own), **run})
    return _streamed(_iterated(rows), text, id, each)


def _iterated(rows: Any) -> Iterator[Any]:
    """The rows or frames one by one; one frame stands for itself."""
    if _is_frame(rows):
        return iter([rows])
    if isinstance(rows, str | Mapping) or not isinstance(rows, Iterable):
        one = isinstance(rows, str | Mapping)
        raise TypeError(
            f"{_WANTED}, not {'one ' if one else ''}{type(rows).__name__}; pass"
            f" {'[row]' if one else 'a list of them'}"
        )
    return iter(rows)


def _is_frame(value: Any) -> bool:
    return hasattr(value, "columns") and hasattr(type(value), "from_records")


def _streamed(
    rows: Iterator[Any], text: str, identifier: str, each: Callable[[Iterable[Pair]], Iterator[Row]]
) -> Iterator[Any]:
    """Rows for rows, or a frame for each frame: what the first is, all are."""
    for first in rows:
        chained = chain([first], rows)
        if _is_frame(first):
            yield from (
                _frame_of(frame, each(_pairs(frame, text, identifier)), identifier)
                for frame in chained
            )
        else:
            yield from each((_id(row, identifier), _column(row, text)) for row in chained)


def _id(row: Any, name: str) -> Any:
    if not isinstance(row, Mapping):
        raise TypeError(
            f"{_WANTED}, there is a {type(row).__name__} among them; pass for example"
            ' {"id": 1, "text": "..."}'
        )
    return row.get(name)


def _column(row: Mapping[str, Any], name: str) -> Any:
    if name not in row:
        raise KeyError(
            f"no column {name!r} among {', '.join(map(str, row))}; name the column of the texts"
            " with text="
        )
    return row[name]


def _pairs(frame: Any, text: str, identifier: str) -> Iterable[Pair]:
    columns = {name: frame[name] for name in frame.columns}
    texts = list(_column(columns, text))
    return zip(columns.get(identifier, [None] * len(texts)), texts, strict=True)


def _rows_of(pairs: Iterable[Pair], *, options: Options) -> Iterator[Row]:
    for identifier, result in attribute_many(pairs, on_error="record", **options):
        yield from _result_rows(identifier, result)


def _result_rows(identifier: Any, result: Result) -> list[Row]:
    """The rows of one document: one for each quotation, or one for its failure.

    In files an id is a string; here it is what the caller gave.
    """
    if isinstance(result, Failure):
        rows = [error_row(identifier, str(result))]
    else:
        rows = [quote_row(identifier, number, quote) for number, quote in enumerate(result)]
    return [{**row, "id": identifier} for row in rows]


def _frame_of(frame: Any, rows: Iterable[Row], identifier: str) -> Any:
    """Rows as a frame of the same kind, with the same types even where it is empty."""
    types = {name: _FRAME_TYPES[kind] for name, kind in COLUMNS.items()}
    types["id"] = _id_type(frame[identifier]) if identifier in frame.columns else types["id"]
    return type(frame).from_records(list(rows), columns=list(COLUMNS)).astype(types)


def _id_type(ids: Any) -> Any:
    """The type of a column of ids as it came; strings have one type, however they are stored."""
    if ids.dtype.kind != "O" or not all(isinstance(value, str) for value in ids.dropna()):
        return ids.dtype
    return _FRAME_TYPES["string"]
