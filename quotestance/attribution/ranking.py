"""Attribution: of all that could name the source of a quotation, the words that most probably do.

Every quotation gets its candidates: the cues of its context with their mentions, a label ("KERRY:
..."), a signature ("... - Kerry"), the source of the quotation before, and nobody. Each is
described by features of position, punctuation, parse and sequence; a linear model trained on
annotated news ranks them. ``RULES`` is the same decision as an ordered table of sieves: it is a
feature of the model, and its explanation.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

from quotestance.attribution.cues import Cue, find_cues
from quotestance.attribution.mentions import Mention, head_type, mention_of, mention_span
from quotestance.attribution.turns import TURN_RIGHT, Turns, is_dialogue
from quotestance.lexicon import MANNER_VERBS, ROLE_MODIFIERS, ROLES, SPEECH_VERBS
from quotestance.marks.contexts import Context, Place
from quotestance.marks.paragraphs import Bounds
from quotestance.marks.quotations import Quotation

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

Source = Literal["cue", "label", "signature", "previous", "turn", "nobody"]
Features = dict[str, float]


class Introduction(NamedTuple):
    """A cue with its mention, and the facts of the parse that features read.

    ``cue`` and ``bounds`` (the stretch that holds cue and mention) are offsets in the context,
    ``mention`` and ``cue_in_text`` in the text. ``verb_class`` is speech, manner, noun, phrase or
    other: how sure the word alone is a cue.
    """

    cue: Bounds
    bounds: Bounds
    mention: Mention
    cue_in_text: Bounds
    lemma: str
    construction: str
    verb_class: str
    words: str
    token: int
    dependency: str
    form: str
    sentence: int


def _verb_class(cue: Cue) -> str:
    if cue.construction in ("noun", "phrase"):
        return cue.construction
    return (
        "speech"
        if cue.lemma in _SPEECH_LEMMAS
        else "manner"
        if cue.lemma in _MANNER_LEMMAS
        else "other"
    )


_SAYING = frozenset({"speech", "manner"})
_SPEECH_LEMMAS = frozenset(SPEECH_VERBS.values())
_MANNER_LEMMAS = frozenset(MANNER_VERBS.values())


@dataclass(frozen=True, slots=True)
class ParsedContext:
    """A context, its parse, and what introduces speech in it.

    ``heads`` are the tokens above each part of a quotation (see ``_heads``).
    """

    context: Context
    doc: Doc
    masked: frozenset[int]
    introductions: tuple[Introduction, ...]
    heads: Mapping[tuple[int, int], Mapping[int, str]]


def parse_context(context: Context, doc: Doc) -> ParsedContext:
    """Find the introductions in the parse of a context."""
    spans = {
        (place.quotation, place.part): doc.char_span(
            place.start, place.end, alignment_mode="expand"
        )
        for place in context.places
    }
    masked = frozenset(
        number
        for span in spans.values()
        if span is not None
        for number in range(span.start, span.end)
    )
    introductions = tuple(
        found
        for cue in find_cues(doc, masked)
        if (found := _introduction(context, doc, cue, masked)) is not None
    )
    saying = {found.token for found in introductions if found.verb_class in _SAYING}
    heads = {
        place: _heads(span, saying) if span is not None and len(span) else {}
        for place, span in spans.items()
    }
    return ParsedContext(context, doc, masked, introductions, heads)


def _heads(span: Span, saying: Container[int]) -> dict[int, str]:
    """The tokens above a span in the parse.

    ``above`` up to the first verb of saying, which governs it, and ``over`` that one.
    """
    heads: dict[int, str] = {}
    tie = "above"
    for head in span.root.ancestors:
        heads[head.i] = tie
        if head.i in saying:
            tie = "over"
    return heads


def _introduction(
    context: Context, doc: Doc, cue: Cue, masked: frozenset[int]
) -> Introduction | None:
    start, end = _characters(doc, *mention_span(doc, cue.source, masked))
    words = context.text[start:end]
    if not any(character.isalnum() for character in words):
        return None
    here, verb, head = _characters(doc, cue.start, cue.end), doc[cue.start], doc[cue.source]
    return Introduction(
        cue=here,
        bounds=(min(here[0], start), max(here[1], end)),
        mention=Mention(
            *context.text_bounds((start, end)),
            context.text_bounds((head.idx, head.idx + len(head))),
            head_type(doc, cue.source),
        ),
        cue_in_text=context.text_bounds(here),
        lemma=cue.lemma,
        construction=cue.construction,
        verb_class=_verb_class(cue),
        words=words,
        token=cue.start,
        dependency=verb.dep_,
        form=verb.tag_,
        sentence=_sentence_of(context, here[0]),
    )


def _characters(doc: Doc, start: int, end: int) -> Bounds:
    """The characters of the tokens ``start:end``."""
    last = doc[end - 1]
    return doc[start].idx, last.idx + len(last)


def _sentence_of(context: Context, position: int) -> int:
    return max(bisect_right(context.sentences, (position, len(context.text) + 1)) - 1, 0)


# ---------- candidates
class Candidate(NamedTuple):
    """A possible source of a quotation.

    Its mention and cue as offsets in the text, and the features that speak for it.
    """

    source: Source
    mention: Mention | None
    cue: Bounds | None
    features: Features
    words: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The chosen candidate of a quotation, the probability that it is right, and what speaks for
    it, in words."""

    candidate: Candidate
    probability: float
    evidence: str


