"""The benchmark runs, its invented articles are what they say, and cost grows in step with size."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from quotestance import attribute_many, attribute_quotes

BENCHMARKS = Path(__file__).resolve().parent.parent / "docs" / "benchmarks"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


article: Callable[..., str] = load("articles").article


@pytest.mark.parametrize(("words", "quotations"), [(300, 0), (500, 12), (5_000, 100)])
def test_invented_article_has_the_size_asked_for(words: int, quotations: int) -> None:
    text = article(words, quotations, 5)
    assert words <= len(text.split()) <= 1.4 * words
    assert quotations <= len(attribute_quotes(text, stance=False)) <= 2 * quotations


def test_invented_articles_are_the_same_each_time() -> None:
    module = load("articles")
    assert (
        list(module.articles(3)) == list(module.articles(3)) and len(set(module.articles(20))) == 20
    )


SHAPES: dict[str, Callable[[int], str]] = {
    "words": lambda size: article(60 * size, size // 4, 6),
    "quotations": lambda size: article(0, size, 8),
    "speakers": lambda size: article(0, size, size),
    "quotations in one paragraph": lambda size: article(0, size, 8).replace("\n\n", " "),
    "one surname": lambda size: "\n".join(
        f"Anna{number} Barado met friends. “We agree,” Barado said." for number in range(size)
    ),
    "roles without names": lambda size: "\n".join(
        "“We agree,” the union leader said. “No,” he added." for _ in range(size)
    ),
    "lines of capitals": lambda size: (
        "\n".join("EVERYTHING HERE IS IN CAPITALS" for _ in range(20 * size))
        + "\n“We agree,” he said."
    ),
    "opening marks": lambda size: "“We agree and go on\n" * size,
    "marks and nothing else": lambda size: '"' * (100 * size),
    "blanks": lambda size: " " * (400 * size) + "“We agree,” he said." + "\t" * (400 * size),
    "apostrophes": lambda size: "the dogs' and the cats' 'tis 'em " * (20 * size),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_cost_grows_in_step_with_size(shape: str) -> None:
    """Eight times the size may take twenty times as long.

    A busy machine may, what grows with the square (64 times) may not.
    """
    texts = [SHAPES[shape](size) for size in (60, 480)]
    attribute_quotes(texts[0], stance=False)
    small, large = (min(_cpu_seconds(text) for _ in range(3)) for text in texts)
    assert large < 20 * max(small, 0.005)


def _cpu_seconds(text: str) -> float:
    started = time.process_time()
    attribute_quotes(text, stance=False)
    return time.process_time() - started


def test_ten_megabytes_without_speech_take_seconds() -> None:
    text = "Nothing was said about the harbour today, and nobody had asked.\n" * 160_000
    started = time.process_time()
    assert attribute_quotes(text) == [] and len(text) > 10_000_000
    assert time.process_time() - started < 20


def test_memory_stays_flat_over_many_articles() -> None:
    psutil = pytest.importorskip("psutil", reason="psutil is not installed")
    process, sizes = psutil.Process(), []
    for number, _ in enumerate(attribute_many(load("articles").articles(1_200), stance=False), 1):
        if number % 400 == 0:
            sizes.append(process.memory_info().rss / 1e6)
    assert sizes[-1] - sizes[0] < 30


def test_benchmark_prints_its_tables() -> None:
    for module in ("psutil", "pyarrow"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    arguments = [sys.executable, str(BENCHMARKS / "benchmark.py"), "--quick"]
    done = subprocess.run(
        arguments, capture_output=True, text=True, cwd=BENCHMARKS.parent.parent, check=True
    )
    assert [line for line in done.stdout.splitlines() if line.startswith("**")] == [
        "**Speed**",
        "**Inside spaCy; start-up in a fresh process**",
        "**Growth**",
        "**Memory**",
        "**Bytes of output for a quotation**",
        *(["**Two processes, two cores**"] if "Two processes" in done.stdout else []),
    ]
    assert "| spaCy small pipeline alone |" in done.stdout and "| quotestance |" in done.stdout
