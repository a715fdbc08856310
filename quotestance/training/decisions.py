"""Decisions to learn from: the candidates of sources and of pronouns, and which are right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress
from typing import TYPE_CHECKING

from quotestance.attribution.candidates import Candidate, candidates_of
from quotestance.attribution.document import ParsedDocument, parse_documents
from quotestance.attribution.mentions import Mention, mention_of
from quotestance.linear import LinearModel
from quotestance.marks.paragraphs import Bounds
from quotestance.speakers.resolver import SpeakerResolver
from quotestance.speakers.titles import Gender
from quotestance.training.annotated import Annotation, Document, align
from quotestance.training.boundaries import BOUNDARY_C, boundary_groups
from quotestance.training.fitting import Group, fit_pairwise
from quotestance.training.same_name import same_last_name

if TYPE_CHECKING:
    from spacy.language import Language

# Tuned on articles_dev and polnear_dev (docs/accuracy.md has the tables): the inverse strength of
# regularisation for pronouns, and how much more a complete document counts than one whose other
# marked stretches were never judged.
ANTECEDENT_C = 0.2
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


def prepare(
    documents: Sequence[Document], first_names: Mapping[str, Gender], nlp: Language | None
) -> list[Prepared]:
    """Parse the documents and collect their decisions."""
    parsed = parse_documents([document.text for document in documents], nlp)
    prepared = [
        _prepare(annotated, document, first_names)
        for annotated, document in zip(documents, parsed, strict=True)
    ]
    starts = fitted([item.boundaries for item in prepared], BOUNDARY_C)
    ranker = LinearModel({})
    for _ in range(_CHAIN_ROUNDS):
        prepared = [
            replace(item, antecedents=_antecedent_groups(item, first_names, ranker, starts))
            for item in prepared
        ]
        ranker = fitted([item.antecedents for item in prepared], ANTECEDENT_C)
    return prepared


def _prepare(
    annotated: Document, parsed: ParsedDocument, first_names: Mapping[str, Gender]
) -> Prepared:
    """The decisions of a document that need no model: all but those about pronouns."""
    gold = align(parsed.quotations, annotated.annotations)
    ranking = _ranking_groups(annotated, parsed, gold)
    return Prepared(annotated, parsed, gold, ranking, boundary_groups(annotated, first_names), [])


def fitted(groups: Sequence[Sequence[Group]], strength: float) -> LinearModel:
    """What the decisions of all documents teach; ``strength`` is inverse regularisation."""
    return LinearModel(fit_pairwise(list(chain.from_iterable(groups)), strength))


def _ranking_groups(
    annotated: Document, document: ParsedDocument, gold: Sequence[Annotation | None]
) -> list[Group]:
    """One decision a quotation: the candidates, right where their mention is the annotated one."""
    text = document.text
    weight = annotated.weight * (_RANKER_COMPLETE if annotated.complete else 1.0)
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
    annotated = item.annotated
    weight = annotated.weight * (_ANTECEDENT_COMPLETE if annotated.complete else 1.0)
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
