"""Output: a file of results that appears whole or not at all, and can be resumed.

While a run goes on, what is finished stands in ``NAME.partial``, and ``NAME.progress`` says how
much of it is safe. That record is the only truth: a document counts once the record that includes
it is on disk, and whatever stands behind the recorded length is cut off by the next run. So an
interrupt or a failure at any point leaves the output whole, absent, or to be resumed to the bytes
of an undisturbed run. ``NAME.lock`` keeps a second run out.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal

from quotestance.tables.documents import Document
from quotestance.tables.files import DISK, Appending, Files
from quotestance.tables.formats import FORMATS, Outcome, encoded, write_columns
from quotestance.tables.inputs import chained, changed
from quotestance.tables.progress import Progress, Tally

# So many documents stand between two records: some seconds of work, and the most that is done
# twice after a crash. Compressed output starts a new gzip member there, so it is a constant: the
# same documents must give the same bytes.
CHECKPOINT = 256

_BESIDE = ("partial", "progress", "progress.new", "draft", "lock")
RESTART = "What is finished stays; run without --resume to start from the beginning"


def beside(path: Path) -> dict[str, Path]:
    """The files that a run needs beside its output while it goes on.

    >>> beside(Path("out.jsonl"))["partial"].name
    'out.jsonl.partial'
    """
    return {ending: path.with_name(f"{path.name}.{ending}") for ending in _BESIDE}


@dataclass(frozen=True, slots=True)
class Stopped:
    """How an output stands after a run that ended early, and how many documents it kept."""

    state: Literal["whole", "partial", "absent"]
    documents: int = 0


@dataclass(frozen=True, slots=True)
class _Done:
    """A document that waits for the next checkpoint, with the tally and the digest up to it."""

    block: str
    tally: Tally
    digest: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What is done since a record: one object, so that an interrupt never meets half of it."""

    since: Progress
    done: list[_Done] = field(default_factory=list)

    @property
    def tally(self) -> Tally:
        return self.done[-1].tally if self.done else self.since.tally

    @property
    def digest(self) -> str:
        return self.done[-1].digest if self.done else self.since.digest


