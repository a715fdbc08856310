"""The encoder model: the same interface, the same promises.

Skipped where its extra or its folder is absent.
"""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest

from quotestance import model_folder
from quotestance.stance.encoder import OnnxEncoder
from quotestance.stance.linear_stance import ENCODER_NAME, KIND
from quotestance.stance.model import StanceModel

pytest.importorskip("onnxruntime", reason="the extra [encoder] is not installed")
CONTENTS = [
    "We will never give in to them.",
    "We are ready to sit down with them.",
    "The train was late.",
    "",
]


@pytest.fixture(scope="module")
def model() -> StanceModel:
    return StanceModel.load(ENCODER_NAME)


def test_it_has_the_interface_of_the_lexical_model(model: StanceModel) -> None:
    chances = model.predict_proba(CONTENTS)
    assert chances.shape == (4, 3) and np.allclose(chances.sum(axis=1), 1)
    assert model.predict(CONTENTS)[:2].tolist() == ["hardline", "conciliatory"]


def test_a_content_is_scored_the_same_alone_and_among_others(model: StanceModel) -> None:
    together = model.predict_proba(CONTENTS)
    assert all(
        np.allclose(model.predict_proba([content])[0], row, atol=1e-9)
        for content, row in zip(CONTENTS, together, strict=True)
    )


def test_odd_texts_are_scored(model: StanceModel) -> None:
    assert np.isfinite(model.predict_proba(["\ud800", "中文 " * 500, "a" * 20_000, "\x00"])).all()


def test_it_can_be_copied_and_sent_to_another_process(model: StanceModel) -> None:
    scores = model.predict_proba(CONTENTS)
    for again in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(again.predict_proba(CONTENTS), scores)


def test_it_can_be_fine_tuned_saved_and_loaded(model: StanceModel, tmp_path: Path) -> None:
    contents = [
        f"Rates will go {way}, part {number}." for number in range(10) for way in ("up", "down")
    ]
    tuned = model.fine_tune(
        contents,
        ["hawkish", "dovish"] * 10,
        mapping={"hawkish": "hardline", "dovish": "conciliatory"},
        weight=5,
    )
    tuned.save(tmp_path / "mine")
    assert np.allclose(
        StanceModel.load(tmp_path / "mine").predict_proba(CONTENTS),
        tuned.predict_proba(CONTENTS),
        atol=1e-4,
    )


def test_its_reasons_are_words_left_out(model: StanceModel) -> None:
    reasons = model.explain("We will never accept it.").reasons
    assert {reason.text for reason in reasons} == {"We", "will", "never", "accept", "it"}


def test_the_folder_is_about_20_megabytes() -> None:
    folder = model_folder.find(ENCODER_NAME)
    assert sum(path.stat().st_size for path in folder.iterdir()) < 20.5e6


def test_a_graph_that_is_none_is_refused(model: StanceModel, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="graph cannot be read"):
        OnnxEncoder(b"no graph", model.encoder_.tokenizer)


def test_a_tokenizer_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"tokenizer\.json cannot be read"):
        OnnxEncoder(b"", "{}")


def test_a_network_is_two_files_in_its_folder_and_both_must_be_there(
    model: StanceModel, tmp_path: Path
) -> None:
    model.save(tmp_path / "mine")
    names = sorted(path.name for path in (tmp_path / "mine").iterdir())
    assert names == ["encoder.onnx", "model.json", "tokenizer.json", "weights.npz"]
    bundled = model_folder.find(ENCODER_NAME)
    for name in names:
        assert (tmp_path / "mine" / name).read_bytes() == (bundled / name).read_bytes(), name
    (tmp_path / "mine" / "tokenizer.json").unlink()
    with pytest.raises(ValueError, match=r"tokenizer\.json is missing"):
        StanceModel.load(tmp_path / "mine")


def test_a_network_inside_the_weights_is_a_format_no_longer_read(
    model: StanceModel, tmp_path: Path
) -> None:
    stored = model.export().stored()
    graph = np.frombuffer(b"graph", dtype=np.uint8)
    old = model_folder.Artefact({**stored.arrays, "graph": graph}, stored.facts)
    model_folder.save(tmp_path / "old", KIND, old)
    with pytest.raises(ValueError, match=r"in weights\.npz, a format that is no longer read"):
        StanceModel.load(tmp_path / "old")


def test_the_weights_hold_no_objects() -> None:
    stored = model_folder.load(model_folder.bundled(ENCODER_NAME), KIND)
    assert all(array.dtype != object for array in stored.arrays.values())
