"""The records: what a text holds, as frozen strings and offsets."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["direct", "mixed", "other"]
SpeakerKind = Literal["person", "organization", "group", "unnamed"]
StanceLabel = Literal["hardline", "neutral", "conciliatory"]

STANCE_LABELS: tuple[StanceLabel, ...] = ("hardline", "neutral", "conciliatory")
# top probability below which about half the labels of real_dev are right (docs/accuracy.md)
UNCERTAIN = 0.5


@dataclass(frozen=True, slots=True, order=True)
class TextSpan:
    """A stretch of a text: ``text[span.start:span.end] == span.text``.

    >>> TextSpan.of("He said no.", 3, 7)
    TextSpan(start=3, end=7, text='said')
    """

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> TextSpan:
        """Cut the span ``start:end`` out of ``text``."""
        return cls(start, end, text[start:end])


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it, under the fullest name the text gives.

    ``kind`` is ``person``, ``organization``, ``group`` or ``unnamed`` (a source the text only
    describes: then ``name`` is the description); ``aliases`` are the other names of the same
    speaker in the text.

    >>> Speaker("John Kerry", "person", role="U.S. Secretary of State", aliases=("Kerry",)).name
    'John Kerry'
    """

    name: str
    kind: SpeakerKind
    role: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stance:
    """How hard a line a quotation takes: three probabilities that add up to 1, what they say, and
    how far to one side.

    ``score`` is P(conciliatory) - P(hardline), in [-1, 1]; ``label`` is the most probable class.

    >>> stance = Stance(hardline=0.86, neutral=0.09, conciliatory=0.05)
    >>> stance.label, stance.score
    ('hardline', -0.81)
    """

    hardline: float
    neutral: float
    conciliatory: float

    @property
    def probabilities(self) -> dict[StanceLabel, float]:
        """The three probabilities by label."""
        return {
            "hardline": self.hardline,
            "neutral": self.neutral,
            "conciliatory": self.conciliatory,
        }

    @property
    def label(self) -> StanceLabel:
        """The most probable class (the first of hardline, neutral, conciliatory where two are
        equal)."""
        return max(STANCE_LABELS, key=lambda label: self.probabilities[label])

    @property
    def uncertain(self) -> bool:
        """Whether the most probable class has a probability below ``UNCERTAIN``.

        About half of such labels are right.
        """
        return max(self.hardline, self.neutral, self.conciliatory) < UNCERTAIN

    @property
    def score(self) -> float:
        """P(conciliatory) - P(hardline), in [-1, 1], to four decimals."""
        return round(self.conciliatory - self.hardline, 4)

    def to_dict(self) -> dict[str, Any]:
        """The stance as plain values, ready for JSON."""
        return {"label": self.label, "score": self.score, "probabilities": dict(self.probabilities)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Stance:
        """Undo ``to_dict``."""
        return cls(**data["probabilities"])


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation: its words, where they stand, who said them and how hard a line they take.

    ``start`` and ``end`` run from the first opening mark to the last closing mark; ``parts`` lie
    inside the marks. ``mention`` and ``cue`` are the words of the text that name the source and
    introduce the speech. What is not known is ``None``. ``confidence`` is the probability that
    ``speaker`` is the right name, ``evidence`` says in words what it was told by; ``closed`` is
    False where the closing mark is missing.

    >>> part = TextSpan(1, 3, "No")
    >>> quote = Quote(start=0, end=4, kind="direct", closed=True, parts=(part,))
    >>> quote.text, quote.speaker
    ('No', None)
    >>> Quote.from_dict(quote.to_dict()) == quote
    True
    """

    start: int
    end: int
    kind: Kind
    closed: bool
    parts: tuple[TextSpan, ...]
    mention: TextSpan | None = None
    cue: TextSpan | None = None
    speaker: Speaker | None = None
    confidence: float = 0.0
    evidence: str | None = None
    stance: Stance | None = None

    @property
    def text(self) -> str:
        """The content: the quoted words of all parts, joined by a space."""
        return " ".join(part.text for part in self.parts)

    @property
    def stance_cue(self) -> str | None:
        """The cue where it may move the stance: that of a mixed quotation ("demanded").

        The verb beside a direct one is not the speaker's.
        """
        return self.cue.text if self.cue is not None and self.kind == "mixed" else None

    def to_dict(self) -> dict[str, Any]:
        """The quote as plain dicts, lists, strings and numbers, ready for JSON."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "kind": self.kind,
            "closed": self.closed,
            "parts": [asdict(part) for part in self.parts],
            "mention": asdict(self.mention) if self.mention else None,
            "cue": asdict(self.cue) if self.cue else None,
            "speaker": (
                {**asdict(self.speaker), "aliases": list(self.speaker.aliases)}
                if self.speaker
                else None
            ),
            "confidence": self.confidence,
            "evidence": self.evidence,
            "stance": self.stance.to_dict() if self.stance else None,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Quote:
        """Undo ``to_dict``."""
        speaker, stance = data["speaker"], data["stance"]
        return cls(
            start=data["start"],
            end=data["end"],
            kind=data["kind"],
            closed=data["closed"],
            parts=tuple(TextSpan(**part) for part in data["parts"]),
            mention=TextSpan(**data["mention"]) if data["mention"] else None,
            cue=TextSpan(**data["cue"]) if data["cue"] else None,
            speaker=(
                Speaker(**{**speaker, "aliases": tuple(speaker["aliases"])}) if speaker else None
            ),
            confidence=data["confidence"],
            evidence=data.get("evidence"),
            stance=Stance.from_dict(stance) if stance else None,
        )
