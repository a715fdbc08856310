"""Work and memory grow in step with the length of a text, whatever it holds.

Counted, not timed: the calls and lines that the package makes and runs, and the characters that the
parser reads.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from work import lines_run

from quotestance import attribute_quotes
from quotestance.attribution import document, facts
from quotestance.attribution.document import parse_documents
from quotestance.marks.contexts import find_contexts
from quotestance.marks.prose import (
    LONGEST_CONTEXT,
    LONGEST_SENTENCE,
    LONGEST_STRETCH,
    LONGEST_WORD,
    MOST_PARTS,
)
from quotestance.marks.quotations import find_quotations
from quotestance.options import KINDS

TAG = "“We will not go,” said Mr Low. "
# What is repeated until a text has its length: hostile to some stage, or once so.
FAMILIES = {
    "quotations with tags in one sentence": "“No,” said Ana Low, and ",
    "quoted words in one sentence": "the “word” of ",
    "quotations of one sentence by one verb": "“a” and ",
    "one quotation of many parts": "“No,” he said, ",
    "tags before quotations": "Low said “no” and ",
    "unclosed marks": "“No ",
    "unclosed marks, one a line": "“No\n",
    "unclosed marks, one a paragraph": "“No.\n\n",
    "closing marks": "no” ",
    "straight marks": 'no" ',
    "straight marks alone": '" ',
    "single marks": "‘No,’ said Low, and ",
    "apostrophes": "it’s the men’s ",
    "German marks": "„No“ and ",
    "angle marks": "«No» and ",
    "nested marks": "“No ‘no “no” no’ no” and ",
    "ordinary quotations in one paragraph": TAG,
    "ordinary paragraphs": TAG + "\n\n",
    "speeches over paragraphs": "“No, we will not go there.\n\n",
    "dialogue": "“Will you go?”\n\n“No!”\n\n",
    "pronouns": "“We will not go,” he said. ",
    "verbs of saying": "said told added wrote ",
    "verbs of saying around quotations": TAG + "He said she said they said it said. ",
    "prose without full stops": "the man and the word and then ",
    "prose without full stops between quotations": TAG + "the man and the word and then " * 30,
    "prose between quotations": TAG + "Then nothing more of it was heard that day. " * 9,
    "capitalised words": "Aa Bb ",
    "capitalised words in quotations": "“Aa Bb” Cc Dd ",
    "all capitals": "AAA BBB ",
    "capitals without spaces": "AB",
    "datelines": "SEOUL (Reuters) - He left.\n",
    "labels": "LOW: “No.”\n",
    "labels in brackets": "Low (Aa): “No.” ",
    "signatures": "“No.” - Ana Low\n",
    "Chinese characters": "中文",
    "minified JavaScript": 'var a="x";function(b){return"y"+b};',
    "markup": '<a href="x">no</a> ',
    "JSON": '{"a": "b", "c": ["d"]}, ',
    "table": '1;"2";3\n',
    "dots": ".",
    "spaces": " ",
    "line breaks": "\n",
    "combining marks": "\u0301",
    "commas": ",",
    "brackets": "(",
    "roles": "president minister of the ",
    "names": "Ana Low met Bo Rey. ",
    "names joined": "Ana Low and ",
    "descriptions": "the man, a man, ",
    "letters without spaces": "a",
}
_SMALL, _LARGE = 8_000, 16_000  # characters
_EXPONENT = 1.15
_AROUND = TAG + "{} " + TAG  # so that there is a quotation to attribute


def text_of(family: str, size: int) -> str:
    piece = FAMILIES[family]
    return _AROUND.format(piece * (size // len(piece)))


def steps(task: Callable[[], object]) -> int:
    """How many functions, of Python or C, a task calls, and how many lines of the package it runs:
    every turn of a loop or a comprehension is one."""
    count = 0

    def call(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(call)
    try:
        lines = lines_run(task)
    finally:
        sys.setprofile(before)
    return count + lines


def parsed_characters(text: str) -> int:
    """How many characters of a text's contexts the parser reads."""
    return sum(len(context.text) for context in find_contexts(text, find_quotations(text)))


