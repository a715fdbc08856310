"""The inputs of a run: what tells whether they are still the same, and that none is its output."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from quotestance.tables.documents import STANDARD_INPUT, Document

# The record of a run names so many inputs, to say which has changed. It is written again at every
# checkpoint, so it may not hold a million names; the digest stands for all of them.
_NAMED = 200
_SHOWN = 3


def described(paths: Sequence[str]) -> dict[str, Any]:
    """What a run notes about its inputs: how many, a digest of names and sizes, the first ones."""
    sizes = [[path, _size(path)] for path in paths]
    digest = hashlib.blake2b(json.dumps(sizes).encode(), digest_size=16).hexdigest()
    return {"files": len(paths), "digest": digest, "first": sizes[:_NAMED]}


def _size(path: str) -> int | None:
    return None if path == STANDARD_INPUT else os.path.getsize(path)


def changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """In words, in what way inputs differ from what a run noted; empty where they do not.

    >>> before = {"files": 1, "digest": "a", "first": [["a.jsonl", 7]]}
    >>> changed(before, {"files": 1, "digest": "b", "first": [["a.jsonl", 9]]})
    'a.jsonl has 9 bytes, it had 7'
    """
    if before["digest"] == now["digest"]:
        return ""
    found = _differences(dict(before["first"]), dict(now["first"]))
    if not found:
        return f"one of the {now['files']:,} inputs changed, or their order"
    more = f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return "; ".join(found[:_SHOWN]) + more


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs between two lists of names with their sizes."""
    both = [path for path in old if path in new and new[path] != old[path]]
    return [
        *(f"{path} has {new[path]} bytes, it had {old[path]}" for path in both),
        *(f"{path} is not among the inputs now" for path in old if path not in new),
        *(f"{path} was not among the inputs" for path in new if path not in old),
    ]


def chained(digest: str, document: Document) -> str:
    """The digest of the documents of a run up to this one, from that up to the one before.

    >>> one = chained("", Document("a", "Some text.", "news.jsonl, line 1"))
    >>> one == chained("", Document("a", "Some other text.", "news.jsonl, line 1"))
    False
    """
    digested = hashlib.blake2b(digest.encode(), digest_size=16)
    for value in (document.id, document.error, document.text):
        data = f"{type(value).__name__}:{value}".encode("utf-8", "surrogatepass")
        digested.update(len(data).to_bytes(8, "little") + data)
    return digested.hexdigest()


def skip(documents: Iterator[Document], count: int, digest: str, paths: Sequence[str]) -> None:
    """Pass over the documents that an earlier run has finished.

    Raises ``ValueError`` where they are not the same documents any more.

    >>> first = Document("a", "Some text.", "news.jsonl, line 1")
    >>> skip(iter([first]), 1, chained("", first), ["news.jsonl"])
    """
    found = ""
    for document in islice(documents, count):
        found = chained(found, document)
    if found != digest:
        named = next(iter(paths)) if len(paths) == 1 else _newest(paths)
        raise ValueError(
            f"the first {count:,} documents are not those that the interrupted run finished:"
            f" {named} has changed since"
        )


def _newest(paths: Iterable[str]) -> str:
    """The input that was changed last."""
    files = [path for path in paths if os.path.isfile(path)]
    return max(files, key=os.path.getmtime, default="the input")


def without_content(paths: Iterable[str]) -> str | None:
    """The first input that can be read only once (standard input, a pipe), None where none is."""
    return next((path for path in paths if not os.path.isfile(path)), None)


def refuse_output(paths: Iterable[str], output: Path, beside: Iterable[Path]) -> None:
    """See that no input is the output or one of the files beside it, under whatever name.

    Raises ``ValueError`` naming both.
    """
    for written in (output, *beside):
        try:
            status = os.stat(written)
        except OSError:  # what is absent is not an input
            continue
        if not stat.S_ISREG(status.st_mode):
            continue
        for path in paths:
            if _is_same(path, status):
                raise ValueError(
                    f"{path} is an input, and the output {written} is the same file; it would be"
                    " replaced. Write to another file"
                )


def _is_same(path: str, status: os.stat_result) -> bool:
    try:
        if path == STANDARD_INPUT:
            return os.path.samestat(os.fstat(sys.stdin.fileno()), status)
        return os.path.samestat(os.stat(path), status)
    except (OSError, ValueError):  # a stream without a file, or a file that is gone
        return False
