"""``quotestance evaluate stance`` and ``quotestance fine-tune stance``: a stance model and a user's
labels. ``stance`` may be left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quotestance.cli.messages import apart, require_new, warn, wrong_use
from quotestance.cli.models import chosen_model

if TYPE_CHECKING:
    from quotestance.stance.model import StanceModel
    from quotestance.tables.labelled import LabelledQuotation
    from quotestance.training.stance_scores import StanceReport


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

    pairs = _pairs(mapping)
    try:
        rows = read_labelled(path, mapping=pairs)
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error
    for notice in notices(rows):
        warn(f"{path}: {notice}")
    return rows


def _pairs(mapping: tuple[str, ...]) -> dict[str, str]:
    """What the labels of ``--map`` stand for."""
    pairs = dict(pair.split("=", 1) for pair in mapping if "=" in pair)
    if len(pairs) != len(mapping):
        raise wrong_use(f"--map {' '.join(mapping)}: write LABEL=CLASS, each label once")
    return pairs


def _evaluated(model: StanceModel, rows: Sequence[LabelledQuotation]) -> StanceReport:
    from quotestance.training.stance_scores import columns_of, evaluate_stance

    probabilities = model.predict_proba([row.text for row in rows])
    return evaluate_stance(
        [row.label for row in rows],
        columns_of(model.classes_.tolist(), probabilities),
        weights=[row.weight for row in rows],
        groups=[row.group for row in rows],
    )


def _as_text(report: StanceReport, rows: Sequence[LabelledQuotation], worst: int = 0) -> str:
    from quotestance.training.stance_scores import as_text

    contents = [row.text for row in rows] if worst else ()
    return as_text(report, contents, [row.label for row in rows], worst=worst)


@click.command("stance")
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
def evaluate_stance_command(
    labelled: str, model: str | None, mapping: tuple[str, ...], worst: int, plot: str | None
) -> None:
    """Compare a stance model with your labels: figures with intervals, confusion table,
    calibration, worst errors.

    LABELLED is CSV or JSON Lines with text and label: a class, or one of the codebook's six labels.
    A row counts by its weight, if it has one; the intervals resample rows of a group (an article)
    together.
    """
    draw = _plotter(plot) if plot else None
    rows, chosen = _labelled(labelled, mapping), chosen_model(model)
    report = _evaluated(chosen, rows)
    click.echo(_as_text(report, rows, worst))
    if draw:
        draw(report)


def _plotter(path: str) -> Callable[[StanceReport], None]:
    """What draws a report into a file; whether it can is asked before anything is read."""
    if not Path(path).resolve().parent.is_dir():
        raise wrong_use(f"the folder of {path} does not exist; make it first")
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise wrong_use("--plot needs matplotlib: pip install matplotlib") from error
    figure = Figure()
    if Path(path).suffix.lower().removeprefix(".") not in figure.canvas.get_supported_filetypes():
        raise wrong_use(f"{path}: no kind of picture ends like that; use .png, .svg or .pdf")

    def draw(report: StanceReport) -> None:
        from quotestance.training.stance_scores import plot_calibration

        plot_calibration(report, figure.subplots())
        figure.savefig(path)

    return draw


_TRAINED = "rows to validate with are left out: rows of their group are trained on"


@click.command("stance")
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
    help="How much each quotation counts, beside its own weight in the file.",
)
@_MAPPING
def fine_tune_stance_command(
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
    require_new(output)
    rows = _labelled(labelled, mapping)
    held: Sequence[LabelledQuotation] = []
    if validate:
        groups = {row.group for row in rows if row.group}
        held = apart(_labelled(validate, mapping), lambda row: row.group in groups, _TRAINED)
    before = chosen_model(model)
    try:
        after = _tuned(before, rows, weight)
    except ValueError as error:
        raise wrong_use(f"{labelled}: {error}") from error
    _compare(validate, held, before, after)
    _compare("held-out invented quotations", _held_out(before), before, after)
    after.save(output)
    click.echo(f"{output}: fine-tuned on {len(rows)} quotations")


def _held_out(model: StanceModel) -> list[LabelledQuotation]:
    """The invented quotations that a model was not trained on, where it has some."""
    from quotestance.tables.labelled import LabelledQuotation, to_class

    held = getattr(model, "facts_", {}).get("held_out", [])
    return [LabelledQuotation(text, to_class(label)) for text, label in held]


def _compare(
    name: str | None, rows: Sequence[LabelledQuotation], before: StanceModel, after: StanceModel
) -> None:
    """Print the figures of two models on rows, where there are any."""
    if rows:
        for when, model in (("before", before), ("after", after)):
            click.echo(f"{name}, {when}\n{_as_text(_evaluated(model, rows), rows)}\n")


def _tuned(model: StanceModel, rows: Sequence[LabelledQuotation], weight: float) -> StanceModel:
    """The model that learned the rows, with the weights and groups that they have."""
    groups = [row.group or f"line {row.line}" for row in rows]  # a row without one stands alone
    return model.fine_tune(
        [row.text for row in rows],
        [row.label for row in rows],
        weight=weight,
        sample_weight=[row.weight for row in rows],
        groups=groups if any(row.group for row in rows) else None,
    )
