"""Stand-ins: the short words that take the place of quoted ones before a text is parsed.

A parser stumbles over what is quoted; what stands in for it has the shape that the sentence around
it needs: "Yes," before a tag, "Yes." as a sentence of its own, a short fragment as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quotestance.letters import UPPER
from quotestance.lexicon import REPORTING_VERBS
from quotestance.marks.prose import kept_of_words, shortened
from quotestance.marks.quotations import Quotation
from quotestance.quote import TextSpan

# The number of a quotation, the number of one of its parts, the quotation.
NumberedPart = tuple[int, int, Quotation]

# A quoted fragment of up to this many words is left as it stands: the parser needs it ("called it a
# “first step”").
_KEPT_WORDS = 4
_FIRST_WORDS = 3  # of a longer one only these, which show the parser what it is
_SEEN_BEFORE, _SEEN_AFTER = 40, 120  # characters: past the marks, and the first words of a tag
_SPACES = str.maketrans(
    {
        "\n": " ",
        "\r": " ",
        "\t": " ",
        "\u2028": " ",
        "\u2029": " ",
        "\u00a0": " ",
        "\v": " ",
        "\f": " ",
    }
)
_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_NAME = rf"{UPPER}[\w.’'-]*"
_TAG_FORMS = [form for form in REPORTING_VERBS if form.endswith(("ed", "id", "ays", "old", "rote"))]
_TAG_VERB = "|".join(sorted(_TAG_FORMS, key=len, reverse=True))
_TAG_FOLLOWS = re.compile(rf"\s+(?:[a-z]|(?:{_NAME}\s+){{1,6}}(?:{_TAG_VERB})\b)")


_GLUED = re.compile(
    rf"\A(?:[”\"»]+(?=[^\W\d_]{{2}})|[’']+(?={UPPER}\w))|(?<=\w)[.!?:,](?=[“\"„«]\Z)"
)


def _plain(words: str) -> str:
    """Words of the text as the parser should see them, of the same length.

    Line breaks and HTML tags become spaces.
    """
    spaced = words if words.isprintable() else words.translate(_SPACES)
    return _HTML_TAG.sub(lambda tag: " " * len(tag.group()), spaced) if "<" in spaced else spaced


def stand_in(text: str, span: TextSpan) -> str:
    """The short words that take the place of a quoted part, shaped so that the sentence around it
    parses as it should.

    >>> text = "“We will go,” she said of the “first step”."
    >>> [stand_in(text, TextSpan.of(text, *bounds)) for bounds in ((1, 12), (31, 41))]
    ['Yes,', 'first step']
    """
    content = span.text
    after = text[span.end : span.end + _SEEN_AFTER].lstrip("”\"'’»›“`‟")
    is_before_a_tag = _TAG_FOLLOWS.match(after) is not None
    if _is_fragment(text, span) and not (content[-1:] in ",!?" and is_before_a_tag):
        return _fragment(content)
    if content[-1:] in ".!?…" and not is_before_a_tag:
        return "Yes."
    if content[-1:] in ",.!?…—–-;:":
        return "Yes,"
    words = content.split(None, _KEPT_WORDS)
    return " ".join(map(shortened, words)) if len(words) <= _KEPT_WORDS else "Yes"


def _is_fragment(text: str, span: TextSpan) -> bool:
    """Whether a part only goes on with the journalist's sentence: calls it a “first step”."""
    before = text[max(0, span.start - _SEEN_BEFORE) : span.start].rstrip("“\"‘'„«‹`‟ \n")[-1:]
    return span.text[:1].islower() and before.isalnum()


def _fragment(content: str) -> str:
    """A fragment as it stands where it is short, else its first words."""
    words = content.split(None, _KEPT_WORDS)
    kept = len(words) if len(words) <= _KEPT_WORDS else _FIRST_WORDS
    stop = "." if content[-1:] == "." else ""
    return " ".join(map(shortened, words[:kept])).rstrip(".,;:") + stop


def mask(
    text: str, start: int, end: int, parts: Sequence[NumberedPart]
) -> Iterator[tuple[str, int | None, tuple[int, int] | None]]:
    """``text[start:end]`` cut into stretches, with its quoted parts masked.

    Each is its words, where they stand in the text (None for what is not of the text), and which
    part of which quotation they stand for (None for the text's own words).
    """
    position = start
    for number, part, quotation in parts:
        span = quotation.parts[part]
        if span.start < position:
            continue
        yield from _apart(_plain(text[position : span.start]), position)
        yield stand_in(text, span), None, (number, part)
        position = span.end
    if position < end:
        yield from _apart(_plain(text[position:end]), position)


def _apart(words: str, there: int) -> Iterator[tuple[str, int | None, None]]:
    """A stretch between two quotations, with a space where a lost line break has glued a sentence
    or a tag to a mark: "he said.“Yes.”Then", "he said:“Yes.”"."""
    for start, end in kept_of_words(words):
        left = start
        for match in _GLUED.finditer(words, start, end):
            yield words[left : match.end()], there + left, None
            yield " ", None, None
            left = match.end()
        yield words[left:end], there + left, None
