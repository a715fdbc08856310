"""Training of the bundled stance models: seeds, and real quotations where they are given, to a
``StanceModel``; the same files, the same bytes.

A teacher's probabilities for unlabelled sentences of the news may be learned too: the linear model
then sees many more wordings than readers have labelled.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from quotestance.marks.paragraphs import split_paragraphs, split_sentences
from quotestance.marks.quotations import find_quotations
from quotestance.pipeline import attribute_batch
from quotestance.quote import STANCE_LABELS
from quotestance.stance.linear_stance import Encoder
from quotestance.stance.model import StanceModel
from quotestance.tables.labelled import to_class

# Tuned on real_dev (docs/accuracy.md): how much a quotation counts that is invented, that its
# reader was not sure of, that a teacher labelled.
_SEED_WEIGHT, _UNSURE_WEIGHT, _TAUGHT_WEIGHT = 0.4, 0.6, 0.4
# How far a labelled quotation's target moves from its reader's label to its teacher's
# probabilities.
_TRUST = 0.6
_CONTEXTS = 64  # contexts parsed together
_FEWEST_WORDS, _MOST_WORDS = 4, 60  # of what a teacher labels; not tuned
_CLAUSES_ONE_IN = 6  # not tuned: a third as many clauses as sentences
_CLAUSE_STARTS = re.compile(r"[,;:–—]+\s+|\s+(?=(?:but|because|if|to|that|who|which|when|while) )")
HELD_OUT_ONE_IN = 8  # minimal pairs and triples that no bundled model is trained on


class Teacher(Protocol):
    """What can label quotations with probabilities in the order of ``STANCE_LABELS``."""

    def predict_proba(self, contents: list[str]) -> Any:
        """An array of shape (contents, 3)."""


@dataclass(frozen=True, slots=True)
class Example:
    """A quotation to learn from.

    Its class, how much it counts, what it must not be split from, and its cue if it is mixed.
    """

    text: str
    label: str
    group: str
    weight: float = 1.0
    cue: str | None = None
    level: str = "none"  # the codebook's label


@dataclass(frozen=True, slots=True)
class Taught:
    """What a teacher said: its probabilities by the fingerprint of what it read, and the unlabelled
    sentences among that.

    A file of them holds no text, so it can stand beside a model whose training data cannot.
    """

    table: Mapping[str, Sequence[float]]
    sentences: Sequence[tuple[str, str]] = ()

    @classmethod
    def of(
        cls, contents: Sequence[str], probabilities: Any, sentences: Sequence[tuple[str, str]] = ()
    ) -> Taught:
        """The probabilities of contents, of shape (contents, classes), rounded as a file holds
        them."""
        return cls(
            {
                _key(content): [round(float(chance), 3) for chance in row]
                for content, row in zip(contents, probabilities, strict=True)
            },
            sentences,
        )

    @classmethod
    def read(
        cls, path: str | os.PathLike[str], articles: Iterable[str | os.PathLike[str]] = ()
    ) -> Taught:
        """A file that ``write`` wrote, with those sentences of the articles that it knows."""
        table = {
            row["sha256"]: [row[label] for label in STANCE_LABELS]
            for row in _rows(path, ("sha256", *STANCE_LABELS))
        }
        return cls(
            table,
            [(text, article) for text, article in read_sentences(articles) if _key(text) in table],
        )

    def write(self, path: str | os.PathLike[str]) -> None:
        """A line of JSON for each content: its fingerprint and its probabilities."""
        with open(path, "x", encoding="utf-8") as lines:
            lines.writelines(
                json.dumps({"sha256": key, **dict(zip(STANCE_LABELS, row, strict=True))}) + "\n"
                for key, row in self.table.items()
            )

    def predict_proba(self, contents: Sequence[str]) -> Any:
        """The probabilities of contents, of shape (contents, classes).

        Not a number where the teacher never read one.
        """
        unread = (np.nan,) * len(STANCE_LABELS)
        rows = np.array([self.table.get(_key(content), unread) for content in contents]).reshape(
            -1, len(STANCE_LABELS)
        )
        return rows / rows.sum(axis=1, keepdims=True)


def _key(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a model is trained on.

    Labelled examples, and sentences that only a teacher labels, each with its article.
    """

    examples: Sequence[Example]
    unlabelled: Sequence[tuple[str, str]] = field(default=())

    @property
    def contents(self) -> list[str]:
        """What is learned from: the labelled first."""
        return [example.text for example in self.examples] + [text for text, _ in self.unlabelled]

    @property
    def weights(self) -> list[float]:
        """How much each content counts."""
        return [example.weight for example in self.examples] + [_TAUGHT_WEIGHT] * len(
            self.unlabelled
        )

    def targets(self, teacher: Teacher | None = None) -> Any:
        """What each content should come out as, of shape (contents, classes): readers' labels, and
        the teacher's probabilities of what it read.

        Raises ``ValueError`` for unlabelled sentences that no teacher has read.
        """
        targets = np.array(
            [
                [float(example.label == label) for label in STANCE_LABELS]
                for example in self.examples
            ]
        ).reshape(-1, len(STANCE_LABELS))
        taught = (
            np.full((len(self.contents), len(STANCE_LABELS)), np.nan)
            if teacher is None
            else np.asarray(teacher.predict_proba(self.contents))
        )
        unread = np.isnan(taught).any(axis=1, keepdims=True)
        if unread[len(targets) :].any():
            raise ValueError(
                f"{unread[len(targets) :].sum()} sentences have no label and no teacher has read"
                " them; give one that has, or leave them out"
            )
        blended = (1 - _TRUST) * targets + _TRUST * taught[: len(targets)]
        return np.vstack(
            [np.where(unread[: len(targets)], targets, blended), taught[len(targets) :]]
        )


