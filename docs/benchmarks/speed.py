"""Speed: words per second beside spaCy's small pipeline and textacy, start-up, two processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from measuring import Row, seconds, words_in


# ---------- beside others
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
    return [
        {
            "system": name,
            "words/s": round(size / statistics.median(times)),
            "ratio to spaCy": round(_ratio(base, times), 2),
        }
        for name, times in taken.items()
    ]


def _ratio(base: Sequence[float], times: Sequence[float]) -> float:
    """The median over the rounds of how many times faster than the base."""
    return statistics.median(one / other for one, other in zip(base, times, strict=True))


def share_in_spacy(texts: Sequence[str]) -> float:
    """The share of the wall time of attribution without stance that passes inside spaCy's own
    calls."""
    from quotestance import attribute_many
    from quotestance.attribution import parser

    parse, spent = parser.parse, [0.0]

    def timed(*arguments: Any) -> Iterator[Any]:
        docs = iter(parse(*arguments))
        while True:
            started = time.process_time()
            doc = next(docs, None)
            spent[0] += time.process_time() - started
            if doc is None:
                return
            yield doc

    parser.parse = timed  # type: ignore[assignment]
    try:
        total = seconds(lambda: sum(1 for _ in attribute_many(texts, stance=False)))
    finally:
        parser.parse = parse
    return round(spent[0] / total, 2)


# ---------- start-up and processes
# Scikit-learn and spaCy load some of these where they are installed.
_NOT_NEEDED = ("pandas", "matplotlib", "pyarrow", "dask", "textacy")
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
