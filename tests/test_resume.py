"""Runs that end early, as real processes on a real disk: Ctrl-C, ``kill -9``, full disks, locks,
inputs that are the output or that changed, and what the command says about each."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from quotestance.attribution import parser
from quotestance.cli.main import main
from quotestance.tables.files import Files

PARQUET = ["parquet"] if importlib.util.find_spec("pyarrow") else []
ROOT = Path(__file__).resolve().parent.parent
AGREED = "“We agree to point {},” said union leader Ana Silva."
SILENT = "Nobody spoke."

# The command, whose reader gives the first documents and then stands still: it cannot end by
# itself, and what it has done is the same each time.
HANGING = """
import sys, time
from itertools import islice
from pathlib import Path
from quotestance.cli.main import main
from quotestance.tables.documents import DocumentReader

count, mark, real = int(sys.argv[1]), Path(sys.argv[2]), DocumentReader.read

def read(self, paths):
    yield from islice(real(self, paths), count)
    mark.touch()
    time.sleep(600)

DocumentReader.read = read
main(["attribute", *sys.argv[3:]])
"""


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["attribute", *arguments], input=stdin)


def resumed(source: Path, target: Path, *arguments: str) -> Result:
    return run(str(source), "--output", str(target), "--resume", *arguments)


def hanging(source: Path, target: Path, *arguments: str, count: int = 590) -> subprocess.Popen[Any]:
    """A run that has done so many documents and waits; Ctrl-C reaches it even where the tests run
    in the background, whose children would ignore it."""
    mark = target.with_name("mark")
    command = [sys.executable, "-c", HANGING, str(count), str(mark), str(source)]
    process = subprocess.Popen(
        [*command, "--output", str(target), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for(lambda: mark.exists(), process)
    # Several processes read ahead of what they write, some 256 documents.
    least = (count - 256 if "--jobs" in arguments else count) // 256 * 256
    wait_for(lambda: documents(target) >= least, process)
    mark.unlink()
    return process


def wait_for(condition: Any, process: subprocess.Popen[Any] | None = None) -> None:
    until = time.monotonic() + 100
    while not condition():
        ended = process is not None and process.poll() is not None
        assert not ended and time.monotonic() < until, "the run ended or stood still"
        time.sleep(0.02)


def documents(target: Path) -> int:
    """How many documents the record beside an output counts."""
    try:
        record = json.loads(target.with_name(target.name + ".progress").read_bytes())
    except FileNotFoundError:
        return 0
    return int(record["tally"]["documents"])


def killed(process: subprocess.Popen[Any]) -> None:
    """End a run as a failure of the machine would."""
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 documents, every twentieth with a quotation, every fiftieth not valid."""
    path = tmp_path_factory.mktemp("many") / "many.jsonl"
    lines = [
        json.dumps({"id": number, "text": SILENT if number % 20 else AGREED.format(number)})
        for number in range(600)
    ]
    lines[49::50] = ["no JSON"] * 12
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def whole(many: Path) -> dict[str, bytes]:
    """What an undisturbed run writes, by the ending of the output."""
    written = {}
    for ending in ("jsonl", "csv", "json", "jsonl.gz", *PARQUET):
        target = many.with_name(f"whole.{ending}")
        assert run(str(many), "--output", str(target)).exit_code == 1
        written[ending] = target.read_bytes()
    return written


