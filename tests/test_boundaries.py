"""Where names begin: occupations, parties and places that no list of the library holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from quotestance.attribution_model import AttributionModel
from quotestance.lexicon import ROLES
from quotestance.linear import LinearModel
from quotestance.speakers.boundaries import NameStarts, Runs
from quotestance.speakers.name_index import NameIndex
from quotestance.speakers.runs import bare_run, find_runs

MODEL = AttributionModel.load()


def judged(text: str) -> list[tuple[list[str], int, float]]:
    """The runs of capitals of a text with the word where the name begins, and how sure that is."""
    runs = [bare_run(run) for run in find_runs(text, MODEL.first_names)]
    judge = NameStarts(Runs(text, runs, MODEL.first_names), MODEL.boundaries)
    return [([word for word, _, _ in run], *judge.start(run)) for run in runs]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Beekeeper Nadia Vance said no.", "Nadia Vance", id="an occupation"),
        pytest.param("Ceramicist Hugo Okafor left.", "Hugo Okafor", id="another"),
        pytest.param("Lib Dem Olga Brandt broke ranks.", "Olga Brandt", id="a party of two words"),
        pytest.param("In Tromso Hugo Okafor met them.", "Hugo Okafor", id="a town"),
        pytest.param("Ban Ki-moon left.", "Ban Ki-moon", id="a family name that stands first"),
        pytest.param("Mary Jane Watson left.", "Mary Jane Watson", id="two first names"),
        pytest.param("Ursula von der Leyen left.", "Ursula von der Leyen", id="particles"),
        pytest.param("Robert F. Low left.", "Robert F. Low", id="an initial"),
    ],
)
def test_where_a_name_begins(text: str, name: str) -> None:
    words, start, sure = judged(text)[0]
    assert " ".join(words[start:]) == name
    assert 0.5 < sure <= 1


def test_the_words_of_the_cases_stand_in_no_list() -> None:
    assert ROLES.isdisjoint({"beekeeper", "ceramicist"})


def test_the_name_as_it_stands_elsewhere_is_evidence() -> None:
    alone, with_it = "Umber Vossler left.", "Umber Vossler left. Vossler came. Vossler ate."
    assert judged(alone)[0][1] == judged(with_it)[0][1] == 0


@pytest.mark.parametrize(
    ("text", "role"),
    [
        pytest.param("Beekeeper Nadia Vance said no.", "Beekeeper", id="an occupation is a role"),
        pytest.param("In Tromso Hugo Okafor met them.", None, id="a place is not"),
        pytest.param(
            "Labour Ida Moss spoke. Labour lost.", None, id="nor what stands alone elsewhere"
        ),
    ],
)
def test_what_is_stripped_is_a_role_where_it_is_one(text: str, role: str | None) -> None:
    index = NameIndex(text, [], MODEL.first_names, MODEL.boundaries)
    assert index.namings[0].role == role


def test_without_a_model_a_name_begins_with_its_run() -> None:
    run = [("Chef", 0, 4), ("Hugo", 5, 9), ("Lang", 10, 14)]
    runs = Runs("Chef Hugo Lang left.", [run], {"hugo": "m"})
    assert NameStarts(runs, None).start(run) == NameStarts(runs, LinearModel({})).start(run)
    assert NameStarts(runs, None).start(run) == (0, 1.0)


@given(texts, st.dictionaries(st.sampled_from(["in|first=known|rest=2"]), st.floats(-9, 9)))
def test_any_text_any_weights(text: str, weights: dict[str, float]) -> None:
    runs = [bare_run(run) for run in find_runs(text, MODEL.first_names)]
    judge = NameStarts(Runs(text, runs, MODEL.first_names), LinearModel(weights))
    for run in runs:
        start, sure = judge.start(run)
        assert 0 <= start < len(run) and 0 < sure <= 1
