"""The features of one block as columns, and how rare each is: TF-IDF without scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

Array = np.ndarray[Any, Any]


class Vocabulary:
    """The features of one block in the order of their columns, and how rare each is.

    Its inverse document frequency.
    """

    def __init__(self, names: Sequence[str], rarity: Array):
        self.names, self.rarity = list(names), rarity
        self.columns = {name: number for number, name in enumerate(self.names)}

    @classmethod
    def learned(cls, rows: Sequence[Sequence[str]], least: int) -> Vocabulary:
        """The features that stand in at least so many of the rows."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        found = Counter(chain.from_iterable(map(set, rows)))
        if not found or max(found.values()) < least:
            return cls([], np.zeros(0))
        learner = TfidfVectorizer(analyzer=list, min_df=least).fit(rows)
        return cls(learner.get_feature_names_out().tolist(), learner.idf_)

    def matrix(self, rows: Sequence[Iterable[str]]) -> csr_matrix:
        """TF-IDF, each row of length 1: the logarithm of the count and 1, times the rarity.

        scikit-learn's ``TfidfVectorizer(sublinear_tf=True)`` gives the same. It is not called here,
        for loading it takes longer than all else that the first score needs.
        """
        columns = self.columns
        counts = [Counter(columns[name] for name in row if name in columns) for row in rows]
        sizes = np.fromiter(map(len, counts), dtype=np.int64, count=len(counts))
        filled = np.fromiter(chain.from_iterable(counts), dtype=np.int64, count=sizes.sum())
        values = np.fromiter(
            chain.from_iterable(count.values() for count in counts), dtype=float, count=sizes.sum()
        )
        values = (1.0 + np.log(values)) * self.rarity[filled]
        lengths = np.sqrt(
            np.bincount(
                np.repeat(np.arange(len(counts)), sizes), weights=values**2, minlength=len(counts)
            )
        )
        values /= np.repeat(lengths, sizes)
        return csr_matrix(
            (values, filled, np.concatenate([[0], np.cumsum(sizes)])),
            shape=(len(counts), len(self.names)),
        )
