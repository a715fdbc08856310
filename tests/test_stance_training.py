"""Reading of the stance training data: cues from contexts, held-out pairs, rows that lack something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quotestance.stance_training import Lessons, find_stance_cues, is_held_out, read_real, read_seeds, train_stance

SEEDS = Path(__file__).parents[1] / "seeds" / "quotations.jsonl"


@pytest.mark.parametrize(
    ("content", "context", "cue"),
    [
        pytest.param("an end to the talks", 'The union demanded "an end to the talks" on Monday.', "demanded", id="a mixed quotation"),
        pytest.param("We want an end to the talks.", 'The union demanded: "We want an end to the talks."', None, id="a direct one"),
        pytest.param("an end to the talks", 'The union demanded "fresh elections at once" on Monday.', None, id="another quotation"),
        pytest.param("an end to the talks", "The union spoke of an end to the talks.", None, id="no marks"),
        pytest.param("an end to the talks", None, None, id="no context"),
    ],
)
def test_the_cue_of_a_content_is_that_of_the_mixed_quotation_it_is(content: str, context: str | None, cue: str | None) -> None:
    assert find_stance_cues([content], [context]) == [cue]


def test_cues_keep_their_order_over_many_contexts() -> None:
    verbs = ["demanded", "rejected", "offered"] * 30
    contexts = [f'Ana Silva {verb} "an immediate end to all of the talks" on Monday.' for verb in verbs]
    assert find_stance_cues(["an immediate end to all of the talks"] * 90, contexts) == verbs


def test_real_rows_carry_reader_article_and_cue(tmp_path: Path) -> None:
    rows = [
        {"text": "a full stop to arms", "label": "-1", "source": "a", "sure": 0, "context": 'Low demanded "a full stop to arms" on Monday.'},
        {"text": "We accept.", "label": "2", "source": "b", "sure": 1},
    ]
    path = tmp_path / "real.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    first, second = read_real(path)
    assert (first.label, first.cue, first.group, first.weight < second.weight) == ("hardline", "demanded", "a", True)
    assert (second.label, second.level, second.cue) == ("conciliatory", "2", None)


def test_a_row_without_a_column_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "real.jsonl"
    path.write_text('{"text": "No.", "label": "-1", "source": "a"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 1: no sure; a row needs"):
        read_real(path)


def test_held_out_pairs_are_whole_groups_and_never_trained_on() -> None:
    train, held = read_seeds(SEEDS)
    assert held and all(is_held_out(example.group) for example in held)
    assert not {example.group for example in train} & {example.group for example in held}


def test_sentences_without_a_label_need_a_teacher() -> None:
    with pytest.raises(ValueError, match="1 sentences have no label and no teacher"):
        train_stance(Lessons([], [("We met.", "a")]))
