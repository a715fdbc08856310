"""Clauses: who says what a verb reports, by the parse: its subject, whom another source quotes,
the agent of a passive, or the name beside it.

The labels are those of spaCy's English models (ClearNLP style).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import TYPE_CHECKING, Literal

from quotestance.lexicon import REPORTING_VERBS

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
_RELATIVE_PRONOUNS = frozenset({"who", "which", "that"})
_PARTICLES = frozenset("in up out back off away on".split())  # broke in, spoke up, called out
_OF_ROLES = frozenset("DT JJ NN PRP$ HYPH POS VBG VBN".split())  # between a verb and a name
_ROLE = 5  # words of a role between a verb and the name; not tuned
_OBJECT_PRONOUNS = frozenset({"it", "him", "them", "me", "us"})  # "Low, his rival, called it ..."
_CONTROLLED = frozenset({"as", "for", "of"})
_QUOTING = frozenset({"quote", "cite"})
_NOMINAL = ("NN", "PRP")  # what the tags of nouns, names and pronouns begin with
_BEFORE_NOUNS = ("DT", "JJ", "CD", "POS", "PRP$", "HYPH")
_MAX_CLIMB = 4
_AGENT_REACH = 12  # tokens between a passive and its by; not tuned
# tokens between "quoted" and "as saying"; the longest title and name in polnear_train and
# articles_train take 13
_QUOTED_REACH = 16
_BEHIND = 3  # tokens between quoted words and a verb that follows them: a comma, an adverb


# ---------- subjects
def subject_of(verb: Token) -> tuple[Token | None, Construction]:
    """The subject of a verb, its own or one that the parse lets it share, and how it is tied."""
    node, construction = verb, "subject"
    for _ in range(_MAX_CLIMB):
        subject = _subject(node)
        if subject is not None:
            return _antecedent(node, subject, construction)
        if node.dep_ in ("acl", "relcl") and node.head.tag_.startswith(_NOMINAL):
            return node.head, "relative"
        if not _inherits(node):
            break
        node, construction = node.head, "inherited"
    return None, "subject"


def _subject(verb: Token) -> Token | None:
    """The subject of a verb.

    Of two ("Outside court, Low said"), which no sentence has, the nearer one, unless the other runs
    on into it: "a lawyer for the singer Ana Low said".
    """
    for sort in (_SUBJECTS, _PASSIVE_SUBJECTS):
        subjects = [child for child in verb.children if child.dep_ in sort]
        if subjects:
            nearest = min(subjects, key=lambda child: abs(child.i - verb.i))
            return next((other for other in subjects if _runs_on(other, nearest)), nearest)
    return None


def _runs_on(subject: Token, name: Token) -> bool:
    """Whether what hangs on a common noun ends right before a name that the parse parts from it."""
    apart = subject.right_edge.i + 1 == name.left_edge.i and subject.i != subject.right_edge.i
    return apart and name.tag_.startswith("NNP") and not subject.tag_.startswith("NNP")


def _inherits(node: Token) -> bool:
    """Whether a verb shares the subject of the word above it."""
    return node.dep_ in _INHERITING or (node.dep_ == "acl" and node.head.i != node.i)


def _antecedent(
    node: Token, subject: Token, construction: str
) -> tuple[Token | None, Construction]:
    """The source behind a subject: what a relative pronoun stands for, or the subject itself."""
    if subject.lower_ in _RELATIVE_PRONOUNS and node.dep_ == "relcl":
        return node.head, "relative"
    if subject.dep_ in _PASSIVE_SUBJECTS:
        return subject, "passive"
    return subject, "subject" if construction == "subject" else "inherited"


# ---------- whom another source quotes
def quoted_by(verb: Token) -> Token | None:
    """Whom another source quotes: state media quoted Kim as saying.

    The words decide, for parses of it vary.
    """
    if REPORTING_VERBS.get(verb.lower_) not in _QUOTING:
        return None
    said = _as_saying(verb)
    if said is None:
        return None
    passive = _passive_subject(verb)
    return passive if passive is not None else _named_between(verb, said)


def _named_between(verb: Token, said: int) -> Token | None:
    """Whom the words between a verb and its "as saying" name: its object, or the last noun."""
    named = [token for token in verb.doc[verb.i + 1 : said] if _is_nominal(token)]
    if not named:
        return None
    tied = (token for token in named if token.dep_ == "dobj" or token.head.i in (verb.i, said))
    return next(tied, named[-1])


def _as_saying(verb: Token) -> int | None:
    """The number of the *as* of "as saying" behind a verb, if it is in reach."""
    doc = verb.doc
    reach = range(verb.i + 1, min(verb.i + _QUOTED_REACH, len(doc) - 1))
    found = (at for at in reach if doc[at].lower_ == "as" and doc[at + 1].tag_ == "VBG")
    return next(found, None)


def _passive_subject(verb: Token) -> Token | None:
    return next((child for child in verb.children if child.dep_ == "nsubjpass"), None)


def _is_nominal(token: Token) -> bool:
    return bool(token.tag_.startswith(_NOMINAL))


def controller_of(verb: Token) -> Token | None:
    """Who says what another reports with a preposition: the object of the verb above it.

    Quoted Kim *as saying*, criticised Low *for saying*, accused Low *of calling it*; without an
    object ("apologised for saying") nobody.
    """
    preposition = verb.head
    if verb.dep_ != "pcomp" or preposition.lower_ not in _CONTROLLED:
        return None
    above = preposition.head
    if preposition.lower_ == "as":
        return quoted_by(above)
    if above.tag_.startswith("NN") and above.dep_ == "dobj":
        return above
    return _object_before(above, verb) if above.tag_.startswith("VB") else None


def _object_before(above: Token, verb: Token) -> Token | None:
    """The last object of a verb that stands before another verb."""
    objects = [child for child in above.children if child.dep_ == "dobj" and child.i < verb.i]
    return objects[-1] if objects else None


# ---------- passives
def agent_of(verb: Token, masked: frozenset[int]) -> Token | None:
    """Who acts in a passive.

    Where the parse ties *by* to the quoted words, it is the passive's too: described as "a
    betrayal" by farmers.
    """
    agent = next((child for child in verb.children if child.dep_ == "agent"), None)
    if agent is None and _is_passive(verb):
        agent = _quoted_by_phrase(verb, masked)
    return next(objects(agent), None) if agent is not None else None


def _is_passive(verb: Token) -> bool:
    return verb.tag_ == "VBN" and any(child.dep_ in _PASSIVES for child in verb.children)


def _quoted_by_phrase(verb: Token, masked: frozenset[int]) -> Token | None:
    """The *by* behind a verb that the parse hangs on quoted words."""
    reach = verb.doc[verb.i + 1 : min(verb.i + _AGENT_REACH, verb.sent.end)]
    found = (token for token in reach if token.lower_ == "by" and token.i not in masked)
    return next((token for token in found if token.head.i in masked), None)


def objects(preposition: Token) -> Iterator[Token]:
    """What a preposition governs."""
    return (child for child in preposition.children if child.dep_ in _OBJECTS)


# ---------- what stands beside a verb
def is_tag(verb: Token, masked: frozenset[int]) -> bool:
    """Whether a verb stands right behind quoted words, with a name behind it, or a role and a
    name: grumbled Low, groaned deputy mayor Mark Banks, broke in Tom Fenn."""
    before = verb.i - 1
    while before >= 0 and before not in masked and verb.doc[before].is_punct:
        before -= 1
    after = _behind(verb)
    following = verb.doc[after : after + _ROLE + 1] if before in masked else ()
    behind = next((token for token in following if token.tag_ not in _OF_ROLES), None)
    return behind is not None and behind.tag_.startswith("NNP") and behind.i not in masked


def _behind(verb: Token) -> int:
    """The number of the token behind a verb, and behind its particle where a name follows that."""
    doc, after = verb.doc, verb.i + 1
    if after + 1 >= len(doc) or not doc[after + 1].tag_.startswith("NNP"):
        return after
    return after + 1 if doc[after].lower_ in _PARTICLES else after


def named_before(doc: Doc, source: int) -> int:
    """The head of a source, or of the name before it where it only says how that spoke: said Ana
    Silva *serenely*, replied Tilda *smiling*."""
    token = doc[source]
    if source == 0 or not token.is_lower or not token.text.endswith(("ly", "ing")):
        return source
    return source - 1 if doc[source - 1].tag_.startswith("NNP") else source


def neighbour_of(verb: Token, masked: frozenset[int]) -> Token | None:
    """A noun or pronoun right beside a speech verb that the parse left without a subject."""
    right = None if _has_object(verb) else _noun_after(verb, masked)
    left = _noun_before(verb, masked)
    follows_quotation = any(at in masked for at in range(max(verb.i - _BEHIND, 0), verb.i))
    return (right or left) if follows_quotation else (left or right)


def _has_object(verb: Token) -> bool:
    """Whether a pronoun that is nobody's subject stands right behind a verb."""
    following = verb.doc[min(verb.i + 1, len(verb.doc) - 1)]
    return following.lower_ in _OBJECT_PRONOUNS


def _noun_before(verb: Token, masked: frozenset[int]) -> Token | None:
    """The head of the noun phrase that ends right before a verb."""
    for token in _unquoted(verb.doc, range(verb.i - 1, -1, -1), masked):
        if _is_head(token):
            return token
        if not token.tag_.startswith(_BEFORE_NOUNS):
            break
    return None


def _noun_after(verb: Token, masked: frozenset[int]) -> Token | None:
    """The head of the noun phrase that begins right behind a verb."""
    last = None
    for token in _unquoted(verb.doc, range(_behind(verb), len(verb.doc)), masked):
        if _is_head(token):
            last = token
        elif last is not None or not token.tag_.startswith(_BEFORE_NOUNS):
            break
    return last


def _unquoted(doc: Doc, numbers: Iterable[int], masked: frozenset[int]) -> Iterator[Token]:
    """The tokens of these numbers up to the first quoted one."""
    return (doc[number] for number in takewhile(lambda number: number not in masked, numbers))


def _is_head(token: Token) -> bool:
    return _is_nominal(token) and token.tag_ != "PRP$"