_CAPITAL = r"[^\W\d_a-z][\w.’'-]*\s?"
_LABEL = re.compile(
    rf"(?:^|[\n.!?”\"])\s*((?:{_CAPITAL}){{1,6}})(?:\([^)\n]{{1,40}}\)\s?)?:\s*[“\"'‘«]?\s*$"
)
_ROLE_WORDS = "|".join(sorted(ROLES | ROLE_MODIFIERS | {"of", "the", "and", "for"}))
# A label on a line of its own may begin with a bullet and a role in small letters, and give an age:
# "- Union leader Ana Low, 41: ...".
_LINE_LABEL = re.compile(
    r"(?:^|\n)[ \t]*(?:[-–—•*·][ \t]*)?"
    rf"(@\w{{2,30}}|{_CAPITAL}(?:(?:{_ROLE_WORDS})[ \t]|{_CAPITAL}){{0,7}})"
    r"(?:,[ \t]\d{1,3}[ \t]*|\([^)\n]{1,40}\)[ \t]*)?:\s*[“\"'‘«]?\s*$"
)
# What looks like a signature is the label of the next line.
_LABELS_ON = re.compile(r"[^\n:]*:[ \t]*[“\"]")
_LABEL_REACH = 12  # characters between a label's colon and the quoted words: a mark and white space
_SIGNS = re.compile(r"[”\"'’»]*\s*[—–―~(-]")
_SIGNATURE = re.compile(
    r"[”\"'’»]*[ \t]*\n?["
    r" \t\n]*(?:[—–―~-]{1,2}|[(])\s*((?:[^\W\d_a-z][\w.’'-]*\s?){1,6})(?=[,.)\n(]|$)"
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
    best_rule = _apply_rules(found)
    own = max((candidate.features.get("rank", 0.0) for candidate in found), default=0.0)
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
    found[best_rule] = Candidate(
        chosen.source,
        chosen.mention,
        chosen.cue,
        {**chosen.features, f"rule={chosen.source}": 1.0},
        chosen.words,
    )
    return found


def _from_cues(view: _View) -> Iterator[Candidate]:
    seen = set()
    for _, parsed in view.parts:
        if id(parsed) in seen:
            continue
        seen.add(id(parsed))
        places = [p for p, other in view.parts if other is parsed]
        nearby = _nearby(parsed, places)
        for introduction, nearness in zip(nearby, _order(nearby, places), strict=True):
            features = _cue_features(view, parsed, introduction, nearby, places, nearness)
            if features is not None:
                yield Candidate(
                    "cue",
                    introduction.mention,
                    introduction.cue_in_text,
                    features,
                    introduction.words,
                )


def _nearby(parsed: ParsedContext, places: Sequence[Place]) -> Sequence[Introduction]:
    """The introductions in reach of a quotation's places, in order.

    Of its own sentences, and where no reporting verb stands there, around them.
    """
    first, last = (
        _sentence_of(parsed.context, places[0].start),
        _sentence_of(parsed.context, places[-1].start),
    )
    own = _within(parsed.introductions, first, last)
    return (
        own
        if any(introduction.verb_class == "speech" for introduction in own)
        else _within(parsed.introductions, first - _REACH, last + _REACH)
    )


def _within(introductions: Sequence[Introduction], first: int, last: int) -> Sequence[Introduction]:
    """The introductions of the sentences from ``first`` to ``last``."""
    return introductions[
        bisect_left(introductions, first, key=_sentence) : bisect_right(
            introductions, last, key=_sentence
        )
    ]


def _sentence(introduction: Introduction) -> int:
    return introduction.sentence


def _order(introductions: Sequence[Introduction], places: Sequence[Place]) -> list[int]:
    """For each introduction its rank by nearness among those on the same side of the quotation, 0
    the nearest."""
    start, end = places[0].start, places[-1].end
    ranks = [0] * len(introductions)
    cues = [introduction.cue for introduction in introductions]
    before = sorted(
        (index for index, cue in enumerate(cues) if cue[1] <= start),
        key=lambda index: start - cues[index][1],
    )
    after = sorted(
        (index for index, cue in enumerate(cues) if cue[0] >= end),
        key=lambda index: cues[index][0] - end,
    )
    for side in (before, after):
        for rank, index in enumerate(side):
            ranks[index] = rank
    return ranks


def _bucket(count: int, limits: Sequence[int] = (0, 1, 2, 3, 5, 8, 12, 20)) -> int:
    return bisect_left(limits, count)


# The features of an introduction, as conjunctions of facts about it (see ``_facts``).
_CUE_FEATURES: tuple[tuple[str, ...], ...] = (
    ("ties",),
    ("who",),
    ("side", "same", "verb"),
    ("side", "same", "distance"),
    ("side", "same", "ties", "verb", "shape"),
    ("dep", "side", "same"),
    ("how", "verb", "side"),
    ("type", "verb"),
    ("between", "side", "same"),
    ("near", "side", "same", "verb"),
    ("near", "side", "same", "ties", "shape"),
    ("near", "how", "side"),
    ("form", "side", "same", "ties"),
    ("rival", "side", "verb", "same"),
)
_READ = tuple((itemgetter(*row), len(row) > 1) for row in _CUE_FEATURES)
_REACH = 1  # sentences between a quotation and what introduces it
_LEXICAL = frozenset({"speech", "manner", "noun"})


def _cue_features(
    view: _View,
    parsed: ParsedContext,
    introduction: Introduction,
    nearby: Sequence[Introduction],
    places: Sequence[Place],
    nearness: int,
) -> Features | None:
    """What speaks for and against an introduction being the quotation's.

    None where it is out of reach.
    """
    start, end = introduction.bounds
    place = min(places, key=lambda p: min(abs(p.end - start), abs(end - p.start)))
    apart = introduction.sentence - _sentence_of(parsed.context, place.start)
    if abs(apart) > _REACH:
        return None
    side, gap = _side(parsed.context.text, introduction, place, places)
    words = len(gap.split())
    facts = _facts(view, parsed, introduction, place, side)
    facts["distance"], facts["same"] = (
        str(_bucket(words)),
        "same" if apart == 0 else "prev" if apart < 0 else "next",
    )
    facts["near"], facts["rival"] = (
        f"near={min(nearness, 3)}",
        f"rival={_rival(introduction, nearby, place, introduction.sentence - apart)}",
    )
    facts["between"] = f"between={min(_between(parsed.context, introduction, place, places), 2)}"
    keys = ["|".join(read(facts)) if several else read(facts) for read, several in _READ]
    if introduction.verb_class in _LEXICAL and apart == 0:
        keys.append(f"cue={introduction.lemma}")
    features = dict.fromkeys(keys, 1.0)
    features["distance"], features["rank"] = math.log1p(words), _rank(facts, words)
    return features


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
    return ("inside" if any(other.start >= end for other in places) else "after"), text[
        place.end : start
    ]


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


def _facts(
    view: _View, parsed: ParsedContext, introduction: Introduction, place: Place, side: str
) -> dict[str, str]:
    """The facts of an introduction and a quotation that features are made of."""
    sort = introduction.mention.type
    return {
        "side": side,
        "shape": view.shape,
        "verb": introduction.verb_class,
        "ties": parsed.heads[place.quotation, place.part].get(introduction.token, "beside"),
        "dep": f"dep={introduction.dependency}",
        "form": f"form={introduction.form}",
        "how": f"how={introduction.construction}",
        "who": f"who={introduction.words.lower() if sort == 'pronoun' else sort}",
        "type": f"who={sort}",
    }


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


_VERB_RANK = {"speech": 1.0, "phrase": 0.9, "manner": 0.7, "noun": 0.6, "other": 0.3}


def _rank(facts: Mapping[str, str], words: int) -> float:
    """A rough prior in [0, 1]: how much an introduction looks like this quotation's own."""
    near = (
        (1.0 if facts["same"] == "same" else 0.3)
        / (1 + 0.15 * words)
        / (1 + int(facts["between"][-1]))
    )
    return _VERB_RANK[facts["verb"]] * near * (1.0 if facts["ties"] == "above" else 0.83)


def _from_label(view: _View) -> Iterator[Candidate]:
    start = view.quotation.parts[0].start
    if ":" not in view.text[max(0, start - _LABEL_REACH) : start]:
        return
    match = _LABEL.search(view.text, max(0, start - 120), start) or _LINE_LABEL.search(
        view.text, max(0, start - 120), start
    )
    if match:
        left, right = match.start(1), match.start(1) + len(match.group(1).rstrip())
        colon = view.text.index(":", right)
        yield Candidate(
            "label",
            mention_of(view.text, left, right),
            (colon, colon + 1),
            {"label": 1.0, f"label|{view.shape}": 1.0, "rank": 0.8},
            view.text[left:right],
        )


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
            {"signature": 1.0, f"signature|{line}|{view.shape}": 1.0, "rank": 0.6},
            view.text[left:right],
        )


