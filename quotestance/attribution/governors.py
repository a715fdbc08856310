"""Governors: the word of the journalist's sentence that quoted words hang on, and how.

"a “thinking corner” for students" names a thing, and so does "a channel called “...”"; "says it is
“thin”" is speech. The parse around the marks tells them apart, whatever the words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from quotestance.lexicon import REPORTING_VERBS

if TYPE_CHECKING:
    from spacy.tokens import Span, Token


class Governor(NamedTuple):
    """How a part of a quotation sits in its sentence.

    ``dependency`` is the label of the quoted words' head word (ClearNLP style), ``word`` what they
    hang on (a reporting verb's lemma, or the lower-cased word; empty where nothing does), ``tag``
    the sort of that word, ``side`` where it stands, ``before`` and ``after`` the tags (Penn
    Treebank) of the words around the marks.
    """

    dependency: str
    word: str
    tag: str
    side: str
    before: str
    after: str


NO_GOVERNOR = Governor("", "", "", "", "", "")


def governor_of(span: Span) -> Governor:
    """What the stand-in of quoted words hangs on in the parse, if it is there at all.

    >>> import spacy
    >>> from spacy.tokens import Doc
    >>> parse = {"tags": ["PRP", "VBD", "UH"], "heads": [1] * 3, "deps": ["nsubj", "ROOT", "dobj"]}
    >>> doc = Doc(spacy.blank("en").vocab, ["She", "said", "Yes"], **parse)
    >>> tuple(governor_of(doc[2:]))[:4]
    ('dobj', 'say', 'VB', 'before')
    """
    if not len(span):
        return NO_GOVERNOR
    root = span.root
    head = root.head
    if head.i == root.i:
        return Governor("ROOT", "", "", "", _beside(span, -1), _beside(span, 1))
    word = head.lower_
    return Governor(
        root.dep_,
        REPORTING_VERBS.get(word, word),
        head.tag_[:2],
        "before" if head.i < root.i else "after",
        _beside(span, -1),
        _beside(span, 1),
    )


def _beside(span: Span, step: int) -> str:
    """The tag of the word before (``step`` -1) or behind (1) quoted words, past the marks."""
    doc = span.doc
    index = span.start - 1 if step < 0 else span.end
    while 0 <= index < len(doc) and _is_mark(doc[index]):
        index += step
    return doc[index].tag_ if 0 <= index < len(doc) else "none"


def _is_mark(token: Token) -> bool:
    return token.is_quote or token.is_space or token.tag_ in ("''", "``")
