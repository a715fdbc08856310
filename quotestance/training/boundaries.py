"""Boundaries to learn from: the full names of annotated speakers, in the runs that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quotestance.speakers.boundaries import Runs, Token
from quotestance.speakers.runs import bare_run, find_runs
from quotestance.speakers.titles import Gender
from quotestance.training.annotated import Document
from quotestance.training.fitting import Group

# Inverse regularisation; 0.2 and 1 give the same share of right cuts by cross-fitting on
# articles_train and polnear_train.
BOUNDARY_C = 0.2
_WORDS = range(2, 6)  # of a person's or body's name; longer ones are titles of documents


def boundary_groups(document: Document, first_names: Mapping[str, Gender]) -> list[Group]:
    """One decision a run of capitals that ends in an annotated full name: where the name begins.

    Words that are titles in the lexicon are runs like any other here, so that what is learned
    holds for those that are not.
    """
    names = _full_names(document)
    runs = [bare_run(run) for run in find_runs(document.text, first_names)]
    known = Runs(document.text, runs, first_names)
    groups: dict[tuple[str, ...], Group] = {}
    for run in runs:
        words = _words(run)
        start = _start(run, names)
        if start is not None and words not in groups:
            right = [cut == start for cut in range(len(run))]
            groups[words] = Group(known.cuts(run), right, document.weight)
    return list(groups.values())


def _full_names(document: Document) -> set[tuple[str, ...]]:
    """The annotated names of a person's or body's length, as words."""
    names = {tuple(name.split()) for found in document.annotations for name in found.names}
    return {name for name in names if len(name) in _WORDS}


def _start(run: Sequence[Token], names: set[tuple[str, ...]]) -> int | None:
    """Where the longest of the names that a run ends in begins, if it ends in one."""
    words = _words(run)
    return next((cut for cut in range(len(words)) if words[cut:] in names), None)


def _words(run: Sequence[Token]) -> tuple[str, ...]:
    return tuple([word for word, _, _ in run])
