"""Models in data packages of their own: built by pip's tools, found by name, never executed."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quotestance import model_folder
from quotestance.stance.linear_stance import LinearStance
from quotestance.stance.model import StanceModel

ROOT = Path(__file__).resolve().parent.parent
PROJECT = """
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "quotestance-tiny"
version = "1.0.0"

[project.entry-points."quotestance.models"]
tiny = "quotestance_tiny"

[tool.hatch.build.targets.wheel]
bypass-selection = true

[tool.hatch.build.targets.wheel.force-include]
"model.json" = "quotestance_tiny/model.json"
"weights.npz" = "quotestance_tiny/weights.npz"
"""
SCORE = """
import json
from quotestance.stance.linear_stance import LinearStance
print(json.dumps(LinearStance.load("tiny").predict_proba(["We refuse."]).tolist()))
"""


def run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, command)),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tiny() -> StanceModel:
    contents = ["We refuse.", "No deal.", "We accept.", "We agree."]
    return StanceModel(least=1).fit(contents, ["-1", "-1", "1", "1"])


def install(model: StanceModel, folder: Path) -> Path:
    """The folder that a data package with this model is installed into."""
    model.save(folder / "project")
    (folder / "project" / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    build = (
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        folder / "dist",
    )
    run(*build, folder / "project")
    (wheel,) = (folder / "dist").glob("*.whl")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, "--target", folder / "site", wheel)
    return folder / "site"


@pytest.fixture(scope="module")
def site(tiny: StanceModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tiny, tmp_path_factory.mktemp("package"))


def test_a_model_is_loaded_from_an_installed_data_package(site: Path, tiny: StanceModel) -> None:
    path = os.pathsep.join([str(site), str(ROOT)])
    scored = json.loads(run(sys.executable, "-c", SCORE, PYTHONPATH=path))
    assert scored == [pytest.approx(tiny.predict_proba(["We refuse."])[0].tolist(), abs=1e-6)]


def test_its_code_does_not_run(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site))
    code = site / "quotestance_tiny" / "__init__.py"
    code.write_text("raise RuntimeError('executed')\n", encoding="utf-8")
    importlib.invalidate_caches()
    try:
        assert model_folder.find("tiny") == site / "quotestance_tiny"
    finally:
        code.unlink()


def test_an_unknown_name_lists_what_is_bundled_and_what_is_installed(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(site))
    with pytest.raises(FileNotFoundError, match=r"'klingon'.*bundled: .*stance-en.*led: .*tiny"):
        StanceModel.load("klingon")


def test_a_data_package_of_another_format_says_what_to_do(
    tiny: StanceModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = install(tiny, tmp_path)
    facts = site / "quotestance_tiny" / "model.json"
    later = facts.read_text(encoding="utf-8").replace('"format": 1', '"format": 99')
    facts.write_text(later, encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    with pytest.raises(ValueError, match=r"has format 99; this version reads format 1\. Upgrade"):
        LinearStance.load("tiny")


def test_an_entry_point_without_its_package_says_what_to_do(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (described,) = site.glob("*.dist-info")
    (tmp_path / described.name).mkdir()
    for file in ("entry_points.txt", "METADATA"):
        (tmp_path / described.name / file).write_bytes((described / file).read_bytes())
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    with pytest.raises(FileNotFoundError, match=r"'quotestance_tiny', which is not there\."):
        model_folder.find("tiny")


def test_a_package_that_is_missing_is_named_with_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("onnxruntime", "tokenizers"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=r"pip install 'quotestance\[encoder\]'"):
        StanceModel.load("stance-en-encoder")
