"""The sentences of articles that a teacher reads: quotations, whole sentences and some clauses."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from quotestance.marks.paragraphs import split_paragraphs, split_sentences
from quotestance.marks.quotations import find_quotations

_FEWEST_WORDS, _MOST_WORDS = 4, 60  # of what a teacher labels; not tuned
_CLAUSES_ONE_IN = 6  # not tuned: a third as many clauses as sentences
_CLAUSE_STARTS = re.compile(r"[,;:–—]+\s+|\s+(?=(?:but|because|if|to|that|who|which|when|while) )")
_SHOWN = 16  # hexadecimal digits of a fingerprint: enough to tell millions of contents apart


def read_rows(path: str | os.PathLike[str], columns: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file; ``ValueError`` names the line that lacks a column."""
    rows = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8-sig").split("\n"), 1):
        if line.strip():
            row = json.loads(line)
            missing = [column for column in columns if column not in row]
            if missing:
                raise ValueError(
                    f"{path}, line {number}: no {', '.join(missing)}; a row needs"
                    f" {', '.join(columns)}"
                )
            rows.append(row)
    return rows


def fingerprint_of(content: str) -> str:
    """What stands for a content in files that hold no text."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:_SHOWN]


def is_drawn(name: str, one_in: int) -> bool:
    """Whether a name is among the one in so many that its hash draws: the same ones everywhere,
    whatever else is there.

    >>> sum(is_drawn(str(number), 8) for number in range(8000)) in range(900, 1100)
    True
    """
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % one_in == 0


def bare_words(content: str) -> str:
    """The words of a quotation or a sentence on one line, without the marks around them.

    >>> bare_words("“We  agree,”")
    'We agree,'
    """
    return " ".join(content.split()).strip("“”\"‘’'` ")


def normal_words(words: str) -> str:
    """Words without marks and case: contexts and contents are punctuated differently."""
    return " ".join(["", *re.findall(r"\w+", words.lower()), ""])


def read_sentences(
    paths: Iterable[str | os.PathLike[str]], without: str | os.PathLike[str] | None = None
) -> list[tuple[str, str]]:
    """What a teacher labels in articles (``id``, ``text``): their quotations, their sentences and
    some of their clauses, each once, with its article.

    Articles that hold a quotation of the file ``without`` are left out whole.
    """
    kept_out = _contents(without) if without else []
    found: dict[str, str] = {}
    for row in chain.from_iterable(read_rows(path, ("id", "text")) for path in paths):
        if not _holds(row["text"], kept_out):
            for sentence in _sentences(row["text"]):
                found.setdefault(sentence, row["id"])
    return list(found.items())


def _contents(path: str | os.PathLike[str]) -> list[str]:
    """The quotations of a file that are long enough to be told from ordinary words."""
    contents = [normal_words(row["text"]) for row in read_rows(path, ("text",))]
    return [content for content in contents if len(content.split()) >= _FEWEST_WORDS]


def _holds(text: str, contents: Iterable[str]) -> bool:
    """Whether one of the contents stands in a text, whatever its marks."""
    words = normal_words(text)
    return any(content in words for content in contents)


def _sentences(text: str) -> Iterator[str]:
    """The quotations of a text, its sentences, and some of their clauses, drawn by their hash.

    Mixed quotations are clauses, not sentences.
    """
    whole = _quoted(text) + _stretches(text)
    clauses = chain.from_iterable(map(_CLAUSE_STARTS.split, _stretches(text)))
    for contents, one_in in ((whole, 1), (clauses, _CLAUSES_ONE_IN)):
        for bare in map(bare_words, contents):
            if _FEWEST_WORDS <= len(bare.split()) <= _MOST_WORDS and is_drawn(bare, one_in):
                yield bare


def _quoted(text: str) -> list[str]:
    quotations = find_quotations(text)
    return [" ".join(part.text for part in quotation.parts) for quotation in quotations]


def _stretches(text: str) -> list[str]:
    """The sentences of a text, as they stand."""
    return [
        text[start:end]
        for paragraph in split_paragraphs(text)
        for start, end in split_sentences(text, *paragraph)
    ]
