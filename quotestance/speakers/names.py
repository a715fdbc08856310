"""Names: every name in a text, where it stands, the role that goes with it, and which names are one
person or body.

Found in the raw text by capitals, without a parser: a name matters only when a mention asks for it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from quotestance.lexicon import (
    ABBREVIATIONS,
    BODIES,
    FAMILY_NAMES_FIRST,
    HONORIFICS,
    HONORIFICS_FEMALE,
    HONORIFICS_MALE,
    METONYMS,
    NAME_SUFFIXES,
    NOT_NAMES,
    OFFICES,
    PUBLISHERS,
    ROLE_MODIFIERS,
    ROLES,
    SURNAME_ROLES,
    TITLE_WORDS,
)
from quotestance.marks.paragraphs import (
    Bounds,
    dateline_end,
    sentence_ends,
    split_paragraphs,
    unquoted,
)
from quotestance.quote import SpeakerKind

Gender = Literal["m", "f"]

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_WORD = (
    r"(?:(?:[aeAEuU][lnsdrt]h?|[Dd]|[Oo])[-’'])?"
    rf"(?:{_UPPER}\.(?:-?{_UPPER}\.)*|{_UPPER}[^\W_]*(?:[-’'](?!s\b)[^\W_]+)*)"
)
_PARTICLE = (
    r"(?:(?:de|del|della|der|den|di|da|do|dos|du|la|le|van|von|bin|ibn|bint|al|el|ben|ten|ter|zu|y|e|of"
    r" the|of|for the|for|and the)\s+)"
)
_NAME = re.compile(
    rf"\b(?=[A-ZaeuEUdo]|[^\x00-\x7f])(?<![’'-]){_WORD}(?:"
    rf",? (?=(?:Jr|Sr)\b){_WORD}\.?|[ \u00a0]{_PARTICLE}{{0,2}}{_WORD}|(?<=Number) \d{{1,3}}\b"
    rf"| \(?“?\"(?=[A-Z]\w+[\"”] [A-Z]){_WORD}[\"”]\)?)*"  # a nickname between marks
)
_BODY_LINK = re.compile(r"\s(?:of the|of|for the|for|and the)\s")
_APPOSITION = re.compile(
    r",\s+(?:who (?:is|was|serves as|heads)\s+)?((?:[\w’'.&-]+["
    r" ]){0,9}?[\w’'.&-]+)(?=[,.;:—–)]|\s(?:who|said|says|told|and|has|had|was|is)\b)"
)
_SAYING = re.compile(r"\s(?:said|says|told)\b")
_BODY_APPOSITION = re.compile(
    r",\s+(?:an?|the|one of (?:the|[\w’'-]+[’']s))"
    rf"\s((?:[\w’'&.-]+\s){{0,5}}?)({'|'.join(sorted(PUBLISHERS | BODIES - ROLES))})"
    r"(?=[,.;:]|\s(?:of|that|which|for|in|based|who|with)\b)"
)
_CAPITAL = re.compile(r"[A-Z]")
_ACRONYM = re.compile(r"\s*[(,]\s*(?:the\s+)?[\"“]?([A-Z][A-Za-z.&]{1,9})[\"”]?\s*[),]")


class Naming(NamedTuple):
    """One place where a name stands.

    The name without title, the role in front of it or behind it, and whose name it is.
    """

    start: int
    end: int
    words: tuple[str, ...]
    role: str | None
    honorific: str | None
    quoted: bool
    definite: bool = False


@dataclass(slots=True)
class Entity:
    """A person or body with all its namings.

    ``words`` is the fullest name, ``nouns`` what sort of body the text says it is ("group").
    """

    words: tuple[str, ...]
    is_body: bool
    namings: list[int] = field(default_factory=list)
    gender: Gender | None = None
    described: bool = False
    kind: SpeakerKind = "person"
    names: set[str] = field(default_factory=set)
    roles: list[str] = field(default_factory=list)
    nouns: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The fullest name the text gives."""
        return " ".join(self.words)


