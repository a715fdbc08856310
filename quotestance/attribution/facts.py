"""Facts: how an introduction stands to a quotation, and the features made of it."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from quotestance.attribution.introductions import Introduction, ParsedContext, sentence_of
from quotestance.linear import Fact, FeatureRows, Features
from quotestance.marks.contexts import Context, Place

# The features of an introduction, as conjunctions of facts about it (see ``_facts``).
_ROWS = FeatureRows(
    "ties",
    "who",
    "side same verb",
    "side same distance",
    "side same ties verb shape",
    "dep side same",
    "how verb side",
    "type verb",
    "between side same",
    "near side same verb",
    "near side same ties shape",
    "near how side",
    "form side same ties",
    "rival side verb same",
    prefixes={
        **dict.fromkeys(("side", "same", "verb", "distance", "ties", "shape"), ""),
        "type": "who=",
    },
)
_REACH = 1  # sentences between a quotation and what introduces it; not tuned
# Introductions that are looked at for a quotation; the most of the annotated sets are 17.
MOST = 20
_OF_OTHERS = frozenset({"quoted", "noun"})  # constructions whose source need not be the subject
_LEXICAL = frozenset({"speech", "manner", "noun"})


class CueFacts(NamedTuple):
    """What is known of an introduction beside a quotation: by name, as features, and as a prior."""

    facts: dict[str, Fact]
    features: Features
    rank: float
    distance: int


def cue_facts(
    shape: str, parsed: ParsedContext, places: Sequence[Place]
) -> Iterator[tuple[Introduction, CueFacts]]:
    """The introductions in reach of a quotation's places in a context, with their facts."""
    nearby = _unreported(parsed, _nearby(parsed, places), places)
    nearness = _order(nearby, places)
    for number, introduction in enumerate(nearby):
        facts = _facts(shape, parsed, introduction, nearby, places)
        if facts is None:
            continue
        facts["near"] = min(nearness.get(number, 0), 3)
        yield introduction, _described(introduction, facts)


def _described(introduction: Introduction, facts: dict[str, Fact]) -> CueFacts:
    """The facts of an introduction with the features and the prior they make."""
    words = int(facts.pop("words"))
    names = _ROWS.names(facts)
    if introduction.verb_class in _LEXICAL and facts["same"] == "same":
        facts["lemma"] = introduction.lemma
        names.append(f"cue={introduction.lemma}")
    features = dict.fromkeys(names, 1.0)
    rank = _rank(facts, words)
    features["distance"], features["rank"] = math.log1p(words), rank
    return CueFacts(facts, features, rank, words)


def _nearby(parsed: ParsedContext, places: Sequence[Place]) -> Sequence[Introduction]:
    """The introductions in reach of a quotation's places, in order.

    Of its own sentences, and where no reporting verb stands there, around them.
    """
    first, last = (
        sentence_of(parsed.context, places[0].start),
        sentence_of(parsed.context, places[-1].start),
    )
    own = _within(parsed.introductions, first, last)
    if not any(introduction.verb_class == "speech" for introduction in own):
        own = _within(parsed.introductions, first - _REACH, last + _REACH)
    return _nearest(own, places[0].start, places[-1].end)


def _nearest(introductions: Sequence[Introduction], start: int, end: int) -> Sequence[Introduction]:
    """At most ``MOST`` introductions, the nearest ones, in order."""
    if len(introductions) <= MOST:
        return introductions

    def apart(number: int) -> int:
        cue = introductions[number].cue
        return max(start - cue[1], cue[0] - end)

    kept = sorted(range(len(introductions)), key=apart)[:MOST]
    return [introductions[number] for number in sorted(kept)]


def _unreported(
    parsed: ParsedContext, introductions: Sequence[Introduction], places: Sequence[Place]
) -> Sequence[Introduction]:
    """The introductions without those that only report that another said the words.

    "Holt criticised Silva for saying “...”": what governs a verb of saying whose source is
    somebody else's object does not introduce the words itself, nor what governs a noun for
    somebody's words ("rejected Silva's claim that “...”").
    """
    heads = [parsed.heads[place.quotation, place.part] for place in places]
    quoted = [found for found in introductions if found.construction in _OF_OTHERS]
    if not any(_is_tied(found, "above", heads) for found in quoted):
        return introductions
    return [found for found in introductions if not _is_tied(found, "over", heads)]


def _is_tied(introduction: Introduction, tie: str, heads: Sequence[Mapping[int, str]]) -> bool:
    """Whether the parse ties an introduction to one of a quotation's parts in this way."""
    return any(tied.get(introduction.token) == tie for tied in heads)


def _within(introductions: Sequence[Introduction], first: int, last: int) -> Sequence[Introduction]:
    """The introductions of the sentences from ``first`` to ``last``."""
    return introductions[
        bisect_left(introductions, first, key=_sentence) : bisect_right(
            introductions, last, key=_sentence
        )
    ]


