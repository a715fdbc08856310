"""Where the results of a run go, opened before anything is read."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quotestance.cli.messages import warn, wrong_use
from quotestance.tables.documents import STANDARD_INPUT
from quotestance.tables.files import explained
from quotestance.tables.formats import FORMATS
from quotestance.tables.inputs import described, refuse_output, without_content
from quotestance.tables.output import OutputFile, beside
from quotestance.tables.stream import Stream

_STANDARD_OUTPUT = "standard output"


def target_of(output: str | None) -> Path | None:
    """The file to write, None for standard output; a pipe or device is opened in its place."""
    return None if output in (None, STANDARD_INPUT) else Path(str(output)).resolve()


def check_inputs(paths: Sequence[str], target: Path | None, *, resume: bool) -> None:
    """End the command where an input is the output, or cannot be read a second time for
    ``--resume``."""
    once = without_content(paths)
    if resume and once is not None:
        name = "standard input" if once == STANDARD_INPUT else once
        raise wrong_use(
            f"{name} cannot be resumed: what an earlier run has read from it is gone. Save it to a"
            " file and give that, or run without --resume"
        )
    if target is not None:
        try:
            refuse_output(paths, target, beside(target).values())
        except ValueError as error:
            raise wrong_use(str(error)) from error


def open_sink(
    target: Path | None, form: str, options: Sequence[Any], paths: Sequence[str], resume: bool
) -> Stream | OutputFile:
    """What takes the results; ends the command where it cannot be written, or not be resumed."""
    try:
        if target is None:
            return Stream(sys.stdout.buffer, FORMATS[form], _STANDARD_OUTPUT)
        if target.exists() and not target.is_file():
            return Stream(open(target, "wb"), FORMATS[form], str(target))
        facts: Mapping[str, Any] = {"options": options, "inputs": described(paths)}
        return OutputFile(target, form, facts, resume=resume, warn=warn)
    except OSError as error:
        raise wrong_use(f"cannot write {target or _STANDARD_OUTPUT}: {explained(error)}") from error
    except ValueError as error:
        raise wrong_use(str(error)) from error
