"""The command line.

Formats, the contract of the lines, exit codes, and every way a run can end early.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from quotestance import Quote, __version__
from quotestance.cli.main import main
from quotestance.tables.rows import COLUMNS

PARQUET = ["parquet"] if importlib.util.find_spec("pyarrow") else []
ROOT = Path(__file__).resolve().parent.parent
AGREED = (
    "“We agree to the mediator’s figure,” said union leader Ana Silva. “We never wanted this,” she"
    " added."
)
REFUSED = (
    "Prime Minister Karim Dalgren arrived late.\r\n\r\n“We will not give in,” Dalgren told"
    " reporters."
)
SILENT = "Nobody spoke."


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["attribute", *arguments], input=stdin)


def lines(*documents: Any) -> str:
    written = (
        document if isinstance(document, str) else json.dumps(document) for document in documents
    )
    return "".join(f"{line}\n" for line in written)


def values(output: str) -> list[Any]:
    return [json.loads(line) for line in output.splitlines()]


def command(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """A run of its own.

    Ctrl-C reaches it even where the tests run in the background, whose children would ignore it.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    options.setdefault("preexec_fn", lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    return subprocess.Popen(
        [sys.executable, "-m", "quotestance", "attribute", *arguments],
        env=environment,
        stderr=subprocess.PIPE,
        **options,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with documents of every kind that needs nothing installed."""
    (tmp_path / "agreed.txt").write_text(AGREED, encoding="utf-8")
    (tmp_path / "refused.txt").write_bytes(REFUSED.encode())
    (tmp_path / "lines.jsonl").write_text(
        lines({"id": 1, "text": AGREED}, {"id": "b", "text": SILENT}), encoding="utf-8"
    )
    with open(tmp_path / "rows.csv", "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [["id", "text"], ["x", AGREED], ["y", 'Two\nlines, "she" said.']]
        )
    with gzip.open(tmp_path / "more.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write(lines({"id": "z", "text": REFUSED}))
    return tmp_path


# ---------- formats
def test_text_file_gives_one_json_line_under_its_path(folder: Path) -> None:
    result = run(str(folder / "refused.txt"), "--format", "jsonl")
    (found,) = values(result.stdout)
    assert (result.exit_code, found["id"]) == (0, str(folder / "refused.txt"))
    (quote,) = found["quotes"]
    assert (quote["speaker"]["name"], quote["text"]) == ("Karim Dalgren", "We will not give in,")


def test_offsets_index_the_bytes_as_given_with_their_line_ends(folder: Path) -> None:
    (found,) = values(run(str(folder / "refused.txt"), "--format", "jsonl").stdout)
    quote = Quote.from_dict(found["quotes"][0])
    assert REFUSED[quote.start : quote.end] == "“We will not give in,”"
    assert all(REFUSED[part.start : part.end] == part.text for part in quote.parts)


def test_json_is_one_array_of_documents(folder: Path) -> None:
    result = run(str(folder / "lines.jsonl"), "--format", "json")
    assert [found["id"] for found in json.loads(result.stdout)] == [1, "b"]
    assert (
        json.loads(
            run(
                str(folder / "lines.jsonl"), "--format", "jsonl", "--no-stance"
            ).stdout.splitlines()[0]
        )["quotes"][0]["stance"]
        is None
    )


def test_json_of_no_documents_is_an_empty_array() -> None:
    assert (
        json.loads(run("-", "--input-format", "jsonl", "--format", "json", stdin="").stdout) == []
    )


def test_csv_has_one_row_for_each_quotation(folder: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO(run(str(folder / "lines.jsonl"), "--format", "csv").stdout))
    )
    assert list(rows[0]) == list(COLUMNS)
    assert [(row["id"], row["number"], row["speaker"], row["text"]) for row in rows] == [
        ("1", "0", "Ana Silva", "We agree to the mediator’s figure,"),
        ("1", "1", "Ana Silva", "We never wanted this,"),
    ]


def test_table_shows_speaker_stance_and_quotation(folder: Path) -> None:
    shown = run(str(folder / "agreed.txt")).stdout
    assert all(
        words in shown
        for words in ("Speaker", "Stance", "Quotation", "Ana Silva", "We never wanted this,")
    )


def test_table_leaves_out_what_would_steer_a_terminal() -> None:
    shown = run("-", stdin="“We \x1b[31magree\x07,” said Ana Silva.").stdout
    assert "agree" in shown and "\x1b" not in shown and "\x07" not in shown


def test_table_says_where_nothing_was_found() -> None:
    assert "no quotations" in run("-", stdin=SILENT).stdout


@pytest.mark.parametrize(
    ("name", "form"),
    [("out.jsonl", "jsonl"), ("out.csv", "csv"), ("out.json", "json"), ("out.csv.gz", "csv")],
)
def test_ending_of_the_output_chooses_the_format(folder: Path, name: str, form: str) -> None:
    target = folder / "results" / name
    target.parent.mkdir()
    source = str(folder / "lines.jsonl")
    assert run(source, "--output", str(target)).exit_code == 0
    written = gzip.decompress(target.read_bytes()) if name.endswith(".gz") else target.read_bytes()
    assert written.decode() == run(source, "--format", form).stdout
    assert [path.name for path in target.parent.iterdir()] == [name], (
        "what the run needed besides is gone"
    )


def test_kinds_that_are_no_speech_are_shown_when_asked_for() -> None:
    text = "The song “Yellow Submarine” was on the radio. “We agree,” said Ana Silva."
    counts = [
        len(values(run("-", "--format", "jsonl", *kinds, stdin=text).stdout)[0]["quotes"])
        for kinds in ((), ("--kind", "direct", "--kind", "other"))
    ]
    assert counts == [1, 2]


# ---------- the contract of the lines
def test_lines_come_out_in_order_one_for_each_line_in() -> None:
    stdin = lines(
        {"id": 3, "text": AGREED},
        "no JSON",
        {"id": "c", "text": SILENT},
        "",
        {"id": None, "text": REFUSED},
        {"id": 7},
    )
    result = run("-", "--input-format", "jsonl", "--format", "jsonl", stdin=stdin)
    found = values(result.stdout)
    assert [(one["id"], len(one.get("quotes", [])), one.get("error", "")[:7]) for one in found] == [
        (3, 2, ""),
        (None, 0, "line 2:"),
        ("c", 0, ""),
        (None, 0, "line 4:"),
        (None, 1, ""),
        (7, 0, "line 6:"),
    ]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 1: not valid JSON (Expecting property name"),
        ('["text"]', 'line 1: a JSON list where an object {"id", "text"} should stand'),
        ('{"id": 4}', "line 1: no 'text'"),
        ('{"id": 4, "text": 5}', "line 1: 'text' is int, not a string"),
        ('{"id": 4, "text": null}', "line 1: 'text' is NoneType, not a string"),
        ("[" * 100_000, "line 1: JSON that cannot be read"),
    ],
)
def test_line_that_is_not_valid_says_why(line: str, reason: str) -> None:
    result = run("-", "--input-format", "jsonl", "--format", "jsonl", stdin=line + "\n")
    (found,) = values(result.stdout)
    assert found["error"].startswith(reason) and set(found) == {"id", "error"}
    assert (result.exit_code, reason.removeprefix("line 1: ") in result.stderr) == (1, True)


def test_failures_are_named_on_standard_error() -> None:
    result = run(
        "-",
        "--input-format",
        "jsonl",
        "--format",
        "jsonl",
        stdin=lines({"id": "berlin-7"}, {"id": 2, "text": SILENT}),
    )
    assert "-, line 1 (id berlin-7): no 'text'" in result.stderr
    assert "2 documents, 0 quotations, 0 with a named speaker, 1 failures" in result.stderr


def test_lone_surrogates_and_nul_bytes_pass_through() -> None:
    result = run(
        "-",
        "--input-format",
        "jsonl",
        "--format",
        "jsonl",
        stdin='{"id": "\\ud800", "text": "\\u0000“We agree \\udc00,” said Ana Silva."}\n',
    )
    (found,) = values(result.stdout)
    assert (found["id"], found["quotes"][0]["text"]) == ("\ud800", "We agree \udc00,")


def test_unicode_line_ends_inside_a_text_do_not_end_the_line() -> None:
    (found,) = values(
        run(
            "-",
            "--input-format",
            "jsonl",
            "--format",
            "jsonl",
            stdin='{"id": 1, "text": "\u2028\u0085“We agree,” said Ana Silva."}\n',
        ).stdout
    )
    assert found["quotes"][0]["start"] == 2


def test_other_fields_may_hold_text_and_id() -> None:
    (found,) = values(
        run(
            "-",
            "--input-format",
            "jsonl",
            "--format",
            "jsonl",
            "--text-field",
            "body",
            "--id-field",
            "url",
            stdin=lines({"url": "u", "body": AGREED}),
        ).stdout
    )
    assert (found["id"], len(found["quotes"])) == ("u", 2)


# ---------- inputs
def test_directories_patterns_and_files_are_read_in_order(folder: Path) -> None:
    ids = [found["id"] for found in values(run(str(folder), "--format", "jsonl").stdout)]
    assert ids == [str(folder / "agreed.txt"), 1, "b", "z", str(folder / "refused.txt"), "x", "y"]
    found = values(run(str(folder / "*.txt"), "-", "--format", "jsonl", stdin=SILENT).stdout)
    assert [one["id"] for one in found] == [
        str(folder / "agreed.txt"),
        str(folder / "refused.txt"),
        "-",
    ]


def test_output_in_the_input_folder_is_not_read(folder: Path) -> None:
    target = folder / "a.jsonl"
    outputs = []
    for _ in range(2):
        assert run(str(folder), "--output", str(target)).exit_code == 0
        outputs.append(target.read_bytes())
    assert outputs[0] == outputs[1]


def test_text_that_is_not_utf8_is_read_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("\x93We agree,\x94 said Ana Silva.".encode("latin-1"))
    result = run(str(tmp_path / "old.txt"), "--format", "jsonl")
    assert values(result.stdout)[0]["quotes"][0]["text"] == "We agree,"
    assert (result.exit_code, "old.txt is not UTF-8; it was read as cp1252" in result.stderr) == (
        0,
        True,
    )


def test_unreadable_file_is_named_and_the_rest_is_done(folder: Path) -> None:
    (folder / "cut.jsonl.gz").write_bytes((folder / "more.jsonl.gz").read_bytes()[:-12])
    result = run(str(folder / "cut.jsonl.gz"), str(folder / "agreed.txt"), "--format", "jsonl")
    found = values(result.stdout)
    assert result.exit_code == 1 and "cut.jsonl.gz: cannot be read" in result.stderr
    assert "cannot be read" in found[-2]["error"] and len(found[-1]["quotes"]) == 2


def test_csv_without_the_column_names_the_columns(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,body\n1,Hello\n", encoding="utf-8")
    result = run(str(tmp_path / "rows.csv"), "--format", "jsonl")
    assert (result.exit_code, "no column 'text' among id, body" in result.stderr) == (1, True)


def test_parquet_in_and_out_says_what_csv_says(folder: Path, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    from quotestance.tables.rows import arrow_schema

    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    parquet.write_table(
        pyarrow.table(
            {"id": ["a", "b", "c"], "text": [AGREED, None, "“Half 😀 agreed,” said Ana Silva."]}
        ),
        source,
    )
    assert run(str(source), "--output", str(target)).exit_code == 1
    table = parquet.read_table(target)
    assert table.schema.equals(arrow_schema())
    rows = list(csv.DictReader(io.StringIO(run(str(source), "--format", "csv").stdout)))
    stored = [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in table.to_pylist()
    ]
    assert stored == rows


def test_parquet_of_no_quotations_has_the_columns(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    assert run("-", "--output", str(tmp_path / "out.parquet"), stdin=SILENT).exit_code == 0
    assert parquet.read_table(tmp_path / "out.parquet").column_names == list(COLUMNS)


# ---------- wrong use
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.txt"], "nowhere.txt: no such file"),
        (["*.nothing"], "*.nothing: no such file"),
        (["-", "--format", "xml"], "'xml' is not one of"),
        (["-", "--jobs", "0"], "--jobs is 0"),
        (["-", "--resume"], "--resume needs --output"),
        (["-", "--format", "parquet"], "Parquet is written to a file"),
        (["-", "--output", "no/such/folder/out.jsonl"], "does not exist"),
        (["-", "--fallback-encoding", "klingon"], "unknown encoding 'klingon'"),
        (["-", "--stance-model", "no/such/model"], "no/such/model"),
        (["--no-such-option"], "No such option"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_to_do(arguments: Sequence[str], message: str) -> None:
    result = run(*arguments, stdin=SILENT)
    assert (result.exit_code, message in result.stderr, result.stdout) == (2, True, "")


def test_a_missing_pipeline_is_wrong_use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda *names: None)
    result = run("-", "--output", str(tmp_path / "out.jsonl"), stdin=SILENT)
    assert (result.exit_code, "no English spaCy pipeline" in result.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_stance_model_may_be_named_in_several_processes(folder: Path) -> None:
    source = str(folder / "lines.jsonl")
    plain = run(source, "--format", "jsonl")
    named = run(source, "--format", "jsonl", "--stance-model", "stance-en", "--jobs", "2")
    assert (named.exit_code, named.stdout) == (0, plain.stdout)


def test_folder_as_output_is_wrong_use(tmp_path: Path) -> None:
    assert "is a folder" in run("-", "--output", str(tmp_path), stdin=SILENT).stderr


def test_version_and_help() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"quotestance, version {__version__}\n"
    assert "JSON Lines" in run("--help").output


# ---------- ends
def test_closed_pipe_ends_without_a_traceback(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(lines(*({"id": number, "text": SILENT} for number in range(600))))
    process = command(str(many), "--format", "jsonl", stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["id"] == 0
    process.stdout.close()
    message = process.stderr.read().decode() if process.stderr else ""
    assert (process.wait(60), "the output was closed after" in message, "Traceback" in message) == (
        0,
        True,
        False,
    )


def test_full_device_ends_with_a_message() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    result = run("-", "--output", "/dev/full", stdin=AGREED)
    assert (result.exit_code, "No space left on device" in result.stderr) == (1, True)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", ["jsonl", "csv", "json"])
def test_full_standard_output_is_named(form: str) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "quotestance", "attribute", "--format", form],
            input=AGREED.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )
    assert done.returncode in (1, 2)
    assert b"standard output: No space left on device; free some space" in done.stderr


def test_progress_bar_stands_on_a_terminal_only(folder: Path) -> None:
    master, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    arguments = [
        sys.executable,
        "-m",
        "quotestance",
        "attribute",
        str(folder),
        "--format",
        "jsonl",
        "--no-stance",
    ]
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=slave)
    os.close(slave)
    shown = b""
    while chunk := _read(master):
        shown += chunk
    written = process.communicate()[0]
    assert (
        len(written.splitlines()) == 7
        and b"documents" in shown
        and b"\x1b[" in shown
        and b"\x1b[" not in written
    )


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end is closed
        return b""
