"""The inflected forms of English verbs."""

from __future__ import annotations

_IRREGULAR = {
    "say": "says said saying",
    "tell": "tells told telling",
    "write": "writes wrote written writing",
    "read": "reads read reading",
    "think": "thinks thought thinking",
    "go": "goes went gone going",
    "begin": "begins began begun beginning",
    "sing": "sings sang sung singing",
    "speak": "speaks spoke spoken speaking",
    "put": "puts put putting",
    "reply": "replies replied replying",
    "cry": "cries cried crying",
    "deny": "denies denied denying",
    "testify": "testifies testified testifying",
    "clarify": "clarifies clarified clarifying",
    "tweet": "tweets tweeted tweeting",
    "vow": "vows vowed vowing",
    "quip": "quips quipped quipping",
    "admit": "admits admitted admitting",
    "interject": "interjects interjected interjecting",
    "see": "sees saw seen seeing",
    "find": "finds found finding",
    "know": "knows knew known knowing",
    "make": "makes made making",
    "give": "gives gave given giving",
    "quote": "quotes quoted quoting",
    "shrug": "shrugs shrugged shrugging",
    "nod": "nods nodded nodding",
    "beg": "begs begged begging",
    "dub": "dubs dubbed dubbing",
    "slam": "slams slammed slamming",
    "snap": "snaps snapped snapping",
    "refer": "refers referred referring",
    "feel": "feels felt feeling",
    "agree": "agrees agreed agreeing",
    "label": "labels labeled labelled labeling labelling",
    "signal": "signals signaled signalled signaling signalling",
}


def _forms(lemma: str) -> list[str]:
    """The inflected forms of a verb, the lemma first."""
    if lemma in _IRREGULAR:
        return [lemma, *_IRREGULAR[lemma].split()]
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    ending = "es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return [lemma, lemma + ending, stem + "ed", stem + "ing"]


def verb_forms(lemmas: str) -> dict[str, str]:
    """Every form of the verbs of a string, with its lemma.

    >>> verb_forms("add write")["written"], list(verb_forms("add"))
    ('write', ['add', 'adds', 'added', 'adding'])
    """
    return {form: lemma for lemma in lemmas.split() for form in _forms(lemma)}
