"""Evaluation of attribution for people: the figures that matter to a user, with intervals, and the
worst errors.

A stretch is found, a mention and a full name are right as ``attribution_scores`` has it. Precision
is that of complete documents alone: in others, what is not annotated was never judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from quotestance.quote import Quote
from quotestance.training.annotated import Annotation, Document
from quotestance.training.attribution_scores import Matched, Pair, match
from quotestance.training.intervals import Array, Figure, bootstrap

SURE = 0.9  # the confidence from which on an answer counts as sure
_SHOWN = 70  # characters of the quoted words of a wrong answer
_NOT_SURE_AT_ALL = 0.0  # where what was missed stands among errors: after all that was answered


class Error(NamedTuple):
    """A wrong answer, with its document, what is wrong with it, and the words."""

    confidence: float
    document: str
    wrong: str
    words: str


@dataclass(frozen=True, slots=True)
class AttributionReport:
    """How well quotes agree with annotations; ``errors`` begin with the surest."""

    figures: dict[str, Figure]
    errors: tuple[Error, ...]


def evaluate_attribution(
    documents: Sequence[Document], found: Sequence[Sequence[Quote]]
) -> AttributionReport:
    """Compare the quotes found in documents with their annotations.

    Raises ``ValueError`` where no document has an annotated quotation.
    """
    if not any(document.annotations for document in documents):
        raise ValueError(
            f"none of the {len(documents)} documents has an annotated quotation; there is nothing"
            " to compare with"
        )
    rows = [
        _Row(document, match(document, quotes))
        for document, quotes in zip(documents, found, strict=True)
    ]
    errors = [error for row in rows for error in row.errors()]
    errors.sort(key=lambda error: -error.confidence)
    return AttributionReport(
        bootstrap(lambda drawn: _figures(rows, drawn), len(rows)), tuple(errors)
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One document with what was found in it."""

    document: Document
    matched: Matched

    def errors(self) -> list[Error]:
        wrong = [self._wrong(pair) for pair in self.matched.pairs if not pair.named]
        return wrong + self._beside()

    def _wrong(self, pair: Pair) -> Error:
        """A stretch that was missed, or whose name is wrong."""
        asked = _name_of(pair.annotation)
        (start, end), *_ = pair.annotation.parts
        words = self.document.text[start:end]
        if pair.quote is None:
            return Error(_NOT_SURE_AT_ALL, self.document.id, f"{asked}: not found", words)
        speaker = pair.quote.speaker
        said = speaker.name if speaker else "nobody"
        wrong = f"{asked}: given as {said}"
        return Error(pair.quote.confidence, self.document.id, wrong, pair.quote.text)

    def _beside(self) -> list[Error]:
        """What was taken for speech and is not."""
        return [
            Error(quote.confidence, self.document.id, "not a quotation", quote.text)
            for quote in self.matched.beside
        ]


def _name_of(annotation: Annotation) -> str:
    return annotation.names[0] if annotation.names else "nobody"


# ---------- figures
def _figures(rows: Sequence[_Row], drawn: Array) -> dict[str, float]:
    chosen = [rows[number] for number in drawn]
    return {
        **_of_pairs([pair for row in chosen for pair in row.matched.pairs]),
        **_of_answers([answer for row in chosen for answer in row.matched.judged]),
        "precision": _precision([row.matched for row in chosen if row.document.complete]),
    }


def _of_pairs(pairs: Sequence[Pair]) -> dict[str, float]:
    found = list(filter(_is_found, pairs))
    return {
        "found": _ratio(len(found), len(pairs)),
        "mention": _share([pair for pair in found if pair.annotation.mentions], _mentioned),
        "full name": _share(pairs, _named),
        "full name given found": _share(found, _named),
    }


def _of_answers(judged: Sequence[tuple[float, bool]]) -> dict[str, float]:
    sure = [right for confidence, right in judged if confidence >= SURE]
    return {
        "sure": _ratio(len(sure), len(judged)),
        "right where sure": _ratio(sum(sure), len(sure)),
    }


_named, _mentioned = attrgetter("named"), attrgetter("mentioned")


def _is_found(pair: Pair) -> bool:
    return pair.quote is not None


def _precision(complete: Sequence[Matched]) -> float:
    found = sum(_is_found(pair) for matched in complete for pair in matched.pairs)
    return _ratio(found, sum(matched.predicted for matched in complete))


def _share(pairs: Sequence[Pair], right: Callable[[Pair], bool]) -> float:
    return _ratio(sum(map(right, pairs)), len(pairs))


def _ratio(count: int, total: int) -> float:
    """Their quotient; ``nan`` of nothing."""
    return count / total if total else float("nan")


_MEANINGS = {
    "found": "of the annotated quotations, those found",
    "precision": "of the quotations found in complete documents, those annotated",
    "mention": "of those found, the right words that name the source",
    "full name": "of all annotated, the full name right",
    "full name given found": "of those found, the full name right",
    "sure": f"of all answers, those with a confidence of {SURE} or more",
    "right where sure": "of these, speech with the full name right",
}


def as_text(report: AttributionReport, worst: int = 10) -> str:
    """The report as plain text: figures with 95 % intervals, and the worst errors."""
    lines = [_line(name, report.figures[name]) for name in _MEANINGS]
    if worst and report.errors:
        lines += ["", "worst errors (confidence, document, what is wrong, words)"]
        lines += [_told(error) for error in report.errors[:worst]]
    return "\n".join(lines)


def _line(name: str, figure: Figure) -> str:
    if figure.value != figure.value:  # nan
        return f"{name:22}     -                   {_MEANINGS[name]}: there are none"
    interval = f"[{100 * figure.low:5.1f}, {100 * figure.high:5.1f}]"
    return f"{name:22}{100 * figure.value:6.1f}  {interval}    {_MEANINGS[name]}"


def _told(error: Error) -> str:
    words = " ".join(error.words.split())
    return f"{error.confidence:.2f}  {error.document}  {error.wrong}  “{words[:_SHOWN]}”"
