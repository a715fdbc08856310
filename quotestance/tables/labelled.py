"""Labelled quotations in a file: read, checked line by line, and turned into the three classes.

A file is CSV (``.csv``, ``.tsv``) with a header, or JSON Lines; each row has a ``text`` and a
``label``, and may have a ``group`` (the article it comes from: rows of a group are never split
between training and validation) and a ``weight``.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotestance.quote import STANCE_LABELS, StanceLabel

# The codebook's six labels and the class each stands for (docs/stance-codebook.md).
LEVELS: dict[str, StanceLabel] = {
    **dict.fromkeys(("-2", "-1"), STANCE_LABELS[0]),
    **dict.fromkeys(("0", "none"), STANCE_LABELS[1]),
    **dict.fromkeys(("1", "+1", "2", "+2"), STANCE_LABELS[2]),
}
CLASSES: dict[str, StanceLabel] = {**LEVELS, **{label: label for label in STANCE_LABELS}}
_NAMES = ("-2", "-1", "0", "1", "2", "none", *STANCE_LABELS)  # what messages offer
LONGEST = 10_000  # characters; the longest of 7,018 quotations from the news has 2,100
_SHOWN = 10
_SEPARATORS = {".csv": ",", ".tsv": "\t"}


@dataclass(frozen=True, slots=True)
class LabelledQuotation:
    """Quoted words and the class a reader gave them.

    ``group`` names what must stay together (an article, a minimal pair); ``line`` is the row's line
    in its file, from 1, or 0.

    >>> LabelledQuotation("We will not sign.", "hardline").weight
    1.0
    """

    text: str
    label: StanceLabel
    group: str | None = None
    weight: float = 1.0
    line: int = 0


def to_class(label: Any, mapping: Mapping[str, str] | None = None) -> StanceLabel:
    """The class that a label stands for: one of the codebook's six labels, a class, or a key of
    ``mapping`` (which goes first).

    Raises ``ValueError`` for any other label, and for a mapping to what is not a class.

    >>> to_class("-2"), to_class(1), to_class("dovish", {"dovish": "conciliatory"})
    ('hardline', 'conciliatory', 'conciliatory')
    """
    name = str(label).strip()
    target = mapping.get(name, name) if mapping else name
    if target in CLASSES:
        return CLASSES[target]
    check_mapping(mapping)
    raise ValueError(
        f"unknown label {label!r}; use one of {', '.join([*(mapping or ()), *_NAMES])}, or give a"
        " mapping from your labels to the three classes"
    )


def check_mapping(mapping: Mapping[str, str] | None) -> None:
    """Raise ``ValueError`` where a label of the user's is mapped to what is not a class.

    >>> check_mapping({"hawkish": "hardline", "dovish": "+1"})
    """
    for label, target in (mapping or {}).items():
        if target not in CLASSES:
            raise ValueError(
                f"{label!r} stands for {target!r}, which is not a class; use one of"
                f" {', '.join(STANCE_LABELS)}"
            )


def read_labelled(
    path: str | os.PathLike[str],
    *,
    mapping: Mapping[str, str] | None = None,
    text: str = "text",
    label: str = "label",
) -> list[LabelledQuotation]:
    """Read and check a whole file before anything is trained on it.

    ``mapping`` turns a user's own labels into classes; ``text`` and ``label`` name the columns.
    Raises ``FileNotFoundError``, or a ``ValueError`` that names the wrong class of a mapping, or
    each bad line, what is wrong with it, and what to do.
    """
    check_mapping(mapping)
    source = Path(path)
    problems: list[str] = []
    rows = [
        row
        for row in _checked(_rows(source, problems), (text, label), mapping, problems)
        if row is not None
    ]
    problems += contradictions(rows)
    if problems:
        more = [f"and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else []
        raise ValueError(
            "\n".join(
                [f"{source} cannot be used; mend these and try again:", *problems[:_SHOWN], *more]
            )
        )
    if not rows:
        raise ValueError(
            f"{source} holds no labelled quotations; give rows with {text!r} and {label!r}"
        )
    return rows


def contradictions(rows: Iterable[LabelledQuotation]) -> list[str]:
    """One sentence for each text that stands with two different labels.

    >>> labels = {1: "hardline", 4: "neutral"}
    >>> rows = [LabelledQuotation("No.", label, line=line) for line, label in labels.items()]
    >>> contradictions(rows)
    ["line 4: the text of line 1 again, there hardline, here neutral; keep one of them ('No.')"]
    """
    first: dict[str, LabelledQuotation] = {}
    return [
        f"line {row.line}: the text of line {seen.line} again, there {seen.label}, here"
        f" {row.label}; keep one of them ({row.text[:40]!r})"
        for row in rows
        if (seen := first.setdefault(row.text, row)).label != row.label
    ]


def notices(rows: Sequence[LabelledQuotation]) -> list[str]:
    """What a user should know about rows that can be used: a class that is missing or rare, texts
    given twice.

    >>> notices([LabelledQuotation("No.", "hardline")])[0]
    'no neutral quotations: nothing new can be learned about that class'
    """
    counts = Counter(row.label for row in rows)
    missing = [
        f"no {label} quotations: nothing new can be learned about that class"
        for label in STANCE_LABELS
        if not counts[label]
    ]
    rare = [
        f"only {counts[label]} {label} quotations: figures for that class will be rough"
        for label in STANCE_LABELS
        if 0 < counts[label] < 5
    ]
    twice = [
        f"line {row.line}: the text of line {seen} again, with the same label"
        for row, seen in _repeated(rows)
    ]
    return missing + rare + twice


def _repeated(rows: Iterable[LabelledQuotation]) -> Iterator[tuple[LabelledQuotation, int]]:
    first: dict[str, int] = {}
    for row in rows:
        if row.text in first:
            yield row, first[row.text]
        first.setdefault(row.text, row.line)


# ---------- rows of a file
def _rows(source: Path, problems: list[str]) -> list[tuple[int, Any]]:
    """The rows of a file with their lines; lines that cannot be read go to ``problems``."""
    content = _decoded(source.read_bytes(), problems)
    separator = _SEPARATORS.get(source.suffix.lower())
    return list(
        _json_rows(content, problems) if separator is None else _table_rows(content, separator)
    )


def _decoded(raw: bytes, problems: list[str]) -> str:
    """The text of a file without its byte order mark; lines that are not UTF-8 are problems."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    lines = []
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            problems.append(
                f"line {number}: not UTF-8 (byte {line[error.start]:#04x} at column"
                f" {error.start + 1}); save the whole file as UTF-8"
            )
            lines.append(line.decode("utf-8", "replace"))
    return "".join(lines)


