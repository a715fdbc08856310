"""What a quotation says and does, as sparse features: words and their sequences, letters of words,
scoped words, speech acts, and the cue.

Every feature knows the characters it was read from, so that a linear model over them can be
explained exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack

from quotestance.lexicon import REPORTING_VERBS
from quotestance.stance.acts import Scope, find_acts, scopes
from quotestance.stance.tokens import Word, mask_names, read_words
from quotestance.stance.vocabulary import Array, Vocabulary

Found = tuple[str, int, int]  # a feature and the characters of the content it was read from
Analysed = tuple[list[Word], list[Scope], str | None]
# Words and letters in a sequence; tuned on real_dev among 1-3 words, 2-4, 2-5 and no letters.
_LONGEST, _LETTERS = 3, (2, 5)
READ_AT_MOST = 4000  # characters: a quotation is shorter; what is longer is scored by its beginning
# Scopes, and letters of words, that are remembered: enough for all scopes, and for the words of
# some hundred articles.
_SCOPES_KNOWN, _WORDS_KNOWN = 4096, 50_000


def analyse(content: str, cue: str | None, common: frozenset[str]) -> Analysed:
    """The words of a content and their scopes; a cue is reduced to its verb."""
    words = read_words(content[:READ_AT_MOST], common)
    return words, scopes(words), cue_verb(cue)


def cue_verb(cue: str | None) -> str | None:
    """The reporting verb of a cue, by its lemma; the last word where it has none.

    >>> cue_verb("called for"), cue_verb("has demanded"), cue_verb(None)
    ('call for', 'demand', None)
    """
    if not cue or not cue.strip():
        return None
    words = cue.lower().split()
    for index, word in enumerate(words):
        if word in REPORTING_VERBS:
            return " ".join([REPORTING_VERBS[word], *words[index + 1 : index + 2]])
    return words[-1]


# ---------- the blocks of features
def word_sequences(analysed: Analysed) -> Iterator[Found]:
    """Words, and sequences of two and three."""
    words = analysed[0]
    for length in range(1, _LONGEST + 1):
        for index in range(len(words) - length + 1):
            run = words[index : index + length]
            yield " ".join([word.text for word in run]), run[0].start, run[-1].end


def letter_sequences(analysed: Analysed) -> Iterator[Found]:
    """Letters of each word, its edges marked by a space."""
    for word in analysed[0]:
        for letters in _letters(word.text):
            yield letters, word.start, word.end


@lru_cache(maxsize=_WORDS_KNOWN)
def _letters(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(
        padded[index : index + length]
        for length in range(_LETTERS[0], _LETTERS[1] + 1)
        for index in range(max(1, len(padded) - length + 1))
    )


def scoped_words(analysed: Analysed) -> Iterator[Found]:
    """Words under a negation, a condition, a contrast, a question, a person or a person's modal."""
    for word, scope in zip(analysed[0], analysed[1], strict=True):
        if not word.is_mark:
            for name in _scope_names(scope):
                yield f"{name}:{word.text}", word.start, word.end


@lru_cache(maxsize=_SCOPES_KNOWN)
def _scope_names(scope: Scope) -> tuple[str, ...]:
    person = scope.person if scope.person != "none" else ""
    turned = "-not" if scope.negated else ""
    modal = f"{person}-{scope.modal}{turned}" if person and scope.modal != "none" else ""
    names = [
        ("not", scope.negated),
        ("if", scope.conditional),
        ("but", scope.contrasted),
        ("?", scope.question),
        (person, person),
        (modal, modal),
    ]
    return tuple(name for name, holds in names if holds)


def act_names(analysed: Analysed) -> Iterator[Found]:
    """Speech acts with their scope, and alone."""
    for act in find_acts(analysed[0], analysed[1]):
        yield act.name, act.start, act.end
        turned = "not " if act.scope.negated else ""
        after = ", but" if act.scope.contrasted else ""
        yield f"{turned}{act.act}{after}", act.start, act.end


def cue_names(analysed: Analysed) -> Iterator[Found]:
    """The cue of a mixed quotation; it stands outside the content, at no character of it."""
    if analysed[2]:
        yield analysed[2], 0, 0


BLOCKS: dict[str, Callable[[Analysed], Iterator[Found]]] = {
    "words": word_sequences,
    "letters": letter_sequences,
    "scopes": scoped_words,
    "acts": act_names,
    "cue": cue_names,
}
# Letters must stand in one quotation more than words.
_LEAST = {"words": 0, "letters": 1, "scopes": 0, "acts": 0, "cue": 0}