def _where(view: _View) -> str:
    """Whether the quotation opens its paragraph, fills it, closes it or stands inside it."""
    (start, end), quotation = view.context.paragraph, view.quotation
    opens, closes = quotation.start <= start + 1, quotation.end >= end - 1
    return "fills" if opens and closes else "opens" if opens else "closes" if closes else "inside"


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


def _previous_features(view: _View, gap: str, own: float, ruled: bool) -> Features:
    breaks = (
        min(
            gap.count("\n") and 1 + (view.context.paragraph[0] > view.quotation.start - len(gap)), 2
        )
        if gap.strip() == ""
        else ("\n" in gap) * 1
    )
    where = _where(view)
    words = _bucket(len(gap.split(None, _MANY_WORDS)))
    ends = _ENDS.get(gap.rstrip()[-1:], "word")
    strength = _bucket(int(own * 10), (0, 1, 2, 3, 5, 7))
    keys = [
        "previous",
        f"previous|{where}|{view.shape}",
        f"previous|breaks={breaks}|{where}",
        f"previous|breaks={breaks}|words={words}",
        f"previous|{ends}|breaks={breaks}|{view.shape}",
        f"previous|own={strength}",
        f"previous|own={strength}|{where}|breaks={breaks}",
        f"previous|ruled={ruled}|{where}|{view.shape}",
    ]
    return dict.fromkeys(keys, 1.0)


