"""A small sentence encoder: contents to vectors, by ONNX Runtime on one core.

Needs ``pip install 'quotestance[encoder]'``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_LONGEST = 128  # pieces of words; 99.8 % of the quotations of real_train are shorter


class OnnxEncoder:
    """A sentence encoder in an ONNX graph and its vocabulary of word pieces; call it with texts.

    The graph takes ``ids`` and ``mask`` of shape (texts, pieces) and gives vectors of shape (texts,
    width). Raises ``ImportError`` with the command that installs what is missing, ``ValueError``
    for a graph that cannot be read.
    """

    def __init__(self, graph: bytes, pieces: Sequence[str]) -> None:
        self.graph, self.pieces = graph, list(pieces)
        self._tokenizer = make_tokenizer(self.pieces)
        self._session = _session(graph)

    def __deepcopy__(self, memo: dict[int, Any]) -> OnnxEncoder:
        """Itself: it never changes, and scikit-learn copies what it clones."""
        return self

    def __reduce__(self) -> tuple[type[OnnxEncoder], tuple[bytes, list[str]]]:
        """Travel to another process as graph and pieces."""
        return OnnxEncoder, (self.graph, self.pieces)

    def __call__(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """The vectors of texts, of shape (texts, width)."""
        ids = [
            encoding.ids
            for encoding in self._tokenizer.encode_batch(
                [text.encode("utf-8", "replace").decode() for text in texts]
            )
        ]
        return np.array([self._vector(row) for row in ids])

    def _vector(self, ids: Sequence[int]) -> Any:
        """One vector.

        In a batch, eight-bit arithmetic takes its scale from all texts, and a text would depend on
        its neighbours.
        """
        row = np.array([ids], dtype=np.int64)
        return self._session.run(None, {"ids": row, "mask": np.ones_like(row)})[0][0]


def _install(error: ImportError) -> ImportError:
    return ImportError(
        f"the encoder model needs {error.name}, which is not installed. Install it: pip install"
        " 'quotestance[encoder]'",
        name=error.name,
    )


def make_tokenizer(pieces: Sequence[str], longest: int | None = _LONGEST) -> Any:
    """A tokenizer of lower-case word pieces; what is longer than ``longest`` pieces is cut.

    Raises ``ValueError`` for a vocabulary without the pieces that every encoder needs.
    """
    try:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    except ImportError as error:
        raise _install(error) from error
    numbers = {piece: number for number, piece in enumerate(pieces)}
    missing = [piece for piece in ("[PAD]", "[UNK]", "[CLS]", "[SEP]") if piece not in numbers]
    if missing:
        raise ValueError(
            f"the encoder's vocabulary lacks {', '.join(missing)}. Copy the model folder again."
        )
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(piece, numbers[piece]) for piece in ("[CLS]", "[SEP]")],
    )
    if longest is not None:
        tokenizer.enable_truncation(longest)
    return tokenizer


def _session(graph: bytes) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise _install(error) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = (
        1  # one core a process, as everywhere; and the same sums every time
    )
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except (
        Exception
    ) as error:  # ONNX Runtime raises classes of its own for every kind of broken graph
        raise ValueError(
            f"the encoder's graph cannot be read ({str(error)[:200]}). Copy the model folder again."
        ) from error
