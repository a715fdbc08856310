"""Make seeds/first_names.json: first names and the gender they hint at, as facts from two packages.

``pip install names faker`` brings the 1990 census of the United States (public domain, in
``names``) and the name lists of Faker's locales (MIT). A name counts for a gender that bears it at
least six times as often. Run: python seeds/first_names.py
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import faker.providers.person
import names

CENSUS = {"m": "dist.male.first", "f": "dist.female.first"}
LISTS = {"m": "first_names_male", "f": "first_names_female"}
LATIN = re.compile(r"[a-zà-ÿ'-]+")
ONE_LIST = 0.005  # a name of one locale weighs as much as one of every 20,000 people in the census
RATIO = 6

Bearers = dict[str, defaultdict[str, float]]  # gender -> name -> how many bear it


def main() -> None:
    """Write the table beside this file."""
    bearers: Bearers = {"m": defaultdict(float), "f": defaultdict(float)}
    for gender, name, count in (*census(), *locales()):
        bearers[gender][name.lower()] += count
    table = {
        gender: " ".join(sorted(borne(bearers[gender], bearers[other])))
        for gender, other in (("f", "m"), ("m", "f"))
    }
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def census() -> Iterator[tuple[str, str, float]]:
    """The names of the census: gender, name, and the share of people who bear it."""
    for gender, file in CENSUS.items():
        for line in (Path(names.__file__).parent / file).read_text().splitlines():
            name, share = line.split()[:2]
            yield gender, name, float(share)


def locales() -> Iterator[tuple[str, str, float]]:
    """The names of Faker's locales: gender, name, and what a list weighs."""
    for locale in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{locale.name}").Provider
        for gender, attribute in LISTS.items():
            for name in getattr(provider, attribute, None) or ():
                yield gender, name, ONE_LIST


def borne(own: Mapping[str, float], others: Mapping[str, float]) -> Iterator[str]:
    """The Latin names that one gender bears and the other hardly."""
    return (
        name for name in own if LATIN.fullmatch(name) and own[name] >= RATIO * others.get(name, 0.0)
    )


if __name__ == "__main__":
    main()
