"""What README.md and docs/*.md show is run: python blocks, ``$ quotestance`` lines, links; every
public name and command has its entry.

A ```` ```python ```` block holds ``>>>`` examples, or plain code whose output stands in a ````
```text ```` block right after it; the blocks of a page share their names. A ```` ```console ````
block holds ``$ `` lines with their output, or none where it does not matter; ``...`` stands for
what varies. A block that needs more than the project's own packages names the test that runs it:
```` ```python run-by=tests/test_cluster.py ````.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import quotestance

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\S+)?[ \t]*([^\n]*)\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!\w+://|#)([^)#\s]+)[^)]*\)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Its language, the rest of its first line, its code, and the output shown right after it.
    """

    page: Path
    line: int
    language: str
    info: str
    code: str
    output: str | None


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    fences = list(FENCE.finditer(text))
    found = []
    for fence, following in zip(fences, [*fences[1:], None], strict=False):
        adjoins = (
            following is not None
            and not text[fence.end() : following.start()].strip()
            and following.group(1) == "text"
        )
        output = following.group(3) if following is not None and adjoins else None
        found.append(
            Block(
                page,
                text.count("\n", 0, fence.start()) + 2,
                fence.group(1) or "",
                fence.group(2).strip(),
                fence.group(3),
                output,
            )
        )
    return found


def pages_with(language: str) -> list[Any]:
    return [
        pytest.param(page, id=page.name)
        for page in PAGES
        if any(block.language == language for block in blocks(page))
    ]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the examples in it and ``quotestance`` on the path, so that pages may
    write files."""
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    command = tmp_path / "bin" / "quotestance"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m quotestance "$@"\n', encoding="utf-8"
    )
    command.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


def run_examples(block: Block, names: dict[str, Any]) -> None:
    """Run the ``>>>`` examples of a block in ``names``.

    The report of what differs is the failure.
    """
    test = doctest.DocTestParser().get_doctest(
        block.code, names, block.page.name, str(block.page), block.line - 1
    )
    report = io.StringIO()
    doctest.DocTestRunner(optionflags=FLAGS, verbose=False).run(
        test, out=report.write, clear_globs=False
    )
    names.update(test.globs)
    assert not report.getvalue(), report.getvalue()


def run_code(block: Block, names: dict[str, Any]) -> None:
    """Run the plain code of a block in ``names`` and compare what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile("\n" * (block.line - 1) + block.code, str(block.page), "exec"), names)
    if block.output is not None:
        assert same_output(block.output, printed.getvalue()), (
            f"{block.page.name}:{block.line} prints\n{printed.getvalue()}\nand the page"
            f" shows\n{block.output}"
        )


def same_output(shown: str, printed: str) -> bool:
    return doctest.OutputChecker().check_output(shown, printed, FLAGS)


@pytest.mark.parametrize("page", pages_with("python"))
@pytest.mark.usefixtures("workplace")
def test_python_blocks_print_what_the_page_shows(page: Path) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page):
        if block.language == "python" and not block.info:
            (run_examples if ">>>" in block.code else run_code)(block, names)


@pytest.mark.parametrize("page", pages_with("console"))
def test_console_lines_print_what_the_page_shows(page: Path, workplace: Path) -> None:
    for block in blocks(page):
        if block.language != "console" or block.info:
            continue
        for line in re.split(r"^\$ ", block.code, flags=re.MULTILINE)[1:]:
            command, _, shown = line.partition("\n")
            done = subprocess.run(
                ["bash", "-c", f"set -o pipefail; {command}"],
                cwd=workplace,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=300,
            )
            assert done.returncode == 0, f"{page.name}:{block.line}: {command}\n{done.stderr}"
            assert not shown.strip() or same_output(shown, done.stdout), (
                f"{page.name}:{block.line}: {command}\nprints\n{done.stdout}"
            )


@pytest.mark.parametrize("page", [pytest.param(page, id=page.name) for page in PAGES])
def test_a_block_that_is_not_run_here_names_the_test_that_runs_it(page: Path) -> None:
    for block in blocks(page):
        if block.language in ("python", "console") and block.info:
            assert (
                block.info.startswith("run-by=")
                and (ROOT / block.info.removeprefix("run-by=")).is_file()
            ), f"{page.name}:{block.line}: {block.info!r}"


def test_the_first_twelve_lines_of_the_readme_hold_code_with_its_output() -> None:
    first = next(block for block in blocks(ROOT / "README.md") if block.language == "python")
    examples = doctest.DocTestParser().get_examples(first.code)
    assert any(example.want for example in examples)
    assert "attribute_quotes(" in first.code
    assert first.line + first.code.count("\n") <= 12


@pytest.mark.parametrize(
    "page", [pytest.param(page, id=page.name) for page in [*PAGES, ROOT / "CHANGELOG.md"]]
)
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    missing = [
        target
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not missing


@pytest.mark.parametrize("name", quotestance.__all__)
def test_every_public_name_has_its_entry(name: str) -> None:
    headings = re.findall(
        r"^#{2,3} `(\w+)", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert name in headings


def test_every_command_has_its_entry() -> None:
    from quotestance.cli.main import main

    listed = set(
        re.findall(
            r"^\| `quotestance ([\w-]+)`",
            (ROOT / "docs" / "api.md").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert listed == set(main.commands)


def test_the_line_format_shown_is_that_of_the_records() -> None:
    shown = next(
        json.loads(block.code)
        for block in blocks(ROOT / "docs" / "api.md")
        if block.language == "json"
    )
    assert quotestance.Quote.from_dict(shown).to_dict() == shown


def test_the_example_script_scores_json_lines() -> None:
    line = json.dumps({"id": "a", "text": "We will never give in."}) + "\n"
    script = [sys.executable, str(ROOT / "docs" / "examples" / "stance_lines.py")]
    done = subprocess.run(
        script,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=line,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    row = json.loads(done.stdout)
    assert row["id"] == "a"
    assert row["label"] in row["probabilities"]
