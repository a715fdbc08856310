"""Speech acts: what quoted words do (threaten, refuse, offer, accept, ...) and under which
negation, condition, modality, contrast and person.

The acts are those of the codebook (docs/stance-codebook.md). They are read from the words and the
clauses that marks and conjunctions bound, not from a dependency parse: on the development
quotations both gained the same (docs/accuracy.md), and the parse is five times too slow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quotestance.stance.tokens import Word

# The words that can perform an act, by act; a word may have several inflections. The scope decides
# what the act comes to.
_ACTS = {
    "threat": (
        "punish retaliate retaliation consequences sanctions destroy crush strike bomb attack"
        " target hit countermeasures answer pay regret"
    ),
    "ultimatum": "deadline ultimatum midnight noon otherwise else",
    "vow": "fight fighting resist resistance defend battle victory defeat win surrender stand",
    "refusal": (
        "refuse refused refuses refusing reject rejected rejects rejecting rejection rule ruled"
        " decline declined unacceptable impossible negotiable oppose opposed"
    ),
    "demand": (
        "demand demands demanded must insist insists require resign withdraw stop halt leave"
        " release apologise apologize step call urge"
    ),
    "accusation": (
        "accuse accused blame failed failure lied lies lying liar betray betrayed betrayal broke"
        " broken violation violated guilty responsible crime crimes illegal"
    ),
    "insult": (
        "shame shameful disgrace disgraceful outrageous cynical reckless dishonest coward cowards"
        " absurd ridiculous nonsense sham joke hypocrisy insult corrupt"
    ),
    "defiance": (
        "intimidated bow bullied pressured dictate blackmail blackmailed pushed continue carry"
    ),
    "distrust": "trust doubt suspicious believe sceptical skeptical faith credible promises",
    "warning": (
        "warn warning dangerous danger escalate escalation escalating provocation provoke"
        " aggression hostile"
    ),
    "offer": (
        "offer offers offered propose proposed proposal invite invited invitation welcome guarantee"
    ),
    "concession": (
        "concede conceded concession concessions drop dropped waive lift lifted suspend suspended"
        " postpone yield flexible flexibility ease"
    ),
    "acceptance": (
        "accept accepted accepts accepting agree agreed agrees agreement deal settlement settle"
        " settled sign signed truce ceasefire"
    ),
    "apology": (
        "sorry apology apologise apologize apologised apologized mistake mistakes wrong fault"
        " forgive forgiven forgiveness regret"
    ),
    "readiness": (
        "ready willing prepared open listen talk talks discuss discussion dialogue negotiate"
        " negotiations negotiation meet sit table"
    ),
    "hope": (
        "hope hopes hoping hopeful hopefully optimistic confident solution resolve resolved"
        " peaceful peace"
    ),
    "calm": "calm restraint patience patient peacefully violence unity together",
    "progress": (
        "progress closer constructive productive breakthrough positive step forward encouraging"
        " fruitful useful"
    ),
    "credit": (
        "appreciate respect thank grateful praise fair serious sincere reasonable understand"
        " understanding goodwill cooperation cooperate"
    ),
    "procedure": (
        "meeting letter court committee review consider considering process decision schedule"
        " statement comment"
    ),
}
ACTS: dict[str, tuple[str, ...]] = {
    word: tuple(act for act, members in _ACTS.items() if word in members.split())
    for word in sorted({word for members in _ACTS.values() for word in members.split()})
}

_NEGATIONS = frozenset(
    "not no never nobody nothing none neither nor without cannot hardly unwilling unable refuse"
    " refuses refused refusing stop avoid prevent".split()
)
_MODALS = {
    "will": "will",
    "shall": "will",
    "would": "would",
    "could": "would",
    "can": "can",
    "may": "may",
    "might": "may",
    "should": "must",
    "must": "must",
    "need": "must",
}
_CONDITIONS = frozenset("if unless until when once provided otherwise".split())
# What a word changes in the scope of those after it; persons besides, where none stands yet.
_CHANGES: dict[str, dict[str, str | bool]] = {
    **{word: {"modal": modal} for word, modal in _MODALS.items()},
    **{word: {"negated": True} for word in _NEGATIONS},
    **{word: {"conditional": True} for word in _CONDITIONS},
}
_CONTRASTS = frozenset("but however yet although though nevertheless".split())
_BOUNDS = frozenset(
    ". , ; : ? ! — – ( ) ... but although though however because while whereas yet".split()
)
_SENTENCE_ENDS = frozenset(". ? ! ; ...".split())
_PERSONS = {
    **dict.fromkeys("i we us our my me ours ourselves".split(), "we"),
    **dict.fromkeys("you your yours".split(), "you"),
    **dict.fromkeys(
        "they them their he she his him her those who anyone government side management company"
        " opposition regime <name>".split(),
        "they",
    ),
    **dict.fromkeys("it this that there".split(), "it"),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a word stands under.

    Who is the person of its clause, and whether it is negated, modal, conditional, after a
    contrast, or in a question.
    """

    person: str = "none"
    modal: str = "none"
    negated: bool = False
    conditional: bool = False
    contrasted: bool = False
    question: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """A word that performs a speech act, with its scope; ``name`` says it in full.

    ``start`` and ``end`` are the word's characters in the content.
    """

    act: str
    scope: Scope
    start: int
    end: int

    @property
    def name(self) -> str:
        """The act and its scope, as a feature of the model.

        >>> Act("acceptance", Scope("we", "will", negated=True), 0, 6).name
        'not acceptance by we, will'
        """
        turned = f"not {self.act}" if self.scope.negated else self.act
        parts = (
            (f"{turned} by {self.scope.person}", True),
            (self.scope.modal, self.scope.modal != "none"),
            ("if", self.scope.conditional),
            ("?", self.scope.question),
        )
        return ", ".join(part for part, holds in parts if holds)


