"""Fine-tuning of attribution: what a dozen documents teach, what they leave as it was, and the
commands for it.

The documents are those of a house that signs quotations: who noted the words down stands before the
colon, who said them behind the dash. Every other newspaper means the opposite.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from conftest import ROOT

from quotestance import attribute_quotes, model_folder
from quotestance.attribution_model import KIND, AttributionModel
from quotestance.cli.main import main
from quotestance.linear import LinearModel
from quotestance.pipeline import attribute_batch
from quotestance.training import tuning
from quotestance.training.annotated import documents_of, read_documents
from quotestance.training.attribution import train_attribution
from quotestance.training.attribution_report import AttributionReport, evaluate_attribution
from quotestance.training.fitting import Group, Known, fit_pairwise

if TYPE_CHECKING:
    from spacy.language import Language

EXAMPLES = ROOT / "docs" / "examples"


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


TAUGHT = rows_of(EXAMPLES / "house_style.jsonl")
UNSEEN = rows_of(EXAMPLES / "house_style_held.jsonl")
NEWS = rows_of(ROOT / "tests" / "data" / "annotated.jsonl")
FILES = ("model.json", "weights.npz")


@pytest.fixture(scope="module")
def base() -> AttributionModel:
    return AttributionModel.load()


@pytest.fixture(scope="module")
def tuned(base: AttributionModel, nlp: Language) -> AttributionModel:
    return base.fine_tune(TAUGHT, nlp=nlp)


def report(model: AttributionModel, rows: Iterable[dict[str, Any]]) -> AttributionReport:
    compared = list(documents_of(rows))
    texts = [document.text for document in compared]
    return evaluate_attribution(compared, list(attribute_batch(texts, stance=False, model=model)))


def full_names(model: AttributionModel, rows: Iterable[dict[str, Any]]) -> float:
    """The share of annotated quotations whose full name a model gives."""
    return report(model, rows).figures["full name"].value


# ---------- what is learned and what is kept
def test_eleven_documents_teach_a_style_that_the_bundled_model_misreads(
    base: AttributionModel, tuned: AttributionModel
) -> None:
    assert full_names(base, UNSEEN) < 0.2
    assert full_names(tuned, UNSEEN) > 0.95


def test_what_they_say_nothing_about_stays_as_it_was(
    base: AttributionModel, tuned: AttributionModel
) -> None:
    assert full_names(base, NEWS) > 0.8
    assert full_names(tuned, NEWS) >= full_names(base, NEWS)


def test_training_from_nothing_on_the_same_documents_forgets_the_rest(
    base: AttributionModel, tuned: AttributionModel, nlp: Language
) -> None:
    alone = train_attribution(list(documents_of(TAUGHT)), base.first_names, nlp=nlp)
    assert full_names(alone, NEWS) < full_names(tuned, NEWS) - 0.2


def test_documents_that_are_not_complete_teach_it_too(
    base: AttributionModel, nlp: Language
) -> None:
    rows = [{key: row[key] for key in ("id", "text", "quotes")} for row in TAUGHT]
    partial = base.fine_tune(rows, nlp=nlp)
    assert full_names(partial, UNSEEN) > 0.95


def test_the_same_documents_give_the_same_bytes(
    base: AttributionModel, tuned: AttributionModel, nlp: Language, tmp_path: Path
) -> None:
    again = base.fine_tune(TAUGHT, nlp=nlp)
    for name, model in (("one", tuned), ("two", again)):
        (tmp_path / name).mkdir()
        model_folder.write(tmp_path / name, KIND, model.to_artefact())
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_model_that_is_tuned_stays_as_it_is(
    base: AttributionModel, tuned: AttributionModel
) -> None:
    assert tuned.ranker != base.ranker
    assert AttributionModel.load() == base
    assert "fine_tuned_on" not in base.facts
    assert tuned.facts["fine_tuned_on"][0]["documents"] == 11
    assert tuned.facts["trained_on"] == base.facts["trained_on"]


# ---------- weights near others
def group(right: str, wrong: str) -> Group:
    return Group([{right: 1.0}, {wrong: 1.0}], [True, False], 1.0)


def test_a_weight_that_is_well_known_stays_and_one_that_is_not_moves() -> None:
    known = Known({"sure": 1.0, "unsure": 1.0, "else": 3.0}, {"sure": 100.0})
    moved = fit_pairwise([group("new", "sure"), group("new", "unsure")] * 5, 1.0, known)
    assert moved["unsure"] < 0.9
    assert moved["sure"] == pytest.approx(1.0, abs=0.1)
    assert moved["new"] > 0.5
    assert moved["else"] == 3.0


def test_without_decisions_the_weights_are_those_that_were_known() -> None:
    assert fit_pairwise([], 1.0, Known({"one": 1.5}, {})) == {"one": 1.5}


def test_from_zero_with_an_even_pull_the_fit_is_that_from_nothing() -> None:
    groups = [group("left", "right")] * 3 + [group("right", "left")]
    alone, near = fit_pairwise(groups, 0.5), fit_pairwise(groups, 0.5, Known({}, {}))
    assert near == pytest.approx(alone, abs=1e-3)


def test_what_was_learned_is_held_by_the_next_tuning(
    base: AttributionModel, tuned: AttributionModel
) -> None:
    assert tuned.pull["ranker"]["signature"] > base.pull["ranker"]["signature"]


# ---------- confidence
def test_confidence_is_kept_where_few_documents_are_complete(
    base: AttributionModel, tuned: AttributionModel
) -> None:
    assert tuned.confidence == base.confidence


def test_confidence_is_calibrated_where_enough_documents_are_complete(
    base: AttributionModel, nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "FEWEST_COMPLETE", 11)
    calibrated = base.fine_tune(TAUGHT, nlp=nlp)
    assert calibrated.confidence != base.confidence
    before, after = (
        report(replace(calibrated, confidence=trust), UNSEEN).figures["sure"].value
        for trust in (base.confidence, calibrated.confidence)
    )
    assert after > before


# ---------- what cannot be learned from
NO_QUOTES = {"id": "a", "text": "It rained.", "quotes": []}


@pytest.mark.parametrize(
    "rows, weight, reason",
    [
        pytest.param([], 1.0, "none of the 0 documents has an annotated quot", id="none"),
        pytest.param([NO_QUOTES], 1.0, "none of the 1 documents", id="no quotations"),
        pytest.param(
            [TAUGHT[0], {"id": "b", "text": "c"}],
            1.0,
            "document 2: 'quotes' is missing",
            id="no quotes",
        ),
        pytest.param(["a.jsonl"], 1.0, "document 1: a document is a str here", id="a path"),
        pytest.param(TAUGHT, 0, "weight is 0; give a number above 0", id="no weight"),
        pytest.param(
            [{**NO_QUOTES, "quotes": [{"start": 0, "end": 2, "kind": "loud"}]}],
            1.0,
            "document 1: the kind is 'loud'; give direct, mixed, indirect",
            id="an unknown kind",
        ),
    ],
)
def test_what_cannot_be_learned_from_is_named(
    base: AttributionModel, rows: Sequence[Any], weight: float, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        base.fine_tune(rows, weight=weight)


# ---------- the commands
def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*map(str, arguments)])
    return done.exit_code, done.output


def written(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def house(tuned: AttributionModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the documents, and with the tuned model in it."""
    folder = tmp_path_factory.mktemp("house")
    written(folder / "mine.jsonl", TAUGHT)
    written(folder / "held.jsonl", UNSEEN)
    tuned.save(folder / "tuned")
    return folder


