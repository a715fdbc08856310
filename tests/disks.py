"""A disk in memory that fails when told to, and forgets what was not synced when it crashes.

``Disk`` holds files and names twice: as the programs see them, and as they are safe.
``FaultyFiles`` does what ``quotestance.tables.files.Files`` does on such a disk, counts the
operations, and breaks one of them.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quotestance.tables.files import Files
from quotestance.tables.lock import Lock


class Crash(BaseException):
    """The power is gone: nothing may catch this, and no operation works after it."""


@dataclass
class Node:
    """A file: what was written, and what of it is safe."""

    data: bytearray = field(default_factory=bytearray)
    safe: bytes = b""


@dataclass
class Handle:
    """An open file."""

    name: Path
    node: Node


@dataclass
class Disk:
    """Names and files, as they are seen and as they are safe."""

    names: dict[Path, Node] = field(default_factory=dict)
    safe_names: dict[Path, Node] = field(default_factory=dict)
    # What befell names since they were last made safe.
    removed: set[Path] = field(default_factory=set)
    renamed: dict[Path, Node] = field(default_factory=dict)
    locked: bool = False

    def crash(self, keeps: str) -> None:
        """Lose what was not synced.

        ``everything`` is lost of nothing (a killed process); ``names`` keeps renames but not
        contents, as some file systems do; ``synced`` keeps neither; ``removals`` and
        ``renames`` neither, but what was removed or renamed is so.
        """
        self.locked = False
        if keeps == "everything":
            return
        if keeps != "names":
            self.names = dict(self.safe_names)
        if keeps == "removals":
            for path in self.removed:
                self.names.pop(path, None)
        if keeps == "renames":
            self.names.update(self.renamed)
        self.removed.clear()
        self.renamed.clear()
        for node in self.names.values():
            node.data = bytearray(node.safe)

    def content(self) -> dict[str, bytes]:
        return {path.name: bytes(node.data) for path, node in self.names.items()}


@dataclass
class Fault:
    """What breaks: the operation of this number, in this way."""

    number: int
    kind: str  # crash, interrupt, EIO, ENOSPC
    when: str  # before, half, after

    def error(self) -> BaseException:
        if self.kind == "crash":
            return Crash()
        if self.kind == "interrupt":
            return KeyboardInterrupt()
        return OSError(getattr(errno, self.kind), self.kind)


class FaultyFiles(Files):
    """Files of a ``Disk``; ``operations`` are those that were done, by name."""

    def __init__(self, disk: Disk, fault: Fault | None = None):
        self.disk, self.fault = disk, fault
        self.operations: list[str] = []
        self._is_dead = False

    def _step(self, name: str, do: Callable[[], Any], half: Callable[[], Any] | None = None) -> Any:
        if self._is_dead:
            raise Crash
        self.operations.append(name)
        fault = self.fault
        if fault is None or fault.number != len(self.operations):
            return do()
        self._is_dead = fault.kind == "crash"
        if fault.when == "half" and half is not None:
            half()
        elif fault.when == "after":
            do()
        raise fault.error()

    def lock(self, path: Path) -> Lock:
        def take() -> Lock:
            if self.disk.locked:
                raise BlockingIOError(f"{path} is held")
            self.disk.locked = True
            return Lock(path, io.BytesIO())

        return self._step("lock", take)

    def unlock(self, lock: Lock) -> None:
        def let_go() -> None:
            self.disk.locked = False

        self._step("unlock", let_go)

    def size(self, path: Path) -> int | None:
        node = self.disk.names.get(path)
        return None if node is None else len(node.data)

    def read(self, path: Path) -> Any:
        def read() -> Any:
            if path not in self.disk.names:
                raise FileNotFoundError(errno.ENOENT, "absent", str(path))
            return io.BytesIO(bytes(self.disk.names[path].data))

        return self._step("read", read)

    def open(self, path: Path) -> Any:
        return self._step(
            f"open {path.suffix}", lambda: Handle(path, self.disk.names.setdefault(path, Node()))
        )

    def write(self, file: Any, data: bytes, at: int) -> None:
        def put(part: bytes) -> None:
            content = file.node.data
            content.extend(b"\0" * max(0, at - len(content)))
            content[at : at + len(part)] = part

        self._step(
            f"write {file.name.suffix}", lambda: put(data), lambda: put(data[: len(data) // 2])
        )

    def truncate(self, file: Any, size: int) -> None:
        def cut() -> None:
            del file.node.data[size:]

        self._step(f"truncate {file.name.suffix}", cut)

    def sync(self, file: Any) -> None:
        def keep() -> None:
            file.node.safe = bytes(file.node.data)

        self._step(f"sync {file.name.suffix}", keep)

    def close(self, file: Any) -> None:
        self._step(f"close {file.name.suffix}", lambda: None)

    def replace(self, source: Path, target: Path) -> None:
        def rename() -> None:
            self.disk.names[target] = self.disk.names.pop(source)
            self.disk.renamed[target] = self.disk.names[target]

        self._step(f"replace {source.suffix}", rename)

    def unlink(self, path: Path) -> None:
        def remove() -> None:
            if self.disk.names.pop(path, None) is not None:
                self.disk.removed.add(path)

        self._step(f"unlink {path.suffix}", remove)

    def sync_folder(self, folder: Path) -> None:
        def keep() -> None:
            self.disk.safe_names = dict(self.disk.names)
            self.disk.removed.clear()
            self.disk.renamed.clear()

        self._step("sync folder", keep)