class NameIndex:
    """All names of a text, grouped into entities; built once a document in one pass over its
    characters.

    >>> index = NameIndex("Ban Ki-moon met Secretary of State John Kerry. Kerry left.", [], {})
    >>> [entity.name for entity in index.entities]
    ['Ban Ki-moon', 'John Kerry']
    """

    def __init__(self, text: str, quoted: Sequence[Bounds], first_names: Mapping[str, Gender]):
        self.text = text
        self._first_names = first_names
        self.namings = _find_namings(text, quoted, first_names)
        self.starts = [naming.start for naming in self.namings]
        self.entities: list[Entity] = []
        self.owner: list[int] = [-1] * len(self.namings)
        self._by_last: dict[str, list[int]] = defaultdict(list)
        self._by_first: dict[str, list[int]] = defaultdict(list)
        self._by_initial: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._acronyms: dict[str, int] = {}
        self._votes: dict[int, int] = {}
        self._alone: dict[int, int] = defaultdict(int)
        self.ends = sentence_ends(text, quoted)
        self._group()
        self._votes = self._vote(quoted)

    # ---------- grouping
    def _group(self) -> None:
        """Full names first, longest first, so that shorter ones find them; then single words."""
        order = sorted(
            range(len(self.namings)), key=lambda number: (-len(self.namings[number].words), number)
        )
        for number in order:
            naming = self.namings[number]
            home = self._home(naming, number)
            if home is None:
                continue
            self.owner[number] = home
            self._note(self.entities[home], naming, number)
        self._drop_unowned()
        for entity in self.entities:
            entity.is_body = entity.is_body or self._is_definite(entity)

    def _drop_unowned(self) -> None:
        """Forget words that looked like names and are none."""
        kept = [number for number, owner in enumerate(self.owner) if owner >= 0]
        self.namings = [self.namings[number] for number in kept]
        self.owner = [self.owner[number] for number in kept]
        self._renumber()

    def _renumber(self) -> None:
        self.starts = [naming.start for naming in self.namings]
        for found in self.entities:
            found.namings.clear()
        for number, owner in enumerate(self.owner):
            self.entities[owner].namings.append(number)

    def _is_definite(self, entity: Entity) -> bool:
        """Whether the text puts "the" before the full name, as it does with bodies and never with
        people ("the Clinton campaign" is about a single word)."""
        full = [
            self.namings[number]
            for number in entity.namings
            if self.namings[number].words == entity.words
        ]
        definite = sum(naming.definite for naming in full)
        return not entity.roles and definite > (0 if len(entity.words) > 1 else len(full) / 2)

    def _vote(self, quoted: Sequence[Bounds]) -> dict[int, int]:
        """How often a pronoun in a sentence goes back to the only name before it there.

        Above 0 *he*, below 0 *she*.
        """
        votes: dict[int, int] = defaultdict(int)
        for left, right in unquoted(self.text, quoted):
            for match in _VOTE.finditer(self.text, left, right):
                sentence = bisect_right(self.ends, match.start()) - 1
                named = {
                    self.owner[number]
                    for number in self.within(
                        self.ends[sentence] if sentence >= 0 else 0, match.start()
                    )[-_MANY:]
                }
                people = [entity for entity in named if not self.entities[entity].is_body]
                if len(people) == 1:
                    votes[people[0]] += 1 if match.lastgroup == "male" else -1
        return votes

    def _home(self, naming: Naming, number: int) -> int | None:
        last, first = _surname(naming.words), naming.words[0].lower()
        near = [
            entity
            for entity in self._namesakes(naming)
            if _compatible(self.entities[entity], naming, self.likely_gender(self.entities[entity]))
        ]
        if len(naming.words) == 1:
            near += [
                entity
                for entity in self._by_first[first][-_MANY:]
                if _goes_by_first(self.entities[entity])
            ]
            if not near and first in self._acronyms:
                return self._acronyms[first]
        if len(near) == 1:
            return near[0]
        if near:
            return min(
                near,
                key=lambda entity: (
                    self._is_doubtful(entity),
                    self._seldom_alone(entity, naming),
                    *self._distance(self.entities[entity], naming, number),
                ),
            )
        if len(naming.words) == 1 and first in _MONTHS:
            return None
        self.entities.append(
            Entity(naming.words, _is_body(naming.words) and naming.honorific is None)
        )
        entity = len(self.entities) - 1
        self._by_last[last].append(entity)
        self._by_initial[last, first[:1]].append(entity)
        if len(naming.words) > 1:
            self._by_first[first].append(entity)
            acronym = _ACRONYM.match(self.text, naming.end)
            # A person has initials ("AOC"); what else stands in brackets is a party or a town.
            if acronym and (
                acronym.group(1)[0] == naming.words[0][0]
                or (self.entities[entity].is_body and len(_CAPITAL.findall(acronym.group(1))) > 1)
            ):
                self._acronyms.setdefault(acronym.group(1).lower().replace(".", ""), entity)
                self._acronyms.setdefault(acronym.group(1).lower(), entity)
        return entity

    def _namesakes(self, naming: Naming) -> list[int]:
        """The entities that share a naming's last word and may be its own.

        Of many, those of its initial and the last ones.
        """
        shared = self._by_last[_surname(naming.words)]
        if len(shared) <= _MANY:
            return shared
        initial = naming.words[0][:1].lower()
        return (
            [*self._by_initial[_surname(naming.words), initial][-_MANY:], *shared[-_MANY:]]
            if len(naming.words) > 1
            else shared[-_MANY:]
        )

    def _is_doubtful(self, entity: int) -> bool:
        """Whether a long run of capitals has nothing else to show for a name.

        "Springfield Rejects Vance" is a slogan.
        """
        found = self.entities[entity]
        return (
            len(found.words) > 2
            and not found.roles
            and self.likely_gender(found) is None
            and not _family_first(found.words)
        )

    def _seldom_alone(self, entity: int, naming: Naming) -> int:
        """Of namesakes, a surname alone is whose it has been most.

        Once the article is about Obama, his wife is Michelle Obama.
        """
        return -self._alone[entity] if len(naming.words) == 1 else 0

    def _distance(self, entity: Entity, naming: Naming, number: int) -> tuple[bool, int]:
        """How far a naming is from the nearest one of an entity, those before it first."""
        before = [other for other in entity.namings[-8:] + entity.namings[:1] if other < number]
        if before:
            return False, number - max(before)
        return True, min((other - number for other in entity.namings), default=0)

    def _note(self, entity: Entity, naming: Naming, number: int) -> None:
        entity.namings.append(number)
        entity.names.add(" ".join(naming.words))
        self._alone[self.owner[number]] += len(naming.words) == 1
        if naming.role:
            entity.roles.append(naming.role)
        entity.gender = entity.gender or _gender_of(naming)
        noun = (
            _body_after(self.text, naming.end)
            if not entity.roles and entity.gender is None
            else None
        )
        if noun:
            entity.nouns.add(noun)
            entity.is_body = True

    def describe(self, words: str, gender: Gender | None, kind: SpeakerKind) -> int:
        """A new entity that the text only describes."""
        self.entities.append(
            Entity(
                tuple(words.split()),
                kind in ("organization", "group"),
                gender=gender,
                described=True,
                kind=kind,
            )
        )
        return len(self.entities) - 1

    def add(self, mentions: Sequence[tuple[Naming, int]]) -> None:
        """Take in mentions that are no names ("the spokesman", "a Western diplomat"), each with the
        number of its entity."""
        for naming, entity in mentions:
            self.namings.append(naming)
            self.owner.append(entity)
        order = sorted(range(len(self.namings)), key=lambda number: self.namings[number].start)
        self.namings = [self.namings[number] for number in order]
        self.owner = [self.owner[number] for number in order]
        self._renumber()

    # ---------- look-ups
    def likely_gender(self, entity: Entity) -> Gender | None:
        """An entity's gender by its titles, else by its first name and the pronouns beside its
        names; None where these say little."""
        if entity.gender or entity.is_body:
            return entity.gender
        known = (
            self._first_names.get(entity.words[0].lower().split("-")[0])
            if len(entity.words) > 1 and not _family_first(entity.words)
            else None
        )
        votes = (
            self._votes.get(self.owner[entity.namings[0]], 0)
            if self._votes and entity.namings
            else 0
        ) + _FIRST_NAME.get(known, 0)
        return "m" if votes >= _SURE else "f" if votes <= -_SURE else None

    def before(self, position: int, count: int) -> range:
        """The numbers of the last ``count`` namings that start before ``position``."""
        stop = bisect_left(self.starts, position)
        return range(max(0, stop - count), stop)

    def within(self, start: int, end: int) -> range:
        """The numbers of the namings that start inside ``start:end``."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def at(self, start: int, end: int) -> list[int]:
        """The numbers of the namings that overlap ``start:end``."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        return [
            number
            for number in range(first, bisect_left(self.starts, end))
            if self.namings[number].end > start
        ]


