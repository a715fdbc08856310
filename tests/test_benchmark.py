"""The benchmark runs, its invented articles are what they say, and cost grows in step with size."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from work import growth

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
def test_work_grows_in_step_with_size(shape: str) -> None:
    """Four times the size is about four times the work; with the square it would be sixteen."""
    assert growth(lambda size: attribute_quotes(SHAPES[shape](size), stance=False), 60, 240) < 1.5


def test_ten_megabytes_without_speech_are_never_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_parse(*_: object) -> None:
        raise AssertionError("a text without quotations was handed to the parser")

    monkeypatch.setattr("spacy.language.Language.pipe", no_parse)
    monkeypatch.setattr("spacy.language.Language.__call__", no_parse)
    text = "Nothing was said about the harbour today, and nobody had asked.\n" * 160_000
    assert attribute_quotes(text) == [] and len(text) > 10_000_000


def test_memory_stays_flat_over_many_articles() -> None:
    psutil = pytest.importorskip("psutil", reason="psutil is not installed")
    process, sizes = psutil.Process(), []
    for number, _ in enumerate(attribute_many(load("articles").articles(600), stance=False), 1):
        if number % 200 == 0:
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
