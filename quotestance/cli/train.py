"""``quotestance train``: the bundled models again, or models of one's own from annotated data."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

from quotestance.cli.messages import require_new, wrong_use

if TYPE_CHECKING:
    from quotestance.training.annotated import Document


@click.group()
def train() -> None:
    """Train models of your own from annotated data."""


ANNOTATED = click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False),
    metavar="ANNOTATED...",
)


def annotated(files: Iterable[str]) -> list[Document]:
    """The annotated documents of files; what is wrong with one ends the command."""
    from quotestance.training.annotated import read_documents

    documents: list[Document] = []
    try:
        for path in files:
            with open(path, encoding="utf-8-sig") as lines:
                documents += read_documents(lines, path)
    except UnicodeDecodeError as error:
        raise wrong_use(f"{path} is not UTF-8 ({error}); save it as UTF-8") from error
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error
    return documents


@train.command("attribution")
@ANNOTATED
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

    Use it with quotestance attribute --model FOLDER. What the bundled model knows is not in it:
    quotestance fine-tune attribution keeps that.
    """
    from quotestance.attribution_model import AttributionModel, read_first_names
    from quotestance.training.attribution import train_attribution

    require_new(output)
    documents = annotated(files)
    try:
        names = (
            read_first_names(first_names) if first_names else AttributionModel.load().first_names
        )
        with one_thread():
            model = train_attribution(documents, names)
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error
    model.save(output)
    held = model.facts["held_out"]
    click.echo(
        f"{output}: trained on {len(documents)} documents; names right in held-out parts"
        f" {held['name_right']:.1%}, calibration error {held['calibration_error']:.3f}"
    )


SEEDS = click.option(
    "--seeds",
    multiple=True,
    default=("seeds/quotations.jsonl",),
    show_default=True,
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Invented quotations.",
)
TAUGHT = click.option(
    "--taught",
    type=click.Path(exists=True, dir_okay=False),
    help="What a teacher said (python -m quotestance.training teacher): learned too.",
)
ARTICLES = click.option(
    "--article",
    "articles",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Articles (id, text) whose quotations and sentences were read.",
)
READ = click.option(
    "--read",
    "read",
    type=click.Path(exists=True, dir_okay=False),
    help="Labels of the articles' quotations (sha256, label, sure).",
)


@train.command("stance")
@SEEDS
@click.option(
    "--real",
    type=click.Path(exists=True, dir_okay=False),
    help="Real quotations (text, label, source, sure).",
)
@TAUGHT
@READ
@ARTICLES
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
    from quotestance.training.lesson_files import read_labels, read_real, read_seeds
    from quotestance.training.lessons import Lessons, Taught, unlabelled
    from quotestance.training.stance import train_stance

    require_new(output)
    try:
        invented, held = read_seeds(*seeds)
        teacher = Taught.read(taught, articles) if taught else None
        quoted = read_real(real) if real else []
        labelled = read_labels(read, articles) if read else []
        examples = invented + quoted + labelled
        lessons = Lessons(examples, unlabelled(teacher.sentences, examples) if teacher else ())
        with one_thread():
            model = train_stance(lessons, teacher=teacher)
        model.save(output, {"held_out": [[example.text, example.label] for example in held]})
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error
    click.echo(
        f"{output}: trained on {len(lessons.examples):,} labelled and {len(lessons.unlabelled):,}"
        " unlabelled quotations"
    )


def one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one thread.

    How sums are split among threads would show in the last digits of the weights.
    """
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(limits=1)
    return limits
