from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.model_folder import FORMAT, Artefact, bundled, load, require, save

MODEL = Artefact(
    {"weights": np.arange(6, dtype="<f4").reshape(2, 3)},
    {"words": ["a", "é", "\u202e"], "trained_on": "invented"},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(tmp_path / "model", "toy", MODEL)
    return tmp_path / "model"


def test_load_undoes_save(folder: Path) -> None:
    found = load(folder, "toy")
    assert found.facts == {"format": FORMAT, "kind": "toy", **MODEL.facts}
    assert found.arrays.keys() == MODEL.arrays.keys()
    assert np.array_equal(found.arrays["weights"], MODEL.arrays["weights"])


def test_a_folder_holds_two_files_and_no_pickle(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["model.json", "weights.npz"]
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        assert stored.files == ["weights"]


def test_the_same_model_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    save(tmp_path / "again", "toy", MODEL)
    for name in ("model.json", "weights.npz"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_an_existing_folder_is_never_overwritten(folder: Path) -> None:
    before = (folder / "model.json").read_bytes()
    with pytest.raises(FileExistsError, match="exists already"):
        save(folder, "toy", MODEL)
    assert (folder / "model.json").read_bytes() == before


def test_a_save_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        save(tmp_path / "model", "toy", Artefact(MODEL.arrays, {"words": {1, 2}}))
    assert list(tmp_path.iterdir()) == []


def test_objects_are_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Object arrays"):
        save(tmp_path / "model", "toy", Artefact({"weights": np.array([{}], dtype=object)}, {}))
    assert list(tmp_path.iterdir()) == []


def _drop(name: str) -> object:
    return lambda folder: (folder / name).unlink()


def _truncate(name: str) -> object:
    return lambda folder: (folder / name).write_bytes(
        (folder / name).read_bytes()[: (folder / name).stat().st_size // 2]
    )


def _replace(name: str, content: str) -> object:
    return lambda folder: (folder / name).write_text(content, encoding="utf-8")


BROKEN = [
    pytest.param(
        shutil.rmtree,
        FileNotFoundError,
        "model.json",
        "missing",
        "train the model again",
        id="no folder",
    ),
    pytest.param(
        _drop("model.json"),
        FileNotFoundError,
        "model.json",
        "missing",
        "Copy it again",
        id="no model.json",
    ),
    pytest.param(
        _drop("weights.npz"),
        FileNotFoundError,
        "weights.npz",
        "missing",
        "Copy it again",
        id="no weights",
    ),
    pytest.param(
        _truncate("model.json"),
        ValueError,
        "model.json",
        "not valid JSON",
        "Copy the model folder again",
        id="truncated model.json",
    ),
    pytest.param(
        _truncate("weights.npz"),
        ValueError,
        "weights.npz",
        "truncated",
        "Copy the model folder again",
        id="truncated weights",
    ),
    pytest.param(
        _replace("weights.npz", "none"),
        ValueError,
        "weights.npz",
        "cannot be read",
        "Copy the model folder again",
        id="weights that are text",
    ),
    pytest.param(
        _replace("weights.npz", ""),
        ValueError,
        "weights.npz",
        "cannot be read",
        "Copy the model folder again",
        id="empty weights",
    ),
    pytest.param(
        _replace("model.json", "[]"),
        ValueError,
        "model.json",
        "names no format",
        "Give the folder",
        id="another JSON",
    ),
    pytest.param(
        _replace("model.json", '{"format": 99, "kind": "toy"}'),
        ValueError,
        "model.json",
        "format 99",
        "Upgrade quotestance",
        id="unknown format",
    ),
    pytest.param(
        _replace("model.json", '{"format": 1, "kind": "other"}'),
        ValueError,
        "model.json",
        "'other'",
        "Give the other folder",
        id="another kind",
    ),
]


@pytest.mark.parametrize(("harm", "error", "file", "reason", "remedy"), BROKEN)
def test_a_broken_folder_names_the_file_the_reason_and_the_remedy(
    folder: Path, harm: object, error: type[Exception], file: str, reason: str, remedy: str
) -> None:
    harm(folder)  # type: ignore[operator]
    with pytest.raises(error) as raised:
        load(folder, "toy")
    assert str(folder / file) in str(raised.value)
    assert reason in str(raised.value)
    assert remedy in str(raised.value)


def test_weights_with_an_object_inside_are_refused(folder: Path) -> None:
    np.savez(folder / "weights.npz", weights=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match=r"weights\.npz"):
        load(folder, "toy")


@pytest.mark.parametrize(
    ("sizes", "name"), [({"weights": (2, 4)}, "weights"), ({"bias": (2,)}, "bias")]
)
def test_arrays_that_do_not_fit_the_words_are_refused(
    folder: Path, sizes: dict[str, tuple[int, ...]], name: str
) -> None:
    with pytest.raises(ValueError, match=f"{name}.*do not belong together"):
        require(load(folder, "toy"), folder, sizes)


def test_arrays_that_fit_pass(folder: Path) -> None:
    require(load(folder, "toy"), folder, {"weights": (2, 3)})


@pytest.mark.parametrize("name", ["attribution-en", "stance-en"])
def test_bundled_models_are_found(name: str) -> None:
    assert (bundled(name) / "model.json").is_file()


def test_an_unknown_bundled_model_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(FileNotFoundError, match=r"klingon.*attribution-en, stance-en"):
        bundled("klingon")


facts = st.dictionaries(
    st.text(max_size=8).filter(lambda key: key not in ("format", "kind")),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8), st.lists, max_leaves=5
    ),
    max_size=4,
)


@given(facts, st.lists(st.floats(width=32, allow_nan=False), max_size=8))
def test_any_facts_and_numbers_survive(
    tmp_path_factory: pytest.TempPathFactory, facts: dict[str, object], numbers: list[float]
) -> None:
    target = tmp_path_factory.mktemp("any") / "model"
    save(target, "toy", Artefact({"numbers": np.array(numbers, dtype="<f4")}, facts))
    found = load(os.fspath(target), "toy")
    assert json.loads(json.dumps(facts)) == {
        key: value for key, value in found.facts.items() if key not in ("format", "kind")
    }
    assert found.arrays["numbers"].tolist() == numbers
