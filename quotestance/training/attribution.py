"""Training of attribution: from annotated documents to an ``AttributionModel``.

Each learned step is a linear model of scikit-learn. The ranker and the antecedents learn from
pairs: the features of a right candidate less those of a wrong one (RankSVM's construction, Joachims
2002, with logistic loss).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from quotestance import __version__
from quotestance.attribution.kinds import KINDS, KindModel, kind_features
from quotestance.attribution.mentions import Mention, mention_of
from quotestance.attribution.parser import load_parser, parse
from quotestance.attribution.ranking import (
    Attribution,
    Candidate,
    ParsedContext,
    Ranker,
    attribute,
    candidates_of,
    parse_context,
    places_by_quotation,
)
from quotestance.attribution_model import AttributionModel
from quotestance.marks.contexts import find_contexts
from quotestance.marks.paragraphs import Bounds
from quotestance.marks.quotations import Quotation, find_quotations
from quotestance.pipeline import attribute_kinds, subjects, tellers
from quotestance.speakers.antecedents import AntecedentRanker
from quotestance.speakers.confidence import calibration_error, confidence, confidence_features
from quotestance.speakers.names import Gender
from quotestance.speakers.resolver import SpeakerResolver
from quotestance.training.annotated import Annotation, Document, align, same_name

if TYPE_CHECKING:
    from spacy.language import Language

Features = dict[str, float]
# Tuned on articles_dev and polnear_dev, that of confidence by cross-fitting on articles_train
# (docs/accuracy.md has the tables): the inverse strength of regularisation of each step, and how
# much more a complete document counts than one whose other marked stretches were never judged.
_RANKER_C, _ANTECEDENT_C, _KIND_C, _CONFIDENCE_C = 0.2, 0.2, 0.2, 0.15
_RANKER_COMPLETE, _ANTECEDENT_COMPLETE, _KIND_COMPLETE, _KIND_PARTIAL = 2.0, 3.0, 3.0, 0.3
_FOLDS = 5
_CHAIN_ROUNDS = 2  # a chain of pronouns is resolved with the weights that the round before learned


@dataclass(frozen=True, slots=True)
class Group:
    """The candidates of one decision, and which of them are right."""

    features: list[Features]
    right: list[bool]
    weight: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document read and parsed, with the decisions that can be learned from it."""

    document: Document
    quotations: list[Quotation]
    parsed: list[ParsedContext]
    gold: list[Annotation | None]
    ranking: list[Group]
    antecedents: list[Group]


def train_attribution(
    documents: Iterable[Document], first_names: Mapping[str, Gender], *, nlp: Language | None = None
) -> AttributionModel:
    """Train every learned step of attribution on annotated documents; the same documents give the
    same weights.

    Confidence is fitted on complete documents by cross-fitting, so at least ten of those are
    needed: ``ValueError`` otherwise.
    """
    documents = list(documents)
    prepared = prepare(documents, first_names, nlp or load_parser())
    complete = [item for item in prepared if item.document.complete]
    if len(complete) < 2 * _FOLDS:
        raise ValueError(
            f"confidence needs {2 * _FOLDS} complete documents (with not_quotes), {len(complete)}"
            " were given; annotate more, or add not_quotes"
        )
    draft = _fit(prepared, first_names, {})
    rows: list[tuple[Features, bool]] = []
    for fold in range(_FOLDS):
        held = complete[fold::_FOLDS]
        chosen = {id(item) for item in held}
        model = _fit([item for item in prepared if id(item) not in chosen], first_names, {})
        rows += [row for item in held for row in judged(item, model)]
    weights = _logistic(
        [features for features, _ in rows], [right for _, right in rows], None, _CONFIDENCE_C
    )
    facts = {
        "trained_on": {
            "documents": len(documents),
            "complete": len(complete),
            "sha256": _fingerprint(documents),
        },
        "held_out": {
            "quotations": len(rows),
            "name_right": round(sum(right for _, right in rows) / len(rows), 4),
            "calibration_error": round(
                calibration_error(
                    [(confidence(features, weights), right) for features, right in rows]
                ),
                4,
            ),
        },
        "versions": {
            "quotestance": __version__,
            "scikit-learn": version("scikit-learn"),
            "spacy": version("spacy"),
        },
    }
    return AttributionModel(
        draft.ranker, draft.antecedents, draft.kinds, weights, first_names, facts
    )


