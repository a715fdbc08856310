"""How far a run has come: the record beside an unfinished output, which alone is believed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quotestance.quote import Quote
from quotestance.tables.files import Files


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run has done so far."""

    documents: int = 0
    quotations: int = 0
    named: int = 0
    words: int = 0
    failures: int = 0

    def plus(self, text: str, quotes: Sequence[Quote] | None) -> Tally:
        """The tally with one more document: its quotations, or None where it failed.

        >>> Tally().plus("Nobody spoke.", [])
        Tally(documents=1, quotations=0, named=0, words=2, failures=0)
        """
        named = sum(
            quote.speaker is not None and quote.speaker.kind != "unnamed" for quote in quotes or ()
        )
        return Tally(
            self.documents + 1,
            self.quotations + len(quotes or ()),
            self.named + named,
            self.words + len(text.split()),
            self.failures + (quotes is None),
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the partial file is safe, and what it holds.

    ``run`` says what the run is. ``digest`` stands for the documents that are done (see
    ``inputs.chained``). ``output`` is the size of the finished file, once all documents are in it
    and only its name is missing.
    """

    run: Mapping[str, Any]
    size: int = 0
    tally: Tally = Tally()
    digest: str = ""
    output: int | None = None

    def save(self, path: Path, files: Files) -> None:
        """Put the record in the place of the one before: after this it is safe, before it that
        one."""
        draft = path.with_name(path.name + ".new")
        data = json.dumps(asdict(self)).encode()
        file = files.open(draft)
        try:
            files.truncate(file, 0)
            files.write(file, data, 0)
            files.sync(file)
        finally:
            files.close(file)
        files.replace(draft, path)
        files.sync_folder(path.parent)

    @classmethod
    def read(cls, path: Path, files: Files) -> Progress | None:
        """The record at a path, None where there is none.

        Raises ``ValueError`` where the file is something else.
        """
        try:
            with files.read(path) as file:
                values = json.loads(file.read())
            return cls(**{**values, "tally": Tally(**values["tally"])})
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(
                f"{path} is not the record of an interrupted run ({type(error).__name__}: {error});"
                " run without --resume to start from the beginning"
            ) from error
