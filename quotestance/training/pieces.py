"""The pieces of words that an encoder reads: its tokenizer, and which pieces a small one keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from quotestance.stance.encoder import missing_package

LONGEST = 128  # pieces of words; 99.8 % of the quotations of real_train are shorter
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
# The first entries of the base vocabulary are its most frequent words; kept whether a quotation
# uses them or not. Not tuned.
_FREQUENT = 5000
# Characters of word endings that are kept, "##" and two letters, so that every word can still be
# spelled.
_PIECE = 4


def make_tokenizer(pieces: Sequence[str], longest: int | None = LONGEST) -> Any:
    """A tokenizer of lower-case word pieces; what is longer than ``longest`` pieces is cut.

    Raises ``ValueError`` for a vocabulary without the pieces that every encoder needs.
    """
    try:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    except ImportError as error:
        raise missing_package(error) from error
    numbers = {piece: number for number, piece in enumerate(pieces)}
    missing = [piece for piece in _SPECIAL if piece not in numbers]
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
