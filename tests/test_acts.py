"""Words, scopes and speech acts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from strategies import texts

from quotestance.stance.acts import find_acts, scopes
from quotestance.stance.tokens import NAME, read_words

ACTS = [
    ("We will not accept the deal.", "not acceptance by we, will"),
    ("We accept the deal.", "acceptance by we"),
    ("They refused to talk.", "refusal by they"),
    ("If they sign, we are ready.", "acceptance by they, if"),
    ("Why would we trust them?", "distrust by we, would, ?"),
    ("Nobody wants a strike.", "not threat by none"),
    ("You must apologise.", "demand by you, must"),
    ("I am sorry.", "apology by we"),
    ("We’ll never surrender.", "not vow by we, will"),
]


@pytest.mark.parametrize("content, name", ACTS)
def test_an_act_carries_its_scope(content: str, name: str) -> None:
    assert name in [act.name for act in find_acts(read_words(content))]


def test_the_clause_after_but_is_contrasted_and_no_longer_negated() -> None:
    words = read_words("We do not want war, but we will answer.")
    by_text = {word.text: scope for word, scope in zip(words, scopes(words), strict=True)}
    assert by_text["war"].negated and not by_text["war"].contrasted
    assert by_text["answer"].contrasted and not by_text["answer"].negated


MASKED = [
    ("The deal with Maria Santos is off.", "the deal with <name> is off ."),
    ("Norway must pay.", "norway must pay ."),
    ("We told Norwegian ministers.", "we told <name> ministers ."),
    ("I met them on Monday.", "i met them on monday ."),
    ("Will Norway sign?", "will <name> sign ?"),
    ("WE WILL NOT GO", "we will not go"),
    ("We can't.", "we can not ."),
]


@pytest.mark.parametrize("content, read", MASKED)
def test_names_are_masked_and_contractions_undone(content: str, read: str) -> None:
    assert " ".join(word.text for word in read_words(content)) == read


def test_a_name_that_opens_a_sentence_is_masked_where_it_is_no_common_word() -> None:
    assert read_words("Norway must pay.", frozenset({"must", "pay"}))[0].text == NAME


@given(texts)
def test_any_text_gives_ordered_words_inside_it_with_one_scope_each(text: str) -> None:
    words = read_words(text)
    assert len(scopes(words)) == len(words)
    assert all(word.text and 0 <= word.start < word.end <= len(text) for word in words)
    assert all(left.end <= right.start for left, right in pairwise(words))


@given(texts)
def test_acts_stand_at_words(text: str) -> None:
    words = read_words(text)
    places = {(word.start, word.end) for word in words}
    assert all((act.start, act.end) in places for act in find_acts(words))
