"""Kinds: whether marked words are a direct quotation, a phrase quoted inside the journalist's
sentence, or no speech at all.

Titles of works, nicknames, scare quotes, terms and slogans stand between quotation marks too. A
linear model over the shape of the words, what stands around them and what introduces them tells the
three apart.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from quotestance.lexicon import (
    PRONOUNS_FIRST,
    PRONOUNS_SECOND,
    REPORTING_VERBS,
    WORK_NOUNS,
    word_set,
)
from quotestance.marks.quotations import Quotation

KINDS = ("direct", "mixed", "other")
Features = dict[str, float]
Fact = int | bool | str

_TERM, _AROUND = (
    5,
    5000,
)  # words of a term; characters around it that are searched for it; not tuned
_WORDS, _WORDS_AND_MARKS = re.compile(r"[\w’'-]+"), re.compile(r"[\w’'-]+|[^\w\s]")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|am|be|been|has|have|had|do|does|did|will|would|can|could|should|must|may|might|shall|\w+n[’']t|[’'](?:s|re|ve|ll|m|d))\b"
)


def kind_features(
    text: str, quotation: Quotation, source: str, keys: Mapping[str, float], probability: float
) -> Features:
    """The features of a quotation.

    Its words, its surroundings, and the candidate (``source`` and ``keys``) that names its speaker.
    """
    read = [key for key in keys if key.startswith(_READ_KEYS)]
    facts = {
        **_word_facts(quotation),
        **_surrounding_facts(text, quotation),
        **_candidate_facts(source, read, probability),
        "parts": min(len(quotation.parts), 2),
    }
    said = {name: f"{name}={fact}" for name, fact in facts.items()}
    names = ["|".join(read(said)) if several else read(said) for read, several in _READ]
    return dict.fromkeys(
        [*names, *[f"key={key}" for key in read if key.startswith(_KEPT_KEYS)]], 1.0
    )


# The features of a quotation, as conjunctions of facts about it; ``short`` is ``size`` up to nine
# words.
_KIND_FEATURES: tuple[tuple[str, ...], ...] = (
    ("size",),
    ("case",),
    ("stop",),
    ("size", "case"),
    ("short", "stop"),
    ("left",),
    ("left", "short"),
    ("left", "case"),
    ("left", "follows"),
    ("person",),
    ("finite", "size"),
    ("follows",),
    ("follows", "case"),
    ("source",),
    ("source", "verb", "short"),
    ("verb", "left"),
    ("verb", "sure"),
    ("sides", "short"),
    ("title",),
    ("title", "case"),
    ("again", "short"),
    ("again", "left"),
    ("parts",),
    ("closed",),
)
_READ = tuple((itemgetter(*row), len(row) > 1) for row in _KIND_FEATURES)


_SIZES = (1, 2, 3, 4, 6, 9, 14, 25)  # words


def _word_facts(quotation: Quotation) -> dict[str, Fact]:
    """The quoted words.

    How many, with what capitals, person and end, and whether they hold a finite verb.
    """
    content = " ".join(part.text for part in quotation.parts)
    words = _WORDS.findall(content)
    lower = [word.lower() for word in words]
    size = bisect_left(_SIZES, len(words))
    capitals = sum([word[0].isupper() for word in words]) / max(len(words), 1)
    return {
        "size": size,
        "short": min(size, 5),
        "case": (
            "title"
            if capitals > 0.65 and len(words) > 1
            else "upper"
            if content[:1].isupper()
            else "lower"
            if content[:1].islower()
            else "none"
        ),
        "stop": content[-1:] if content[-1:] in ",.!?…" else "none",
        "person": (
            "first"
            if PRONOUNS_FIRST.intersection(lower)
            else "second"
            if PRONOUNS_SECOND.intersection(lower)
            else "none"
        ),
        "finite": bool(_FINITE.search(content.lower())),
        "closed": quotation.closed,
    }


def _surrounding_facts(text: str, quotation: Quotation) -> dict[str, Fact]:
    """The words right before and after a quotation, and whether its own stand near by again."""
    gap = text[max(0, quotation.start - 40) : quotation.start]
    before = _WORDS_AND_MARKS.findall(gap)
    after = text[quotation.end : quotation.end + 3].strip()
    left = before[-1].lower() if before else "^"
    if left[-1].isalnum() and "\n" in gap[len(gap.rstrip()) :]:
        left = "."  # a heading's or a signature's last word is not the sentence's
    return {
        "left": (
            left
            if left in _LEFT_WORDS
            else "speech"
            if left in REPORTING_VERBS
            else "word"
            if left[:1].isalnum()
            else "mark"
        ),
        "follows": "none" if not after else after[0] if not after[0].isalnum() else "word",
        "title": bool({word.lower() for word in before[-4:]} & WORK_NOUNS),
        "again": _stands_again(text, quotation),
    }


def _stands_again(text: str, quotation: Quotation) -> bool:
    """Whether a few quoted words stand near by a second time.

    A term or a name does, speech does not.
    """
    content = " ".join(part.text for part in quotation.parts).rstrip(",.").lower()
    if len(content) <= 3 or len(content.split()) > _TERM:
        return False
    lower = _lowered(text)
    reaches = (
        (max(0, quotation.start - _AROUND), quotation.start),
        (quotation.end, quotation.end + _AROUND),
    )
    return any(_holds_word(lower, content, start, end) for start, end in reaches)


def _holds_word(text: str, word: str, start: int, end: int) -> bool:
    """Whether ``word`` stands in ``text[start:end]`` with the edges of words around it."""
    at = text.find(word, start, end)
    while at >= 0 and not (_is_edge(text, at) and _is_edge(text, at + len(word))):
        at = text.find(word, at + 1, end)
    return at >= 0


def _is_edge(text: str, at: int) -> bool:
    return _in_word(text[at - 1 : at]) != _in_word(text[at : at + 1])


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


@lru_cache(maxsize=1)
def _lowered(text: str) -> str:
    return text.lower()


_KEPT_KEYS, _SIDES = ("cue=", "near="), ("before|", "after|", "inside|", "around|")
_READ_KEYS = (*_KEPT_KEYS, *_SIDES, "who=")


def _candidate_facts(source: str, keys: Sequence[str], probability: float) -> dict[str, Fact]:
    """The candidate that names the speaker.

    What it is, on which side it stands, and how sure it is.
    """
    return {
        "source": source,
        "verb": next(
            (key.split("|")[-1] for key in keys if key.startswith("who=") and "|" in key), "none"
        ),
        "sides": "+".join(sorted({key.split("|")[0] for key in keys if key.startswith(_SIDES)})),
        "sure": min(int(probability * 5), 4),
    }


_LEFT_WORDS = word_set(
    "the a an of to as that and or for in on by with his her its their is was so-called called ^ ,"
    " : ( “ ; —"
)


_SIGNED = frozenset({"label", "signature"})
_SIGNED_WORDS = 4


@dataclass(frozen=True, slots=True)
class KindModel:
    """A multinomial linear model: for every feature the weights of the three kinds.

    >>> KindModel({"size=8": (2.0, 0.0, -2.0)}).probabilities({"size=8": 1.0})[0] > 0.8
    True
    """

    weights: Mapping[str, Sequence[float]]

    def probabilities(self, features: Features) -> tuple[float, float, float]:
        """The probabilities of ``direct``, ``mixed`` and ``other`` by the names of the features.

        They add up to 1.
        """
        rows = [row for name in features if (row := self.weights.get(name)) is not None]
        scores = [sum(column) for column in zip(*rows, strict=True)] or [0.0] * len(KINDS)
        top = max(scores)
        exponentials = [math.exp(score - top) for score in scores]
        total = sum(exponentials)
        return exponentials[0] / total, exponentials[1] / total, exponentials[2] / total

    def decide(self, quotation: Quotation, source: str, features: Features) -> str:
        """The kind of a quotation.

        The most probable one, but whole words that somebody signed are always speech.
        """
        chances = self.probabilities(features)
        signed = source in _SIGNED and len(quotation.parts[0].text.split()) >= _SIGNED_WORDS
        return KINDS[max(range(2 if signed else 3), key=chances.__getitem__)]
