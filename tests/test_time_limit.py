"""A limit of time: the text that is late is the only failure, and its worker is replaced."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from quotestance import Failure, attribute_many, attribute_rows
from quotestance.time_limit import check_timeout

ROOT = Path(__file__).resolve().parent.parent
NEVER = 3600.0
# Some hundred times what an invented text takes, for a machine that has more to do.
ENOUGH = 3.0


class Odd:
    """A stance model that sleeps, dies or fails at certain contents."""

    classes_ = ("hardline", "neutral", "conciliatory")

    def predict_proba(self, contents: Sequence[str]) -> list[tuple[float, float, float]]:
        said = " ".join(contents)
        if "endless" in said:
            time.sleep(NEVER)
        if "deadly" in said:
            os.kill(os.getpid(), signal.SIGKILL)
        if "broken" in said:
            raise ZeroDivisionError("a bug at this document")
        return [(0.2, 0.3, 0.5)] * len(contents)


def said(words: str) -> str:
    return f'"{words}," said Ana Silva.'


def texts(count: int, odd: dict[int, str]) -> list[str]:
    return [said(f"{odd.get(number, 'yes')} to {number}") for number in range(count)]


def words_of(results: Sequence[Any]) -> list[str]:
    return [
        type(result.error).__name__ if isinstance(result, Failure) else result[0].text
        for result in results
    ]


@pytest.mark.parametrize(("n_jobs", "batch_size"), [(1, 4), (2, 1)])
def test_what_is_late_dies_or_fails_is_a_failure_and_nothing_else_is(
    n_jobs: int, batch_size: int
) -> None:
    odd = {2: "endless", 6: "deadly", 9: "broken"}
    given = texts(12, odd)
    results = list(
        attribute_many(
            given,
            n_jobs=n_jobs,
            batch_size=batch_size,
            timeout=ENOUGH,
            on_error="record",
            stance_model=Odd(),
        )
    )
    expected = [f"yes to {number}," for number in range(12)]
    expected[2], expected[6], expected[9] = "TimeoutError", "RuntimeError", "ZeroDivisionError"
    assert words_of(results) == expected
    assert "took longer than 3 seconds (timeout). Cut it into smaller" in str(results[2])
    assert "ended its worker process" in str(results[6])


def test_results_are_the_same_as_without_a_limit() -> None:
    given = [(number, text) for number, text in enumerate(texts(9, {}))]
    limited = list(attribute_many(given, n_jobs=2, batch_size=2, timeout=NEVER))
    assert limited == list(attribute_many(given))


def test_a_late_text_is_raised_after_the_results_before_it() -> None:
    results = attribute_many(
        texts(3, {1: "endless"}), batch_size=1, timeout=ENOUGH, stance_model=Odd()
    )
    assert next(results)[0].text == "yes to 0,"
    with pytest.raises(TimeoutError, match="took longer than 3 seconds"):
        next(results)


def test_an_endless_stream_is_read_a_few_batches_ahead_and_an_error_of_it_comes_last() -> None:
    read = itertools.count()

    def stream() -> Any:
        for _ in range(40):
            next(read)
            yield said("yes")
        raise OSError("the disk is gone")

    results = attribute_many(stream(), n_jobs=2, batch_size=2, timeout=NEVER)
    next(results)
    assert next(read) <= 2 * 2 * 4
    assert len(list(itertools.islice(results, 38))) == 38
    assert next(results)
    with pytest.raises(OSError, match="the disk is gone"):
        next(results)


def test_closing_ends_a_worker_that_would_not_end() -> None:
    import psutil

    def workers() -> set[Any]:
        return {
            child
            for child in psutil.Process().children(recursive=True)
            if "LokyProcess" in " ".join(child.cmdline()) and child.status() != "zombie"
        }

    before = workers()  # joblib keeps those of other tests for their next call
    results = attribute_many(
        texts(8, {1: "endless"}), n_jobs=2, batch_size=1, timeout=NEVER, stance_model=Odd()
    )
    next(results)
    results.close()
    for _ in range(100):
        if not workers() - before:
            break
        time.sleep(0.1)
    assert not workers() - before


def test_rows_take_a_limit_too() -> None:
    rows = [{"id": number, "text": text} for number, text in enumerate(texts(3, {1: "endless"}))]
    found = list(attribute_rows(rows, batch_size=1, timeout=ENOUGH, stance_model=Odd()))
    assert [row["text"] for row in found] == ["yes to 0,", None, "yes to 2,"]
    assert found[1]["error"].startswith("TimeoutError: the document took longer")


@pytest.mark.parametrize(
    ("timeout", "error"),
    [
        (0, ValueError),
        (-1, ValueError),
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        ("5", TypeError),
        (True, TypeError),
    ],
)
@pytest.mark.parametrize("way", [attribute_many, attribute_rows])
def test_what_is_no_limit_is_refused_before_the_first_document(
    way: Any, timeout: Any, error: type[Exception]
) -> None:
    wanted = "; give the seconds that a text may take, above 0, or None for no limit"
    with pytest.raises(error, match=f"timeout is {timeout!r}{wanted}"):
        way(iter([]), timeout=timeout)


def test_a_cluster_cannot_keep_a_limit() -> None:
    pytest.importorskip("distributed", reason="distributed is not installed")
    import distributed
    import joblib

    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
        pytest.raises(ValueError, match="cannot be kept with joblib's DaskDistributedBackend"),
    ):
        check_timeout(5)


def test_a_daemon_cannot_keep_a_limit() -> None:
    context = multiprocessing.get_context("spawn")
    with (
        context.Pool(1) as pool,  # its processes are daemons
        pytest.raises(ValueError, match="this process is a daemon"),
    ):
        pool.apply(check_timeout, (5,))


@pytest.mark.parametrize("timeout", ["0", "-1", "nan"])
def test_the_command_refuses_what_is_no_limit(timeout: str) -> None:
    done = command("--timeout", timeout)
    assert (done.returncode, done.stdout) == (2, "")
    assert "; give the seconds that a document may take" in done.stderr


def test_the_command_keeps_a_limit() -> None:
    done = command("--format", "csv", "--timeout", str(NEVER))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ana Silva" in done.stdout


def command(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "quotestance", "attribute", *options],
        input=said("yes"),
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
