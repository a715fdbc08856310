"""Training of attribution: from annotated documents to an ``AttributionModel``.

Each learned step is a linear model of scikit-learn; confidence is fitted by cross-fitting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from quotestance.training.annotated import Annotation, Document
from quotestance.training.decisions import NOTHING, Prepared, Pull, Start, prepare
from quotestance.training.fitting import (
    fit_logistic,
    fit_multinomial,
    move_multinomial,
    pull_of_classes,
)
from quotestance.training.same_name import same_full_name

if TYPE_CHECKING:
    from spacy.language import Language

# Tuned on articles_dev and polnear_dev, that of confidence by cross-fitting on articles_train
# (docs/accuracy.md has the tables): the inverse strength of regularisation of each step, and how
# much a document counts for kinds, complete or with stretches that were never judged.
_KIND_C, CONFIDENCE_C = 0.2, 0.15
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
    rows = cross_fitted(prepared, first_names)
    features, right, weights = map(list, zip(*rows, strict=True))
    trust = LinearModel(fit_logistic(features, right, weights, CONFIDENCE_C))
    steps = fit_steps(prepared, first_names)
    sure = [[confidence(row.features, trust)] for row in rows]
    pull = {**steps.pull, "confidence": pull_of_classes(features, sure, weights, CONFIDENCE_C)}
    facts = {
        "trained_on": {
            "documents": len(documents),
            "complete": complete,
            "sha256": fingerprint(documents),
        },
        "held_out": held_out(rows, trust),
        "versions": {
            "quotestance": __version__,
            "scikit-learn": version("scikit-learn"),
            "spacy": version("spacy"),
        },
    }
    return replace(steps, confidence=trust, facts=facts, pull=pull)


def cross_fitted(
    prepared: Sequence[Prepared], first_names: Mapping[str, Gender], start: Start = NOTHING
) -> list[Judged]:
    """What confidence reads, and whether the name is right, for complete documents held out."""
    complete = [item for item in prepared if item.annotated.complete]
    rows: list[Judged] = []
    for fold in range(_FOLDS):
        held = complete[fold::_FOLDS]
        model = fit_steps(_without(prepared, held), first_names, start)
        rows += [
            Judged(features, right, item.annotated.weight)
            for item in held
            for features, right in judged(item, model)
        ]
    return rows


def _without(prepared: Sequence[Prepared], held: Sequence[Prepared]) -> list[Prepared]:
    left_out = set(map(id, held))
    return [item for item in prepared if id(item) not in left_out]


def held_out(rows: Sequence[Judged], trust: LinearModel) -> dict[str, Any]:
    """How often held-out answers were right, and how honest confidence is about it."""
    answers = [(confidence(row.features, trust), row.right) for row in rows]
    weights = [row.weight for row in rows]
    right = sum(row.weight for row in rows if row.right)
    return {
        "quotations": len(rows),
        "name_right": round(right / sum(weights), 4),
        "calibration_error": round(calibration_error(answers, weights=weights), 4),
    }


def fingerprint(documents: Sequence[Document]) -> str:
    """What tells documents from others: a digest of texts and annotations."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).digest())
        digest.update(repr((document.annotations, document.weight)).encode())
    return digest.hexdigest()


# ---------- fitting
def fit_steps(
    prepared: Sequence[Prepared], first_names: Mapping[str, Gender], start: Start = NOTHING
) -> AttributionModel:
    """Every learned step but confidence."""
    decisions = {
        "ranker": [item.ranking for item in prepared],
        "antecedents": [item.antecedents for item in prepared],
        "boundaries": [item.boundaries for item in prepared],
    }
    steps = {step: start.fitted(step, groups) for step, groups in decisions.items()}
    pull = {step: start.pull(step, groups, steps[step]) for step, groups in decisions.items()}
    lessons = [lesson for item in prepared for lesson in _lessons(item, steps["ranker"])]
    kinds = _fit_kinds(lessons, start)
    return AttributionModel(
        steps["ranker"],
        steps["antecedents"],
        kinds,
        LinearModel({}),
        steps["boundaries"],
        first_names,
        {},
        {**pull, "kinds": _pull_of_kinds(lessons, kinds, start)},
    )


class _Lesson(NamedTuple):
    """A quotation as the kinds learn it; no annotation where it was not judged to be speech."""

    features: Features
    annotation: Annotation | None
    complete: bool
    weight: float

    @property
    def label(self) -> int:
        return KINDS.index(self.annotation.kind if self.annotation else "other")

    def target(self, known: KindModel) -> Sequence[float]:
        """The probabilities to learn: what nobody judged stays what the known model says."""
        if self.annotation is None and not self.complete:
            return known.probabilities(self.features)
        return [float(kind == self.label) for kind in range(len(KINDS))]


def _pull_of_kinds(lessons: Sequence[_Lesson], kinds: KindModel, start: Start) -> Pull:
    features = [lesson.features for lesson in lessons]
    chances = [kinds.probabilities(found) for found in features]
    weights = [lesson.weight for lesson in lessons]
    return start.grown("kinds", pull_of_classes(features, chances, weights, _KIND_C * start.weight))


def _fit_kinds(lessons: Sequence[_Lesson], start: Start) -> KindModel:
    features = [lesson.features for lesson in lessons]
    weights = [lesson.weight for lesson in lessons]
    known = start.known("kinds")
    if known is None:
        labels = [lesson.label for lesson in lessons]
        return KindModel(fit_multinomial(features, labels, weights, _KIND_C))
    targets = [lesson.target(KindModel(known.weights)) for lesson in lessons]
    return KindModel(move_multinomial(features, targets, weights, _KIND_C * start.weight, known))


def _lessons(item: Prepared, ranker: LinearModel) -> Iterator[_Lesson]:
    chosen = [best for best, _ in decide(item.parsed, ranker)]
    share = _KIND_COMPLETE if item.annotated.complete else _KIND_PARTIAL
    weight = item.annotated.weight * share
    rows = zip(item.parsed.quotations, item.parsed.governors, chosen, item.gold, strict=True)
    for quotation, governor, best, annotation in rows:
        source, facts = best.candidate.source, best.candidate.facts
        features = kind_features(
            item.parsed.text, quotation, source, facts, best.probability, governor
        )
        yield _Lesson(features, annotation, item.annotated.complete, weight)


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
