"""The network behind the encoder: MiniLM-L6 fine-tuned on labelled quotations, its vocabulary
pruned, its weights in eight bits.

Needs torch, transformers and onnx; running the result needs none of them. The network learns the
three classes and the codebook's six labels side by side, as the mean of its weights over the last
steps.
"""

from __future__ import annotations

import json
import math
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotestance.quote import STANCE_LABELS
from quotestance.stance.vocabulary import Array
from quotestance.training.lessons import Lessons
from quotestance.training.pieces import make_tokenizer, prune

LEVELS = ("-2", "-1", "0", "none", "1", "2")
# Pieces that other encoders write in another way.
_SPELLED = {"<s>": "[CLS]", "</s>": "[SEP]", "<pad>": "[PAD]"}
_HEAD_RATE, _DROPOUT, _DECAY, _STEEPEST = 6e-4, 0.1, 0.01, 1.0  # as is usual; not tuned
_NO_LEVEL = -100  # what PyTorch's cross-entropy leaves out
_STRETCH = 20  # batches sorted by length together; not tuned
_OPSET = 17  # of ONNX: the oldest that knows all that the network does


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
    # Texts' uses of a piece that the vocabulary keeps, and quotations that a lexical feature stands
    # in: for the size of the folder, not tuned.
    fewest: int = 3
    least: int = 4
    threads: int = 2  # with another number, sums are taken in another order: other last digits
    seed: int = 1


STUDENT = Recipe()


def train_encoder(
    base: str | os.PathLike[str], lessons: Lessons, targets: Array, recipe: Recipe = STUDENT
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
            torch.nn.utils.clip_grad_norm_(network.parameters(), _STEEPEST)
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
            by_class, by_level = network(*padded([self.ids[row] for row in rows], self.pad))
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
        sorted(rows[start : start + _STRETCH * size], key=lambda row: len(ids[row]))
        for start in range(0, len(rows), _STRETCH * size)
    ]
    batches = [
        stretch[start : start + size]
        for stretch in stretches
        for start in range(0, len(stretch), size)
    ]
    order.shuffle(batches)
    yield from batches


def padded(ids: Sequence[Sequence[int]], pad: int) -> tuple[Any, Any]:
    """Rows of numbers as one tensor, and which of its places are filled."""
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
            self.encoder, self.dropout = encoder, torch.nn.Dropout(_DROPOUT)
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
    optimizer = torch.optim.AdamW(groups, weight_decay=_DECAY, fused=True)
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

    # The faster attention of training cannot be traced.
    network.encoder.set_attn_implementation("eager")
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
            opset_version=_OPSET,
            dynamo=False,
        )
        quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True)
        return small.read_bytes()