_ARTICLE = re.compile(
    r"^(?:[ae]l|a[dnrst]|ash)[-’']"
)  # Bashar al-Assad is Assad, Abdel Fattah el-Sisi is Sisi


_VOTE = re.compile(
    r"\b[HhSs](?:(?P<male>(?<=[Hh])(?:e|im|is|imself)\b)|(?P<female>(?<=[Ss])he\b|(?<=[Hh])er(?:s|self)?\b))"
)
# How many pronouns a first name counts for, and how many must agree; tuned by cross-fitting on
# articles_train.
_FIRST_NAME: dict[Gender | None, int] = {"m": 2, "f": -2}
_SURE = 2


def _family_first(words: Sequence[str]) -> bool:
    """Whether a name begins with its family name, as in Korea and China.

    Park Geun-hye, Moon Jae In.
    """
    return _HYPHENATED.fullmatch(words[-1]) is not None or (
        len(words) < 4 and words[0].lower() in FAMILY_NAMES_FIRST
    )


_HYPHENATED = re.compile(rf"{_UPPER}[^\W_]*-[a-z]+")


@lru_cache(maxsize=4096)
def _surname(words: tuple[str, ...]) -> str:
    """The word that stands for the whole name.

    The last one that is no suffix, without an Arabic article.
    """
    tail = [word for word in words if word.lower().rstrip(".") not in NAME_SUFFIXES]
    return _ARTICLE.sub("", (tail or words)[-1].lower())


