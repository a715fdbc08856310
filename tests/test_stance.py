"""The stance model: what it learns, promises, explains, keeps on disk, and refuses."""

from __future__ import annotations

import json
import math
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from strategies import texts

from quotestance.quote import STANCE_LABELS
from quotestance.stance.calibration import Calibration, fit_calibration, softmax
from quotestance.stance.features import LexicalFeatures, cue_verb
from quotestance.stance.fine_tuning import FEWEST, near
from quotestance.stance.model import StanceModel
from quotestance.stance.soft_targets import as_rows
from quotestance.stance.vocabulary import Vocabulary

HARD = [
    "We refuse to sign.",
    "They must resign.",
    "We will never accept this.",
    "You have betrayed us.",
    "No deal, no talks.",
    "We will strike back.",
]
SOFT = [
    "We accept the offer.",
    "We are ready to talk.",
    "I am sorry for it.",
    "They were fair to us.",
    "We hope for a deal.",
    "We welcome the progress.",
]
PLAIN = [
    "The train was late.",
    "It rained all day.",
    "Sales rose a little.",
    "He was born there.",
    "The court sits on Monday.",
    "The hall was full.",
]
CONTENTS, LABELS = HARD + PLAIN + SOFT, ["hardline"] * 6 + ["neutral"] * 6 + ["conciliatory"] * 6


@pytest.fixture(scope="module")
def tiny() -> StanceModel:
    return StanceModel(least=1).fit(CONTENTS, LABELS)


@pytest.fixture(scope="module")
def bundled() -> StanceModel:
    return StanceModel.load()


# ---------- features
ROWS_OF_NAMES = st.lists(st.lists(st.sampled_from("abcdefgh")), min_size=1, max_size=8)


@given(ROWS_OF_NAMES, ROWS_OF_NAMES, st.integers(1, 3))
def test_a_vocabulary_gives_what_scikit_learn_gives(
    rows: list[list[str]], others: list[list[str]], least: int
) -> None:
    vocabulary = Vocabulary.learned(rows, least)
    if vocabulary.names:
        reference = TfidfVectorizer(analyzer=list, min_df=least, sublinear_tf=True).fit(rows)
        assert vocabulary.names == reference.get_feature_names_out().tolist()
        assert np.allclose(
            vocabulary.matrix(others).toarray(), reference.transform(others).toarray()
        )
    else:
        assert vocabulary.matrix(others).shape == (len(others), 0)


# ---------- as scikit-learn users expect
def test_an_unfitted_model_says_so() -> None:
    for call in (StanceModel().predict, StanceModel().decision_function, StanceModel().uncertain):
        with pytest.raises(NotFittedError, match=r"call fit first, or StanceModel\.load"):
            call(["We agree."])


def test_columns_are_in_the_order_of_the_classes(tiny: StanceModel) -> None:
    chances = tiny.predict_proba(CONTENTS)
    assert tiny.classes_.tolist() == list(STANCE_LABELS)
    assert np.allclose(chances.sum(axis=1), 1)
    assert (tiny.classes_[chances.argmax(axis=1)] == tiny.predict(CONTENTS)).all()


def test_score_is_accuracy_and_the_training_quotations_are_learned(tiny: StanceModel) -> None:
    assert tiny.score(CONTENTS, LABELS) == 1.0


def test_it_can_be_cloned_and_cross_validated() -> None:
    model = StanceModel(strength=2.0, least=1)
    assert clone(model).get_params() == model.get_params()
    assert len(cross_val_score(model, CONTENTS, LABELS, cv=3)) == 3


def test_two_classes_are_enough_and_the_six_labels_are_understood() -> None:
    model = StanceModel(least=1).fit(HARD + SOFT, ["-2"] * 6 + ["+1"] * 6)
    assert model.classes_.tolist() == ["hardline", "conciliatory"]
    assert model.predict_proba(["We refuse."]).shape == (1, 2)


def test_no_contents_give_no_rows(tiny: StanceModel) -> None:
    assert tiny.predict_proba([]).shape == (0, 3)


