"""Locks: one owner at a time, and a dead one is no obstacle."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from quotestance.tables import lock
from quotestance.tables.lock import Owner, acquire


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl.lock"


@pytest.fixture(params=["locks", "no locks"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file system that knows locks, and one that knows none."""
    if request.param == "no locks":
        monkeypatch.setattr(lock, "_hold", lambda file, path: False)
    return str(request.param)


def ended() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def left_by(path: Path, pid: int, host: str) -> None:
    path.write_text(json.dumps({"pid": pid, "host": host}))


def test_lock_is_there_while_it_is_held(path: Path, system: str) -> None:
    held = acquire(path)
    assert json.loads(path.read_bytes()) == {"pid": os.getpid(), "host": socket.gethostname()}
    held.release()
    held.release()
    assert not path.exists()


def test_second_owner_is_refused_with_name_and_remedy(path: Path, system: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        if system == "locks":
            held = acquire(path)
        else:
            left_by(path, process.pid, socket.gethostname())
        owner = os.getpid() if system == "locks" else process.pid
        with pytest.raises(
            BlockingIOError, match=rf"{path} is held by process {owner} on .*remove"
        ):
            acquire(path)
        if system == "locks":
            held.release()
    finally:
        process.communicate(b"")


def test_refusal_leaves_the_lock_to_its_owner(path: Path) -> None:
    held = acquire(path)
    before = path.read_bytes()
    with pytest.raises(BlockingIOError):
        acquire(path)
    assert path.read_bytes() == before
    held.release()


def test_dead_owner_is_followed(path: Path, system: str) -> None:
    pid = ended()
    left_by(path, pid, socket.gethostname())
    held = acquire(path)
    assert held.dead == Owner(pid, socket.gethostname())
    assert json.loads(path.read_bytes())["pid"] == os.getpid()
    held.release()


def test_owner_on_another_host_is_taken_at_its_word(path: Path, system: str) -> None:
    left_by(path, 1, "elsewhere")
    with pytest.raises(BlockingIOError, match=r"process 1 on elsewhere.*if that run is dead"):
        acquire(path)
    assert "elsewhere" in path.read_text(), "the refused run leaves the lock as it is"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"pid": 1}'])
def test_lock_without_an_owner_is_taken(path: Path, system: str, content: bytes) -> None:
    path.write_bytes(content)
    held = acquire(path)
    assert held.dead is None
    held.release()


def test_lock_that_is_removed_meanwhile_is_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner removes the file between our opening and locking it: we hold a file without a
    name, and somebody else may lock a new one."""
    real, calls = lock._hold, []

    def hold(file: object, name: Path) -> bool:
        calls.append(name)
        if len(calls) == 1:
            path.unlink()
        return real(file, name)  # type: ignore[arg-type]

    monkeypatch.setattr(lock, "_hold", hold)
    held = acquire(path)
    assert (len(calls), path.exists()) == (2, True)
    held.release()


def test_release_leaves_the_lock_of_another_run(path: Path) -> None:
    held = acquire(path)
    path.unlink()
    path.write_bytes(b"another")
    held.release()
    assert path.read_bytes() == b"another"
