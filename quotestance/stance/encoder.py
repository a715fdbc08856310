"""A small sentence encoder: contents to vectors, by ONNX Runtime on one core.

In a model folder it is ``encoder.onnx``, the graph, and ``tokenizer.json``, how texts become the
numbers that the graph takes. Needs ``pip install 'quotestance[encoder]'``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

GRAPH, TOKENIZER = "encoder.onnx", "tokenizer.json"


class OnnxEncoder:
    """A sentence encoder in an ONNX graph and its tokenizer; call it with texts.

    The graph takes ``ids`` and ``mask`` of shape (texts, pieces) and gives vectors of shape (texts,
    width); ``tokenizer`` is the JSON of the package tokenizers. Raises ``ImportError`` with the
    command that installs what is missing, ``ValueError`` for a graph or tokenizer that cannot be
    read.
    """

    def __init__(self, graph: bytes, tokenizer: str) -> None:
        self.graph, self.tokenizer = graph, tokenizer
        self._tokenizer = _tokenizer(tokenizer)
        self._session = _session(graph)

    @classmethod
    def of_files(
        cls, files: Mapping[str, bytes], folder: str | os.PathLike[str] = "the model folder"
    ) -> OnnxEncoder:
        """The encoder of a model folder's files; ``ValueError`` names the one that is missing."""
        missing = [name for name in (GRAPH, TOKENIZER) if name not in files]
        if missing:
            raise ValueError(
                f"{Path(folder) / missing[0]} is missing. Copy the model folder again."
            )
        return cls(files[GRAPH], files[TOKENIZER].decode("utf-8", "replace"))

    def files(self) -> dict[str, bytes]:
        """What ``of_files`` reads."""
        return {GRAPH: self.graph, TOKENIZER: self.tokenizer.encode()}

    def __deepcopy__(self, memo: dict[int, Any]) -> OnnxEncoder:
        """Itself: it never changes, and scikit-learn copies what it clones."""
        return self

    def __reduce__(self) -> tuple[type[OnnxEncoder], tuple[bytes, str]]:
        """Travel to another process as graph and tokenizer."""
        return OnnxEncoder, (self.graph, self.tokenizer)

    def __call__(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """The vectors of texts, of shape (texts, width)."""
        readable = [text.encode("utf-8", "replace").decode() for text in texts]
        return np.array(
            [self._vector(encoding.ids) for encoding in self._tokenizer.encode_batch(readable)]
        )

    def _vector(self, ids: Sequence[int]) -> Any:
        """One vector.

        In a batch, eight-bit arithmetic takes its scale from all texts, and a text would depend on
        its neighbours.
        """
        row = np.array([ids], dtype=np.int64)
        return self._session.run(None, {"ids": row, "mask": np.ones_like(row)})[0][0]


def missing_package(error: ImportError) -> ImportError:
    """The error for a package of the extra that is not installed, with the command."""
    return ImportError(
        f"the encoder model needs {error.name}, which is not installed. Install it: pip install"
        " 'quotestance[encoder]'",
        name=error.name,
    )


def _tokenizer(stored: str) -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise missing_package(error) from error
    try:
        return Tokenizer.from_str(stored)
    except Exception as error:  # tokenizers raises plain Exception for JSON that is not its own
        raise ValueError(
            f"the encoder's {TOKENIZER} cannot be read ({str(error)[:_SHOWN]}). Copy the model"
            " folder again."
        ) from error


_SHOWN = 200  # characters of a library's own message: enough to tell what it is about


def _session(graph: bytes) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise missing_package(error) from error
    options = onnxruntime.SessionOptions()
    # One core a process, as everywhere; and the same sums every time.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises classes of its own for every broken graph
        raise ValueError(
            f"the encoder's graph cannot be read ({str(error)[:_SHOWN]}). Copy the model folder"
            " again."
        ) from error