def _json_rows(content: str, problems: list[str]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except ValueError as error:
            problems.append(f"line {number}: not valid JSON ({error}); write one object a line")


def _table_rows(content: str, separator: str) -> Iterator[tuple[int, Any]]:
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=separator)
    before = reader.line_num
    for row in reader:
        start, before = before + 2 if before == 0 else before + 1, reader.line_num
        yield start, row


# ---------- checks of a row
def _checked(
    rows: Iterable[tuple[int, Any]],
    columns: tuple[str, str],
    mapping: Mapping[str, str] | None,
    problems: list[str],
) -> Iterator[LabelledQuotation | None]:
    for line, row in rows:
        try:
            yield _record(line, row, columns, mapping)
        except ValueError as error:
            problems.append(f"line {line}: {error}")
            yield None


def _record(
    line: int, row: Any, columns: tuple[str, str], mapping: Mapping[str, str] | None
) -> LabelledQuotation:
    if not isinstance(row, dict):
        raise ValueError(
            f"a {type(row).__name__} where an object with {' and '.join(columns)} is needed"
        )
    absent = [column for column in columns if row.get(column) is None]
    if absent:
        raise ValueError(
            f"no {' and no '.join(map(repr, absent))} (it has"
            f" {', '.join(map(str, row)) or 'nothing'}); name your columns, or rename them"
        )
    text, label = (row[column] for column in columns)
    return LabelledQuotation(
        _text(text),
        to_class(label, mapping),
        str(row["group"]) if row.get("group") else None,
        _weight(row.get("weight")),
        line,
    )


def _text(text: Any) -> str:
    if not isinstance(text, str):
        raise ValueError(f"the text is {text!r}, not a string")
    if not text.strip():
        raise ValueError("the text is empty; give the quoted words, or remove the row")
    if len(text) > LONGEST:
        raise ValueError(
            f"the text has {len(text):,} characters, no quotation is that long (at most"
            f" {LONGEST:,}); give the quoted words alone"
        )
    return text


def _weight(weight: Any) -> float:
    try:
        number = 1.0 if weight in (None, "") else float(weight)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"the weight is {weight!r}; give a number above 0")
    return number
