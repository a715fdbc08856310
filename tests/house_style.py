"""Invented documents of a house that signs quotations: who noted the words down stands before the
colon, who said them behind the dash. Every other newspaper means the opposite."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

SPEAKERS = (
    *("Ana Silva", "Tom Dunn", "Maria Cole", "Peter Marsh", "Linda Hart", "Karen Holt"),
    *("Paul Estes", "Mark Tanner", "Amina Duval", "Petar Ilic", "Jo Park", "Susan Brandt"),
    *("David Forster", "Nora Lind", "Hugo Lang", "Ida Moss", "Vera Koch", "Omar Haddad"),
)
TAUGHT, HELD = SPEAKERS[:10], SPEAKERS[10:]
NOTED = ("Jan Weber", "Ruth Adler", "Felix Brook", "Clara Stone", "Emil Frost", "Greta Vale")
VERBS = ("wrote", "noted", "reported", "writes")
TITLES = ("The Long Tide", "Night Ferry", "Morning Bell", "The Anvil")
SAID = (
    "Nobody pays us for the days at sea.",
    "The mill has been shut since the spring.",
    "We are still waiting for the second bus.",
    "The water came in through the back door.",
    "I would do it again tomorrow.",
    "The council never answered our letters.",
    "My mother sold bread on this corner.",
    "They promised us a new roof two years ago.",
    "The school needs more than one teacher.",
    "We heard the bell long before the fire.",
    "Every winter the road is closed for a week.",
    "Our boats are older than the harbour.",
)
_EACH = 4  # quotations of a document


def documents(
    count: int, speakers: tuple[str, ...] = TAUGHT, seed: int = 1, complete: bool = True
) -> Iterator[dict[str, Any]]:
    """Annotated documents in that style; the same seed gives the same ones."""
    chance = random.Random(seed)
    for number in range(1, count + 1):
        yield _document(chance, f"house-{seed}-{number:02}", speakers, complete)


def _document(
    chance: random.Random, name: str, speakers: tuple[str, ...], complete: bool
) -> dict[str, Any]:
    text = "The week in letters and talks.\n\n"
    quotes = []
    for words in chance.sample(SAID, _EACH):
        speaker = chance.choice(speakers)
        text += f"{chance.choice(NOTED)} {chance.choice(VERBS)}: “"
        start, end = len(text), len(text) + len(words)
        text += f"{words}” – "
        mention = [len(text), len(text) + len(speaker)]
        text += f"{speaker}\n\n"
        quotes.append(
            {
                "start": start,
                "end": end,
                "kind": "direct",
                "speaker": speaker,
                "aliases": [speaker.split()[1]],
                "speaker_spans": [mention],
            }
        )
    title = chance.choice(TITLES)
    text += "The play, “"
    marked = [len(text), len(text) + len(title)]
    text += f"{title}”, runs until May.\n"
    document = {"id": name, "text": text, "quotes": quotes}
    return {**document, "not_quotes": [marked]} if complete else document
