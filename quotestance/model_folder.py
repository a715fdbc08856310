"""Model folders on disk: ``weights.npz`` (numbers) and ``model.json`` (words and facts).

Nothing in them is ever executed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

FORMAT = 1
_WEIGHTS, _FACTS = "weights.npz", "model.json"
_EPOCH = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the earliest date a zip file can hold: equal weights give equal bytes


@dataclass(frozen=True, slots=True)
class Artefact:
    """What a model folder holds: named arrays, and facts that JSON can say."""

    arrays: Mapping[str, np.ndarray[Any, Any]]
    facts: Mapping[str, Any]


def bundled(name: str) -> Path:
    """The folder of a bundled model: in the installed package, else beside a checkout.

    >>> bundled("attribution-en").name
    'attribution-en'
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "models" / name, package.parent / "models" / name):
        if folder.is_dir():
            return folder
    known = sorted(
        {
            path.name
            for root in (package, package.parent)
            for path in (root / "models").glob("*/")
            if path.is_dir()
        }
    )
    raise FileNotFoundError(
        f"no bundled model is called {name!r}; there are {', '.join(known) or 'none'}. Give a"
        " folder, or reinstall quotestance."
    )


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
    """Write the two files of a model into ``folder``; the same artefact gives the same bytes."""
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
    facts = {"format": FORMAT, "kind": kind, **artefact.facts}
    (folder / _FACTS).write_text(
        json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8"
    )


def load(folder: str | os.PathLike[str], kind: str) -> Artefact:
    """Read a model folder of the given kind.

    Raises ``FileNotFoundError`` where a file is missing and ``ValueError`` where one is broken, of
    another kind or of an unknown format; the message names the file, the reason and the remedy.
    """
    import numpy as np

    source = Path(folder)
    for name in (_FACTS, _WEIGHTS):
        if not (source / name).is_file():
            raise FileNotFoundError(
                f"{source / name} is missing: {source} is not a whole model folder. Copy it again,"
                " or train the model anew."
            )
    try:
        facts = json.loads((source / _FACTS).read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(
            f"{source / _FACTS} is not valid JSON ({error}). Copy the model folder again."
        ) from error
    _check(source / _FACTS, facts, kind)
    try:
        with np.load(source / _WEIGHTS, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{source / _WEIGHTS} cannot be read ({error}); it is truncated or no weights file."
            " Copy the model folder again."
        ) from error
    return Artefact(arrays, facts)


def _check(path: Path, facts: Any, kind: str) -> None:
    if not isinstance(facts, dict) or "format" not in facts:
        raise ValueError(
            f"{path} names no format: it is not a quotestance model. Give the folder that"
            " quotestance wrote."
        )
    if facts["format"] != FORMAT:
        raise ValueError(
            f"{path} has format {facts['format']!r}; this version reads format {FORMAT}. Upgrade"
            " quotestance, or train the model anew."
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
