"""What a stance model is trained on: labelled examples, and sentences that only a teacher labels.

A teacher's probabilities for unlabelled sentences of the news may be learned too: the linear model
then sees many more wordings than readers have labelled.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from quotestance.quote import STANCE_LABELS
from quotestance.training.sentences import fingerprint_of, is_drawn, read_rows, read_sentences

# Tuned on real_dev (docs/accuracy.md): how much a quotation counts that is invented, that its
# reader was not sure of, that a teacher labelled.
SEED_WEIGHT, UNSURE_WEIGHT, TAUGHT_WEIGHT = 0.4, 0.6, 0.4
# How far a labelled quotation's target moves from its reader's label to its teacher's
# probabilities.
_TRUST = 0.6
_DIGITS = 3  # of a teacher's probability in its file
HELD_OUT_ONE_IN = 8  # minimal pairs and triples that no bundled model is trained on; not tuned


class Teacher(Protocol):
    """What can label quotations with probabilities in the order of ``STANCE_LABELS``."""

    def predict_proba(self, contents: list[str]) -> Any:
        """An array of shape (contents, 3)."""


@dataclass(frozen=True, slots=True)
class Example:
    """A quotation to learn from.

    Its class, how much it counts, what it must not be split from, and its cue if it is mixed.
    """

    text: str
    label: str
    group: str
    weight: float = 1.0
    cue: str | None = None
    level: str = "none"  # the codebook's label


@dataclass(frozen=True, slots=True)
class Taught:
    """What a teacher said: its probabilities by the fingerprint of what it read, and the unlabelled
    sentences among that.

    A file of them holds no text, so it can stand beside a model whose training data cannot.
    """

    table: Mapping[str, Sequence[float]]
    sentences: Sequence[tuple[str, str]] = ()

    @classmethod
    def of(
        cls, contents: Sequence[str], probabilities: Any, sentences: Sequence[tuple[str, str]] = ()
    ) -> Taught:
        """The probabilities of contents, of shape (contents, classes), rounded as a file holds
        them."""
        return cls(
            {
                fingerprint_of(content): [round(float(chance), _DIGITS) for chance in row]
                for content, row in zip(contents, probabilities, strict=True)
            },
            sentences,
        )

    @classmethod
    def read(
        cls, path: str | os.PathLike[str], articles: Iterable[str | os.PathLike[str]] = ()
    ) -> Taught:
        """A file that ``write`` wrote, with those sentences of the articles that it knows."""
        table = {
            row["sha256"]: [row[label] for label in STANCE_LABELS]
            for row in read_rows(path, ("sha256", *STANCE_LABELS))
        }
        return cls(
            table,
            [
                (text, article)
                for text, article in read_sentences(articles)
                if fingerprint_of(text) in table
            ],
        )

    def write(self, path: str | os.PathLike[str]) -> None:
        """A line of JSON for each content: its fingerprint and its probabilities."""
        with open(path, "x", encoding="utf-8") as lines:
            lines.writelines(
                json.dumps({"sha256": key, **dict(zip(STANCE_LABELS, row, strict=True))}) + "\n"
                for key, row in self.table.items()
            )

    def predict_proba(self, contents: Sequence[str]) -> Any:
        """The probabilities of contents, of shape (contents, classes).

        Not a number where the teacher never read one.
        """
        unread = (np.nan,) * len(STANCE_LABELS)
        rows = np.array(
            [self.table.get(fingerprint_of(content), unread) for content in contents]
        ).reshape(-1, len(STANCE_LABELS))
        return rows / rows.sum(axis=1, keepdims=True)


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a model is trained on.

    Labelled examples, and sentences that only a teacher labels, each with its article.
    """

    examples: Sequence[Example]
    unlabelled: Sequence[tuple[str, str]] = field(default=())

    @property
    def contents(self) -> list[str]:
        """What is learned from: the labelled first."""
        return [example.text for example in self.examples] + [text for text, _ in self.unlabelled]

    @property
    def weights(self) -> list[float]:
        """How much each content counts."""
        return [example.weight for example in self.examples] + [TAUGHT_WEIGHT] * len(
            self.unlabelled
        )

    def targets(self, teacher: Teacher | None = None) -> Any:
        """What each content should come out as, of shape (contents, classes): readers' labels, and
        the teacher's probabilities of what it read.

        Raises ``ValueError`` for unlabelled sentences that no teacher has read.
        """
        targets = np.array(
            [
                [float(example.label == label) for label in STANCE_LABELS]
                for example in self.examples
            ]
        ).reshape(-1, len(STANCE_LABELS))
        taught = (
            np.full((len(self.contents), len(STANCE_LABELS)), np.nan)
            if teacher is None
            else np.asarray(teacher.predict_proba(self.contents))
        )
        unread = np.isnan(taught).any(axis=1, keepdims=True)
        if unread[len(targets) :].any():
            raise ValueError(
                f"{unread[len(targets) :].sum()} sentences have no label and no teacher has read"
                " them; give one that has, or leave them out"
            )
        blended = (1 - _TRUST) * targets + _TRUST * taught[: len(targets)]
        return np.vstack(
            [np.where(unread[: len(targets)], targets, blended), taught[len(targets) :]]
        )


def is_held_out(group: str | None) -> bool:
    """Whether a minimal pair is kept out of all training, decided by its name alone.

    >>> is_held_out(None), is_held_out("p001")
    (False, False)
    """
    return group is not None and is_drawn(group, HELD_OUT_ONE_IN)


def unlabelled(
    sentences: Sequence[tuple[str, str]], examples: Sequence[Example]
) -> list[tuple[str, str]]:
    """The sentences that no reader labelled."""
    read = {example.text for example in examples}
    return [(text, article) for text, article in sentences if text not in read]
