"""The counter that the tests of growth rely on."""

from __future__ import annotations

import pytest
from work import growth, lines_run

from quotestance.marks.paragraphs import split_paragraphs


def test_a_second_run_counts_the_same() -> None:
    assert lines_run(lambda: split_paragraphs("One.\nTwo.")) > 0
    split_paragraphs("One.\nTwo.")
    first, second = (lines_run(lambda: split_paragraphs("One.\nTwo.")) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("power", "expected"), [(1, 1.0), (2, 4.0)])
def test_growth_with_the_square_shows(power: int, expected: float) -> None:
    def task(size: int) -> None:
        for number in range(size**power):
            split_paragraphs(f"One {number}.\nTwo.")

    assert growth(task, 10, 40) == pytest.approx(expected, rel=0.05)
