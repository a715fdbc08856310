from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from quotestance.training.stance_scores import evaluate_stance

SURE = {"hardline": [0.8, 0.1, 0.1], "neutral": [0.1, 0.8, 0.1], "conciliatory": [0.1, 0.1, 0.8]}


def test_a_class_that_no_gold_row_has_is_left_out_of_macro_f1() -> None:
    labels = ["hardline", "conciliatory"] * 4
    figures = evaluate_stance(labels, np.array([SURE[label] for label in labels])).figures
    assert figures["macro-F1"].value == 1.0
    assert math.isnan(figures["F1 neutral"].value)


def test_gate_auc_is_that_of_scikit_learn() -> None:
    random = np.random.default_rng(0)
    chances = random.dirichlet([1, 1, 1], 200).round(1)
    labels = random.choice(list(SURE), 200)
    expected = roc_auc_score(labels != "neutral", 1 - chances[:, 1])
    assert evaluate_stance(labels, chances).figures["gate AUC"].value == pytest.approx(expected)