def _compatible(entity: Entity, naming: Naming, gender: Gender | None) -> bool:
    """Whether a naming can be of the entity.

    Its words are among the entity's, initials standing for first names.
    """
    if len(naming.words) == 1:
        return gender is None or _gender_of(naming) in (None, gender)
    ours, theirs = entity.words[0].lower(), naming.words[0].lower()
    if {word.lower() for word in naming.words} <= {word.lower() for word in entity.words}:
        return True
    if entity.is_body or _is_body(naming.words):
        return False
    return (
        ours == theirs
        or ours.rstrip(".") == theirs[: len(ours.rstrip("."))]
        or theirs.rstrip(".") == ours[: len(theirs.rstrip("."))]
    )


def _goes_by_first(entity: Entity) -> bool:
    """Whether the first word alone may stand for the name.

    Ban for Ban Ki-moon, Boris for Boris Johnson, the North for North Korea.
    """
    if entity.words[0] in ("North", "South"):
        return entity.words[-1] == "Korea"
    return not entity.is_body


_WORDS = re.compile(r"[\w-]+")


def _gender_of(naming: Naming) -> Gender | None:
    if naming.honorific is None and naming.role is None:
        return None
    for word in [
        (naming.honorific or "").lower().rstrip("."),
        *_WORDS.findall((naming.role or "").lower()),
    ]:
        if word in HONORIFICS_MALE or word.endswith(
            (
                "spokesman",
                "chairman",
                "congressman",
                "councilman",
                "businessman",
                "policeman",
                "husband",
            )
        ):
            return "m"
        if word in HONORIFICS_FEMALE or word.endswith(
            ("woman", "actress", "wife", "widow", "daughter", "mother")
        ):
            return "f"
    return None


