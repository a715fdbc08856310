"""Invented texts whose words no text has held yet, so that every parse adds to the vocabulary."""

from __future__ import annotations

import random

VERBS = ("said", "warned", "insisted", "conceded")


def unseen(seed: str, length: int = 9) -> str:
    """A word that no text has held yet."""
    return "".join(random.Random(seed).choices("bcdfgklmnprstvz" + "aeiou" * 2, k=length))


def invented(seed: str, number: int) -> str:
    """A text whose names and nouns are new, so that every parse adds to the vocabulary."""
    words = [unseen(f"{seed} {number} {index}") for index in range(12)]
    first, last, *rest = words[0].title(), words[1].title(), *words[2:]
    return (
        f"The {rest[0]} of {rest[1].title()} {VERBS[number % 4]} on Monday it would {rest[2]}.\n\n"
        f"“We will {rest[3]} every {rest[4]},” {VERBS[number % 4]} the {rest[5]} {first} {last},"
        f" who leads the {rest[6]}. “No {rest[7]} is {rest[8]}.”\n\n"
        f"“It is a {rest[9]},” {last} added."
    )
