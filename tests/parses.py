"""Parses for tests: written by hand, or frozen from the real parser so that no release of it can
change a test.

``python tests/parses.py`` freezes again what the tables in the tests ask for (all sentences are
invented). Read the difference before keeping it: a test of a rule wants the parse it was written
for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

FROZEN = Path(__file__).parent / "data" / "parses.jsonl"


@lru_cache(maxsize=1)
def _vocab() -> Vocab:
    import spacy

    return spacy.blank("en").vocab


def build(tokens: Iterable[tuple[str, bool, str, int, str]]) -> Doc:
    """A parse from rows of word, space after it, tag, number of the head, dependency label."""
    from spacy.tokens import Doc

    words, spaces, tags, heads, deps = (list(column) for column in zip(*tokens, strict=True))
    return Doc(_vocab(), words=words, spaces=spaces, tags=tags, heads=heads, deps=deps)


def by_hand(rows: str) -> Doc:
    """A parse from words written as ``word/tag/label/head``, all with a space after them.

    ``She/PRP/nsubj/1 left/VBD/ROOT/1``.
    """
    cells = [row.rsplit("/", 3) for row in rows.split()]
    return build((word, True, tag, int(head), label) for word, tag, label, head in cells)


@lru_cache(maxsize=1)
def _frozen() -> dict[str, list[Any]]:
    lines = FROZEN.read_text(encoding="utf-8").splitlines() if FROZEN.exists() else []
    return {entry["text"]: entry["tokens"] for entry in map(json.loads, lines)}


def frozen_texts() -> set[str]:
    """Every text that has a frozen parse."""
    return set(_frozen())


def frozen(text: str) -> Doc:
    """The frozen parse of a text."""
    if text not in _frozen():
        raise KeyError(f"no parse is frozen for {text!r}; run: python tests/parses.py")
    return build(_frozen()[text])


def quoted_tokens(doc: Doc) -> frozenset[int]:
    """The numbers of the tokens between curly double marks, as the stand-ins of quoted words."""
    depth, found = 0, set()
    for token in doc:
        depth -= token.text == "”"
        if depth > 0:
            found.add(token.i)
        depth += token.text == "“"
    return frozenset(found)


def wanted() -> set[str]:
    """Every text whose parse a test table asks for."""
    import test_cues
    import test_mentions
    import test_sources

    from quotestance.marks.contexts import find_contexts
    from quotestance.marks.quotations import find_quotations

    contexts = {
        context.text
        for text in test_sources.TEXTS
        for context in find_contexts(text, find_quotations(text))
    }
    return contexts | set(test_cues.SENTENCES) | set(test_mentions.SENTENCES)


def freeze() -> None:
    """Parse every wanted text with the installed parser and write the file.

    Texts already frozen keep their parse.
    """
    from quotestance.attribution.parser import load_parser

    parser = load_parser()
    with FROZEN.with_suffix(".new").open("w", encoding="utf-8") as out:
        for text in sorted(wanted()):
            tokens = _frozen().get(text) or [
                [token.text, bool(token.whitespace_), token.tag_, token.head.i, token.dep_]
                for token in parser(text)
            ]
            out.write(json.dumps({"text": text, "tokens": tokens}, ensure_ascii=False) + "\n")
    FROZEN.with_suffix(".new").replace(FROZEN)


if __name__ == "__main__":
    freeze()
