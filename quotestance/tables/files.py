"""What an output does to the disk, one operation a method: tests put a disk that fails in its
place."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from quotestance.tables.lock import Lock, acquire

# So many bytes are added to a file at a time: libraries hand over some hundred.
_PORTION = 1 << 20
# What a file system says that cannot make the names in a folder safe.
_UNKNOWN_TO_FOLDERS = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}
# What to do about an error of the operating system.
_REMEDIES: Mapping[int, str] = {
    errno.ENOSPC: "free some space on its disk",
    errno.EDQUOT: "free some space of your quota",
    errno.EACCES: "write to a folder that you may write to, or ask for the right",
    errno.EPERM: "write to a folder that you may write to, or ask for the right",
    errno.EROFS: "write to a folder that you may write to; this one is read-only",
    errno.EIO: "the disk or the network failed; check it",
    errno.ESTALE: "the network drive was lost; mount it again",
    errno.EXDEV: "write to a name whose folder is on the same file system",
    errno.EBUSY: "write to a name that is not mounted or in use by another program",
    errno.ENAMETOOLONG: "write to a shorter name",
}


def explained(error: OSError) -> str:
    """What went wrong, with which file, and what to do.

    >>> explained(OSError(errno.ENOSPC, "No space left on device", "out.jsonl.partial"))
    'out.jsonl.partial: No space left on device; free some space on its disk'
    """
    if error.strerror is None:
        return str(error)
    name = f"{error.filename}: " if error.filename else ""
    remedy = _REMEDIES.get(error.errno or 0)
    return f"{name}{error.strerror}{f'; {remedy}' if remedy else ''}"


@contextmanager
def naming(path: object) -> Iterator[None]:
    """Errors of what is done here name the file."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = str(path)
        raise


def _made(path: str, flags: int) -> int:
    """A descriptor of a file, which is made where it is absent."""
    return os.open(path, flags | os.O_CREAT, 0o666)


class Files:
    """Files on disk.

    Nothing is buffered here: what a method has written, the operating system has.
    """

    def lock(self, path: Path) -> Lock:
        """Take a lock, as ``lock.acquire`` does."""
        with naming(path):
            return acquire(path)

    def unlock(self, lock: Lock) -> None:
        """Give a lock back."""
        lock.release()

    def size(self, path: Path) -> int | None:
        """The bytes of a file, None where it is absent."""
        try:
            return path.stat().st_size
        except FileNotFoundError:
            return None

    def read(self, path: Path) -> IO[bytes]:
        """A file to be read; ``FileNotFoundError`` where it is absent."""
        return open(path, "rb")

    def open(self, path: Path) -> IO[bytes]:
        """A file to be written; what it holds stays, and where it is absent it is made."""
        return open(path, "r+b", buffering=0, opener=_made)

    def write(self, file: IO[bytes], data: bytes, at: int) -> None:
        """Write all of the data at an offset."""
        with naming(file.name):
            file.seek(at)
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]

    def truncate(self, file: IO[bytes], size: int) -> None:
        """Cut a file to so many bytes."""
        with naming(file.name):
            file.truncate(size)

    def sync(self, file: IO[bytes]) -> None:
        """Return when what was written is safe."""
        with naming(file.name):
            os.fsync(file.fileno())

    def close(self, file: IO[bytes]) -> None:
        """Close a file."""
        file.close()

    def replace(self, source: Path, target: Path) -> None:
        """Give a file another name; one that has the name is gone in the same moment."""
        os.replace(source, target)

    def unlink(self, path: Path) -> None:
        """Remove a file that may be there."""
        with suppress(FileNotFoundError):
            os.unlink(path)

    def sync_folder(self, folder: Path) -> None:
        """Return when the names in a folder are safe, where folders can be asked for that."""
        if os.name != "posix":
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _UNKNOWN_TO_FOLDERS:
                error.filename = str(folder)
                raise
        finally:
            os.close(descriptor)


DISK = Files()


class Appending(io.RawIOBase):
    """A stream that adds to an empty file by the same operations, for libraries that want one."""

    def __init__(self, files: Files, file: IO[bytes]):
        self._files, self._file, self._written = files, file, 0
        self._waiting = bytearray()

    @property
    def size(self) -> int:
        """How many bytes were added."""
        return self._written + len(self._waiting)

    def writable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """How many bytes were added."""
        return self.size

    def write(self, data: Any) -> int:
        """Add data; how many bytes that are."""
        self._waiting += data
        if len(self._waiting) >= _PORTION:
            self.put()
        return len(data)

    def put(self) -> None:
        """Write what waits to be a portion worth writing."""
        self._files.write(self._file, bytes(self._waiting), self._written)
        self._written += len(self._waiting)
        self._waiting.clear()
