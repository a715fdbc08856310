"""Quotations in news text.

Every direct quotation, who said it under their full name, and how conciliatory or hardline it is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quotestance.attribution_model import AttributionModel
    from quotestance.batch import attribute_many
    from quotestance.frames import attribute_rows
    from quotestance.pipeline import attribute_quotes
    from quotestance.quote import Quote, Speaker, Stance, TextSpan
    from quotestance.stance.model import StanceModel
    from quotestance.workers import Failure

__version__ = "0.1.0"
__all__ = [
    "AttributionModel",
    "Failure",
    "Quote",
    "Speaker",
    "Stance",
    "StanceModel",
    "TextSpan",
    "attribute_many",
    "attribute_quotes",
    "attribute_rows",
]

# Public name -> its module: imported when first asked for, so that ``import quotestance`` loads
# neither spaCy nor scikit-learn.
_HOMES = {
    "AttributionModel": "attribution_model",
    "Failure": "workers",
    "Quote": "quote",
    "Speaker": "quote",
    "Stance": "quote",
    "StanceModel": "stance.model",
    "TextSpan": "quote",
    "attribute_many": "batch",
    "attribute_quotes": "pipeline",
    "attribute_rows": "frames",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
