"""Training of attribution: from annotated documents to an ``AttributionModel``.

Each learned step is a linear model of scikit-learn; confidence is fitted by cross-fitting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

from quotestance import __version__
from quotestance.attribution.kinds import KINDS, KindModel, kind_features
from quotestance.attribution.sources import attribute, decide
from quotestance.attribution_model import AttributionModel
from quotestance.linear import Features, LinearModel
from quotestance.speakers.confidence import calibration_error, confidence, confidence_features
from quotestance.speakers.resolver import resolve_speakers
from quotestance.speakers.titles import Gender
from quotestance.training.annotated import Document
from quotestance.training.boundaries import BOUNDARY_C
from quotestance.training.decisions import ANTECEDENT_C, Prepared, fitted, prepare
from quotestance.training.fitting import fit_logistic, fit_multinomial
from quotestance.training.same_name import same_full_name

if TYPE_CHECKING:
    from spacy.language import Language

# Tuned on articles_dev and polnear_dev, that of confidence by cross-fitting on articles_train
# (docs/accuracy.md has the tables): the inverse strength of regularisation of each step, and how
# much a document counts for kinds, complete or with stretches that were never judged.
_RANKER_C, _KIND_C, _CONFIDENCE_C = 0.2, 0.2, 0.15
_KIND_COMPLETE, _KIND_PARTIAL = 3.0, 0.3
_FOLDS = 5


class Judged(NamedTuple):
    """A held-out answer: what confidence reads, whether it is right, and how much it counts."""

    features: Features
    right: bool
    weight: float


def train_attribution(
    documents: Iterable[Document],
    first_names: Mapping[str, Gender],
    *,
    nlp: Language | None = None,
) -> AttributionModel:
    """Train every learned step of attribution on annotated documents.

    The same documents give the same weights. Confidence is fitted on complete documents by
    cross-fitting, so at least ten of those are needed: ``ValueError`` otherwise.
    """
    documents = list(documents)
    complete = sum(document.complete for document in documents)
    if complete < 2 * _FOLDS:
        raise ValueError(
            f"confidence needs {2 * _FOLDS} complete documents (with not_quotes), {complete}"
            " were given; annotate more, or add not_quotes"
        )
    prepared = prepare(documents, first_names, nlp)
    rows = _cross_fitted(prepared, first_names)
    features, right, weights = map(list, zip(*rows, strict=True))
    trust = LinearModel(fit_logistic(features, right, weights, _CONFIDENCE_C))
    facts = {
        "trained_on": {
            "documents": len(documents),
            "complete": complete,
            "sha256": _fingerprint(documents),
        },
        "held_out": _held_out(rows, trust),
        "versions": {
            "quotestance": __version__,
            "scikit-learn": version("scikit-learn"),
            "spacy": version("spacy"),
        },
    }
    return replace(_fit(prepared, first_names), confidence=trust, facts=facts)


def _cross_fitted(prepared: Sequence[Prepared], first_names: Mapping[str, Gender]) -> list[Judged]:
    """What confidence reads, and whether the name is right, for complete documents held out."""
    complete = [item for item in prepared if item.annotated.complete]
    rows: list[Judged] = []
    for fold in range(_FOLDS):
        held = complete[fold::_FOLDS]
        model = _fit(_without(prepared, held), first_names)
        rows += [
            Judged(features, right, item.annotated.weight)
            for item in held
            for features, right in judged(item, model)
        ]
    return rows


def _without(prepared: Sequence[Prepared], held: Sequence[Prepared]) -> list[Prepared]:
    held_out = set(map(id, held))
    return [item for item in prepared if id(item) not in held_out]


def _held_out(rows: Sequence[Judged], trust: LinearModel) -> dict[str, Any]:
    """How often held-out answers were right, and how honest confidence is about it."""
    answers = [(confidence(row.features, trust), row.right) for row in rows]
    weights = [row.weight for row in rows]
    right = sum(row.weight for row in rows if row.right)
    return {
        "quotations": len(rows),
        "name_right": round(right / sum(weights), 4),
        "calibration_error": round(calibration_error(answers, weights=weights), 4),
    }


def _fingerprint(documents: Sequence[Document]) -> str:
    digest = hashlib.sha256()
    for document in documents:
        digest.update(hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).digest())
        digest.update(repr((document.annotations, document.weight)).encode())
    return digest.hexdigest()


# ---------- fitting
def _fit(prepared: Sequence[Prepared], first_names: Mapping[str, Gender]) -> AttributionModel:
    """Every learned step but confidence."""
    ranker = fitted([item.ranking for item in prepared], _RANKER_C)
    return AttributionModel(
        ranker,
        fitted([item.antecedents for item in prepared], ANTECEDENT_C),
        _fit_kinds(prepared, ranker),
        LinearModel({}),
        fitted([item.boundaries for item in prepared], BOUNDARY_C),
        first_names,
        {},
    )


def _fit_kinds(prepared: Sequence[Prepared], ranker: LinearModel) -> KindModel:
    features: list[Features] = []
    labels: list[int] = []
    weights: list[float] = []
    for item in prepared:
        chosen = [best for best, _ in decide(item.parsed, ranker)]
        rows = zip(item.parsed.quotations, item.parsed.governors, chosen, item.gold, strict=True)
        for quotation, governor, best, annotation in rows:
            source, facts = best.candidate.source, best.candidate.facts
            features.append(
                kind_features(
                    item.parsed.text, quotation, source, facts, best.probability, governor
                )
            )
            labels.append(KINDS.index(annotation.kind if annotation else "other"))
            share = _KIND_COMPLETE if item.annotated.complete else _KIND_PARTIAL
            weights.append(item.annotated.weight * share)
    return KindModel(fit_multinomial(features, labels, weights, _KIND_C))


def judged(item: Prepared, model: AttributionModel) -> list[tuple[Features, bool]]:
    """For every quotation of a document that the model takes for speech, what confidence reads and
    whether it is speech and the model's name is right."""
    attributions = attribute(item.parsed, model.ranker, model.kinds)
    resolutions = resolve_speakers(
        item.parsed, attributions, model.first_names, model.antecedents, model.boundaries
    )
    rows = []
    for attribution, found, annotation in zip(attributions, resolutions, item.gold, strict=True):
        if attribution.kind != "other" and (annotation is not None or item.annotated.complete):
            name = found.speaker.name if found.speaker else None
            right = annotation is not None and same_full_name(name, annotation.names)
            rows.append((confidence_features(attribution, found), right))
    return rows
