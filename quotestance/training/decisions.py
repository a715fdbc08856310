"""Decisions to learn from: the candidates of sources and of pronouns, and which are right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress
from typing import TYPE_CHECKING, NamedTuple

from quotestance.attribution.candidates import Candidate, candidates_of
from quotestance.attribution.document import ParsedDocument, parse_documents
from quotestance.attribution.mentions import Mention, mention_of
from quotestance.attribution_model import AttributionModel
from quotestance.linear import LinearModel
from quotestance.marks.paragraphs import Bounds
from quotestance.speakers.resolver import SpeakerResolver
from quotestance.speakers.titles import Gender
from quotestance.training.annotated import Annotation, Document, align
from quotestance.training.boundaries import BOUNDARY_C, boundary_groups
from quotestance.training.fitting import Group, Known, fit_pairwise, pull_pairwise
from quotestance.training.same_name import same_last_name

if TYPE_CHECKING:
    from spacy.language import Language

# Tuned on articles_dev and polnear_dev (docs/accuracy.md has the tables): the inverse strength of
# regularisation of each step, and how much more a complete document counts than one whose other
# marked stretches were never judged.
_STRENGTHS = {"ranker": 0.2, "antecedents": 0.2, "boundaries": BOUNDARY_C}
_RANKER_COMPLETE, _ANTECEDENT_COMPLETE = 2.0, 3.0
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_HEAD_END = re.compile(
    r",|;|\(|:|\s(?:of|for|in|from|with|at|on|to|who|whom|whose|which|that|and|or|by|about|as|said|says)\s"
)
_CHAIN_ROUNDS = 2  # a chain of pronouns is resolved with the weights that the round before learned


@dataclass(frozen=True, slots=True)
class Prepared:
    """An annotated document, parsed, with the decisions that can be learned from it."""

    annotated: Document
    parsed: ParsedDocument
    gold: list[Annotation | None]
    ranking: list[Group]
    boundaries: list[Group]
    antecedents: list[Group]


Pull = Mapping[str, float]


class Start(NamedTuple):
    """What steps are learned from: nothing, or a model that they stay near.

    ``weight`` says how much decisions count against what the model knew.
    """

    model: AttributionModel | None = None
    weight: float = 1.0

    def fitted(self, step: str, groups: Iterable[Sequence[Group]]) -> LinearModel:
        """What the decisions of all documents teach a step that ranks."""
        strength = _STRENGTHS[step] * self.weight
        decisions = list(chain.from_iterable(groups))
        return LinearModel(fit_pairwise(decisions, strength, self.known(step)))

    def pull(self, step: str, groups: Iterable[Sequence[Group]], model: LinearModel) -> Pull:
        """How well the weights of a step that ranks are known after these decisions."""
        strength = _STRENGTHS[step] * self.weight
        return self.grown(step, pull_pairwise(list(chain.from_iterable(groups)), model, strength))

    def grown(self, step: str, pull: Pull) -> Pull:
        """The pull that new decisions are worth on top of what the model had."""
        known = self.known(step)
        before: Pull = known.pull if known else {}
        return {**before, **{name: before.get(name, 1.0) + more - 1 for name, more in pull.items()}}

    def known(self, step: str) -> Known | None:
        """What the model knows of a step, and how well."""
        if self.model is None:
            return None
        return Known(getattr(self.model, step).weights, self.model.pull.get(step, {}))


NOTHING = Start()


def prepare(
    documents: Sequence[Document],
    first_names: Mapping[str, Gender],
    nlp: Language | None,
    start: Start = NOTHING,
) -> list[Prepared]:
    """Parse the documents and collect their decisions."""
    parsed = parse_documents([document.text for document in documents], nlp)
    prepared = [
        _prepare(annotated, document, first_names)
        for annotated, document in zip(documents, parsed, strict=True)
    ]
    starts = start.fitted("boundaries", [item.boundaries for item in prepared])
    ranker = start.model.antecedents if start.model else LinearModel({})
    for _ in range(_CHAIN_ROUNDS):
        prepared = [
            replace(item, antecedents=_antecedent_groups(item, first_names, ranker, starts))
            for item in prepared
        ]
        ranker = start.fitted("antecedents", [item.antecedents for item in prepared])
    return prepared


def _prepare(
    annotated: Document, parsed: ParsedDocument, first_names: Mapping[str, Gender]
) -> Prepared:
    """The decisions of a document that need no model: all but those about pronouns."""
    gold = align(parsed.quotations, annotated.annotations)
    ranking = _ranking_groups(annotated, parsed, gold)
    return Prepared(annotated, parsed, gold, ranking, boundary_groups(annotated, first_names), [])


def _ranking_groups(
    annotated: Document, document: ParsedDocument, gold: Sequence[Annotation | None]
) -> list[Group]:
    """One decision a quotation: the candidates, right where their mention is the annotated one."""
    text = document.text
    weight = _weight(annotated, _RANKER_COMPLETE)
    previous: Mention | None = None
    before: Annotation | None = None
    last = 0
    groups = []
    rows = zip(document.quotations, document.places, gold, strict=True)
    for quotation, places, annotation in rows:
        if annotation is None:
            continue
        gap = text[last : quotation.start]
        candidates = candidates_of(text, quotation, places, previous, gap)
        same = before is not None and _same_source(annotation, before)
        right = [_is_right(text, candidate, annotation, same) for candidate in candidates]
        groups.append(Group([candidate.features for candidate in candidates], right, weight))
        if annotation.mentions:
            previous = mention_of(text, *annotation.mentions[0])
        before, last = annotation, quotation.end
    return groups


def _weight(annotated: Document, complete: float) -> float:
    """How much a document counts, a complete one ``complete`` times as much."""
    return annotated.weight * complete if annotated.complete else annotated.weight


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
    return our_head == their_head or (_holds(ours, their_head) and _holds(theirs, our_head))


def _holds(outer: Bounds, inner: Bounds) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _head(text: str, start: int, end: int) -> Bounds:
    """The last word of a mention before its first comma, preposition or relative pronoun."""
    words = text[start:end]
    cut = _HEAD_END.search(words)
    found = list(_WORD.finditer(words[: cut.start()] if cut and cut.start() else words))
    return (start + found[-1].start(), start + found[-1].end()) if found else (start, end)


def _antecedent_groups(
    item: Prepared,
    first_names: Mapping[str, Gender],
    ranker: LinearModel,
    boundaries: LinearModel,
) -> list[Group]:
    """One decision a pronoun whose speaker's name is known: the entities before it.

    ``ranker`` resolves the pronouns in between.
    """
    weight = _weight(item.annotated, _ANTECEDENT_COMPLETE)
    resolver = SpeakerResolver.of(item.parsed, first_names, ranker, boundaries)
    groups = []
    for mention, names in _sources(item):
        group = _antecedent_group(resolver, mention, names, weight)
        if group is not None:
            groups.append(group)
    return groups


def _sources(item: Prepared) -> Iterator[tuple[Mention, Sequence[str]]]:
    """The mention and the names of each annotated source that has both, in order."""
    for found in item.gold:
        if found is not None and found.names and found.mentions:
            yield mention_of(item.parsed.text, *found.mentions[0]), found.names


def _antecedent_group(
    resolver: SpeakerResolver, mention: Mention, gold: Sequence[str], weight: float
) -> Group | None:
    """The decision about one pronoun or description; None for mentions that need none.

    The resolver remembers the right answer, as later decisions will find it.
    """
    resolver.catch_up(mention.start)
    text = resolver.text[mention.start : mention.end]
    sort = text.lower() if mention.type == "pronoun" else resolver.epithet(mention)
    if sort is None:
        resolver.resolve(mention)
        return None
    antecedents, features = resolver.coreference.choices(mention, sort)
    entities = [found.entity for found in antecedents]
    right = [same_last_name(resolver.index.entities[entity].name, gold) for entity in entities]
    chosen = next(compress(entities, right), None)
    resolver.discourse.note(mention.start, chosen)
    if len(features) > len(right):  # the last candidate is nobody
        right.append(chosen is None and not gold[0][:1].isupper())
    return Group(features, right, weight)
