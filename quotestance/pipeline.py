"""The stages in their order: marks, contexts, parse, attribution, speakers, stance, records."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from quotestance.attribution.document import ParsedDocument, parse_documents
from quotestance.attribution.sources import Attribution, attribute
from quotestance.attribution_model import AttributionModel
from quotestance.marks.quotations import Quotation
from quotestance.once import once, process_lock
from quotestance.options import SPEECH, Name, check_options
from quotestance.quote import Quote, TextSpan
from quotestance.speakers.confidence import confidence, confidence_features, weakest_step
from quotestance.speakers.named import HOW, Resolution
from quotestance.speakers.resolver import resolve_speakers
from quotestance.stance.scoring import ProbabilityModel, stances

if TYPE_CHECKING:
    from spacy.language import Language

_COLLECTING = process_lock()  # of the thread that has put off the search for garbage


def attribute_quotes(
    text: str,
    *,
    kinds: Collection[str] = SPEECH,
    stance_model: ProbabilityModel | Name | None = None,
    stance: bool = True,
    nlp: Language | Name | None = None,
    model: AttributionModel | Name | None = None,
) -> list[Quote]:
    """Every quotation of a text with its speaker and its stance, in order of appearance.

    Offsets index ``text`` as given. What is not known is ``None``; a quotation is never left out
    for want of a speaker. Titles, scare quotes and terms are no quotations: add ``"other"`` to
    ``kinds`` to see them too. ``stance=False`` saves the time of the stance model;
    ``stance_model``, ``nlp`` and ``model`` take the place of the bundled ones: an object, a name or
    a folder. Raises ``TypeError`` for anything but a ``str``, and for options what
    ``check_options`` raises.

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
    stance_model: ProbabilityModel | Name | None = None,
    stance: bool = True,
    nlp: Language | Name | None = None,
    model: AttributionModel | Name | None = None,
) -> list[list[Quote]]:
    """``attribute_quotes`` for several texts at once.

    Their contexts go through the parser, their contents through the stance model, together.
    """
    models = {"stance_model": stance_model, "nlp": nlp, "model": model}
    options = check_options({"kinds": kinds, "stance": stance, **models})
    chosen = options.model or AttributionModel.load()
    with _uncollected():
        documents = parse_documents(texts, options.nlp)
        found = [_quotes(document, chosen) for document in documents]
        if stance and any(found):
            found = _with_stance(found, options.stance_model or _bundled_stance())
    return [[quote for quote in quotes if quote.kind in options.kinds] for quotes in found]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Put off the search for cyclic garbage.

    A batch makes many small objects and hardly a cycle, and the search took a twentieth of its
    time. It is a switch of the whole process: one thread at a time puts it off and on again, and
    the others leave it alone.
    """
    if not gc.isenabled() or not _COLLECTING.acquire(blocking=False):
        yield
        return
    try:
        gc.disable()
        yield
    finally:
        gc.enable()
        _COLLECTING.release()


# ---------- one document
def _quotes(document: ParsedDocument, model: AttributionModel) -> list[Quote]:
    """The records of one document, still without stance."""
    if not document.quotations:
        return []
    attributions = attribute(document, model.ranker, model.kinds)
    resolutions = resolve_speakers(
        document, attributions, model.first_names, model.antecedents, model.boundaries
    )
    found = zip(document.quotations, attributions, resolutions, strict=True)
    return [_quote(document.text, *row, model) for row in found]


def _quote(
    text: str,
    quotation: Quotation,
    attribution: Attribution,
    resolution: Resolution,
    model: AttributionModel,
) -> Quote:
    mention, cue = attribution.candidate.mention, attribution.candidate.cue
    return Quote(
        start=quotation.start,
        end=quotation.end,
        kind=attribution.kind,
        closed=quotation.closed,
        parts=quotation.parts,
        mention=TextSpan.of(text, mention.start, mention.end) if mention else None,
        cue=TextSpan.of(text, *cue) if cue else None,
        speaker=resolution.speaker,
        confidence=confidence(confidence_features(attribution, resolution), model.confidence),
        evidence=_evidence(attribution, resolution),
    )


_DOUBT = 0.7  # a step that is less probable is named in the evidence; not tuned


def _evidence(attribution: Attribution, resolution: Resolution) -> str:
    """What speaks for an answer in words, and which step is in doubt."""
    found = f"{attribution.evidence}; {HOW[resolution.how]}"
    step, probability = weakest_step(attribution, resolution)
    return f"{found}; in doubt: {step}" if probability < _DOUBT else found


# ---------- stance
@once()
def _bundled_stance() -> ProbabilityModel:
    from quotestance.stance.linear_stance import LinearStance

    return LinearStance.load()


def _with_stance(quotes: list[list[Quote]], model: ProbabilityModel) -> list[list[Quote]]:
    """The quotes with their stance, all contents scored in one batch."""
    from dataclasses import replace

    flat = [quote for found in quotes for quote in found]
    scored = iter(
        stances(model, [quote.text for quote in flat], [quote.stance_cue for quote in flat])
    )
    return [[replace(quote, stance=next(scored)) for quote in found] for found in quotes]
