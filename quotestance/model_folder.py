"""Model folders on disk: ``weights.npz`` (numbers), ``model.json`` (words and facts), and where the
model has a network ``encoder.onnx`` and ``tokenizer.json``.

Nothing in them is ever executed. A model has a name where it is bundled with quotestance or comes
in a data package of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

FORMAT = 1
GROUP = "quotestance.models"  # the entry points by which data packages name their models
_WEIGHTS, _FACTS = "weights.npz", "model.json"
_NETWORK = ("encoder.onnx", "tokenizer.json")
# The earliest date a zip file can hold: equal weights give equal bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Artefact:
    """What a model folder holds: named arrays, facts that JSON can say, and the files of a network,
    where it has one."""

    arrays: Mapping[str, np.ndarray[Any, Any]]
    facts: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


def find(model: str | os.PathLike[str]) -> Path:
    """The folder of a model: the folder given, or that of the model with this name.

    >>> find("attribution-en").name
    'attribution-en'
    """
    if not isinstance(model, str) or os.path.isdir(model) or Path(model).name != model:
        return Path(model)
    return bundled(model)


def bundled(name: str) -> Path:
    """The folder of a model by its name: bundled with quotestance, or in a data package.

    A data package is installed by pip and names its models in the entry points of the group
    ``quotestance.models``; no code of it runs. Raises ``FileNotFoundError`` with the names there
    are.
    """
    package = Path(__file__).resolve().parent
    # A wheel brings the models inside the package; a checkout has them beside it.
    roots = (package / "models", package.parent / "models")
    for folder in (root / name for root in roots):
        if (folder / _FACTS).is_file():
            return folder
    packages = _installed()
    if name in packages:
        return _folder_of(name, packages[name])
    known = {folder.parent.name for root in roots for folder in root.glob(f"*/{_FACTS}")}
    raise FileNotFoundError(
        f"no model is called {name!r}, and no folder {name!r} is here; bundled: {_listed(known)};"
        f" installed: {_listed(packages)}. Give one of these or a folder, or install the model's"
        " package."
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _installed() -> dict[str, str]:
    """The models of the data packages that are installed: of each the package with its folder."""
    from importlib.metadata import entry_points

    return {entry.name: entry.value for entry in entry_points(group=GROUP)}


def _folder_of(name: str, package: str) -> Path:
    """The folder of a data package, which is found and not imported."""
    from importlib.util import find_spec

    spec = find_spec(package) if package.isidentifier() else None
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise FileNotFoundError(
            f"the model {name!r} should lie in the package {package!r}, which is not there."
            " Install the model's package again."
        )
    return Path(places[0])


def save(folder: str | os.PathLike[str], kind: str, artefact: Artefact) -> None:
    """Write a model folder whole or not at all; a folder that exists is never overwritten.

    Raises ``FileExistsError`` where ``folder`` exists.
    """
    target = Path(folder)
    if target.exists():
        raise FileExistsError(f"{target} exists already; choose another folder or remove it first")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        write(draft, kind, artefact)
        draft.chmod(0o755)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def write(folder: Path, kind: str, artefact: Artefact) -> None:
    """Write the files of a model into ``folder``; the same artefact gives the same bytes."""
    import numpy as np

    with zipfile.ZipFile(folder / _WEIGHTS, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(artefact.arrays):
            with archive.open(
                zipfile.ZipInfo(f"{name}.npy", _EPOCH), "w", force_zip64=True
            ) as entry:
                np.lib.format.write_array(
                    entry,
                    np.ascontiguousarray(artefact.arrays[name]),
                    version=(1, 0),
                    allow_pickle=False,
                )
    for name in artefact.files:
        if name not in _NETWORK:
            raise ValueError(f"a model folder has no file {name!r}; it may have {_NETWORK}")
        (folder / name).write_bytes(artefact.files[name])
    facts = {"format": FORMAT, "kind": kind, **artefact.facts}
    (folder / _FACTS).write_text(
        json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8"
    )


def load(folder: str | os.PathLike[str], kind: str) -> Artefact:
    """Read a model folder of the given kind.

    Raises ``FileNotFoundError`` where a file is missing and ``ValueError`` where one is broken, of
    another kind or of an unknown format; the message names the file, the reason and the remedy.
    """
    source = Path(folder)
    for name in (_FACTS, _WEIGHTS):
        if not (source / name).is_file():
            raise FileNotFoundError(
                f"{source / name} is missing: {source} is not a whole model folder. Copy it again,"
                " or train the model again."
            )
    facts = _facts_in(source / _FACTS)
    _check(source / _FACTS, facts, kind)
    files = {name: (source / name).read_bytes() for name in _NETWORK if (source / name).is_file()}
    return Artefact(_arrays_in(source / _WEIGHTS), facts, files)


def _facts_in(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(
            f"{path} is not valid JSON ({error}). Copy the model folder again."
        ) from error


def _arrays_in(path: Path) -> dict[str, Any]:
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{path} cannot be read ({error}); it is truncated or no weights file."
            " Copy the model folder again."
        ) from error


def _check(path: Path, facts: Any, kind: str) -> None:
    if not isinstance(facts, dict) or "format" not in facts:
        raise ValueError(
            f"{path} names no format: it is not a quotestance model. Give the folder that"
            " quotestance wrote."
        )
    if facts["format"] != FORMAT:
        raise ValueError(
            f"{path} has format {facts['format']!r}; this version reads format {FORMAT}. Upgrade"
            " quotestance, or train the model again."
        )
    if facts.get("kind") != kind:
        raise ValueError(
            f"{path} holds a {facts.get('kind')!r} model where a {kind!r} model is needed. Give the"
            " other folder."
        )


def require(
    artefact: Artefact, folder: str | os.PathLike[str], sizes: Mapping[str, tuple[int, ...]]
) -> None:
    """Check that the arrays named in ``sizes`` are there with these shapes.

    ``ValueError`` names what does not fit.
    """
    for name, shape in sizes.items():
        found = artefact.arrays[name].shape if name in artefact.arrays else None
        if found != shape:
            raise ValueError(
                f"{Path(folder) / _WEIGHTS}: {name!r} has shape {found}, its words ask for {shape}."
                " The two files do not belong together; copy the model folder again."
            )
