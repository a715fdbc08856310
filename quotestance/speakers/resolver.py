"""Speakers: from the words that mention a source to the person or body they stand for, across the
document.

Each kind of mention has its own way to a name: a surname to the full name, a role to whoever holds
it, a pronoun to the most probable of the names before it (a linear model over recency, syntax,
gender evidence and who spoke last), a document to who issued it. What the text does not name keeps
its description.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quotestance.attribution.mentions import Mention, mention_type
from quotestance.lexicon import (
    BODIES,
    GROUP_NOUNS,
    PERSONAL_PRONOUNS,
    PRONOUNS_FIRST,
    PRONOUNS_PLURAL,
    ROLES,
)
from quotestance.marks.paragraphs import Bounds
from quotestance.quote import Speaker, SpeakerKind
from quotestance.speakers.antecedents import (
    NEVER,
    Antecedent,
    AntecedentRanker,
    Fact,
    family_of,
    fitting,
    place_of,
    pronoun_sort,
)
from quotestance.speakers.names import Entity, Gender, NameIndex, Naming
from quotestance.speakers.roles import is_title, role_heads, role_likeness, same_head

_OPENING = 80  # characters in which the first words of a paragraph stand
_DESCRIPTION_REACH = 2000  # characters; all first descriptions in articles_train stood nearer
_CHAINED = PERSONAL_PRONOUNS - PRONOUNS_FIRST
# Sources before "the statement", and characters from each, in which its issuer is looked for; not
# tuned.
_TOLD, _BESIDE_SOURCE = 8, 120
_MANY = 50  # namings of an entity, holders of an office, that are looked at
# names before a pronoun that are looked at; of 198 pronouns of articles_train none had the right
# one more than 20 back
_REACH = 24


# How a name was reached from its mention -> the same in words.
HOW: dict[str, str] = {
    "named": "named in full",
    "surname": "full name elsewhere in the text",
    "single": "the only name the text gives",
    "joint": "two names joined by and",
    "role": "holds the role elsewhere in the text",
    "apposition": "named beside the role",
    "body": "named in full before",
    "document": "who issued the document",
    "described": "the text gives no name",
    "pronoun": "the most probable name before the pronoun",
    "one": "one of a group named before",
    "nobody": "no speaker",
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A speaker, how the name was reached (a key of ``HOW``), and how sure that is."""

    speaker: Speaker | None
    how: str
    probability: float
    entity: int | None = None


