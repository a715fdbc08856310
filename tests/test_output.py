"""The writer, as a hostile disk sees it.

Every operation of every format breaks once in every way, and then the run is resumed: nothing may
be lost, nothing may stand twice.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from disks import Crash, Disk, Fault, FaultyFiles, Node

from quotestance.quote import Kind, Quote, Speaker, TextSpan
from quotestance.tables import output
from quotestance.tables.documents import Document
from quotestance.tables.formats import FORMATS, Format, Outcome
from quotestance.tables.inputs import skip
from quotestance.tables.output import OutputFile, Stopped
from quotestance.tables.progress import Tally

PARQUET = ["out.parquet"] if importlib.util.find_spec("pyarrow") else []
NAMES = ["out.json", "out.jsonl", "out.csv", "out.txt", "out.jsonl.gz", "out.json.gz", *PARQUET]
FORMS = {"json": "json", "jsonl": "jsonl", "csv": "csv", "txt": "table", "parquet": "parquet"}
RUN = {"options": ["a"], "inputs": {"files": 1, "digest": "d", "first": [["in.jsonl", 9]]}}
# Checkpoint -> documents that cross it, and end between two.
SIZES = {1: 3, 8: 19, output.CHECKPOINT: output.CHECKPOINT + 7}
# How an operation breaks, and after a crash what of the disk is left.
KINDS = (
    ("crash", "everything"),
    ("crash", "names"),
    ("crash", "renames"),
    ("crash", "synced"),
    ("crash", "removals"),
    ("interrupt", ""),
    ("EIO", ""),
    ("ENOSPC", ""),
)
FOLDER = Path("folder")


def quotes_of(number: int) -> list[Quote]:
    """The invented quotations of a document: one in every third."""
    if number % 3:
        return []
    words = TextSpan(1, 1 + len(str(number)), str(number))
    kind: Kind = "direct"
    speaker = Speaker("Ana Sílva", "person")
    return [Quote(0, words.end + 1, kind, closed=True, parts=(words,), speaker=speaker)]


@lru_cache
def results(count: int) -> Sequence[tuple[Document, Outcome]]:
    """Documents and what came of them; every seventh failed."""
    return [
        (
            Document(number, f"text {number}", f"in.jsonl, line {number + 1}"),
            Outcome(number, error="no text")
            if number % 7 == 6
            else Outcome(number, quotes_of(number)),
        )
        for number in range(count)
    ]


def opened(name: str, files: FaultyFiles, *, resume: bool = True, run: Any = RUN) -> OutputFile:
    form = FORMS[name.removesuffix(".gz").rsplit(".", 1)[1]]
    return OutputFile(FOLDER / name, form, run, resume=resume, files=files)


def write(sink: OutputFile, count: int) -> None:
    """What the command line does: skip what is done, write the rest, give it its name."""
    found = iter(results(count))
    before = sink.before
    if not sink.finished:
        documents = (document for document, _ in found)
        skip(documents, before.tally.documents, before.digest, ["in.jsonl"])
        for document, outcome in found:
            sink.write(document, outcome)
    sink.finish()


def attempt(
    name: str,
    files: FaultyFiles,
    count: int,
    *,
    resume: bool = True,
    sinks: list[OutputFile] | None = None,
) -> Stopped | None:
    """A run to its end, or to its fault; how it then says that the output stands."""
    try:
        sink = opened(name, files, resume=resume)
    except (OSError, KeyboardInterrupt):
        return Stopped("absent")
    if sinks is not None:
        sinks.append(sink)
    try:
        write(sink, count)
    except (OSError, KeyboardInterrupt) as error:
        return sink.stop(save=isinstance(error, KeyboardInterrupt))
    return None


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each outcome is put into words once: the same ones are written some thousand times."""
    for name, form in FORMATS.items():
        known: dict[int, str] = {}

        def put(outcome: Outcome, known: dict[int, str] = known, form: Format = form) -> str:
            if outcome.id not in known:
                known[outcome.id] = form.write(outcome)
            return known[outcome.id]

        monkeypatch.setitem(FORMATS, name, replace(form, write=put))


