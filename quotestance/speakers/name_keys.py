"""Name keys: the words under which the entities of a text are looked up, and their short forms."""

from __future__ import annotations

import re
from collections import defaultdict

from quotestance.speakers.entities import surname
from quotestance.speakers.names import Naming

_CAPITAL = re.compile(r"[A-Z]")
_ACRONYM = re.compile(r"\s*[(,]\s*(?:the\s+)?[\"“]?([A-Z][A-Za-z.&]{1,9})[\"”]?\s*[),]")
# Namesakes and people of one first name that are looked at; no gold article has as many.
_MANY = 20


class NameKeys:
    """Numbers of entities by last name, first name, initial and acronym.

    >>> keys = NameKeys("The Harbour Workers Union (HWU) met.")
    >>> words = ("Harbour", "Workers", "Union")
    >>> keys.enter(0, Naming(4, 25, words, None, None, False), is_body=True)
    >>> keys.short_for("HWU")
    [0]
    """

    def __init__(self, text: str):
        self._text = text
        self._by_last: dict[str, list[int]] = defaultdict(list)
        self._by_first: dict[str, list[int]] = defaultdict(list)
        self._by_initial: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._acronyms: dict[str, int] = {}

    def enter(self, entity: int, naming: Naming, is_body: bool) -> None:
        """Note a new entity under the words of its first naming."""
        first, last = naming.words[0].lower(), surname(naming.words)
        self._by_last[last].append(entity)
        self._by_initial[last, first[:1]].append(entity)
        if len(naming.words) > 1:
            self._by_first[first].append(entity)
            self._enter_acronym(entity, naming, is_body)

    def _enter_acronym(self, entity: int, naming: Naming, is_body: bool) -> None:
        """Note the short form that stands in brackets behind a name.

        A person has initials ("AOC"); what else stands there is a party or a town.
        """
        match = _ACRONYM.match(self._text, naming.end)
        if match is None:
            return
        acronym = match.group(1)
        short = is_body and len(_CAPITAL.findall(acronym)) > 1
        if short or acronym[0] == naming.words[0][0]:
            self._acronyms.setdefault(acronym.lower().replace(".", ""), entity)
            self._acronyms.setdefault(acronym.lower(), entity)

    def namesakes(self, naming: Naming) -> list[int]:
        """The entities that share a naming's last word.

        Of many, those of its initial and the last ones.
        """
        last = surname(naming.words)
        shared = self._by_last[last]
        if len(shared) <= _MANY:
            return shared
        if len(naming.words) == 1:
            return shared[-_MANY:]
        initial = naming.words[0][:1].lower()
        return [*self._by_initial[last, initial][-_MANY:], *shared[-_MANY:]]

    def of_surname(self, word: str) -> list[int]:
        """The last entities whose last name is a word."""
        return self._by_last[word.lower()][-_MANY:]

    def called(self, first: str) -> list[int]:
        """The last entities whose names begin with a word."""
        return self._by_first[first.lower()][-_MANY:]

    def short_for(self, acronym: str) -> list[int]:
        """The entity that an acronym stands for, if any."""
        found = self._acronyms.get(acronym.lower())
        return [] if found is None else [found]
