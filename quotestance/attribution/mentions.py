"""Mentions: the words outside the marks that name the source of a quotation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from quotestance.lexicon import (
    BODIES,
    BODY_NOUNS,
    GROUP_NOUNS,
    NOT_PEOPLE,
    PEOPLE,
    PRONOUNS,
    ROLES,
    SPEECH_NOUNS,
    SURNAME_ROLES,
    TITLE_WORDS,
)
from quotestance.marks.paragraphs import Bounds

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MentionType = Literal["name", "role", "group", "body", "document", "pronoun", "other"]


class Mention(NamedTuple):
    """The words ``start:end`` of a text that name a source, their head, and what sort of source it
    is."""

    start: int
    end: int
    head: Bounds
    type: MentionType


def mention_of(text: str, start: int, end: int) -> Mention:
    """The mention of a bare name, as labels and signatures give it: its last word is its head."""
    last = start + text[start:end].rstrip(" .").rfind(" ") + 1
    return Mention(start, end, (last, end), mention_type(text[last:end]))


_NO_NAMES = ROLES | GROUP_NOUNS
_STOPS = frozenset(
    {
        ",",
        ":",
        ";",
        "“",
        "”",
        '"',
        "''",
        "``",
        "(",
        ")",
        "[",
        "]",
        "—",
        "–",
        "--",
        "‘",
        "…",
        "...",
        "«",
        "»",
    }
)
_KEPT_PREPOSITIONS = frozenset({"of", "for", "from", "at", "in", "with", "to", "on"})
_KEPT_AFTER_NAMES = frozenset({"of"})
_POSTMODIFIERS = frozenset({"acl", "amod"})
_MAX_RIGHT = 10


def mention_span(doc: Doc, head: int, masked: frozenset[int]) -> tuple[int, int]:
    """The tokens ``start:end`` of the mention around its head: titles and modifiers before, *of*
    and its kin after, no apposition.

    Joint sources ("Kerry and Ban") are one mention.
    """
    token = doc[head]
    start = head
    while start > token.left_edge.i and not _stops(doc[start - 1], masked):
        start -= 1
    end = head + 1
    kept = _KEPT_AFTER_NAMES if token.tag_.startswith("NNP") else _KEPT_PREPOSITIONS
    for child in token.rights:
        if child.i in masked or child.right_edge.i - head > _MAX_RIGHT:
            break
        if (child.dep_ == "prep" and child.lower_ in kept and child.i == end) or (
            child.dep_ in _POSTMODIFIERS
            and child.left_edge.i == end
            and not token.tag_.startswith("NNP")
        ):
            end = _clip(doc, child.i, child.right_edge.i + 1, masked)
        elif child.dep_ == "appos" and child.left_edge.i == end:
            end = _clip(doc, child.left_edge.i, child.i + 1, masked)
        elif child.dep_ == "cc" and child.lower_ == "and":
            continue
        elif child.dep_ == "conj" and child.tag_.startswith(("NN", "PRP")):
            end = _clip(doc, child.i, _span_end(child), masked)
        elif child.dep_ not in ("case", "nmod", "nummod", "compound"):
            break
    return start, end


def _span_end(conjunct: Token) -> int:
    return (
        max(
            [
                conjunct.i,
                *(child.i for child in conjunct.rights if child.dep_ in ("compound", "nmod")),
            ]
        )
        + 1
    )


def _clip(doc: Doc, start: int, end: int, masked: frozenset[int]) -> int:
    """``end``, or the first stop after ``start`` before it."""
    return next((index for index in range(start, end) if _stops(doc[index], masked)), end)


def _stops(token: Token, masked: frozenset[int]) -> bool:
    return token.i in masked or token.text in _STOPS or token.is_space


# ---------- what sort of source
def head_type(doc: Doc, head: int) -> MentionType:
    """The sort of source a parsed head stands for.

    A role word that ends a full name ("Howard Dean") is a name.
    """
    token = doc[head]
    word, before = token.text, doc[head - 1] if head else None
    if (
        before is not None
        and token.lower_ in SURNAME_ROLES
        and word[:1].isupper()
        and before.tag_ == "NNP"
        and before.lower_ not in TITLE_WORDS
    ):
        return "name"
    return mention_type(word, token.tag_)


_ARTICLED = re.compile(r"[a-z]{1,2}-[A-Z]")  # el-Sisi
_HUMAN = re.compile(r"(?:[^aeiou]er|[ite]er|or|ist|ian|man|men|woman|women|ee|eer|ess|person|ant)$")


def mention_type(head: str, tag: str = "") -> MentionType:
    """What sort of source the head of a mention stands for, by the word and its part-of-speech tag
    (Penn Treebank).

    >>> heads = [("he", "PRP"), ("Kerry", "NNP"), ("minister", "NN"), ("officials", "NNS")]
    >>> [mention_type(head, tag) for head, tag in [*heads, ("union", "NN")]]
    ['pronoun', 'name', 'role', 'group', 'body']
    """
    lower = head.lower().rstrip(".")
    if lower in PRONOUNS:
        return "pronoun"
    capital = (head[:1].isupper() and not tag.startswith(("NN", "VB"))) or _ARTICLED.match(head)
    if (tag.startswith("NNP") or capital) and lower not in _NO_NAMES:
        return "name"
    if lower in GROUP_NOUNS or (tag in ("NNS", "NNPS") and _is_human(lower[:-1])):
        return "group"
    if lower in SPEECH_NOUNS and lower not in BODIES:
        return "document"
    if lower in BODY_NOUNS and lower not in ROLES:
        return "body"
    return "role" if _is_human(lower) else "other"


def _is_human(noun: str) -> bool:
    last = noun.rsplit("-", 1)[-1]
    return last in ROLES or last in PEOPLE or (bool(_HUMAN.search(last)) and last not in NOT_PEOPLE)