def _sentence(introduction: Introduction) -> int:
    return introduction.sentence


def _order(introductions: Sequence[Introduction], places: Sequence[Place]) -> dict[int, int]:
    """The number of an introduction -> its rank by nearness among those on the same side of the
    quotation, 0 the nearest; none where it stands inside."""
    start, end = places[0].start, places[-1].end
    before = [(start - found.cue[1], number) for number, found in enumerate(introductions)]
    after = [(found.cue[0] - end, number) for number, found in enumerate(introductions)]
    return _ranks(before) | _ranks(after)


def _ranks(gaps: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Number -> its rank by its gap; negative gaps are on the other side and have none."""
    near = sorted(gap for gap in gaps if gap[0] >= 0)
    return {number: rank for rank, (_, number) in enumerate(near)}


_COUNTS = (0, 1, 2, 3, 5, 8, 12, 20)  # the upper bounds of buckets of words; not tuned


def bucket(count: int, limits: Sequence[int] = _COUNTS) -> int:
    """The number of the bucket that a count falls into.

    >>> bucket(4)
    4
    """
    return bisect_left(limits, count)


_PLACES = {0: "same", -1: "prev", 1: "next"}  # sentences from the quotation's own to the cue's


def _facts(
    shape: str,
    parsed: ParsedContext,
    introduction: Introduction,
    nearby: Sequence[Introduction],
    places: Sequence[Place],
) -> dict[str, Fact] | None:
    """What an introduction is and how it stands to a quotation; None where it is out of reach."""
    start, end = introduction.bounds
    place = min(places, key=lambda p: min(abs(p.end - start), abs(end - p.start)))
    sentence = sentence_of(parsed.context, place.start)
    apart = introduction.sentence - sentence
    if abs(apart) > _REACH:
        return None
    side, gap = _side(parsed.context.text, introduction, place, places)
    words = len(gap.split())
    sort = introduction.mention.type
    return {
        "side": side,
        "same": _PLACES[apart],
        "shape": shape,
        "verb": introduction.verb_class,
        "ties": parsed.heads[place.quotation, place.part].get(introduction.token, "beside"),
        "dep": introduction.dependency,
        "form": introduction.form,
        "how": introduction.construction,
        "who": introduction.words.lower() if sort == "pronoun" else sort,
        "type": sort,
        "words": words,
        "distance": bucket(words),
        "rival": _rival(introduction, nearby, place, sentence),
        "between": min(_between(parsed.context, introduction, place, places), 2),
    }


def _side(
    text: str, introduction: Introduction, place: Place, places: Sequence[Place]
) -> tuple[str, str]:
    """Where an introduction stands to a quotation (before, after, inside between two parts,
    around), and the words between them."""
    start, end = introduction.bounds
    if end <= place.start:
        return "before", text[end : place.start]
    if start < place.end:
        return "around", ""
    follows = any(other.start >= end for other in places)
    return "inside" if follows else "after", text[place.end : start]


def _between(
    context: Context, introduction: Introduction, place: Place, places: Sequence[Place]
) -> int:
    """How many other quotations stand between an introduction and a quotation."""
    if len(places) == len(context.places):
        return 0
    start, end = introduction.bounds
    left, right = min(end, place.end), max(start, place.start)
    inside = context.places[
        bisect_left(context.places, left, key=_place_start) : bisect_left(
            context.places, right, key=_place_start
        )
    ]
    return sum(1 for other in inside if other not in places)


def _place_start(place: Place) -> int:
    return place.start


def _rival(
    introduction: Introduction, nearby: Sequence[Introduction], place: Place, sentence: int
) -> str:
    """Whether another reporting verb stands in the quotation's sentence on the other side of it."""
    after = introduction.cue[0] >= place.end
    rivals = (
        other.sentence == sentence
        and other.verb_class == "speech"
        and (other.cue[0] >= place.end) != after
        for other in nearby
    )
    return "yes" if any(rivals) else "no"


# How much an introduction looks like a quotation's own, by its class, where it stands (in another
# sentence: 0.3) and each word between; the ranking learns the rest, so these are rough, not tuned.
_VERB_RANK = {"speech": 1.0, "phrase": 0.9, "manner": 0.7, "noun": 0.6, "other": 0.3}
_ELSEWHERE, _UNTIED = 0.3, 0.83
_PER_WORD = 0.15


def _rank(facts: Mapping[str, Fact], words: int) -> float:
    """A rough prior in [0, 1]: how much an introduction looks like this quotation's own."""
    sentence = 1.0 if facts["same"] == "same" else _ELSEWHERE
    tied = 1.0 if facts["ties"] == "above" else _UNTIED
    near = sentence / (1 + _PER_WORD * words) / (1 + int(facts["between"]))
    return _VERB_RANK[str(facts["verb"])] * near * tied
