from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from conftest import ROOT

from quotestance import attribute_quotes, model_folder
from quotestance.attribution_model import KIND, AttributionModel
from quotestance.cli.main import main
from quotestance.training.annotated import Document, read_documents
from quotestance.training.attribution import train_attribution

if TYPE_CHECKING:
    from spacy.language import Language

ANNOTATED = Path(__file__).parent / "data" / "annotated.jsonl"
FILES = ("model.json", "weights.npz")


def documents() -> list[Document]:
    with ANNOTATED.open(encoding="utf-8") as lines:
        return list(read_documents(lines, str(ANNOTATED)))


def written(model: AttributionModel, folder: Path) -> list[bytes]:
    folder.mkdir()
    model_folder.write(folder, KIND, model.to_artefact())
    return [(folder / name).read_bytes() for name in FILES]


@pytest.fixture(scope="module")
def trained(nlp: Language) -> AttributionModel:
    return train_attribution(documents(), AttributionModel.load().first_names, nlp=nlp)


def test_the_annotated_documents_are_whole() -> None:
    found = documents()
    assert sum(document.complete for document in found) == 12
    assert {annotation.kind for document in found for annotation in document.annotations} == {
        "direct",
        "mixed",
    }
    for document in found:
        for annotation in document.annotations:
            assert all(
                document.text[start - 1] == "“" and document.text[end] == "”"
                for start, end in annotation.parts
            )
            assert annotation.mentions
            assert annotation.names


def test_the_same_documents_give_the_same_bytes(
    trained: AttributionModel, nlp: Language, tmp_path: Path
) -> None:
    again = train_attribution(documents(), AttributionModel.load().first_names, nlp=nlp)
    assert written(trained, tmp_path / "one") == written(again, tmp_path / "two")


def test_the_order_of_words_in_memory_changes_no_byte(
    trained: AttributionModel, tmp_path: Path
) -> None:
    command = [
        sys.executable,
        "-m",
        "quotestance",
        "train",
        "attribution",
        str(ANNOTATED),
        "--output",
        str(tmp_path / "other"),
    ]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment)
    assert written(trained, tmp_path / "here") == [
        (tmp_path / "other" / name).read_bytes() for name in FILES
    ]


def test_other_documents_give_another_fingerprint(trained: AttributionModel, nlp: Language) -> None:
    first, *rest = documents()
    changed = train_attribution(
        [replace(first, annotations=first.annotations[:1]), *rest], {}, nlp=nlp
    )
    assert changed.facts["trained_on"]["sha256"] != trained.facts["trained_on"]["sha256"]


def test_the_facts_tell_what_it_was_trained_on(trained: AttributionModel) -> None:
    assert trained.facts["trained_on"]["documents"] == 14
    assert trained.facts["trained_on"]["complete"] == 12
    held = trained.facts["held_out"]
    assert held["quotations"] > 10
    assert 0.5 < held["name_right"] < 1
    assert 0 <= held["calibration_error"] < 0.5


def test_a_trained_model_loads_and_attributes(
    trained: AttributionModel, nlp: Language, tmp_path: Path
) -> None:
    trained.save(tmp_path / "mine")
    model = AttributionModel.load(tmp_path / "mine")
    assert model.facts == trained.facts
    (quote,) = attribute_quotes(
        "The mill closed on Friday. “We have no work left for anybody,” said foreman Peter Holt.",
        model=model,
        nlp=nlp,
        stance=False,
    )
    assert quote.speaker is not None
    assert quote.speaker.name == "Peter Holt"
    assert 0 < quote.confidence < 1


@pytest.mark.parametrize("count", [0, 1, 9])
def test_fewer_than_ten_complete_documents_are_refused(count: int, nlp: Language) -> None:
    few = [document for document in documents() if document.complete][:count] + [
        document for document in documents() if not document.complete
    ]
    with pytest.raises(ValueError, match=f"10 complete documents .*, {count} were given"):
        train_attribution(few, {}, nlp=nlp)


# ---------- the command
def command(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["train", "attribution", *map(str, arguments)])
    return result.exit_code, result.output


def test_the_command_writes_the_same_model(trained: AttributionModel, tmp_path: Path) -> None:
    code, told = command(ANNOTATED, "--output", tmp_path / "model")
    assert code == 0
    assert "trained on 14 documents" in told
    assert [(tmp_path / "model" / name).read_bytes() for name in FILES] == written(
        trained, tmp_path / "expected"
    )


def test_an_existing_folder_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine", encoding="utf-8")
    code, told = command(ANNOTATED, "--output", tmp_path)
    assert code == 2
    assert "exists already" in told
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize(
    ("lines", "names", "told"),
    [
        pytest.param("{", None, "line 1", id="no JSON"),
        pytest.param('{"id": "a", "text": "b"}', None, "'quotes' is missing", id="no quotes"),
        pytest.param("", None, "10 complete documents", id="no documents"),
        pytest.param("", "[]", "no table of first names", id="first names of another shape"),
    ],
)
def test_what_cannot_be_trained_on_ends_with_2_and_writes_nothing(
    tmp_path: Path, lines: str, names: str | None, told: str
) -> None:
    (tmp_path / "gold.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "names.json").write_text(
        names or json.dumps({"f": "anna", "m": "john"}), encoding="utf-8"
    )
    code, output = command(
        tmp_path / "gold.jsonl",
        "--first-names",
        tmp_path / "names.json",
        "--output",
        tmp_path / "model",
    )
    assert code == 2
    assert told in " ".join(output.split())
    assert not (tmp_path / "model").exists()
