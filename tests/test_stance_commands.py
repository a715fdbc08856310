"""The commands about stance: evaluate, fine-tune, train stance, attribute --explain."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from quotestance.cli.main import main
from quotestance.stance.model import StanceModel

EXAMPLES = Path(__file__).resolve().parent.parent / "docs" / "examples"
MAP = ["--map", "hawkish=hardline", "--map", "dovish=conciliatory"]
BANK, HELD = str(EXAMPLES / "central_bank.jsonl"), str(EXAMPLES / "central_bank_held.jsonl")


def test_evaluate_shows_figures_confusion_and_worst_errors() -> None:
    done = CliRunner().invoke(main, ["evaluate", HELD, *MAP])
    assert done.exit_code == 0, done.output
    assert all(
        said in done.output
        for said in ("macro-F1", "readers \\ model", "worst errors", "no neutral quotations")
    )


def test_fine_tune_reports_before_and_after_and_writes_a_model(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main, ["fine-tune", BANK, "--output", str(tmp_path / "mine"), "--validate", HELD, *MAP]
    )
    assert done.exit_code == 0, done.output
    assert done.output.count(", before\n") == done.output.count(", after\n") == 2
    assert StanceModel.load(tmp_path / "mine").predict_proba(["No."]).shape == (1, 3)


def tuned(folder: Path, rows: list[dict[str, object]]) -> StanceModel:
    """The model that the command makes of labelled rows."""
    labelled = folder / "rows.jsonl"
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    output = folder / "model"
    done = CliRunner().invoke(main, ["fine-tune", str(labelled), "--output", str(output)])
    assert done.exit_code == 0, done.output
    return StanceModel.load(output)


def test_weights_and_groups_of_the_rows_reach_the_model(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"text": f"The zorbing will {verb} in week {week}.", "label": label}
        for week in range(12)
        for verb, label in (("commence", "hardline"), ("conclude", "conciliatory"))
    ]
    heavy: list[dict[str, object]] = [
        {**row, "weight": 9 if row["label"] == "hardline" else 1, "group": f"article {number % 5}"}
        for number, row in enumerate(rows)
    ]
    for name in ("plain", "heavy"):
        (tmp_path / name).mkdir()
    plain, weighed = tuned(tmp_path / "plain", rows), tuned(tmp_path / "heavy", heavy)
    contents = ["The zorbing will commence in week 3.", "The zorbing will conclude in week 3."]
    assert not (plain.predict_proba(contents) == weighed.predict_proba(contents)).all()
    assert "fine_tuned_on_groups" not in plain.facts_
    assert weighed.facts_["fine_tuned_on_groups"] == 5


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (["evaluate", BANK], "unknown label 'hawkish'"),
        (["evaluate", BANK, "--map", "hawkish"], "write LABEL=CLASS"),
        (
            ["evaluate", BANK, "--map", "hawkish=hard", "--map", "dovish=conciliatory"],
            "'hawkish' stands for 'hard', which is not a class",
        ),
        (["evaluate", HELD, *MAP, "--plot", "no/such/folder/plot.png"], "does not exist"),
        (
            ["fine-tune", HELD, "--output", "new", *MAP],
            "at least 20 labelled quotations, 8 were given",
        ),
        (["fine-tune", BANK, "--output", ".", *MAP], "exists already"),
        (["evaluate", HELD, "--model", "nowhere", *MAP], "no model is called 'nowhere'"),
    ],
)
def test_wrong_use_is_named_before_anything_is_done(
    arguments: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2 and reason in done.output
    assert list(tmp_path.iterdir()) == []


def test_explain_tells_reasons_and_leaves_the_output_as_it_is(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(
        '"We will not accept the offer," said union leader Ana Silva.', encoding="utf-8"
    )
    plain, told = (
        CliRunner().invoke(main, ["attribute", str(article), "--format", "jsonl", *extra])
        for extra in ([], ["--explain"])
    )
    assert told.stdout == plain.stdout
    assert "not acceptance by we, will" in told.stderr


def test_training_on_the_same_seeds_gives_the_same_bytes(tmp_path: Path) -> None:
    verbs = (("accept", "2"), ("refuse", "-1"), ("read", "0"))
    rows = [
        {"id": f"s{n}", "text": f"We {verb} offer {n}.", "label": label, "group": None}
        for n in range(4)
        for verb, label in verbs
    ]
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for name in ("one", "two"):
        done = CliRunner().invoke(
            main, ["train", "stance", "--seeds", str(seeds), "--output", str(tmp_path / name)]
        )
        assert done.exit_code == 0, done.output
    for name in ("model.json", "weights.npz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_plot_without_matplotlib_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    done = CliRunner().invoke(main, ["evaluate", HELD, "--plot", str(tmp_path / "plot.svg"), *MAP])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--plot needs matplotlib: pip install matplotlib" in done.stderr
    assert "quotations" not in done.stderr


def test_a_plot_is_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    path = tmp_path / "plot.svg"
    done = CliRunner().invoke(main, ["evaluate", HELD, "--plot", str(path), *MAP])
    assert done.exit_code == 0 and path.read_text(encoding="utf-8").lstrip().startswith("<?xml")


@pytest.mark.parametrize(
    "arguments",
    [
        ["attribute", "-", "--stance-model", "stance-en-encoder"],
        ["evaluate", HELD, *MAP, "--model", "stance-en-encoder"],
    ],
)
def test_the_encoder_model_without_its_extra_says_what_to_install(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("onnxruntime", "tokenizers"):
        monkeypatch.setitem(sys.modules, name, None)
    done = CliRunner().invoke(main, arguments, input="“We agree,” said Ana Silva.")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "quotestance[encoder]" in done.stderr


def labelled_file(path: Path, hard: float, group: str = "a") -> str:
    labels = [("hardline", hard), ("conciliatory", 1.0)] * 10
    rows = [
        {"text": f"Rates frobnicate, part {n}.", "label": label, "weight": weight, "group": group}
        for n, (label, weight) in enumerate(labels)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_weights_of_rows_count_in_fine_tuning(tmp_path: Path) -> None:
    chances = []
    for name, hard in (("plain", 1.0), ("tilted", 5.0)):
        rows, output = labelled_file(tmp_path / f"{name}.jsonl", hard), str(tmp_path / name)
        done = CliRunner().invoke(main, ["fine-tune", rows, "--output", output, "--weight", "5"])
        assert done.exit_code == 0, done.output
        model = StanceModel.load(tmp_path / name)
        chances.append(model.predict_proba(["Rates frobnicate, part 1."])[0][0])
    assert chances[1] > chances[0] + 0.02
    assert model.facts_["fine_tuned_on_groups"] == 1


def test_rows_of_a_group_that_is_trained_on_do_not_validate(tmp_path: Path) -> None:
    rows = labelled_file(tmp_path / "rows.jsonl", 1.0)
    held = labelled_file(tmp_path / "held.jsonl", 1.0)
    output = str(tmp_path / "mine")
    done = CliRunner().invoke(main, ["fine-tune", rows, "--output", output, "--validate", held])
    assert done.exit_code == 0, done.output
    assert "20 of 20 rows to validate with are left out" in done.output
    assert f"{held}, before" not in done.output


def evaluated(path: Path, rows: list[dict[str, object]]) -> str:
    """What the command says of the accuracy over rows."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = CliRunner().invoke(main, ["evaluate", str(path)])
    assert done.exit_code == 0, done.output
    return next(line for line in done.stdout.splitlines() if line.startswith("accuracy"))


def test_weights_and_groups_of_rows_count_in_the_evaluation(tmp_path: Path) -> None:
    texts = [("We will never give in.", "hardline"), ("We accept the offer.", "hardline")]
    rows: list[dict[str, object]] = [
        {"text": text, "label": label} for text, label in texts for _ in range(20)
    ]
    heavy = [{**row, "weight": 3 if "never" in str(row["text"]) else 1} for row in rows]
    grouped = [{**row, "group": str(row["text"])[:9]} for row in rows]
    plain = evaluated(tmp_path / "plain.jsonl", rows)
    assert plain.split()[1] == "0.500" and "[0.000, 1.000]" not in plain
    assert evaluated(tmp_path / "heavy.jsonl", heavy).split()[1] == "0.750"
    assert "0.500  [0.000, 1.000]" in evaluated(tmp_path / "grouped.jsonl", grouped)
