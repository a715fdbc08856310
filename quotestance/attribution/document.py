"""Documents on their way: a text, its quotations, and the parse of the contexts they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from quotestance.attribution.governors import Governor
from quotestance.attribution.introductions import ParsedContext, parse_context, without_parse
from quotestance.attribution.parser import parses
from quotestance.marks.contexts import Context, Place, find_contexts
from quotestance.marks.paragraphs import Bounds
from quotestance.marks.quotations import Quotation, find_quotations

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


@dataclass(frozen=True)
class ParsedDocument:
    """A text with its quotations and its parsed contexts: what every later stage reads."""

    text: str
    quotations: Sequence[Quotation]
    contexts: Sequence[ParsedContext]

    @cached_property
    def places(self) -> list[list[tuple[Place, ParsedContext]]]:
        """For each quotation the places of its parts with their contexts, in order."""
        places: list[list[tuple[Place, ParsedContext]]] = [[] for _ in self.quotations]
        for parsed in self.contexts:
            for place in parsed.context.places:
                places[place.quotation].append((place, parsed))
        return [sorted(found, key=lambda item: item[0].part) for found in places]

    @cached_property
    def governors(self) -> list[Governor]:
        """For each quotation what its first part hangs on."""
        firsts = (places[0] for places in self.places)
        return [parsed.governors[place.quotation, place.part] for place, parsed in firsts]

    @property
    def quoted(self) -> list[Bounds]:
        """The quoted stretches: all parts of all quotations."""
        return [(part.start, part.end) for found in self.quotations for part in found.parts]


def parse_documents(texts: Sequence[str], nlp: Language | None = None) -> list[ParsedDocument]:
    """Read and parse texts; the contexts of all go through the parser together.

    ``nlp`` takes the place of the installed English pipeline, which is loaded only where there is
    something to parse. Raises ``OSError`` where none is installed.

    >>> document, = parse_documents(["It rained."])
    >>> document.quotations, document.contexts
    ([], [])
    """
    quotations = [find_quotations(text) for text in texts]
    contexts = [find_contexts(text, found) for text, found in zip(texts, quotations, strict=True)]
    rows = zip(texts, quotations, _parsed(contexts, nlp), strict=True)
    return [ParsedDocument(*row) for row in rows]


def _parsed(
    contexts: Sequence[Sequence[Context]], nlp: Language | None
) -> list[list[ParsedContext]]:
    """The contexts of all texts with what their parses say."""
    if not any(context.has_words for found in contexts for context in found):
        return [[without_parse(context) for context in found] for found in contexts]
    with parses(_plain(contexts), nlp) as docs:
        return [[_read(context, docs) for context in found] for found in contexts]


def _read(context: Context, docs: Iterator[Doc]) -> ParsedContext:
    return parse_context(context, next(docs)) if context.has_words else without_parse(context)


def _plain(contexts: Iterable[Sequence[Context]]) -> Iterator[str]:
    """The texts of the contexts that have words to parse.

    Lone surrogates, which the tokenizer refuses, become a replacement character of the same length.
    """
    for found in contexts:
        for context in (context for context in found if context.has_words):
            yield context.text.encode("utf-8", "replace").decode("utf-8")
