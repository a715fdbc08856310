"""Reading of the stance training data.

Cues from contexts, held-out pairs, rows that lack something.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from quotestance.training.lesson_files import (
    find_stance_cues,
    read_labels,
    read_real,
    read_seeds,
)
from quotestance.training.lessons import Example, Lessons, Taught, is_held_out, unlabelled
from quotestance.training.sentences import read_sentences
from quotestance.training.stance import train_stance

SEEDS = Path(__file__).parents[1] / "seeds" / "quotations.jsonl"


@pytest.mark.parametrize(
    ("content", "context", "cue"),
    [
        pytest.param(
            "an end to the talks",
            'The union demanded "an end to the talks" on Monday.',
            "demanded",
            id="a mixed quotation",
        ),
        pytest.param(
            "We want an end to the talks.",
            'The union demanded: "We want an end to the talks."',
            None,
            id="a direct one",
        ),
        pytest.param(
            "an end to the talks",
            'The union demanded "fresh elections at once" on Monday.',
            None,
            id="another quotation",
        ),
        pytest.param(
            "an end to the talks", "The union spoke of an end to the talks.", None, id="no marks"
        ),
        pytest.param("an end to the talks", None, None, id="no context"),
    ],
)
def test_the_cue_of_a_content_is_that_of_the_mixed_quotation_it_is(
    content: str, context: str | None, cue: str | None
) -> None:
    assert find_stance_cues([content], [context]) == [cue]


def test_cues_keep_their_order_over_many_contexts() -> None:
    verbs = ["demanded", "rejected", "offered"] * 30
    contexts = [
        f'Ana Silva {verb} "an immediate end to all of the talks" on Monday.' for verb in verbs
    ]
    assert find_stance_cues(["an immediate end to all of the talks"] * 90, contexts) == verbs


def test_real_rows_carry_reader_article_and_cue(tmp_path: Path) -> None:
    rows = [
        {
            "text": "a full stop to arms",
            "label": "-1",
            "source": "a",
            "sure": 0,
            "context": 'Low demanded "a full stop to arms" on Monday.',
        },
        {"text": "We accept.", "label": "2", "source": "b", "sure": 1},
    ]
    path = tmp_path / "real.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    first, second = read_real(path)
    assert (first.label, first.cue, first.group, first.weight < second.weight) == (
        "hardline",
        "demanded",
        "a",
        True,
    )
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


# ---------- what a teacher says
ARTICLE = (
    "The two sides met again in Port Reed on Monday. “We will not give up a single acre of the"
    " delta,” said Ana Low. Talks go on next week, her office said."
)


def articles(folder: Path, *texts: str) -> Path:
    path = folder / "articles.jsonl"
    path.write_text(
        "".join(
            json.dumps({"id": f"a{number}", "text": text}) + "\n"
            for number, text in enumerate(texts)
        ),
        encoding="utf-8",
    )
    return path


def test_a_teacher_reads_every_quotation_and_every_sentence_once_with_its_article(
    tmp_path: Path,
) -> None:
    found = dict(read_sentences([articles(tmp_path, ARTICLE, ARTICLE)]))
    assert found["We will not give up a single acre of the delta,"] == "a0"
    assert set(found.values()) == {"a0"}


def test_some_clauses_are_read_beside_every_sentence(tmp_path: Path) -> None:
    text = " ".join(
        f"Plan number {number} was read out in the hall, and nobody spoke of number {number}."
        for number in range(240)
    )
    read = {sentence for sentence, _ in read_sentences([articles(tmp_path, text)])}
    clauses = {
        sentence
        for sentence in read
        if not (sentence.startswith("Plan") and sentence.endswith("."))
    }
    assert len(read - clauses) == 240 and 40 < len(clauses) < 120


def test_articles_that_hold_a_quotation_to_test_with_are_left_out(tmp_path: Path) -> None:
    kept_out = tmp_path / "dev.jsonl"
    kept_out.write_text(
        '{"text": "We will not give up a single acre of the delta"}\n', encoding="utf-8"
    )
    other = ARTICLE.replace("the delta", "the coast")
    assert {
        article for _, article in read_sentences([articles(tmp_path, ARTICLE, other)], kept_out)
    } == {"a1"}


def test_what_a_teacher_said_survives_its_file_without_any_text(tmp_path: Path) -> None:
    sentences = read_sentences([articles(tmp_path, ARTICLE)])
    contents = [text for text, _ in sentences]
    taught = Taught.of(contents, [[0.7004, 0.2, 0.0996]] * len(contents), sentences)
    taught.write(tmp_path / "taught.jsonl")
    again = Taught.read(tmp_path / "taught.jsonl", [tmp_path / "articles.jsonl"])
    assert (again.table, list(again.sentences)) == (taught.table, sentences)
    assert again.predict_proba(contents[:1]).tolist() == [pytest.approx([0.7, 0.2, 0.1])]
    assert "delta" not in (tmp_path / "taught.jsonl").read_text(encoding="utf-8")


def test_only_sentences_that_the_teacher_read_are_learned(tmp_path: Path) -> None:
    Taught.of(["Something else."], [[0.1, 0.8, 0.1]]).write(tmp_path / "taught.jsonl")
    assert Taught.read(tmp_path / "taught.jsonl", [articles(tmp_path, ARTICLE)]).sentences == []


def test_what_the_teacher_never_read_keeps_the_label_of_its_reader() -> None:
    lessons = Lessons([Example("We met.", "neutral", "a"), Example("We refuse.", "hardline", "b")])
    targets = lessons.targets(Taught.of(["We refuse."], [[0.5, 0.5, 0.0]]))
    assert targets[0].tolist() == [0.0, 1.0, 0.0]
    assert 0.5 < targets[1][0] < 1


def test_a_sentence_that_nobody_read_is_refused() -> None:
    with pytest.raises(ValueError, match="1 sentences have no label and no teacher has read them"):
        Lessons([], [("We met.", "a")]).targets(Taught.of(["We refuse."], [[0.8, 0.1, 0.1]]))


# ---------- labels of the articles' own quotations
def test_labels_without_text_find_their_quotations_with_article_and_cue(tmp_path: Path) -> None:
    text = ARTICLE + "\n\nShe demanded “an end to the raids” by Friday, she told reporters."
    rows = [
        ("We will not give up a single acre of the delta,", "-2", 1),
        ("an end to the raids", "-1", 0),
        ("Nobody said this.", "1", 1),
    ]
    table = tmp_path / "labels.jsonl"
    table.write_text(
        "".join(
            json.dumps(
                {"sha256": sha256(words.encode()).hexdigest()[:16], "label": label, "sure": sure}
            )
            + "\n"
            for words, label, sure in rows
        ),
        encoding="utf-8",
    )
    direct, mixed = read_labels(table, [articles(tmp_path, text)])
    assert (direct.label, direct.level, direct.group, direct.weight, direct.cue) == (
        "hardline",
        "-2",
        "a0",
        1.0,
        None,
    )
    assert (mixed.text, mixed.label, mixed.cue) == ("an end to the raids", "hardline", "demanded")
    assert mixed.weight < direct.weight


def test_a_sentence_that_a_reader_labelled_is_no_longer_unlabelled() -> None:
    assert unlabelled(
        [("We met.", "a"), ("We refuse.", "a")], [Example("We refuse.", "hardline", "a")]
    ) == [("We met.", "a")]


def test_an_existing_file_of_a_teacher_is_not_overwritten(tmp_path: Path) -> None:
    Taught({}).write(tmp_path / "taught.jsonl")
    with pytest.raises(FileExistsError):
        Taught({}).write(tmp_path / "taught.jsonl")


def test_targets_lie_between_the_reader_and_the_teacher() -> None:
    lessons = Lessons([Example("We refuse.", "hardline", "a")], [("We met.", "b")])
    targets = lessons.targets(Taught.of(lessons.contents, [[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]]))
    assert 0.5 < targets[0][0] < 1
    assert targets[1].tolist() == [0.0, 1.0, 0.0]


def test_a_teacher_tells_the_lexical_model_what_no_reader_labelled() -> None:
    labels = (("ready", "conciliatory"), ("refuse", "hardline"), ("dither", "neutral"))
    examples = [
        Example(f"We {word} on day {number}.", label, f"g{number}")
        for number in range(12)
        for word, label in labels
    ]
    sentences = [(f"They dither in room {number}.", f"n{number}") for number in range(40)]
    chances = [
        [float(example.label == label) for label in ("hardline", "neutral", "conciliatory")]
        for example in examples
    ] + [[0.9, 0.05, 0.05]] * len(sentences)
    lessons = Lessons(examples, sentences)
    before, after = (
        train_stance(Lessons(examples)),
        train_stance(lessons, teacher=Taught.of(lessons.contents, chances)),
    )
    assert (
        after.predict_proba(["They dither."])[0][0]
        > before.predict_proba(["They dither."])[0][0] + 0.2
    )
