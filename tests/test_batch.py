"""Many documents.

Order, ids, back-pressure, broken documents, dying workers, and rows for data frames.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from quotestance import Failure, attribute_many, attribute_quotes, attribute_rows
from quotestance.tables.rows import COLUMNS

ROOT = Path(__file__).resolve().parent.parent
TEXTS = (
    '"We agree to the terms," said union leader Ana Silva. "We never wanted this," she added.',
    "Nobody spoke.",
    "",
    "Prime Minister Karim Dalgren arrived late.\n\n“We will not give in,” Dalgren told reporters.",
    "“Lone surrogates \ud800 are no reason to stop,” said Marta Holm.",
)


class Counted:
    """A stream that knows how far it was read."""

    def __init__(self, items: Iterator[Any]):
        self.read = 0
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        for item in self._items:
            self.read += 1
            yield item


class Deadly:
    """A stance model that ends its process at a certain content, each time or only where a file is
    not there yet."""

    classes_ = ("hardline", "neutral", "conciliatory")

    def __init__(self, once: Path | None = None):
        self.once = once

    def predict_proba(self, contents: Sequence[str]) -> list[tuple[float, float, float]]:
        if any("deadly" in content for content in contents) and not (
            self.once and self.once.exists()
        ):
            if self.once:
                self.once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return [(0.2, 0.3, 0.5)] * len(contents)


class Failing(Deadly):
    """A stance model that raises at a certain content."""

    def predict_proba(self, contents: Sequence[str]) -> list[tuple[float, float, float]]:
        if any("deadly" in content for content in contents):
            raise ZeroDivisionError("a bug at this document")
        return [(0.2, 0.3, 0.5)] * len(contents)


def said(words: str) -> str:
    return f'"{words}," said Ana Silva.'


# ---------- one process
@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("batch_size", [1, 3, 100])
def test_many_equals_one_by_one(n_jobs: int, batch_size: int) -> None:
    texts = [*TEXTS] * 3
    assert list(attribute_many(texts, n_jobs=n_jobs, batch_size=batch_size)) == [
        attribute_quotes(text) for text in texts
    ]


def test_ids_come_back_with_their_results() -> None:
    found = list(
        attribute_many(((number, text) for number, text in enumerate(TEXTS)), batch_size=2)
    )
    assert found == [(number, attribute_quotes(text)) for number, text in enumerate(TEXTS)]


def test_options_reach_the_documents() -> None:
    (quotes,) = attribute_many([TEXTS[0]], stance=False, kinds=("direct",))
    assert [quote.stance for quote in quotes] == [None, None]


def test_endless_stream_is_read_batch_by_batch() -> None:
    stream = Counted(itertools.cycle(TEXTS))
    results = attribute_many(stream, batch_size=4)
    assert stream.read == 0, "nothing is read before the first result is asked for"
    list(itertools.islice(results, 9))
    assert stream.read == 12


def test_several_processes_read_no_more_than_a_few_batches_ahead() -> None:
    stream = Counted(itertools.cycle(TEXTS))
    results = attribute_many(stream, n_jobs=2, batch_size=2)
    ahead = []
    for number, _ in enumerate(itertools.islice(results, 40), 1):
        time.sleep(0.02)  # a slow caller: without back-pressure the workers would run away
        ahead.append(stream.read - number)
    assert max(ahead) <= 2 * 2 * 4 + 2
    results.close()


def test_closing_early_stops_the_workers_without_a_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    results = attribute_many(itertools.cycle(TEXTS), n_jobs=2, batch_size=2)
    next(results)
    results.close()
    assert not [str(warning.message) for warning in recwarn if "tasks" in str(warning.message)]


def test_long_documents_make_small_batches() -> None:
    stream = Counted(iter(["word " * 60_000] * 5))
    next(attribute_many(stream, batch_size=100))
    assert stream.read == 1


# ---------- what goes wrong
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_broken_document_never_costs_its_neighbours(n_jobs: int) -> None:
    texts: list[Any] = [said("yes"), None, said("a deadly sin"), 7, said("no")]
    results = list(attribute_many(texts, n_jobs=n_jobs, on_error="record", stance_model=Failing()))
    told = [str(result) if isinstance(result, Failure) else len(result) for result in results]
    assert told == [
        1,
        (
            "TypeError: attribute_quotes takes the text of one document as a str, not NoneType;"
            " decode bytes first, and use attribute_many for several documents"
        ),
        "ZeroDivisionError: a bug at this document",
        (
            "TypeError: attribute_quotes takes the text of one document as a str, not int; decode"
            " bytes first, and use attribute_many for several documents"
        ),
        1,
    ]


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_error_is_raised_after_the_results_before_it(n_jobs: int) -> None:
    results = attribute_many(
        [("a", said("yes")), ("b", said("a deadly sin")), ("c", said("no"))],
        n_jobs=n_jobs,
        stance_model=Failing(),
    )
    assert next(results)[0] == "a"
    with pytest.raises(ZeroDivisionError, match="a bug") as raised:
        next(results)
    if sys.version_info >= (3, 11):
        assert raised.value.__notes__ == [
            "in document 2 of the stream (id 'b'); on_error='record' goes on past it"
        ]


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_error_of_the_stream_comes_after_the_results_of_what_was_read(n_jobs: int) -> None:
    def stream() -> Iterator[str]:
        yield from (said(f"yes to {number}") for number in range(7))
        raise OSError("the disk is gone")

    results = attribute_many(stream(), n_jobs=n_jobs, batch_size=3)
    assert len(list(itertools.islice(results, 7))) == 7
    with pytest.raises(OSError, match="the disk is gone"):
        next(results)


def test_worker_that_dies_once_loses_nothing(tmp_path: Path) -> None:
    texts = [said("a deadly sin" if number == 11 else f"yes to {number}") for number in range(40)]
    results = list(
        attribute_many(texts, n_jobs=2, batch_size=2, stance_model=Deadly(once=tmp_path / "died"))
    )
    assert (tmp_path / "died").exists()
    assert [quotes[0].text for quotes in results] == [
        attribute_quotes(text, stance=False)[0].text for text in texts
    ]


def test_document_that_kills_its_worker_each_time_is_the_only_failure() -> None:
    texts = [said("a deadly sin" if number == 5 else f"yes to {number}") for number in range(12)]
    results = list(
        attribute_many(texts, n_jobs=2, batch_size=4, on_error="record", stance_model=Deadly())
    )
    assert [number for number, result in enumerate(results) if isinstance(result, Failure)] == [5]
    assert "the document ended its worker process" in str(results[5])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"n_jobs": 0}, ValueError, "n_jobs is 0; give a number of processes"),
        ({"n_jobs": 1.5}, ValueError, "n_jobs is 1.5"),
        ({"batch_size": 0}, ValueError, "batch_size is 0; give the number of documents"),
        ({"on_error": "ignore"}, ValueError, "on_error is 'ignore'; use 'raise' or 'record'"),
    ],
)
def test_wrong_arguments_say_what_to_do(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        attribute_many([], **options)


def test_one_text_in_place_of_many_is_told_apart() -> None:
    with pytest.raises(TypeError, match="not one str; use attribute_quotes"):
        attribute_many("one text")


# ---------- rows
def test_rows_have_the_columns_in_their_order_and_types() -> None:
    rows = list(
        attribute_rows({"id": number, "text": text, "more": 1} for number, text in enumerate(TEXTS))
    )
    kinds = {"string": str, "int64": int, "float64": float, "bool": bool}
    assert [(row["id"], row["number"], row["speaker"]) for row in rows] == [
        (0, 0, "Ana Silva"),
        (0, 1, "Ana Silva"),
        (3, 0, "Karim Dalgren"),
        (4, 0, "Marta Holm"),
    ]
    for row in rows:
        assert list(row) == list(COLUMNS)
        assert all(
            value is None or type(value) is kinds[COLUMNS[name]]
            for name, value in row.items()
            if name != "id"
        )


@pytest.mark.parametrize("identifier", [7, "7", ("a", 7), 7.5, None])
def test_ids_of_rows_come_back_as_they_came(identifier: Any) -> None:
    (found,) = attribute_rows([{"id": identifier, "text": said("yes")}])
    (failed,) = attribute_rows([{"id": identifier, "text": None}])
    assert [(type(row["id"]), row["id"]) for row in (found, failed)] == [
        (type(identifier), identifier)
    ] * 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"id": 1, "text": "x"}, "one dict; pass \\[row\\]"),
        ("a text", "one str; pass"),
        ([("a", "a text")], "a tuple among them"),
        (["a text"], "a str among them"),
        (7, "not int"),
    ],
)
def test_what_is_no_row_is_told_apart(rows: Any, message: str) -> None:
    with pytest.raises(
        TypeError, match=f"attribute_rows takes mappings or pandas frames.*{message}"
    ):
        list(attribute_rows(rows))


def test_rows_may_go_through_several_processes() -> None:
    rows = [{"id": number, "text": text} for number, text in enumerate(TEXTS)]
    assert list(attribute_rows(rows, n_jobs=2, batch_size=1)) == list(attribute_rows(rows))


def test_rows_say_what_the_records_say() -> None:
    quotes = attribute_quotes(TEXTS[0])
    for row, quote in zip(attribute_rows([{"id": "a", "text": TEXTS[0]}]), quotes, strict=True):
        assert quote.mention and quote.cue and quote.stance
        assert (row["start"], row["end"], row["mention_start"], row["cue"]) == (
            quote.start,
            quote.end,
            quote.mention.start,
            quote.cue.text,
        )
        assert (row["stance"], row["hardline"], row["parts"]) == (
            quote.stance.label,
            quote.stance.hardline,
            " ".join(f"{p.start}:{p.end}" for p in quote.parts),
        )


def test_row_that_fails_keeps_its_place_and_id() -> None:
    rows = list(
        attribute_rows(
            [{"id": "a", "text": said("yes")}, {"id": "b", "text": None}, {"text": said("no")}]
        )
    )
    assert [(row["id"], row["text"], bool(row["error"])) for row in rows] == [
        ("a", "yes,", False),
        ("b", None, True),
        (None, "no,", False),
    ]


def test_missing_column_names_the_columns() -> None:
    with pytest.raises(KeyError, match="no column 'text' among id, body"):
        list(attribute_rows([{"id": 1, "body": "x"}]))


def test_frames_give_frames_with_fixed_types() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frames = [
        pandas.DataFrame({"key": keys, "body": bodies})
        for keys, bodies in (
            ([1, 2], [TEXTS[0], TEXTS[1]]),
            ([3], ["Nobody spoke."]),
            ([4], [None]),
        )
    ]
    found = list(attribute_rows(frames, text="body", id="key"))
    assert [len(frame) for frame in found] == [2, 0, 1]
    assert all(
        list(frame.columns) == list(COLUMNS) and list(frame.dtypes) == list(found[0].dtypes)
        for frame in found
    )
    assert list(found[0]["speaker"]) == ["Ana Silva"] * 2 and "TypeError" in found[2]["error"][0]


def test_one_frame_gives_one_frame() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame({"id": ["a", "b"], "text": [TEXTS[0], None]})
    (found,) = attribute_rows(frame)
    (same,) = attribute_rows([frame])
    assert found.equals(same) and list(found["id"]) == ["a", "a", "b"]


@pytest.mark.parametrize(
    ("ids", "kept"),
    [
        (["a", "b"], "string"),
        (["a", None], "string"),
        ([1, 2], "int64"),
        ([1.5, None], "float64"),
        (["a", 2], "object"),
    ],
)
def test_ids_of_frames_keep_their_type_even_where_nothing_is_found(
    ids: list[Any], kept: str
) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame({"id": ids, "text": [said("yes"), "Nobody spoke."]})
    found, none = attribute_rows([frame, frame.iloc[1:]])
    assert [str(frame["id"].dtype) for frame in (found, none)] == [kept, kept]
    assert (list(found["id"]), len(none)) == (ids[:1], 0)


def test_frames_without_ids_have_the_column() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    (found,) = attribute_rows(pandas.DataFrame({"text": [said("yes")]}))
    assert str(found["id"].dtype) == "string" and found["id"].isna().all()


def test_rows_import_no_framework() -> None:
    code = (
        "import sys; from quotestance import attribute_rows; list(attribute_rows([{'id': 1, 'text':"
        " 'Nobody spoke.'}]));print([name for name in ('pandas', 'pyarrow', 'pyspark', 'ray',"
        " 'dask') if name in sys.modules])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
        ).stdout
        == "[]\n"
    )