def _fingerprint(documents: Sequence[Document]) -> str:
    digest = hashlib.sha256()
    for document in documents:
        digest.update(hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).digest())
        digest.update(repr(document.annotations).encode())
    return digest.hexdigest()


# ---------- decisions to learn from
def prepare(
    documents: Sequence[Document], first_names: Mapping[str, Gender], nlp: Language
) -> list[Prepared]:
    """Parse the documents and collect their decisions."""
    quotations = [find_quotations(document.text) for document in documents]
    contexts = [
        find_contexts(document.text, found)
        for document, found in zip(documents, quotations, strict=True)
    ]
    docs = parse((context.text for found in contexts for context in found), nlp)
    prepared = []
    for document, quoted, found in zip(documents, quotations, contexts, strict=True):
        parsed = [parse_context(context, next(docs)) for context in found]
        gold = align(quoted, document.annotations)
        prepared.append(
            Prepared(
                document, quoted, parsed, gold, _ranking_groups(document, quoted, parsed, gold), []
            )
        )
    ranker = AntecedentRanker({})
    for _ in range(_CHAIN_ROUNDS):
        prepared = [
            replace(
                item,
                antecedents=_antecedent_groups(
                    item.document, item.quotations, item.parsed, item.gold, first_names, ranker
                ),
            )
            for item in prepared
        ]
        ranker = AntecedentRanker(
            _pairwise([group for item in prepared for group in item.antecedents], _ANTECEDENT_C)
        )
    return prepared


def _ranking_groups(
    document: Document,
    quotations: Sequence[Quotation],
    parsed: Sequence[ParsedContext],
    gold: Sequence[Annotation | None],
) -> list[Group]:
    """One decision a quotation: the candidates, right where their mention is the annotated one."""
    places = places_by_quotation(parsed, len(quotations))
    weight = _RANKER_COMPLETE if document.complete else 1.0
    previous: Mention | None = None
    before: Annotation | None = None
    last = 0
    groups = []
    for index, (quotation, annotation) in enumerate(zip(quotations, gold, strict=True)):
        if annotation is None:
            continue
        candidates = candidates_of(
            document.text, quotation, places[index], previous, document.text[last : quotation.start]
        )
        same = before is not None and _same_source(annotation, before)
        groups.append(
            Group(
                [candidate.features for candidate in candidates],
                [_is_right(document.text, candidate, annotation, same) for candidate in candidates],
                weight,
            )
        )
        previous = (
            mention_of(document.text, *annotation.mentions[0]) if annotation.mentions else previous
        )
        before, last = annotation, quotation.end
    return groups


def _same_source(left: Annotation, right: Annotation) -> bool:
    return bool(
        (left.names and left.names[:1] == right.names[:1])
        or (left.mentions and left.mentions == right.mentions)
    )


def _is_right(text: str, candidate: Candidate, annotation: Annotation, same: bool) -> bool:
    if candidate.source == "previous":
        return same
    if candidate.mention is None:
        return not annotation.mentions and not same
    return any(
        _same_mention(text, (candidate.mention.start, candidate.mention.end), mention)
        for mention in annotation.mentions
    )


def _same_mention(text: str, ours: Bounds, theirs: Bounds) -> bool:
    """Whether two mentions share their heads (each head inside the other mention)."""
    our_head, their_head = _head(text, *ours), _head(text, *theirs)
    return our_head == their_head or (
        ours[0] <= their_head[0]
        and their_head[1] <= ours[1]
        and theirs[0] <= our_head[0]
        and our_head[1] <= theirs[1]
    )