def test_the_command_fine_tunes_and_reports_before_and_after(house: Path, tmp_path: Path) -> None:
    output = tmp_path / "mine"
    code, told = run(
        *("fine-tune", "attribution", house / "mine.jsonl"),
        *("--validate", house / "held.jsonl", "--output", output),
    )
    assert code == 0, told
    assert "held.jsonl, before" in told and "held.jsonl, after" in told
    assert "fine-tuned on 11 documents, 11 of them complete; confidence kept as it was" in told
    for name in FILES:
        assert (output / name).read_bytes() == (house / "tuned" / name).read_bytes()


def test_documents_that_are_trained_on_do_not_validate(house: Path, tmp_path: Path) -> None:
    code, told = run(
        *("fine-tune", "attribution", house / "mine.jsonl"),
        *("--validate", house / "mine.jsonl", "--output", tmp_path / "mine"),
    )
    assert code == 0, told
    assert "11 of 11 documents to validate with are left out" in told
    assert ", before" not in told


def test_attribute_takes_the_model(house: Path, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(UNSEEN[0]["text"], encoding="utf-8")
    code, told = run("attribute", article, "--format", "jsonl", "--model", house / "tuned")
    assert code == 0, told
    names = [quote["speaker"]["name"] for quote in json.loads(told)["quotes"]]
    assert names == [quote["speaker"] for quote in UNSEEN[0]["quotes"]]
    assert names == [
        quote.speaker.name
        for quote in attribute_quotes(UNSEEN[0]["text"], model=house / "tuned")
        if quote.speaker
    ]


def test_evaluate_shows_figures_with_intervals_and_the_worst_errors(house: Path) -> None:
    code, told = run("evaluate", "attribution", house / "held.jsonl", "--worst", "3")
    assert code == 0, told
    figures, errors = told.split("\n\n")
    assert [line[:22].strip() for line in figures.splitlines()] == [
        *("found", "precision", "mention", "full name", "full name given found"),
        *("sure", "right where sure"),
    ]
    assert "full name                0.0  [  0.0,   0.0]" in figures
    lines = errors.splitlines()
    assert len(lines) == 4
    assert ": given as " in lines[1]
    assert [line[:4] for line in lines[1:]] == sorted(
        (line[:4] for line in lines[1:]), reverse=True
    )


def test_evaluate_takes_a_model(house: Path) -> None:
    code, told = run("evaluate", "attribution", house / "held.jsonl", "--model", house / "tuned")
    assert code == 0, told
    assert "full name              100.0  [100.0, 100.0]" in told
    assert "worst errors" not in told


def test_a_model_may_be_given_by_name() -> None:
    assert AttributionModel.load("attribution-en") == AttributionModel.load()


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (["evaluate", "attribution", "none.jsonl"], "line 1: 'quotes' is missing"),
        (["evaluate", "attribution", "empty.jsonl"], "there is nothing to compare with"),
        (["fine-tune", "attribution", "none.jsonl", "-o", "new"], "line 1: 'quotes' is missing"),
        (["fine-tune", "attribution", "latin.jsonl", "-o", "new"], "latin.jsonl is not UTF-8"),
        (
            ["fine-tune", "attribution", "empty.jsonl", "-o", "new"],
            "none of the 0 documents has an annotated quotation",
        ),
        (["fine-tune", "attribution", "mine.jsonl", "-o", "."], "exists already"),
        (["fine-tune", "attribution", "mine.jsonl"], "Missing option '-o' / '--output'"),
        (
            ["fine-tune", "attribution", "mine.jsonl", "-o", "new", "--map", "a=hardline"],
            "No such option",
        ),
        (
            ["fine-tune", "attribution", "mine.jsonl", "-o", "new", "--model", "stance-en"],
            "holds a 'stance' model where a 'attribution' model is needed",
        ),
        (
            ["evaluate", "attribution", "mine.jsonl", "--model", "nowhere"],
            "no model is called 'nowhere'",
        ),
        (["evaluate", "attribution"], "Missing argument 'ANNOTATED...'"),
        (["attribute", "mine.jsonl", "--model", "stance-en"], "holds a 'stance' model"),
        (["attribute", "mine.jsonl", "--model", "nowhere"], "no model is called 'nowhere'"),
        (["evaluate"], "Missing argument 'LABELLED'"),
    ],
)
def test_wrong_use_is_named_and_nothing_is_written(
    arguments: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "mine.jsonl", TAUGHT)
    (tmp_path / "none.jsonl").write_text('{"id": "a", "text": "b"}\n', encoding="utf-8")
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    (tmp_path / "latin.jsonl").write_bytes('{"id": "é"}'.encode("latin-1"))
    before = sorted(tmp_path.iterdir())
    code, told = run(*arguments)
    assert code == 2, told
    assert reason in " ".join(told.split()), told
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("named", [[], ["stance"]])
def test_stance_may_be_left_out(named: list[str]) -> None:
    labels = ["--map", "hawkish=hardline", "--map", "dovish=conciliatory"]
    code, told = run("evaluate", *named, *labels, EXAMPLES / "central_bank_held.jsonl")
    assert code == 0, told
    assert "macro-F1" in told


