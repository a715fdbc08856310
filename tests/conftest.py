"""What all tests share: the parser, the folder of shared data, and how hypothesis searches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from spacy.language import Language

ROOT = Path(__file__).resolve().parent.parent

# Derandomized, so that a run on another machine tries the same examples; the deadline is off
# because the first parse loads a model. For a wider search, with new examples each time: python -m
# pytest --hypothesis-profile=deep
settings.register_profile(
    "house",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "deep", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def nlp() -> Language:
    from quotestance.attribution.parser import load_parser

    return load_parser()


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """A file of the shared data folder beside the checkout.

    Skips the test, with the reason, where it is absent.
    """

    def find(relative: str) -> Path:
        path = ROOT.parent / "shared" / relative
        if not path.exists():
            pytest.skip(f"../shared/{relative} is not beside this checkout")
        return path

    return find
