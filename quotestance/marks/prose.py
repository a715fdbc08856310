"""Prose: how long its sentences and words are, and what is not prose and not parsed.

The bounds are wider than anything in the annotated articles and novels, so they change no answer
there; a text beyond them costs no more than an ordinary one of its length (see ``docs/limits.md``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotestance.marks.paragraphs import Bounds

# The most of the annotated sets (gold articles and novels): a context of 6,658 characters, one with
# 20 quoted parts, a masked sentence of 725 characters, a word of 87.
LONGEST_CONTEXT, MOST_PARTS, LONGEST_SENTENCE, LONGEST_WORD = 8_000, 32, 1_000, 100
# What a context beyond these is cut into: as long as nearly all are, for the cost of a parse may
# grow with the square of its length.
LONGEST_STRETCH = 2_000

_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_CLAUSE = re.compile(r"[,;:–—]\s")
# A paragraph this long of which so many characters are signs of program code is not prose; at most
# 8 % are in the annotated sets.
_CODE_LENGTH, _CODE_SHARE = 200, 0.12
_SIGNS = re.compile(r"[{}\[\]()<>=;|&\\_$#+*/^~]")


def is_code(words: str) -> bool:
    """Whether a stretch of text is program code or data rather than prose.

    >>> is_code('function(b){return b+1};' * 10), is_code("He left (in May). " * 20)
    (True, False)
    """
    return len(words) >= _CODE_LENGTH and len(_SIGNS.findall(words)) > _CODE_SHARE * len(words)


def shortened(word: str) -> str:
    """A word as the parser sees it: no longer than the longest of any language."""
    return word[:LONGEST_WORD]


def kept_of_words(words: str) -> Iterator[Bounds]:
    """The stretches that are left of a text when its overlong words are cut.

    >>> list(kept_of_words("a " + 120 * "b" + " c"))
    [(0, 102), (122, 124)]
    """
    left = 0
    for match in _LONG_WORD.finditer(words):
        yield left, match.start() + LONGEST_WORD
        left = match.end()
    yield left, len(words)


def cut_sentence(text: str, start: int, end: int) -> list[int]:
    """Where to cut an overlong sentence, and its end: behind a clause, else at a space, else at the
    length.

    >>> cut_sentence("He left.", 0, 8)
    [8]
    """
    cuts = []
    while end - start > LONGEST_SENTENCE:
        left, right = start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE
        clauses = [match.end() for match in _CLAUSE.finditer(text, left, right)]
        start = clauses[-1] if clauses else max(text.rfind(" ", left, right) + 1, 0) or right
        cuts.append(start)
    return [*cuts, end]