@pytest.mark.parametrize("family", FAMILIES)
def test_work_grows_in_step_with_the_text(family: str) -> None:
    attribute_quotes(text_of(family, 100))
    small, large = text_of(family, _SMALL), text_of(family, _LARGE)
    most = (len(large) / len(small)) ** _EXPONENT
    assert parsed_characters(large) <= most * parsed_characters(small) + LONGEST_SENTENCE
    ratio = steps(lambda: attribute_quotes(large)) / steps(lambda: attribute_quotes(small))
    assert math.log2(ratio) < _EXPONENT


@pytest.mark.parametrize("family", FAMILIES)
def test_no_context_is_longer_than_a_context_may_be(family: str) -> None:
    text = text_of(family, 50_000)
    quotations = find_quotations(text)
    contexts = find_contexts(text, quotations)
    for context in contexts:
        assert len(context.text) <= LONGEST_CONTEXT
        assert len(context.places) <= MOST_PARTS or len(context.text) <= LONGEST_STRETCH
        assert all(
            end - start <= LONGEST_SENTENCE + 5 * LONGEST_WORD for start, end in context.sentences
        )
    places = sorted((place.quotation, place.part) for found in contexts for place in found.places)
    assert places == [
        (number, part)
        for number, quotation in enumerate(quotations)
        for part in range(len(quotation.parts))
    ]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_quotation_has_a_bounded_number_of_candidates(family: str) -> None:
    (parsed_document,) = parse_documents([text_of(family, 2_000)])
    for places in parsed_document.places:
        for parsed in {id(parsed): parsed for _, parsed in places}.values():
            own = [place for place, other in places if other is parsed]
            assert len(list(facts.cue_facts("clause", parsed, own))) <= facts.MOST


@pytest.mark.parametrize("character", [" ", ".", "\u0301", "a", "\n"])
def test_a_million_equal_characters_give_a_list(character: str) -> None:
    text = TAG + character * 1_000_000 + " " + TAG
    first, *_, last = attribute_quotes(text)
    assert first.speaker is not None and first.speaker.name == "Low"
    assert text[last.start : last.end] == "“We will not go,”"


def test_quotations_without_a_word_beside_them_are_not_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def parses(*_: Any) -> Any:
        raise AssertionError("the parser was asked")

    monkeypatch.setattr(document, "parses", parses)
    code = 'var a={};function(b){return "We will not go there again, my friend."};' * 10
    found = attribute_quotes(f"“Will you go?”\n\n“No!” – “Yes.”\n\n{code}", kinds=KINDS)
    assert len(found) == 13


def test_a_long_word_keeps_the_offsets_behind_it() -> None:
    text = "b" * (3 * LONGEST_WORD) + " is odd. " + TAG
    (quote,) = attribute_quotes(text)
    assert quote.mention is not None and quote.mention.text == "Mr Low"


# What takes the most memory, of all families.
HEAVY = (
    "quotations of one sentence by one verb",
    "closing marks",
    "capitalised words in quotations",
    "ordinary quotations in one paragraph",
)
_FIXED, _EACH = 300e6, 200  # bytes of a process, and of each character of the text

# The peak as the kernel keeps it since exec; getrusage may report that of the parent.
_PEAKS = """
import re, sys
from quotestance import attribute_quotes
from test_growth import HEAVY, text_of
for family in HEAVY:
    attribute_quotes(text_of(family, int(sys.argv[1])))
    with open("/proc/self/status") as status:
        print(int(re.search(r"VmHWM:\\s*(\\d+)", status.read()).group(1)) * 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_a_process_needs_a_bounded_memory_for_each_character() -> None:
    size = 50_000
    done = subprocess.run(
        [sys.executable, "-c", _PEAKS, str(size)],
        cwd=Path(__file__).parent,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    peaks = dict(zip(HEAVY, map(int, done.stdout.split()), strict=True))
    assert max(peaks.values()) < _FIXED + _EACH * size, peaks


@pytest.mark.parametrize("family", ["unclosed marks", "quoted words in one sentence", "spaces"])
def test_memory_grows_in_step_with_the_text(family: str) -> None:
    attribute_quotes(text_of(family, 100))
    peaks = []
    for size in (_SMALL, _LARGE):
        tracemalloc.start()
        attribute_quotes(text_of(family, size))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2.3 * peaks[0]