# ---------- ends
@pytest.mark.parametrize("ending", ["jsonl", "json", "jsonl.gz", *PARQUET])
def test_killed_run_that_is_resumed_gives_what_an_undisturbed_one_gives(
    many: Path, whole: dict[str, bytes], tmp_path: Path, ending: str
) -> None:
    target = tmp_path / f"out.{ending}"
    killed(hanging(many, target))
    assert not target.exists()
    with open(tmp_path / f"out.{ending}.partial", "ab") as stream:
        stream.write(
            b'{"id": 999, "quo' * 10_000
        )  # what a crash may leave behind the recorded length
    result = resumed(many, target)
    assert (result.exit_code, target.read_bytes() == whole[ending]) == (1, True)
    assert "600 documents, 30 quotations, 30 with a named speaker, 12 failures" in result.stderr
    assert "resumed after 512 documents" in result.stderr
    assert "out." + ending + ".lock was left by process" in result.stderr
    assert os.listdir(tmp_path) == [target.name]


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz"])
def test_ctrl_c_keeps_what_is_finished_and_says_how_to_resume(
    many: Path, whole: dict[str, bytes], tmp_path: Path, jobs: str, ending: str
) -> None:
    target = tmp_path / f"out.{ending}"
    process = hanging(many, target, *(["--jobs", jobs] if jobs != "1" else []))
    os.killpg(process.pid, signal.SIGINT)
    message = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130, message
    kept = documents(target)
    assert f"interrupted. {kept} finished documents are kept in {target}.partial" in message
    assert "--resume" in message and "Traceback" not in message and not target.exists()
    assert kept >= 256 and (kept % 256 == 0) == (ending == "jsonl.gz")
    assert resumed(many, target).exit_code == 1
    assert target.read_bytes() == whole[ending]


def test_ctrl_c_before_the_first_document_leaves_nothing(many: Path, tmp_path: Path) -> None:
    process = hanging(many, tmp_path / "out.jsonl", count=0)
    process.send_signal(signal.SIGINT)
    message = process.communicate(timeout=60)[1].decode()
    assert (process.returncode, "Nothing was written to" in message) == (130, True), message
    assert os.listdir(tmp_path) == []


