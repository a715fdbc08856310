from __future__ import annotations

import pytest

from quotestance import lexicon
from quotestance.lexicon import MANNER_VERBS, REPORTING_VERBS, SPEECH_VERBS


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
        ("agreeing", "agree"),
        ("shrugged", "shrug"),
        ("nodded", "nod"),
        ("begged", "beg"),
        ("dubbed", "dub"),
        ("slammed", "slam"),
        ("snapped", "snap"),
        ("referred", "refer"),
        ("referring", "refer"),
        ("felt", "feel"),
        ("labelled", "label"),
        ("signalled", "signal"),
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
    assert [
        (name, word)
        for name, words in lists.items()
        for word in words
        if word != word.lower() or " " in word
    ] == []


@pytest.mark.parametrize("pronoun", ["he", "she", "they", "it", "i", "we", "who", "this"])
def test_pronouns_are_in_the_list_of_all(pronoun: str) -> None:
    assert pronoun in lexicon.PRONOUNS
