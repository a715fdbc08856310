"""Every regular expression of the package takes a bounded number of steps for each character."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re

import pytest

import quotestance
from tests.regex_steps import StepCounter

# Pieces whose repetition is hostile to some pattern: letters of every sort, marks, words, blanks.
_LETTERS = ("A", "a", "Ł", "中", "1", " ", "\n", ".", ",", "-", "'", "”", '"', "(", ":", "/", "<")
_WORDS = (
    "Aa ",
    "AA ",
    "aa ",
    "A.",
    "Aa\n",
    "of ",
    "the ",
    "and ",
    ", Aa ",
    ", the ",
    "Aa-",
    "aly ",
)
_PAIRS = [a + b for a, b in itertools.permutations(("A", "a", " ", ".", ","), 2)]
_PUMPS = (*_LETTERS, *_WORDS, *_PAIRS)
_FRONTS = ("", "A", ", ", "- ", " of ", "the ")
_BACKS = ("", "\x00")


def _patterns() -> dict[str, re.Pattern[str]]:
    """The patterns that the modules of the package hold, by their names."""
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(quotestance.__path__, "quotestance."):
        if module.name.endswith(("__main__", "training.network", "training.encoder")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and value not in found.values():
                found[f"{module.name.removeprefix('quotestance.')}.{name}"] = value
    return found


PATTERNS = _patterns()
# Characters of the two texts that are compared; both are longer than any bound inside a pattern.
_SHORT, _LONG = 150, 300
_FAIR = 300  # steps for each character that the slowest pattern may take


def _hostile(size: int) -> list[str]:
    return [
        front + (pump * size)[:size] + back
        for pump, front, back in itertools.product(_PUMPS, _FRONTS, _BACKS)
    ]


def test_the_counter_tells_a_hostile_pattern() -> None:
    counter = StepCounter(re.compile(r"(?:A\w*\s?){1,6}:"))
    assert counter.steps("A" * 16) > 8 * counter.steps("A" * 8)


def test_the_counter_counts_a_plain_pattern_by_the_letter() -> None:
    counter = StepCounter(re.compile(r"A\w*(?:\sA\w*){0,5}\s?:"))
    assert counter.steps("A" * 40) < 3 * counter.steps("A" * 20)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_match_takes_a_bounded_number_of_steps_for_each_character(name: str) -> None:
    counter = StepCounter(PATTERNS[name])
    for short, long in zip(_hostile(_SHORT), _hostile(_LONG), strict=True):
        few, many = counter.steps(short), counter.steps(long)
        assert many <= min(2.3 * few + 200, _FAIR * len(long)), (name, long)
