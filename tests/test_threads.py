"""Threads: the same bytes as alone, whatever others read, and nothing of the process is changed."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from unseen import invented

from quotestance import attribute_many, attribute_quotes, attribute_rows, pipeline
from quotestance.attribution import parser

THREADS = 16


def texts_of(seed: str, count: int) -> list[str]:
    return [invented(seed, number) for number in range(count)]


def rows_of(texts: Sequence[str]) -> list[str]:
    found = attribute_rows({"id": str(n), "text": text} for n, text in enumerate(texts))
    return [repr(row) for row in found]


WAYS: dict[str, Callable[[Sequence[str]], list[str]]] = {
    "attribute_quotes": lambda texts: [repr(attribute_quotes(text)) for text in texts],
    "attribute_many": lambda texts: [
        repr(quotes) for quotes in attribute_many(texts, batch_size=2)
    ],
    "attribute_rows": rows_of,
}


def together(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """The results of tasks that start at the same moment, each in a thread of its own."""
    gate = threading.Barrier(len(tasks))

    def started(task: Callable[[], Any]) -> Any:
        gate.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(started, tasks))


def mixed(count: int) -> list[tuple[Callable[[Sequence[str]], list[str]], list[str]]]:
    """For each thread a way in and its texts."""
    ways = list(WAYS.values())
    return [(ways[seed % len(ways)], texts_of(str(seed), count)) for seed in range(THREADS)]


@pytest.fixture(autouse=True)
def _often() -> Iterator[None]:
    """Threads that take turns every 50 microseconds meet in many more places."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-5)
    yield
    sys.setswitchinterval(before)


class Collector:
    """What stands in for ``gc``: something happens while somebody asks for its state."""

    def __init__(self) -> None:
        self.is_on = True
        self.meanwhile: Callable[[], Any] = lambda: None

    def isenabled(self) -> bool:
        seen = self.is_on
        self.meanwhile()
        return seen

    def enable(self) -> None:
        self.is_on = True

    def disable(self) -> None:
        self.is_on = False


def test_garbage_is_looked_for_again_whoever_ends_last(monkeypatch: pytest.MonkeyPatch) -> None:
    collector = Collector()
    monkeypatch.setattr(pipeline, "gc", collector)
    first, second = ExitStack(), ExitStack()
    first.enter_context(pipeline._uncollected())
    collector.meanwhile = first.close
    second.enter_context(pipeline._uncollected())
    second.close()
    assert collector.is_on


def test_who_has_switched_the_search_for_garbage_off_finds_it_off() -> None:
    attribute_quotes(invented("", 0))  # what reads the parser's files switches it on
    gc.disable()
    try:
        attribute_quotes(invented("", 0))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_threads_give_the_same_bytes_as_alone() -> None:
    work = mixed(6)
    found = together([partial(way, texts) for way, texts in work])
    assert found == [way(texts) for way, texts in work]


def test_tasks_of_asyncio_give_the_same_bytes_as_alone() -> None:
    work = mixed(2)

    async def all_at_once() -> list[list[str]]:
        return await asyncio.gather(*(asyncio.to_thread(way, texts) for way, texts in work))

    assert asyncio.run(all_at_once()) == [way(texts) for way, texts in work]


def test_a_pipeline_that_is_loaded_again_changes_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []

    def load() -> Any:
        loads.append(threading.get_ident())
        return load_installed()

    load_installed = parser._load_installed
    work = [(way, texts[:3]) for way, texts in mixed(3)]
    alone = [way(texts) for way, texts in work]
    monkeypatch.setattr(parser, "_load_installed", load)
    monkeypatch.setattr(parser, "_WORDS", 60)
    assert together([partial(way, texts) for way, texts in work]) == alone
    assert 1 < len(loads) < len(work)


def test_processes_may_be_asked_for_from_several_threads() -> None:
    work = [texts_of(str(seed), 6) for seed in range(3)]
    tasks = [partial(list, attribute_many(texts, n_jobs=2, batch_size=2)) for texts in work]
    assert together(tasks) == [[attribute_quotes(text) for text in texts] for texts in work]


def test_threads_share_a_pipeline_that_is_given(nlp: Any) -> None:
    work = [texts_of(str(seed), 4) for seed in range(THREADS)]
    tasks = [partial(list, attribute_many(texts, nlp=nlp)) for texts in work]
    assert together(tasks) == [[attribute_quotes(text) for text in texts] for texts in work]
