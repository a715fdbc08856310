from __future__ import annotations

from quotestance.attribution.mentions import Mention
from quotestance.linear import LinearModel
from quotestance.speakers.coreference import Coreference
from quotestance.speakers.discourse import Discourse
from quotestance.speakers.name_index import NameIndex

QUOTED = "Ana Silva came. Then Klaus Low came. “Silva is late,” they said."


def choices(text: str, pronoun: str) -> list[str]:
    """The names that the last place of a pronoun may stand for, in order."""
    opening, closing = text.find("“"), text.find("”")
    quoted = [(opening + 1, closing)] if opening >= 0 else []
    index = NameIndex(text, quoted, {"ana": "f"})
    start = text.rindex(pronoun)
    bounds = start, start + len(pronoun)
    coreference = Coreference(index, Discourse(quoted, [], []), LinearModel({}))
    found = coreference.antecedents(Mention(*bounds, bounds, "pronoun"), pronoun.lower())
    return [index.entities[one.entity].name for one in found]


def test_a_name_inside_a_quotation_is_not_the_latest() -> None:
    assert choices(QUOTED, "they") == ["Klaus Low", "Ana Silva"]


def test_a_name_that_stands_only_inside_a_quotation_counts() -> None:
    assert choices("Klaus Low came. “Ana Silva is late,” they said.", "they") == [
        "Ana Silva",
        "Klaus Low",
    ]


def test_another_gender_is_left_out_where_somebody_else_fits() -> None:
    assert choices("Ana Silva met Klaus Low. He left.", "He") == ["Klaus Low"]
    assert choices("Ana Silva left. He stayed.", "He") == ["Ana Silva"]
