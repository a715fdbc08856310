"""Make seeds/announced.jsonl: short invented reports in which an ordinary sentence brings in who
speaks next, or does not.

"“...,” Adam Reyl said. Piet Osk begged to differ. “...,” he said." Annotated news has few of them,
and attribution learned to go on with the speaker before. No frame and no word of the test cases
stands here. Run: python seeds/announced.py
"""

from __future__ import annotations

import json
import random
from pathlib import Path

MEN = "Adam Piet Stefan Yusuf Gareth Lorenzo Kwame Anders Mikel Dmitri Rafael Colin".split()
WOMEN = "Marit Yasmin Claire Odette Soledad Birgit Noor Fiona Ayesha Katrin Beatriz Helen".split()
LAST = """Reyl Osk Tarrow Benedek Mbali Qadir Sorley Vint Amaro Haldane Rusk Ferrand Iyer Koval
    Pell Dasgupta""".split()
SAID = ("The bridge will stay shut", "Nobody has read the report", "It was a fair result")
SAID += ("We have waited long enough", "The figures speak for themselves", "I would do it again")
SAID += ("They knew about the leak", "There is room for both", "The river does not wait")
ANNOUNCED = (
    "was having none of it",
    "struck a softer note",
    "begged to differ",
    "sounded more hopeful",
    "had heard it all before",
    "stood up at the back",
    "took the opposite view",
    "followed with another story",
    "laughed at that",
    "came to the same conclusion",
    "was next at the microphone",
    "would not hear of a delay",
    "had a different memory of the night",
    "put it more bluntly",
    "waited until the room was quiet",
)
WENT_ON = (
    "The room fell silent.",
    "Rain beat on the windows of the hall.",
    "A second vote is due in spring.",
    "Nobody clapped.",
    "The meeting lasted four hours.",
)
DAYS = "Monday Tuesday Wednesday Thursday Friday".split()
HE = {"m": "he", "f": "she"}


class Report:
    """A text under construction, with its quotations."""

    def __init__(self) -> None:
        self.text = ""
        self.quotes: list[dict[str, object]] = []

    def add(self, words: str) -> tuple[int, int]:
        """Append words; where they stand."""
        start = len(self.text)
        self.text += words
        return start, len(self.text)

    def quote(self, content: str, speaker: str, mention: tuple[int, int] | None = None) -> None:
        """Append quoted words; ``mention`` is where their source stands, or comes next."""
        start, end = self.add(f"“{content}”")
        self.quotes.append(
            {
                "start": start + 1,
                "end": end - 1,
                "kind": "direct",
                "speaker": speaker,
                "aliases": [speaker.split()[-1]],
                "speaker_spans": [list(mention)] if mention else [],
            }
        )

    def tag(self, source: str, verb: str) -> None:
        """Append the tag of the last quotation: its source and its verb."""
        self.add(" ")
        self.quotes[-1]["speaker_spans"] = [list(self.add(source))]
        self.add(f" {verb}")


def report(rng: random.Random, number: int) -> dict[str, object]:
    """One report: one in two with an announced speaker, the others with the speaker going on."""
    sex = rng.choice("mf")
    first, second = rng.sample(MEN if sex == "m" else WOMEN, 2)
    names = [
        f"{name} {last}" for name, last in zip((first, second), rng.sample(LAST, 2), strict=True)
    ]
    one, two = rng.sample(SAID, 2)
    made = Report()
    if rng.random() < 0.3:
        made.add(f"{names[1]} listened from the first row. ")
    made.quote(f"{one},", names[0])
    made.tag(names[0], f"said on {rng.choice(DAYS)}.\n\n")
    announced = number % 2 == 0
    if announced:
        mention = made.add(names[1])
        made.add(f" {rng.choice(ANNOUNCED)}. ")
    else:
        mention = None
        made.add(rng.choice([f"{rng.choice(WENT_ON)} ", f"{HE[sex].capitalize()} smiled. ", ""]))
    speaker = names[1] if announced else names[0]
    if announced and rng.random() < 0.3:
        made.quote(f"{two}.", speaker, mention)
    else:
        made.quote(f"{two},", speaker)
        made.tag(HE[sex], rng.choice(["said.", "added.", "told reporters."]))
    return {"id": f"announced-{number:03d}", "text": made.text, "quotes": made.quotes}


def main() -> None:
    """Write the reports beside this file."""
    rng = random.Random(0)
    lines = [json.dumps(report(rng, number), ensure_ascii=False) for number in range(240)]
    out = Path(__file__).with_name("announced.jsonl")
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
