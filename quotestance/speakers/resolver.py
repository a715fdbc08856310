"""Speakers: from the words that mention a source to the person or body they stand for.

Each kind of mention has its own way to a name: a surname to the full name, a role to whoever holds
it, a pronoun to the most probable of the names before it (a linear model over recency, syntax,
gender evidence and who spoke last), a document to who issued it. What the text does not name keeps
its description.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from quotestance.attribution.document import ParsedDocument
from quotestance.attribution.mentions import Mention, mention_of
from quotestance.attribution.sources import Attribution
from quotestance.lexicon import (
    PERSONAL_PRONOUNS,
    PRONOUNS_FIRST,
    PRONOUNS_PLURAL,
    PRONOUNS_WITH_CLAUSES,
)
from quotestance.linear import LinearModel
from quotestance.marks.paragraphs import Bounds
from quotestance.quote import Speaker
from quotestance.speakers.antecedents import EPITHETS, pronoun_sort
from quotestance.speakers.coreference import Coreference
from quotestance.speakers.discourse import Discourse, subjects, tellers
from quotestance.speakers.issuers import Issuers
from quotestance.speakers.named import NamedResolver, Resolution
from quotestance.speakers.names import Naming
from quotestance.speakers.roles import is_plural
from quotestance.speakers.titles import Gender

_CHAINED = PERSONAL_PRONOUNS - PRONOUNS_FIRST
_OWNED = re.compile(r"(its|his|her|their)\s", re.IGNORECASE)
_HOLDER = re.compile(r"(the\s(?:[\w-]+\s){0,3}[\w-]+)[’']s?\s", re.IGNORECASE)  # the union's
_PERHAPS_NAMES = frozenset({"other", "group", "role", "body", "document"})
_TOLD = 8  # sources before "the ministry" among which it is looked for first; not tuned
_EPITHET = 5  # words of a description that may stand for somebody named; not tuned
_NOBODY, _WRITER = 0.5, 0.1  # how sure "nobody", and "I" for somebody unknown, are; not tuned


def resolve_speakers(
    document: ParsedDocument,
    attributions: Sequence[Attribution],
    first_names: Mapping[str, Gender],
    ranker: LinearModel,
    boundaries: LinearModel,
) -> list[Resolution]:
    """The speaker of every quotation of a document.

    Speech is resolved in order; marked words that are not speech come after it, so that they never
    change whose speech is whose.
    """
    resolver = SpeakerResolver.of(document, first_names, ranker, boundaries)
    mentions = [found.candidate.mention for found in attributions]
    speech = [found.kind != "other" for found in attributions]
    order = sorted(range(len(mentions)), key=lambda number: not speech[number])
    found = {
        number: (resolver.resolve if speech[number] else resolver.look_up)(mentions[number])
        for number in order
    }
    return [found[number] for number in range(len(mentions))]


class SpeakerResolver(NamedResolver):
    """Resolves the mentions of one document in order; remembers who has spoken.

    >>> text = "Prime Minister Ana Silva met unions. Silva left."
    >>> resolver = SpeakerResolver(text, [], {}, LinearModel({}))
    >>> resolver.resolve(Mention(37, 42, (37, 42), "name")).speaker.name
    'Ana Silva'
    """

    def __init__(
        self,
        text: str,
        quoted: Sequence[Bounds],
        first_names: Mapping[str, Gender],
        ranker: LinearModel,
        introductions: Sequence[Mention] = (),
        subjects: Sequence[Mention] = (),
        boundaries: LinearModel | None = None,
    ):
        super().__init__(text, quoted, first_names, boundaries)
        self._is_trained = bool(ranker.weights)
        self._last: Resolution | None = None
        self.discourse = Discourse(quoted, told=[], acted=[])
        self._take_in(introductions)
        for position, entity in self._entities_of(subjects):
            self.discourse.act(position, entity)
        self.coreference = Coreference(self.index, self.discourse, ranker)
        self._issuers = Issuers(self.index, self.descriptions, self.discourse)
        chained = {mention for mention in introductions if self._head(mention) in _CHAINED}
        self._pending = sorted(chained, reverse=True)

    @classmethod
    def of(
        cls,
        document: ParsedDocument,
        first_names: Mapping[str, Gender],
        ranker: LinearModel,
        boundaries: LinearModel,
    ) -> SpeakerResolver:
        """The resolver of a parsed document."""
        contexts = document.contexts
        return cls(
            document.text,
            document.quoted,
            first_names,
            ranker,
            tellers(contexts),
            subjects(contexts),
            boundaries,
        )

    def _take_in(self, introductions: Sequence[Mention]) -> None:
        """Enter every source that a parsed sentence gives speech to, named or only described.

        They are told of in order, each with its entity.
        """
        added: list[tuple[Naming, int]] = []
        for mention in sorted(set(introductions)):
            entity, described = self._introduced(mention)
            self.discourse.tell(mention.start, entity)
            if described and entity is not None and not self.index.at(*mention.head):
                words = tuple(self._words(mention).split())
                added.append((Naming(mention.start, mention.end, words, None, None, False), entity))
        self.index.add(added)

    def _introduced(self, mention: Mention) -> tuple[int | None, bool]:
        """The entity of a source, and whether it is one that the text may only describe."""
        if mention.type in ("pronoun", "name", "document") or _OWNED.match(self._words(mention)):
            return self._named_by(mention), False
        return self._way(mention)(self, mention).entity, True

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
        return self._holders.apposition(mention) if mention.type != "pronoun" else None

    # ---------- entry
    def resolve(self, mention: Mention | None) -> Resolution:
        """The speaker that a mention stands for; call in the order of the quotations."""
        if mention is None:
            return self.look_up(None)
        self.catch_up(mention.start)
        resolution = self._last = self.look_up(mention)
        self.discourse.note(mention.start, resolution.entity)
        return resolution

    def look_up(self, mention: Mention | None) -> Resolution:
        """The speaker that a mention stands for, without remembering that it spoke."""
        if mention is None:
            return Resolution(None, "nobody", _NOBODY)
        found = self._way(mention)(self, mention)
        if found.how != "described":
            return found
        return self._by_publication(mention) or self._by_epithet(mention) or found

    def epithet(self, mention: Mention) -> str | None:
        """What sort of description of somebody named before a mention may be, if it may be one.

        "the 40-year-old goalkeeper", "the retailer"; not "the officials", nor what the text has
        introduced itself ("a diplomat").
        """
        words, sort = self._words(mention), f"the {mention.type}"
        singular = sort in EPITHETS and not is_plural(self._head(mention))
        if not singular or not words.lower().startswith("the ") or len(words.split()) > _EPITHET:
            return None
        return None if self.descriptions.first(mention.start, self._head(mention)) else sort

    def _by_publication(self, mention: Mention) -> Resolution | None:
        """Who has published what speaks ("the notice"); None where nobody is said to."""
        if not self._words(mention).lower().startswith("the "):
            return None
        issuer = self._issuers.publisher(self._head(mention), mention.start)
        return None if issuer is None else self._as(issuer, "document")

    def _by_epithet(self, mention: Mention) -> Resolution | None:
        """A description of somebody named before; None where it is of nobody named."""
        sort = self.epithet(mention)
        if sort is None or not self._is_trained:
            return None
        entity, probability = self.coreference.best(mention, sort)
        if entity is None:
            return None
        return Resolution(self.speaker(entity), "epithet", probability, entity)

    def catch_up(self, position: int) -> None:
        """Resolve the pronouns before ``position`` that are given speech without quotation marks
        ("He added that ..."), in order."""
        while self._pending and self._pending[-1].start < position:
            mention = self._pending.pop()
            if self.discourse.is_open(mention.start):
                self.discourse.settle(mention.start, self.by_pronoun(mention).entity)

    def _way(self, mention: Mention) -> Callable[[SpeakerResolver, Mention], Resolution]:
        """How to resolve a mention.

        A head that is a name of the text is one, whatever the parser took it for.
        """
        if mention.type in _PERHAPS_NAMES and self._is_named(mention):
            return SpeakerResolver.by_name
        return _WAYS[mention.type]

    def _bodies(self, position: int) -> Iterator[int]:
        """The entities named before ``position``: those that spoke first, the last one before."""
        for _, entity in reversed(self.discourse.told_before(position, _TOLD)):
            if entity is not None:
                yield entity
        yield from super()._bodies(position)

    def by_document(self, mention: Mention) -> Resolution:
        """A statement, a letter, a report: who issued it, where the text says so.

        Of nobody stated, a document speaks for itself.
        """
        words = self._words(mention)
        owner = _OWNED.match(words)
        if owner:
            bounds = mention.start, mention.start + owner.end(1)
            return self.by_pronoun(Mention(*bounds, bounds, "pronoun"))
        holder = _HOLDER.match(self.text, mention.start, mention.end)
        if holder and not self.index.ending_in(mention.start, mention.head[0]):
            held = mention_of(self.text, *holder.span(1))
            return self._way(held)(self, held)
        issuer = self._issuers.of(mention, words, self._head(mention))
        return self.by_description(mention) if issuer is None else self._as(issuer, "document")

    def by_pronoun(self, mention: Mention) -> Resolution:
        """A pronoun: the most probable of the names before it."""
        word = self._head(mention)
        if word in _PRONOUN_WAYS:
            return _PRONOUN_WAYS[word](self, mention)
        if word in PRONOUNS_PLURAL and self._last is not None and self._last.how == "joint":
            return self._last
        entity, probability = self.coreference.best(mention, word)
        if entity is None and word in PRONOUNS_FIRST:
            return Resolution(None, "pronoun", _WRITER)
        if entity is None:
            return self.by_description(mention)
        if pronoun_sort(word) in ("m", "f"):
            self._called_people.add(entity)
        return Resolution(self.speaker(entity), "pronoun", probability, entity)

    def by_one_of(self, mention: Mention) -> Resolution:
        """One, another, some: of the group that spoke last."""
        words = self._words(mention)
        if len(words.split()) > 1:
            return self.by_description(mention)
        told = reversed(self.discourse.told_before(mention.start))
        sources = (self.index.entities[entity] for _, entity in told if entity is not None)
        group = next((source for source in sources if source.kind == "group"), None)
        if group is None:
            return self.by_description(mention)
        return Resolution(Speaker(f"{words.lower()} of {group.name}", "unnamed"), "one", 1.0)


# How to resolve a mention of each type, and the pronouns that go another way.
_WAYS: dict[str, Callable[[SpeakerResolver, Mention], Resolution]] = {
    "name": SpeakerResolver.by_name,
    "role": SpeakerResolver.by_role,
    "group": SpeakerResolver.by_description,
    "body": SpeakerResolver.by_body,
    "document": SpeakerResolver.by_document,
    "pronoun": SpeakerResolver.by_pronoun,
    "other": SpeakerResolver.by_other,
}
_PRONOUN_WAYS: dict[str, Callable[[SpeakerResolver, Mention], Resolution]] = {
    "both": SpeakerResolver.by_description,
    **dict.fromkeys(PRONOUNS_WITH_CLAUSES, SpeakerResolver.by_description),
    **dict.fromkeys(("one", "another", "some", "many", "others"), SpeakerResolver.by_one_of),
}