@pytest.fixture(params=SIZES, ids=lambda size: f"every {size}")
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """A checkpoint, in force."""
    monkeypatch.setattr(output, "CHECKPOINT", request.param)
    return int(request.param)


def undisturbed(name: str, count: int) -> tuple[bytes, list[str]]:
    """What a run writes that nothing befalls, and the operations it takes."""
    files = FaultyFiles(Disk())
    assert attempt(name, files, count, resume=False) is None
    assert list(files.disk.content()) == [name], "what the run needed besides is gone"
    assert files.disk.content()[name] == bytes(files.disk.safe_names[FOLDER / name].safe)
    return files.disk.content()[name], files.operations


def faults(
    operations: Sequence[str], kinds: Sequence[tuple[str, str]]
) -> Iterator[tuple[Fault, str]]:
    """Every operation, broken in every way, with what a crash leaves."""
    for number, operation in enumerate(operations, 1):
        whens = (
            ("before", "half", "after") if operation.startswith("write") else ("before", "after")
        )
        for kind, keeps in kinds:
            yield from ((Fault(number, kind, when), keeps) for when in whens)


def checked(
    disk: Disk, name: str, count: int, whole: bytes, stopped: Stopped | None, safe: int = 0
) -> None:
    """The output is as it was said to be, what was said to be safe is, and the same command resumes
    to the exact bytes."""
    content = disk.content()
    assert content.get(name) in (None, whole), "half an output under its name"
    if stopped is not None:
        assert (name in content) >= (stopped.state == "whole")
    files = FaultyFiles(disk)
    sink = opened(name, files)
    if stopped is not None and stopped.state == "partial":
        assert sink.before.tally.documents == stopped.documents
    assert sink.before.tally.documents >= safe or name in content, "what was safe is lost"
    write(sink, count)
    assert disk.content() == {name: whole}
    assert sink.tally == tally(count)


def tally(count: int) -> Tally:
    found = results(count)
    failed = [outcome for _, outcome in found if outcome.error is not None]
    quotes = sum(len(outcome.quotes) for _, outcome in found)
    return Tally(count, quotes, quotes, 2 * count, len(failed))


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_breaks_once_in_every_way(name: str, size: int) -> None:
    count = SIZES[size]
    whole, operations = undisturbed(name, count)
    for fault, keeps in faults(operations, KINDS[4:7] if size > 8 else KINDS):
        disk, stopped = Disk(), None
        sinks: list[OutputFile] = []
        try:
            stopped = attempt(name, FaultyFiles(disk, fault), count, sinks=sinks)
        except Crash:
            disk.crash(keeps)
        assert not disk.locked or "lock" in operations[fault.number - 1], "the lock is kept"
        disk.locked = False  # the process is over
        if {name, f"{name}.progress"} & set(disk.content()) == {name}:
            assert list(disk.content()) == [name], "nobody knows that the rest is there"
        safe = sinks[0]._waiting.since.tally.documents if sinks else 0
        checked(disk, name, count, whole, stopped, safe)


def test_the_run_that_resumes_breaks_too() -> None:
    """Two faults, one after the other, at every pair of operations."""
    name, count = "out.jsonl", 3
    whole, operations = undisturbed(name, count)
    for first, keeps in faults(operations, KINDS[4:6]):
        for second in range(1, len(operations) + 4):
            disk = Disk()
            for fault in (first, Fault(second, first.kind, "after")):
                try:
                    attempt(name, FaultyFiles(disk, fault), count)
                except Crash:
                    disk.crash(keeps)
                disk.locked = False
            checked(disk, name, count, whole, None)


