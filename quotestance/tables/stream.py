"""Output to a pipe or a terminal."""

from __future__ import annotations

from typing import IO

from quotestance.tables.documents import Document
from quotestance.tables.files import naming
from quotestance.tables.formats import Format, Outcome, encoded
from quotestance.tables.progress import Progress, Tally


class Stream:
    """Writes to a pipe or a terminal as results come."""

    finished = False

    def __init__(self, stream: IO[bytes], form: Format, name: str):
        self._name = name
        self.tally, self.before = Tally(), Progress({})
        self._stream, self._form = stream, form
        self._stream.write(encoded(form.head))

    def write(self, document: Document, outcome: Outcome) -> Tally:
        """Write what came of one document, and pass it on at once."""
        between = self._form.between if self.tally.documents else ""
        self._put(between + self._form.write(outcome))
        self.tally = self.tally.plus(document.text, outcome.found)
        return self.tally

    def finish(self) -> None:
        """Write what stands at the end."""
        self._put(self._form.foot)

    def _put(self, text: str) -> None:
        with naming(self._name):
            self._stream.write(encoded(text))
            self._stream.flush()

    def close(self) -> None:
        """Nothing is left to do."""