@lru_cache(maxsize=4096)
def _is_body(words: tuple[str, ...]) -> bool:
    """Whether a name is a body's or a place's rather than a person's, by its words alone."""
    lower = [word.lower().rstrip(".") for word in words]
    if (
        lower[-1] in BODIES
        or len(words) > _LONGEST
        or any(word in ("of", "for", "the", "and") for word in lower)
    ):
        return True
    if " ".join(lower) in METONYMS or " ".join(lower) in _PLACES:
        return True
    capitals = [word for word in words if len(word) > 2 and word.isupper() and word.isalpha()]
    return (
        (len(words) == 1 and len(words[0]) > 1 and words[0].isupper())
        or 0 < len(capitals) < len(words)
        or any(word in _PLAIN_BODIES for word in lower[:-1])
    )


_LONGEST = (
    5  # words of a person's name: longer runs of capitals are titles and headlines; not tuned
)
_PLAIN_BODIES = BODIES - ROLES
_NO_SURNAMES = ROLES - SURNAME_ROLES
_BODIES_AND_ROLES = BODIES | ROLES
_NEVER_IN_TITLES = NOT_NAMES - ROLE_MODIFIERS
_PLACES = frozenset(METONYMS.values()) | {
    "u.s",
    "us",
    "uk",
    "u.k",
    "eu",
    "e.u",
    "un",
    "u.n",
    "america",
    "europe",
}


# ---------- one naming
def _find_namings(
    text: str, quoted: Sequence[Bounds], first_names: Mapping[str, Gender]
) -> list[Naming]:
    starts = [start for start, _ in quoted]
    found = []
    headlines = sorted(_headlines(text))
    heads = [start for start, _ in headlines]
    for match in _NAME.finditer(text):
        words = match.group()
        line = bisect_right(heads, match.start()) - 1
        if (line >= 0 and match.start() < headlines[line][1]) or words.lower() in _NEVER_ALONE:
            continue
        for start, end in (match.span(),) if words.isalpha() else _split(text, *match.span()):
            naming = _naming(text, start, end, quoted, starts, first_names)
            if naming is not None:
                found.append(naming)
    return found


_CAPITALS = re.compile(r"(?m)^[ \t]*[A-Z][^a-z\n]{5,79}$")


def _headlines(text: str) -> list[Bounds]:
    """Lines that are headlines.

    All in capitals, or among the first, short, without a full stop, most words with a capital.
    """
    found = []
    for line in _CAPITALS.finditer(text):
        if len(line.group().split()) > 1 and line.group().rstrip()[-1] not in '.,”"':
            found.append(line.span())
    for start, end in split_paragraphs(text[:600])[:3]:
        words = [word for word in text[start:end].split() if len(word) > 3 and word[0].isalpha()]
        if (
            len(words) <= 16
            and text[end - 1] not in '.”"'
            and sum(word[0].isupper() for word in words) > 0.7 * len(words)
        ):
            found.append((start, end))
    return found


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


# namesakes and people of one first name that are looked at; no article of the gold sets has as many
_MANY = 20
_OFFICE = re.compile(
    rf"\s(?:of the|of|for)\s(?:\w+\s)?(?:{'|'.join(sorted(OFFICES))})\b", re.IGNORECASE
)
_SHORT_TITLE = re.compile(
    rf"\b({'|'.join(sorted(title.capitalize() for title in HONORIFICS & ABBREVIATIONS))})\.["
    r" \u00a0]$"
)
_TOKEN = re.compile(r"[^\s,\"“”()]+")


def _naming(
    text: str,
    start: int,
    end: int,
    quoted: Sequence[Bounds],
    starts: Sequence[int],
    first_names: Mapping[str, Gender],
) -> Naming | None:
    words = text[start:end]
    found = (
        [(words, start, end)]
        if words.isalpha()
        else [
            (match.group(), match.start(), match.end())
            for match in _TOKEN.finditer(text, start, end)
        ]
    )
    tokens = _trimmed(text, found, first_names)
    cut = (
        (_role_end(tokens) or _occupation_end(text, tokens, first_names)) if len(tokens) > 1 else 0
    )
    title, name = tokens[:cut], tokens[cut:]
    bare = _name_words(tuple([word for word, _, _ in name]))
    if bare is None:
        return None
    role = (
        _role_before(text, tokens[0][1], " ".join(word for word, _, _ in title))
        if title or len(bare) > 1
        else None
    )
    if role is None and len(bare) > 1:
        role = _role_after(text, name[-1][2])
    where = bisect_right(starts, name[0][1]) - 1
    inside = where >= 0 and name[0][1] < quoted[where][1]
    honorific = title[-1][0] if title else _honorific_before(text, tokens[0][1])
    return Naming(
        name[0][1],
        name[-1][2],
        bare,
        role,
        honorific,
        inside,
        text[max(0, tokens[0][1] - 4) : tokens[0][1]].lower() == "the ",
    )


