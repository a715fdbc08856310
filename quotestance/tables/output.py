"""Output: results as a table, JSON, JSON Lines, CSV or Parquet, in a file that appears whole or not
at all and can be gone on with.

While a run goes on, what is finished stands in ``NAME.partial`` and how far it goes in
``NAME.progress``. When all is done the first is renamed to ``NAME``. A run that was ended in the
middle leaves both behind, and another one takes up where the last entry says.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from quotestance.quote import Quote
from quotestance.tables.documents import import_parquet
from quotestance.tables.rows import COLUMNS, arrow_schema, error_row, quote_row

# So many documents stand between two entries of the progress file: some seconds of work, and the
# most that is done twice after an end in the middle. Compressed output starts a new gzip member
# there, so it is a constant: the same documents must give the same bytes.
CHECKPOINT = 256
_TABLE_ROWS = 10_000
_PLAIN_WIDTH = 120


@dataclass(slots=True)
class Tally:
    """What a run has done so far."""

    documents: int = 0
    quotations: int = 0
    named: int = 0
    words: int = 0
    failures: int = 0

    def count(self, text: str, quotes: Sequence[Quote] | None) -> None:
        """Add a document: its quotations, or None where it failed."""
        self.documents += 1
        self.words += len(text.split())
        self.failures += quotes is None
        for quote in quotes or ():
            self.quotations += 1
            self.named += quote.speaker is not None and quote.speaker.kind != "unnamed"


# ---------- formats
@dataclass(frozen=True, slots=True)
class Outcome:
    """One document and what came of it: its quotations, or an error."""

    id: Any
    quotes: Sequence[Quote] = ()
    error: str | None = None

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
    """How outcomes are written.

    What stands before them, between them and after them, and each of them by its number.
    """

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
    from rich.table import Table
    from rich.text import Text

    console = Console(
        file=io.StringIO(),
        width=None if os.isatty(1) else _PLAIN_WIDTH,
        force_terminal=os.isatty(1),
    )
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
    console.print(
        Text(f"{_shown(outcome.id)}: {outcome.error}")
        if outcome.error is not None
        else table
        if outcome.quotes
        else Text(f"{_shown(outcome.id)}: no quotations")
    )
    written = console.file.getvalue()  # type: ignore[attr-defined]  # the StringIO from above
    return str(written)


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
    "parquet": Format(
        _row_lines
    ),  # rows as lines while the run goes on; the last step makes them columns
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


# ---------- a stream
class Stream:
    """Writes to a pipe or a terminal as results come."""

    done = 0

    def __init__(self, stream: IO[bytes], form: Format):
        self.tally = Tally()
        self._stream, self._form = stream, form
        self._stream.write(encoded(form.head))

    def write(self, outcome: Outcome, tally: Tally) -> None:
        """Write one outcome, and pass it on at once."""
        self._stream.write(
            encoded((self._form.between if tally.documents > 1 else "") + self._form.write(outcome))
        )
        self._stream.flush()

    def finish(self, tally: Tally) -> None:
        """Write what stands at the end."""
        self._stream.write(encoded(self._form.foot))
        self._stream.flush()


# ---------- a file
class OutputFile:
    """Writes to ``path``, which appears when all is done; ``resume`` takes up a run that was ended
    in the middle.

    ``run`` says what the run is (inputs, options): only a run that says the same is gone on with.
    ``tally`` is what was done already. Raises ``ValueError`` where the run that was ended is
    another one.
    """

    def __init__(self, path: Path, form: str, run: Mapping[str, Any], *, resume: bool = False):
        self.path, self._form, self._table = path, FORMATS[form], form == "parquet"
        self.partial, self.progress = (
            path.with_name(path.name + ".partial"),
            path.with_name(path.name + ".progress"),
        )
        self._gzip = path.name.lower().endswith(".gz") and not self._table
        self._run = json.loads(json.dumps(run, default=str))
        size, self.tally = self._last_entry() if resume else (0, Tally())
        self._stream = open(self.partial, "r+b" if size else "wb")  # noqa: SIM115  # closed by close()
        self._stream.truncate(size)
        self._stream.seek(size)
        self._entries = open(self.progress, "a" if size else "w", encoding="utf-8")  # noqa: SIM115
        self._waiting: list[str] = []
        self._kept = self.tally.documents
        if not size:
            self._enter({"run": self._run})
            self._waiting.append(self._form.head)

    @property
    def done(self) -> int:
        """How many documents an earlier run has finished."""
        return self.tally.documents

    def _last_entry(self) -> tuple[int, Tally]:
        """How far the earlier run came.

        The bytes of its last entry that are really there, and what they hold.
        """
        if not (self.progress.exists() and self.partial.exists()):
            return 0, Tally()
        first, *entries = _whole_lines(self.progress) or [None]
        if first is None:
            return 0, Tally()
        if first.get("run") != self._run:
            raise ValueError(
                f"{self.partial} belongs to a run with other inputs or options; repeat that run"
                " with --resume, or start anew without it"
            )
        there = self.partial.stat().st_size
        best = max(
            (entry for entry in entries if entry["bytes"] <= there),
            key=lambda entry: entry["bytes"],
            default=None,
        )
        return (best["bytes"], Tally(**best["tally"])) if best else (0, Tally())

    def write(self, outcome: Outcome, tally: Tally) -> None:
        """Write one outcome; every ``CHECKPOINT`` documents all is put on disk."""
        self._waiting.append(
            (self._form.between if tally.documents > 1 else "") + self._form.write(outcome)
        )
        if tally.documents % CHECKPOINT == 0:
            self.checkpoint(tally)

    def checkpoint(self, tally: Tally) -> None:
        """Put what is waiting on disk, then note that it is there: never the other way round."""
        data = encoded("".join(self._waiting))
        self._stream.write(self._packed(data))
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._waiting.clear()
        self._kept = tally.documents
        self._enter({"bytes": self._stream.tell(), "tally": asdict(tally)})

    def _enter(self, entry: Mapping[str, Any]) -> None:
        self._entries.write(json.dumps(entry) + "\n")
        self._entries.flush()

    def finish(self, tally: Tally) -> None:
        """Write the end, and give the file its name."""
        self._waiting.append(self._form.foot)
        rest = encoded("".join(self._waiting))
        if rest or not self._stream.tell():
            self._stream.write(self._packed(rest))
        self._stream.flush()
        os.fsync(self._stream.fileno())
        if self._table:
            _to_parquet(self.partial, self.path)
            self.partial.unlink()
        else:
            os.replace(self.partial, self.path)
        self.close()
        self.progress.unlink()

    def _packed(self, data: bytes) -> bytes:
        return gzip.compress(data, mtime=0) if self._gzip else data

    def keep(self, tally: Tally) -> int:
        """Put what is finished on disk before an early end (not in compressed files, whose parts
        have a fixed size); how many documents that are."""
        if self._waiting and not self._gzip:
            with suppress(OSError):
                self.checkpoint(tally)
        with suppress(OSError):
            self.close()
        return self._kept

    def close(self) -> None:
        """Close the files; what is finished stays on disk."""
        self._stream.close()
        self._entries.close()


def _whole_lines(path: Path) -> list[Any]:
    """The JSON values of a file's lines up to the first that is broken."""
    values = []
    for line in path.read_bytes().split(b"\n"):
        try:
            values.append(json.loads(line))
        except ValueError:
            break
    return values


def _to_parquet(lines: Path, target: Path) -> None:
    """Rows that stand one a line, as a Parquet file."""
    parquet = import_parquet()
    import pyarrow

    schema = arrow_schema()
    draft = target.with_name(target.name + ".draft")
    with open(lines, "rb") as stream, parquet.ParquetWriter(draft, schema) as writer:
        for rows in _portions(json.loads(line) for line in stream):
            writer.write_table(
                pyarrow.Table.from_pylist([_clean(row) for row in rows], schema=schema)
            )
    os.replace(draft, target)


def _portions(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    from itertools import islice

    while portion := list(islice(rows, _TABLE_ROWS)):
        yield portion


def _clean(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without lone surrogates, which Parquet refuses."""
    return {
        name: encoded(value).decode() if isinstance(value, str) and not value.isascii() else value
        for name, value in row.items()
    }
