"""The benchmark: words per second, memory and start-up, beside spaCy's small pipeline and textacy
on the same articles in the same run.

Run by ``make bench``; ``python docs/benchmarks/benchmark.py --articles FILE.jsonl ...`` takes
articles of your own ({"id", "text"}). Every figure is a median, and speed is measured in turns (one
run of each system, then the next) so that a busy machine slows all alike.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from articles import articles
from measuring import Row, words_in
from report import plot, table, write
from sizes import growth, growth_of_collections, memory_over, output_size
from speed import processes, share_in_spacy, speed, start_up


def read(files: Sequence[str]) -> list[str]:
    """The texts of JSON Lines files."""
    return [
        json.loads(line)["text"]
        for file in files
        for line in Path(file).read_text(encoding="utf-8").splitlines()
    ]


@dataclass(frozen=True)
class Extent:
    """How much is measured: runs of each system, sizes and runs at most of each axis of growth,
    articles of the memory run, how often the texts are taken for two processes, and how many are
    invented where none are given."""

    rounds: int
    points: int = 4
    most: int = 7
    collection: int = 20_000
    repeats: int = 4
    invented: int = 200


QUICK = Extent(rounds=1, points=1, most=1, collection=250, repeats=1, invented=20)


class Report:
    """Parts that are printed as they come and kept for the page."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def say(self, part: str) -> None:
        """Print and keep a part."""
        self.parts.append(part)
        print(part, flush=True)

    def show(self, rows: Sequence[Row], title: str) -> None:
        """Print and keep a table."""
        self.say(table(rows, title))


def arguments_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--articles",
        nargs="*",
        default=[],
        metavar="FILE",
        help="JSON Lines with {id, text} in place of the invented articles",
    )
    parser.add_argument(
        "--rounds", type=int, default=5, help="runs of each system (medians are shown)"
    )
    parser.add_argument("--collection", type=int, default=20_000, help="articles of the memory run")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="small sizes, one round: whether it runs, not what it says",
    )
    parser.add_argument("--plot", type=Path, help="where to write the plot (SVG)")
    parser.add_argument(
        "--write", type=Path, help="page that takes the tables between its marks for figures"
    )
    return parser.parse_args(arguments)


def measure_on_one_core(texts: Sequence[str], extent: Extent, report: Report) -> list[Row]:
    """Every table but that of two processes; the rows of growth are given back for the plot."""
    report.show(speed(texts, extent.rounds), "Speed")
    inside = statistics.median(share_in_spacy(texts) for _ in range(extent.rounds))
    report.show(
        [{"share of the time inside spaCy": inside, **start_up(extent.rounds)}],
        "Inside spaCy; start-up in a fresh process",
    )
    sizes = [1, 10, 100, 1_000][: extent.points]
    rows = [*growth(extent.points, extent.most), *growth_of_collections(sizes, extent.most)]
    report.show(rows, "Growth")
    first = min(1000, extent.collection // 2)
    report.show([memory_over(extent.collection, first)], "Memory")
    report.show([output_size(texts)], "Bytes of output for a quotation")
    return rows


def measure(texts: Sequence[str], extent: Extent, report: Report) -> list[Row]:
    """Every table; the rows of growth are given back for the plot."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if len(cores) < 2:
        return measure_on_one_core(texts, extent, report)
    os.sched_setaffinity(0, {max(cores)})
    rows = measure_on_one_core(texts, extent, report)
    os.sched_setaffinity(0, cores)
    gain = processes(list(texts) * extent.repeats, min(extent.rounds, 3))
    report.show([gain], "Two processes, two cores")
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, write the plot."""
    asked = arguments_of(arguments)
    extent = QUICK if asked.quick else Extent(asked.rounds, collection=asked.collection)
    texts = read(asked.articles) or list(articles(extent.invented))
    report = Report()
    origin = "given" if asked.articles else "invented"
    report.say(
        f"{len(texts)} {origin} articles, {words_in(texts):,} words, one core,"
        f" Python {sys.version.split()[0]}, median of {extent.rounds}.\n"
    )
    rows = measure(texts, extent, report)
    if asked.write:
        write(asked.write, report.parts)
    if asked.plot:
        plot(rows, asked.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
