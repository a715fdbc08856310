"""The learned numbers of attribution.

Ranker, antecedents, kinds, confidence, and the first names that hint at gender.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from quotestance import model_folder
from quotestance.attribution.kinds import KINDS, KindModel
from quotestance.linear import LinearModel
from quotestance.once import once
from quotestance.speakers.titles import Gender

if TYPE_CHECKING:
    from spacy.language import Language

KIND = "attribution"
NAME = "attribution-en"
_STEPS = ("ranker", "antecedents", "confidence", "boundaries")  # all linear
_LEARNED = (*_STEPS, "kinds")
_GENDERS: tuple[Gender, Gender] = ("f", "m")
# What model.json says of the weights; all else there is a fact about the training.
_OF_WEIGHTS = frozenset({"words", "first_names", "format", "kind"})


@dataclass(frozen=True, slots=True)
class AttributionModel:
    """Everything attribution learned from annotated news; ``load()`` gives the bundled one.

    ``pull`` tells how well each weight of a step is known, for fine-tuning; 1 where it is absent.

    >>> model = AttributionModel.load()
    >>> model.first_names["anna"]
    'f'
    """

    ranker: LinearModel
    antecedents: LinearModel
    kinds: KindModel
    confidence: LinearModel
    boundaries: LinearModel
    first_names: Mapping[str, Gender]
    facts: Mapping[str, Any]
    pull: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @classmethod
    def load(cls, model: str | os.PathLike[str] | None = None) -> AttributionModel:
        """Read a model by its name or from its folder; without either, the bundled
        ``attribution-en`` (read once a process).

        Raises ``FileNotFoundError`` or ``ValueError``, naming the file, for a model that is
        missing, broken or of another kind.
        """
        return _bundled() if model is None else _read(model_folder.find(model))

    def fine_tune(
        self,
        documents: Iterable[Mapping[str, Any]],
        *,
        weight: float = 1.0,
        nlp: Language | None = None,
    ) -> AttributionModel:
        """A new model that learned these annotated documents, and kept what this one knew.

        Documents are mappings in the form of docs/fine-tuning.md; a dozen are enough to begin with.
        Weights are pulled towards the old ones, more strongly the better they are known;
        ``weight`` says how much the documents count against that. ``confidence`` stays as it was
        unless 30 documents are complete. The same documents give the same bytes. Raises
        ``ValueError``, naming the document, where one is not of this form, and where none has an
        annotated quotation.

        >>> AttributionModel.load().fine_tune([])
        Traceback (most recent call last):
            ...
        ValueError: none of the 0 documents has an annotated quotation; give some that do
        """
        # The one step up to the room of training: only who learns loads it.
        from quotestance.training.tuning import fine_tuned_on

        return fine_tuned_on(self, documents, weight=weight, nlp=nlp)

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the model to a new folder, whole or not at all."""
        model_folder.save(folder, KIND, self.to_artefact())

    def to_artefact(self) -> model_folder.Artefact:
        """The arrays and facts that a model folder holds."""
        import numpy as np

        tables = {name: getattr(self, name).weights for name in _STEPS}
        words = {name: sorted(table) for name, table in tables.items()}
        arrays = {
            name: np.array([table[word] for word in words[name]], dtype="<f4")
            for name, table in tables.items()
        }
        words["kinds"] = sorted(self.kinds.weights)
        kinds = np.array([self.kinds.weights[word] for word in words["kinds"]], dtype="<f4")
        arrays["kinds"] = kinds.reshape(-1, len(KINDS))
        for name, pull in self.pull.items():
            known = [pull.get(word, 1.0) for word in words[name]]
            arrays[_pull_of(name)] = np.array(known, dtype="<f4")
        names = {gender: " ".join(self._names_of(gender)) for gender in _GENDERS}
        return model_folder.Artefact(arrays, {**self.facts, "words": words, "first_names": names})

    def _names_of(self, gender: Gender) -> list[str]:
        return sorted(name for name, other in self.first_names.items() if other == gender)


def _read(folder: str | os.PathLike[str]) -> AttributionModel:
    stored = model_folder.load(folder, KIND)
    words = stored.facts["words"]
    sizes: dict[str, tuple[int, ...]] = {name: (len(words[name]),) for name in _STEPS}
    pulled = [name for name in _LEARNED if _pull_of(name) in stored.arrays]
    pulls = {_pull_of(name): (len(words[name]),) for name in pulled}
    kinds = (len(words["kinds"]), len(KINDS))
    model_folder.require(stored, folder, {**sizes, **pulls, "kinds": kinds})
    tables = {
        name: dict(zip(words[name], stored.arrays[name].tolist(), strict=True)) for name in words
    }
    steps: dict[str, Any] = {name: LinearModel(tables[name]) for name in _STEPS}
    return AttributionModel(
        **steps,
        kinds=KindModel(tables["kinds"]),
        first_names=_gendered(stored.facts["first_names"]),
        facts={key: value for key, value in stored.facts.items() if key not in _OF_WEIGHTS},
        pull={
            name: dict(zip(words[name], stored.arrays[_pull_of(name)].tolist(), strict=True))
            for name in pulled
        },
    )


def _pull_of(step: str) -> str:
    """The array that holds the pull of a step."""
    return f"{step}_pull"


def _gendered(table: Mapping[str, str]) -> dict[str, Gender]:
    """Name -> gender, of each gender's names in one string."""
    return {name: gender for gender in _GENDERS for name in table[gender].split()}


def read_first_names(path: str | os.PathLike[str]) -> dict[str, Gender]:
    """First names and the gender they hint at, from a JSON file ``{"f": "anna maria", "m": "ali
    john"}``.

    Raises ``ValueError`` for a file of another shape.
    """
    with open(path, encoding="utf-8") as lines:
        words = lines.read()
    try:
        table = json.loads(words)
    except ValueError:
        table = None
    if not _is_of_names(table):
        raise ValueError(
            f'{path} is no table of first names; it is a JSON object {{"f": "anna maria", "m": "ali'
            ' john"}'
        )
    return _gendered(table)


def _is_of_names(table: Any) -> bool:
    if not isinstance(table, dict) or set(table) != set(_GENDERS):
        return False
    return all(isinstance(names, str) for names in table.values())


@once()
def _bundled() -> AttributionModel:
    return _read(model_folder.bundled(NAME))
