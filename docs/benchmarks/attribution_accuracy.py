"""The tables of attribution in docs/accuracy.md: what each step gives, and the errors that are
left, on annotated documents.

Run from the root of a checkout: python docs/benchmarks/attribution_accuracy.py
../shared/eval/gold/articles_dev.jsonl
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from quotestance.attribution_model import AttributionModel
from quotestance.linear import LinearModel
from quotestance.pipeline import attribute_batch
from quotestance.quote import Quote, Speaker
from quotestance.training.annotated import Document, read_documents
from quotestance.training.attribution_scores import Matched, match, score

NEVER = -99.0
SURE = 0.9  # a confidence
SHOWN = (
    "F1",
    "mention given found",
    "full name given found",
    "full name end to end",
    "calibration error",
)


def without_identity(quote: Quote) -> Quote:
    """The quote with the words of its mention for a name."""
    return replace(quote, speaker=Speaker(quote.mention.text, "unnamed") if quote.mention else None)


def variants(model: AttributionModel) -> dict[str, tuple[AttributionModel, bool]]:
    """Name -> (model, with identity): each adds one step to the one before."""
    rules = LinearModel(
        {f"rule={source}": 10.0 for source in ("cue", "label", "signature", "nobody")}
        | {"previous": NEVER}
    )
    alone = LinearModel({**model.ranker.weights, "previous": NEVER})
    return {
        "rules only": (replace(model, ranker=rules), False),
        "+ ranker": (replace(model, ranker=alone), False),
        "+ continuation": (model, False),
        "+ identity": (model, True),
    }


def matched_by(documents: list[Document], model: AttributionModel, identity: bool) -> list[Matched]:
    """The documents matched with the quotes that a model finds in them."""
    found = attribute_batch([document.text for document in documents], stance=False, model=model)
    return [
        match(document, quotes if identity else [without_identity(quote) for quote in quotes])
        for document, quotes in zip(documents, found, strict=True)
    ]


def errors(matched: list[Matched]) -> Counter[str]:
    """How many stretches went wrong, by what went wrong."""
    counts: Counter[str] = Counter()
    for pair in (pair for found in matched for pair in found.pairs if not pair.named):
        if pair.quote is None:
            counts[f"not found ({pair.annotation.kind})"] += 1
        elif pair.annotation.mentions and not pair.mentioned:
            counts[f"another mention chosen ({pair.annotation.kind})"] += 1
        else:
            how = (pair.quote.evidence or "").split("; ")[1:2]
            counts[f"mention right, name wrong: {' '.join(how)}"] += 1
    return counts


def step_lines(documents: list[Document], model: AttributionModel) -> Iterator[str]:
    """A row for each step, and the errors that the last one leaves."""
    yield f"\n| step | {' | '.join(SHOWN)} |\n|---{'|---' * len(SHOWN)}|"
    matched: list[Matched] = []
    for name, (variant, identity) in variants(model).items():
        matched = matched_by(documents, variant, identity)
        scores = score(matched)
        yield f"| {name} | {' | '.join(shown(*scores[column]) for column in SHOWN)} |"
    yield "\n| error left | count |\n|---|---|"
    yield from (f"| {what} | {count} |" for what, count in errors(matched).most_common())
    yield f"\n{confidence_line(matched)}"


def shown(value: float, low: float, high: float) -> str:
    """A figure with its interval, in percent."""
    return f"{100 * value:.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def confidence_line(matched: list[Matched]) -> str:
    """How many names confidence is sure of, and how many of those are right."""
    judged = [answer for found in matched for answer in found.judged]
    sure = [right for confidence, right in judged if confidence >= SURE]
    return (
        f"confidence of {SURE} and above: {len(sure) / len(judged):.1%} of those found,"
        f" {sum(sure) / max(len(sure), 1):.1%} of them right"
    )


def main(paths: list[str]) -> None:
    """Print the tables for each file."""
    model = AttributionModel.load()
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            documents = list(read_documents(lines, path))
        print(f"\n{Path(path).name}: {len(documents)} documents")
        for line in step_lines(documents, model):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
