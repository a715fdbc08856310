"""Documents.

Texts with their ids, read one by one from text, JSON Lines, CSV and Parquet files, compressed or
not.
"""

from __future__ import annotations

import codecs
import csv
import glob
import gzip
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

STANDARD_INPUT = "-"
# Ending -> format; ".gz" may follow each but Parquet, which is compressed inside.
ENDINGS = {
    ".txt": "text",
    ".text": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PARQUET_ROWS = 256
_UNREADABLE = (OSError, EOFError, zlib.error, csv.Error, ValueError, ImportError)


@dataclass(frozen=True, slots=True)
class Document:
    """A text with the id it came with; ``place`` says where it stood, ``error`` why there is no
    text.

    >>> Document("a", "Some text.", "news.jsonl, line 1").error is None
    True
    """

    id: Any
    text: str
    place: str
    error: str | None = None


def format_of(path: str) -> str | None:
    """The format that the ending of a path stands for, None for an ending that says nothing.

    >>> format_of("news.jsonl.gz"), format_of("notes")
    ('jsonl', None)
    """
    return ENDINGS.get(Path(path.lower().removesuffix(".gz")).suffix)


def find_paths(names: Iterable[str], *, leave_out: Path | None = None) -> list[str]:
    """The files that names stand for, in order: files as they are, the known files in directories,
    and what patterns match, sorted.

    ``leave_out`` is never among those found in a directory or by a pattern. Raises
    ``FileNotFoundError`` for a name that stands for nothing.
    """
    paths: list[str] = []
    for name in names:
        found = _found(name)
        if not found:
            raise FileNotFoundError(
                f"{name}: no such file, and nothing it could stand for (in a directory, files"
                f" ending in {', '.join(ENDINGS)} are read)"
            )
        paths += [
            path
            for path in found
            if path == name or leave_out is None or Path(path).resolve() != leave_out
        ]
    return paths


def _found(name: str) -> list[str]:
    """What one name stands for."""
    if name == STANDARD_INPUT or Path(name).is_file():
        return [name]
    return _files_under(name) if Path(name).is_dir() else _matches(name)


def _files_under(folder: str) -> list[str]:
    return sorted(
        str(path)
        for path in Path(folder).rglob("*")
        if format_of(path.name) and path.is_file() and not path.name.startswith(".")
    )


def _matches(pattern: str) -> list[str]:
    if Path(pattern).exists():  # a pipe or a device
        return [pattern]
    return sorted(path for path in glob.glob(pattern, recursive=True) if Path(path).is_file())


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Reads documents from files; nothing that is wrong with one file or one line ends the reading.

    ``input_format`` (``text``, ``jsonl``, ``csv`` or ``parquet``) overrides what endings say;
    without either a file is one plain text. Bytes that are not UTF-8 are read as
    ``fallback_encoding``, and ``warn`` is told once for each file.

    >>> import io
    >>> lines = io.BytesIO(b'{"id": 1, "text": "Hello."}\\nno JSON\\n')
    >>> reader = DocumentReader(input_format="jsonl", standard_input=lines)
    >>> [(document.id, document.text, document.error) for document in reader.read(["-"])]
    [(1, 'Hello.', None), (None, '', 'line 2: not valid JSON (Expecting value at column 1)')]
    """

    input_format: str | None = None
    text_field: str = "text"
    id_field: str = "id"
    fallback_encoding: str = "cp1252"
    warn: Callable[[str], None] = field(default=lambda message: None)
    standard_input: IO[bytes] | None = None

    def read(self, paths: Iterable[str]) -> Iterator[Document]:
        """The documents of the files, in order.

        A file that cannot be read gives one with its error.
        """
        for path in paths:
            try:
                yield from _READERS[self.input_format or format_of(path) or "text"](self, path)
            except _UNREADABLE as error:
                reason = (
                    error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                )
                yield Document(path, "", path, f"cannot be read: {reason}")

    # ---------- bytes
    def _open(self, path: str) -> Any:
        if path == STANDARD_INPUT:
            return nullcontext(self.standard_input or sys.stdin.buffer)
        return gzip.open(path, "rb") if path.lower().endswith(".gz") else open(path, "rb")

    def _decoded(self, data: bytes, path: str) -> str:
        """The text that bytes stand for.

        A byte order mark says the encoding and is no part of the text.
        """
        for mark, encoding in _MARKS:
            if data.startswith(mark):
                return data[len(mark) :].decode(encoding, "replace")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self.warn(
                f"{path} is not UTF-8; it was read as {self.fallback_encoding} (choose another with"
                " --fallback-encoding)"
            )
            return data.decode(self.fallback_encoding, "replace")

    def _lines(self, stream: Iterable[bytes], path: str) -> Iterator[str]:
        """The lines of a file, ends kept.

        Only a line feed ends one, whatever Unicode holds for line ends.
        """
        once = _once(self)
        for line in stream:
            yield once._decoded(line, path)

    # ---------- formats
    def _text(self, path: str) -> Iterator[Document]:
        with self._open(path) as stream:
            yield Document(path, self._decoded(stream.read(), path), path)

    def _json_lines(self, path: str) -> Iterator[Document]:
        with self._open(path) as stream:
            for number, line in enumerate(self._lines(stream, path), 1):
                yield self._from_json(line, path, number)

    def _from_json(self, line: str, path: str, number: int) -> Document:
        try:
            data = json.loads(line)
        except json.JSONDecodeError as error:
            reason = (
                f"not valid JSON ({error.msg} at column {error.colno})"
                if line.strip()
                else "empty, where a JSON object should stand"
            )
            return _failed(None, path, f"line {number}", reason)
        except (RecursionError, ValueError) as error:
            return _failed(None, path, f"line {number}", f"JSON that cannot be read ({error})")
        if not isinstance(data, dict):
            return _failed(
                None,
                path,
                f"line {number}",
                f'a JSON {type(data).__name__} where an object {{"{self.id_field}",'
                f' "{self.text_field}"}} should stand',
            )
        return self._from_row(data, path, f"line {number}")

    def _csv(self, path: str) -> Iterator[Document]:
        csv.field_size_limit(
            2**31 - 1
        )  # a text is longer than the 128 KB that the module allows a field
        with self._open(path) as stream:
            rows = csv.DictReader(self._lines(stream, path))
            self._check_columns(rows.fieldnames or ())
            for row in rows:
                yield self._from_row(row, path, f"line {rows.line_num}")

    def _parquet(self, path: str) -> Iterator[Document]:
        parquet = import_parquet()
        if path == STANDARD_INPUT:
            raise ValueError("Parquet cannot be read from a pipe; give the file")
        with parquet.ParquetFile(path) as stored:
            names = stored.schema_arrow.names
            self._check_columns(names)
            wanted = [name for name in (self.id_field, self.text_field) if name in names]
            rows = (
                row
                for batch in stored.iter_batches(batch_size=_PARQUET_ROWS, columns=wanted)
                for row in batch.to_pylist()
            )
            for number, row in enumerate(rows, 1):
                yield self._from_row(row, path, f"row {number}")

    def _check_columns(self, names: Sequence[str]) -> None:
        if self.text_field not in names:
            raise ValueError(
                f"no column {self.text_field!r} among {', '.join(names) or 'none'}; name the column"
                " of the texts with --text-field"
            )

    def _from_row(self, row: Mapping[str, Any], path: str, place: str) -> Document:
        text, identifier = row.get(self.text_field), row.get(self.id_field)
        if isinstance(text, str):
            return Document(identifier, text, f"{path}, {place}")
        reason = (
            f"{self.text_field!r} is {type(text).__name__}, not a string"
            if self.text_field in row
            else f"no {self.text_field!r}"
        )
        return _failed(identifier, path, place, reason)


def _failed(identifier: Any, path: str, place: str, reason: str) -> Document:
    return Document(identifier, "", f"{path}, {place}", f"{place}: {reason}")


def _once(reader: DocumentReader) -> DocumentReader:
    """The reader with a ``warn`` that speaks once."""
    from dataclasses import replace

    told: list[str] = []

    def warn(message: str) -> None:
        if not told:
            told.append(message)
            reader.warn(message)

    return replace(reader, warn=warn)


def import_parquet() -> Any:
    """``pyarrow.parquet``; raises ``ImportError`` with the command that installs it."""
    try:
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise ImportError(
            "Parquet needs pyarrow, which is not installed. Install it: pip install"
            ' "quotestance[parquet]"'
        ) from error
    return parquet


_READERS: dict[str, Callable[[DocumentReader, str], Iterator[Document]]] = {
    "text": DocumentReader._text,
    "jsonl": DocumentReader._json_lines,
    "csv": DocumentReader._csv,
    "parquet": DocumentReader._parquet,
}
INPUT_FORMATS = tuple(_READERS)