@lru_cache(maxsize=4096)
def _name_words(tokens: tuple[str, ...]) -> tuple[str, ...] | None:
    """The words of a name without what clings to them, or None where they are none."""
    if not tokens or not any(character.isalpha() for character in tokens[0]):
        return None
    words = tuple(_bare(token) for token in tokens)
    if len(words) > 1:
        return None if words[-1].lower().rstrip(".") in _NO_SURNAMES else words
    word, lower = words[0], words[0].lower().rstrip(".")
    is_month = lower in _MONTHS and word != word.upper()
    return (
        None if len(word) < 2 or lower in ROLES or (_is_no_name(word) and not is_month) else words
    )


# Months that are surnames as well: kept after a first name, and alone where such a surname stands
# elsewhere.
_MONTHS = frozenset({"may", "april", "june", "august", "march"})
_NEVER_ALONE = NOT_NAMES - _MONTHS


def _trimmed(
    text: str, tokens: list[tuple[str, int, int]], first_names: Mapping[str, Gender]
) -> list[tuple[str, int, int]]:
    """A run of capitals without what only a sentence or a dateline capitalises at its edges."""
    line = _line_start(text, tokens[0][1]) if tokens else None
    if line is not None:
        end = dateline_end(text, line, tokens[-1][2] + 60)
        tokens = [token for token in tokens if token[1] >= end]
    while (
        tokens
        and _is_no_name(tokens[0][0])
        and not (len(tokens) == 1 and tokens[0][0].lower() in _MONTHS)
        and not (len(tokens) > 1 and tokens[0][0] == "New")
    ):
        tokens = tokens[1:]
    while (
        len(tokens) > 1
        and tokens[-1][0].lower() in NOT_NAMES
        and not (tokens[-1][0].lower() in _MONTHS and tokens[-2][0].lower() in first_names)
    ):
        tokens = tokens[:-1]
    return tokens


def _line_start(text: str, start: int) -> int | None:
    """Where a line begins whose first capitals stand at ``start``, or the second city of whose
    dateline does ("SEOUL/TOKYO"); None inside a line."""
    if start == 0 or "\n" in text[max(0, start - 3) : start]:
        return start
    if text[start - 1] != "/":
        return None
    before = text[max(0, start - _CITIES) : start].rpartition("\n")[2].lstrip()
    return start - len(before) if before.isupper() and " " not in before else None


_CITIES = 30  # characters of a dateline's first cities; not tuned


def _honorific_before(text: str, start: int) -> str | None:
    """The abbreviated title in front of a name, whose full stop ended the run of capitals.

    "Ms." of "Ms. Silva".
    """
    match = (
        _SHORT_TITLE.search(text, max(0, start - 8), start)
        if text[start - 2 : start - 1] == "."
        else None
    )
    return match.group(1) if match else None


@lru_cache(maxsize=4096)
def _is_no_name(word: str) -> bool:
    """Whether a word with a capital is none that names hold: "The", "I'm"."""
    lower = word.lower()
    return lower.replace("’", "'").partition("'")[0] in NOT_NAMES or lower.endswith(("n't", "n’t"))


def _bare(word: str) -> str:
    if word.isalpha():
        return word
    word = word[:-2] if word.endswith(("’s", "'s")) else word
    return word if word in ("Jr.", "Sr.") or _INITIALS.fullmatch(word) else word.rstrip(".,’'")


_INITIALS = re.compile(r"(?:\w\.)+")


