"""Cues: the words of a parsed context that introduce speech, each with the head of the words that
name its source.

The dependency parse decides. The labels are those of spaCy's English models (ClearNLP style); the
constructions follow the survey of direct speech in news by Krestel, Bergler and Witte (2008) and
the cue types of PARC 3.0 (Pareti, 2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from quotestance.lexicon import REPORTING_VERBS, SPEECH_NOUNS, SPEECH_VERBS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Construction = Literal[
    "subject", "quoted", "inherited", "relative", "passive", "agent", "phrase", "noun", "adjacent"
]

_SUBJECTS = frozenset({"nsubj", "csubj"})
_PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
_PASSIVES = _PASSIVE_SUBJECTS | {"auxpass"}
_INHERITING = frozenset({"conj", "advcl", "xcomp", "ccomp", "pcomp", "dep", "parataxis", "prep"})
_OBJECTS = frozenset({"pobj", "pcomp"})
_SOURCE_PREPOSITIONS = frozenset({"from", "by", "of"})
_PHRASES = frozenset({"according", "per"})
_RELATIVE_PRONOUNS = frozenset({"who", "which", "that"})
_OBJECT_PRONOUNS = frozenset({"it", "him", "them", "me", "us"})  # "Low, his rival, called it ..."
_CONTROLLED = frozenset({"as", "for", "of"})
_MAX_CLIMB = 4
_AGENT_REACH = 12  # tokens between a passive and its by; not tuned
# tokens between "quoted" and "as saying"; the longest title and name in polnear_train and
# articles_train take 13
_QUOTED_REACH = 16


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

    Several cues may share a word: the ranking decides (see ``attribution``). Pure function of the
    parse.
    """
    found: dict[tuple[int, int], Cue] = {}
    for number in _eligible(doc):
        if number not in masked:
            for cue in _cues_of(doc[number], masked):
                if cue.source not in masked:
                    found.setdefault((cue.start, cue.source), cue)
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


