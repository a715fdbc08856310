"""Files of labelled quotations, as examples: seeds, real quotations, labels of articles' own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

from quotestance.pipeline import attribute_batch
from quotestance.tables.labelled import to_class
from quotestance.training.lessons import SEED_WEIGHT, UNSURE_WEIGHT, Example, is_held_out
from quotestance.training.sentences import bare_words, fingerprint_of, normal_words, read_rows

_CONTEXTS = 64  # contexts parsed together


def read_seeds(*paths: str | os.PathLike[str]) -> tuple[list[Example], list[Example]]:
    """The invented quotations of seed files: those to train on, and the held-out minimal pairs."""
    rows = [row for path in paths for row in read_rows(path, ("id", "text", "label", "group"))]
    examples = [
        (
            is_held_out(row["group"]),
            Example(
                row["text"],
                to_class(row["label"]),
                row["group"] or row["id"],
                SEED_WEIGHT,
                level=row["label"],
            ),
        )
        for row in rows
    ]
    return [example for held, example in examples if not held], [
        example for held, example in examples if held
    ]


def read_real(path: str | os.PathLike[str]) -> list[Example]:
    """Real quotations with their reader's label, how sure the reader was, the article as group, and
    the cue of a mixed one.

    Cues are found in each row's ``context``, the words around the quotation, where it is there.
    """
    rows = read_rows(path, ("text", "label", "source", "sure"))
    return [
        Example(
            row["text"],
            to_class(row["label"]),
            row["source"],
            1.0 if row["sure"] else UNSURE_WEIGHT,
            cue,
            row["label"],
        )
        for row, cue in zip(
            rows,
            find_stance_cues([row["text"] for row in rows], [row.get("context") for row in rows]),
            strict=True,
        )
    ]


def find_stance_cues(contents: Sequence[str], contexts: Sequence[str | None]) -> list[str | None]:
    """The cue of each content that is a mixed quotation in its context, by quotestance's own
    attribution; else ``None``.

    >>> context = 'The union demanded "an end to the talks" on Monday.'
    >>> find_stance_cues(["an end to the talks"], [context])
    ['demanded']
    """
    cues: list[str | None] = []
    for start in range(0, len(contents), _CONTEXTS):
        quoted = attribute_batch(
            [context or "" for context in contexts[start : start + _CONTEXTS]], stance=False
        )
        for content, quotes in zip(contents[start : start + _CONTEXTS], quoted, strict=True):
            cues.append(
                next(
                    (
                        quote.stance_cue
                        for quote in quotes
                        if normal_words(content) in normal_words(quote.text)
                    ),
                    None,
                )
            )
    return cues


def read_labels(
    path: str | os.PathLike[str], articles: Iterable[str | os.PathLike[str]]
) -> list[Example]:
    """Quotations of articles with the labels that readers gave them, from a file without text
    (``sha256``, ``label``, ``sure``).

    The quotations are found by quotestance's own attribution, with the cues of mixed ones. What no
    longer is found is left out.
    """
    labels = {row["sha256"]: row for row in read_rows(path, ("sha256", "label", "sure"))}
    found: dict[str, Example] = {}
    rows = [row for article in articles for row in read_rows(article, ("id", "text"))]
    for start in range(0, len(rows), _CONTEXTS):
        batch = rows[start : start + _CONTEXTS]
        quoted = attribute_batch([row["text"] for row in batch], stance=False)
        for row, quote in (
            (row, quote) for row, quotes in zip(batch, quoted, strict=True) for quote in quotes
        ):
            content = bare_words(quote.text)
            label = labels.get(fingerprint_of(content))
            if label is not None:
                found.setdefault(content, _example(content, label, row["id"], quote.stance_cue))
    return list(found.values())


def _example(content: str, label: dict[str, Any], group: str, cue: str | None) -> Example:
    weight = 1.0 if label["sure"] else UNSURE_WEIGHT
    return Example(content, to_class(label["label"]), group, weight, cue, label["label"])
