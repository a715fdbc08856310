"""Training of the bundled stance models: seeds, and real quotations where they are given, to a ``StanceModel``; the same files, the same bytes.

A teacher's probabilities for unlabelled sentences of the news may be learned too: the linear model then sees many more wordings than
readers have labelled.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from quotestance.labelled import to_class
from quotestance.pipeline import attribute_batch
from quotestance.quote import STANCE_LABELS
from quotestance.stance import Encoder, StanceModel

# Tuned on real_dev (docs/accuracy.md): how much a quotation counts that is invented, that its reader was not sure of, that a teacher labelled.
_SEED_WEIGHT, _UNSURE_WEIGHT, _TAUGHT_WEIGHT = 0.4, 0.6, 1.0
# How far a labelled quotation's target moves from its reader's label to its teacher's probabilities.
_TRUST = 0.6
_CONTEXTS = 64  # contexts parsed together
HELD_OUT_ONE_IN = 8  # minimal pairs and triples that no bundled model is trained on


class Teacher(Protocol):
    """What can label quotations with probabilities in the order of ``STANCE_LABELS``."""

    def predict_proba(self, contents: list[str]) -> Any:
        """An array of shape (contents, 3)."""


@dataclass(frozen=True, slots=True)
class Example:
    """A quotation to learn from: its class, how much it counts, what it must not be split from, and its cue if it is mixed."""

    text: str
    label: str
    group: str
    weight: float = 1.0
    cue: str | None = None
    level: str = "none"  # the codebook's label


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a model is trained on: labelled examples, and sentences that only a teacher labels, each with its article."""

    examples: Sequence[Example]
    unlabelled: Sequence[tuple[str, str]] = field(default=())


def is_held_out(group: str | None) -> bool:
    """Whether a minimal pair is kept out of all training, decided by its name alone.

    >>> is_held_out(None), is_held_out("p001")
    (False, False)
    """
    return group is not None and is_drawn(group, HELD_OUT_ONE_IN)


def is_drawn(name: str, one_in: int) -> bool:
    """Whether a name is among the one in so many that its hash draws: the same ones everywhere, whatever else is there.

    >>> sum(is_drawn(str(number), 8) for number in range(8000)) in range(900, 1100)
    True
    """
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % one_in == 0


def read_seeds(path: str | os.PathLike[str]) -> tuple[list[Example], list[Example]]:
    """The invented quotations of a seed file: those to train on, and the held-out minimal pairs."""
    rows = _rows(path, ("id", "text", "label", "group"))
    examples = [
        (is_held_out(row["group"]), Example(row["text"], to_class(row["label"]), row["group"] or row["id"], _SEED_WEIGHT, level=row["label"]))
        for row in rows
    ]
    return [example for held, example in examples if not held], [example for held, example in examples if held]


def read_real(path: str | os.PathLike[str]) -> list[Example]:
    """Real quotations with their reader's label, how sure the reader was, the article as group, and the cue of a mixed one.

    Cues are found in each row's ``context``, the words around the quotation, where it is there.
    """
    rows = _rows(path, ("text", "label", "source", "sure"))
    return [
        Example(row["text"], to_class(row["label"]), row["source"], 1.0 if row["sure"] else _UNSURE_WEIGHT, cue, row["label"])
        for row, cue in zip(rows, find_stance_cues([row["text"] for row in rows], [row.get("context") for row in rows]), strict=True)
    ]


def find_stance_cues(contents: Sequence[str], contexts: Sequence[str | None]) -> list[str | None]:
    """The cue of each content that is a mixed quotation in its context, by quotestance's own attribution; else ``None``.

    >>> find_stance_cues(["an end to the talks"], ['The union demanded "an end to the talks" on Monday.'])
    ['demanded']
    """
    cues: list[str | None] = []
    for start in range(0, len(contents), _CONTEXTS):
        quoted = attribute_batch([context or "" for context in contexts[start : start + _CONTEXTS]], stance=False)
        for content, quotes in zip(contents[start : start + _CONTEXTS], quoted, strict=True):
            cues.append(next((quote.stance_cue for quote in quotes if _bare(content) in _bare(quote.text)), None))
    return cues


def _bare(words: str) -> str:
    """Words without marks and case: contexts and contents are punctuated differently."""
    return " ".join(["", *re.findall(r"\w+", words.lower()), ""])


def read_unlabelled(path: str | os.PathLike[str]) -> list[tuple[str, str]]:
    """Sentences that only a teacher labels, each with the article it comes from."""
    return [(row["text"], row["group"]) for row in _rows(path, ("text", "group"))]


def _rows(path: str | os.PathLike[str], columns: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8-sig").split("\n"), 1):
        if line.strip():
            row = json.loads(line)
            missing = [column for column in columns if column not in row]
            if missing:
                raise ValueError(f"{path}, line {number}: no {', '.join(missing)}; a row needs {', '.join(columns)}")
            rows.append(row)
    return rows


def train_stance(lessons: Lessons, *, teacher: Teacher | None = None, encoder: Encoder | None = None, facts: Mapping[str, Any] | None = None) -> StanceModel:
    """A model that learned the lessons; with a ``teacher``, its probabilities too. ``encoder`` takes the place of the lexical features.

    Raises ``ValueError`` for unlabelled sentences without a teacher.
    """
    examples, unlabelled = list(lessons.examples), list(lessons.unlabelled)
    if unlabelled and teacher is None:
        raise ValueError(f"{len(unlabelled)} sentences have no label and no teacher labels them; give a teacher, or leave them out")
    contents = [example.text for example in examples] + [text for text, _ in unlabelled]
    targets = np.array([[float(example.label == label) for label in STANCE_LABELS] for example in examples])
    if teacher is not None:
        taught = np.asarray(teacher.predict_proba(contents))
        targets = np.vstack([(1 - _TRUST) * targets + _TRUST * taught[: len(examples)], taught[len(examples) :]])
    model = StanceModel(encoder=encoder)
    model.fit_soft(
        contents,
        targets,
        sample_weight=[example.weight for example in examples] + [_TAUGHT_WEIGHT] * len(unlabelled),
        groups=[example.group for example in examples] + [group for _, group in unlabelled],
        cues=[example.cue for example in examples] + [None] * len(unlabelled),
        held=np.arange(len(contents)) < len(examples),
    )
    model.facts_ = {"trained_on": {"labelled": len(examples), "unlabelled": len(unlabelled), "sha256": _fingerprint(contents, targets)}, **(facts or {})}
    return model


def _fingerprint(contents: Iterable[str], targets: Any) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest())
    digest.update(np.round(targets, 4).tobytes())
    return digest.hexdigest()
