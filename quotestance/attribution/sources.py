"""Sources: who each quotation of a document is from, each decided after the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotestance.attribution.candidates import Candidate, candidates_of, where
from quotestance.attribution.document import ParsedDocument
from quotestance.attribution.governors import Governor
from quotestance.attribution.kinds import KindModel, kind_features
from quotestance.attribution.mentions import Mention
from quotestance.attribution.rules import evidence_of
from quotestance.attribution.turns import TURN_RIGHT, Turns, is_dialogue
from quotestance.linear import LinearModel
from quotestance.marks.paragraphs import Bounds
from quotestance.marks.quotations import Quotation
from quotestance.quote import Kind


@dataclass(frozen=True, slots=True)
class Attribution:
    """The chosen candidate of a quotation, and what kind of quotation that makes it.

    ``probability`` is that the candidate is right, ``evidence`` says what speaks for it, ``speech``
    is the probability that the words are speech at all.
    """

    candidate: Candidate
    probability: float
    evidence: str
    kind: Kind = "direct"
    speech: float = 1.0


def attribute(
    document: ParsedDocument, ranker: LinearModel, kinds: KindModel | None = None
) -> list[Attribution]:
    """The source and the kind of every quotation of a document, in order.

    What is not speech does not count as the quotation before; without ``kinds`` all is direct
    speech. In a dialogue speakers alternate where nothing beside a quotation names one.
    """
    return [turn for _, turn in decide(document, ranker, kinds)]


def decide(
    document: ParsedDocument, ranker: LinearModel, kinds: KindModel | None = None
) -> Iterator[tuple[Attribution, Attribution]]:
    """For every quotation what the words beside it say, and what turns of talk make of that."""
    told = _Told(Turns(document.text, is_dialogue(document.quotations)))
    rows = zip(document.quotations, document.places, document.governors, strict=True)
    for quotation, places, governor in rows:
        gap = document.text[told.end : quotation.start]
        found = candidates_of(document.text, quotation, places, told.previous, gap)
        paragraph = places[0][1].context.paragraph
        place = where(quotation, paragraph)
        best = _decided(document.text, quotation, choose(found, ranker), governor, place, kinds)
        turn = told.turn(best, quotation, paragraph)
        if best.kind != "other":
            told.note(turn.candidate.mention, quotation, paragraph)
        yield best, turn


@dataclass(slots=True)
class _Told:
    """Who spoke so far: in the quotation before, and by turns."""

    turns: Turns
    previous: Mention | None = None
    end: int = 0

    def turn(self, best: Attribution, quotation: Quotation, paragraph: Bounds) -> Attribution:
        """The attribution by turns, where the dialogue says more than the words around it."""
        if best.candidate.source not in ("previous", "nobody"):
            return best
        other = self.turns.other(paragraph, quotation)
        if other is None:
            return best
        candidate = Candidate("turn", other, None, {"turn": 1.0})
        return Attribution(candidate, TURN_RIGHT, evidence_of("turn", {}), best.kind, best.speech)

    def note(self, mention: Mention | None, quotation: Quotation, paragraph: Bounds) -> None:
        """Remember who spoke in a quotation."""
        self.previous, self.end = mention or self.previous, quotation.end
        self.turns.note(paragraph, quotation, mention)


def choose(candidates: Sequence[Candidate], ranker: LinearModel) -> Attribution:
    """The most probable candidate; the probabilities of those with the same mention add up."""
    probabilities = ranker.probabilities([candidate.features for candidate in candidates])
    winner = candidates[max(range(len(candidates)), key=probabilities.__getitem__)]
    mass = sum(
        probability
        for probability, candidate in zip(probabilities, candidates, strict=True)
        if candidate.mention == winner.mention
    )
    return Attribution(winner, mass, evidence_of(winner.source, winner.facts))


def _decided(
    text: str,
    quotation: Quotation,
    best: Attribution,
    governor: Governor,
    place: str,
    kinds: KindModel | None,
) -> Attribution:
    """The attribution with the kind of its quotation, by what was chosen for it."""
    if kinds is None:
        return best
    source = best.candidate.source
    facts = best.candidate.facts
    features = kind_features(text, quotation, source, facts, best.probability, governor)
    kind, speech = kinds.decide(quotation, source, features, place)
    return Attribution(best.candidate, best.probability, best.evidence, kind, speech)
