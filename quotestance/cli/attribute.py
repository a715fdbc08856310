"""``quotestance attribute``: its options, checked before anything is read."""

from __future__ import annotations

import codecs
import math
import sys
from pathlib import Path
from typing import Any

import click

from quotestance import __version__
from quotestance.cli.messages import interruptible, warn, wrong_use
from quotestance.cli.models import chosen_model
from quotestance.cli.run import Job, require_ready, run
from quotestance.cli.sinks import check_inputs, open_sink, target_of
from quotestance.tables.documents import (
    INPUT_FORMATS,
    STANDARD_INPUT,
    DocumentReader,
    find_paths,
    format_of,
    import_parquet,
)
from quotestance.tables.formats import FORMATS, format_of_output

_KINDS = ("direct", "mixed", "other")


@click.command()
@click.argument("files", nargs=-1, metavar="[FILES | DIRECTORIES | PATTERNS | -]...")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="Output format [default: by the ending of --output, else table].",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help=(
        "Write to FILE, which appears when all is done; .gz is compressed [default: standard"
        " output]."
    ),
)
@click.option(
    "--input-format",
    type=click.Choice(INPUT_FORMATS),
    help="What the input is [default: by its ending, else text].",
)
@click.option(
    "--text-field", default="text", show_default=True, help="Field or column that holds the text."
)
@click.option(
    "--id-field", default="id", show_default=True, help="Field or column that holds the id."
)
@click.option(
    "--fallback-encoding",
    default="cp1252",
    show_default=True,
    help="Encoding of input that is not UTF-8.",
)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(_KINDS),
    multiple=True,
    default=_KINDS[:2],
    show_default=True,
    help="Kind to show; repeatable. 'other' is no speech.",
)
@click.option(
    "--stance/--no-stance", default=True, show_default=True, help="Whether to tell the stance."
)
@click.option(
    "--stance-model",
    metavar="MODEL",
    help="Stance model in place of the bundled one: a name (stance-en-encoder) or a folder.",
)
@click.option(
    "--model",
    metavar="MODEL",
    help="Attribution model in place of the bundled one: a name or a folder.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Tell on standard error which words and acts moved each quotation's stance, and how far.",
)
@click.option(
    "-j",
    "--jobs",
    type=int,
    default=1,
    show_default=True,
    help="Processes; -1 is one on every core.",
)
@click.option(
    "--timeout",
    type=float,
    metavar="SECONDS",
    help="A document that takes longer fails, and the rest goes on [default: no limit].",
)
@click.option(
    "--resume", is_flag=True, help="Resume a run that was ended in the middle (needs --output)."
)
@interruptible()
def attribute(
    files: tuple[str, ...],
    form: str | None,
    output: str | None,
    input_format: str | None,
    text_field: str,
    id_field: str,
    fallback_encoding: str,
    kinds: tuple[str, ...],
    stance: bool,
    stance_model: str | None,
    model: str | None,
    explain: bool,
    jobs: int,
    timeout: float | None,
    resume: bool,
) -> None:
    """Find the quotations of documents, their speakers and their stance.

    Reads plain text (one document a file), JSON Lines ({"id", "text"}), CSV and Parquet, .gz or
    not; without files, standard input.

    \b
    Exit codes: 0 all is well; 1 some documents failed, which are named on standard error and in
    the output, or the output could not be written; 2 wrong use, nothing was done; 130 ended with
    Ctrl-C.
    """
    target = target_of(output)
    form = form or format_of_output(output or "") or "table"
    _check(form, target, jobs, resume, fallback_encoding)
    _check_timeout(timeout)
    try:
        paths = find_paths(files or _standard_input(), leave_out=target)
    except FileNotFoundError as error:
        raise wrong_use(str(error)) from error
    check_inputs(paths, target, resume=resume)
    _check_parquet(form, input_format, paths)
    reader = DocumentReader(input_format, text_field, id_field, fallback_encoding, warn)
    # By name: each worker loads the model once, and none travels with every batch.
    options = {"kinds": kinds, "stance": stance, "stance_model": stance_model, "model": model}
    said = [
        __version__,
        form,
        input_format,
        text_field,
        id_field,
        fallback_encoding,
        kinds,
        stance,
        stance_model,
        model,
    ]
    limits: dict[str, Any] = {"n_jobs": jobs, "timeout": timeout}
    require_ready(options, limits)
    explainer = chosen_model(stance_model) if explain else None
    sink = open_sink(target, form, said, paths, resume)
    sys.exit(run(Job(reader, paths, options, limits, sink, explainer)))


def _standard_input() -> tuple[str, ...]:
    if sys.stdin.isatty():
        raise wrong_use("no files given; name some, or pipe text into the command")
    return (STANDARD_INPUT,)


def _check(form: str, target: Path | None, jobs: int, resume: bool, encoding: str) -> None:
    """End the command where its output or its processes cannot be what the options say."""
    if target is not None:
        _check_target(target)
    regular = target is not None and _is_regular(target)
    if resume and not regular:
        raise wrong_use(
            "--resume needs --output FILE: what went to standard output cannot be resumed"
        )
    if form == "parquet" and not regular:
        raise wrong_use("Parquet is written to a file; name it with --output")
    _check_jobs(jobs)
    _check_encoding(encoding)


def _check_target(target: Path) -> None:
    if not target.parent.is_dir():
        raise wrong_use(f"the folder of {target} does not exist; make it first")
    if target.is_dir():
        raise wrong_use(f"{target} is a folder; name a file")


def _is_regular(target: Path) -> bool:
    """Whether a file can be made or replaced there, as a pipe or a terminal cannot."""
    return not target.exists() or target.is_file()


def _check_jobs(jobs: int) -> None:
    if jobs == 0 or jobs < -1:
        raise wrong_use(
            f"--jobs is {jobs}; give a number of processes, or -1 for one on every core"
        )


def _check_timeout(timeout: float | None) -> None:
    if timeout is not None and not 0 < timeout < math.inf:
        raise wrong_use(f"--timeout is {timeout:g}; give the seconds that a document may take")


def _check_encoding(encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise wrong_use(
            f"unknown encoding {encoding!r}; use one that Python knows, such as cp1252 or latin-1"
        ) from error


def _check_parquet(form: str, input_format: str | None, paths: list[str]) -> None:
    formats = [input_format] if input_format else map(format_of, paths)
    if "parquet" not in (form, *formats):
        return
    try:
        import_parquet()
    except ImportError as error:
        raise wrong_use(str(error)) from error
