from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from quotestance.attribution.kinds import KINDS
from quotestance.attribution_model import AttributionModel, read_first_names
from quotestance.linear import LinearModel
from quotestance.model_folder import bundled
from quotestance.speakers.titles import Gender


@pytest.fixture(scope="module")
def model() -> AttributionModel:
    return AttributionModel.load()


def test_the_bundled_model_is_read_once(model: AttributionModel) -> None:
    assert AttributionModel.load() is model


def test_a_saved_model_loads_equal(model: AttributionModel, tmp_path: Path) -> None:
    model.save(tmp_path / "mine")
    assert AttributionModel.load(tmp_path / "mine") == model


def test_saving_the_bundled_model_again_gives_its_bytes(
    model: AttributionModel, tmp_path: Path
) -> None:
    model.save(tmp_path / "again")
    for name in ("model.json", "weights.npz"):
        assert (tmp_path / "again" / name).read_bytes() == (
            bundled("attribution-en") / name
        ).read_bytes()


def test_the_bundled_model_has_weights_of_every_kind(model: AttributionModel) -> None:
    assert len(model.ranker.weights) > 100
    assert len(model.antecedents.weights) > 50
    assert all(len(weights) == len(KINDS) for weights in model.kinds.weights.values())
    assert len(model.confidence.weights) > 5
    assert set(model.first_names.values()) == {"m", "f"}
    numbers = [
        *model.ranker.weights.values(),
        *model.antecedents.weights.values(),
        *model.confidence.weights.values(),
        *(w for row in model.kinds.weights.values() for w in row),
    ]
    assert np.isfinite(numbers).all()


def test_a_small_model_survives_saving(model: AttributionModel, tmp_path: Path) -> None:
    small = replace(
        model,
        antecedents=LinearModel({"near": 1.5}),
        confidence=LinearModel({"one": -0.25}),
        first_names={"anna": "f", "john": "m"},
        facts={"trained_on": "nothing"},
        pull={"antecedents": {"near": 2.5}},
    )
    small.save(tmp_path / "small")
    assert AttributionModel.load(tmp_path / "small") == small


@pytest.mark.parametrize(
    "first_names",
    [
        {"anna": "f", "john": "m"},
        {"anna": "f"},
        {},
    ],
)
def test_first_names_survive_saving(
    model: AttributionModel, tmp_path: Path, first_names: dict[str, Gender]
) -> None:
    replace(model, first_names=first_names).save(tmp_path / "mine")
    assert AttributionModel.load(tmp_path / "mine").first_names == first_names


def test_words_and_weights_that_do_not_belong_together_are_refused(
    model: AttributionModel, tmp_path: Path
) -> None:
    model.save(tmp_path / "mine")
    path = tmp_path / "mine" / "model.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["words"]["ranker"].pop()
    path.write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(ValueError, match=r"ranker.*do not belong together"):
        AttributionModel.load(tmp_path / "mine")


@pytest.mark.parametrize(
    ("name", "error"), [("nowhere", FileNotFoundError), (".", FileNotFoundError)]
)
def test_a_folder_without_a_model_is_an_error(
    tmp_path: Path, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match=r"model\.json is missing"):
        AttributionModel.load(tmp_path / name)


def test_a_stance_model_is_no_attribution_model() -> None:
    with pytest.raises(ValueError, match="'stance' model where a 'attribution' model is needed"):
        AttributionModel.load(bundled("stance-en"))


# ---------- first names
def test_first_names_are_read_with_their_gender(tmp_path: Path) -> None:
    (tmp_path / "names.json").write_text('{"f": "anna  zoë", "m": "ali"}', encoding="utf-8")
    assert read_first_names(tmp_path / "names.json") == {"anna": "f", "zoë": "f", "ali": "m"}


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{}",
        '"anna"',
        "null",
        '{"f": "anna"}',
        '{"f": "anna", "m": "ali", "x": "kim"}',
        '{"female": "anna", "male": "ali"}',
        '{"f": ["anna"], "m": ["ali"]}',
        '{"f": null, "m": "ali"}',
        "{",
        "",
    ],
)
def test_a_file_of_another_shape_is_an_error_that_names_it_and_shows_the_shape(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / "names.json").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r'names\.json.*"f": "anna maria"'):
        read_first_names(tmp_path / "names.json")


def test_first_names_that_are_not_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.json"):
        read_first_names(tmp_path / "none.json")