@pytest.mark.parametrize("name", NAMES)
def test_run_that_replaces_an_interrupted_one_breaks(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without ``resume`` the older record goes before its bytes do."""
    count = 5
    monkeypatch.setattr(output, "CHECKPOINT", 2)
    whole, operations = undisturbed(name, count)
    for fault, keeps in faults(operations, KINDS[:5]):
        disk = Disk()
        sink = opened(name, FaultyFiles(disk))
        for result in results(4):
            sink.write(*result)
        sink.stop(save=False)
        with pytest.raises(Crash):
            attempt(name, FaultyFiles(disk, fault), count, resume=False)
        disk.crash(keeps)
        checked(disk, name, count, whole, None)


def test_what_stands_behind_the_recorded_length_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(output, "CHECKPOINT", 2)
    disk, name = Disk(), "out.jsonl"
    whole, _ = undisturbed(name, 5)
    sink = opened(name, FaultyFiles(disk))
    for result in results(3):
        sink.write(*result)
    assert sink.stop(save=False) == Stopped("partial", 2)
    disk.names[sink.partial].data.extend(b"x" * 10_000)
    disk.names[FOLDER / f"{name}.progress.new"] = Node(bytearray(b"x" * 10_000))
    sink = opened(name, FaultyFiles(disk))
    for result in results(4)[2:]:
        sink.write(*result)
    assert sink.stop(save=False) == Stopped("partial", 4)
    checked(disk, name, 5, whole, Stopped("partial", 4))


class Interrupts:
    """Presses Ctrl-C before the line of the writer that has a number."""

    def __init__(self, number: int):
        self.number, self.lines = number, 0

    def __call__(self, frame: Any, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.endswith(("tables/output.py", "tables/progress.py")):
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.number:
                raise KeyboardInterrupt
        return self


def traced(name: str, disk: Disk, count: int, number: int) -> tuple[Stopped | None, int]:
    interrupts = Interrupts(number)
    earlier = sys.gettrace()
    sys.settrace(interrupts)
    try:
        return attempt(name, FaultyFiles(disk), count), interrupts.lines
    except KeyboardInterrupt:  # a second line of defence was hit: the next run has to cope
        return None, interrupts.lines
    finally:
        sys.settrace(earlier)


@pytest.mark.parametrize("name", NAMES)
def test_ctrl_c_at_every_line_of_the_writer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 5
    monkeypatch.setattr(output, "CHECKPOINT", 2)
    whole, _ = undisturbed(name, count)
    _, lines = traced(name, Disk(), count, 0)
    assert lines > 100
    for number in range(1, lines + 1):
        disk = Disk()
        stopped, _ = traced(name, disk, count, number)
        disk.locked = False
        checked(disk, name, count, whole, stopped)


# ---------- what a run without a fault does
@pytest.mark.parametrize("name", NAMES)
def test_no_documents_give_an_empty_output(name: str) -> None:
    content, _ = undisturbed(name, 0)
    assert content in (b"", b"[\n\n]\n") or name.endswith((".csv", ".gz", ".parquet"))


def test_run_without_resume_starts_from_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "CHECKPOINT", 1)
    disk, name = Disk(), "out.jsonl"
    sink = opened(name, FaultyFiles(disk))
    sink.write(*results(1)[0])
    assert sink.stop(save=False) == Stopped("partial", 1)
    assert opened(name, FaultyFiles(disk), resume=False).before.tally == Tally()


def test_other_inputs_are_named() -> None:
    disk, name = Disk(), "out.jsonl"
    sink = opened(name, FaultyFiles(disk))
    sink.write(*results(1)[0])
    assert sink.stop(save=True) == Stopped("partial", 1)
    before = disk.content()
    inputs = {"files": 1, "digest": "e", "first": [["in.jsonl", 10]]}
    with pytest.raises(ValueError, match=r"in\.jsonl has 10 bytes, it had 9"):
        opened(name, FaultyFiles(disk), run={**RUN, "inputs": inputs})
    assert (disk.content(), disk.locked) == (before, False), "what was done stays"


def test_only_an_interrupt_saves_what_waits() -> None:
    """After an error of the disk nothing more is tried; after Ctrl-C what is done is made safe."""
    for save, state in ((True, Stopped("partial", 2)), (False, Stopped("absent"))):
        sink = opened("out.jsonl", FaultyFiles(Disk()))
        for result in results(2):
            sink.write(*result)
        assert sink.stop(save=save) == state
