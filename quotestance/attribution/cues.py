"""Cues: the words of a parsed context that introduce speech, each with the head of the words that
name its source.

The dependency parse decides (see ``clauses``). The constructions follow the survey of direct speech
in news by Krestel, Bergler and Witte (2008) and the cue types of PARC 3.0 (Pareti, 2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from quotestance.attribution.clauses import (
    Construction,
    agent_of,
    controller_of,
    is_tag,
    named_before,
    neighbour_of,
    objects,
    quoted_by,
    subject_of,
)
from quotestance.lexicon import REPORTING_VERBS, SPEECH_NOUNS, SPEECH_VERBS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SOURCE_PREPOSITIONS = frozenset({"from", "by", "of"})
_HANG_ON_NOUNS = frozenset({"prep", "agent", "acl"})
_PHRASES = frozenset({"according", "per"})


class Cue(NamedTuple):
    """A word that introduces speech, by token numbers: ``start:end`` is the cue, ``source`` the
    head of the source's name.

    ``construction`` says how the parse ties the two; ``lemma`` is the reporting verb's lemma, or
    the lower-cased word.
    """

    start: int
    end: int
    source: int
    construction: Construction
    lemma: str


def find_cues(doc: Doc, masked: frozenset[int]) -> list[Cue]:
    """Every cue of a parsed context with its source, in order; tokens numbered in ``masked`` stand
    for quoted words and are left out.

    Several cues may share a word: the ranking decides (see ``candidates``). Pure function of the
    parse.
    """
    found: dict[tuple[int, int], Cue] = {}
    for number in sorted({*_eligible(doc), *_tagging(doc, masked)}):
        if number not in masked:
            for cue in _cues_of(doc[number], masked):
                source = named_before(doc, cue.source)
                if source not in masked:
                    found.setdefault((cue.start, source), cue._replace(source=source))
    return sorted(found.values(), key=lambda cue: (cue.start, cue.source))


def _eligible(doc: Doc) -> list[int]:
    """The numbers of the verbs and of the words that may be cues without being one.

    Read as numbers, for most tokens are neither.
    """
    tags, words = _numbers()
    return [
        number
        for number, (tag, word) in enumerate(doc.to_array(["TAG", "LOWER"]).tolist())
        if tag in tags or word in words
    ]


def _tagging(doc: Doc, masked: frozenset[int]) -> Iterator[int]:
    """The numbers of past forms that stand as a tag, whatever the parser takes them for: “No,”
    *moaned* deputy director Ana Silva."""
    for number in masked:
        after = number + 1
        while after < len(doc) and after not in masked and doc[after].is_punct:
            after += 1
        if after < len(doc) and doc[after].lower_.endswith("ed") and is_tag(doc[after], masked):
            yield after


@lru_cache(maxsize=1)
def _numbers() -> tuple[frozenset[int], frozenset[int]]:
    """The tags and the words that matter, as spaCy's numbers for them."""
    from spacy.strings import get_string_id

    words = (*SPEECH_VERBS, *SPEECH_NOUNS, *_PHRASES)
    return frozenset(map(get_string_id, ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"))), frozenset(
        map(get_string_id, words)
    )


def _cues_of(token: Token, masked: frozenset[int]) -> Iterator[Cue]:
    word = token.lower_
    if word in SPEECH_NOUNS and token.tag_.startswith("NN"):
        yield from _noun_cues(token)
    if _may_report(token) or (word.endswith("ed") and is_tag(token, masked)):
        yield from _verb_cues(token, masked)
    if word in _PHRASES:
        yield from _phrase_cues(token)


# ---------- verbs
def _may_report(token: Token) -> bool:
    """Whether a token is a verb with letters, or a word that mostly is one and no name; what the
    parser takes for a verb may be an adverb ("said Low stiffly")."""
    word, tag = token.lower_, token.tag_
    if tag.startswith("VB") and any(map(str.isalpha, word)):
        return not word.endswith("ly") or word in REPORTING_VERBS
    return word in SPEECH_VERBS and not tag.startswith("NNP")


def _verb_cues(verb: Token, masked: frozenset[int]) -> Iterator[Cue]:
    lemma = REPORTING_VERBS.get(verb.lower_, verb.lower_)
    for source, construction in _sources(verb, masked):
        yield Cue(verb.i, verb.i + 1, source.i, construction, lemma)


def _sources(verb: Token, masked: frozenset[int]) -> Iterator[tuple[Token, Construction]]:
    """Who may say what a verb reports, and how the parse ties them."""
    quoted = quoted_by(verb) or controller_of(verb)
    if quoted is not None:
        yield quoted, "quoted"
        return
    agent = agent_of(verb, masked)
    source, construction = subject_of(verb)
    if source is None:
        source, construction = _beside(verb, masked), "adjacent"
    if source is not None and (agent is None or construction != "passive"):
        yield source, construction
    if agent is not None:
        yield agent, "agent"


def _beside(verb: Token, masked: frozenset[int]) -> Token | None:
    """The name beside a verb without a subject, where it is a verb of speech or stands as a tag."""
    speaks = verb.lower_ in SPEECH_VERBS or is_tag(verb, masked)
    return neighbour_of(verb, masked) if speaks else None


# ---------- phrases and nouns
def _phrase_cues(token: Token) -> Iterator[Cue]:
    """According to X; per X."""
    for source in objects(token):
        yield Cue(token.i, token.i + 1, source.i, "phrase", token.lower_)
    for child in token.children:
        if child.lower_ == "to":
            for source in objects(child):
                yield Cue(token.i, child.i + 1, source.i, "phrase", "according")


def _noun_cues(noun: Token) -> Iterator[Cue]:
    """A noun that holds words, and whose it is: her statement, a letter from the union."""
    for child in noun.children:
        for owner in _owners(child):
            yield Cue(noun.i, noun.i + 1, owner.i, "noun", noun.lower_)


def _owners(child: Token) -> Iterator[Token]:
    """Whom a word below a noun names as its source: itself as a possessor, or what it governs."""
    if child.dep_ == "poss":
        yield child
    elif child.dep_ in _HANG_ON_NOUNS and child.lower_ in _SOURCE_PREPOSITIONS:
        yield from objects(child)
