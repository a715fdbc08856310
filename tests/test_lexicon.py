from __future__ import annotations

import pytest

from quotestance import lexicon
from quotestance.lexicon import MANNER_VERBS, REPORTING_VERBS, SPEECH_VERBS

misspelt = pytest.mark.xfail(strict=True, reason="the inflection rule does not double consonants and does not know felt or agreeing")


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("said", "say"),
        ("says", "say"),
        ("told", "tell"),
        ("added", "add"),
        ("adding", "add"),
        ("wrote", "write"),
        ("written", "write"),
        ("stated", "state"),
        ("announcing", "announce"),
        ("replied", "reply"),
        ("denies", "deny"),
        ("admitted", "admit"),
        ("quipped", "quip"),
        ("stresses", "stress"),
        ("walked", None),
        ("vowed", "vow"),
        ("smiled", "smile"),
        ("laughs", "laugh"),
        ("agreed", "agree"),
        pytest.param("agreeing", "agree", marks=misspelt),
        pytest.param("shrugged", "shrug", marks=misspelt),
        pytest.param("nodded", "nod", marks=misspelt),
        pytest.param("begged", "beg", marks=misspelt),
        pytest.param("dubbed", "dub", marks=misspelt),
        pytest.param("slammed", "slam", marks=misspelt),
        pytest.param("snapped", "snap", marks=misspelt),
        pytest.param("referred", "refer", marks=misspelt),
        pytest.param("referring", "refer", marks=misspelt),
        pytest.param("felt", "feel", marks=misspelt),
        pytest.param("labelled", "label", marks=misspelt),
        pytest.param("signalled", "signal", marks=misspelt),
    ],
)
def test_reporting_verbs_are_known_by_their_forms(form: str, lemma: str | None) -> None:
    assert REPORTING_VERBS.get(form) == lemma


@pytest.mark.parametrize("verbs", [SPEECH_VERBS, MANNER_VERBS])
def test_every_lemma_is_a_form_of_itself(verbs: dict[str, str]) -> None:
    assert all(verbs[lemma] == lemma for lemma in verbs.values())


def test_word_lists_are_frozen_and_in_small_letters() -> None:
    lists = {name: value for name, value in vars(lexicon).items() if isinstance(value, frozenset)}
    assert len(lists) > 10
    assert [(name, word) for name, words in lists.items() for word in words if word != word.lower() or " " in word] == []


@pytest.mark.parametrize("pronoun", ["he", "she", "they", "it", "i", "we", "who", "this"])
def test_pronouns_are_in_the_list_of_all(pronoun: str) -> None:
    assert pronoun in lexicon.PRONOUNS
