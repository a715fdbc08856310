"""Training of the bundled stance models: seeds, and real quotations where they are given, to a
``StanceModel``; the same files, the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from quotestance.quote import STANCE_LABELS
from quotestance.stance.learning import Examples
from quotestance.stance.linear_stance import Encoder
from quotestance.stance.model import StanceModel
from quotestance.training.lessons import Lessons, Teacher

_DIGITS = 4  # of a target in the fingerprint: the last ones differ from machine to machine


def train_stance(
    lessons: Lessons,
    *,
    teacher: Teacher | None = None,
    encoder: Encoder | None = None,
    least: int = 2,
    facts: Mapping[str, Any] | None = None,
) -> StanceModel:
    """A model that learned the lessons; with a ``teacher``, its probabilities too. ``encoder``
    takes the place of the lexical features, of which each stands in ``least`` quotations.

    Raises ``ValueError`` for unlabelled sentences without a teacher.
    """
    contents, targets = lessons.contents, lessons.targets(teacher)
    groups = [example.group for example in lessons.examples]
    cues: list[str | None] = [example.cue for example in lessons.examples]
    examples = Examples.of(
        contents,
        targets,
        np.array(lessons.weights),
        groups + [group for _, group in lessons.unlabelled],
        cues + [None] * len(lessons.unlabelled),
        np.array([STANCE_LABELS.index(example.label) for example in lessons.examples], dtype=int),
    )
    model = StanceModel(least=least, encoder=encoder).learn(examples, STANCE_LABELS)
    counts = {"labelled": len(lessons.examples), "unlabelled": len(lessons.unlabelled)}
    model.facts_ = {
        "trained_on": {**counts, "sha256": _fingerprint(contents, targets)},
        **(facts or {}),
    }
    return model


def _fingerprint(contents: Iterable[str], targets: Any) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest())
    digest.update(np.round(targets, _DIGITS).tobytes())
    return digest.hexdigest()
