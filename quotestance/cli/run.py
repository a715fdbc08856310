"""A run: documents are read, attributed and written, to the end or to where it is stopped."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from quotestance.cli.messages import FAILED, INTERRUPTED, warn
from quotestance.cli.progress import progress
from quotestance.tables.documents import Document, DocumentReader
from quotestance.tables.output import Outcome, OutputFile, Stream, Tally

if TYPE_CHECKING:
    from quotestance.stance.model import StanceModel
    from quotestance.workers import Result


@dataclass(frozen=True, slots=True)
class Job:
    """What there is to do: read, attribute, write."""

    reader: DocumentReader
    paths: list[str]
    options: dict[str, Any]
    jobs: int
    sink: Stream | OutputFile
    explainer: StanceModel | None = None

    def results(self) -> Iterator[tuple[Document, Result]]:
        """The documents with their results, those that an earlier run has finished left out."""
        from quotestance.batch import attribute_many

        documents = islice(self.reader.read(self.paths), self.sink.done, None)
        return attribute_many(
            ((document, document.text) for document in documents),
            n_jobs=self.jobs,
            on_error="record",
            **self.options,
        )


def run(job: Job) -> int:
    """Do a job to its end, or to where it is stopped; the exit code."""
    tally, started = job.sink.tally, time.perf_counter()
    earlier = tally.words
    try:
        with _workers(job.jobs), progress(job.paths, job.reader.input_format) as advance:
            for document, result in job.results():
                outcome = _outcome(document, result)
                tally.count(document.text, outcome.quotes if outcome.error is None else None)
                if outcome.error is not None:
                    warn(_complaint(document, outcome.error))
                job.sink.write(outcome, tally)
                _explain(job.explainer, outcome)
                advance(tally)
        job.sink.finish(tally)
    except BrokenPipeError:
        return _closed_pipe(tally)
    except (KeyboardInterrupt, OSError) as error:
        return _stopped(job.sink, tally, error)
    _summarise(tally, earlier, time.perf_counter() - started)
    return FAILED if tally.failures else 0


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


def _stopped(sink: Stream | OutputFile, tally: Tally, error: BaseException) -> int:
    reason = "interrupted" if isinstance(error, KeyboardInterrupt) else f"stopped: {error}"
    if isinstance(sink, OutputFile):
        kept = sink.keep(tally)
        warn(
            f"{reason}. {kept} finished documents are kept in {sink.partial}; the same command with"
            " --resume goes on from there"
        )
    else:
        warn(f"{reason} after {tally.documents} documents")
    return INTERRUPTED if isinstance(error, KeyboardInterrupt) else FAILED


def _summarise(tally: Tally, earlier: int, seconds: float) -> None:
    if tally.documents != 1 or tally.failures:
        speed = (tally.words - earlier) / max(seconds, 1e-9)
        warn(
            f"{tally.documents:,} documents, {tally.quotations:,} quotations, {tally.named:,} with"
            f" a named speaker, {tally.failures:,} failures, {speed:,.0f} words/s"
        )
