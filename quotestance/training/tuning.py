"""Fine-tuning of attribution: every learned step moved by a user's own annotated documents, and
held near what a model knew."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from quotestance.attribution_model import AttributionModel
from quotestance.linear import LinearModel
from quotestance.training.annotated import Document, documents_of
from quotestance.training.attribution import (
    CONFIDENCE_C,
    Judged,
    cross_fitted,
    fingerprint,
    fit_steps,
    held_out,
)
from quotestance.training.decisions import Start, prepare
from quotestance.training.fitting import fit_logistic

if TYPE_CHECKING:
    from spacy.language import Language

# Complete documents that confidence is calibrated on. Thirty articles hold about 150 quotations,
# which tell a share of nine in ten within five points (95 %); what fewer tell is less than what the
# bundled confidence knows from hundreds.
FEWEST_COMPLETE = 30


def fine_tuned_on(
    model: AttributionModel,
    documents: Iterable[Mapping[str, Any]],
    *,
    weight: float = 1.0,
    nlp: Language | None = None,
) -> AttributionModel:
    """The same as ``fine_tuned`` for documents as mappings."""
    return fine_tuned(model, list(documents_of(documents)), weight=weight, nlp=nlp)


def fine_tuned(
    model: AttributionModel,
    documents: Sequence[Document],
    *,
    weight: float = 1.0,
    nlp: Language | None = None,
) -> AttributionModel:
    """What a model becomes by annotated documents: weights near its own, new features beside them.

    ``weight`` says how much the documents count against what the model knew. Confidence stays as it
    was where fewer than ``FEWEST_COMPLETE`` documents are complete. The same documents give the
    same weights. ``ValueError`` where there is nothing to learn from, or for a weight that is not
    above 0.
    """
    _check(documents, weight)
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):  # how sums are split would show in the last digits
        return _tuned(Start(model, weight), model, documents, nlp)


def _check(documents: Sequence[Document], weight: float) -> None:
    if not any(document.annotations for document in documents):
        raise ValueError(
            f"none of the {len(documents)} documents has an annotated quotation; give some that do"
        )
    if isinstance(weight, bool) or not 0 < weight < math.inf:
        raise ValueError(f"weight is {weight!r}; give a number above 0")


def _tuned(
    start: Start, model: AttributionModel, documents: Sequence[Document], nlp: Language | None
) -> AttributionModel:
    prepared = prepare(documents, model.first_names, nlp, start)
    steps = fit_steps(prepared, model.first_names, start)
    facts: dict[str, Any] = {
        "documents": len(documents),
        "complete": sum(document.complete for document in documents),
        "sha256": fingerprint(documents),
        "weight": start.weight,
    }
    trust = model.confidence
    if facts["complete"] >= FEWEST_COMPLETE:
        rows = cross_fitted(prepared, model.first_names, start)
        trust = _calibrated(start, rows)
        facts["held_out"] = held_out(rows, trust)
    earlier = model.facts.get("fine_tuned_on", [])
    return replace(
        steps,
        confidence=trust,
        facts={**model.facts, "fine_tuned_on": [*earlier, facts]},
        pull={**model.pull, **steps.pull},
    )


def _calibrated(start: Start, rows: Sequence[Judged]) -> LinearModel:
    """Confidence moved by answers about documents that were held out in turn."""
    features, right, weights = map(list, zip(*rows, strict=True))
    strength, known = CONFIDENCE_C * start.weight, start.known("confidence")
    return LinearModel(fit_logistic(features, right, weights, strength, known))
