"""Names of modules in pages and docstrings: each is the name of one that exists.

A page names a module by its file (`attribution/cues.py`) or by dots (`quotestance.tables.rows`,
`tables.rows.COLUMNS`); a docstring also by its name alone inside a room (``rows.COLUMNS``), and
after "see" without dots.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import quotestance
from quotestance.quote import Stance

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(quotestance.__file__).parent
PAGES = [
    *(ROOT / name for name in ("README.md", "models/README.md", "seeds/README.md")),
    ROOT / "tests" / "data" / "articles" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
ROOMS = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
TOPS = {path.stem for path in PACKAGE.glob("*.py")}
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"(?<!`)(``?)(?!`)([^`\n]+)\1(?!`)")
SEE = re.compile(r"\b[Ss]ee ``([a-z_]+)``")
DOTTED = re.compile(r"[a-z_]+(?:\.\w+)+")
FILES = frozenset({"json", "jsonl", "md", "npz", "onnx", "toml"})  # "a.b" that is a file
FOREIGN = frozenset({"joblib", "pyarrow", "scipy"})
ENTRY_POINTS = "quotestance.models"  # a group of entry points, no module


def exists(name: str) -> bool:
    """Whether dots below the package lead to something: a module, or what stands in one."""
    found: object = quotestance
    parts = name.split(".")
    for number, part in enumerate(parts, 1):
        path = PACKAGE.joinpath(*parts[:number])
        if path.with_suffix(".py").exists() or path.is_dir():
            found = importlib.import_module(".".join(["quotestance", *parts[:number]]))
        elif not hasattr(found, part):
            return False
        else:
            found = getattr(found, part)
    return True


def is_file(name: str) -> bool:
    return name.rsplit(".", 1)[-1] in FILES


def is_right(name: str, folder: Path = ROOT) -> bool:
    """Whether a name of a page or a docstring is none of a module, or that of one that exists."""
    if name.endswith(".py"):
        return any((place / name).exists() for place in (ROOT, PACKAGE, folder))
    if not DOTTED.fullmatch(name) or name == ENTRY_POINTS or is_file(name):
        return True
    first, _, rest = name.partition(".")
    if first == "quotestance":
        return exists(rest)
    return first not in ROOMS or exists(name) or (first == "stance" and hasattr(Stance, rest))


def docstrings(path: Path) -> Iterator[str]:
    """The docstrings of a file: of the module, its classes and its functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""


def is_right_in(path: Path, name: str) -> bool:
    """Whether a docstring's name is right; a module of the same room may stand without it."""
    if is_file(name) or not DOTTED.fullmatch(name):
        return is_right(name)
    first = name.split(".")[0]
    if path.parent != PACKAGE and (path.parent / f"{first}.py").exists():
        return exists(f"{path.parent.name}.{name}")
    return first in FOREIGN | ROOMS | TOPS | {"quotestance"} and is_right(name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_name_modules_that_exist(page: Path) -> None:
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    names = [word for _, said in QUOTED.findall(prose) for word in said.split()]
    assert [name for name in names if not is_right(name, page.parent)] == []


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_docstrings_name_modules_that_exist(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for text in docstrings(path):
        names = [name for _, name in QUOTED.findall(text)]
        assert [name for name in names if not is_right_in(path, name)] == []
        for name in SEE.findall(text):
            there = (path.parent / f"{name}.py").exists() or f"def {name}(" in source
            assert there, f"see {name}, which is neither a module beside it nor a function"


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("attribution/cues.py", True),
        ("cue.py", False),
        ("quotestance.tables.rows.COLUMNS", True),
        ("quotestance.tables.rows.ROWS", False),
        ("quotestance.attribute_quotes", True),
        ("quotestance.attribution_training", False),
        ("marks.quotations", True),
        ("marks.quotation_finder", False),
        ("stance.label", True),
        ("stance.mood", False),
        ("model.json", True),
        ("nlp.pipe", True),
    ],
)
def test_what_is_a_right_name(name: str, right: bool) -> None:
    assert is_right(name) is right
