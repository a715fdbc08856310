"""Sizes: memory over many articles, bytes of output, and how the cost grows with the input."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from articles import article, articles
from measuring import Row, seconds, words_in


# ---------- memory and output
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
            rounds = min(most, 7 if len(text) < 100_000 else 3)
            count, amount = len(attribute_quotes(text, stance=False)), words_in([text])
            taken = _median(partial(attribute_quotes, text, stance=False), rounds)
            yield {
                "axis": axis,
                "size": size,
                "words": amount,
                "quotations": count,
                "seconds": round(taken, 3),
                "µs/word": round(taken / max(amount, 1) * 1e6, 1),
                "ms/quotation": round(taken / max(count, 1) * 1e3, 2),
            }


def _median(task: Callable[[], object], rounds: int) -> float:
    return statistics.median(seconds(task) for _ in range(rounds))


def growth_of_collections(sizes: Sequence[int], most: int) -> Iterator[Row]:
    """Cost by number of articles."""
    from quotestance import attribute_many

    for size in sizes:
        texts = list(articles(size))
        taken = _median(
            lambda texts=texts: sum(1 for _ in attribute_many(texts, stance=False)),  # type: ignore[misc]
            min(most, 5 if size < 1_000 else 1),
        )
        yield {
            "axis": "articles",
            "size": size,
            "words": words_in(texts),
            "seconds": round(taken, 3),
            "µs/word": round(taken / words_in(texts) * 1e6, 1),
        }
