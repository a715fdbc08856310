"""Gates: accuracy on the development sets never falls below its floors (floors.json.

Floors.py moves them).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import floors
import pytest

from quotestance import Quote, attribute_quotes
from quotestance.speakers.confidence import calibration_error
from quotestance.training.annotated import read_documents
from quotestance.training.attribution_scores import match

FLOORS = floors.read()
GATES = [(name, figure) for name, entry in FLOORS.items() for figure in entry["floors"]]
CONFIDENT = [name for name, entry in FLOORS.items() if "confidence" in entry]


@lru_cache
def measured(name: str) -> tuple[dict[str, float], list[str]]:
    return floors.measure(FLOORS[name], attribute_quotes)


@lru_cache
def judged(name: str) -> list[tuple[float, bool]]:
    """For every quote: its confidence, and whether it is speech with the right full name."""
    gold = floors.gold_of(FLOORS[name])
    documents = read_documents(gold.read_text(encoding="utf-8").splitlines(), str(gold))
    return [
        answer
        for document in documents
        for answer in match(document, attribute_quotes(document.text, stance=False)).judged
    ]


@pytest.fixture
def entry(shared: Callable[[str], Path], name: str) -> dict[str, Any]:
    found: dict[str, Any] = FLOORS[name]
    if not floors.is_public(found):
        shared(f"eval/{found['scorer']}")
        shared(f"eval/{found['gold']}")
    return found


@pytest.mark.parametrize("name", FLOORS)
def test_the_floors_were_set_on_this_data(entry: dict[str, Any], name: str) -> None:
    assert floors.fingerprint(floors.gold_of(entry)) == entry["sha256"]


@pytest.mark.parametrize(("name", "figure"), GATES)
def test_accuracy_stays_above_its_floor(entry: dict[str, Any], name: str, figure: str) -> None:
    assert measured(name)[0][figure] >= entry["floors"][figure]


@pytest.mark.parametrize("name", CONFIDENT)
def test_confidence_is_the_share_that_is_right(entry: dict[str, Any], name: str) -> None:
    assert len(judged(name)) > 100
    assert calibration_error(judged(name)) <= entry["confidence"]["calibration_error"]


@pytest.mark.parametrize("name", CONFIDENT)
def test_what_it_is_sure_of_is_right(entry: dict[str, Any], name: str) -> None:
    limits = entry["confidence"]
    sure = [right for confidence, right in judged(name) if confidence >= limits["sure"]]
    assert len(sure) > limits["share"] * len(judged(name))
    assert sum(sure) / len(sure) >= limits["right"]


@pytest.mark.parametrize("name", FLOORS)
def test_no_document_fails(entry: dict[str, Any], name: str) -> None:
    assert measured(name)[1] == []


@pytest.mark.parametrize("name", ["articles_dev", "public_articles"])
def test_a_crash_counts_as_a_miss(entry: dict[str, Any], name: str) -> None:
    def crash(text: str) -> list[Quote]:
        raise RuntimeError("no answer")

    figures, failed = floors.measure(entry, crash)
    assert set(figures.values()) == {0.0}
    assert len(failed) == len(floors.gold_of(entry).read_text(encoding="utf-8").splitlines())


def test_a_crash_is_written_as_a_document_without_quotes(tmp_path: Path) -> None:
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.jsonl"
    gold.write_text(
        '{"id": "a", "text": "“We stay,” said Low."}\n{"id": "b", "text": "bad"}\n',
        encoding="utf-8",
    )

    def sometimes(text: str) -> list[Quote]:
        if text == "bad":
            raise RuntimeError("no answer")
        return []

    assert floors.predict(gold, out, sometimes) == ["b: RuntimeError('no answer')"]
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == [
        {"id": "a", "quotes": []},
        {"id": "b", "quotes": []},
    ]


@pytest.mark.parametrize(
    ("lower", "expected"),
    [
        pytest.param(False, {"F1": 0.94, "R_direct": 0.97}, id="raising lowers nothing"),
        pytest.param(True, {"F1": 0.94, "R_direct": 0.89}, id="lowering needs its flag"),
    ],
)
def test_floors_move(lower: bool, expected: dict[str, float]) -> None:
    assert (
        floors.moved(
            {"floors": {"F1": 0.93, "R_direct": 0.97}}, {"F1": 0.95, "R_direct": 0.90}, lower
        )
        == expected
    )


def test_floors_of_the_public_set_have_a_wider_margin() -> None:
    entry = {"public": True, "floors": {"F1": 0.93, "recall direct": 0.97}}
    figures = {"F1": 0.975, "recall direct": 0.98}
    assert floors.moved(entry, figures, lower=False) == {"F1": 0.95, "recall direct": 0.97}


def test_sets_that_are_not_there_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {"toy": {"gold": "gold.jsonl", "sha256": "old", "scorer": "none.py", "floors": {}}}
    (tmp_path / "floors.json").write_text(json.dumps(before), encoding="utf-8")
    monkeypatch.setattr(floors, "FLOORS", tmp_path / "floors.json")
    monkeypatch.setattr(floors, "SHARED", tmp_path / "absent")
    monkeypatch.setattr("sys.argv", ["floors.py", "--raise"])
    floors.main()
    assert "not measured" in capsys.readouterr().out
    assert floors.read() == before


@pytest.mark.parametrize("flag", ["--raise", "", "--lower"])
def test_changed_data_is_refused_unless_lowering(
    flag: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gold.jsonl").write_text("{}\n", encoding="utf-8")
    (tmp_path / "floors.json").write_text(
        json.dumps(
            {
                "toy": {
                    "gold": "gold.jsonl",
                    "sha256": "old",
                    "scorer": "none.py",
                    "floors": {"F1": 0.5},
                }
            }
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(floors, "FLOORS", tmp_path / "floors.json")
    monkeypatch.setattr(floors, "SHARED", tmp_path)
    monkeypatch.setattr(floors, "measure", lambda entry, attribute: ({"F1": 0.4}, []))
    monkeypatch.setattr("sys.argv", ["floors.py", *filter(None, [flag])])
    if flag == "--lower":
        floors.main()
        assert floors.read()["toy"] == {
            "gold": "gold.jsonl",
            "sha256": floors.fingerprint(tmp_path / "gold.jsonl"),
            "scorer": "none.py",
            "floors": {"F1": 0.39},
        }
    else:
        with pytest.raises(SystemExit, match="is not the data its floors were set on"):
            floors.main()
