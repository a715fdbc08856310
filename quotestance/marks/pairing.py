"""Pairing: every mark of a paragraph is read as opening, closing or literal so that the whole costs
least.

Marks are mended, not rewritten: a table of legal pairs (``_PAIR_COST``) and the costs of each mark
decide together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quotestance.marks.signs import Mark


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text between an opening mark and its closing mark.

    ``close`` is None where that is missing.
    """

    open: Mark
    close: Mark | None
    end: int


# opening mark -> closing marks that pair with it, and what each pair costs; any other pair costs
# _ODD_PAIR. Curly and straight mixed up are everyday slips of editing systems, so they cost little.
_PAIR_COST: dict[str, dict[str, float]] = {
    "“": {"”": 0.0, '"': 0.2, "“": 0.3, "''": 0.2, "‟": 0.2},
    "”": {"”": 0.3, '"': 0.5, "“": 1.0},
    "„": {"“": 0.0, "”": 0.0, '"': 0.2, "‟": 0.0, "''": 0.2},
    "‟": {"”": 0.0, '"': 0.2, "“": 0.5},
    '"': {'"': 0.0, "”": 0.2, "''": 0.2, "“": 0.5},
    "＂": {"＂": 0.0},
    "''": {"''": 0.0, '"': 0.2, "”": 0.2},
    "``": {"''": 0.0, '"': 0.0, "”": 0.2},
    "«": {"»": 0.0},
    "»": {"«": 0.0, "»": 0.3},
    "‹": {"›": 0.0},
    "›": {"‹": 0.0, "›": 0.3},
    "‘": {"’": 0.0, "'": 0.2},
    "‚": {"‘": 0.0, "’": 0.0},
    "‛": {"’": 0.0, "'": 0.2},
    "’": {"’": 0.5},
    "'": {"'": 0.0, "’": 0.2},
    "`": {"'": 0.0, "’": 0.0},
}
# Set by hand on articles_train and polnear_train so that every repair there costs less than the
# next worse reading.
_ODD_PAIR = 4.0
_NESTED_SAME_MARK = 1.5
UNCLOSED_AT_END, UNCLOSED_BUT_REOPENED, _UNCLOSED_AT_OPENING = 3.0, 0.4, 3.2
_REOPENED = 0.8  # “A. “B.” is a quotation of two paragraphs whose break was lost
_BEAM = 8.0
_MAX_DEPTH = 3

_State = tuple[str, ...]
_Action = str  # "open" | "close" | "literal" | "reopen" (the one before was never closed)
_Back = dict[_State, tuple[_State, _Action]]  # state behind a mark -> state before it, its reading


def _moves(state: _State, mark: Mark) -> Iterator[tuple[_Action, _State, float]]:
    """The ways to read ``mark`` while the marks of ``state`` are open, with what each costs."""
    yield "literal", state, mark.literal_cost
    if not state:
        yield "open", (mark.text,), mark.open_cost
        return
    yield "close", state[:-1], mark.close_cost + _PAIR_COST[state[-1]].get(mark.text, _ODD_PAIR)
    if len(state) < _MAX_DEPTH:
        same = mark.text in _PAIR_COST[state[-1]] or mark.text == state[-1]
        nested = _NESTED_SAME_MARK if same else 0.0
        yield "open", (*state, mark.text), mark.open_cost + nested + mark.new_sentence
    unclosed = _REOPENED if mark.new_sentence else _UNCLOSED_AT_OPENING
    yield "reopen", (mark.text,), mark.open_cost + unclosed


def _read_marks(marks: list[Mark], end_cost: float) -> list[_Action]:
    """The cheapest reading of a paragraph's marks (Viterbi over the stacks of open marks).

    ``end_cost`` is for one left open.
    """
    if _is_plain(marks):
        return ["open", "close"] * (len(marks) // 2)
    best: dict[_State, float] = {(): 0.0}
    history: list[_Back] = []
    for mark in marks:
        costs, back = _step(best, mark)
        floor = min(costs.values())
        best = {state: cost for state, cost in costs.items() if cost <= floor + _BEAM}
        history.append(back)

    def total(state: _State) -> float:
        return best[state] + end_cost * bool(state) + UNCLOSED_AT_END * max(0, len(state) - 1)

    return _traced(history, min(best, key=total))


def _step(best: Mapping[_State, float], mark: Mark) -> tuple[dict[_State, float], _Back]:
    """The cheapest way to each state behind a mark: its cost, and where it comes from."""
    costs: dict[_State, float] = {}
    back: _Back = {}
    for state, cost in best.items():
        for action, following, extra in _moves(state, mark):
            if cost + extra < costs.get(following, math.inf):
                costs[following] = cost + extra
                back[following] = (state, action)
    return costs, back


def _traced(history: Sequence[_Back], state: _State) -> list[_Action]:
    """The readings of all marks that lead to a state, from the first."""
    actions = []
    for back in reversed(history):
        state, action = back[state]
        actions.append(action)
    return actions[::-1]


def _is_plain(marks: list[Mark]) -> bool:
    """Whether the marks simply open and close in turn, as nearly all do.

    Then no search is needed.
    """
    if len(marks) % 2:
        return False
    return all(
        left.open_cost == 0.0
        and right.close_cost == 0.0
        and _PAIR_COST[left.text].get(right.text) == 0.0
        for left, right in zip(marks[::2], marks[1::2], strict=True)
    )


def find_stretches(marks: list[Mark], end: int, end_cost: float) -> Iterator[Stretch]:
    """The outermost stretches that a paragraph's marks set off, in order.

    ``end`` is where the paragraph ends; ``end_cost`` is what a quotation left open there costs
    (``UNCLOSED_AT_END``, or ``UNCLOSED_BUT_REOPENED`` where the next paragraph opens one again).

    >>> from quotestance.marks.signs import find_marks
    >>> text = "“No, “never”, he said."
    >>> marks = list(find_marks(text, single_mode=False))
    >>> [text[s.open.end : s.end] for s in find_stretches(marks, len(text), UNCLOSED_AT_END)]
    ['No, ', 'never']
    """
    actions = _read_marks(marks, end_cost)
    opened: list[Mark] = []
    for mark, action in zip(marks, actions, strict=True):
        if action == "open":
            opened.append(mark)
        elif action == "close":
            last = opened.pop()
            if not opened:
                yield Stretch(last, mark, mark.start)
        elif action == "reopen":
            yield Stretch(opened[0], None, mark.start)
            opened = [mark]
    if opened:
        yield Stretch(opened[0], None, end)