@pytest.mark.parametrize(
    "contents, labels, reason",
    [
        (["We refuse."] * 3, ["hardline"] * 3, "at least two classes, all 3 labels are hardline"),
        ([], [], "at least two classes"),
        (["We refuse."], ["hardline", "neutral"], "1 contents but 2 labels"),
        (["We refuse.", "Yes."], ["hardline", "angry"], "unknown label 'angry'"),
    ],
)
def test_what_cannot_be_learned_is_refused(
    contents: list[str], labels: list[str], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        StanceModel().fit(contents, labels)


@pytest.mark.parametrize("contents", ["one string", [None], [math.nan], [b"bytes"]])
def test_contents_that_are_no_strings_are_a_type_error(tiny: StanceModel, contents: Any) -> None:
    with pytest.raises(TypeError, match="give"):
        tiny.predict_proba(contents)


# ---------- promises
@settings(max_examples=30)
@given(st.lists(texts, max_size=5))
def test_any_texts_give_probabilities_and_many_equal_one_by_one(
    bundled: StanceModel, contents: list[str]
) -> None:
    together = bundled.predict_proba(contents)
    assert together.shape == (len(contents), 3) and np.isfinite(together).all()
    for content, row in zip(contents, together, strict=True):
        assert np.allclose(bundled.predict_proba([content])[0], row, atol=1e-9)


def test_a_very_long_text_is_scored(bundled: StanceModel) -> None:
    assert np.isfinite(bundled.predict_proba(["We refuse to sign. " * 6000])).all()


def test_a_quotation_without_a_cue_is_scored_by_its_words_alone(bundled: StanceModel) -> None:
    assert np.array_equal(
        bundled.predict_proba(["an end to the talks"]),
        bundled.predict_proba(["an end to the talks"], cues=[None]),
    )


def test_the_cue_of_a_mixed_quotation_is_a_feature() -> None:
    words = ["an end to it"] * 12
    model = StanceModel(least=1).fit(
        words, ["hardline", "conciliatory"] * 6, cues=["demanded", "welcomed"] * 6
    )
    assert model.predict(["an end to it"], cues=["demands"])[0] == "hardline"
    assert model.predict(["an end to it"], cues=["welcomed"])[0] == "conciliatory"


@pytest.mark.parametrize(
    "cue, verb",
    [
        ("demanded", "demand"),
        ("has called for", "call for"),
        ("statement", "statement"),
        ("", None),
        (None, None),
    ],
)
def test_a_cue_is_read_as_its_verb(cue: str | None, verb: str | None) -> None:
    assert cue_verb(cue) == verb


def test_uncertain_is_a_top_probability_below_the_threshold(bundled: StanceModel) -> None:
    contents = ["We will never surrender to them.", "It may be.", "Some of them."]
    assert (
        bundled.uncertain(contents).tolist()
        == (bundled.predict_proba(contents).max(axis=1) < 0.5).tolist()
    )


# ---------- why
@given(
    st.one_of(
        texts,
        st.sampled_from([*CONTENTS, "We hope for a deal, but we will never accept this one."]),
    )
)
def test_the_reasons_add_up_to_the_log_odds(bundled: StanceModel, content: str) -> None:
    explanation = bundled.explain(content)
    row = dict(zip(bundled.classes_, bundled.predict_proba([content])[0], strict=True))
    assert explanation.log_odds == pytest.approx(
        math.log(row["conciliatory"] / row["hardline"]), abs=1e-6
    )
    assert all(content[reason.start : reason.end] == reason.text for reason in explanation.reasons)


def test_acts_are_named_where_they_stand(bundled: StanceModel) -> None:
    reasons = bundled.explain("We will not accept the offer.").reasons
    assert any(
        reason.text == "accept"
        and "not acceptance by we, will" in reason.acts
        and reason.weight < 0
        for reason in reasons
    )


# ---------- fine-tuning
HAWKISH = [
    f"Rates will {verb} higher, {tail}"
    for verb in ("go", "stay", "move")
    for tail in ("for longer.", "if need be.", "this year.", "by June.")
]
DOVISH = [
    f"Rates can {verb} lower, {tail}"
    for verb in ("go", "stay", "move")
    for tail in ("for longer.", "if need be.", "this year.", "by June.")
]
MAPPING = {"hawkish": "hardline", "dovish": "conciliatory"}


def test_fine_tuning_learns_words_the_seeds_never_had(bundled: StanceModel) -> None:
    contents = [
        f"{text} Quantitative frobnication {word}."
        for text, word in zip(HAWKISH + DOVISH, ["zigs"] * 12 + ["zags"] * 12, strict=True)
    ]
    tuned = bundled.fine_tune(
        contents, ["hawkish"] * 12 + ["dovish"] * 12, mapping=MAPPING, weight=10.0
    )
    hawk, dove = tuned.predict_proba(["The frobnication zigs.", "The frobnication zags."])
    assert hawk[0] > dove[0] and dove[2] > hawk[2]
    assert tuned.coef_.shape[1] > bundled.coef_.shape[1]


def test_fine_tuning_changes_nothing_in_the_model_it_starts_from(bundled: StanceModel) -> None:
    before = bundled.predict_proba(CONTENTS)
    bundled.fine_tune(HAWKISH + DOVISH, ["hawkish"] * 12 + ["dovish"] * 12, mapping=MAPPING)
    assert np.array_equal(bundled.predict_proba(CONTENTS), before)


def test_fine_tuning_keeps_what_the_model_knew(bundled: StanceModel) -> None:
    tuned = bundled.fine_tune(HAWKISH + DOVISH, ["hawkish"] * 12 + ["dovish"] * 12, mapping=MAPPING)
    assert (tuned.predict(CONTENTS) == bundled.predict(CONTENTS)).mean() > 0.85


@pytest.mark.parametrize(
    "contents, labels, reason",
    [
        (HAWKISH[:5], ["hardline"] * 5, f"at least {FEWEST} labelled quotations, 5 were given"),
        (HAWKISH + DOVISH, ["hardline"] * 24, "at least two classes"),
        ([HAWKISH[0]] * 20, ["hardline", "neutral"] * 10, "the text of line 1 again"),
        (
            [*HAWKISH, *DOVISH[:-1], " "],
            ["hardline"] * 12 + ["neutral"] * 12,
            "line 24: the text is empty",
        ),
    ],
)
def test_what_cannot_be_fine_tuned_on_is_refused(
    bundled: StanceModel, contents: list[str], labels: list[str], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        bundled.fine_tune(contents, labels)


# ---------- an encoder of the user's own
def vectors(texts: list[str]) -> Any:
    return np.array([[len(text), text.count("e"), text.count("!")] for text in texts], dtype=float)


def test_any_callable_can_be_the_encoder_and_is_given_again_to_load(tmp_path: Path) -> None:
    model = StanceModel(least=1, encoder=vectors).fit(CONTENTS, LABELS)
    model.save(tmp_path / "mine")
    again = StanceModel.load(tmp_path / "mine", encoder=vectors)
    assert np.allclose(again.predict_proba(CONTENTS), model.predict_proba(CONTENTS), atol=1e-5)
    with pytest.raises(ValueError, match=r"holds no encoder; give the one it was trained with"):
        StanceModel.load(tmp_path / "mine")


def test_an_encoder_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"gave an array of shape \(2,\)"):
        StanceModel(least=1, encoder=lambda texts: np.zeros(2)).fit(
            ["No deal.", "We accept."], ["-1", "2"]
        )


def test_an_encoder_is_explained_by_leaving_words_out() -> None:
    model = StanceModel(least=1, encoder=vectors).fit(CONTENTS, LABELS)
    explanation = model.explain("We refuse to sign.")
    row = dict(zip(model.classes_, model.predict_proba(["We refuse to sign."])[0], strict=True))
    assert explanation.log_odds == pytest.approx(math.log(row["conciliatory"] / row["hardline"]))
    assert {reason.text for reason in explanation.reasons} == {"We", "refuse", "to", "sign"}


# ---------- on disk
def test_a_saved_model_is_the_same_and_the_same_training_gives_the_same_bytes(
    tiny: StanceModel, tmp_path: Path
) -> None:
    tiny.save(tmp_path / "one", {"note": 1})
    StanceModel(least=1).fit(CONTENTS, LABELS).save(tmp_path / "two", {"note": 1})
    assert np.allclose(
        StanceModel.load(tmp_path / "one").predict_proba(CONTENTS),
        tiny.predict_proba(CONTENTS),
        atol=1e-5,
    )
    for name in ("model.json", "weights.npz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_model_is_never_overwritten(tiny: StanceModel, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError, match="exists already"):
        tiny.save(tmp_path)


def spoil(facts: dict[str, Any]) -> None:
    facts["words"]["words"].append("extra")


def forget(facts: dict[str, Any]) -> None:
    del facts["shift"]


@pytest.mark.parametrize(
    "change, reason", [(spoil, "do not belong together"), (forget, "says nothing about shift")]
)
def test_a_folder_that_does_not_fit_together_is_refused(
    tiny: StanceModel, tmp_path: Path, change: Any, reason: str
) -> None:
    tiny.save(tmp_path / "model")
    facts = json.loads((tmp_path / "model" / "model.json").read_text(encoding="utf-8"))
    change(facts)
    (tmp_path / "model" / "model.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(ValueError, match=reason):
        StanceModel.load(tmp_path / "model")


# ---------- the parts of it
def test_fine_tuning_stays_at_its_start_without_evidence() -> None:
    start = np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([0.1, -0.1])
    matrix = np.eye(2)
    targets = softmax(matrix @ start[0].T + start[1])
    coefficients = near(matrix, targets, np.ones(2), 1.0, start)
    assert np.allclose(coefficients, start[0], atol=1e-4)


def test_calibration_finds_the_temperature_of_scores_that_are_too_sure() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(size=(4000, 2))
    columns = (random.random(4000) < softmax(scores)[:, 1]).astype(int)
    assert fit_calibration(3 * scores, columns, np.ones(4000)).temperature == pytest.approx(
        3, rel=0.15
    )
    assert Calibration((0.0, 0.0), 3.0)(3 * scores) == pytest.approx(softmax(scores))


def test_features_are_read_at_their_characters() -> None:
    features = LexicalFeatures(1)
    features.fit(CONTENTS, [None] * len(CONTENTS))
    content, names = "We will never accept this.", features.names()
    read = {
        names[column]: [content[start:end] for start, end in places]
        for column, places in features.places(content, None).items()
    }
    assert read["words: never accept"] == ["never accept"] and read["scopes: not:accept"] == [
        "accept"
    ]


# ---------- the estimator and its frozen export
DEV_LIKE = [*CONTENTS, "They must stop at once.", "an end to the talks", "", "Talks, talks, talks!"]


def test_the_export_gives_what_the_estimator_gives(bundled: StanceModel, tiny: StanceModel) -> None:
    two = StanceModel(least=1).fit(HARD + SOFT, ["-2"] * 6 + ["+1"] * 6)
    tuned = bundled.fine_tune(HAWKISH + DOVISH, ["-1"] * 12 + ["1"] * 12)
    for model in (bundled, tiny, two, tuned):
        assert isinstance(model.classifier_, LogisticRegression)
        frozen = model.export()
        assert not isinstance(frozen, BaseEstimator) and not isinstance(model, type(frozen))
        assert np.allclose(
            model.predict_proba(DEV_LIKE), frozen.predict_proba(DEV_LIKE), rtol=0, atol=1e-6
        )
        assert (model.predict(DEV_LIKE) == frozen.predict(DEV_LIKE)).all()


def test_the_export_is_frozen(tiny: StanceModel) -> None:
    with pytest.raises(AttributeError):
        tiny.export().intercepts = np.zeros(3)  # type: ignore[misc]


def test_the_classifier_learns_soft_targets_as_their_optimum() -> None:
    """At the optimum of softmax regression the slope is zero; the rows repeated must give it."""
    random = np.random.default_rng(0)
    matrix, targets = random.normal(size=(30, 4)), random.dirichlet(np.ones(3), size=30)
    weights = random.uniform(0.5, 2, size=30)
    rows, columns, counts = as_rows(targets, weights)
    fitted = LogisticRegression(C=0.7, tol=1e-10, max_iter=1000).fit(
        matrix[rows], columns, sample_weight=counts
    )
    error = (softmax(matrix @ fitted.coef_.T + fitted.intercept_) - targets) * weights[:, None]
    assert np.allclose(error.T @ matrix + fitted.coef_ / 0.7, 0, atol=1e-4)
    assert np.allclose(error.sum(axis=0), 0, atol=1e-4)


# ---------- a base to start from
TUNING, TUNED_LABELS = HAWKISH + DOVISH, ["hardline"] * 12 + ["conciliatory"] * 12


def test_a_clone_of_a_loaded_model_is_unfitted_and_fine_tunes_what_was_loaded(
    bundled: StanceModel,
) -> None:
    copy = clone(bundled)
    assert copy.get_params() == bundled.get_params() and copy.base == "stance-en"
    with pytest.raises(NotFittedError):
        copy.predict(CONTENTS)
    copy.fit(TUNING, TUNED_LABELS)
    tuned = bundled.fine_tune(TUNING, TUNED_LABELS)
    assert np.allclose(copy.predict_proba(DEV_LIKE), tuned.predict_proba(DEV_LIKE))
    assert (copy.predict(CONTENTS) == bundled.predict(CONTENTS)).mean() > 0.85


def test_a_clone_keeps_what_a_model_starts_from(tiny: StanceModel) -> None:
    for base in (tiny, tiny.export()):
        copy = clone(clone(StanceModel(base=base, weight=2.0, least=1)))
        assert copy.base is base and copy.get_params(deep=False)["weight"] == 2.0
        copy.fit(TUNING, TUNED_LABELS)
        assert copy.classes_.tolist() == list(STANCE_LABELS)


def knows_other_topics(model: StanceModel, *held_out: Any) -> float:
    """The share right of quotations that fine-tuning says nothing about."""
    return model.score(CONTENTS, LABELS)


def test_cross_validation_of_a_loaded_model_fine_tunes_it(bundled: StanceModel) -> None:
    validated = partial(cross_val_score, X=TUNING * 2, y=TUNED_LABELS * 2, cv=2)
    assert validated(bundled, scoring=knows_other_topics).min() > 0.7
    assert validated(StanceModel(), scoring=knows_other_topics).max() < 0.5


def test_the_weight_is_found_by_grid_search() -> None:
    search = GridSearchCV(
        StanceModel(base="stance-en"), {"weight": [0.001, 20.0]}, cv=2, error_score="raise"
    )
    search.fit(TUNING * 2, TUNED_LABELS * 2)
    scores = search.cv_results_["mean_test_score"]
    assert search.best_params_ == {"weight": 20.0} and scores[1] > scores[0]
    assert search.best_estimator_.classes_.tolist() == list(STANCE_LABELS)


def test_parameters_are_set_and_read() -> None:
    model = StanceModel(base="stance-en").set_params(weight=3.0, strength=0.5)
    assert {**model.get_params(), "encoder": None} == {
        "base": "stance-en",
        "weight": 3.0,
        "strength": 0.5,
        "least": 2,
        "encoder": None,
    }
    with pytest.raises(ValueError, match="Invalid parameter 'weigth'"):
        model.set_params(weigth=1.0)


def test_the_six_labels_are_scored_as_their_classes(tiny: StanceModel) -> None:
    assert tiny.score(HARD + SOFT, ["-2"] * 6 + ["+1"] * 6) == 1.0


# ---------- weights and groups of rows
def test_a_row_of_more_weight_counts_for_more(bundled: StanceModel) -> None:
    contents = [f"Rates frobnicate, part {number}." for number in range(20)]
    labels, asked = ["hardline", "conciliatory"] * 10, ["Rates frobnicate, part 1."]
    heavy = [5.0 if label == "hardline" else 1.0 for label in labels]
    plain, tilted = (
        bundled.fine_tune(contents, labels, sample_weight=weights, weight=5.0)
        for weights in (None, heavy)
    )
    assert tilted.predict_proba(asked)[0][0] > plain.predict_proba(asked)[0][0] + 0.02


def test_rows_of_equal_weight_are_rows_without(bundled: StanceModel) -> None:
    plain = bundled.fine_tune(TUNING, TUNED_LABELS, weight=3.0)
    equal = bundled.fine_tune(TUNING, TUNED_LABELS, sample_weight=[3.0] * 24, groups=[0, 1] * 12)
    assert np.allclose(plain.predict_proba(DEV_LIKE), equal.predict_proba(DEV_LIKE))
    assert equal.facts_["fine_tuned_on_groups"] == 2


@pytest.mark.parametrize("given", [{"sample_weight": [1.0]}, {"groups": ["a"]}, {"cues": [None]}])
def test_weights_groups_and_cues_are_one_for_each(
    bundled: StanceModel, given: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="24 contents but 1 labels, weights, groups or cues"):
        bundled.fine_tune(TUNING, TUNED_LABELS, **given)
