"""Continuations: where a quotation that its marks leave open ends, and which stretches are one
quotation.

A tag may stand between two parts of one sentence; a quotation of several paragraphs reopens in each
(Chicago Manual of Style, 13.30).
"""

from __future__ import annotations

import re

from quotestance.letters import UPPER
from quotestance.lexicon import PRONOUNS_FIRST, REPORTING_VERBS, SPEECH_VERBS
from quotestance.marks.pairing import Stretch
from quotestance.marks.paragraphs import Bounds, split_sentences, strip_bounds

_REPORTS = "|".join(
    sorted(
        (form for form in SPEECH_VERBS if form.endswith(("ed", "id", "old", "rote", "ays"))),
        key=len,
        reverse=True,
    )
)
_NAME = rf"(?:{UPPER}[\w’'.-]*)"
# A third person who reports, at the head of a sentence: "The Israeli prime minister added that
# ...".
_RESUMED = re.compile(
    rf"(?:(?:He|She|They|It)|(?:The|A|An|His|Her|Mr|Mrs|Ms|Dr)\.?(?:\s+[\w’'.-]+){{1,7}}|{_NAME}(?:\s+[\w’'.,-]+){{0,7}}?)"
    rf"\s+(?:(?:also|later|then|has|had|further)\s+)?(?:{_REPORTS})\b"
)
# A tag inside the sentence: ", Mr Smith said." or ", said Mr Smith." with no mark before it.
_TAG = re.compile(
    rf",\s+(?:(?:he|she|they|{_NAME}(?:\s+(?:{_NAME}|of|the)){{0,8}})\s+(?:said|says|added|told|wrote)|(?:said|says|added)\s+{_NAME})\b"
)


def resumption(text: str, start: int, end: int) -> int:
    """Where the quoted words of an unclosed quotation end: the journalist takes over again there.

    >>> text = "We will not go. The minister added that talks would go on."
    >>> text[: resumption(text, 0, len(text))]
    'We will not go.'
    """
    for index, (left, right) in enumerate(split_sentences(text, start, end)):
        tag = _TAG.search(text, left, right)
        if tag:
            return tag.start() + 1
        resumed = _RESUMED.match(text, left, right) if index else None
        if resumed and not _first_person(resumed.group()):
            return strip_bounds(text, start, left)[1]
    return end


def _first_person(words: str) -> bool:
    return any(word in PRONOUNS_FIRST for word in re.findall(r"\w+", words.lower()))


# the longest tag between two parts of one sentence in articles_train and polnear_train had 148
_GAP_CHARACTERS = 160
_FULL_NAME = rf"{_NAME}(?:[ ]{_NAME}){{0,5}}"
# "...? Ana Low asked." at the end of a paragraph; "Ana Low said: “"; "“...,” said Ana Low".
_CLOSING_TAG = re.compile(
    rf"[,?!]\s(?:{_FULL_NAME}\s(?:{_REPORTS})|(?:{_REPORTS})\s{_FULL_NAME})[^.“”\"\n]{{0,80}}\.\s{{0,9}}\Z"
)
_SPEAKER = re.compile(rf"({_FULL_NAME})\s(?:{_REPORTS})[:,]\s\Z")
_NEXT_SPEAKER = re.compile(
    rf"\s(?:(?:{_REPORTS})\s(?P<verb>{_FULL_NAME})|(?P<name>{_FULL_NAME})\s(?:{_REPORTS})\b)"
)
# How the first part ends and how the tag does, where the sentence goes on behind the tag.
_MAY_GO_ON = (",", "—", "–", "-", "...", "…", "!", "?")
_BEFORE_THE_REST = (",", "—", "–", ";")
# A verb of saying right before the first part: the tag behind it is another's, "X asked, “...?” Y
# answered, “...”".
_TAG_WORD = 20  # characters of such a verb; the longest form of REPORTING_VERBS is shorter
_INTRODUCED = re.compile(rf"\b(?:{_REPORTS})[,:]\s+\Z")


def interrupted(text: str, left: Stretch, right: Stretch) -> bool:
    """Whether a reporting tag stands between two stretches of one sentence.

    “We will not,” he said, “give in.”
    """
    if left.close is None or right.open.start - left.close.end > _GAP_CHARACTERS:
        return False
    content = text[left.open.end : left.end].rstrip()
    gap = text[left.close.end : right.open.start].strip()
    if not content.endswith(_MAY_GO_ON) or not gap.endswith(_BEFORE_THE_REST):
        return False
    if _INTRODUCED.search(text, max(0, left.open.start - _TAG_WORD), left.open.start):
        return False
    return _is_tag(gap)


def _is_tag(words: str) -> bool:
    """Whether words are one sentence's "he said": two words or more, one of them reports."""
    found = re.findall(r"[\w’'-]+", words.lower())
    reports = not REPORTING_VERBS.keys().isdisjoint(found)
    return len(found) > 1 and reports and len(split_sentences(words)) == 1


def _tagged(text: str, left: Stretch, right: Stretch) -> bool:
    """Whether a mark was forgotten rather than left out: the unclosed stretch ends in a tag of its
    own, or one name introduces it and the tag behind ``right`` has another."""
    if _CLOSING_TAG.search(text, max(left.open.end, left.end - _GAP_CHARACTERS), left.end):
        return True
    before = _SPEAKER.search(text, max(0, left.open.start - _GAP_CHARACTERS), left.open.start)
    if before is None or right.close is None:
        return False
    end = right.close.end
    after = _NEXT_SPEAKER.match(text, end, end + _GAP_CHARACTERS)
    return (
        after is not None and (after["verb"] or after["name"]).split()[-1] != before[1].split()[-1]
    )


def continued(text: str, left: Stretch, right: Stretch, paragraph: Bounds) -> bool:
    """Whether an unclosed stretch goes on with ``right``, which reopens the next paragraph (Chicago
    13.30), or what was one."""
    if left.close is not None or right.open.text != left.open.text or _tagged(text, left, right):
        return False
    if right.open.start == paragraph[0]:
        return True
    same = paragraph[0] <= left.open.start
    return (
        same
        and right.open.new_sentence
        and left.end == right.open.start
        and resumption(text, left.open.end, left.end) == left.end
    )