@lru_cache(maxsize=1)
def _numbers() -> tuple[frozenset[int], frozenset[int]]:
    """The tags and the words that matter, as spaCy's numbers for them."""
    from spacy.strings import get_string_id

    words = (*SPEECH_VERBS, *SPEECH_NOUNS, *_PHRASES)
    return frozenset(map(get_string_id, ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"))), frozenset(
        map(get_string_id, words)
    )


def _cues_of(token: Token, masked: frozenset[int]) -> Iterator[Cue]:
    word, tag = token.lower_, token.tag_
    if (tag.startswith("VB") and any(map(str.isalpha, word))) or (
        word in SPEECH_VERBS and not tag.startswith("NNP")
    ):
        yield from _verb_cues(token, masked)
    if word in _PHRASES:
        yield from _phrase_cues(token)
    if word in SPEECH_NOUNS and tag.startswith("NN"):
        yield from _noun_cues(token)


# ---------- verbs
def _verb_cues(verb: Token, masked: frozenset[int]) -> Iterator[Cue]:
    lemma = REPORTING_VERBS.get(verb.lower_, verb.lower_)
    quoted = _quoted(verb) or _controller(verb)
    if quoted is not None:
        yield Cue(verb.i, verb.i + 1, quoted.i, "quoted", lemma)
        return
    agent = _agent(verb, masked)
    source, construction = _source_of(verb)
    if source is not None and (agent is None or construction != "passive"):
        yield Cue(verb.i, verb.i + 1, source.i, construction, lemma)
    elif source is None and (verb.lower_ in SPEECH_VERBS or _in_tag_position(verb, masked)):
        neighbour = _adjacent_source(verb, masked)
        if neighbour is not None:
            yield Cue(verb.i, verb.i + 1, neighbour.i, "adjacent", lemma)
    if agent is not None:
        yield Cue(verb.i, verb.i + 1, agent.i, "agent", lemma)


def _source_of(verb: Token) -> tuple[Token | None, Construction]:
    """The subject of a verb, its own or one that the parse lets it share."""
    node, construction = verb, "subject"
    for _ in range(_MAX_CLIMB):
        subject = _subject(node)
        if subject is not None:
            return _antecedent(node, subject, construction)
        if node.dep_ in ("acl", "relcl") and node.head.tag_.startswith(("NN", "PRP")):
            return node.head, "relative"
        if node.dep_ not in _INHERITING and not (node.dep_ == "acl" and node.head.i != node.i):
            break
        node, construction = node.head, "inherited"
    return None, "subject"


def _subject(verb: Token) -> Token | None:
    """The subject of a verb.

    Of two ("Outside court, Low said"), which no sentence has, the nearer one.
    """
    for sort in (_SUBJECTS, _PASSIVE_SUBJECTS):
        subjects = [child for child in verb.children if child.dep_ in sort]
        if subjects:
            return min(subjects, key=lambda child: abs(child.i - verb.i))
    return None


def _antecedent(
    node: Token, subject: Token, construction: str
) -> tuple[Token | None, Construction]:
    """The source behind a subject: what a relative pronoun stands for, or the subject itself."""
    if subject.lower_ in _RELATIVE_PRONOUNS and node.dep_ == "relcl":
        return node.head, "relative"
    if subject.dep_ in _PASSIVE_SUBJECTS:
        return subject, "passive"
    return subject, "subject" if construction == "subject" else "inherited"


def _quoted(verb: Token) -> Token | None:
    """Whom another source quotes: state media quoted Kim as saying.

    Told by the words, for parses of it vary.
    """
    if REPORTING_VERBS.get(verb.lower_) not in ("quote", "cite"):
        return None
    doc = verb.doc
    said = next(
        (
            index
            for index in range(verb.i + 1, min(verb.i + _QUOTED_REACH, len(doc) - 1))
            if doc[index].lower_ == "as" and doc[index + 1].tag_ == "VBG"
        ),
        None,
    )
    if said is None:
        return None
    passive = next((child for child in verb.children if child.dep_ == "nsubjpass"), None)
    named = [
        doc[index] for index in range(verb.i + 1, said) if doc[index].tag_.startswith(("NN", "PRP"))
    ]
    if passive is not None or not named:
        return passive
    return next(
        (token for token in named if token.dep_ == "dobj" or token.head.i in (verb.i, said)),
        named[-1],
    )


def _controller(verb: Token) -> Token | None:
    """Who says what another reports with a preposition: the object of the verb above it.

    Quoted Kim *as saying*, criticised Low *for saying*, accused Low *of calling it*; without an
    object ("apologised for saying") nobody.
    """
    if verb.dep_ != "pcomp" or verb.head.lower_ not in _CONTROLLED:
        return None
    above = verb.head.head
    if verb.head.lower_ == "as":
        return _quoted(above)
    if above.tag_.startswith("NN") and above.dep_ == "dobj":
        return above
    objects = [child for child in above.children if child.dep_ == "dobj" and child.i < verb.i]
    return objects[-1] if objects and above.tag_.startswith("VB") else None


def _in_tag_position(verb: Token, masked: frozenset[int]) -> bool:
    """Whether a verb stands right behind quoted words, with a name behind it: grumbled Low."""
    before = verb.i - 1
    while before >= 0 and before not in masked and verb.doc[before].is_punct:
        before -= 1
    after = verb.i + 1
    return before in masked and after < len(verb.doc) and verb.doc[after].tag_.startswith("NNP")


def _agent(verb: Token, masked: frozenset[int]) -> Token | None:
    """Who acts in a passive.

    Where the parse ties *by* to the quoted words, it is the passive's too: described as "a
    betrayal" by farmers.
    """
    for child in verb.children:
        if child.dep_ == "agent":
            return _object(child)
    if verb.tag_ != "VBN" or not any(child.dep_ in _PASSIVES for child in verb.children):
        return None
    reach = range(verb.i + 1, min(verb.i + _AGENT_REACH, verb.sent.end))
    return next(
        (
            _object(verb.doc[index])
            for index in reach
            if verb.doc[index].lower_ == "by"
            and verb.doc[index].head.i in masked
            and index not in masked
        ),
        None,
    )


def _object(preposition: Token) -> Token | None:
    return next((child for child in preposition.children if child.dep_ in _OBJECTS), None)


def _adjacent_source(verb: Token, masked: frozenset[int]) -> Token | None:
    """A noun or pronoun right beside a speech verb that the parse left without a subject."""
    doc = verb.doc
    right = (
        _noun_from(doc, verb.i + 1, 1, masked)
        if doc[min(verb.i + 1, len(doc) - 1)].lower_ not in _OBJECT_PRONOUNS
        else None
    )
    left = _noun_from(doc, verb.i - 1, -1, masked)
    follows_quotation = any(index in masked for index in range(max(verb.i - 3, 0), verb.i))
    return (right or left) if follows_quotation else (left or right)


def _noun_from(doc: Doc, index: int, step: int, masked: frozenset[int]) -> Token | None:
    """The head of the noun phrase that begins (``step`` 1) or ends (``step`` -1) at ``index``."""
    last = None
    while 0 <= index < len(doc) and index not in masked:
        token = doc[index]
        if token.tag_.startswith(("NN", "PRP")) and token.tag_ != "PRP$":
            last = token
            if step < 0:
                break
        elif last is not None or not token.tag_.startswith(
            ("DT", "JJ", "CD", "POS", "PRP$", "HYPH")
        ):
            break
        index += step
    return last


# ---------- phrases and nouns
def _phrase_cues(token: Token) -> Iterator[Cue]:
    """According to X; per X."""
    for child in token.children:
        if child.dep_ in _OBJECTS:
            yield Cue(token.i, token.i + 1, child.i, "phrase", token.lower_)
        elif child.lower_ == "to":
            for grandchild in child.children:
                if grandchild.dep_ in _OBJECTS:
                    yield Cue(token.i, child.i + 1, grandchild.i, "phrase", "according")


def _noun_cues(noun: Token) -> Iterator[Cue]:
    """A noun that holds words, and whose it is: her statement, a letter from the union."""
    for child in noun.children:
        if child.dep_ == "poss":
            yield Cue(noun.i, noun.i + 1, child.i, "noun", noun.lower_)
        elif child.dep_ in ("prep", "agent", "acl") and child.lower_ in _SOURCE_PREPOSITIONS:
            for grandchild in child.children:
                if grandchild.dep_ in _OBJECTS:
                    yield Cue(noun.i, noun.i + 1, grandchild.i, "noun", noun.lower_)
