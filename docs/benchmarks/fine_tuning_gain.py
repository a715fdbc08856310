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
from pathlib import Path
from typing import Any

from sklearn.metrics import f1_score

from quotestance.stance.model import StanceModel
from quotestance.tables.labelled import to_class
from quotestance.training.lesson_files import read_real, read_seeds
from quotestance.training.lessons import Lessons
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line for each topic, and the means."""
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
    asked = parser.parse_args(arguments)
    rows, other = rows_of(asked.real), rows_of(asked.elsewhere)
    examples, topics = read_real(asked.real), [row["topic"] for row in rows]
    seed_topic = {row["text"]: row["topic"] for row in rows_of(asked.seeds)}
    gains, losses = [], []
    print(
        "| topic | rest | rest before | rest after | elsewhere before | elsewhere after"
        " |\n|---|---|---|---|---|---|",
        flush=True,
    )
    for topic in asked.topics or sorted(set(topics)):
        seeds = [
            seed
            for seed in read_seeds(asked.seeds)[0]
            if seed_topic[seed.text] != SEEDS_OF.get(topic, topic)
        ]
        base = train_stance(
            Lessons(
                [
                    *seeds,
                    *(
                        example
                        for example, its in zip(examples, topics, strict=True)
                        if its != topic
                    ),
                ]
            )
        )
        taken, rest = split([row for row in rows if row["topic"] == topic], asked.labels)
        tuned = base.fine_tune([row["text"] for row in taken], [row["label"] for row in taken])
        elsewhere = [row for row in other if row["topic"] != topic]
        before, after = (
            (macro_f1(base, rest), macro_f1(base, elsewhere)),
            (macro_f1(tuned, rest), macro_f1(tuned, elsewhere)),
        )
        gains.append(after[0] - before[0])
        losses.append(before[1] - after[1])
        print(
            f"| {topic} | {len(rest)} | {before[0]:.3f} | {after[0]:.3f} | {before[1]:.3f} |"
            f" {after[1]:.3f} |",
            flush=True,
        )
    print(
        f"mean gain {100 * sum(gains) / len(gains):+.1f} points, mean loss elsewhere"
        f" {100 * sum(losses) / len(losses):+.1f} points"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
