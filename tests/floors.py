"""Floors of accuracy: what the gates in test_accuracy.py ask for, measured with the scorers in
../shared/eval, and on the public gold set, which has no scorer of its own, with the project's.

``python tests/floors.py`` shows figures and floors; ``--raise`` lifts every floor to the present
figure less a margin and never lowers one; ``--lower`` sets them to it whichever way that is, and
takes in changed data; sets that are not beside the checkout are passed over. Each floor belongs to
the data whose SHA-256 stands beside it. The limits of ``confidence`` are moved by hand: at ``sure``
and above there must be more than a ``share``, and ``right`` of those must be named rightly.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import public_gold

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors.json"
SHARED = HERE.parent.parent / "shared" / "eval"
# How far a floor stays below the figure it was raised to: room for one article of fifty to change
# half its answers.
MARGIN = 0.01
# The public set has shorter articles, with traits that are hard on purpose: its figures move more.
PUBLIC_MARGIN = 0.025

Attribute = Callable[[str], list[Any]]


def read() -> dict[str, Any]:
    """The floors by data set: its file, its SHA-256, the scorer (or that it is public), and figure
    -> floor."""
    floors: dict[str, Any] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return floors


def is_public(entry: dict[str, Any]) -> bool:
    """Whether a data set lies in the repository and is measured with the project's own scores."""
    return bool(entry.get("public"))


def gold_of(entry: dict[str, Any]) -> Path:
    """The file of a data set."""
    return (HERE if is_public(entry) else SHARED) / entry["gold"]


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def predict(gold: Path, out: Path, attribute: Attribute) -> list[str]:
    """Write what ``attribute`` finds in every document of ``gold``.

    Returns the ids of those it failed on, which count as misses.
    """
    failed = []
    with out.open("w", encoding="utf-8") as lines:
        for document in map(json.loads, gold.read_text(encoding="utf-8").splitlines()):
            try:
                quotes = [quote.to_dict() for quote in attribute(document["text"])]
            except Exception as error:
                quotes = []
                failed.append(f"{document['id']}: {error!r}")
            lines.write(json.dumps({"id": document["id"], "quotes": quotes}) + "\n")
    return failed


def score(scorer: Path, gold: Path, predicted: Path) -> dict[str, float]:
    """The figures that a scorer gives, without their intervals."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "scores.json"
        subprocess.run(
            [
                sys.executable,
                str(scorer),
                "--gold",
                str(gold),
                "--pred",
                f"quotestance={predicted}",
                "--json",
                str(result),
            ],
            check=True,
            capture_output=True,
        )
        found = json.loads(result.read_text(encoding="utf-8"))["quotestance"]
    return {name: values[0] for name, values in found.get("metrics", found).items()}


def measure(entry: dict[str, Any], attribute: Attribute) -> tuple[dict[str, float], list[str]]:
    """The gated figures of one data set at present, and the documents that failed."""
    if is_public(entry):
        figures, failed = measure_public(gold_of(entry), attribute)
        return {name: figures[name] for name in entry["floors"]}, failed
    with tempfile.TemporaryDirectory() as folder:
        predicted = Path(folder) / "predicted.jsonl"
        failed = predict(gold_of(entry), predicted, attribute)
        figures = score(SHARED / entry["scorer"], gold_of(entry), predicted)
    return {name: figures[name] for name in entry["floors"]}, failed


def measure_public(gold: Path, attribute: Attribute) -> tuple[dict[str, float], list[str]]:
    """Every figure of the project's own scores, and the documents that failed."""
    failed = []

    def attempt(text: str) -> list[Any]:
        try:
            return attribute(text)
        except Exception as error:
            failed.append(repr(error))
            return []

    figures = public_gold.figures(gold, public_gold.attributed(gold, attempt))
    return {name: value for name, (value, _, _) in figures.items()}, failed


def moved(entry: dict[str, Any], figures: dict[str, float], lower: bool) -> dict[str, float]:
    """The floors at the present figures less the margin; without ``lower`` none goes down."""
    margin = PUBLIC_MARGIN if is_public(entry) else MARGIN
    present = {name: round(figure - margin, 4) for name, figure in figures.items()}
    return (
        present
        if lower
        else {name: max(floor, present[name]) for name, floor in entry["floors"].items()}
    )


def main() -> None:
    """Read the command line and do what it asks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--raise",
        action="store_true",
        dest="lift",
        help="lift floors to the present figures less the margin",
    )
    parser.add_argument(
        "--lower",
        action="store_true",
        help=(
            "set floors to the present figures less the margin, down as well as up, for the data as"
            " it is"
        ),
    )
    move(parser.parse_args())


def move(asked: argparse.Namespace) -> None:
    """Show every set that is there and move its floors as asked; refuse changed data."""
    from quotestance import attribute_quotes

    floors = read()
    for name, entry in floors.items():
        if not gold_of(entry).exists():
            print(f"{name:15s} not measured: {gold_of(entry)} is missing")
            continue
        now = fingerprint(gold_of(entry))
        if now != entry["sha256"] and not asked.lower:
            raise SystemExit(
                f"{entry['gold']} is not the data its floors were set on (SHA-256 {now}); look why,"
                " then run with --lower"
            )
        figures, failed = measure(entry, attribute_quotes)
        for figure, value in figures.items():
            print(f"{name:15s} {figure:21s} {value:.4f} (floor {entry['floors'][figure]:.4f})")
        print(*failed, sep="\n", end="\n" if failed else "")
        if asked.lift or asked.lower:
            entry["sha256"], entry["floors"] = now, moved(entry, figures, asked.lower)
    FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
