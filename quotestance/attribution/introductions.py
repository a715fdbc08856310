"""Introductions: each cue of a parsed context with its mention, and what the parse says of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from quotestance.attribution.cues import Cue, find_cues
from quotestance.attribution.governors import NO_GOVERNOR, Governor, governor_of
from quotestance.attribution.mentions import Mention, head_type, mention_span
from quotestance.lexicon import MANNER_VERBS, SPEECH_VERBS
from quotestance.marks.contexts import Context
from quotestance.marks.paragraphs import Bounds

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


class Introduction(NamedTuple):
    """A cue with its mention, and the facts of the parse that features read.

    ``cue`` and ``bounds`` (the stretch that holds cue and mention) are offsets in the context,
    ``mention`` and ``cue_in_text`` in the text. ``verb_class`` is speech, manner, noun, phrase or
    other: how sure the word alone is a cue.
    """

    cue: Bounds
    bounds: Bounds
    mention: Mention
    cue_in_text: Bounds
    lemma: str
    construction: str
    verb_class: str
    words: str
    token: int
    dependency: str
    form: str
    sentence: int


def _verb_class(cue: Cue) -> str:
    if cue.construction in ("noun", "phrase"):
        return cue.construction
    return _CLASSES.get(cue.lemma, "other")


_SAYING = frozenset({"speech", "manner", "noun"})
_CLASSES = dict.fromkeys(MANNER_VERBS.values(), "manner") | dict.fromkeys(
    SPEECH_VERBS.values(), "speech"
)


@dataclass(frozen=True, slots=True)
class ParsedContext:
    """A context and what its parse says: which tokens are quoted, what introduces speech.

    It holds no parse: that is read by the thread whose turn it is (see ``parser.parses``).
    ``heads`` are the tokens above each part of a quotation (see ``_heads``), ``governors`` how each
    sits in its sentence.
    """

    context: Context
    masked: frozenset[int]
    introductions: tuple[Introduction, ...]
    heads: Mapping[tuple[int, int], Mapping[int, str]]
    governors: Mapping[tuple[int, int], Governor]


def parse_context(context: Context, doc: Doc) -> ParsedContext:
    """Find the introductions in the parse of a context."""
    spans = {
        (place.quotation, place.part): _tokens(doc, place.start, place.end)
        for place in context.places
    }
    masked = frozenset(token.i for span in spans.values() for token in span)
    introductions = _introductions(context, doc, masked)
    saying = {one.token for one in introductions if one.verb_class in _SAYING}
    heads = {place: _heads(span, saying) for place, span in spans.items()}
    governors = {place: governor_of(span) for place, span in spans.items()}
    return ParsedContext(context, masked, introductions, heads, governors)


def _introductions(context: Context, doc: Doc, masked: frozenset[int]) -> tuple[Introduction, ...]:
    """The introductions of a parse, one for each cue that has a source."""
    found = (_introduction(context, doc, cue, masked) for cue in find_cues(doc, masked))
    return tuple(one for one in found if one is not None)


def without_parse(context: Context) -> ParsedContext:
    """A context that says nothing beside its quotations, which no parse could change."""
    nothing: Mapping[int, str] = {}
    heads = {(place.quotation, place.part): nothing for place in context.places}
    governors = dict.fromkeys(heads, NO_GOVERNOR)
    return ParsedContext(context, frozenset(), (), heads, governors)


def _tokens(doc: Doc, start: int, end: int) -> Span:
    """The tokens that hold the characters ``start:end``; none where there are none."""
    return doc.char_span(start, end, alignment_mode="expand") or doc[:0]


_HIGHEST = 64  # heads above a quotation that are followed: deeper than sentences are


def _heads(span: Span, saying: Container[int]) -> dict[int, str]:
    """The tokens above a span in the parse.

    ``above`` up to the first verb of saying, which governs it, and ``over`` that one.
    """
    heads: dict[int, str] = {}
    if not len(span):
        return heads
    tie = "above"
    for head in islice(span.root.ancestors, _HIGHEST):
        heads[head.i] = tie
        if head.i in saying:
            tie = "over"
    return heads


def _behind(cue: Cue) -> int:
    """Where a mention may start: not before the verb of the tag it stands in."""
    return cue.end if cue.construction == "adjacent" and cue.end <= cue.source else 0


def _introduction(
    context: Context, doc: Doc, cue: Cue, masked: frozenset[int]
) -> Introduction | None:
    start, end = _characters(doc, *mention_span(doc, cue.source, masked, _behind(cue)))
    words = context.text[start:end]
    if not any(character.isalnum() for character in words):
        return None
    here, verb, head = _characters(doc, cue.start, cue.end), doc[cue.start], doc[cue.source]
    return Introduction(
        cue=here,
        bounds=(min(here[0], start), max(here[1], end)),
        mention=Mention(
            *context.text_bounds((start, end)),
            context.text_bounds((head.idx, head.idx + len(head))),
            head_type(doc, cue.source),
        ),
        cue_in_text=context.text_bounds(here),
        lemma=cue.lemma,
        construction=cue.construction,
        verb_class=_verb_class(cue),
        words=words,
        token=cue.start,
        dependency=verb.dep_,
        form=verb.tag_,
        sentence=sentence_of(context, here[0]),
    )


def _characters(doc: Doc, start: int, end: int) -> Bounds:
    """The characters of the tokens ``start:end``."""
    last = doc[end - 1]
    return doc[start].idx, last.idx + len(last)


def sentence_of(context: Context, position: int) -> int:
    """The number of the sentence of a context that holds ``position``, from 0."""
    return max(bisect_right(context.sentences, (position, len(context.text) + 1)) - 1, 0)