class LexicalFeatures:
    """Contents to a sparse matrix, one block of TF-IDF features after another, each of length 1."""

    def __init__(self, least: int = 2) -> None:
        self.least = least
        self.common: frozenset[str] = frozenset()
        self.vocabularies: dict[str, Vocabulary] = {}

    def fit(self, contents: Sequence[str], cues: Sequence[str | None]) -> csr_matrix:
        """Learn the vocabulary and the rarity of each feature.

        Returns the matrix of the contents.
        """
        self.common = frozenset(
            word.text
            for content in contents
            for word in read_words(content[:READ_AT_MOST])
            if content[word.start : word.start + 1].islower()
        )
        rows = self._analysed(contents, cues)
        self.vocabularies = {
            block: Vocabulary.learned(
                [list(_names(block, row)) for row in rows], self.least + _LEAST[block]
            )
            for block in BLOCKS
        }
        return self._stacked(rows)

    def _analysed(self, contents: Sequence[str], cues: Sequence[str | None]) -> list[Analysed]:
        return [
            analyse(content, cue, self.common) for content, cue in zip(contents, cues, strict=True)
        ]

    def transform(self, contents: Sequence[str], cues: Sequence[str | None]) -> csr_matrix:
        """The matrix of contents, of shape (contents, features)."""
        return self._stacked(self._analysed(contents, cues))

    def _stacked(self, rows: Sequence[Analysed]) -> csr_matrix:
        return hstack(
            [
                vocabulary.matrix([_names(block, row) for row in rows])
                for block, vocabulary in self.vocabularies.items()
            ],
            format="csr",
        )

    def places(self, content: str, cue: str | None) -> dict[int, list[tuple[int, int]]]:
        """For each column that a content fills, the characters it was read from."""
        analysed, places, offset = (
            analyse(content, cue, self.common),
            dict[int, list[tuple[int, int]]](),
            0,
        )
        for block, vocabulary in self.vocabularies.items():
            for name, start, end in BLOCKS[block](analysed):
                if name in vocabulary.columns:
                    places.setdefault(offset + vocabulary.columns[name], []).append((start, end))
            offset += len(vocabulary.names)
        return places

    def masked(self, content: str) -> str:
        """A content as an encoder reads it.

        Cut at ``READ_AT_MOST`` characters, its names masked.
        """
        return mask_names(content[:READ_AT_MOST], self.common)

    def width(self) -> int:
        """The number of columns."""
        return sum(len(vocabulary.names) for vocabulary in self.vocabularies.values())

    def names(self) -> list[str]:
        """The features in the order of the columns, each with its block."""
        return [
            f"{block}: {name}"
            for block, vocabulary in self.vocabularies.items()
            for name in vocabulary.names
        ]

    # ---------- growing and storing
    def grown(
        self, contents: Sequence[str], cues: Sequence[str | None]
    ) -> tuple[LexicalFeatures, Array]:
        """These features and the new ones of ``contents``, and for each column of this the column
        of the other.

        A new feature counts as rare as one that stands in ``least`` quotations of the seeds does.
        """
        fresh = LexicalFeatures(self.least)
        fresh.fit(contents, cues)
        grown, offset = LexicalFeatures(self.least), 0
        columns: list[int] = []
        grown.common = self.common | fresh.common
        for block, known in self.vocabularies.items():
            added = [name for name in fresh.vocabularies[block].names if name not in known.columns]
            rarity = float(known.rarity.max()) if known.names else 1.0
            grown.vocabularies[block] = Vocabulary(
                known.names + added, np.concatenate([known.rarity, np.full(len(added), rarity)])
            )
            columns += range(offset, offset + len(known.names))
            offset += len(known.names) + len(added)
        return grown, np.array(columns, dtype=int)

    def stored(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The arrays and the facts that ``restored`` needs."""
        arrays = {
            f"{block}_idf": vocabulary.rarity.astype("<f4")
            for block, vocabulary in self.vocabularies.items()
        }
        facts = {
            "words": {block: vocabulary.names for block, vocabulary in self.vocabularies.items()},
            "common": sorted(self.common),
        }
        return arrays, facts

    @classmethod
    def restored(
        cls, least: int, arrays: Mapping[str, Any], facts: Mapping[str, Any]
    ) -> LexicalFeatures:
        """The features that ``stored`` gave."""
        features = cls(least)
        features.common = frozenset(facts["common"])
        features.vocabularies = {
            block: Vocabulary(facts["words"][block], arrays[f"{block}_idf"].astype(float))
            for block in BLOCKS
        }
        return features


def _names(block: str, analysed: Analysed) -> Iterator[str]:
    return (name for name, _, _ in BLOCKS[block](analysed))