def is_held_out(group: str | None) -> bool:
    """Whether a minimal pair is kept out of all training, decided by its name alone.

    >>> is_held_out(None), is_held_out("p001")
    (False, False)
    """
    return group is not None and is_drawn(group, HELD_OUT_ONE_IN)


def is_drawn(name: str, one_in: int) -> bool:
    """Whether a name is among the one in so many that its hash draws: the same ones everywhere,
    whatever else is there.

    >>> sum(is_drawn(str(number), 8) for number in range(8000)) in range(900, 1100)
    True
    """
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % one_in == 0


def read_seeds(*paths: str | os.PathLike[str]) -> tuple[list[Example], list[Example]]:
    """The invented quotations of seed files: those to train on, and the held-out minimal pairs."""
    rows = [row for path in paths for row in _rows(path, ("id", "text", "label", "group"))]
    examples = [
        (
            is_held_out(row["group"]),
            Example(
                row["text"],
                to_class(row["label"]),
                row["group"] or row["id"],
                _SEED_WEIGHT,
                level=row["label"],
            ),
        )
        for row in rows
    ]
    return [example for held, example in examples if not held], [
        example for held, example in examples if held
    ]


def read_real(path: str | os.PathLike[str]) -> list[Example]:
    """Real quotations with their reader's label, how sure the reader was, the article as group, and
    the cue of a mixed one.

    Cues are found in each row's ``context``, the words around the quotation, where it is there.
    """
    rows = _rows(path, ("text", "label", "source", "sure"))
    return [
        Example(
            row["text"],
            to_class(row["label"]),
            row["source"],
            1.0 if row["sure"] else _UNSURE_WEIGHT,
            cue,
            row["label"],
        )
        for row, cue in zip(
            rows,
            find_stance_cues([row["text"] for row in rows], [row.get("context") for row in rows]),
            strict=True,
        )
    ]


def find_stance_cues(contents: Sequence[str], contexts: Sequence[str | None]) -> list[str | None]:
    """The cue of each content that is a mixed quotation in its context, by quotestance's own
    attribution; else ``None``.

    >>> context = 'The union demanded "an end to the talks" on Monday.'
    >>> find_stance_cues(["an end to the talks"], [context])
    ['demanded']
    """
    cues: list[str | None] = []
    for start in range(0, len(contents), _CONTEXTS):
        quoted = attribute_batch(
            [context or "" for context in contexts[start : start + _CONTEXTS]], stance=False
        )
        for content, quotes in zip(contents[start : start + _CONTEXTS], quoted, strict=True):
            cues.append(
                next(
                    (quote.stance_cue for quote in quotes if _bare(content) in _bare(quote.text)),
                    None,
                )
            )
    return cues


def _bare(words: str) -> str:
    """Words without marks and case: contexts and contents are punctuated differently."""
    return " ".join(["", *re.findall(r"\w+", words.lower()), ""])


