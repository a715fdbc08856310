"""A lock file: it keeps a second run away from an output, and a dead run does not.

The operating system holds the lock, so it ends with its process however that ends. The file says
who has it; where the file system knows no locks, what it says is all there is to go by.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

# A lock may be removed between finding and taking it, each time by another run that ended just
# then; nobody meets that twenty times.
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that a lock file names."""

    pid: int
    host: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"

    @property
    def is_alive(self) -> bool:
        """Whether the process runs; on another host nobody can tell, so it does."""
        if self.host != socket.gethostname():
            return True
        if self.pid == os.getpid() or sys.platform == "win32":
            return self.pid != os.getpid()
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except OSError:  # it runs, as somebody else's
            return True
        return True


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that is held; ``dead`` is the run that left it behind, if one did."""

    path: Path
    file: IO[bytes]
    dead: Owner | None = None

    def release(self) -> None:
        """Remove the lock file, then let go; a second time does nothing."""
        if self.file.closed:
            return
        if _is_file_of(self.file, self.path):
            os.unlink(self.path)
        self.file.close()


def acquire(path: Path) -> Lock:
    """Take the lock of a path, at once or not at all.

    Raises ``BlockingIOError`` where another run has it, naming the file, the owner and what to do.

    >>> import tempfile
    >>> lock = acquire(Path(tempfile.mkdtemp()) / "out.jsonl.lock")
    >>> lock.release()
    """
    for _ in range(_TRIES):
        file = open(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b", buffering=0)  # noqa: SIM115
        try:
            lock = _taken(path, file)
        except BaseException:
            file.close()
            raise
        if lock is not None:
            return lock
        file.close()
    raise _held(path, None)


def _taken(path: Path, file: IO[bytes]) -> Lock | None:
    """The lock, or None where the file was removed under our hands."""
    known = _hold(file, path)
    if not _is_file_of(file, path):
        return None
    owner = _owner(file)
    # A lock of the operating system may not reach other hosts: the file's word counts there.
    if owner and owner.is_alive and not (known and owner.host == socket.gethostname()):
        raise _held(path, owner)
    file.seek(0)
    file.truncate()
    file.write(json.dumps(asdict(Owner(os.getpid(), socket.gethostname()))).encode())
    return Lock(path, file, owner)


def _hold(file: IO[bytes], path: Path) -> bool:
    """Hold the file by a lock of the operating system; False where it has none for this file."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _held(path, _owner(file)) from None
    except OSError:  # a file system without locks
        return False
    return True


def _is_file_of(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _owner(file: IO[bytes]) -> Owner | None:
    file.seek(0)
    try:
        return Owner(**json.loads(file.read()))
    except (ValueError, TypeError):  # it died before it could write its name
        return None


def _held(path: Path, owner: Owner | None) -> BlockingIOError:
    by = str(owner) if owner else "another run"
    return BlockingIOError(
        f"another run writes this output: {path} is held by {by}. Wait for it, or write to another"
        f" file; if that run is dead, remove {path}"
    )
