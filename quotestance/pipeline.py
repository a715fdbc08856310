"""The stages in their order: marks, contexts, parse, attribution, speakers, stance, records."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from quotestance.attribution.kinds import kind_features
from quotestance.attribution.mentions import Mention
from quotestance.attribution.parser import load_parser, parse
from quotestance.attribution.ranking import Attribution, ParsedContext, attribute, parse_context
from quotestance.attribution_model import AttributionModel
from quotestance.marks.contexts import find_contexts
from quotestance.marks.quotations import Quotation, find_quotations
from quotestance.quote import STANCE_LABELS, Kind, Quote, Stance, TextSpan
from quotestance.speakers.confidence import confidence, confidence_features
from quotestance.speakers.resolver import HOW, SpeakerResolver

if TYPE_CHECKING:
    from spacy.language import Language

SPEECH: tuple[Kind, ...] = ("direct", "mixed")


class ProbabilityModel(Protocol):
    """Anything that gives contents the probabilities of ``classes_``.

    A ``StanceModel``, or a stand-in.
    """

    @property
    def classes_(self) -> Any:
        """The labels, in the order of the columns."""

    def predict_proba(self, contents: list[str]) -> Any:
        """An array of shape (contents, classes)."""


def attribute_quotes(
    text: str,
    *,
    kinds: Collection[str] = SPEECH,
    stance_model: ProbabilityModel | None = None,
    stance: bool = True,
    nlp: Language | None = None,
    model: AttributionModel | None = None,
) -> list[Quote]:
    """Every quotation of a text with its speaker and its stance, in order of appearance.

    Offsets index ``text`` as given. What is not known is ``None``; a quotation is never left out
    for want of a speaker. Titles, scare quotes and terms are no quotations: add ``"other"`` to
    ``kinds`` to see them too. ``stance=False`` saves the time of the stance model;
    ``stance_model``, ``nlp`` and ``model`` take the place of the bundled ones. Raises ``TypeError``
    for anything but a ``str``.

    >>> text = '"We accept the mediator\\'s figure," said union leader Ana Silva.'
    >>> quote, = attribute_quotes(text)
    >>> quote.speaker.name, quote.mention.text, quote.cue.text
    ('Ana Silva', 'union leader Ana Silva', 'said')
    """
    if not isinstance(text, str):
        raise TypeError(
            f"attribute_quotes takes the text of one document as a str, not {type(text).__name__};"
            " decode bytes first, and use attribute_many for several documents"
        )
    return attribute_batch(
        [text], kinds=kinds, stance_model=stance_model, stance=stance, nlp=nlp, model=model
    )[0]


def attribute_batch(
    texts: Sequence[str],
    *,
    kinds: Collection[str] = SPEECH,
    stance_model: ProbabilityModel | None = None,
    stance: bool = True,
    nlp: Language | None = None,
    model: AttributionModel | None = None,
) -> list[list[Quote]]:
    """``attribute_quotes`` for several texts at once.

    Their contexts go through the parser, their contents through the stance model, together.
    """
    with _uncollected():
        quotes = _without_stance(texts, kinds, nlp, model or AttributionModel.load())
        return (
            _with_stance(quotes, stance_model or _bundled_stance())
            if stance and any(quotes)
            else quotes
        )


def _without_stance(
    texts: Sequence[str], kinds: Collection[str], nlp: Language | None, model: AttributionModel
) -> list[list[Quote]]:
    read = [(found := find_quotations(text), find_contexts(text, found)) for text in texts]
    quotations, contexts = [found for found, _ in read], [found for _, found in read]
    docs = iter(parse(_parser_texts(contexts), nlp or load_parser()) if any(contexts) else ())
    parsed = [[parse_context(context, next(docs)) for context in found] for found in contexts]
    return [_quotes(*row, model, kinds) for row in zip(texts, quotations, parsed, strict=True)]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Put off the search for cyclic garbage.

    A batch makes many small objects and hardly a cycle, and the search took a twentieth of its
    time.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def _parser_texts(contexts: Iterable[Sequence[Any]]) -> Iterable[str]:
    """The texts of all contexts.

    Lone surrogates, which the tokenizer refuses, become a replacement character of the same length.
    """
    return (
        (
            context.text.encode("utf-8", "replace").decode("utf-8")
            if not context.text.isascii()
            else context.text
        )
        for found in contexts
        for context in found
    )


# ---------- one document
def _quotes(
    text: str,
    quotations: Sequence[Quotation],
    parsed: Sequence[ParsedContext],
    model: AttributionModel,
    kinds: Collection[str],
) -> list[Quote]:
    """The records of one document, still without stance."""
    if not quotations:
        return []
    attributions, decided = attribute_kinds(text, quotations, parsed, model)
    quoted = [(part.start, part.end) for quotation in quotations for part in quotation.parts]
    resolver = SpeakerResolver(
        text, quoted, model.first_names, model.antecedents, tellers(parsed), subjects(parsed)
    )
    return [
        _quote(text, quotation, attribution, kind, resolver, model)
        for quotation, attribution, kind in zip(quotations, attributions, decided, strict=True)
        if kind in kinds
    ]


def attribute_kinds(
    text: str,
    quotations: Sequence[Quotation],
    parsed: Sequence[ParsedContext],
    model: AttributionModel,
) -> tuple[list[Attribution], list[str]]:
    """The attribution and the kind of every quotation of a text, each decided after those of the
    one before."""
    decided: list[str] = []

    def speaks(quotation: Quotation, attribution: Attribution) -> bool:
        candidate = attribution.candidate
        features = kind_features(
            text, quotation, candidate.source, candidate.features, attribution.probability
        )
        decided.append(model.kinds.decide(quotation, candidate.source, features))
        return decided[-1] != "other"

    return attribute(text, quotations, parsed, model.ranker, speaks), decided


def tellers(parsed: Sequence[ParsedContext]) -> list[Mention]:
    """The sources that the parsed sentences give speech to, quoted or not.

    A pronoun often stands for one of them.
    """
    return [
        introduction.mention
        for found in parsed
        for introduction in found.introductions
        if introduction.verb_class in ("speech", "phrase")
        or (introduction.verb_class == "manner" and introduction.mention.type != "pronoun")
    ]


def subjects(parsed: Sequence[ParsedContext]) -> list[Mention]:
    """The subjects of all verbs that were parsed.

    What a pronoun after them most often continues.
    """
    return [
        introduction.mention
        for found in parsed
        for introduction in found.introductions
        if introduction.construction in ("subject", "passive", "relative")
    ]


def _quote(
    text: str,
    quotation: Quotation,
    attribution: Attribution,
    kind: str,
    resolver: SpeakerResolver,
    model: AttributionModel,
) -> Quote:
    candidate = attribution.candidate
    mention = candidate.mention
    resolution = resolver.resolve(mention)
    sort = mention.type if mention else "none"
    features = confidence_features(
        candidate.source,
        resolution.how,
        attribution.probability,
        resolution.probability,
        kind,
        sort,
        resolution.speaker,
    )
    return Quote(
        start=quotation.start,
        end=quotation.end,
        kind=kind,  # type: ignore[arg-type]  # "other" only where the caller asked for it
        closed=quotation.closed,
        parts=quotation.parts,
        mention=TextSpan.of(text, mention.start, mention.end) if mention else None,
        cue=TextSpan.of(text, *candidate.cue) if candidate.cue else None,
        speaker=resolution.speaker,
        confidence=confidence(features, model.confidence),
        evidence=f"{attribution.evidence}; {HOW[resolution.how]}",
    )


# ---------- stance
@lru_cache(maxsize=1)
def _bundled_stance() -> ProbabilityModel:
    from quotestance.stance.linear_stance import StanceScorer

    return StanceScorer.load()


def _with_stance(quotes: list[list[Quote]], model: ProbabilityModel) -> list[list[Quote]]:
    """The quotes with their stance, all contents scored in one batch.

    A model that reads cues gets those of mixed quotations.
    """
    from dataclasses import replace

    contents = [quote.text for found in quotes for quote in found]
    cues = (
        {"cues": [quote.stance_cue for found in quotes for quote in found]}
        if getattr(model, "reads_cues", False)
        else {}
    )
    columns = [list(model.classes_).index(label) for label in STANCE_LABELS]
    rows = iter(model.predict_proba(contents, **cues))
    return [
        [replace(quote, stance=_stance(next(rows), columns)) for quote in found] for found in quotes
    ]


def _stance(row: Any, columns: Sequence[int]) -> Stance:
    hardline, neutral, conciliatory = (round(float(row[column]), 4) for column in columns)
    return Stance(hardline, neutral, conciliatory)