def scopes(words: Sequence[Word]) -> list[Scope]:
    """The scope of each word: opened by a negation, modal, condition or person, closed at the next
    bound of a clause.

    >>> from quotestance.stance.tokens import read_words
    >>> [scope.negated for scope in scopes(read_words("We will not sign, but we talk."))]
    [False, False, False, True, True, False, False, False, False]
    """
    found: list[Scope] = []
    scope = Scope(question=_asks(words, 0))
    for index, word in enumerate(words):
        if word.text in _CONTRASTS:
            scope = replace(scope, contrasted=True)
        found.append(scope)
        scope = _after(scope, word, words, index)
    return found


def _after(scope: Scope, word: Word, words: Sequence[Word], index: int) -> Scope:
    """The scope that a word leaves for the words after it."""
    text = word.text
    if text in _BOUNDS:
        return _past(scope, text, words, index)
    if text in _PERSONS and scope.person in ("none", "it"):
        scope = replace(scope, person=_PERSONS[text])
    changes = _CHANGES.get(text)
    return replace(scope, **changes) if changes else scope  # type: ignore[arg-type]  # the names are those of Scope


def _past(scope: Scope, text: str, words: Sequence[Word], index: int) -> Scope:
    """The scope behind the bound of a clause: at the end of a sentence only a contrast lasts."""
    if text in _SENTENCE_ENDS:
        return Scope(contrasted=scope.contrasted, question=_asks(words, index + 1))
    return Scope(
        contrasted=scope.contrasted,
        conditional=scope.conditional and text == ",",
        question=scope.question,
    )


def _asks(words: Sequence[Word], start: int) -> bool:
    """Whether the sentence that begins at ``start`` ends in a question mark."""
    return next((word.text for word in words[start:] if word.text in _SENTENCE_ENDS), "") == "?"


def find_acts(words: Sequence[Word], under: Sequence[Scope] | None = None) -> Iterator[Act]:
    """The acts that the words can perform, each under its scope (``under``, where the scopes are
    known already).

    >>> from quotestance.stance.tokens import read_words
    >>> [act.name for act in find_acts(read_words("We do not accept it."))]
    ['not acceptance by we']
    """
    for word, scope in zip(words, under or scopes(words), strict=True):
        for act in ACTS.get(word.text, ()):
            yield Act(act, scope, word.start, word.end)