class SpeakerResolver:
    """Resolves the mentions of one document in order; remembers who has spoken.

    >>> text = "Prime Minister Ana Silva met unions. Silva left."
    >>> resolver = SpeakerResolver(text, [], {}, AntecedentRanker({}))
    >>> resolver.resolve(Mention(37, 42, (37, 42), "name")).speaker.name
    'Ana Silva'
    """

    def __init__(
        self,
        text: str,
        quoted: Sequence[Bounds],
        first_names: Mapping[str, Gender],
        ranker: AntecedentRanker,
        introductions: Sequence[Mention] = (),
        subjects: Sequence[Mention] = (),
    ):
        self.text = text
        self.index = NameIndex(text, quoted, first_names)
        self._ranker = ranker
        self._quoted = sorted(quoted)
        self._quoted_starts = [start for start, _ in self._quoted]
        self._ends = self.index.ends
        self._lines = [match.start() for match in _LINE.finditer(text)]
        self.spoken: list[tuple[int, int | None]] = []
        self._last: Resolution | None = None
        self._called_people: set[int] = set()
        self._descriptions: dict[str, list[tuple[int, int]]] = {}
        self._heads: dict[str, list[int]] | None = None
        self._standings: dict[int, tuple[str, bool]] = {}
        self._abouts: dict[int, dict[str, Fact]] = {}
        self._described: dict[str, int] = {}
        self._told: list[tuple[int, int | None]] = []
        self._told_starts: list[int] = []
        self._told = self._take_in(introductions)
        self._told_starts = [start for start, _ in self._told]
        self._pending = sorted(
            (mention for mention in set(introductions) if self._head(mention) in _CHAINED),
            key=lambda mention: -mention.start,
        )
        self._subjects = self._entities_of(subjects)

    def _take_in(self, introductions: Sequence[Mention]) -> list[tuple[int, int | None]]:
        """Enter every source that a parsed sentence gives speech to, named or only described, and
        list them in order."""
        found: list[tuple[int, int | None]] = []
        added: list[tuple[Naming, int]] = []
        for mention in sorted(set(introductions), key=lambda mention: mention.start):
            words = self._words(mention)
            entity: int | None
            if mention.type in ("pronoun", "name", "document") or _OWNED.match(words):
                entity = self._named_by(mention)
            else:
                entity = self._way(mention)(self, mention).entity
                if entity is not None and not self.index.at(*mention.head):
                    added.append(
                        (
                            Naming(
                                mention.start, mention.end, tuple(words.split()), None, None, False
                            ),
                            entity,
                        )
                    )
            found.append((mention.start, entity))
        self.index.add(added)
        return found

    def _entities_of(self, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
        """The entities that stand at the heads of mentions, in order."""
        found = []
        for mention in sorted(mentions, key=lambda mention: mention.start):
            entity = self._named_by(mention)
            if entity is not None:
                found.append((mention.start, entity))
        return found

    def _named_by(self, mention: Mention) -> int | None:
        """The entity whose name stands at the head of a mention, or right behind its role."""
        numbers = self.index.at(*mention.head)
        if numbers:
            return self.index.owner[numbers[-1]]
        return self._apposition(mention) if mention.type != "pronoun" else None

    # ---------- entry
    def resolve(self, mention: Mention | None) -> Resolution:
        """The speaker that a mention stands for; call in the order of the quotations."""
        if mention is None:
            return Resolution(None, "nobody", 0.5)
        self.catch_up(mention.start)
        resolution = self._last = self._way(mention)(self, mention)
        self.note(mention.start, resolution.entity)
        return resolution

    def _way(self, mention: Mention) -> Callable[[SpeakerResolver, Mention], Resolution]:
        """How to resolve a mention.

        A head that is a name of the text is one, whatever the parser took it for.
        """
        capital = self.text[mention.head[0] : mention.head[0] + 1].isupper()
        if capital and mention.type == "other" and self.index.at(*mention.head):
            return SpeakerResolver.by_name
        return _WAYS[mention.type]

    def note(self, position: int, entity: int | None) -> None:
        """Remember that the mention at ``position``, which a quotation has for its source, stands
        for ``entity``."""
        self.spoken.append((position, entity))
        number = bisect_left(self._told_starts, position)
        if number < len(self._told) and self._told_starts[number] == position:
            self._told[number] = (position, entity)

    def catch_up(self, position: int) -> None:
        """Resolve the pronouns before ``position`` that are given speech without quotation marks
        ("He added that ..."), in order."""
        while self._pending and self._pending[-1].start < position:
            mention = self._pending.pop()
            number = bisect_left(self._told_starts, mention.start)
            if self._told[number][1] is None:
                self._told[number] = (mention.start, self.by_pronoun(mention).entity)

    def _words(self, mention: Mention) -> str:
        return " ".join(self.text[mention.start : mention.end].split())

    def _head(self, mention: Mention) -> str:
        return self.text[mention.head[0] : mention.head[1]].lower()

    def _as(self, entity: int, how: str) -> Resolution:
        return Resolution(self.speaker(entity), how, 1.0, entity)

    # ---------- names
    def by_name(self, mention: Mention) -> Resolution:
        """A mention whose head is a name, perhaps with titles before it; joint names keep both."""
        numbers = self.index.at(*mention.head)
        if not numbers:
            return self.by_description(mention)
        chosen = self.index.owner[numbers[-1]]
        joined = [
            number
            for number in self.index.at(mention.head[1], mention.end)
            if _AND.search(self.text, mention.head[1], self.index.starts[number])
        ]
        if joined and self.index.owner[joined[-1]] != chosen:
            return self._joint(chosen, self.index.owner[joined[-1]])
        long = len(self.index.namings[numbers[-1]].words) > 1
        return self._as(
            chosen,
            (
                "named"
                if long
                else "surname"
                if len(self.index.entities[chosen].words) > 1
                else "single"
            ),
        )

    def _joint(self, first: int, second: int) -> Resolution:
        return Resolution(
            Speaker(f"{self.speaker(first).name} and {self.speaker(second).name}", "group"),
            "joint",
            1.0,
            first,
        )

    def speaker(self, entity: int) -> Speaker:
        """The record of an entity."""
        found = self.index.entities[entity]
        if found.described:
            return Speaker(found.name, found.kind)
        person = self.is_person(found) or entity in self._called_people
        role = max(found.roles, key=len) if found.roles and person else None
        return Speaker(
            found.name,
            "person" if person else "organization",
            role,
            tuple(sorted(found.names - {found.name})),
        )

    def is_person(self, entity: Entity) -> bool:
        """Whether an entity is a person, by what stands around its names."""
        if entity.is_body or entity.described:
            return entity.described and entity.kind == "unnamed"
        return (
            len(entity.words) > 1
            or bool(entity.roles)
            or self.index.likely_gender(entity) is not None
        )

    # ---------- roles, bodies, documents
    def by_role(self, mention: Mention) -> Resolution:
        """A role: whoever is named right behind it, or holds it elsewhere in the text.

        Else the description itself.
        """
        named = self._apposition(mention)
        if named is not None:
            second = (
                self._second_of(named, mention.end) if _is_plural(self._head(mention)) else None
            )
            return self._as(named, "apposition") if second is None else self._joint(named, second)
        words = self._words(mention)
        known = (
            len(words.split()) < 3
            and self._last_described(mention.start, self._head(mention)) is not None
        )
        if not _INDEFINITE.match(words) and not known and not _is_plural(self._head(mention)):
            holder = self._holder(mention.start, words)
            if holder is not None:
                return self._as(holder, "role")
        return self.by_description(mention)

    def _apposition(self, mention: Mention) -> int | None:
        """The person named right behind a description: "the minister, Ana Silva, said"."""
        last = self.index.at(mention.head[1], mention.end)[-1:]
        if last and self._closes(mention, last[0]):
            return self.index.owner[last[0]]
        after = _BESIDE.match(self.text, mention.end, mention.end + 3)
        if not after:
            return None
        position = after.end()
        numbers = self.index.within(position, position + 60)[:1]
        return next(
            (self.index.owner[number] for number in numbers if self._named_at(number, position)),
            None,
        )

    def _second_of(self, first: int, position: int) -> int | None:
        """The person whom the text joins by *and* to the first of two behind a role.

        "the chairmen, Ana Silva and Klaus Low".
        """
        numbers = self.index.within(position, position + _BESIDE_SOURCE)[:2]
        pair = [self.index.owner[number] for number in numbers]
        joined = len(pair) == 2 and _JOINED.fullmatch(
            self.text, self.index.namings[numbers[0]].end, self.index.starts[numbers[1]]
        )
        return pair[1] if joined and pair[0] == first != pair[1] else None

    def _closes(self, mention: Mention, number: int) -> bool:
        """Whether a mention ends in a person's full name right behind a word in small letters.

        "the head of the fund Klaus Low".
        """
        naming, start = self.index.namings[number], self.index.starts[number]
        behind = re.search(r"[a-z]{3,}\s$", self.text[max(0, start - 8) : start]) is not None
        return (
            behind
            and naming.end == mention.end
            and len(naming.words) > 1
            and self.is_person(self.index.entities[self.index.owner[number]])
        )

    def _named_at(self, number: int, position: int) -> bool:
        """Whether a naming is a person's, in full or with a title, and nothing but its title stands
        between ``position`` and it."""
        naming, entity = self.index.namings[number], self.index.entities[self.index.owner[number]]
        full = len(naming.words) > 1 or naming.honorific is not None or len(entity.words) > 1
        return full and self.is_person(entity) and is_title(self.text[position : naming.start])

    def _holder(self, position: int, words: str) -> int | None:
        """The entity whose role fits ``words`` best, of equals the last one named before
        ``position``."""
        scores = {}
        for number in self._holders_of(words):
            entity = self.index.entities[number]
            score = max((role_likeness(words, role) for role in entity.roles[:4]), default=0.0)
            if score:
                scores[number] = score + 0.01 * any(
                    self.index.starts[other] < position for other in entity.namings[:1]
                )
        best = max(scores, key=scores.__getitem__, default=None)
        return best if best is not None and (scores[best] > 0.55 or len(scores) == 1) else None

    def _holders_of(self, words: str) -> list[int]:
        """The entities with a role whose head is that of ``words``, give or take a misspelling.

        The last ones of many.
        """
        if self._heads is None:
            self._heads = {}
            for number, entity in enumerate(self.index.entities):
                for head in {head for role in entity.roles[:4] for head in role_heads(role)}:
                    self._heads.setdefault(head, []).append(number)
        return sorted(
            {
                number
                for head, numbers in self._heads.items()
                if same_head(words, head)
                for number in numbers[-_MANY:]
            }
        )

    def by_body(self, mention: Mention) -> Resolution:
        """A body without its name ("the ministry"): the last name before that holds the same word.

        "Syria's opposition" is a name already.
        """
        noun = self._head(mention)
        inside = self._names_before_head(mention)
        if inside and mention.type == "body" and noun not in BODIES:
            return self._as(self.index.owner[inside[-1]], "document")
        if not inside:
            for number in reversed(self.index.before(mention.start, 200)):
                entity = self.index.entities[self.index.owner[number]]
                if (
                    entity.is_body
                    and not entity.described
                    and noun in entity.nouns.union(word.lower() for word in entity.words)
                ):
                    return self._as(self.index.owner[number], "body")
        return self.by_description(mention)

    def _names_before_head(self, mention: Mention) -> list[int]:
        """The namings that stand inside a mention, before its head."""
        return [
            number
            for number in self.index.at(mention.start, mention.head[0])
            if self.index.namings[number].end <= mention.head[0]
        ]

    def by_document(self, mention: Mention) -> Resolution:
        """A statement, a letter, a report: who issued it, where the text says so."""
        words = self._words(mention)
        owner = _OWNED.match(words)
        if owner:
            return self.by_pronoun(
                Mention(
                    mention.start,
                    mention.start + owner.end(1),
                    (mention.start, mention.start + owner.end(1)),
                    "pronoun",
                )
            )
        issuer = _ISSUER.match(self.text, mention.head[1])
        issued = self.index.within(issuer.end(), issuer.end() + 30)[:1] if issuer else []
        if issued:
            return self._as(self.index.owner[issued[0]], "document")
        inside = self._names_before_head(mention)
        if (
            inside
            and self.text[self.index.namings[inside[-1]].end : mention.head[0]].strip(" ’'s") == ""
        ):
            return self._as(self.index.owner[inside[-1]], "document")
        if inside:
            bare = re.sub(
                r"^(?:an?|the)\s",
                "",
                self.text[mention.start : mention.head[0]],
                flags=re.IGNORECASE,
            ).strip()
            return self._as(self._describe(mention, bare, bare.split()[-1].lower()), "document")
        if words.lower().startswith("the "):
            return self._issuer_before(mention)
        return self.by_description(mention)

    def _issuer_before(self, mention: Mention) -> Resolution:
        """Whose "the statement" is.

        The last source beside whom it is named ("X said in a statement"), else the last that spoke,
        else what "it" would stand for.
        """
        told = self._told[: bisect_left(self._told_starts, mention.start)][-_TOLD:]
        noun = self._head(mention)
        named = [
            (start, entity)
            for start, entity in told
            if entity is not None and not self.index.entities[entity].described
        ]
        beside = [
            entity
            for start, entity in named
            if noun in self.text[start : min(start + _BESIDE_SOURCE, mention.start)]
        ]
        issuers = beside or [entity for start, entity in named if (start, entity) in told[-3:]]
        if issuers:
            return self._as(issuers[-1], "document")
        antecedents = self.antecedents(mention, "it")
        if not antecedents:
            return self.by_description(mention)
        return self._as(max(antecedents, key=self._ranker.score).entity, "document")

    def by_description(self, mention: Mention) -> Resolution:
        """A source the text does not name keeps its description.

        A later "the official" finds the first one.
        """
        words, noun = self._words(mention), self._head(mention)
        pair = self._pair_before(mention.start) if _is_pair(words) else None
        if pair is not None:
            return self._joint(*pair)
        named = (
            self._apposition(mention) if self.text[mention.end : mention.end + 1] == "," else None
        )
        if named is not None:
            return self._as(named, "apposition")
        if words.lower().startswith("the ") and len(words.split()) < 4:
            known = self._last_described(mention.start, noun)
            first = self._first_description(mention.start, noun)
            if known is not None and (first is None or first[0] <= known[0]):
                return self._as(known[1], "described")
            words = first[1] if first else words
        return self._as(self._describe(mention, words, noun), "described")

    def _pair_before(self, position: int) -> tuple[int, int] | None:
        """The last two people before ``position`` whom the text joins by *and*.

        "the two lawmakers".
        """
        numbers = self.index.before(position, _REACH)
        for number in reversed(numbers[1:]):
            first, second = self.index.owner[number - 1], self.index.owner[number]
            joined = _JOINED.fullmatch(
                self.text, self.index.namings[number - 1].end, self.index.starts[number]
            )
            if (
                joined
                and first != second
                and all(self.is_person(self.index.entities[entity]) for entity in (first, second))
            ):
                return first, second
        return None

    def _last_described(self, position: int, noun: str) -> tuple[int, int] | None:
        """Where the last source with this head that has no name stands before ``position``, and its
        entity."""
        described = self._descriptions.get(noun, [])
        number = bisect_left(described, (position, -1))
        return described[number - 1] if number else None

    def _first_description(self, position: int, noun: str) -> tuple[int, str] | None:
        """The last "a Western diplomat" before "the diplomat", and where it stands."""
        start = max(0, position - _DESCRIPTION_REACH)
        reach = self.text[start:position]
        lower = reach.lower() if len(reach.lower()) == len(reach) else reach
        at = lower.rfind(noun) if noun else -1
        while at >= 0:
            left, right = (
                _DESCRIBED_BEFORE.search(reach, max(0, at - _DESCRIBED), at),
                _BELONGING.match(reach, at + len(noun)),
            )
            if left and right:
                return (
                    (start + left.start(), " ".join(reach[left.start() : right.end()].split()))
                    if mention_type(noun, "NN") != "name"
                    else None
                )
            at = lower.rfind(noun, 0, at)
        return None

    def _describe(self, mention: Mention, words: str, noun: str) -> int:
        """The entity of a description that the text has no name for."""
        known = self._described.get(words.lower())
        if known is None:
            gender: Gender | None = (
                "f" if noun.endswith("woman") else "m" if noun.endswith("man") else None
            )
            known = self.index.describe(words, gender, _DESCRIBED_KIND.get(mention.type, "unnamed"))
            self._described[words.lower()] = known
        insort(self._descriptions.setdefault(noun, []), (mention.start, known))
        return known

    # ---------- pronouns
    def by_pronoun(self, mention: Mention) -> Resolution:
        """A pronoun: the most probable of the names before it."""
        word = self._head(mention)
        if word == "both":
            return self.by_description(mention)
        if word in _ONE_OF:
            return self.by_one_of(mention)
        if word in PRONOUNS_PLURAL and self._last is not None and self._last.how == "joint":
            return self._last
        antecedents = self.antecedents(mention, word)
        if not antecedents:
            return (
                self.by_description(mention)
                if word not in PRONOUNS_FIRST
                else Resolution(None, "pronoun", 0.1)
            )
        scores = [self._ranker.score(antecedent) for antecedent in antecedents]
        best = max(range(len(scores)), key=scores.__getitem__)
        probability = 1 / sum(math.exp(score - scores[best]) for score in scores)
        entity = antecedents[best].entity
        if pronoun_sort(word) in ("m", "f"):
            self._called_people.add(entity)
        return Resolution(self.speaker(entity), "pronoun", probability, entity)

    def by_one_of(self, mention: Mention) -> Resolution:
        """One, another, some: of the group that spoke last."""
        words = self._words(mention)
        if len(words.split()) > 1:
            return self.by_description(mention)
        for _, entity in reversed(self._told[: bisect_left(self._told_starts, mention.start)]):
            if entity is not None and self.index.entities[entity].kind == "group":
                return Resolution(
                    Speaker(f"{words.lower()} of {self.index.entities[entity].name}", "unnamed"),
                    "one",
                    1.0,
                    None,
                )
        return self.by_description(mention)

    def antecedents(self, mention: Mention, pronoun: str) -> list[Antecedent]:
        """The entities that ``pronoun`` may stand for where ``mention`` stands, with features."""
        fits = fitting(pronoun)
        latest: dict[int, int] = {}
        for number in self.index.before(mention.start, _REACH):
            entity = self.index.owner[number]
            if (entity not in latest and fits(self.index.entities[entity])) or (
                entity in latest and not self.index.namings[number].quoted
            ):
                latest[entity] = number
        genders = {entity: self._gender_likeness(entity, pronoun) for entity in latest}
        order = sorted(
            [entity for entity in latest if genders[entity] != "other"] or latest,
            key=latest.__getitem__,
            reverse=True,
        )
        family, fresh = family_of(pronoun), self._last_quoted(mention.start)
        antecedents = []
        for rank, entity in enumerate(order):
            asked: dict[str, Fact] = {
                "family": family,
                "gender": genders[entity],
                "rank": min(rank, NEVER),
                "since": self.index.starts[latest[entity]] > fresh,
            }
            antecedents.append(
                Antecedent(entity, {**self._facts(entity, latest[entity], mention.start), **asked})
            )
        return antecedents

    def _facts(self, entity: int, number: int, position: int) -> dict[str, Fact]:
        """What an entity is, where its last naming stands to a pronoun at ``position``, and how
        long ago it spoke or acted."""
        naming = self.index.namings[number]
        place, opens = self._standing(number)
        return {
            **self._about(self.index.entities[entity]),
            "lines": min(
                max(0, bisect_left(self._lines, position) - bisect_left(self._lines, naming.end)),
                NEVER,
            ),
            "place": place,
            "opens": opens,
            "quoted": naming.quoted,
            "full": len(naming.words) > 1,
            "role": naming.role is not None,
            "spoke": next(
                (
                    age
                    for age, (_, other) in enumerate(reversed(self.spoken[-4:]))
                    if other == entity
                ),
                NEVER,
            ),
            "told": self._told_age(entity, position),
            "subject": self._subject_age(entity, position),
        }

    def _standing(self, number: int) -> tuple[str, bool]:
        """What a naming does in its sentence, and whether it opens its paragraph.

        Asked again for every pronoun after it.
        """
        if number not in self._standings:
            self._standings[number] = (
                self._place(self.index.namings[number]),
                self._opens(self.index.namings[number]),
            )
        return self._standings[number]

    def _about(self, entity: Entity) -> dict[str, Fact]:
        """What sort of thing an entity is; asked again for every pronoun after it.

        ``initial`` is a lone word that only ever opens a sentence.
        """
        known = self._abouts.get(id(entity))
        if known is None:
            starts = [self.index.starts[number] for number in entity.namings[:_MANY]]
            known = self._abouts[id(entity)] = {
                "person": self.is_person(entity),
                "words": min(len(entity.words), NEVER),
                "initial": (
                    len(entity.words) == 1
                    and not entity.roles
                    and all(_OPENS.search(self.text[max(0, start - 5) : start]) for start in starts)
                ),
            }
        return known

    def _gender_likeness(self, entity: int, pronoun: str) -> str:
        """Whether an entity's gender, by title or first name, is that of a pronoun.

        ``same``, ``other``, or ``none`` where nothing tells.
        """
        sort = pronoun_sort(pronoun)
        gender = self.index.likely_gender(self.index.entities[entity])
        return (
            "none"
            if gender is None or sort not in ("m", "f")
            else "same"
            if gender == sort
            else "other"
        )

    def _last_quoted(self, position: int) -> int:
        """Where the last quotation before the one at hand ended: names after it are fresh."""
        index = bisect_left(self._quoted_starts, position) - 1
        while index >= 0 and position - self._quoted[index][1] < 4:
            index -= 1
        return self._quoted[index][1] if index >= 0 else -1

    def _opens(self, naming: Naming) -> bool:
        """Whether a name stands among the first words of its paragraph."""
        line = (
            self._lines[bisect_left(self._lines, naming.start) - 1]
            if self._lines and self._lines[0] < naming.start
            else 0
        )
        return naming.start - line < _OPENING and len(self.text[line : naming.start].split()) < 6

    def _subject_age(self, entity: int, position: int) -> int:
        """How many subjects of parsed verbs have come since the entity was one.

        0 for the last, 3 for none of the last three.
        """
        stop = bisect_left(self._subjects, (position, -1))
        recent = [other for _, other in self._subjects[max(0, stop - 3) : stop]]
        return next((age for age, other in enumerate(reversed(recent)) if other == entity), 3)

    def _told_age(self, entity: int, position: int) -> int:
        """How many sources of speech, quoted or not, have come since the entity was one."""
        stop = bisect_left(self._told_starts, position)
        recent = [other for _, other in self._told[max(0, stop - 6) : stop] if other is not None]
        return next((age for age, other in enumerate(reversed(recent)) if other == entity), NEVER)

    def _place(self, naming: Naming) -> str:
        """What a name does in its sentence."""
        sentence = bisect_right(self._ends, naming.start)
        start = max(self._ends[sentence - 1] if sentence else 0, naming.start - 60)
        return place_of(self.text[start : naming.start], self.text[naming.end : naming.end + 110])


def _is_plural(head: str) -> bool:
    """Whether a role is that of several: "ministers", "the committee chairmen"."""
    return head not in ROLES and (
        head.endswith("men") or (head.endswith("s") and head[:-1] in ROLES)
    )


def _is_pair(words: str) -> bool:
    """Whether words stand for two people named before: "the two", "both lawmakers".

    Not "the two sides".
    """
    match = _TWO.fullmatch(words)
    return match is not None and (match.group(1) is None or match.group(1).lower() in _PEOPLE)


_PEOPLE = GROUP_NOUNS.union((f"{role}s" for role in ROLES), {"men", "women", "leaders"}) - {
    "police",
    "people",
}
_OPENS = re.compile(r"(?:^|[.!?”\"’:)]\s|\n\s*|[“\"‘(])$")
_OWNED = re.compile(r"(its|his|her|their)\s", re.IGNORECASE)
_ISSUER = re.compile(
    r"\s(?:issued |released |published |signed |sent )?(?:(?:late |early )?on \w+day"
    r" )?(?:from|by|of|on behalf of|in)\s(?:the\s)?"
)
_INDEFINITE = re.compile(r"(?:an?|one|another|some|many|several|most|two|three)\s", re.IGNORECASE)
_BELONGING = re.compile(
    r"\b(?:\s(?:at|from|in|with|for|of)\s(?:the\s)?[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*)?"
)
_DESCRIBED_BEFORE = re.compile(
    r"\b(?:an?|one|another)\s(?:(?:(?:[A-Z]\.)+|[\w’'-]+)\s){0,4}\Z", re.IGNORECASE
)
_DESCRIBED = 100  # characters of an article and up to four words before a noun
_LINE = re.compile(r"\n")
_AND, _BESIDE = re.compile(r"\band\s"), re.compile(r",?[ \u00a0]+")
_TWO = re.compile(
    r"(?:the (?:two|pair|duo)|these two|both)(?: of them)?(?:\s.*?([\w’'-]+))?", re.IGNORECASE
)
_JOINED = re.compile(r"(?:\s\([^)\n]{1,30}\))?,?\sand\s(?:[\w.’'-]+\s){0,6}")
_ONE_OF = frozenset({"one", "another", "some", "many", "others"})
_DESCRIBED_KIND: dict[str, SpeakerKind] = {
    "group": "group",
    "body": "organization",
    "document": "organization",
    "other": "organization",
    "name": "organization",
}

_WAYS: dict[str, Callable[[SpeakerResolver, Mention], Resolution]] = {
    "name": SpeakerResolver.by_name,
    "role": SpeakerResolver.by_role,
    "group": SpeakerResolver.by_description,
    "body": SpeakerResolver.by_body,
    "document": SpeakerResolver.by_document,
    "pronoun": SpeakerResolver.by_pronoun,
    "other": SpeakerResolver.by_body,
}
