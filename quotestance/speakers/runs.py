"""Runs of capitals: the stretches of a text that may hold a name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from quotestance.letters import UPPER
from quotestance.lexicon import BODIES, NOT_NAMES, OFFICES, ROLES
from quotestance.marks.paragraphs import Bounds, dateline_end, split_paragraphs
from quotestance.speakers.boundaries import Token
from quotestance.speakers.titles import Gender

_WORD = (
    r"(?:(?:[aeAEuU][lnsdrt]h?|[Dd]|[Oo])[-’'])?"
    rf"(?:{UPPER}\.(?:-?{UPPER}\.)*|{UPPER}[^\W_]*(?:[-’'](?!s\b)[^\W_]+)*)"
)
_PARTICLE = (
    r"(?:(?:de|del|della|der|den|di|da|do|dos|du|la|le|van|von|bin|ibn|bint|al|el|ben|ten|ter|zu|y|e|of"
    r" the|of|for the|for|and the)\s+)"
)
# Words of a run of capitals behind its first; the longest of the annotated sets has 17 in all.
_LONGEST_RUN = 30
_CALLED = rf"(?:The )?{UPPER}[\w-]{{0,30}}"
_NICKNAME = rf"(?:“{_CALLED}”|\"{_CALLED}\"|[‘']{_CALLED}[’'])"
_NAME = re.compile(
    rf"\b(?=[A-ZaeuEUdo]|[^\x00-\x7f])(?<![’'-]){_WORD}(?:"
    rf",? (?=(?:Jr|Sr)\b){_WORD}\.?|[ \u00a0]{_PARTICLE}{{0,2}}{_WORD}|(?<=Number) \d{{1,3}}\b"
    # an owner in the name of a body: "Port Employers' Association"
    rf"|[’'](?:s|(?<=s.)) (?={UPPER}){_WORD}"
    # a nickname between marks
    rf"| \(?{_NICKNAME}\)?(?= {UPPER})){{0,{_LONGEST_RUN}}}"
)
_BODY_LINK = re.compile(r"\s(?:of the|of|for the|for|and the)\s")
_OFFICE = re.compile(
    rf"\s(?:of the|of|for)\s(?:\w+\s)?(?:{'|'.join(sorted(OFFICES))})\b", re.IGNORECASE
)
_TOKEN = re.compile(rf"\(?{_NICKNAME}\)?|([^\s,\"“”()]+)")
_OWNER = re.compile(r"[’'](?:s|(?<=s.))\s")
_OF_COUNTRIES = frozenset({"ministry", "parliament"})  # bodies that only countries have
_OWNER_ENDS = ("'", "’", "'s", "’s")
_INITIALS = re.compile(r"(?:\w\.)+")

# Headlines: a line in capitals; of the first paragraphs a short one, most words with a capital.
_CAPITALS = re.compile(r"(?m)^[ \t]*[A-Z][^a-z\n]{5,79}$")
_NO_HEADLINE = (".", ":", "”", '"')  # where the line ends so
_NO_CAPITAL_HEADLINE = (".", ",", "”", '"')
_TOP, _FIRST = 600, 3  # characters, and paragraphs of them, in which a headline stands
_HEADLINE_WORDS, _CAPITALISED = 16, 0.7  # at most, and the share of them with a capital
_SHORT = 3  # letters of a word that headlines write small

# Months that are surnames as well: kept after a first name, and alone where such a surname stands
# elsewhere.
MONTHS = frozenset({"may", "april", "june", "august", "march"})
_NEVER_ALONE = NOT_NAMES - MONTHS

# Words that are first names in some language, but function words of English; what stands before a
# month that is not a name.
_FUNCTION_WORDS = frozenset("an among can hence in less long many my said so sunday thu".split())
_DATED = re.compile(
    r"\b(?:in|on|of|by|since|until|till|before|after|last|next|this|late|early|mid|from|to|and)\s\Z",
    re.IGNORECASE,
)
_BEFORE_MONTH = 8  # characters before a month that are looked at: " before "
_QUESTION = re.compile(r"[^.!?\n“”\"]{0,200}\?")

_NEAR = 20_000  # characters around a name in which its owner may stand alone; not tuned
_CITIES = 30  # characters of a dateline's first cities; not tuned
_DATELINE = 60  # characters behind a run in which its dateline ends; not tuned


def find_runs(text: str, first_names: Mapping[str, Gender]) -> list[list[Token]]:
    """The runs of capitals of a text that may hold a name, without what only opens a sentence.

    >>> [[word for word, _, _ in run] for run in find_runs("The mayor met Ana Silva in Oslo.", {})]
    [['Ana', 'Silva'], ['Oslo']]
    """
    runs = (
        _trimmed(text, tokens, first_names)
        for match in _outside_headlines(text)
        if match.group().lower() not in _NEVER_ALONE
        for tokens in _token_runs(text, match)
    )
    return [run for run in runs if run]


def bare_run(run: Sequence[Token]) -> list[Token]:
    """A run without what clings to its words: possessives and full stops."""
    return [(bare(word), start, end) for word, start, end in run]


# ---------- headlines
def _outside_headlines(text: str) -> Iterator[re.Match[str]]:
    """The runs of capitals of a text that do not begin in a headline."""
    headlines = sorted(_headlines(text))
    heads = [start for start, _ in headlines]
    for match in _NAME.finditer(text):
        line = bisect_right(heads, match.start()) - 1
        if line < 0 or match.start() >= headlines[line][1]:
            yield match


def _headlines(text: str) -> list[Bounds]:
    """Lines that are headlines.

    All in capitals, or among the first, short, without a full stop, most words with a capital.
    """
    lines = [line.span() for line in _CAPITALS.finditer(text) if _is_in_capitals(line.group())]
    first = split_paragraphs(text[:_TOP])[:_FIRST]
    return lines + [(start, end) for start, end in first if _is_headline(text[start:end])]


def _is_in_capitals(line: str) -> bool:
    return len(line.split()) > 1 and not line.rstrip().endswith(_NO_CAPITAL_HEADLINE)


def _is_headline(paragraph: str) -> bool:
    words = [word for word in paragraph.split() if len(word) > _SHORT and word[0].isalpha()]
    if len(words) > _HEADLINE_WORDS or paragraph.endswith(_NO_HEADLINE):
        return False
    return sum(word[0].isupper() for word in words) > _CAPITALISED * len(words)


# ---------- the words of a run
def _token_runs(text: str, match: re.Match[str]) -> Iterator[list[Token]]:
    """The words of a run of capitals with their places, cut where another name begins."""
    words = match.group()
    if words.isalpha():
        yield [(words, *match.span())]
        return
    pieces = (cut for owned in _owners(text, *match.span()) for cut in _split(text, *owned))
    for start, end in pieces:
        found = _TOKEN.finditer(text, start, end)
        yield [(word.group(1), *word.span(1)) for word in found if word.group(1)]


def _owners(text: str, start: int, end: int) -> Iterator[Bounds]:
    """Cut a run of capitals behind an owner unless it is a part of a body's name: of several
    ("Port Employers' Association"), behind *the* ("the Farmer's Herald"), or a country ("Norway's
    Foreign Ministry")."""
    last = text[start:end].split()[-1].lower()
    named = last in BODIES
    definite = text[max(0, start - 4) : start].lower() == "the "
    for owner in _OWNER.finditer(text, start, end):
        several = owner.group()[1] != "s"
        own = last in _OF_COUNTRIES or (definite and _stands_once(text, start, owner.start()))
        if not (named and (several or own)):
            yield start, owner.start()
            start = owner.end()
    yield start, end


def _stands_once(text: str, start: int, end: int) -> bool:
    """Whether a text has these words in no other place near by."""
    words = text[start:end]
    near = max(0, start - _NEAR), end + _NEAR
    return text.count(words, *near) == 1


def _split(text: str, start: int, end: int) -> list[Bounds]:
    """Cut a run of capitals at *of*, *for* and *and the* unless a body's name goes on there ("Bank
    of England")."""
    cuts, left, body = [], start, False
    for link in _BODY_LINK.finditer(text, start, end):
        head = text[left : link.start()].split()[-1].lower()
        if head in ROLES and _OFFICE.match(text, link.start()):
            continue
        body = body or (head in BODIES and head not in ROLES)
        if not body:
            cuts.append((left, link.start()))
            left = link.end()
    return [*cuts, (left, end)]


# ---------- the edges of a run
def _trimmed(text: str, tokens: list[Token], first_names: Mapping[str, Gender]) -> list[Token]:
    """A run of capitals without what only a sentence or a dateline capitalises at its edges."""
    tokens = _after_dateline(text, tokens)
    while tokens and _only_opens(text, tokens, first_names):
        tokens = tokens[1:]
    while len(tokens) > 1 and _only_closes(tokens, first_names):
        tokens = tokens[:-1]
    return tokens


def _after_dateline(text: str, tokens: list[Token]) -> list[Token]:
    """The words of a run behind the dateline of its paragraph, where it opens one."""
    line = _line_start(text, tokens[0][1]) if tokens else None
    if line is None:
        return tokens
    end = dateline_end(text, line, tokens[-1][2] + _DATELINE)
    return [token for token in tokens if token[1] >= end]


def _only_opens(text: str, tokens: Sequence[Token], first_names: Mapping[str, Gender]) -> bool:
    """Whether the first word of a run has its capital from the sentence: not "New York"."""
    word = tokens[0][0]
    if not is_no_name(word) or _is_first_name(text, tokens, first_names):
        return False
    return word != "New" if len(tokens) > 1 else word.lower() not in MONTHS


def _only_closes(tokens: Sequence[Token], first_names: Mapping[str, Gender]) -> bool:
    """Whether the last word of a run is not of the name: "Silva Monday", but not "Theresa May"."""
    last = tokens[-1][0].lower()
    is_surname = last in MONTHS and tokens[-2][0].lower() in first_names
    return last in NOT_NAMES and not is_surname


def _is_first_name(text: str, tokens: Sequence[Token], first_names: Mapping[str, Gender]) -> bool:
    """Whether a word that seldom is a name is a first name here: "Will Castell", "April Rehman".

    Not "Will Norway sign?", nor "In April Rehman told".
    """
    word, start, _ = tokens[0]
    lower = word.lower()
    if len(tokens) < 2 or lower in _FUNCTION_WORDS or lower not in first_names:
        return False
    if _DATED.search(text, max(0, start - _BEFORE_MONTH), start):
        return False
    return not _QUESTION.match(text, tokens[-1][2])


def _line_start(text: str, start: int) -> int | None:
    """Where a line begins whose first capitals stand at ``start``, or the second city of whose
    dateline does ("SEOUL/TOKYO"); None inside a line."""
    if start == 0 or "\n" in text[max(0, start - 3) : start]:
        return start
    if text[start - 1] != "/":
        return None
    before = text[max(0, start - _CITIES) : start].rpartition("\n")[2].lstrip()
    return start - len(before) if before.isupper() and " " not in before else None


# ---------- single words
@lru_cache(maxsize=4096)
def is_no_name(word: str) -> bool:
    """Whether a word with a capital is not one that names hold: "The", "I'm"."""
    if word == "US":
        return False
    lower = word.lower()
    return lower.replace("’", "'").partition("'")[0] in NOT_NAMES or lower.endswith(("n't", "n’t"))


def bare(word: str, *, inside: bool = False) -> str:
    """A word without its possessive and the full stop of a sentence; one ``inside`` a name is an
    owner that belongs to it ("Port Employers' Association")."""
    if word.isalpha() or (inside and word.endswith(_OWNER_ENDS)):
        return word
    word = word[:-2] if word.endswith(("’s", "'s")) else word
    return word if word in ("Jr.", "Sr.") or _INITIALS.fullmatch(word) else word.rstrip(".,’'")
