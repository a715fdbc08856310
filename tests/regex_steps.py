"""How many steps a backtracking matcher takes: regular expressions measured without a clock.

It walks the tree that ``re`` itself parses a pattern into, tries in the order in which ``re`` does,
and counts every attempt. The shortcuts of ``re`` are left out, so it never counts too little.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    if sys.version_info >= (3, 11):
        from re import _parser as parser
    else:
        import sre_parse as parser

Rest = Callable[[int], bool]  # what must match behind a place
Step = Callable[[int, Rest], bool]  # matches at a place, then the rest
_DEPTH = 20_000  # calls inside each other; a letter of the text takes about five
_MOST = 100_000  # steps after which a match is given up as hopeless
_ANCHORS = {
    "at_beginning": "^",
    "at_beginning_string": r"\A",
    "at_end": "$",
    "at_end_string": r"\Z",
    "at_boundary": r"\b",
    "at_non_boundary": r"\B",
}
_CATEGORIES = {"digit": str.isdigit, "space": str.isspace, "word": re.compile(r"\w").match}


class _Hopeless(Exception):
    """A match takes more steps than anybody would wait for."""


class StepCounter:
    """A pattern, and the steps that it takes on a text."""

    def __init__(self, pattern: re.Pattern[str]):
        self._flags = pattern.flags
        self._text, self._steps = "", 0
        self._match = self._sequence(parser.parse(pattern.pattern, pattern.flags))

    def steps(self, text: str, place: int = 0) -> int:
        """The steps of a match that fails or succeeds at one place of a text; about 100,000 where
        there are more."""
        self._text, self._steps = text, 0
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(_DEPTH)
        try:
            self._match(place, lambda end: True)
        except _Hopeless:
            pass
        finally:
            sys.setrecursionlimit(limit)
        return self._steps

    def _count(self) -> None:
        self._steps += 1
        if self._steps > _MOST:
            raise _Hopeless

    def _sequence(self, items: Any) -> Step:
        steps = [self._step(str(code).lower(), value) for code, value in items]

        def run(place: int, rest: Rest, number: int = 0) -> bool:
            if number == len(steps):
                return rest(place)
            self._count()
            return steps[number](place, lambda end: run(end, rest, number + 1))

        return run

    def _step(self, code: str, value: Any) -> Step:
        if code in ("literal", "not_literal", "in", "any"):
            return self._letter(code, value)
        step: Step = getattr(self, f"_{code}")(value)
        return step

    def _letter(self, code: str, value: Any) -> Step:
        known: dict[str, bool] = {}

        def step(place: int, rest: Rest) -> bool:
            if place == len(self._text):
                return False
            letter = self._text[place]
            if letter not in known:
                known[letter] = _fits(code, value, letter, self._flags)
            return known[letter] and rest(place + 1)

        return step

    def _repeat(self, value: Any, greedy: bool) -> Step:
        least, most, items = value
        body = self._sequence(items)

        def run(place: int, rest: Rest, done: int = 0) -> bool:
            self._count()

            def again() -> bool:
                return done < most and body(
                    place, lambda end: (end > place or done < least) and run(end, rest, done + 1)
                )

            if done < least:
                return again()
            return (again() or rest(place)) if greedy else (rest(place) or again())

        return run

    def _max_repeat(self, value: Any) -> Step:
        return self._repeat(value, greedy=True)

    def _min_repeat(self, value: Any) -> Step:
        return self._repeat(value, greedy=False)

    def _branch(self, value: Any) -> Step:
        ways = [self._sequence(items) for items in value[1]]
        return lambda place, rest: any(way(place, rest) for way in ways)

    def _subpattern(self, value: Any) -> Step:
        return self._sequence(value[3])

    def _assert(self, value: Any, wanted: bool = True) -> Step:
        direction, items = value
        inner = self._sequence(items)
        width = items.getwidth()[0] if direction < 0 else 0

        def step(place: int, rest: Rest) -> bool:
            found = place >= width and inner(place - width, lambda end: True)
            return found == wanted and rest(place)

        return step

    def _assert_not(self, value: Any) -> Step:
        return self._assert(value, wanted=False)

    def _at(self, value: Any) -> Step:
        anchor = re.compile(_ANCHORS[str(value).lower()], self._flags & re.MULTILINE)
        return lambda place, rest: anchor.match(self._text, place) is not None and rest(place)


def _fits(code: str, value: Any, letter: str, flags: int) -> bool:
    """Whether a letter is one that a piece of a pattern takes."""
    if code == "any":
        return letter != "\n" or bool(flags & re.DOTALL)
    if code == "in":
        negated = str(value[0][0]).lower() == "negate"
        return negated != any(
            _fits(str(part).lower(), held, letter, flags) for part, held in value[negated:]
        )
    cases = {letter, letter.lower(), letter.upper()} if flags & re.IGNORECASE else {letter}
    if code == "category":
        *negated, name = str(value).lower().removeprefix("category_").split("_")
        return bool(negated) != bool(_CATEGORIES[name](letter))
    if code == "range":
        return any(len(case) == 1 and value[0] <= ord(case) <= value[1] for case in cases)
    return (chr(value) in cases) == (code == "literal")
