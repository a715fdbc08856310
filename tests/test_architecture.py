"""The shape of the code.

Imports point one way, heavy libraries load where they are used, functions stay short, examples run.
"""

from __future__ import annotations

import ast
import doctest
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import quotestance

PACKAGE = Path(quotestance.__file__).parent


def module_name(path: Path) -> str:
    """The dotted name of a module: ``marks.quotations``; a folder is its own."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


TREES = {
    module_name(path): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
}
MODULES = sorted(TREES)

# A room imports only from rows above its own, so there are no cycles; a new room takes a place
# here. ``__init__`` stands first: it imports its names when they are asked for.
ROWS = (
    {"__init__", "quote", "inflection", "letters", "linear", "model_folder", "once"},
    {"lexicon"},
    {"marks"},
    {"tables"},
    {"attribution"},
    {"speakers"},
    {"stance"},
    {"attribution_model"},
    {"options"},
    {"pipeline"},
    {"workers"},
    {"time_limit"},
    {"batch"},
    {"frames"},
    {"training"},
    {"cli"},
    {"__main__"},
)
ROW = {name: number for number, names in enumerate(ROWS) for name in names}
# Inside a room the same: a module imports only from those before it.
INSIDE = {
    "marks": (
        "paragraphs",
        "prose",
        "signs",
        "pairing",
        "continuations",
        "quotations",
        "stand_ins",
        "contexts",
    ),
    "attribution": (
        "parser",
        "mentions",
        "clauses",
        "cues",
        "turns",
        "rules",
        "governors",
        "introductions",
        "facts",
        "document",
        "candidates",
        "kinds",
        "sources",
    ),
    "speakers": (
        "roles",
        "titles",
        "bodies",
        "boundaries",
        "runs",
        "names",
        "entities",
        "name_keys",
        "name_index",
        "antecedents",
        "discourse",
        "coreference",
        "descriptions",
        "holders",
        "pairs",
        "issuers",
        "named",
        "resolver",
        "confidence",
    ),
    "stance": (
        "scoring",
        "contents",
        "encoder",
        "tokens",
        "acts",
        "vocabulary",
        "features",
        "calibration",
        "explanation",
        "linear_stance",
        "soft_targets",
        "fine_tuning",
        "learning",
        "model",
    ),
    "tables": (
        "documents",
        "labelled",
        "rows",
        "formats",
        "lock",
        "files",
        "inputs",
        "progress",
        "stream",
        "output",
    ),
    "training": (
        "annotated",
        "same_name",
        "intervals",
        "attribution_scores",
        "attribution_report",
        "stance_scores",
        "fitting",
        "boundaries",
        "decisions",
        "attribution",
        "tuning",
        "sentences",
        "lessons",
        "lesson_files",
        "stance",
        "pieces",
        "network",
        "encoder",
        "teacher",
        "__main__",
    ),
    "cli": (
        "messages",
        "models",
        "progress",
        "sinks",
        "run",
        "attribute",
        "train",
        "annotated",
        "evaluate",
        "main",
    ),
}

# The one step up: ``AttributionModel.fine_tune`` hands over to training, which is loaded then.
STEPS_UP = {("attribution_model", "training.tuning")}

# Heavy library -> the modules that are about it and may import it at their top; everywhere else it
# is imported where it is used.
AT_THE_TOP: dict[str, set[str]] = {
    "sklearn": {"stance.learning", "stance.model", "training.stance_scores"},
    "scipy": {
        "stance.learning",
        "stance.linear_stance",
        "stance.features",
        "stance.vocabulary",
    },
    "numpy": {
        "stance.calibration",
        "stance.contents",
        "stance.encoder",
        "stance.explanation",
        "stance.features",
        "stance.learning",
        "stance.fine_tuning",
        "stance.linear_stance",
        "stance.model",
        "stance.soft_targets",
        "stance.vocabulary",
        "training.encoder",
        "training.intervals",
        "training.lessons",
        "training.stance",
        "training.stance_scores",
        "training.teacher",
    },
    "spacy": set(),
    "joblib": set(),
    "pandas": set(),
    "pyarrow": set(),
    "matplotlib": set(),
    "onnxruntime": set(),
    "tokenizers": set(),
    "torch": set(),
    "transformers": set(),
    "rich": set(),
}

LONGEST_FUNCTION = 45  # lines without signature and docstring


def names_imported(node: ast.stmt) -> list[str]:
    """The dotted names of modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module == "quotestance":
        return [
            f"quotestance.{alias.name}" if alias.name in MODULES else "quotestance.__init__"
            for alias in node.names
        ]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def is_type_checking(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


def running(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below ``node`` that run: all but what only the type checker sees."""
    for child in ast.iter_child_nodes(node):
        if not is_type_checking(child):
            yield child
            yield from running(child)


def at_the_top(module: str) -> Iterator[str]:
    """What a module imports when it is imported."""
    for node in TREES[module].body:
        if not is_type_checking(node):
            yield from names_imported(node)


def imports_of(module: str) -> set[str]:
    """The modules of the package that a module imports, wherever in it."""
    running_nodes = (node for node in running(TREES[module]) if isinstance(node, ast.stmt))
    found = {name for node in running_nodes for name in names_imported(node)}
    return {name.removeprefix("quotestance.") for name in found if name.startswith("quotestance.")}


def room(module: str) -> str:
    """The folder or top-level module that a module stands in; ways to start stand apart."""
    return "__main__" if module.endswith("__main__") else module.split(".")[0]


def is_before(imported: str, module: str) -> bool:
    """Whether what is imported stands before the module that imports it."""
    if room(imported) != room(module):
        return ROW[room(imported)] < ROW[room(module)]
    order = INSIDE[room(module)]
    return order.index(imported.split(".")[1]) < order.index(module.split(".")[1])


def functions(module: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function below its signature and its docstring."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1


def is_overload(node: ast.ClassDef | ast.FunctionDef) -> bool:
    """Whether a function only states types for one of several ways to call it."""
    return any(
        isinstance(decorator, ast.Name) and decorator.id == "overload"
        for decorator in node.decorator_list
    )


def public(
    node: ast.Module | ast.ClassDef, prefix: str
) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef]]:
    """The public classes, functions and methods below ``node`` with their dotted names."""
    for child in node.body:
        if (
            isinstance(child, ast.ClassDef | ast.FunctionDef)
            and not child.name.startswith("_")
            and not is_overload(child)
        ):
            yield f"{prefix}.{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{prefix}.{child.name}")


def test_every_room_has_its_row_and_every_module_its_place() -> None:
    inside = {f"{folder}.{name}" for folder, names in INSIDE.items() for name in names}
    assert sorted({*ROW, *inside}) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module: str) -> None:
    above = [name for name in sorted(imports_of(module)) if not is_before(name, module)]
    assert {(module, name) for name in above} <= STEPS_UP


@pytest.mark.parametrize("module", [name for name in MODULES if name != "__init__"])
def test_imports_for_the_type_checker_point_one_way(module: str) -> None:
    nodes = [node for node in ast.walk(TREES[module]) if isinstance(node, ast.stmt)]
    names = {name.removeprefix("quotestance.") for node in nodes for name in names_imported(node)}
    types = names & set(MODULES) - {"__init__"}
    above = [name for name in sorted(types) if not is_before(name, module)]
    assert {(module, name) for name in above} <= STEPS_UP


@pytest.mark.parametrize(
    "module", [name for name in MODULES if room(name) not in ("training", "cli", "__main__")]
)
def test_only_the_command_line_imports_training(module: str) -> None:
    found = {(module, name) for name in imports_of(module) if room(name) == "training"}
    assert found <= STEPS_UP


@pytest.mark.parametrize("module, above", sorted(STEPS_UP))
def test_a_step_up_is_taken_only_when_it_is_asked_for(module: str, above: str) -> None:
    assert above in imports_of(module)
    assert f"quotestance.{above}" not in set(at_the_top(module))


def test_the_walk_sees_imports() -> None:
    assert {"attribution.sources", "speakers.resolver"} <= imports_of("pipeline")
    assert "model_folder" in imports_of("attribution_model")


@pytest.mark.parametrize("module", MODULES)
def test_heavy_libraries_are_imported_where_they_are_used(module: str) -> None:
    tops = {name.split(".")[0] for name in at_the_top(module)}
    assert (
        sorted(
            library
            for library, allowed in AT_THE_TOP.items()
            if library in tops and module not in allowed
        )
        == []
    )


@pytest.mark.parametrize("library", [library for library, allowed in AT_THE_TOP.items() if allowed])
def test_the_list_of_tops_names_only_modules_that_need_it(library: str) -> None:
    assert {
        module
        for module in MODULES
        if library in {name.split(".")[0] for name in at_the_top(module)}
    } == AT_THE_TOP[library]


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = (
        f"import sys, quotestance; print([name for name in {sorted(AT_THE_TOP)} if name in"
        " sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    assert loaded.stdout.strip() == "[]"


def test_the_first_result_needs_no_scikit_learn() -> None:
    said = "'\"We agree,\" said Ana Silva.'"
    code = (
        "import sys; from quotestance import attribute_quotes;"
        f" print(attribute_quotes({said})[0].stance.label, 'sklearn' in sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    assert loaded.stdout.strip() == "conciliatory False"


@pytest.mark.parametrize("name", quotestance.__all__)
def test_public_names_are_there(name: str) -> None:
    assert getattr(quotestance, name).__doc__


def test_public_names_are_ten_or_fewer() -> None:
    assert len(quotestance.__all__) <= 10


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="klingon"):
        _ = quotestance.klingon


@pytest.mark.parametrize("module", MODULES)
def test_functions_are_short(module: str) -> None:
    lengths = {node.name: body_length(node) for node in functions(module)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("module", MODULES)
def test_what_is_public_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(TREES[module])
    assert [
        name for name, node in public(TREES[module], module) if not ast.get_docstring(node)
    ] == []


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) != "__main__"])
def test_examples_in_docstrings_run(module: str) -> None:
    name = "quotestance" if module == "__init__" else f"quotestance.{module}"
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    found = sum(
        bool(test.examples)
        for module in ("marks.quotations", "pipeline", "speakers.resolver", "quote")
        for test in finder.find(importlib.import_module(f"quotestance.{module}"))
    )
    assert found >= 8
