"""Candidates: all that could be the source of a quotation.

The cues of its context with their mentions, a label ("KERRY: ..."), a signature ("... - Kerry"),
the source of the quotation before, and nobody; each with the facts and the features about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from quotestance.attribution.facts import bucket, cue_facts
from quotestance.attribution.introductions import ParsedContext
from quotestance.attribution.mentions import Mention, mention_of
from quotestance.attribution.rules import Source, first_rule
from quotestance.letters import UPPER
from quotestance.lexicon import NOT_NAMES, ROLE_MODIFIERS, ROLES, SPEECH_VERBS
from quotestance.linear import Fact, Features
from quotestance.marks.contexts import Place
from quotestance.marks.paragraphs import Bounds
from quotestance.marks.quotations import Quotation

_NOTHING: Mapping[str, Fact] = {}


class Candidate(NamedTuple):
    """A possible source of a quotation.

    Its mention and cue as offsets in the text, the features that speak for it, the facts of a cue,
    how much it looks like the quotation's own (``rank``) and how many words off it is.
    """

    source: Source
    mention: Mention | None
    cue: Bounds | None
    features: Features
    facts: Mapping[str, Fact] = _NOTHING
    rank: float = 0.0
    distance: int = 0


# A word of a name; one that follows stands behind a single space, so that a run of them can be read
# in one way only.
_CAPITAL = rf"{UPPER}[\w.’'-]{{0,80}}"
_LABEL = re.compile(
    rf"(?:^|[\n.!?”\"])\s{{0,80}}({_CAPITAL}(?:\s{_CAPITAL}){{0,5}}\s?)"
    r"(?:\([^)\n]{1,40}\)\s?)?:\s{0,12}[“\"'‘«]?\s{0,12}$"
)
_ROLE_WORDS = "|".join(sorted(ROLES | ROLE_MODIFIERS | {"of", "the", "and", "for"}))
# A label on a line of its own may begin with a bullet and a role in small letters, and give an age:
# "- Union leader Ana Low, 41: ...".
_LINE_LABEL = re.compile(
    r"(?:^|\n)[ \t]*(?:[-–—•*·][ \t]*)?"
    rf"(@\w{{2,30}}|{_CAPITAL}(?:\s(?:{_CAPITAL}|(?:{_ROLE_WORDS})(?=[ \t]))){{0,7}}\s?)"
    r"(?:,[ \t]\d{1,3}[ \t]*|\([^)\n]{1,40}\)[ \t]*)?:\s*[“\"'‘«]?\s*$"
)
# A lead without a verb, with what somebody is or speaks of: "And from Chairwoman Ana Low:",
# "Ana Low, for the Greens:", "Ana Low on the ruling:".
_LEAD = re.compile(
    r"(?:^|[\n.!?”\"])\s{0,3}(?:(?:And|This|Then|Also)\s)?(?:[Ff]rom\s)?"
    rf"({_CAPITAL}(?:\s{_CAPITAL}){{0,5}})"
    r"((?:,\s|\son\s)[^:.\n“”\"]{1,60})?:\s{0,12}[“\"'‘«]?\s{0,12}$"
)
# What looks like a signature is the label of the next line.
_LABELS_ON = re.compile(r"[^\n:]*:[ \t]*[“\"]")
_LABEL_REACH = 12  # characters between a label's colon and the quoted words: a mark and white space
_LABEL_LENGTH = 120  # characters of a label and the line it opens
_FROM = re.compile(r"\b[Ff]rom\s")
_SIGNS = re.compile(r"[”\"'’»]*\s*[—–―~(-]")
_SIGNATURE = re.compile(
    r"[”\"'’»]*[ \t\n]*(?:[—–―~-]{1,2}|[(])"
    rf"\s*({_CAPITAL}(?:\s{_CAPITAL}){{0,5}}\s?)(?=[,.)\n(]|$)"
)


class _View:
    """One quotation in its document: what the candidates and their features are read from."""

    __slots__ = ("context", "parts", "quotation", "shape", "text")

    def __init__(
        self, text: str, quotation: Quotation, parsed: Sequence[tuple[Place, ParsedContext]]
    ):
        self.text, self.quotation = text, quotation
        self.parts = parsed
        self.context = parsed[0][1].context
        self.shape = shape(text, quotation)


def shape(text: str, quotation: Quotation) -> str:
    """How a quotation sits in its sentence, from its characters: ``clause`` or ``fragment``, told
    by case and punctuation.

    >>> from quotestance.marks.quotations import find_quotations
    >>> text = 'He called it a "first step."'
    >>> shape(text, find_quotations(text)[0])
    'fragment'
    """
    content = quotation.parts[0].text
    before = text[max(0, quotation.start - 30) : quotation.start].rstrip()[-1:]
    starts_low = content[:1].islower()
    if before.isalnum() and (starts_low or len(content.split()) <= 4):
        return "fragment"
    if starts_low and len(content.split()) <= 4:
        return "fragment"
    return "clause"


def candidates_of(
    text: str,
    quotation: Quotation,
    parsed: Sequence[tuple[Place, ParsedContext]],
    previous: Mention | None,
    gap: str,
) -> list[Candidate]:
    """All candidates for a quotation, with features.

    ``parsed`` are its places with their contexts, ``previous`` the mention chosen for the quotation
    before, ``gap`` the text between that quotation and this one.
    """
    view = _View(text, quotation, parsed)
    found = [*_from_cues(view), *_from_label(view), *_from_signature(view)]
    best_rule = _take(found)
    own = max((candidate.rank for candidate in found), default=0.0)
    if previous is not None:
        found.append(
            Candidate(
                "previous",
                previous,
                None,
                _previous_features(view, gap, own, best_rule is not None),
            )
        )
    found.append(Candidate("nobody", None, None, _nobody_features(view, bool(found))))
    if best_rule is None:
        best_rule = next(
            index
            for index, candidate in enumerate(found)
            if candidate.source in ("previous", "nobody")
        )
    chosen = found[best_rule]
    features = {**chosen.features, f"rule={chosen.source}": 1.0}
    found[best_rule] = chosen._replace(features=features)
    return found


def _take(candidates: Sequence[Candidate]) -> int | None:
    """The candidate that the first fitting rule takes (of several the nearest), or None."""
    passed = [
        (rule, candidate.distance, index)
        for index, candidate in enumerate(candidates)
        if (rule := first_rule(candidate.source, candidate.facts)) is not None
    ]
    return min(passed)[2] if passed else None


def _from_cues(view: _View) -> Iterator[Candidate]:
    """A candidate for every introduction in reach, context by context."""
    contexts: dict[int, tuple[ParsedContext, list[Place]]] = {}
    for place, parsed in view.parts:
        contexts.setdefault(id(parsed), (parsed, []))[1].append(place)
    for parsed, places in contexts.values():
        for introduction, known in cue_facts(view.shape, parsed, places):
            yield Candidate(
                "cue",
                introduction.mention,
                introduction.cue_in_text,
                known.features,
                known.facts,
                known.rank,
                known.distance,
            )


# How much a label and a signature look like a quotation's own, beside the ranks of cues; not tuned.
_LABEL_RANK, _SIGNATURE_RANK = 0.8, 0.6


def _from_label(view: _View) -> Iterator[Candidate]:
    start = view.quotation.parts[0].start
    if ":" not in view.text[max(0, start - _LABEL_REACH) : start]:
        return
    reach = max(0, start - _LABEL_LENGTH), start
    match = _lead(view.text, *reach) or _LABEL.search(view.text, *reach)
    match = match or _LINE_LABEL.search(view.text, *reach)
    if match:
        left, right = match.start(1), match.start(1) + len(match.group(1).rstrip())
        colon = view.text.index(":", right)
        yield Candidate(
            "label",
            mention_of(view.text, left, right),
            (colon, colon + 1),
            {"label": 1.0, f"label|{view.shape}": 1.0, "rank": _LABEL_RANK},
            rank=_LABEL_RANK,
        )


def _lead(text: str, start: int, end: int) -> re.Match[str] | None:
    """The lead before a quotation; one with a verb of saying is left to the cues."""
    match = _LEAD.search(text, start, end)
    if match is None or (match.group(2) is None and not _FROM.search(match.group())):
        return None
    named = any(word.lower() not in NOT_NAMES for word in match.group(1).split())
    said = SPEECH_VERBS.keys() & (match.group(2) or "").replace(",", "").split()
    return match if named and not said else None


def _from_signature(view: _View) -> Iterator[Candidate]:
    end = view.quotation.end
    match = _SIGNATURE.match(view.text, end, end + 120) if _SIGNS.match(view.text, end) else None
    if match and not _LABELS_ON.match(view.text, match.end(1), match.end(1) + 60):
        left, right = match.start(1), match.start(1) + len(match.group(1).rstrip())
        line = "line" if "\n" in view.text[end:left] else "same"
        yield Candidate(
            "signature",
            mention_of(view.text, left, right),
            None,
            {"signature": 1.0, f"signature|{line}|{view.shape}": 1.0, "rank": _SIGNATURE_RANK},
            rank=_SIGNATURE_RANK,
        )


def where(quotation: Quotation, paragraph: Bounds) -> str:
    """Whether a quotation opens its paragraph, fills it, closes it or stands inside it.

    >>> from quotestance.marks.quotations import find_quotations
    >>> text = "“No,” she said."
    >>> where(find_quotations(text)[0], (0, len(text)))
    'opens'
    """
    start, end = paragraph
    return _WHERE[quotation.start <= start + 1, quotation.end >= end - 1]


_WHERE = {  # opens its paragraph, closes it
    (True, True): "fills",
    (True, False): "opens",
    (False, True): "closes",
    (False, False): "inside",
}


_MANY_WORDS = 21  # as many as make the last bucket
_ENDS = {
    "": "stop",
    ".": "stop",
    "!": "stop",
    "?": "stop",
    ",": "comma",
    ";": "comma",
    ":": "colon",
}


def _breaks(view: _View, gap: str) -> int:
    """How a gap breaks: 0 not at all, 1 at a line, 2 where it is blank and ends a paragraph."""
    if gap.strip() or "\n" not in gap:
        return int("\n" in gap)
    return 1 + (view.context.paragraph[0] > view.quotation.start - len(gap))


def _previous_features(view: _View, gap: str, own: float, ruled: bool) -> Features:
    breaks = _breaks(view, gap)
    place = where(view.quotation, view.context.paragraph)
    words = bucket(len(gap.split(None, _MANY_WORDS)))
    ends = _ENDS.get(gap.rstrip()[-1:], "word")
    strength = bucket(int(own * 10), (0, 1, 2, 3, 5, 7))
    keys = [
        "previous",
        f"previous|{place}|{view.shape}",
        f"previous|breaks={breaks}|{place}",
        f"previous|breaks={breaks}|words={words}",
        f"previous|{ends}|breaks={breaks}|{view.shape}",
        f"previous|own={strength}",
        f"previous|own={strength}|{place}|breaks={breaks}",
        f"previous|ruled={ruled}|{place}|{view.shape}",
    ]
    return dict.fromkeys(keys, 1.0)


def _nobody_features(view: _View, others: bool) -> Features:
    return dict.fromkeys(
        [
            "nobody",
            f"nobody|{view.shape}",
            f"nobody|others={others}",
            f"nobody|{where(view.quotation, view.context.paragraph)}",
        ],
        1.0,
    )
