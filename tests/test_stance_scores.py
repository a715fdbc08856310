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


def drawn(count: int) -> tuple[list[str], np.ndarray]:
    """Labels and probabilities that agree now and then."""
    random = np.random.default_rng(1)
    return random.choice(list(SURE), count).tolist(), random.dirichlet([1, 1, 1], count)


def test_a_row_of_weight_three_counts_as_three_rows() -> None:
    labels, chances = drawn(60)
    weights = [1.0 + 2.0 * (row % 4 == 0) for row in range(60)]
    repeated = np.repeat(np.arange(60), np.array(weights, dtype=int))
    weighed = evaluate_stance(labels, chances, weights=weights).figures
    expected = evaluate_stance([labels[row] for row in repeated], chances[repeated]).figures
    plain = evaluate_stance(labels, chances).figures
    for name in set(expected) - {"calibration error"}:  # its bins hold equal counts of rows
        assert weighed[name].value == pytest.approx(expected[name].value), name
        assert weighed[name].value != plain[name].value, name
    assert weighed["calibration error"].value != plain["calibration error"].value


def test_the_confusion_table_counts_quotations_whatever_their_weight() -> None:
    labels, chances = drawn(60)
    weighed = evaluate_stance(labels, chances, weights=[2.0] * 60)
    assert weighed == evaluate_stance(labels, chances, weights=[1.0] * 60)
    assert sum(map(sum, weighed.confusion)) == sum(found.count for found in weighed.bins) == 60


def test_groups_are_resampled_whole() -> None:
    labels = ["hardline"] * 60
    chances = np.array([SURE["hardline"]] * 30 + [SURE["neutral"]] * 30)
    apart = evaluate_stance(labels, chances).figures["accuracy"]
    together = evaluate_stance(labels, chances, groups=["a"] * 30 + ["b"] * 30).figures["accuracy"]
    assert apart.value == together.value == 0.5
    assert 0.3 < apart.low < apart.high < 0.7
    assert (together.low, together.high) == (0.0, 1.0)


def test_rows_without_a_group_stand_alone() -> None:
    labels, chances = drawn(30)
    alone = evaluate_stance(labels, chances)
    assert evaluate_stance(labels, chances, groups=[None] * 30) == alone
    assert evaluate_stance(labels, chances, groups=[f"{row}" for row in range(30)]) == alone
    assert evaluate_stance(labels, chances, groups=["a", "a", *[None] * 28]) != alone


@pytest.mark.parametrize("given", [{"weights": [1.0]}, {"groups": ["a"]}])
def test_weights_and_groups_are_one_for_each_row(given: dict[str, list[object]]) -> None:
    with pytest.raises(ValueError, match=f"2 labels but 1 {next(iter(given))}"):
        evaluate_stance(["neutral"] * 2, np.array([SURE["neutral"]] * 2), **given)