def _head(text: str, start: int, end: int) -> Bounds:
    """The last word of a mention before its first comma, preposition or relative pronoun."""
    words = text[start:end]
    cut = re.search(
        r",|;|\(|:|\s(?:of|for|in|from|with|at|on|to|who|whom|whose|which|that|and|or|by|about|as|said|says)\s",
        words,
    )
    found = list(
        re.finditer(r"\w+(?:['’.-]\w+)*", words[: cut.start()] if cut and cut.start() else words)
    )
    return (start + found[-1].start(), start + found[-1].end()) if found else (start, end)


def _antecedent_groups(
    document: Document,
    quotations: Sequence[Quotation],
    parsed: Sequence[ParsedContext],
    gold: Sequence[Annotation | None],
    first_names: Mapping[str, Gender],
    ranker: AntecedentRanker,
) -> list[Group]:
    """One decision a pronoun whose speaker's name is known: the entities before it.

    ``ranker`` resolves the pronouns in between.
    """
    resolver = _resolver(document.text, quotations, parsed, first_names, ranker)
    groups = []
    for annotation in gold:
        if annotation is None or not annotation.names or not annotation.mentions:
            continue
        mention = mention_of(document.text, *annotation.mentions[0])
        if mention.type != "pronoun":
            resolver.resolve(mention)
            continue
        resolver.catch_up(mention.start)
        antecedents = resolver.antecedents(
            mention, document.text[mention.start : mention.end].lower()
        )
        right = [
            any(
                same_name(resolver.index.entities[antecedent.entity].name, [name])
                for name in annotation.names
            )
            for antecedent in antecedents
        ]
        groups.append(
            Group(
                [antecedent.features for antecedent in antecedents],
                right,
                _ANTECEDENT_COMPLETE if document.complete else 1.0,
            )
        )
        resolver.note(
            mention.start,
            next(
                (
                    antecedent.entity
                    for antecedent, ok in zip(antecedents, right, strict=True)
                    if ok
                ),
                None,
            ),
        )
    return groups


def _resolver(
    text: str,
    quotations: Sequence[Quotation],
    parsed: Sequence[ParsedContext],
    first_names: Mapping[str, Gender],
    ranker: AntecedentRanker,
) -> SpeakerResolver:
    quoted = [(part.start, part.end) for quotation in quotations for part in quotation.parts]
    return SpeakerResolver(text, quoted, first_names, ranker, tellers(parsed), subjects(parsed))


# ---------- fitting
def _fit(
    prepared: Sequence[Prepared], first_names: Mapping[str, Gender], confidence: Mapping[str, float]
) -> AttributionModel:
    ranker = Ranker(_pairwise([group for item in prepared for group in item.ranking], _RANKER_C))
    antecedents = AntecedentRanker(
        _pairwise([group for item in prepared for group in item.antecedents], _ANTECEDENT_C)
    )
    return AttributionModel(
        ranker, antecedents, _fit_kinds(prepared, ranker), confidence, first_names, {}
    )


def _fit_kinds(prepared: Sequence[Prepared], ranker: Ranker) -> KindModel:
    features: list[Features] = []
    labels: list[int] = []
    weights: list[float] = []
    for item in prepared:
        for quotation, best, annotation in zip(
            item.quotations, _ranked(item, ranker), item.gold, strict=True
        ):
            features.append(
                kind_features(
                    item.document.text,
                    quotation,
                    best.candidate.source,
                    best.candidate.features,
                    best.probability,
                )
            )
            labels.append(KINDS.index(annotation.kind) if annotation else KINDS.index("other"))
            weights.append(_KIND_COMPLETE if item.document.complete else _KIND_PARTIAL)
    return KindModel(_multinomial(features, labels, weights, _KIND_C))


def _ranked(item: Prepared, ranker: Ranker) -> list[Attribution]:
    """What the ranker chooses for each quotation of a document, all taken for speech."""
    chosen: list[Attribution] = []

    def note(quotation: Quotation, best: Attribution) -> bool:
        chosen.append(best)
        return True

    attribute(item.document.text, item.quotations, item.parsed, ranker, note)
    return chosen


