"""Evaluation of attribution: annotated documents and predicted quotes to scores with intervals;
runs nothing itself.

The definitions are those of the project's article scorer: a stretch is found by a predicted part
that shares at least 0.8 of their words (Jaccard), and a name is right when it is the full one
(``same_full_name``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from quotestance.marks.paragraphs import Bounds
from quotestance.quote import Quote
from quotestance.speakers.confidence import calibration_error
from quotestance.training.annotated import Annotation, Document
from quotestance.training.intervals import bootstrap
from quotestance.training.same_name import same_full_name

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_OVERLAP = 0.8


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold stretch with the quote that found it, if any."""

    annotation: Annotation
    quote: Quote | None

    @property
    def named(self) -> bool:
        """Whether the quote's speaker has the annotated full name."""
        if self.quote is None:
            return False
        speaker = self.quote.speaker
        return same_full_name(speaker.name if speaker else None, self.annotation.names)

    @property
    def mentioned(self) -> bool:
        """Whether the quote's mention overlaps an annotated one."""
        mention = self.quote.mention if self.quote else None
        return mention is not None and any(
            mention.start < end and start < mention.end for start, end in self.annotation.mentions
        )


@dataclass(frozen=True, slots=True)
class Matched:
    """One document's gold stretches with what found them, and how many parts were predicted.

    ``beside`` are the quotes that no gold stretch is paired with, where all of the document was
    judged.
    """

    pairs: tuple[Pair, ...]
    predicted: int
    beside: tuple[Quote, ...] = ()

    @property
    def judged(self) -> list[tuple[float, bool]]:
        """The confidence of each quote, and whether it is speech with the right full name."""
        found = [(pair.quote.confidence, pair.named) for pair in self.pairs if pair.quote]
        return found + [(quote.confidence, False) for quote in self.beside]


def match(document: Document, quotes: Sequence[Quote]) -> Matched:
    """Pair the annotated stretches of a document with predicted parts, one to one, the best overlap
    first."""
    gold = [(part, annotation) for annotation in document.annotations for part in annotation.parts]
    parts = [((part.start, part.end), quote) for quote in quotes for part in quote.parts]
    numbers = _paired(
        document.text, [bounds for bounds, _ in gold], [bounds for bounds, _ in parts]
    )
    found = {left: parts[right][1] for left, right in numbers.items()}
    pairs = [Pair(annotation, found.get(left)) for left, (_, annotation) in enumerate(gold)]
    beside = _without(quotes, found.values()) if document.complete else ()
    return Matched(tuple(pairs), len(parts), beside)


def _paired(text: str, gold: Sequence[Bounds], parts: Sequence[Bounds]) -> dict[int, int]:
    """The numbers of gold stretches with those of the parts that found them."""
    starts = [found.start() for found in _WORD.finditer(text)]
    return _one_to_one(_overlaps(starts, gold, parts))


def _without(quotes: Iterable[Quote], taken: Iterable[Quote]) -> tuple[Quote, ...]:
    """The quotes that are none of the ``taken`` ones."""
    known = set(map(id, taken))
    return tuple([quote for quote in quotes if id(quote) not in known])


def _one_to_one(overlaps: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """Gold number -> the predicted number it is paired with, the largest overlaps first."""
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, left, right in sorted(overlaps, reverse=True):
        if left not in taken and right not in used:
            taken[left] = right
            used.add(right)
    return taken


def _overlaps(
    starts: Sequence[int], gold: Sequence[Bounds], parts: Sequence[Bounds]
) -> Iterator[tuple[float, int, int]]:
    """The pairs of stretches that share enough words: (Jaccard, gold number, predicted number)."""
    words = [(bisect_left(starts, start), bisect_left(starts, end)) for start, end in parts]
    for left, (start, end) in enumerate(gold):
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        for right, (other_first, other_last) in enumerate(words):
            shared = min(last, other_last) - max(first, other_first)
            union = max(last, other_last) - min(first, other_first)
            if shared > 0 and shared >= _OVERLAP * union:
                yield shared / union, left, right


# ---------- scores
Test = Callable[[Pair], bool]


def _any(pair: Pair) -> bool:
    return True


def _found(pair: Pair) -> bool:
    return pair.quote is not None


_named: Test = attrgetter("named")
_mentioned: Test = attrgetter("mentioned")


def _mention_known(pair: Pair) -> bool:
    return _found(pair) and bool(pair.annotation.mentions)


def _of_kind(kind: str) -> Test:
    return lambda pair: pair.annotation.kind == kind


# Score -> what is right, and among which of the annotated stretches.
_SHARES: Mapping[str, tuple[Test, Test]] = {
    "recall": (_found, _any),
    "recall direct": (_found, _of_kind("direct")),
    "recall mixed": (_found, _of_kind("mixed")),
    "full name given found": (_named, _found),
    "full name end to end": (_named, _any),
    "mention given found": (_mentioned, _mention_known),
}


def _scores(matched: Sequence[Matched]) -> dict[str, float]:
    pairs = [pair for found in matched for pair in found.pairs]
    precision = _ratio(sum(map(_found, pairs)), sum(found.predicted for found in matched))
    shares = {name: _share(pairs, *tests) for name, tests in _SHARES.items()}
    both = precision + shares["recall"]
    judged = [answer for found in matched for answer in found.judged]
    return {
        "precision": precision,
        "recall": shares["recall"],
        "F1": _ratio(2 * precision * shares["recall"], both),
        **shares,
        "calibration error": calibration_error(judged),
    }


def _share(pairs: Sequence[Pair], right: Test, among: Test) -> float:
    counted = [pair for pair in pairs if among(pair)]
    return _ratio(sum(map(right, counted)), len(counted))


def _ratio(count: float, total: float) -> float:
    """Their quotient; 0 of nothing."""
    return count / total if total else 0.0


def score(matched: Sequence[Matched], seed: int = 0) -> dict[str, tuple[float, float, float]]:
    """Every score with its 95 % interval, from a bootstrap over documents.

    Name -> (value, low, high), all in [0, 1].
    """
    figures = bootstrap(lambda rows: _scores([matched[row] for row in rows]), len(matched), seed)
    return {name: (found.value, found.low, found.high) for name, found in figures.items()}
