"""How far the two readers of the public gold set agree, each of whom read the articles alone.

Run from the root of a checkout: python docs/benchmarks/gold_agreement.py
tests/data/articles/first_reader.jsonl tests/data/articles/second_reader.jsonl
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from operator import eq
from pathlib import Path
from typing import Any

from sklearn.metrics import cohen_kappa_score

from quotestance.training.same_name import same_full_name

Row = Mapping[str, Any]
Stretch = tuple[str, int, int]
SPEECH = ("direct", "mixed")


def read(path: str) -> dict[Stretch, Row]:
    """A reader's rows by the stretch that each is about."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return {(row["id"], row["start"], row["end"]): row for row in map(json.loads, lines)}


def stretches(rows: Mapping[Stretch, Row]) -> set[Stretch]:
    """The stretches that a reader takes for speech."""
    return {stretch for stretch, row in rows.items() if row["kind"] in SPEECH}


def same_speaker(first: Row, second: Row) -> bool:
    """Whether two readers name the same speaker in full, by the strict rule."""
    return same_full_name(second["speaker"], [first["speaker"], *first["aliases"]])


def share(right: Iterable[bool]) -> float:
    """The share that is right."""
    judged = list(right)
    return sum(judged) / len(judged)


def given(pairs: Sequence[tuple[Row, Row]], column: str) -> tuple[list[str], list[str]]:
    """What each of two readers wrote in a column."""
    return [one[column] for one, _ in pairs], [two[column] for _, two in pairs]


def agreement(first: Mapping[Stretch, Row], second: Mapping[Stretch, Row]) -> dict[str, float]:
    """Every figure: shares over what both have marked, and Cohen's kappa where classes are given.

    The kind is compared wherever both mark the same stretch, speaker and stance where both call it
    speech.
    """
    marked = [(row, second[stretch]) for stretch, row in first.items() if stretch in second]
    heard, also = stretches(first), stretches(second)
    spoken = [(first[stretch], second[stretch]) for stretch in sorted(heard & also)]
    kinds, stances = given(marked, "kind"), given(spoken, "stance")
    return {
        "marked by the first": len(first),
        "marked by the second": len(second),
        "marked by both": len(marked),
        "speech to both": len(spoken),
        "stretches of speech, F1": 2 * len(spoken) / (len(heard) + len(also)),
        "kind": share(map(eq, *kinds)),
        "kind, kappa": float(cohen_kappa_score(*kinds)),
        "full name": share(same_speaker(*pair) for pair in spoken),
        "stance": share(map(eq, *stances)),
        "stance, kappa": float(cohen_kappa_score(*stances)),
    }


def main(paths: list[str]) -> None:
    """Print the figures of two readers' files."""
    first, second = map(read, paths)
    for name, figure in agreement(first, second).items():
        print(f"{name:24} {figure if isinstance(figure, int) else format(figure, '.3f')}")


if __name__ == "__main__":
    main(sys.argv[1:])
