"""Rules: sieves in falling precision, what a candidate must be to pass each.

The same decision as the ranker's, as an ordered table: a feature of the model, and its explanation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Literal, NamedTuple

from quotestance.linear import Fact

Source = Literal["cue", "label", "signature", "previous", "turn", "nobody"]


class Rule(NamedTuple):
    """What a candidate must be to pass: its source, and for a cue the facts it must have."""

    evidence: str
    source: Source
    facts: Mapping[str, Fact]


def _cue(evidence: str, **facts: Fact) -> Rule:
    return Rule(evidence, "cue", facts)


RULES: tuple[Rule, ...] = (
    Rule("a label before the quotation", "label", {}),
    _cue("a passive with by before it", how="agent", verb="speech", side="before"),
    _cue("a passive with by after it", how="agent", verb="speech", side="after"),
    _cue("a passive with by around it", how="agent", verb="speech", side="around"),
    _cue("a passive with by around it", how="agent", verb="manner", side="around"),
    _cue("a reporting verb right after it", side="after", same="same", verb="speech", distance=0),
    _cue("a tag inside it", side="inside", same="same", verb="speech"),
    _cue("a reporting verb right before it", side="before", same="same", verb="speech", distance=0),
    _cue(
        "a reporting verb above it in the parse",
        side="before",
        same="same",
        verb="speech",
        ties="above",
    ),
    _cue(
        "a verb that takes speech above it in the parse",
        side="before",
        same="same",
        verb="manner",
        ties="above",
    ),
    _cue("a reporting verb after it in its sentence", side="after", same="same", verb="speech"),
    _cue("a reporting verb before it in its sentence", side="before", same="same", verb="speech"),
    _cue("a phrase such as according to after it", side="after", same="same", verb="phrase"),
    _cue("a phrase such as according to before it", side="before", same="same", verb="phrase"),
    Rule("a signature after it", "signature", {}),
    _cue("a verb that takes speech before it", side="before", same="same", verb="manner"),
    _cue("a verb that takes speech after it", side="after", same="same", verb="manner"),
    _cue("a noun that holds words before it", side="before", same="same", verb="noun"),
)


def _tables() -> list[tuple[Callable[[Mapping[str, Fact]], object], dict[object, int]]]:
    """For each set of facts that rules ask for, the first rule by the values of the facts."""
    tables: dict[tuple[str, ...], dict[object, int]] = defaultdict(dict)
    for number, rule in enumerate(RULES):
        if rule.facts:
            tables[tuple(rule.facts)].setdefault(tuple(rule.facts.values()), number)
    return [(itemgetter(*names), table) for names, table in tables.items()]


_TABLES = _tables()
_PLAIN = {rule.source: number for number, rule in enumerate(RULES) if not rule.facts}


def first_rule(source: Source, facts: Mapping[str, Fact]) -> int | None:
    """The number of the first rule that a candidate passes.

    >>> facts = {"side": "after", "same": "same", "verb": "speech", "distance": 3}
    >>> RULES[first_rule("cue", {**facts, "ties": "beside", "how": "subject"})].evidence
    'a reporting verb after it in its sentence'
    """
    if source != "cue":
        return _PLAIN.get(source)
    passed = (table.get(read(facts)) for read, table in _TABLES)
    return min((number for number in passed if number is not None), default=None)


_SOURCES: Mapping[Source, str] = {
    "cue": "a verb near it",
    "previous": "it goes on from the quotation before",
    "turn": "speakers alternate in a dialogue",
    "nobody": "nothing names a source",
    "label": "a label before it",
    "signature": "a signature after it",
}


def evidence_of(source: Source, facts: Mapping[str, Fact]) -> str:
    """What speaks for a candidate, in words: the first rule it passes, else what sort it is.

    >>> evidence_of("nobody", {})
    'nothing names a source'
    """
    rule = first_rule(source, facts)
    return _SOURCES[source] if rule is None else RULES[rule].evidence
