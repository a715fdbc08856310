"""The command line: the group that holds the commands."""

from __future__ import annotations

import click

from quotestance import __version__
from quotestance.cli.annotated import (
    evaluate_attribution_command,
    fine_tune_attribution_command,
)
from quotestance.cli.attribute import attribute
from quotestance.cli.evaluate import evaluate_stance_command, fine_tune_stance_command
from quotestance.cli.train import train


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quotestance")
def main() -> None:
    """Quotations in news text: who said what, and how conciliatory or hardline the words are."""


class StanceUnlessNamed(click.Group):
    """A group whose command ``stance`` may be left out: ``evaluate FILE`` is ``evaluate stance
    FILE``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Name the command where the first argument names none."""
        known = {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if args[:1] and args[0] in known else ["stance", *args])


@click.group(cls=StanceUnlessNamed)
def evaluate() -> None:
    """Compare a model with your labels or annotated documents; of stance, unless attribution is
    named."""


@click.group("fine-tune", cls=StanceUnlessNamed)
def fine_tune() -> None:
    """Teach a model your labels or annotated documents; stance, unless attribution is named."""


evaluate.add_command(evaluate_stance_command)
evaluate.add_command(evaluate_attribution_command)
fine_tune.add_command(fine_tune_stance_command)
fine_tune.add_command(fine_tune_attribution_command)
for command in (attribute, evaluate, fine_tune, train):
    main.add_command(command)
