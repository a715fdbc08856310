"""Invented news articles of any size.

So many words, quotations and speakers, the same for the same seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

FIRST = (
    "Ana Marta Ilse Nadia Petra Joan Lucia Greta Irene Sofia Helen Rosa Vera Klara Amal Leila Farah"
    " Dina Noor Hana Peter Luis Karim Viktor Daniel Marco Jonas Andrei Tomas Felix Samir Yusuf Omar"
    " Rashid Idris Pavel Hugo Emil Ivan Carl"
).split()
SURNAME_STARTS = """Bar Cor Dal Fen Gar Hal Jor Kel Lor Mar Nor Ost Par Quin Ros Sal Tor Ul Var Wes
    Yar Zel""".split()
SURNAME_ENDS = """ado berg cott den enko field gren holm ini kov lund mann nes oli penko quist rez
    sen tova vik""".split()
ROLES = (
    "union leader",
    "Transport Minister",
    "chief negotiator",
    "army spokesman",
    "Mayor",
    "opposition leader",
    "Prime Minister",
    "mediator",
    "party chairman",
)
BODIES = (
    "the dock workers' union",
    "the transport ministry",
    "the border commission",
    "the opposition alliance",
    "the regional council",
    "the port authority",
)
PLACES = (
    "Port Averly",
    "Tarn Valley",
    "Lower Marsh",
    "Castel Bay",
    "Norwick",
    "Old Harbour",
    "Brenfield",
    "Upper Sound",
)
TOPICS = (
    "the strike",
    "the ceasefire",
    "the disputed border",
    "the wage talks",
    "the blockade",
    "the water treaty",
    "the prisoner exchange",
    "the fishing dispute",
)

CONTENTS = (
    "We are ready to sit down at the table tomorrow if the other side is",
    "We will never accept a deal that was written without us",
    "There has been real progress over the last two days, and we want to keep going",
    "If they cross that line once more, they will pay a heavy price",
    "Nobody should expect us to give up what our parents fought for",
    "This is the best offer that anybody has seen in ten years, and we are glad to support it",
    "The figures will be published on Thursday, as they are every year",
    "They have lied to the public from the first day of this dispute",
    "We have agreed to withdraw from the bridge and to let the convoys through",
    "The delegation will arrive in the evening and meet the mediators after breakfast",
    "Our patience is at an end, and so is our trust in this government",
    "I would rather talk for another month than fight for another hour",
)
PHRASES = (
    "a first step",
    "completely unacceptable",
    "a slap in the face",
    "constructive and calm",
    "the wrong road",
    "blackmail",
    "a gesture of good will",
    "too little",
)
TAGS = (
    "“{content},” said {role} {full} on {day}.",
    "“{content},” {last} said. “{more}.”",
    "{last} told reporters in {place}: “{content}.”",
    "According to {full}, {topic} is far from over. “{content},” {pronoun} said.",
    '"{content}," {last} added, calling the plan "{phrase}".',
    "{role} {full} called the proposal “{phrase}” and left the room without another word.",
    "“{content},” {body} said in a statement on {day}, “and {lower}.”",
)
NARRATIVE = (
    (
        "The talks on {topic} in {place} went on until late on {day}, and several hundred people"
        " waited outside the building in the rain."
    ),
    (
        "Shops in {place} stayed closed for a third day while trucks with food and fuel stood in a"
        " long line on the coastal road."
    ),
    (
        "The two sides have met eleven times since the spring, mostly behind closed doors and twice"
        " in the presence of {full}."
    ),
    (
        "Police had put up barriers along the river, but the march passed without an incident and"
        " broke up shortly before dark."
    ),
    (
        "Under the draft, wages would rise by four per cent this year and by three per cent in each"
        " of the two years after that."
    ),
    (
        "A court in {place} is to decide next month whether the blockade of the harbour was lawful,"
        " as {body} had claimed."
    ),
    (
        "Prices for bread and diesel have doubled in the valley since {topic} began, and many"
        " families have left for the coast."
    ),
    (
        "Observers counted fewer ships in the strait than in any week since the war, and insurers"
        " have raised their rates again."
    ),
    (
        "The committee was set up after the failed summit of last year and has nine members, three"
        " of them named by {body}."
    ),
    (
        "Trains between {place} and the capital ran with long delays, and the airport closed one of"
        " its two runways for repairs."
    ),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class _Cast:
    """The speakers of an article, each with one full name and pronoun; the surnames differ."""

    def __init__(self, size: int, rng: random.Random):
        surnames = [start + end for start in SURNAME_STARTS for end in SURNAME_ENDS]
        rng.shuffle(surnames)
        self.people = []
        for number in range(size):
            first = rng.randrange(len(FIRST))
            last = surnames[number % len(surnames)]
            if number >= len(surnames):
                last += "-" + surnames[number // len(surnames)]
            self.people.append(
                {
                    "full": f"{FIRST[first]} {last}",
                    "last": last,
                    "role": ROLES[number % len(ROLES)],
                    "pronoun": "she" if first < 20 else "he",
                }
            )


def _filled(template: str, person: dict[str, str], rng: random.Random) -> str:
    content, more = rng.sample(CONTENTS, 2)
    chosen = {
        "phrase": rng.choice(PHRASES),
        "body": rng.choice(BODIES),
        "place": rng.choice(PLACES),
        "topic": rng.choice(TOPICS),
        "day": rng.choice(DAYS),
    }
    return template.format(
        **person, **chosen, content=content, more=more, lower=more[0].lower() + more[1:]
    )


def article(words: int = 500, quotations: int = 10, speakers: int = 4, seed: int = 0) -> str:
    """An invented article of about ``words`` words with about ``quotations`` quotations by up to
    ``speakers`` people.

    >>> article(60, 2, 1) == article(60, 2, 1)
    True
    """
    rng = random.Random(f"{words} {quotations} {speakers} {seed}")
    people = _Cast(max(speakers, 1), rng).people
    told = [
        _filled(TAGS[number % len(TAGS)], people[number % len(people)], rng)
        for number in range(quotations)
    ]
    rest = max(0, words - sum(len(paragraph.split()) for paragraph in told))
    sentences: list[str] = []
    while rest > 0:
        sentences.append(_filled(rng.choice(NARRATIVE), rng.choice(people), rng))
        rest -= len(sentences[-1].split())
    return "\n\n".join(
        _woven([" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)], told)
    )


def _woven(narrative: list[str], told: list[str]) -> Iterator[str]:
    """Paragraphs with and without speech, spread evenly."""
    total = len(narrative) + len(told)
    said = silent = 0
    for number in range(1, total + 1):
        if (said < len(told) and said * total <= number * len(told) - 1) or silent == len(
            narrative
        ):
            yield told[said]
            said += 1
        else:
            yield narrative[silent]
            silent += 1


def articles(count: int, seed: int = 0) -> Iterator[str]:
    """Articles as a newsroom has them.

    Of 150 to 1,000 words, with 0 to 16 quotations by 1 to 6 people.
    """
    rng = random.Random(seed)
    for number in range(count):
        words = rng.randint(150, 1000)
        yield article(words, rng.randint(0, max(1, words // 60)), rng.randint(1, 6), seed=number)
