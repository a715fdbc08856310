from __future__ import annotations

import pytest

from quotestance.speakers.bodies import is_body


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("Harbour Council", True, id="ends in a body"),
        pytest.param("Council Harbourfront", True, id="holds a body"),
        pytest.param("Minister Harbourfront", False, id="holds a role"),
        pytest.param("Friends of Amberley", True, id="linked"),
        pytest.param("Ana Rosa Maria Luz Silva Low", True, id="too long for a person"),
        pytest.param("NATO", True, id="acronym"),
        pytest.param("NATO Harbourfront", True, id="holds an acronym"),
        pytest.param("ANA SILVA", False, id="all in capitals"),
        pytest.param("U.S.", True, id="place"),
        pytest.param("Ana Silva", False, id="person"),
    ],
)
def test_bodies_are_told_by_their_words(name: str, body: bool) -> None:
    assert is_body(tuple(name.split())) is body