def read_labels(
    path: str | os.PathLike[str], articles: Iterable[str | os.PathLike[str]]
) -> list[Example]:
    """Quotations of articles with the labels that readers gave them, from a file without text
    (``sha256``, ``label``, ``sure``).

    The quotations are found by quotestance's own attribution, with the cues of mixed ones. What no
    longer is found is left out.
    """
    labels = {row["sha256"]: row for row in _rows(path, ("sha256", "label", "sure"))}
    found: dict[str, Example] = {}
    rows = [row for article in articles for row in _rows(article, ("id", "text"))]
    for start in range(0, len(rows), _CONTEXTS):
        batch = rows[start : start + _CONTEXTS]
        for row, quotes in zip(
            batch, attribute_batch([row["text"] for row in batch], stance=False), strict=True
        ):
            for quote in quotes:
                content = bare_words(quote.text)
                label = labels.get(_key(content))
                if label is not None:
                    weight = 1.0 if label["sure"] else _UNSURE_WEIGHT
                    found.setdefault(
                        content,
                        Example(
                            content,
                            to_class(label["label"]),
                            row["id"],
                            weight,
                            quote.stance_cue,
                            label["label"],
                        ),
                    )
    return list(found.values())


def bare_words(content: str) -> str:
    """The words of a quotation or a sentence on one line, without the marks around them.

    >>> bare_words("“We  agree,”")
    'We agree,'
    """
    return " ".join(content.split()).strip("“”\"‘’'` ")


def read_sentences(
    paths: Iterable[str | os.PathLike[str]], without: str | os.PathLike[str] | None = None
) -> list[tuple[str, str]]:
    """What a teacher labels in articles (``id``, ``text``): their quotations, their sentences and
    some of their clauses, each once, with its article.

    Articles that hold a quotation of the file ``without`` are left out whole.
    """
    kept_out = [_bare(row["text"]) for row in _rows(without, ("text",))] if without else []
    kept_out = [content for content in kept_out if len(content.split()) >= _FEWEST_WORDS]
    found: dict[str, str] = {}
    for row in (row for path in paths for row in _rows(path, ("id", "text"))):
        words = _bare(row["text"])
        if not any(content in words for content in kept_out):
            for sentence in _sentences(row["text"]):
                found.setdefault(sentence, row["id"])
    return list(found.items())


def _sentences(text: str) -> Iterator[str]:
    """The quotations of a text, its sentences, and some of their clauses, drawn by their hash.

    Mixed quotations are clauses, not sentences.
    """
    quoted = [
        " ".join(part.text for part in quotation.parts) for quotation in find_quotations(text)
    ]
    stretches = [
        text[start:end]
        for paragraph in split_paragraphs(text)
        for start, end in split_sentences(text, *paragraph)
    ]
    clauses = [clause for stretch in stretches for clause in _CLAUSE_STARTS.split(stretch)]
    for content, one_in in [
        *((content, 1) for content in quoted + stretches),
        *((content, _CLAUSES_ONE_IN) for content in clauses),
    ]:
        bare = bare_words(content)
        if _FEWEST_WORDS <= len(bare.split()) <= _MOST_WORDS and is_drawn(bare, one_in):
            yield bare


def _rows(path: str | os.PathLike[str], columns: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8-sig").split("\n"), 1):
        if line.strip():
            row = json.loads(line)
            missing = [column for column in columns if column not in row]
            if missing:
                raise ValueError(
                    f"{path}, line {number}: no {', '.join(missing)}; a row needs"
                    f" {', '.join(columns)}"
                )
            rows.append(row)
    return rows


def unlabelled(
    sentences: Sequence[tuple[str, str]], examples: Sequence[Example]
) -> list[tuple[str, str]]:
    """The sentences that no reader labelled."""
    read = {example.text for example in examples}
    return [(text, article) for text, article in sentences if text not in read]


def train_stance(
    lessons: Lessons,
    *,
    teacher: Teacher | None = None,
    encoder: Encoder | None = None,
    least: int = 2,
    facts: Mapping[str, Any] | None = None,
) -> StanceModel:
    """A model that learned the lessons; with a ``teacher``, its probabilities too. ``encoder``
    takes the place of the lexical features, of which each stands in ``least`` quotations.

    Raises ``ValueError`` for unlabelled sentences without a teacher.
    """
    contents, targets = lessons.contents, lessons.targets(teacher)
    model = StanceModel(least=least, encoder=encoder)
    model.fit_soft(
        contents,
        targets,
        sample_weight=lessons.weights,
        groups=[example.group for example in lessons.examples]
        + [group for _, group in lessons.unlabelled],
        cues=[example.cue for example in lessons.examples] + [None] * len(lessons.unlabelled),
        read=[example.label for example in lessons.examples],
    )
    counts = {"labelled": len(lessons.examples), "unlabelled": len(lessons.unlabelled)}
    model.facts_ = {
        "trained_on": {**counts, "sha256": _fingerprint(contents, targets)},
        **(facts or {}),
    }
    return model


def _fingerprint(contents: Iterable[str], targets: Any) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest())
    digest.update(np.round(targets, 4).tobytes())
    return digest.hexdigest()
