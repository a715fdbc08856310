"""The bundled models come out of the training commands byte for byte, where the training data is
there.

The last digits of a sum depend on the processor's linear algebra, so bytes are compared where
libraries and processor are those of the recorded build, and numbers to three decimals everywhere
else.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from threadpoolctl import threadpool_info

from quotestance.cli.main import main

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
GOLD = SHARED / "eval" / "gold"
RECORD = Path(__file__).parent / "data" / "built_with.json"
COMMANDS = {
    "attribution-en": [
        "attribution",
        str(GOLD / "articles_train.jsonl"),
        str(GOLD / "polnear_train.jsonl"),
        str(ROOT / "seeds" / "announced.jsonl"),
        str(ROOT / "seeds" / "reports.jsonl"),
        "--first-names",
        str(ROOT / "seeds" / "first_names.json"),
    ],
    "stance-en": [
        *(
            "stance",
            "--seeds",
            str(ROOT / "seeds" / "quotations.jsonl"),
            "--real",
            str(SHARED / "stance" / "real_train.jsonl"),
        ),
        *(
            "--taught",
            str(ROOT / "seeds" / "taught.jsonl"),
            "--article",
            str(GOLD / "articles_train.jsonl"),
            "--article",
            str(GOLD / "polnear_train.jsonl"),
        ),
    ],
}


def built_with() -> dict[str, str]:
    """What the last digits of the weights depend on."""
    kinds = sorted(
        {
            str(pool.get("architecture"))
            for pool in threadpool_info()
            if pool.get("internal_api") == "openblas"
        }
    )
    return {name: version(name) for name in ("numpy", "scipy", "scikit-learn", "spacy")} | {
        "linear algebra": ", ".join(kinds)
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_the_training_command_gives_the_bundled_model(name: str, tmp_path: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared is not beside this checkout")
    result = CliRunner().invoke(
        main, ["train", *COMMANDS[name], "--output", str(tmp_path / name)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    bundled = ROOT / "models" / name
    if built_with() == json.loads(RECORD.read_text(encoding="utf-8")):
        for file in ("model.json", "weights.npz"):
            assert (tmp_path / name / file).read_bytes() == (bundled / file).read_bytes(), file
    with (
        np.load(tmp_path / name / "weights.npz") as anew,
        np.load(bundled / "weights.npz") as shipped,
    ):
        assert anew.files == shipped.files
        for array in anew.files:
            np.testing.assert_allclose(anew[array], shipped[array], rtol=1e-3, atol=1e-3)
