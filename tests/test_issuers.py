from __future__ import annotations

import pytest

from quotestance.attribution.mentions import Mention
from quotestance.speakers.descriptions import Descriptions
from quotestance.speakers.discourse import Discourse
from quotestance.speakers.issuers import Issuers
from quotestance.speakers.name_index import NameIndex


def issuer(text: str, words: str, told: list[tuple[int, int | None]] | None = None) -> str | None:
    """Who issued the document that ``words`` mention, the last of them its head."""
    index = NameIndex(text, [], {})
    descriptions, discourse = Descriptions(index), Discourse([], told or [], [])
    start, noun = text.rindex(words), words.split()[-1]
    end = start + len(words)
    mention = Mention(start, end, (end - len(noun), end), "document")
    found = Issuers(index, descriptions, discourse).of(mention, words, noun.lower())
    return None if found is None else index.entities[found].name


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        pytest.param(
            "Ana Silva left. A statement from Klaus Low said so.",
            "A statement",
            "Klaus Low",
            id="named behind it",
        ),
        pytest.param("Low’s letter said so.", "Low’s letter", "Low", id="whose name opens it"),
        pytest.param(
            "The Harland fishermen’s letter said so.",
            "The Harland fishermen’s letter",
            "Harland fishermen’s",
            id="what a name before it describes",
        ),
        pytest.param("Ana Silva left. A letter said so.", "A letter", None, id="nobody's"),
    ],
)
def test_the_words_around_a_document_name_its_issuer(
    text: str, words: str, name: str | None
) -> None:
    assert issuer(text, words) == name


SPOKE = "Ana Silva spoke. Klaus Low spoke. Rita Moss spoke. "
STATED = SPOKE.replace("Ana Silva spoke", "Ana Silva said in a statement")
PUBLISHED = SPOKE.replace("Ana Silva spoke", "Ana Silva put out a short statement")


@pytest.mark.parametrize(
    ("text", "told", "name"),
    [
        pytest.param(STATED, [0, 1, 2], "Ana Silva", id="beside whom it is named"),
        pytest.param(STATED, [None, 1, 2], None, id="but not beside somebody unknown"),
        pytest.param(SPOKE, [0, 1, 2], None, id="not who only spoke"),
    ],
)
def test_the_statement_is_of_a_source_before_it(
    text: str, told: list[int | None], name: str | None
) -> None:
    places = [text.index(name) for name in ("Ana", "Klaus", "Rita")]
    sources = list(zip(places, told, strict=True))
    assert issuer(f"{text}The statement went on.", "The statement", sources) == name


def test_a_source_that_is_only_described_issues_nothing() -> None:
    text = "Ana Silva said in a statement. A diplomat said in a statement. The statement went on."
    index = NameIndex(text, [], {})
    diplomat = index.describe("A diplomat", None, "unnamed")
    discourse = Discourse([], [(0, 0), (text.index("A diplomat"), diplomat)], [])
    start = text.index("The statement")
    mention = Mention(start, start + 13, (start + 4, start + 13), "document")
    issuers = Issuers(index, Descriptions(index), discourse)
    assert issuers.of(mention, "The statement", "statement") == 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param(PUBLISHED, "Ana Silva", id="the first name of the sentence that says so"),
        pytest.param(SPOKE, None, id="nobody is said to"),
    ],
)
def test_who_made_a_document_public(text: str, name: str | None) -> None:
    index = NameIndex(text, [], {})
    issuers = Issuers(index, Descriptions(index), Discourse([], [], []))
    found = issuers.publisher("statement", len(text))
    assert (None if found is None else index.entities[found].name) == name