def _nobody_features(view: _View, others: bool) -> Features:
    return dict.fromkeys(
        ["nobody", f"nobody|{view.shape}", f"nobody|others={others}", f"nobody|{_where(view)}"], 1.0
    )


# ---------- rules: sieves in falling precision
# What a candidate must have to pass, all of it: the names of features.
RULES: tuple[tuple[str, frozenset[str]], ...] = (
    ("a label before the quotation", frozenset({"label"})),
    ("a passive with by before it", frozenset({"how=agent|speech|before"})),
    ("a passive with by after it", frozenset({"how=agent|speech|after"})),
    ("a passive with by around it", frozenset({"how=agent|speech|around"})),
    ("a passive with by around it", frozenset({"how=agent|manner|around"})),
    ("a reporting verb right after it", frozenset({"after|same|speech", "after|same|0"})),
    ("a tag inside it", frozenset({"inside|same|speech"})),
    ("a reporting verb right before it", frozenset({"before|same|speech", "before|same|0"})),
    ("a reporting verb above it in the parse", frozenset({"before|same|speech", "above"})),
    ("a verb that takes speech above it in the parse", frozenset({"before|same|manner", "above"})),
    ("a reporting verb after it in its sentence", frozenset({"after|same|speech"})),
    ("a reporting verb before it in its sentence", frozenset({"before|same|speech"})),
    ("a phrase such as according to after it", frozenset({"after|same|phrase"})),
    ("a phrase such as according to before it", frozenset({"before|same|phrase"})),
    ("a signature after it", frozenset({"signature"})),
    ("a verb that takes speech before it", frozenset({"before|same|manner"})),
    ("a verb that takes speech after it", frozenset({"after|same|manner"})),
    ("a noun that holds words before it", frozenset({"before|same|noun"})),
)


_BY_FEATURE = {
    name: [number for number, (_, needed) in enumerate(RULES) if name in needed]
    for _, features in RULES
    for name in features
}


