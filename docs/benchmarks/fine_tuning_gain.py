"""What fine-tuning gives on a topic that training never saw: macro-F1 before and after, on the rest
of the topic and elsewhere.

Run: python docs/benchmarks/fine_tuning_gain.py --real ../shared/stance/real_train.jsonl --elsewhere
../shared/stance/real_dev.jsonl

Each topic of the real quotations is held out in turn, with the seeds of that topic; a model is
trained on all else, fine-tuned on ``--labels`` quotations of the topic, and scored on the topic's
other articles and on the quotations of other topics in ``--elsewhere``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from sklearn.metrics import f1_score

from quotestance.stance.model import StanceModel
from quotestance.tables.labelled import to_class
from quotestance.training.lesson_files import read_real, read_seeds
from quotestance.training.lessons import Example, Lessons
from quotestance.training.stance import train_stance

Row = dict[str, Any]
SEEDS_OF = {"conflict": "war"}  # the seeds name this topic otherwise


def rows_of(path: Path) -> list[Row]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def macro_f1(model: StanceModel, rows: Sequence[Row]) -> float:
    """Macro-F1 of a model on labelled rows."""
    return float(
        f1_score(
            [to_class(row["label"]) for row in rows],
            model.predict([row["text"] for row in rows]),
            average="macro",
        )
    )


def split(rows: Sequence[Row], count: int) -> tuple[list[Row], list[Row]]:
    """About ``count`` rows from whole articles in random order, and the rows of all others."""
    articles = sorted({row["source"] for row in rows})
    random.Random(0).shuffle(articles)
    taken: dict[str, Row] = {}
    used = set()
    for article in articles:
        if len(taken) >= min(count, len(rows) // 2):
            break
        used.add(article)
        taken.update((row["text"], row) for row in rows if row["source"] == article)
    return list(taken.values())[:count], [row for row in rows if row["source"] not in used]


@dataclass(frozen=True)
class Data:
    """Labelled quotations: real ones, those that no model is trained on, and the seeds."""

    real: list[Row]
    elsewhere: list[Row]
    seeds: list[Row]
    examples: list[Example]
    invented: list[Example]

    @classmethod
    def read(cls, real: Path, elsewhere: Path, seeds: Path) -> Data:
        """The rows of the three files, and the examples that training makes of them."""
        rows = (rows_of(real), rows_of(elsewhere), rows_of(seeds))
        return cls(*rows, read_real(real), read_seeds(seeds)[0])

    def without(self, topic: str) -> list[Example]:
        """The examples of all other topics."""
        topics = {row["text"]: row["topic"] for row in self.seeds}
        seeds = [seed for seed in self.invented if topics[seed.text] != SEEDS_OF.get(topic, topic)]
        pairs = zip(self.examples, self.real, strict=True)
        return [*seeds, *(example for example, row in pairs if row["topic"] != topic)]


class Outcome(NamedTuple):
    """Macro-F1 on a topic's other articles and on all other topics, before and after."""

    rest: int
    before: tuple[float, float]
    after: tuple[float, float]

    @property
    def gain(self) -> float:
        """On the topic."""
        return self.after[0] - self.before[0]

    @property
    def loss(self) -> float:
        """On all other topics."""
        return self.before[1] - self.after[1]


def outcome(data: Data, topic: str, labels: int) -> Outcome:
    """What fine-tuning on so many quotations of a topic changes for a model that never saw it."""
    base = train_stance(Lessons(data.without(topic)))
    taken, rest = split([row for row in data.real if row["topic"] == topic], labels)
    tuned = base.fine_tune([row["text"] for row in taken], [row["label"] for row in taken])
    elsewhere = [row for row in data.elsewhere if row["topic"] != topic]
    before, after = ((macro_f1(model, rest), macro_f1(model, elsewhere)) for model in (base, tuned))
    return Outcome(len(rest), before, after)


def arguments_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--real", type=Path, required=True, help="labelled real quotations with topic and source"
    )
    parser.add_argument(
        "--elsewhere",
        type=Path,
        required=True,
        help="labelled quotations that no model is trained on",
    )
    parser.add_argument("--seeds", type=Path, default=Path("seeds/quotations.jsonl"))
    parser.add_argument("--labels", type=int, default=200, help="quotations to fine-tune on")
    parser.add_argument("--topics", nargs="*", help="only these")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line for each topic, and the means."""
    asked = arguments_of(arguments)
    data = Data.read(asked.real, asked.elsewhere, asked.seeds)
    print("| topic | rest | rest before | rest after | elsewhere before | elsewhere after |")
    print("|---|---|---|---|---|---|", flush=True)
    found = []
    for topic in asked.topics or sorted({row["topic"] for row in data.real}):
        found.append(outcome(data, topic, asked.labels))
        rest, before, after = found[-1]
        print(
            f"| {topic} | {rest} | {before[0]:.3f} | {after[0]:.3f} | {before[1]:.3f} |"
            f" {after[1]:.3f} |",
            flush=True,
        )
    gain, loss = (fmean(one.gain for one in found), fmean(one.loss for one in found))
    print(f"mean gain {100 * gain:+.1f} points, mean loss elsewhere {100 * loss:+.1f} points")
    return 0


if __name__ == "__main__":
    sys.exit(main())