def test_ctrl_c_while_models_load_ends_with_130(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("quotestance.cli.attribute.require_ready", interrupt)
    result = run(str(many), "--output", str(tmp_path / "out.jsonl"))
    assert (result.exit_code, "interrupted" in result.stderr) == (130, True)
    assert os.listdir(tmp_path) == []


def test_resume_without_an_earlier_run_is_a_run(
    many: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    assert resumed(many, tmp_path / "out.csv").exit_code == 1
    assert (tmp_path / "out.csv").read_bytes() == whole["csv"]


def test_two_processes_write_what_one_writes(
    many: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    result = run(str(many), "--output", str(tmp_path / "out.jsonl"), "--jobs", "2")
    assert (result.exit_code, (tmp_path / "out.jsonl").read_bytes() == whole["jsonl"]) == (1, True)


def test_interrupted_output_is_replaced_by_a_run_without_resume(
    many: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    for ending in ("partial", "progress", "progress.new", "draft", "lock"):
        (tmp_path / f"out.jsonl.{ending}").write_bytes(b"old")
    assert run(str(many), "--output", str(tmp_path / "out.jsonl")).exit_code == 1
    assert (tmp_path / "out.jsonl").read_bytes() == whole["jsonl"]
    assert os.listdir(tmp_path) == ["out.jsonl"]


# ---------- disks
def failing(monkeypatch: pytest.MonkeyPatch, name: str, error: int, after: int = 0) -> None:
    """From a certain call on, an operation of the disk fails."""
    real, calls = getattr(Files, name), []

    def fail(self: Files, *arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) > after:
            raise OSError(error, os.strerror(error), str(getattr(arguments[0], "name", "")) or None)
        return real(self, *arguments)

    monkeypatch.setattr(Files, name, fail)


def test_full_disk_ends_with_a_message_and_can_be_resumed(
    many: Path, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.jsonl"
    with monkeypatch.context() as patch:
        failing(patch, "write", errno.ENOSPC, after=2)
        result = resumed(many, target)
    assert result.exit_code == 1
    assert f"{target}.partial: No space left on device; free some space" in result.stderr
    assert "256 finished documents are kept" in result.stderr
    assert resumed(many, target).exit_code == 1
    assert target.read_bytes() == whole["jsonl"]


@pytest.mark.parametrize(
    ("operation", "error", "message"),
    [
        ("lock", errno.EACCES, "Permission denied; write to a folder that you may write to"),
        ("lock", errno.EROFS, "this one is read-only"),
        ("open", errno.ENOSPC, "free some space on its disk"),
        ("truncate", errno.EIO, "the disk or the network failed"),
    ],
)
def test_output_that_cannot_be_written_ends_the_run_before_anything_is_done(
    many: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
    error: int,
    message: str,
) -> None:
    failing(monkeypatch, operation, error)
    result = run(str(many), "--output", str(tmp_path / "out.jsonl"))
    assert (result.exit_code, f"cannot write {tmp_path}/out.jsonl" in result.stderr) == (2, True)
    assert message in result.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"out.jsonl.partial"}


@pytest.mark.parametrize("error", [errno.EXDEV, errno.EBUSY])
def test_name_that_cannot_be_given_keeps_all_documents(
    many: Path,
    whole: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: int,
) -> None:
    """As where the output is a file that is mounted from another file system."""
    target, real = tmp_path / "out.jsonl", os.replace

    def rename(source: Any, name: Any) -> None:
        if Path(name) == target:
            raise OSError(error, os.strerror(error), str(source), None, str(name))
        real(source, name)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", rename)
        result = run(str(many), "--output", str(target))
    assert (result.exit_code, "600 finished documents are kept in" in result.stderr) == (1, True)
    assert f"{target}" in result.stderr and "; write to a name" in result.stderr
    assert resumed(many, target).exit_code == 1
    assert target.read_bytes() == whole["jsonl"]


# ---------- inputs
def test_output_through_a_link_to_another_folder_is_written_there(
    many: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "out.jsonl").symlink_to(tmp_path / "far" / "real.jsonl")
    assert run(str(many), "--output", str(tmp_path / "out.jsonl")).exit_code == 1
    assert (tmp_path / "out.jsonl").is_symlink()
    assert (tmp_path / "far" / "real.jsonl").read_bytes() == whole["jsonl"]


def spellings(source: Path) -> dict[str, Path]:
    folder = source.parent
    (folder / "soft.jsonl").symlink_to(source)
    os.link(source, folder / "hard.jsonl")
    (folder / "aside").mkdir()
    return {
        "same": source,
        "spelt": folder / "aside" / ".." / source.name,
        "soft": folder / "soft.jsonl",
        "hard": folder / "hard.jsonl",
    }


@pytest.mark.parametrize("spelling", ["same", "spelt", "soft", "hard"])
def test_output_that_is_an_input_is_refused(tmp_path: Path, spelling: str) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(json.dumps({"id": 1, "text": SILENT}) + "\n")
    before = source.read_bytes()
    target = spellings(source)[spelling]
    for arguments in ((str(source), str(target)), (str(target), str(source))):
        result = run(arguments[0], "--output", arguments[1])
        assert (result.exit_code, "is the same file; it would be replaced" in result.stderr) == (
            2,
            True,
        )
    assert source.read_bytes() == before and not list(tmp_path.glob("*.partial"))


def test_input_that_stands_where_the_run_would_write_beside_its_output_is_refused(
    tmp_path: Path,
) -> None:
    source = tmp_path / "a.jsonl.partial"
    source.write_text(json.dumps({"id": 1, "text": SILENT}) + "\n")
    result = run(str(source), "--input-format", "jsonl", "--output", str(tmp_path / "a.jsonl"))
    assert (result.exit_code, str(source) in result.stderr) == (2, True)


def test_standard_input_that_is_the_output_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(json.dumps({"id": 1, "text": SILENT}) + "\n")
    command = [sys.executable, "-m", "quotestance", "attribute", "-", "--output", str(source)]
    with open(source, "rb") as stream:
        done = subprocess.run(
            command,
            stdin=stream,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    assert (done.returncode, b"the same file" in done.stderr) == (2, True)


@pytest.mark.parametrize("arguments", [["-"], []])
def test_standard_input_cannot_be_resumed(tmp_path: Path, arguments: Sequence[str]) -> None:
    target = str(tmp_path / "out.jsonl")
    result = run(*arguments, "--output", target, "--resume", stdin=SILENT)
    assert (result.exit_code, "standard input cannot be resumed" in result.stderr) == (2, True)


def test_interrupted_run_of_standard_input_does_not_promise_to_resume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "replace", errno.EIO, after=1)
    result = run("-", "--output", str(tmp_path / "out.jsonl"), stdin=SILENT)
    assert (result.exit_code, "1 finished documents are kept in" in result.stderr) == (1, True)
    assert "cannot be resumed" in result.stderr and "--resume" not in result.stderr


def grown(path: Path) -> None:
    with open(path, "a", encoding="utf-8") as stream:
        stream.write("{}\n")


def edited(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"We agree to point 20", b"We refuse a point 20", 1))


def removed(path: Path) -> None:
    path.unlink()
    path.with_name("other.jsonl").write_text("{}\n")


@pytest.mark.parametrize("change", [grown, edited])
def test_input_that_changed_since_is_named_and_what_was_done_stays(
    many: Path, whole: dict[str, bytes], tmp_path: Path, change: Any
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(many.read_bytes())
    killed(hanging(source, target))
    change(source)
    result = resumed(source, target)
    assert (result.exit_code, str(source) in result.stderr) == (2, True)
    assert "What is finished stays; run without --resume" in result.stderr
    source.write_bytes(many.read_bytes())  # as it was
    assert resumed(source, target).exit_code == 1
    assert target.read_bytes() == whole["jsonl"]


def test_copy_of_an_input_with_another_time_is_the_same_input(
    many: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(many.read_bytes())
    killed(hanging(source, target))
    os.utime(source, (1, 1))
    assert resumed(source, target).exit_code == 1
    assert target.read_bytes() == whole["jsonl"]


def test_resume_refuses_a_run_with_other_options(many: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    killed(hanging(many, target))
    result = resumed(many, target, "--no-stance")
    assert (result.exit_code, "belongs to a run with other inputs or options" in result.stderr) == (
        2,
        True,
    )
    assert documents(target) == 512


@pytest.mark.parametrize("damage", ["partial", "progress"])
def test_resume_refuses_what_somebody_changed(many: Path, tmp_path: Path, damage: str) -> None:
    target = tmp_path / "out.jsonl"
    killed(hanging(many, target))
    target.with_name(f"out.jsonl.{damage}").write_bytes(b"{}")
    result = resumed(many, target)
    assert (result.exit_code, f"out.jsonl.{damage}" in result.stderr) == (2, True)
    assert "without --resume" in result.stderr


# ---------- locks
def test_second_run_is_kept_out(many: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    process = hanging(many, target)
    for arguments in ([], ["--resume"]):
        result = run(str(many), "--output", str(target), *arguments)
        assert result.exit_code == 2
        said = f"{target}.lock is held by process {process.pid} on {socket.gethostname()}"
        assert said in result.stderr and "Wait for it" in result.stderr
    killed(process)
    assert resumed(many, target).exit_code == 1
    assert target.read_bytes() == whole["jsonl"]


# ---------- what is missing
def test_missing_parser_ends_the_run_before_the_first_document(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parser, "OFFICIAL", "no_such_pipeline")
    monkeypatch.setattr(parser, "REUPLOAD", "nor_this_one")
    parser.forget_pipelines()
    try:
        result = run(str(many), "--output", str(tmp_path / "out.jsonl"))
    finally:
        monkeypatch.undo()
        parser.forget_pipelines()
    assert (result.exit_code, "pip install" in result.stderr, os.listdir(tmp_path)) == (2, True, [])
    assert "nothing was written" in result.stderr


# ---------- workers
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="this system lists no processes in /proc")
def test_workers_end_with_their_parent(many: Path, tmp_path: Path) -> None:
    process = hanging(many, tmp_path / "out.jsonl", "--jobs", "2")
    workers = children(process.pid)
    assert len(workers) >= 2
    process.kill()
    process.wait()
    wait_for(lambda: not [worker for worker in workers if Path(f"/proc/{worker}").exists()])


def children(parent: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:  # it has ended
            continue
        if int(fields[1]) == parent:
            found.append(int(path.parent.name))
    return found