def _first_rule(features: Features) -> int | None:
    """The first rule that a candidate fits."""
    names = features.keys()
    fitting = {
        number
        for name in _BY_FEATURE.keys() & names
        for number in _BY_FEATURE[name]
        if RULES[number][1] <= names
    }
    return min(fitting, default=None)


def _apply_rules(candidates: Sequence[Candidate]) -> int | None:
    """The candidate that the first fitting sieve takes (of several the nearest), or None."""
    rules = [
        (rule, candidate.features.get("distance", 0.0), index)
        for index, candidate in enumerate(candidates)
        if (rule := _first_rule(candidate.features)) is not None
    ]
    return min(rules)[2] if rules else None


_SOURCES = {
    "cue": "a verb near it",
    "previous": "it goes on from the quotation before",
    "turn": "speakers alternate in a dialogue",
    "nobody": "nothing names a source",
    "label": "a label before it",
    "signature": "a signature after it",
}


def _evidence(candidate: Candidate) -> str:
    """Why a candidate was chosen, in words.

    The first rule it fits, else the sort of candidate it is.
    """
    rule = _first_rule(candidate.features)
    return _SOURCES[candidate.source] if rule is None else RULES[rule][0]


# ---------- the ranker
@dataclass(frozen=True, slots=True)
class Ranker:
    """A linear model over candidate features: the probability of each candidate by a softmax over a
    quotation's candidates.

    >>> ranker = Ranker({"good": 2.0})
    >>> [round(p, 2) for p in ranker.probabilities([{"good": 1.0}, {"bad": 1.0}])]
    [0.88, 0.12]
    """

    weights: Mapping[str, float]

    def score(self, features: Features) -> float:
        """The sum of the weights of the features present."""
        get = self.weights.get
        return sum([get(name, 0.0) * value for name, value in features.items()])

    def probabilities(self, candidates: Sequence[Features]) -> list[float]:
        """The probability of each candidate; they add up to 1."""
        scores = [self.score(features) for features in candidates]
        top = max(scores)
        exponentials = [math.exp(score - top) for score in scores]
        total = sum(exponentials)
        return [value / total for value in exponentials]


def attribute(
    text: str,
    quotations: Sequence[Quotation],
    parsed: Sequence[ParsedContext],
    ranker: Ranker,
    speaks: Callable[[Quotation, Attribution], bool] = lambda quotation, attribution: True,
) -> list[Attribution]:
    """The source of every quotation of a text, in order, each decided after the one before.

    ``speaks`` says of each, by what the ranker chose, whether it is speech at all: what is not does
    not count as the quotation before. In a dialogue speakers alternate where nothing beside the
    quotation names one.
    """
    places = places_by_quotation(parsed, len(quotations))
    chosen: list[Attribution] = []
    previous: Mention | None = None
    turns = Turns(text, is_dialogue(quotations))
    last = 0
    for index, quotation in enumerate(quotations):
        gap = text[last : quotation.start]
        paragraph = places[index][0][1].context.paragraph
        best = _choose(candidates_of(text, quotation, places[index], previous, gap), ranker)
        other = (
            turns.other(paragraph, quotation)
            if best.candidate.source in ("previous", "nobody")
            else None
        )
        chosen.append(
            best
            if other is None
            else Attribution(
                Candidate("turn", other, None, {"turn": 1.0}), TURN_RIGHT, _SOURCES["turn"]
            )
        )
        if speaks(quotation, best):
            mention = chosen[-1].candidate.mention
            previous, last = mention or previous, quotation.end
            turns.note(paragraph, quotation, mention)
    return chosen


def _choose(candidates: Sequence[Candidate], ranker: Ranker) -> Attribution:
    """The most probable candidate; candidates with the same mention add up."""
    probabilities = ranker.probabilities([candidate.features for candidate in candidates])
    winner = candidates[max(range(len(candidates)), key=probabilities.__getitem__)]
    mass = sum(
        p
        for p, candidate in zip(probabilities, candidates, strict=True)
        if candidate.mention == winner.mention
    )
    return Attribution(winner, mass, _evidence(winner))


def places_by_quotation(
    parsed: Sequence[ParsedContext], count: int
) -> list[list[tuple[Place, ParsedContext]]]:
    """For each quotation the places of its parts with their contexts, in order."""
    places: list[list[tuple[Place, ParsedContext]]] = [[] for _ in range(count)]
    for context in parsed:
        for place in context.context.places:
            places[place.quotation].append((place, context))
    return [sorted(found, key=lambda item: item[0].part) for found in places]
