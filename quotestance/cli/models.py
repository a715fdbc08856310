"""The models that the commands are given by name or folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quotestance.cli.messages import wrong_use

if TYPE_CHECKING:
    from quotestance.stance.model import StanceModel


def chosen_model(folder: str | None) -> StanceModel:
    """The stance model in a folder, or the bundled one; ends the command where there is none."""
    from quotestance.stance.model import StanceModel

    try:
        return StanceModel.load(folder)
    except (OSError, ValueError, ImportError) as error:
        raise wrong_use(str(error)) from error
