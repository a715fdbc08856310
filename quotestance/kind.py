"""Kinds: whether marked words are a direct quotation, a phrase quoted inside the journalist's sentence, or no speech at all.

Titles of works, nicknames, scare quotes, terms and slogans stand between quotation marks too. A linear model over the shape of the
words, what stands around them and what introduces them tells the three apart.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quotestance.lexicon import PRONOUNS_FIRST, PRONOUNS_SECOND, REPORTING_VERBS, WORK_NOUNS, word_set
from quotestance.quotation import Quotation

KINDS = ("direct", "mixed", "other")
Features = dict[str, float]

_FINITE = re.compile(r"\b(?:is|are|was|were|am|be|been|has|have|had|do|does|did|will|would|can|could|should|must|may|might|shall|\w+n[’']t|[’'](?:s|re|ve|ll|m|d))\b")


def kind_features(text: str, quotation: Quotation, source: str, keys: Mapping[str, float], probability: float) -> Features:
    """The features of a quotation: its words, its surroundings, and the candidate (``source`` and ``keys``) that names its speaker."""
    content = " ".join(part.text for part in quotation.parts)
    words = re.findall(r"[\w’'-]+", content)
    lower = [word.lower() for word in words]
    before = re.findall(r"[\w’'-]+|[^\w\s]", text[max(0, quotation.start - 40) : quotation.start])
    after = text[quotation.end : quotation.end + 3]
    size = next((number for number, limit in enumerate((1, 2, 3, 4, 6, 9, 14, 25)) if len(words) <= limit), 8)
    capitals = sum(word[:1].isupper() for word in words) / max(len(words), 1)
    case = "title" if capitals > 0.65 and len(words) > 1 else "upper" if content[:1].isupper() else "lower" if content[:1].islower() else "none"
    stop = content[-1:] if content[-1:] in ",.!?…" else "none"
    left = before[-1].lower() if before else "^"
    left_class = left if left in _LEFT_WORDS else "speech" if left in REPORTING_VERBS else "word" if left[:1].isalnum() else "mark"
    person = "first" if PRONOUNS_FIRST.intersection(lower) else "second" if PRONOUNS_SECOND.intersection(lower) else "none"
    follows = "none" if not after.strip() else after.strip()[0] if not after.strip()[0].isalnum() else "word"
    finite = bool(_FINITE.search(content.lower()))
    sides = sorted({key.split("|")[0] for key in keys if key.startswith(("before|", "after|", "inside|", "around|"))})
    verb = next((key.split("|")[-1] for key in keys if key.startswith("who=") and "|" in key), "none")
    sure = min(int(probability * 5), 4)
    near = bool({word.lower() for word in before[-4:]} & WORK_NOUNS)
    names = [
        f"size={size}",
        f"case={case}",
        f"stop={stop}",
        f"size={size}|case={case}",
        f"size={min(size, 5)}|stop={stop}",
        f"left={left_class}",
        f"left={left_class}|size={min(size, 5)}",
        f"left={left_class}|case={case}",
        f"person={person}",
        f"finite={finite}|size={size}",
        f"follows={follows}",
        f"follows={follows}|case={case}",
        f"source={source}",
        f"source={source}|verb={verb}|size={min(size, 5)}",
        f"verb={verb}|left={left_class}",
        f"verb={verb}|sure={sure}",
        f"side={'+'.join(sides)}|size={min(size, 5)}",
        f"title={near}",
        f"title={near}|case={case}",
        f"parts={min(len(quotation.parts), 2)}",
        f"closed={quotation.closed}",
        *(f"key={key}" for key in keys if key.startswith(("cue=", "near=", "height="))),
    ]
    return dict.fromkeys(names, 1.0)


_LEFT_WORDS = word_set("the a an of to as that and or for in on by with his her its their is was so-called called ^ , : ( “ ; —")


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
        """The probabilities of ``direct``, ``mixed`` and ``other``; they add up to 1."""
        scores = [0.0, 0.0, 0.0]
        for name, value in features.items():
            for number, weight in enumerate(self.weights.get(name, ())):
                scores[number] += weight * value
        top = max(scores)
        exponentials = [math.exp(score - top) for score in scores]
        total = sum(exponentials)
        return exponentials[0] / total, exponentials[1] / total, exponentials[2] / total

    def decide(self, quotation: Quotation, source: str, features: Features) -> str:
        """The kind of a quotation: the most probable one, but whole words that somebody signed are always speech."""
        chances = self.probabilities(features)
        signed = source in _SIGNED and len(quotation.parts[0].text.split()) >= _SIGNED_WORDS
        return KINDS[max(range(2 if signed else 3), key=chances.__getitem__)]
