"""Decisions to learn from: the candidates of sources and of pronouns, and which are right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    prepared = []
    parsed = parse_documents([document.text for document in documents], nlp)
    for annotated, document in zip(documents, parsed, strict=True):
        gold = align(document.quotations, annotated.annotations)
        ranking = _ranking_groups(annotated.complete, document, gold)
        boundaries = boundary_groups(annotated, first_names)
        prepared.append(Prepared(annotated, document, gold, ranking, boundaries, []))
    groups = [group for item in prepared for group in item.boundaries]
    starts = LinearModel(fit_pairwise(groups, BOUNDARY_C))
    ranker = LinearModel({})
    for _ in range(_CHAIN_ROUNDS):
        prepared = [
            replace(item, antecedents=_antecedent_groups(item, first_names, ranker, starts))
            for item in prepared
        ]
        groups = [group for item in prepared for group in item.antecedents]
        ranker = LinearModel(fit_pairwise(groups, ANTECEDENT_C))
    return prepared


def _ranking_groups(
    complete: bool, document: ParsedDocument, gold: Sequence[Annotation | None]
) -> list[Group]:
    """One decision a quotation: the candidates, right where their mention is the annotated one."""
    text = document.text
    weight = _RANKER_COMPLETE if complete else 1.0
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
    item: Prepared,
    first_names: Mapping[str, Gender],
    ranker: LinearModel,
    boundaries: LinearModel,
) -> list[Group]:
    """One decision a pronoun whose speaker's name is known: the entities before it.

    ``ranker`` resolves the pronouns in between.
    """
    text = item.parsed.text
    weight = _ANTECEDENT_COMPLETE if item.annotated.complete else 1.0
    resolver = SpeakerResolver.of(item.parsed, first_names, ranker, boundaries)
    groups = []
    for annotation in item.gold:
        if annotation is None or not annotation.names or not annotation.mentions:
            continue
        mention = mention_of(text, *annotation.mentions[0])
        group = _antecedent_group(resolver, mention, annotation.names, weight)
        if group is not None:
            groups.append(group)
    return groups


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
    antecedents, features = resolver.choices(mention, sort)
    names = [resolver.index.entities[found.entity].name for found in antecedents]
    right = [any(same_last_name(name, [other]) for other in gold) for name in names]
    if len(features) > len(right):
        right.append(not any(right) and not gold[0][:1].isupper())
    chosen = (found.entity for found, ok in zip(antecedents, right, strict=False) if ok)
    resolver.note(mention.start, next(chosen, None))
    return Group(features, right, weight)
