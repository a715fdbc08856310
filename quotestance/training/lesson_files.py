"""Files of labelled quotations, as examples: seeds, real quotations, labels of articles' own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from quotestance.pipeline import attribute_batch
from quotestance.quote import Quote
from quotestance.tables.labelled import to_class
from quotestance.training.lessons import SEED_WEIGHT, UNSURE_WEIGHT, Example, is_held_out
from quotestance.training.sentences import bare_words, fingerprint_of, normal_words, read_rows

_TOGETHER = 64  # texts parsed together


def read_seeds(*paths: str | os.PathLike[str]) -> tuple[list[Example], list[Example]]:
    """The invented quotations of seed files: those to train on, and the held-out minimal pairs."""
    rows = [row for path in paths for row in read_rows(path, ("id", "text", "label", "group"))]
    held = [row for row in rows if is_held_out(row["group"])]
    kept = [row for row in rows if not is_held_out(row["group"])]
    return list(map(_seed, kept)), list(map(_seed, held))


def _seed(row: dict[str, Any]) -> Example:
    group = row["group"] or row["id"]
    return Example(row["text"], to_class(row["label"]), group, SEED_WEIGHT, level=row["label"])


def read_real(path: str | os.PathLike[str]) -> list[Example]:
    """Real quotations with their reader's label, how sure the reader was, the article as group, and
    the cue of a mixed one.

    Cues are found in each row's ``context``, the words around the quotation, where it is there.
    """
    rows = read_rows(path, ("text", "label", "source", "sure"))
    contexts = [row.get("context") for row in rows]
    cues = find_stance_cues([row["text"] for row in rows], contexts)
    return [
        _example(row["text"], row, row["source"], cue) for row, cue in zip(rows, cues, strict=True)
    ]


def find_stance_cues(contents: Sequence[str], contexts: Sequence[str | None]) -> list[str | None]:
    """The cue of each content that is a mixed quotation in its context, by quotestance's own
    attribution; else ``None``.

    >>> context = 'The union demanded "an end to the talks" on Monday.'
    >>> find_stance_cues(["an end to the talks"], [context])
    ['demanded']
    """
    quoted = _quoted([context or "" for context in contexts])
    return [_cue_of(content, quotes) for content, quotes in zip(contents, quoted, strict=True)]


def _cue_of(content: str, quotes: Iterable[Quote]) -> str | None:
    """The cue of the first quotation that holds the words of a content."""
    words = normal_words(content)
    return next((quote.stance_cue for quote in quotes if words in normal_words(quote.text)), None)


def _quoted(texts: Sequence[str]) -> Iterator[list[Quote]]:
    """The quotations of each text, by quotestance's own attribution."""
    for start in range(0, len(texts), _TOGETHER):
        yield from attribute_batch(texts[start : start + _TOGETHER], stance=False)


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
    quoted = _quoted([row["text"] for row in rows])
    for row, quotes in zip(rows, quoted, strict=True):
        for quote in quotes:
            content = bare_words(quote.text)
            label = labels.get(fingerprint_of(content))
            if label is not None:
                found.setdefault(content, _example(content, label, row["id"], quote.stance_cue))
    return list(found.values())


def _example(content: str, label: dict[str, Any], group: str, cue: str | None) -> Example:
    weight = 1.0 if label["sure"] else UNSURE_WEIGHT
    return Example(content, to_class(label["label"]), group, weight, cue, label["label"])