# ---------- the report
def test_precision_is_that_of_complete_documents(base: AttributionModel) -> None:
    text = "“We stay here until the spring,” said Ana Silva. “Nobody asked us,” said Tom Dunn."
    row = {
        "id": "a",
        "text": text,
        "quotes": [
            {
                "start": 1,
                "end": 31,
                "kind": "direct",
                "speaker": "Ana Silva",
                "speaker_spans": [[38, 47]],
            }
        ],
    }
    open_, complete = report(base, [row]), report(base, [{**row, "not_quotes": []}])
    assert str(open_.figures["precision"].value) == "nan"
    assert open_.errors == ()
    assert complete.figures["precision"].value == 0.5
    assert [(error.wrong, error.words) for error in complete.errors] == [
        ("not a quotation", "Nobody asked us,")
    ]


def test_what_was_missed_stands_last_among_the_errors(base: AttributionModel) -> None:
    def quote(words: str, speaker: str) -> dict[str, Any]:
        start = text.index(words)
        bounds = {"start": start, "end": start + len(words)}
        return {**bounds, "kind": "direct", "speaker": speaker, "speaker_spans": []}

    text = "Nobody asked us, Tom Dunn said. “We stay here until the spring,” said Ana Silva."
    quotes = [quote("Nobody asked us", "Tom Dunn"), quote("We stay here until", "Jo Park")]
    quotes[1]["end"] = text.index("”")
    found = report(base, [{"id": "a", "text": text, "quotes": quotes}])
    assert [error.wrong for error in found.errors] == [
        "Jo Park: given as Ana Silva",
        "Tom Dunn: not found",
    ]
    assert found.figures["found"].value == 0.5


def test_documents_are_read_from_lines_and_mappings_alike() -> None:
    lines = [json.dumps(row) for row in TAUGHT]
    assert list(read_documents(lines, "mine.jsonl")) == list(documents_of(TAUGHT))


def test_a_model_without_a_pull_can_be_tuned(base: AttributionModel, nlp: Language) -> None:
    old = replace(base, pull={}, ranker=LinearModel({}))
    assert full_names(old.fine_tune(TAUGHT, nlp=nlp), UNSEEN) > 0.95
