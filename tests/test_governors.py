from __future__ import annotations

import pytest

from quotestance.attribution.governors import Governor, governor_of
from tests.parses import by_hand

# The quoted words are the tokens between the two numbers.
ROWS = [
    pytest.param(
        "a/DT/det/5 “/``/punct/5 thinking/NN/compound/3 corner/NN/compound/5 ”/''/punct/5"
        " project/NN/ROOT/5",
        (2, 4),
        Governor("compound", "project", "NN", "after", "DT", "NN"),
        id="modifies a noun",
    ),
    pytest.param(
        "She/PRP/nsubj/1 said/VBD/ROOT/1 it/PRP/nsubj/3 is/VBZ/ccomp/1 “/``/punct/3"
        " thin/JJ/acomp/3 ”/''/punct/3",
        (5, 6),
        Governor("acomp", "is", "VB", "before", "VBZ", "none"),
        id="a predicate",
    ),
    pytest.param(
        "She/PRP/nsubj/1 said/VBD/ROOT/1 “/``/punct/3 Yes/UH/dobj/1 ”/''/punct/3 ././punct/1",
        (3, 4),
        Governor("dobj", "say", "VB", "before", "VBD", "."),
        id="a reporting verb by its lemma",
    ),
    pytest.param(
        "Yes/UH/ROOT/0 ././punct/0", (0, 1), Governor("ROOT", "", "", "", "none", "."), id="alone"
    ),
]


@pytest.mark.parametrize(("rows", "quoted", "governor"), ROWS)
def test_what_quoted_words_hang_on(rows: str, quoted: tuple[int, int], governor: Governor) -> None:
    start, end = quoted
    assert governor_of(by_hand(rows)[start:end]) == governor
