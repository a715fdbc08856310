"""Texts for property tests.

Any characters at all, and news made of the pieces that trip quotation finders.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

MARKS = (
    "“",
    "”",
    "„",
    "‟",
    '"',
    "''",
    "``",
    "«",
    "»",
    "‹",
    "›",
    "‘",
    "’",
    "'",
    "‚",
    "‛",
    "`",
    "＂",
)
# Lone surrogates, NUL, right-to-left and zero-width characters, a byte order mark, and the line
# ends that Unicode knows.
ODD = (
    "\ud800",
    "\udfff",
    "\x00",
    "\u202e",
    "\u202b",
    "שלום",
    "السلام",
    "\u200b",
    "\u200d",
    "\u200f",
    "\ufeff",
    "\u2028",
    "\u2029",
    "\x85",
    "\r",
    "\r\n",
    "\n",
    "\n\n",
    "\t",
    "\u00a0",
)
WORDS = (
    "said",
    "told",
    "Kerry",
    "John Kerry",
    "he",
    "she",
    "they",
    "Ban Ki-moon",
    "the minister",
    "officials",
    "according to",
    "a statement",
    "added",
    "We will not",
    "give in",
    "talks",
    "I",
    "Mr.",
    "U.S.",
    "King's",
    "5'10",
    "’90s",
    "workers’",
    "—",
    "-",
    ":",
    ",",
    ".",
    "!",
    "?",
    "…",
    "(",
    ")",
    "<p>",
    "WALLACE:",
    "by",
    "who",
    "and",
    "in",
    "1,000",
    "É",
    "ß",
    "中文",
)

any_text = st.text(st.characters(exclude_categories=()), max_size=200)
news_text = st.lists(
    st.sampled_from([*MARKS, *MARKS, *ODD, *WORDS, *WORDS, " ", " ", " "]), max_size=60
).map("".join)
spaced_news = st.lists(st.sampled_from([*MARKS, *WORDS, *WORDS, "\n\n", "\n"]), max_size=60).map(
    " ".join
)
texts = st.one_of(any_text, news_text, spaced_news)


@st.composite
def altered(draw: st.DrawFn, originals: Sequence[str]) -> str:
    """One of ``originals`` with up to four slips.

    A stretch of up to two characters lost, or given way to a mark, an odd character or a word.
    """
    text = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        text = (
            text[:start]
            + draw(st.sampled_from(["", *MARKS, *ODD, *WORDS]))
            + text[start + draw(st.integers(0, 2)) :]
        )
    return text
