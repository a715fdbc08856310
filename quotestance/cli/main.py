"""The command line: the group that holds the commands."""

from __future__ import annotations

import click

from quotestance import __version__
from quotestance.cli.attribute import attribute
from quotestance.cli.evaluate import evaluate, fine_tune
from quotestance.cli.train import train


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quotestance")
def main() -> None:
    """Quotations in news text: who said what, and how conciliatory or hardline the words are."""


for command in (attribute, evaluate, fine_tune, train):
    main.add_command(command)
