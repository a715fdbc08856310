"""The models that the commands are given by name or folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quotestance.cli.messages import wrong_use

if TYPE_CHECKING:
    from quotestance.attribution_model import AttributionModel
    from quotestance.stance.model import StanceModel


def chosen_model(folder: str | None) -> StanceModel:
    """The stance model in a folder, or the bundled one; ends the command where there is none."""
    from quotestance.stance.model import StanceModel

    try:
        return StanceModel.load(folder)
    except (OSError, ValueError, ImportError) as error:
        raise wrong_use(str(error)) from error


def chosen_attribution_model(name: str | None) -> AttributionModel:
    """The attribution model of a name or in a folder, or the bundled one; ends the command where
    there is none."""
    from quotestance.attribution_model import AttributionModel

    try:
        return AttributionModel.load(name)
    except (OSError, ValueError) as error:
        raise wrong_use(str(error)) from error
