"""Mentions: the words outside the marks that name the source of a quotation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from quotestance.lexicon import (
    BODIES,
    BODY_NOUNS,
    GROUP_NOUNS,
    NOT_PEOPLE,
    PEOPLE,
    PRONOUNS,
    PRONOUNS_WITH_CLAUSES,
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
_BETWEEN = frozenset({"case", "nmod", "nummod", "compound"})
_MAX_RIGHT = 10  # tokens behind the head; not tuned


def mention_span(doc: Doc, head: int, masked: frozenset[int], after: int = 0) -> tuple[int, int]:
    """The tokens ``start:end`` of the mention around its head: titles and modifiers before, *of*
    and its kin after, no apposition.

    It never starts before ``after``. Joint sources ("Kerry and Ban") are one mention.
    """
    token = doc[head]
    start = head
    while start > max(token.left_edge.i, after) and not _stops(doc[start - 1], masked):
        start -= 1
    end = head + 1
    listed = _listed(token)
    if listed:
        return start, listed[-1].i + 1
    for child in token.rights:
        if child.i in masked or child.right_edge.i - head > _MAX_RIGHT:
            break
        added = _added(token, child, end)
        if added is None:
            break
        end = _clip(doc, *added, masked)
    return start, _with_name(token, end)


def _listed(name: Token) -> list[Token]:
    """The other names of a list of three or more: "Low, Silva and Okafor"."""
    found = []
    last: Token | None = name
    while last is not None and last.tag_.startswith("NNP"):
        found.append(last)
        last = next((child for child in last.rights if child.dep_ == "conj"), None)
    return found[1:] if len(found) > 2 and last is None else []


def _with_name(head: Token, end: int) -> int:
    """The end of a mention, behind the name that the parse parts from it: "a lawyer for the singer
    Ana Low said"."""
    doc, stop = head.doc, end
    while end > head.i + 1 and stop < len(doc) and doc[stop].tag_.startswith("NNP"):
        stop += 1
    name = doc[stop - 1]
    return stop if name.dep_ == head.dep_ and name.head.i == head.head.i else end


def _added(head: Token, child: Token, end: int) -> tuple[int, int] | None:
    """The tokens that a child of the head adds to the mention, which reaches to ``end`` so far.

    None of them (``end, end``) where it only stands between; None where the mention ends before it.
    """
    if _modifies(head, child, end):
        return child.left_edge.i, child.right_edge.i + 1
    if child.dep_ == "appos" and child.left_edge.i == end:
        return child.left_edge.i, child.i + 1
    if child.dep_ == "conj" and child.tag_.startswith(("NN", "PRP")):
        return child.i, _span_end(child)
    return (end, end) if child.dep_ in _BETWEEN or _joins(child) else None


def _modifies(head: Token, child: Token, end: int) -> bool:
    """Whether *of* and its kin or a participle follow at ``end``; a name takes only *of*, and only
    a pronoun a clause ("those who skated there")."""
    is_name = head.tag_.startswith("NNP")
    if child.dep_ == "relcl":
        return child.left_edge.i == end and head.lower_ in PRONOUNS_WITH_CLAUSES
    if child.dep_ == "prep":
        kept = _KEPT_AFTER_NAMES if is_name else _KEPT_PREPOSITIONS
        return child.i == end and child.lower_ in kept
    return child.dep_ in _POSTMODIFIERS and child.left_edge.i == end and not is_name


def _joins(child: Token) -> bool:
    return child.dep_ == "cc" and child.lower_ == "and"


def _span_end(conjunct: Token) -> int:
    modifiers = [child.i for child in conjunct.rights if child.dep_ in ("compound", "nmod")]
    return max([conjunct.i, *modifiers]) + 1


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
    if head and _is_surname(token, doc[head - 1]):
        return "name"
    return mention_type(token.text, token.tag_)


def _is_surname(token: Token, before: Token) -> bool:
    """Whether a role word stands behind a first name and in the place of a surname."""
    return (
        token.lower_ in SURNAME_ROLES
        and token.text[:1].isupper()
        and before.tag_ == "NNP"
        and before.lower_ not in TITLE_WORDS
    )


_ARTICLED = re.compile(r"[a-z]{1,2}-[A-Z]")  # el-Sisi
_HUMAN = re.compile(r"(?:[^aeiou]er|[ite]er|or|ist|ian|man|men|woman|women|ee|eer|ess|person|ant)$")
_PLURALS = frozenset({"NNS", "NNPS"})
# The words that tell the sort of their source by themselves; of two sorts the one further down.
_SORTS: Mapping[str, MentionType] = {
    **dict.fromkeys(BODY_NOUNS - ROLES, "body"),
    **dict.fromkeys(SPEECH_NOUNS - BODIES, "document"),
    **dict.fromkeys(GROUP_NOUNS, "group"),
}


def mention_type(head: str, tag: str = "") -> MentionType:
    """What sort of source the head of a mention stands for, by the word and its part-of-speech tag
    (Penn Treebank).

    >>> heads = [("he", "PRP"), ("Kerry", "NNP"), ("minister", "NN"), ("officials", "NNS")]
    >>> [mention_type(head, tag) for head, tag in [*heads, ("union", "NN")]]
    ['pronoun', 'name', 'role', 'group', 'body']
    """
    word = head.lower().rstrip(".")
    if word in PRONOUNS and head != "US":
        return "pronoun"
    if word not in _NO_NAMES and _is_name(head, tag):
        return "name"
    if tag in _PLURALS and _is_human(word[:-1]):
        return "group"
    if word in _SORTS:
        return _SORTS[word]
    return "role" if _is_human(word) else "other"


def _is_name(head: str, tag: str) -> bool:
    """Whether a word is tagged as a name, or has a capital and no tag of a noun or verb."""
    capital = head[:1].isupper() and not tag.startswith(("NN", "VB"))
    return tag.startswith("NNP") or capital or bool(_ARTICLED.match(head))


def _is_human(noun: str) -> bool:
    last = noun.rsplit("-", 1)[-1]
    return last in ROLES or last in PEOPLE or (bool(_HUMAN.search(last)) and last not in NOT_PEOPLE)
