"""Turns: in a dialogue, a paragraph that only quotes is spoken by the other of the last two
speakers, or by whom the last one addressed.

In news the next paragraph of bare words goes on with the same speaker; in fiction and in printed
conversations speakers alternate, and call each other by name (Elson and McKeown 2010; He, Barbosa
and Kondrak 2013). Which of the two a text is, its questions tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quotestance.attribution.mentions import Mention, mention_of
from quotestance.lexicon import NOT_NAMES
from quotestance.marks.paragraphs import Bounds
from quotestance.marks.quotations import Quotation

# One in six quotations of a dialogue asks or exclaims: so in 15 of 15 texts of pdnc_dev, three in
# four of litbank_dev, one in twenty of articles_train.
_ASKS, _FEWEST = 1 / 6, 6
# how often the speaker by turns was right: 282 of 485 quotations of litbank_dev and pdnc_dev
TURN_RIGHT = 0.58
# turns before the last one in which another speaker is looked for; 1 and 3 differ by less than the
# interval
_REACH = 3
_NAME = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Lord|Aunt|Uncle)\.?\s)?[A-Z][a-z]+(?:\s[A-Z][a-z]+)?"
_ADDRESSED = re.compile(rf"(?:^|,\s(?:my\s)?(?:dear\s)?)({_NAME})(?=[,.!?;—]|--|$)")


def is_dialogue(quotations: Sequence[Quotation]) -> bool:
    """Whether a text is a conversation: enough of its quotations ask or exclaim.

    >>> from quotestance.marks.quotations import find_quotations
    >>> is_dialogue(find_quotations("“Is it?” “It is.” “So?” “So.” “Oh!” “Yes.”"))
    True
    """
    asks = sum(quotation.parts[-1].text[-1:] in ("?", "!") for quotation in quotations)
    return len(quotations) >= _FEWEST and asks >= _ASKS * len(quotations)


@dataclass(slots=True)
class Turns:
    """The speakers of a dialogue by paragraph, in order.

    Of the last one also where it stands and whom it addressed.
    """

    text: str
    is_dialogue: bool
    _mentions: list[Mention | None] = field(default_factory=list)
    _paragraph: Bounds | None = None
    _addressed: Mention | None = None

    def other(self, paragraph: Bounds, quotation: Quotation) -> Mention | None:
        """Whose turn it is, where a quotation opens a paragraph.

        The last speaker but the one before, else whom that one addressed.
        """
        if (
            not self.is_dialogue
            or quotation.start > paragraph[0] + 1
            or self._paragraph is None
            or paragraph == self._paragraph
        ):
            return None
        last = self._words(self._mentions[-1])
        others = [
            mention
            for mention in self._mentions[-1 - _REACH : -1]
            if mention is not None and self._words(mention) != last
        ]
        return others[-1] if others else self._addressed

    def _words(self, mention: Mention | None) -> str:
        return self.text[mention.start : mention.end].lower() if mention else ""

    def note(self, paragraph: Bounds, quotation: Quotation, mention: Mention | None) -> None:
        """Remember who spoke in a paragraph of a dialogue."""
        if not self.is_dialogue:
            return
        if paragraph != self._paragraph:
            self._paragraph, self._addressed = paragraph, None
            self._mentions.append(None)
        self._mentions[-1] = mention
        self._addressed = addressed(self.text, quotation) or self._addressed


def addressed(text: str, quotation: Quotation) -> Mention | None:
    """Whom a quotation calls by name, the last one.

    >>> from quotestance.marks.quotations import find_quotations
    >>> text = "“Are you coming, Ana?”"
    >>> mention = addressed(text, find_quotations(text)[0])
    >>> text[mention.start : mention.end]
    'Ana'
    """
    for part in reversed(quotation.parts):
        for match in reversed(list(_ADDRESSED.finditer(part.text))):
            if match.group(1).split()[0].lower() not in NOT_NAMES:
                return mention_of(text, part.start + match.start(1), part.start + match.end(1))
    return None
