"""The options of attribution, checked before the first document by every way in.

Pipelines and models may be given by name or folder; each is loaded once a process.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from quotestance import model_folder
from quotestance.attribution.parser import OFFICIAL, find_pipeline, kept, require_parser
from quotestance.attribution_model import AttributionModel
from quotestance.once import once
from quotestance.quote import Kind

if TYPE_CHECKING:
    from spacy.language import Language

    from quotestance.stance.scoring import ProbabilityModel

Name = str | os.PathLike[str]  # what a model or a pipeline may be given by: its name or folder
KINDS: tuple[str, ...] = get_args(Kind)
SPEECH = ("direct", "mixed")
_CACHED = 8  # models kept by name: more than a program compares at once


@dataclass(frozen=True, slots=True)
class Options:
    """Options that were checked, with the objects that their names stand for.

    ``None`` stands for what is bundled.
    """

    kinds: tuple[str, ...] = SPEECH
    stance: bool = True
    stance_model: ProbabilityModel | None = None
    nlp: Language | None = None
    model: AttributionModel | None = None


def check_options(
    options: Mapping[str, Any], caller: str = "attribute_quotes", own: Sequence[str] = ()
) -> Options:
    """The options of ``caller``, checked; ``own`` are those that it reads itself.

    Raises ``TypeError`` for an unknown name or a value of a wrong type, ``ValueError`` for an
    unknown kind, a broken model or a pipeline without a parser, ``OSError`` for a name that nothing
    is called by.

    >>> check_options({"kinds": ["direct"]}).kinds
    ('direct',)
    >>> check_options({"kinds": "indirect"})
    Traceback (most recent call last):
        ...
    ValueError: kinds holds 'indirect'; give one or more of direct, mixed, other
    """
    known = [field.name for field in fields(Options)]
    for name in options:
        if name not in known:
            raise TypeError(
                f"{caller} has no option {name!r}; it takes {', '.join([*own, *known])}"
            )
    return Options(**{name: _CHECKS[name](value) for name, value in options.items()})


def check_stream(options: Mapping[str, Any], caller: str, own: Sequence[str]) -> dict[str, Any]:
    """The options of a stream, checked before its first document, as they travel to workers.

    Names stay names there: a worker loads once what would otherwise travel with every batch. Raises
    as ``check_options`` does, and ``OSError`` where no English pipeline is installed.
    """
    checked = check_options(options, caller, own)
    if checked.nlp is None:
        find_pipeline()
    return {**options, "kinds": checked.kinds}


def _kinds(value: Any) -> tuple[str, ...]:
    if not isinstance(value, Iterable):
        raise TypeError(f"kinds is {value!r}; give one or more of {', '.join(KINDS)}")
    kinds = (value,) if isinstance(value, str) else tuple(value)
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"kinds holds {kind!r}; give one or more of {', '.join(KINDS)}")
    return kinds


def _stance(value: Any) -> bool:
    if value is not True and value is not False:
        raise TypeError(f"stance is {value!r}; give True or False")
    return bool(value)


# ---------- models
def _stance_model(value: Any) -> Any:
    if isinstance(value, str | os.PathLike):
        return _loaded(_read_stance_model, value)
    if value is None or (hasattr(value, "predict_proba") and hasattr(value, "classes_")):
        return value
    if hasattr(value, "predict_proba"):
        raise TypeError(
            f"the {type(value).__name__} given as stance_model has no classes_: it is not fitted."
            " Call fit first, or give a model that knows its classes."
        )
    raise TypeError(
        f"stance_model is {value!r}; give a StanceModel, its name or folder, or anything with"
        " classes_ and predict_proba"
    )


def _model(value: Any) -> Any:
    if isinstance(value, str | os.PathLike):
        return _loaded(_read_model, value)
    if value is None or isinstance(value, AttributionModel):
        return value
    raise TypeError(f"model is {value!r}; give an AttributionModel, its name or folder")


def _loaded(read: Callable[[str, int], Any], name: Name) -> Any:
    """The model in a folder or of a bundled name; read again only where it was written again."""
    folder = model_folder.find(name)
    facts = folder / "model.json"
    return read(str(folder.resolve()), facts.stat().st_mtime_ns if facts.is_file() else 0)


@once(_CACHED)
def _read_stance_model(folder: str, written: int) -> Any:
    from quotestance.stance.linear_stance import LinearStance

    return LinearStance.load(folder)


@once(_CACHED)
def _read_model(folder: str, written: int) -> AttributionModel:
    return AttributionModel.load(folder)


# ---------- the pipeline
def _nlp(value: Any) -> Any:
    if value is None:
        return None
    nlp = _kept_pipeline(os.fspath(value)) if isinstance(value, str | os.PathLike) else value
    if not (hasattr(nlp, "pipe") and hasattr(nlp, "has_pipe")):
        raise TypeError(f"nlp is {value!r}; give a spaCy pipeline, its name or folder")
    require_parser(nlp)
    return nlp


def _kept_pipeline(name: str) -> Language:
    return kept(name, partial(_load_pipeline, name))


def _load_pipeline(name: str) -> Language:
    """A spaCy pipeline; the official English one may be its re-upload."""
    import importlib.util

    import spacy

    absent = name == OFFICIAL and importlib.util.find_spec(name) is None
    try:
        return spacy.load(find_pipeline() if absent else name)
    except OSError as error:
        raise OSError(
            f"nlp is {name!r}: no spaCy pipeline of that name is installed, and it is not a folder"
            f" that holds one ({error}). Install it, or leave nlp out"
        ) from error


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "kinds": _kinds,
    "stance": _stance,
    "stance_model": _stance_model,
    "nlp": _nlp,
    "model": _model,
}
