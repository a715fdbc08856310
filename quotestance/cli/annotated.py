"""``quotestance evaluate attribution`` and ``quotestance fine-tune attribution``: a model of
attribution and a user's annotated documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from quotestance.cli.messages import apart, require_new, wrong_use
from quotestance.cli.models import chosen_attribution_model
from quotestance.cli.train import ANNOTATED, annotated

if TYPE_CHECKING:
    from quotestance.attribution_model import AttributionModel
    from quotestance.training.annotated import Document


_TRAINED = "documents to validate with are left out: they are trained on"


@click.command("attribution")
@ANNOTATED
@click.option(
    "--model",
    metavar="MODEL",
    help="Attribution model to evaluate, a name or a folder [default: the bundled one].",
)
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many of the worst errors to show.",
)
def evaluate_attribution_command(files: tuple[str, ...], model: str | None, worst: int) -> None:
    """Compare the quotations, mentions and full names that a model finds with your annotated
    documents: figures with intervals, worst errors.

    ANNOTATED is JSON Lines as in docs/fine-tuning.md. A surname alone, or an occupation in front of
    the name, is not the full name. The intervals resample documents.
    """
    documents, chosen = annotated(files), chosen_attribution_model(model)
    click.echo(_evaluated(chosen, documents, worst))


def _evaluated(model: AttributionModel, documents: Sequence[Document], worst: int) -> str:
    """The report of a model on documents; the command ends where there is nothing to compare."""
    from quotestance.pipeline import attribute_batch
    from quotestance.training.attribution_report import as_text, evaluate_attribution

    texts = [document.text for document in documents]
    try:
        found = list(attribute_batch(texts, stance=False, model=model))
        return as_text(evaluate_attribution(documents, found), worst)
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error


@click.command("attribution")
@ANNOTATED
@click.option(
    "-o", "--output", required=True, metavar="FOLDER", help="Folder to write; must not exist yet."
)
@click.option(
    "--validate",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Annotated documents held out, to report figures on before and after.",
)
@click.option(
    "--model",
    metavar="MODEL",
    help="Attribution model to start from, a name or a folder [default: the bundled one].",
)
@click.option(
    "--weight",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="How much your documents count against what the model knew.",
)
def fine_tune_attribution_command(
    files: tuple[str, ...], output: str, validate: str | None, model: str | None, weight: float
) -> None:
    """Teach a model of attribution your annotated documents, and write the new model to FOLDER.

    ANNOTATED is JSON Lines as in docs/fine-tuning.md; a dozen documents are enough to begin with.
    What they say nothing about stays as it was.
    """
    from quotestance.training.tuning import FEWEST_COMPLETE, fine_tuned

    require_new(output)
    documents = annotated(files)
    held: Sequence[Document] = []
    if validate:
        trained = {document.text for document in documents}
        held = apart(annotated([validate]), lambda document: document.text in trained, _TRAINED)
    before = chosen_attribution_model(model)
    try:
        after = fine_tuned(before, documents, weight=weight)
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error
    if held:
        for when, compared in (("before", before), ("after", after)):
            click.echo(f"{validate}, {when}\n{_evaluated(compared, held, 0)}\n")
    after.save(output)
    complete = sum(document.complete for document in documents)
    kept = complete < FEWEST_COMPLETE
    click.echo(
        f"{output}: fine-tuned on {len(documents)} documents, {complete} of them complete;"
        f" confidence {'kept as it was' if kept else 'calibrated again'} (that needs"
        f" {FEWEST_COMPLETE} complete ones)"
    )