def judged(item: Prepared, model: AttributionModel) -> list[tuple[Features, bool]]:
    """For every annotated quotation of a document, what confidence reads and whether the model's
    name is right."""
    text = item.document.text
    attributions, decided = attribute_kinds(text, item.quotations, item.parsed, model)
    resolver = _resolver(text, item.quotations, item.parsed, model.first_names, model.antecedents)
    rows = []
    for attribution, annotation, kind in zip(attributions, item.gold, decided, strict=True):
        if kind == "other":
            continue
        mention = attribution.candidate.mention
        found = resolver.resolve(mention)
        sort = mention.type if mention else "none"
        features = confidence_features(
            attribution.candidate.source,
            found.how,
            attribution.probability,
            found.probability,
            kind,
            sort,
            found.speaker,
        )
        if annotation is not None:
            rows.append(
                (
                    features,
                    same_name(found.speaker.name if found.speaker else None, annotation.names),
                )
            )
    return rows


def _matrix(features: Sequence[Features]) -> tuple[Any, list[str]]:
    """Features as a sparse matrix of shape (rows, names), and the names."""
    from sklearn.feature_extraction import DictVectorizer

    vectorizer = DictVectorizer(sparse=True)
    matrix = _narrow(vectorizer.fit_transform(features).tocsr())
    return matrix, list(vectorizer.feature_names_)


def _narrow(matrix: Any) -> Any:
    """The matrix with 32-bit indices, the only ones that scikit-learn's solvers take."""
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    return matrix


def _pairwise(groups: Sequence[Group], strength: float) -> dict[str, float]:
    """Weights that put the right candidates of each group above the wrong ones."""
    import numpy as np
    import scipy.sparse
    from sklearn.linear_model import LogisticRegression

    used = [group for group in groups if any(group.right) and not all(group.right)]
    if not used:
        return {}
    matrix, names = _matrix([features for group in used for features in group.features])
    better, worse, weights, start = [], [], [], 0
    for group in used:
        right = [start + number for number, ok in enumerate(group.right) if ok][:2]
        wrong = [start + number for number, ok in enumerate(group.right) if not ok]
        better += [number for _ in wrong for number in right]
        worse += [number for number in wrong for _ in right]
        weights += [group.weight / len(wrong) ** 0.5 / len(right)] * (len(wrong) * len(right))
        start += len(group.features)
    difference = matrix[better] - matrix[worse]
    both = _narrow(scipy.sparse.vstack([difference, -difference]).tocsr())
    labels = np.repeat([1, 0], len(better))
    fitted = LogisticRegression(
        C=strength, fit_intercept=False, solver="liblinear", max_iter=1000, random_state=0
    ).fit(both, labels, sample_weight=weights + weights)
    return dict(zip(names, fitted.coef_[0].tolist(), strict=True))


def _multinomial(
    features: Sequence[Features], labels: Sequence[int], weights: Sequence[float], strength: float
) -> dict[str, tuple[float, ...]]:
    from sklearn.linear_model import LogisticRegression

    matrix, names = _matrix(features)
    fitted = LogisticRegression(C=strength, fit_intercept=False, max_iter=500).fit(
        matrix, labels, sample_weight=weights
    )
    table: dict[str, tuple[float, ...]] = {}
    for column, name in enumerate(names):
        scores = dict(zip(fitted.classes_.tolist(), fitted.coef_[:, column].tolist(), strict=True))
        table[name] = tuple(scores.get(kind, -9.0) for kind in range(len(KINDS)))
    return table


def _logistic(
    features: Sequence[Features],
    labels: Sequence[bool],
    weights: Sequence[float] | None,
    strength: float,
) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression

    matrix, names = _matrix(features)
    fitted = LogisticRegression(
        C=strength, fit_intercept=False, solver="liblinear", random_state=0
    ).fit(matrix, labels, sample_weight=weights)
    return dict(zip(names, fitted.coef_[0].tolist(), strict=True))
