"""Formats of output: results as a table, JSON, JSON Lines, CSV or the columns of Parquet."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from quotestance.quote import Quote
from quotestance.tables.documents import import_parquet
from quotestance.tables.rows import COLUMNS, arrow_schema, error_row, quote_row

# So many rows make one row group of a Parquet file: some megabytes of memory at a time.
_TABLE_ROWS = 10_000
# Columns of a table that is not shown in a terminal.
_PLAIN_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """One document and what came of it: its quotations, or an error."""

    id: Any
    quotes: Sequence[Quote] = ()
    error: str | None = None

    @property
    def found(self) -> Sequence[Quote] | None:
        """The quotations, None where the document failed."""
        return self.quotes if self.error is None else None

    def to_dict(self) -> dict[str, Any]:
        """``{"id", "quotes"}`` or ``{"id", "error"}``, ready for JSON.

        >>> Outcome("a").to_dict()
        {'id': 'a', 'quotes': []}
        """
        return (
            {"id": self.id, "quotes": [quote.to_dict() for quote in self.quotes]}
            if self.error is None
            else {"id": self.id, "error": self.error}
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """One flat row for each quotation, or one for the error."""
        return (
            [error_row(self.id, self.error)]
            if self.error is not None
            else [quote_row(self.id, number, quote) for number, quote in enumerate(self.quotes)]
        )


@dataclass(frozen=True, slots=True)
class Format:
    """How outcomes are written: one alone, and what stands before, between and after them."""

    write: Callable[[Outcome], str]
    head: str = ""
    between: str = ""
    foot: str = ""


def _json(value: Any, **options: Any) -> str:
    """JSON in readable Unicode; lone surrogates, which no file can hold, are escaped."""
    written = json.dumps(value, ensure_ascii=False, **options)
    return written if _encodable(written) else json.dumps(value, **options)


def _encodable(text: str) -> bool:
    return text.isascii() or text.encode("utf-8", "replace") == text.encode(
        "utf-8", "surrogatepass"
    )


def _json_lines(outcome: Outcome) -> str:
    return _json(outcome.to_dict()) + "\n"


def _indented_json(outcome: Outcome) -> str:
    return "\n".join("  " + line for line in _json(outcome.to_dict(), indent=2).split("\n"))


def _csv_lines(rows: Iterable[Iterable[Any]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _csv(outcome: Outcome) -> str:
    return _csv_lines(row.values() for row in outcome.to_rows())


def _row_lines(outcome: Outcome) -> str:
    return "".join(json.dumps(row) + "\n" for row in outcome.to_rows())


def _table(outcome: Outcome) -> str:
    """A table for reading: speaker, stance, quotation."""
    from rich.console import Console
    from rich.text import Text

    written = io.StringIO()
    terminal = os.isatty(1)
    width = None if terminal else _PLAIN_WIDTH
    console = Console(file=written, width=width, force_terminal=terminal)
    if outcome.error is not None:
        console.print(Text(f"{_shown(outcome.id)}: {outcome.error}"))
    elif outcome.quotes:
        console.print(_table_of(outcome))
    else:
        console.print(Text(f"{_shown(outcome.id)}: no quotations"))
    return written.getvalue()


def _table_of(outcome: Outcome) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(
        "Speaker",
        "Stance",
        "Quotation",
        title=Text(_shown(outcome.id)),
        title_justify="left",
        show_lines=True,
        expand=False,
    )
    for quote in outcome.quotes:
        table.add_row(
            Text(_shown(quote.speaker.name) if quote.speaker else "unknown"),
            Text(_stance(quote)),
            Text(_shown(quote.text)),
        )
    return table


def _stance(quote: Quote) -> str:
    return f"{quote.stance.label} {quote.stance.score:+.2f}" if quote.stance else ""


def _shown(value: Any) -> str:
    """A value on one line, without characters that would steer a terminal."""
    return " ".join(
        "".join(character if character.isprintable() else " " for character in str(value)).split()
    )


FORMATS: Mapping[str, Format] = {
    "table": Format(_table),
    "json": Format(_indented_json, head="[\n", between=",\n", foot="\n]\n"),
    "jsonl": Format(_json_lines),
    "csv": Format(_csv, head=_csv_lines([COLUMNS])),
    # Rows as lines while the run goes on; the last step makes them columns.
    "parquet": Format(_row_lines),
}


def format_of_output(path: str) -> str | None:
    """The format that the ending of an output path stands for.

    >>> format_of_output("quotes.csv.gz")
    'csv'
    """
    suffix = Path(path.lower().removesuffix(".gz")).suffix.removeprefix(".")
    return suffix if suffix in FORMATS and suffix != "table" else None


def encoded(text: str) -> bytes:
    """UTF-8, with a question mark for each lone surrogate."""
    return text.encode("utf-8", "replace")


def write_columns(lines: Iterable[bytes], target: Any) -> None:
    """Rows that stand one a line, as a Parquet file in a path or an open file.

    Raises ``ImportError`` where pyarrow is not installed.
    """
    parquet = import_parquet()
    import pyarrow

    schema = arrow_schema()
    with parquet.ParquetWriter(target, schema) as writer:
        for rows in _portions(json.loads(line) for line in lines):
            writer.write_table(
                pyarrow.Table.from_pylist([_clean(row) for row in rows], schema=schema)
            )


def _portions(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while portion := list(islice(rows, _TABLE_ROWS)):
        yield portion


def _clean(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without lone surrogates, which Parquet refuses."""
    return {
        name: encoded(value).decode() if isinstance(value, str) and not value.isascii() else value
        for name, value in row.items()
    }
