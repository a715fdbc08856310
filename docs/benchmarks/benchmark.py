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
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from articles import article, articles

Row = dict[str, Any]
FIGURES, END_OF_FIGURES = (
    "<!-- figures: written by docs/benchmarks/benchmark.py -->",
    "<!-- end of figures -->",
)


def words_in(texts: Iterable[str]) -> int:
    """How many words texts have, parted by white space."""
    return sum(len(text.split()) for text in texts)


def seconds(task: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Time of a task: processor time, which on one core is wall time less what other programs took.

    Or by another clock.
    """
    started = clock()
    task()
    return clock() - started


# ---------- speed
def systems(texts: Sequence[str], wanted: Sequence[str]) -> dict[str, Callable[[], object]]:
    """The systems by name, each as a task over all texts."""
    import spacy

    from quotestance import attribute_many
    from quotestance.attribution.parser import find_pipeline

    nlp = spacy.load(find_pipeline())
    tasks: dict[str, Callable[[], object]] = {
        "spaCy small pipeline alone": lambda: sum(1 for _ in nlp.pipe(texts, batch_size=64)),
        "quotestance, no stance": lambda: sum(1 for _ in attribute_many(texts, stance=False)),
        "quotestance": lambda: sum(1 for _ in attribute_many(texts)),
    }
    try:
        from textacy.extract import triples

        tasks["textacy"] = lambda: sum(
            len(list(_survivors(triples.direct_quotations, doc)))
            for doc in nlp.pipe(texts, batch_size=64)
        )
    except ImportError:
        print("textacy is not installed: left out", file=sys.stderr)
    return {name: task for name, task in tasks.items() if not wanted or name in wanted}


def _survivors(extract: Callable[[Any], Iterable[Any]], doc: Any) -> Iterator[Any]:
    """What an extractor gives before it raises: textacy does so on an odd count of marks."""
    try:
        yield from extract(doc)
    except ValueError:
        return


def speed(texts: Sequence[str], rounds: int, wanted: Sequence[str] = ()) -> list[Row]:
    """Words per second of each system and its ratio to spaCy alone: the medians of the rounds."""
    tasks, size = systems(texts, wanted), words_in(texts)
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            taken[name].append(seconds(task))
    base = taken["spaCy small pipeline alone"]
    ratios = {
        name: statistics.median(one / other for one, other in zip(base, times, strict=True))
        for name, times in taken.items()
    }
    return [
        {
            "system": name,
            "words/s": round(size / statistics.median(times)),
            "ratio to spaCy": round(ratios[name], 2),
        }
        for name, times in taken.items()
    ]


def share_in_spacy(texts: Sequence[str]) -> float:
    """The share of the wall time of attribution without stance that passes inside spaCy's own
    calls."""
    from quotestance import attribute_many
    from quotestance.attribution import document

    parse, spent = document.parse, [0.0]

    def timed(*arguments: Any) -> Iterator[Any]:
        docs = iter(parse(*arguments))
        while True:
            started = time.process_time()
            doc = next(docs, None)
            spent[0] += time.process_time() - started
            if doc is None:
                return
            yield doc

    document.parse = timed  # type: ignore[assignment]
    try:
        total = seconds(lambda: sum(1 for _ in attribute_many(texts, stance=False)))
    finally:
        document.parse = parse
    return round(spent[0] / total, 2)


# ---------- start-up, memory, processes
_NOT_NEEDED = (
    "pandas",
    "matplotlib",
    "pyarrow",
    "dask",
    "textacy",
)  # scikit-learn and spaCy load some of them where they are installed
_FIRST = (
    "import time; a = time.perf_counter(); import quotestance; b ="
    " time.perf_counter();quotestance.attribute_quotes('\"We agree,\" said Ana Silva.'); c ="
    " time.perf_counter(); print(b - a, c - a)"
)


def start_up(rounds: int) -> Row:
    """Seconds to import the package and to the end of the first call, each in a fresh process.

    First as where nothing but quotestance's own dependencies is installed, then beside what else
    this environment holds.
    """
    alone = f"import sys; sys.modules.update(dict.fromkeys({_NOT_NEEDED})); {_FIRST}"
    runs = [(*_timings(alone), *_timings(_FIRST)) for _ in range(rounds)]
    imported, first, _, beside = (statistics.median(column) for column in zip(*runs, strict=True))
    return {
        "import, s": round(imported, 3),
        "first result, s": round(first, 2),
        "first result, s, beside pandas, matplotlib and others": round(beside, 2),
    }


def _timings(code: str) -> tuple[float, float]:
    imported, first = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    return float(imported), float(first)


def memory_over(count: int, first: int = 1000) -> Row:
    """Resident memory after the first articles, at the end, and the peak, in MB."""
    import psutil

    from quotestance import attribute_many

    process, sizes = psutil.Process(), []
    started = time.perf_counter()
    for number, _ in enumerate(attribute_many(articles(count)), 1):
        if number % 250 == 0:
            sizes.append((number, process.memory_info().rss / 1e6))
    early = next((size for number, size in sizes if number >= first), sizes[0][1])
    last, peak = sizes[-1][1], max(size for _, size in sizes)
    taken = round(time.perf_counter() - started)
    return {
        "articles": count,
        f"MB after {first}": round(early),
        "MB at the end": round(last),
        "growth, MB": round(last - early, 1),
        "peak, MB": round(peak),
        "seconds": taken,
    }


def processes(texts: Sequence[str], rounds: int) -> Row:
    """The gain of two processes over one, workers already warm, each on one thread.

    A process alone may spread its matrix products over two cores.
    """
    from threadpoolctl import threadpool_limits

    from quotestance import attribute_many

    def run(jobs: int) -> float:
        with threadpool_limits(limits=1):
            return seconds(
                lambda: sum(1 for _ in attribute_many(texts, n_jobs=jobs)), time.perf_counter
            )

    run(2), run(1)
    pairs = [(run(1), run(2)) for _ in range(rounds)]
    ones, twos = zip(*pairs, strict=True)
    gain = statistics.median(one / two for one, two in pairs)
    return {
        "one process, s": round(statistics.median(ones), 2),
        "two, s": round(statistics.median(twos), 2),
        "gain": round(gain, 2),
    }


def output_size(texts: Sequence[str]) -> Row:
    """Bytes of output for each quotation, by format."""
    import gzip
    import io

    import pyarrow
    from pyarrow import parquet

    from quotestance import attribute_many
    from quotestance.tables.formats import FORMATS, Outcome
    from quotestance.tables.rows import arrow_schema

    outcomes = [Outcome(str(number), quotes) for number, quotes in enumerate(attribute_many(texts))]
    lines = "".join(map(FORMATS["jsonl"].write, outcomes)).encode()
    columns = io.BytesIO()
    parquet.write_table(
        pyarrow.Table.from_pylist(
            [row for outcome in outcomes for row in outcome.to_rows()], schema=arrow_schema()
        ),
        columns,
    )
    sizes = {
        "JSON Lines": len(lines),
        "JSON Lines, gzip": len(gzip.compress(lines)),
        "Parquet": columns.tell(),
    }
    count = sum(len(outcome.quotes) for outcome in outcomes)
    return {"quotations": count, **{name: round(size / count) for name, size in sizes.items()}}


# ---------- how the cost grows
GROWTH: dict[str, tuple[tuple[int, ...], Callable[[int], str]]] = {
    "words in one document": (
        (1_000, 10_000, 100_000, 1_000_000),
        lambda size: article(size, size // 200, 8),
    ),
    "quotations in 150,000 words": ((0, 50, 500, 5_000), lambda size: article(150_000, size, 8)),
    "speakers of 500 quotations": ((1, 10, 100, 500), lambda size: article(30_000, 500, size)),
    "quotations in one paragraph": (
        (50, 500, 5_000),
        lambda size: article(0, size, 8).replace("\n\n", " "),
    ),
}


def growth(points: int, most: int) -> Iterator[Row]:
    """Cost by size, for the first so many sizes of each axis.

    The small ones are done several times over, ``most`` times at most.
    """
    from quotestance import attribute_quotes

    for axis, (sizes, make) in GROWTH.items():
        for size in sizes[:points]:
            text = make(size)
            count, amount = len(attribute_quotes(text, stance=False)), words_in([text])
            taken = statistics.median(
                seconds(lambda text=text: attribute_quotes(text, stance=False))
                for _ in range(min(most, 7 if len(text) < 100_000 else 3))
            )  # type: ignore[misc]
            each = {
                "µs/word": round(taken / max(amount, 1) * 1e6, 1),
                "ms/quotation": round(taken / max(count, 1) * 1e3, 2),
            }
            yield {
                "axis": axis,
                "size": size,
                "words": amount,
                "quotations": count,
                "seconds": round(taken, 3),
                **each,
            }


def growth_of_collections(sizes: Sequence[int], most: int) -> Iterator[Row]:
    """Cost by number of articles."""
    from quotestance import attribute_many

    for size in sizes:
        texts = list(articles(size))
        taken = statistics.median(
            seconds(lambda texts=texts: sum(1 for _ in attribute_many(texts, stance=False)))
            for _ in range(min(most, 5 if size < 1_000 else 1))
        )  # type: ignore[misc]
        yield {
            "axis": "articles",
            "size": size,
            "words": words_in(texts),
            "seconds": round(taken, 3),
            "µs/word": round(taken / words_in(texts) * 1e6, 1),
        }


# ---------- report
def table(rows: Sequence[Row], title: str) -> str:
    """Rows as a Markdown table under a title."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [f"**{title}**", "", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join(
        [
            *lines,
            *(
                "| " + " | ".join(_shown(row.get(column, "")) for column in columns) + " |"
                for row in rows
            ),
            "",
        ]
    )


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def write(page: Path, parts: Sequence[str]) -> None:
    """Put the tables between the marks of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(FIGURES)
    _, _, after = rest.partition(END_OF_FIGURES)
    page.write_text(
        before + FIGURES + "\n" + "\n".join(parts) + END_OF_FIGURES + after, encoding="utf-8"
    )


def plot(rows: Sequence[Row], path: Path) -> None:
    """Seconds against size, one line for each axis of growth, both on log scales.

    A straight line of slope one is linear.
    """
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "quotestance"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for axis in dict.fromkeys(row["axis"] for row in rows):
        points = [(max(row["size"], 1), row["seconds"]) for row in rows if row["axis"] == axis]
        axes.plot(*zip(*points, strict=True), marker="o", label=axis)
    axes.set(xscale="log", yscale="log", xlabel="size", ylabel="seconds, one core")
    axes.legend()
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def read(files: Sequence[str]) -> list[str]:
    """The texts of JSON Lines files."""
    return [
        json.loads(line)["text"]
        for file in files
        for line in Path(file).read_text(encoding="utf-8").splitlines()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, write the plot."""
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
    asked = parser.parse_args(arguments)
    rounds, points, most, collection = (
        (1, 1, 1, 250) if asked.quick else (asked.rounds, 4, 7, asked.collection)
    )
    texts = read(asked.articles) or list(articles(20 if asked.quick else 200))
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if len(cores) > 1:
        os.sched_setaffinity(0, {max(cores)})
    parts = [
        f"{len(texts)} {'given' if asked.articles else 'invented'} articles, {words_in(texts):,}"
        f" words, one core, Python {sys.version.split()[0]}, median of {rounds}.\n"
    ]
    print(parts[0], flush=True)

    def show(rows: Sequence[Row], title: str) -> None:
        parts.append(table(rows, title))
        print(parts[-1], flush=True)

    show(speed(texts, rounds), "Speed")
    show(
        [
            {
                "share of the time inside spaCy": statistics.median(
                    share_in_spacy(texts) for _ in range(rounds)
                ),
                **start_up(rounds),
            }
        ],
        "Inside spaCy; start-up in a fresh process",
    )
    rows = [
        *growth(points, most),
        *growth_of_collections([1, 10, 100, 1_000][:points], most),
    ]
    show(rows, "Growth")
    show([memory_over(collection, min(1000, collection // 2))], "Memory")
    show([output_size(texts)], "Bytes of output for a quotation")
    if len(cores) > 1:
        os.sched_setaffinity(0, cores)
        show(
            [processes(texts * (1 if asked.quick else 4), min(rounds, 3))],
            "Two processes, two cores",
        )
    if asked.write:
        write(asked.write, parts)
    if asked.plot:
        plot(rows, asked.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
