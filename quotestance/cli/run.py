"""A run: documents are read, attributed and written, to the end or to where it is stopped."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from quotestance.cli.messages import FAILED, INTERRUPTED, warn, wrong_use
from quotestance.cli.progress import progress
from quotestance.tables.documents import Document, DocumentReader
from quotestance.tables.files import explained
from quotestance.tables.formats import Outcome
from quotestance.tables.inputs import skip, without_content
from quotestance.tables.output import RESTART, OutputFile, Stopped
from quotestance.tables.progress import Tally
from quotestance.tables.stream import Stream

if TYPE_CHECKING:
    from quotestance.stance.model import StanceModel
    from quotestance.workers import Result

# Finds out whether all is there that a document needs: the parser and every model.
_TRIAL = "“We agree to the figure,” said union leader Ana Silva."


@dataclass(frozen=True, slots=True)
class Job:
    """What there is to do: read, attribute, write."""

    reader: DocumentReader
    paths: list[str]
    options: dict[str, Any]
    limits: dict[str, Any]  # n_jobs, timeout
    sink: Stream | OutputFile
    explainer: StanceModel | None = None

    def documents(self) -> Iterator[Document]:
        """The documents that are left to do; ends the command where those that an earlier run has
        finished are not the same now."""
        if self.sink.finished:
            return iter(())
        documents, before = self.reader.read(self.paths), self.sink.before
        try:
            skip(documents, before.tally.documents, before.digest, self.paths)
        except ValueError as error:
            raise wrong_use(f"{error}. {RESTART}") from error
        return documents

    def results(self) -> Iterator[tuple[Document, Result]]:
        """The documents that are left to do with their results."""
        from quotestance.batch import attribute_many

        documents = self.documents()
        return attribute_many(
            ((document, document.text) for document in documents),
            on_error="record",
            **self.limits,
            **self.options,
        )


def require_ready(options: Mapping[str, Any], limits: Mapping[str, Any]) -> None:
    """End the command where the parser or a model is missing, without which every document would
    fail: one invented sentence is attributed, in the processes that do the rest."""
    from quotestance.batch import attribute_many

    try:
        with _workers(limits["n_jobs"]):
            list(attribute_many([_TRIAL], **limits, **options))
    except Exception as error:
        raise wrong_use(f"nothing can be attributed, and nothing was written: {error}") from error


def run(job: Job) -> int:
    """Do a job to its end, or to where it is stopped; the exit code."""
    sink, started = job.sink, time.perf_counter()
    earlier = sink.before.tally
    try:
        if earlier.documents:
            warn(f"resumed after {earlier.documents:,} documents")
        _write(job)
        sink.finish()
        _summarise(sink.tally, earlier.words, time.perf_counter() - started)
    except (KeyboardInterrupt, OSError) as error:
        if isinstance(error, BrokenPipeError) and isinstance(sink, Stream):
            return _closed_pipe(sink.tally)
        return _stopped(job, error)
    finally:
        sink.close()
    return FAILED if sink.tally.failures else 0


def _write(job: Job) -> None:
    """Write the result of every document that is left to do."""
    with _workers(job.limits["n_jobs"]), progress(job.paths, job.reader.input_format) as advance:
        for document, result in job.results():
            outcome = _outcome(document, result)
            if outcome.error is not None:
                warn(_complaint(document, outcome.error))
            tally = job.sink.write(document, outcome)
            _explain(job.explainer, outcome)
            advance(tally)


def _workers(jobs: int) -> AbstractContextManager[object]:
    """Worker processes that leave Ctrl-C, which reaches them too, to this one."""
    if jobs == 1:
        return nullcontext()
    import signal

    from joblib import parallel_config

    config: AbstractContextManager[object] = parallel_config(
        "loky", initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
    )
    return config


def _outcome(document: Document, result: Result) -> Outcome:
    if document.error is not None:
        return Outcome(document.id, error=document.error)
    return (
        Outcome(document.id, result)
        if isinstance(result, list)
        else Outcome(document.id, error=str(result))
    )


def _explain(model: StanceModel | None, outcome: Outcome) -> None:
    """Tell the five reasons that moved each quotation of a document most, on standard error."""
    if model is None or outcome.error is not None:
        return
    for quote in outcome.quotes:
        reasons = model.explain(quote.text, quote.stance_cue).reasons[:5]
        told = "; ".join(
            f"{reason.weight:+.2f} {reason.text}{f' ({reason.acts[0]})' if reason.acts else ''}"
            for reason in reasons
        )
        click.echo(f"{quote.text[:60]!r}: {told}", err=True)


def _complaint(document: Document, error: str) -> str:
    """The error with the name of the document: its id where it has one, and where it stood."""
    named = f" (id {document.id})" if document.id not in (None, document.place) else ""
    reason = (
        error.split(": ", 1)[-1]
        if document.error is not None and document.place.endswith(error.split(": ", 1)[0])
        else error
    )
    return f"{document.place}{named}: {reason}"


def _closed_pipe(tally: Tally) -> int:
    """The reader of the output has gone, as ``head`` does: what it wanted it has."""
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
    )  # nothing is left to be flushed at exit into the closed pipe
    warn(f"the output was closed after {tally.documents} documents")
    return 0


def _stopped(job: Job, error: BaseException) -> int:
    """Say why a run ends early and how its output stands; the exit code."""
    is_interrupt = isinstance(error, KeyboardInterrupt)
    reason = f"stopped: {explained(error)}" if isinstance(error, OSError) else "interrupted"
    if isinstance(job.sink, OutputFile):
        warn(f"{reason}. {_standing(job.sink, job.sink.stop(save=is_interrupt), job.paths)}")
    else:
        warn(f"{reason}. {job.sink.tally.documents} documents were written before")
    return INTERRUPTED if is_interrupt else FAILED


def _standing(sink: OutputFile, stopped: Stopped, paths: list[str]) -> str:
    """How an output stands, and what to do."""
    if stopped.state == "whole":
        return f"All is done: {sink.path} is whole"
    if stopped.state == "absent":
        return f"Nothing was written to {sink.path}; give the same command again"
    kept = f"{stopped.documents} finished documents are kept in {sink.partial}"
    once = without_content(paths)
    if once is not None:
        return f"{kept}; the run cannot be resumed, since what came from {once} is gone"
    return f"{kept}; the same command with --resume resumes there"


def _summarise(tally: Tally, earlier: int, seconds: float) -> None:
    if tally.documents != 1 or tally.failures:
        speed = (tally.words - earlier) / max(seconds, 1e-9)
        warn(
            f"{tally.documents:,} documents, {tally.quotations:,} quotations, {tally.named:,} with"
            f" a named speaker, {tally.failures:,} failures, {speed:,.0f} words/s"
        )