def _role_end(tokens: Sequence[tuple[str, int, int]]) -> int:
    """How many tokens at the front of a run of capitals are a title.

    "Prime Minister" of "Prime Minister Shinzo Abe".
    """
    words = [token[0].lower().rstrip(".") for token in tokens]
    if len(words) == 2 and words[0] in _OFTENER_FIRST_NAMES:
        return 0
    for number in range(len(words) - 1, 0, -1):
        if _is_role(words[number - 1]):
            if words[number] in ("of", "for"):
                return next(
                    (k for k in range(number + 1, len(words)) if words[k - 1] in OFFICES), number
                )
            if words[number] not in _BODIES_AND_ROLES:
                return number
    return 0


_OFTENER_FIRST_NAMES = frozenset(
    {"dean"}
)  # titles that stand in front of a lone surname less often than they are a first name


def _occupation_end(
    text: str, tokens: Sequence[tuple[str, int, int]], first_names: Mapping[str, Gender]
) -> int:
    """1 where a sentence opens with what somebody is, in front of a first name.

    "Commuter Jo Low said".
    """
    if len(tokens) < 3 or not _OPENS.search(text, max(0, tokens[0][1] - 4), tokens[0][1]):
        return 0
    first, second = (word.lower() for word, _, _ in tokens[:2])
    return int(
        _OCCUPATION.search(first) is not None and first not in first_names and second in first_names
    )


_OPENS = re.compile(r"(?:^|[\n.!?”\"•*-])\s*\Z")
_OCCUPATION = re.compile(r"(?:[^aeiou]er|[ite]er|or|ist|ian|ant|keeper)\Z")


def _is_role(word: str) -> bool:
    lower = word.lower().rstrip(".,")
    return lower in ROLES or lower.rsplit("-", 1)[-1] in ROLES


def _belongs_to_role(word: str) -> bool:
    """Whether a word left of a role is part of it.

    "the Israeli foreign" of "the Israeli foreign minister", "union" of "union leader".
    """
    lower = word.lower().rstrip(".,")
    if lower in _NEVER_IN_TITLES and word != "New":
        return False
    return (
        word[:1].isupper()
        or lower in TITLE_WORDS
        or lower in BODIES
        or word.endswith(("’s", "'s", "-"))
    )


def _ends_sentence(word: str) -> bool:
    """Whether a word of a title's left side closes the sentence before."""
    bare = word.rstrip('"”’)')
    return bare.endswith(("!", "?")) or (
        bare.endswith(".")
        and len(bare) > 2
        and "." not in bare[:-1]
        and bare[:-1].lower() not in ABBREVIATIONS
    )


def _role_before(text: str, start: int, title: str) -> str | None:
    """The role in front of a name.

    Capitals that are a title, and the words before them that belong to it.
    """
    left = text[max(0, start - 90) : start]
    words = left[left.rfind("\n") + 1 :].split()[-7:] if left.endswith((" ", "\u00a0")) else []
    taken: list[str] = []
    needs_role = not title
    while words:
        word = words[-1]
        if needs_role and not _is_role(word):
            break
        if _ends_sentence(word) or not (needs_role or _belongs_to_role(word)):
            break
        needs_role = False
        taken.insert(0, words.pop())
    role = " ".join([*taken, *title.split()]).strip(" ,-–—•*·")
    return role or None


def _body_after(text: str, end: int) -> str | None:
    """What sort of body an apposition behind a name says it is.

    "group" of "X, a campaign group,".
    """
    match = _BODY_APPOSITION.match(text, end) if text[end : end + 1] == "," else None
    return (
        match.group(2).lower()
        if match and not ROLES.intersection(match.group(1).lower().split())
        else None
    )


def _role_after(text: str, end: int) -> str | None:
    """The role in an apposition behind a name: "X, the minister of Y,".

    In "after X, a minister said" somebody else speaks.
    """
    match = _APPOSITION.match(text, end) if text[end : end + 1] == "," else None
    if not match or _SAYING.match(text, match.end(1)):
        return None
    return match.group(1) if any(map(_is_role, _WORDS.findall(match.group(1).lower()))) else None