class OutputFile:
    """Writes to ``path``, which appears when all is done; ``resume`` takes up a run that was ended
    in the middle.

    ``run`` says what the run is (``options``, and ``inputs`` as ``inputs.described`` has them):
    only a run that says the same is resumed. ``before`` is the record of the earlier run, or an
    empty one. ``files`` is the disk. Raises ``ValueError`` where the earlier run is another one or
    its files were changed, ``BlockingIOError`` where a run that lives writes the same output, and
    ``OSError`` where files cannot be written.
    """

    def __init__(
        self,
        path: Path,
        form: str,
        run: Mapping[str, Any],
        *,
        resume: bool = False,
        files: Files = DISK,
        warn: Callable[[str], None] = lambda message: None,
    ):
        self.path, self.partial = path, beside(path)["partial"]
        self._form, self._is_columns = FORMATS[form], form == "parquet"
        self._is_gzip = path.name.lower().endswith(".gz") and not self._is_columns
        self._beside, self._files = beside(path), files
        self._file: IO[bytes] | None = None
        self._lock = files.lock(self._beside["lock"])
        try:
            if self._lock.dead is not None:
                warn(f"{self._lock.path} was left by {self._lock.dead}, which is dead; taken over")
            run = json.loads(json.dumps(run, default=str))
            earlier = self._resumed(run) if resume else None
            self.before = earlier or self._started(run)
            self._waiting = _Waiting(self.before)
        except BaseException:
            self.close()
            raise

    @property
    def tally(self) -> Tally:
        """What is done so far, safe or not."""
        return self._waiting.tally

    @property
    def finished(self) -> bool:
        """Whether all documents are in it, and only the name of the output was missing."""
        return self.before.output is not None

    # ---------- the beginning
    def _started(self, run: Mapping[str, Any]) -> Progress:
        """An empty partial file; the record of an older run goes first, since it would lie."""
        self._files.unlink(self._beside["progress"])
        self._files.sync_folder(self.path.parent)
        self._file = self._files.open(self.partial)
        self._files.truncate(self._file, 0)
        self._files.sync_folder(self.path.parent)
        return Progress(run)

    def _resumed(self, run: Mapping[str, Any]) -> Progress | None:
        """The record of the earlier run, its partial file cut to the recorded length."""
        record = Progress.read(self._beside["progress"], self._files)
        if record is None:
            return None
        self._check_run(record.run, run)
        there = self._files.size(self.partial)
        if there is None and self._is_named(record):
            return record
        if there is None or there < record.size:
            raise ValueError(
                f"{self.partial} has {there or 0:,} bytes, and {self._beside['progress']} says"
                f" {record.size:,}: it was changed or removed. {RESTART}"
            )
        self._file = self._files.open(self.partial)
        self._files.truncate(self._file, record.size)
        # Columns are made again: whether those in the draft are whole, nobody knows.
        return replace(record, output=None) if self._is_columns else record

    def _check_run(self, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        if before == now:
            return
        inputs = changed(before.get("inputs") or _NO_INPUTS, now.get("inputs") or _NO_INPUTS)
        raise ValueError(
            f"{self.partial} belongs to a run with other inputs or options"
            f" ({inputs or 'the options differ, or the version'}). Repeat that run with --resume."
            f" {RESTART}"
        )

    # ---------- documents
    def write(self, document: Document, outcome: Outcome) -> Tally:
        """Take what came of one document; every ``CHECKPOINT`` documents all is made safe."""
        waiting = self._waiting
        before = self._form.between if waiting.tally.documents else self._form.head
        tally = waiting.tally.plus(document.text, outcome.found)
        block = before + self._form.write(outcome)
        waiting.done.append(_Done(block, tally, chained(waiting.digest, document)))
        if tally.documents % CHECKPOINT == 0:
            self._checkpoint()
        return tally

    def _checkpoint(self) -> None:
        """Make safe what waits, then say so, then forget it; done twice it writes the same."""
        waiting = self._waiting
        if waiting.done:
            data = self._packed("".join(done.block for done in waiting.done))
            self._waiting = _Waiting(self._safe(data, waiting))

    def _safe(self, data: bytes, waiting: _Waiting) -> Progress:
        """Put data behind what the last record counts, and a record that counts it."""
        assert self._file is not None
        since = waiting.since
        self._files.write(self._file, data, since.size)
        self._files.sync(self._file)
        size = since.size + len(data)
        record = replace(since, size=size, tally=waiting.tally, digest=waiting.digest)
        record.save(self._beside["progress"], self._files)
        return record

    def _packed(self, text: str) -> bytes:
        return gzip.compress(encoded(text), mtime=0) if self._is_gzip else encoded(text)

    # ---------- the end
    def finish(self) -> None:
        """Write the end, and give the file its name."""
        self._checkpoint()
        if self._waiting.since.output is None:
            self._waiting = _Waiting(self._ended(self._waiting.since))
        if self._file is not None:
            self._name()
        for ending in ("partial", "draft", "progress.new", "progress"):  # the record goes last
            self._files.unlink(self._beside[ending])
        self._files.sync_folder(self.path.parent)
        self.close()

    def _ended(self, record: Progress) -> Progress:
        """The record that says that only the name is missing."""
        assert self._file is not None
        head = "" if record.tally.documents else self._form.head
        end = head + self._form.foot
        data = self._packed(end) if end or not record.size else b""
        self._files.write(self._file, data, record.size)
        self._files.sync(self._file)
        size = record.size + len(data)
        output = self._columns() if self._is_columns else size
        record = replace(record, size=size, output=output)
        record.save(self._beside["progress"], self._files)
        return record

    def _columns(self) -> int:
        """Make a draft of the Parquet file; its size."""
        draft = self._files.open(self._beside["draft"])
        try:
            self._files.truncate(draft, 0)
            sink = Appending(self._files, draft)
            with self._files.read(self.partial) as lines:
                write_columns(lines, sink)
            sink.put()
            self._files.sync(draft)
        finally:
            self._files.close(draft)
        return sink.size

    def _name(self) -> None:
        assert self._file is not None
        self._files.close(self._file)
        self._files.replace(self._nameless, self.path)
        self._files.sync_folder(self.path.parent)

    # ---------- an early end
    def stop(self, *, save: bool) -> Stopped:
        """End early, and say how the output stands.

        ``save`` makes safe first what is done (not in compressed files, whose parts have a fixed
        size).
        """
        with suppress(OSError, KeyboardInterrupt):
            if save and not self._is_gzip:
                self._checkpoint()
        stopped = self._stopped()
        if stopped.state == "absent":
            with suppress(OSError):
                self._files.unlink(self.partial)
                self._files.unlink(self._beside["progress.new"])
        self.close()
        return stopped

    def _stopped(self) -> Stopped:
        """How the output stands, by the record on disk alone."""
        record: Progress | None = self._waiting.since
        with suppress(OSError, ValueError):
            record = Progress.read(self._beside["progress"], self._files)
        if record is None:  # removed at the very end, or never written
            is_whole = self._waiting.since.output is not None
            return Stopped("whole" if is_whole else "absent", self.tally.documents * is_whole)
        is_whole = self._is_named(record) and self._files.size(self._nameless) is None
        return Stopped("whole" if is_whole else "partial", record.tally.documents)

    def _is_named(self, record: Progress) -> bool:
        """Whether a file of the recorded size stands under the name of the output."""
        return record.output is not None and self._files.size(self.path) == record.output

    @property
    def _nameless(self) -> Path:
        """The finished file before it has its name."""
        return self._beside["draft" if self._is_columns else "partial"]

    def close(self) -> None:
        """Close the files and give the lock back; what is safe stays."""
        with suppress(OSError):
            if self._file is not None:
                self._files.close(self._file)
        with suppress(OSError):
            self._files.unlock(self._lock)


_NO_INPUTS: Mapping[str, Any] = {"files": 0, "digest": "", "first": []}
