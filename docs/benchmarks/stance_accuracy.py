"""Every figure of docs/accuracy.md about stance: real quotations, held-out pairs, behaviour by
rule, names swapped, speed.

python docs/benchmarks/stance_accuracy.py [MODEL ...]          figures of the bundled models, or of
these python docs/benchmarks/stance_accuracy.py --write-failures     renew
tests/data/known_failures.json
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np

from quotestance.stance.linear_stance import ENCODER_NAME, NAME
from quotestance.stance.model import StanceModel
from quotestance.tables.labelled import to_class
from quotestance.training.lesson_files import find_stance_cues, read_seeds
from quotestance.training.stance_scores import as_text, columns_of, evaluate_stance

ROOT = Path(__file__).resolve().parent.parent.parent
DATA, SEEDS, REAL = (
    ROOT / "tests" / "data",
    ROOT / "seeds" / "quotations.jsonl",
    ROOT.parent / "shared" / "stance" / "real_dev.jsonl",
)
FAILURES = DATA / "known_failures.json"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def agrees(label: str, expected: str) -> bool:
    """Whether a label is what is expected; "not hardline" expects any other."""
    return (
        label != expected.removeprefix("not ") if expected.startswith("not ") else label == expected
    )


def behaviour(model: StanceModel) -> dict[str, bool]:
    """For each row of the behavioural suite, whether the model does what is expected."""
    suite = rows(DATA / "behaviour.jsonl")
    return {
        row["id"]: agrees(str(label), row["expect"])
        for row, label in zip(suite, model.predict([row["text"] for row in suite]), strict=True)
    }


def names_swapped(model: StanceModel) -> tuple[float, float]:
    """The share of labels that another name flips, and the median spread of the score in a
    sentence, over all sentences and names."""
    names = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
    fillers = {
        "{person}": "people",
        "{country}": "countries",
        "{nationality}": "nationalities",
        "{party}": "parties",
        "{religion}": "religions",
    }
    flipped, spreads = [], []
    for frame in names["frames"]:
        slot = next(slot for slot in fillers if slot in frame)
        chances = model.predict_proba([frame.replace(slot, name) for name in names[fillers[slot]]])
        labels, scores = chances.argmax(axis=1), chances[:, 2] - chances[:, 0]
        flipped += (labels != np.bincount(labels).argmax()).tolist()
        spreads.append(float(np.median(np.abs(scores - np.median(scores)))))
    return float(np.mean(flipped)), float(np.median(spreads))


def pairs_right(model: StanceModel) -> tuple[float, int]:
    """Of the held-out minimal pairs of different class, the share with both labels right, and how
    many there are."""
    groups = defaultdict(list)
    held = read_seeds(SEEDS)[1]
    for example, label in zip(held, model.predict([example.text for example in held]), strict=True):
        groups[example.group].append((example.label, str(label) == example.label))
    pairs = [
        left[1] and right[1]
        for members in groups.values()
        for left, right in combinations(members, 2)
        if left[0] != right[0]
    ]
    return float(np.mean(pairs)), len(pairs)


def speed(model: StanceModel) -> float:
    """Quotations a second of processor time, in one batch of 2,000."""
    contents = [example.text for example in read_seeds(SEEDS)[0][:2000]]
    started = time.process_time()
    model.predict_proba(contents)
    return len(contents) / (time.process_time() - started)


def report(name: str) -> None:
    """Print every figure of a model."""
    model = StanceModel.load(name)
    print(f"== {name}")
    if REAL.exists():
        real = rows(REAL)
        contents = [row["text"] for row in real]
        cues = find_stance_cues(contents, [row.get("context") for row in real])
        found = evaluate_stance(
            [to_class(row["label"]) for row in real],
            columns_of(model.classes_.tolist(), model.predict_proba(contents, cues)),
        )
        print(as_text(found))
    done, rules = (
        behaviour(model),
        {row["id"]: row["rule"] for row in rows(DATA / "behaviour.jsonl")},
    )
    print(f"\nbehaviour: {sum(done.values())} of {len(done)} rows; by rule:")
    for rule in sorted(set(rules.values()), key=lambda rule: (rule[0], int(rule[1:]))):
        passed = [done[row] for row in done if rules[row] == rule]
        print(f"  {rule:4} {sum(passed):3} of {len(passed)}")
    print("held-out minimal pairs both right: {:.1%} of {}".format(*pairs_right(model)))
    print(
        "names swapped: {:.1%} of labels flipped, median change of score {:.3f}".format(
            *names_swapped(model)
        )
    )
    print(f"speed: {speed(model):,.0f} quotations a second of one core\n")


def write_failures() -> None:
    """Write down which rows of the behavioural suite the bundled models fail."""
    failures = {
        name: [row for row, done in behaviour(StanceModel.load(name)).items() if not done]
        for name in (NAME, ENCODER_NAME)
    }
    FAILURES.write_text(json.dumps(failures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write-failures"]:
        write_failures()
    else:
        for name in sys.argv[1:] or (NAME, ENCODER_NAME):
            report(name)
