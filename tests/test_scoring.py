"""What a stance model says of quotations: models of fewer classes, of others, by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from quotestance import attribute_quotes
from quotestance.stance.model import StanceModel
from quotestance.stance.scoring import stances

TEXT = '"We will never give in," said Ana Silva. "We are ready to talk," Ida Moss said.'


def two() -> StanceModel:
    contents = ["We will never give in.", "No deal.", "We accept.", "We are ready to talk."]
    return StanceModel(least=1).fit(contents, ["-1", "-1", "1", "1"])


def test_a_model_of_two_classes_leaves_the_third_at_zero() -> None:
    hard, soft = attribute_quotes(TEXT, stance_model=two())
    assert hard.stance is not None and soft.stance is not None
    assert (hard.stance.label, soft.stance.label) == ("hardline", "conciliatory")
    assert hard.stance.neutral == soft.stance.neutral == 0.0
    assert hard.stance.hardline + hard.stance.conciliatory == pytest.approx(1, abs=1e-3)


class Foreign:
    classes_ = np.array(["pro", "hardline"])

    def predict_proba(self, contents: list[str]) -> Any:
        return np.full((len(contents), 2), 0.5)


def test_a_model_of_other_classes_is_named_with_them() -> None:
    with pytest.raises(ValueError, match=r"has the classes pro, hardline; they must be among hard"):
        stances(Foreign(), ["We refuse."], [None])


def test_the_encoder_is_loaded_by_its_name() -> None:
    pytest.importorskip("onnxruntime", reason="the extra [encoder] is not installed")
    named = attribute_quotes(TEXT, stance_model="stance-en-encoder")
    given = attribute_quotes(TEXT, stance_model=StanceModel.load("stance-en-encoder"))
    assert [quote.stance for quote in named] == [quote.stance for quote in given]
    assert [quote.stance for quote in named] != [quote.stance for quote in attribute_quotes(TEXT)]
