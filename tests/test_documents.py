"""Reading documents: formats, encodings, compression, and what cannot be read."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.tables.documents import Document, DocumentReader, find_paths


def read(*paths: Path | str, data: bytes = b"", **options: Any) -> list[Document]:
    return list(DocumentReader(standard_input=io.BytesIO(data), **options).read(map(str, paths)))


# ---------- bytes
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain\r\nlines\r", "plain\r\nlines\r"),
        ("“curly”".encode(), "“curly”"),
        (b"\xef\xbb\xbf\xe2\x80\x9cmarked\xe2\x80\x9d", "“marked”"),
        ("“wide”".encode("utf-16"), "“wide”"),
        (b"\xfe\xff\x00a", "a"),
        (b"\x93old\x94", "“old”"),
        (b"\x81 is no letter at all", "\ufffd is no letter at all"),
        (b"nul \x00 byte", "nul \x00 byte"),
        (b"", ""),
    ],
)
def test_bytes_become_text_without_a_change_of_line_ends(
    tmp_path: Path, data: bytes, text: str
) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    assert [document.text for document in read(tmp_path / "a.txt")] == [text]


def test_fallback_encoding_is_told_once_for_each_file(tmp_path: Path) -> None:
    told: list[str] = []
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(b'{"id": 1, "text": "\xe4"}\n' * 3)
    documents = read(
        tmp_path / "a.jsonl", tmp_path / "b.jsonl", fallback_encoding="iso8859-5", warn=told.append
    )
    assert [document.text for document in documents] == ["ф"] * 6
    assert [message.split(" is not UTF-8")[0] for message in told] == [
        str(tmp_path / "a.jsonl"),
        str(tmp_path / "b.jsonl"),
    ]


@given(st.binary())
def test_any_bytes_give_one_document_a_line(data: bytes) -> None:
    assert len(read("-", data=data, input_format="text")) == 1
    assert len(read("-", data=data, input_format="jsonl")) == data.count(b"\n") + (
        not data.endswith(b"\n") and data != b""
    )
    assert all(
        isinstance(document.text, str) for document in read("-", data=data, input_format="csv")
    )


# ---------- formats
def test_formats_are_told_by_their_endings(tmp_path: Path) -> None:
    (tmp_path / "a.TXT").write_text("one", encoding="utf-8")
    (tmp_path / "b.ndjson").write_text('{"id": 2, "text": "two"}', encoding="utf-8")
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(b'text,id\n"three, with\nlines",3\n'))
    (tmp_path / "d").write_text("four", encoding="utf-8")
    assert [(document.id, document.text) for document in read(*sorted(tmp_path.iterdir()))] == [
        (str(tmp_path / "a.TXT"), "one"),
        (2, "two"),
        ("3", "three, with\nlines"),
        (str(tmp_path / "d"), "four"),
    ]


def test_csv_field_may_be_long(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1," + "word " * 100_000 + "\n", encoding="utf-8")
    assert len(read(tmp_path / "a.csv")[0].text) == 500_000


def test_csv_row_without_its_text_is_an_error_of_that_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1\n2,fine\n", encoding="utf-8")
    assert [(document.id, document.error) for document in read(tmp_path / "a.csv")] == [
        ("1", "line 2: 'text' is NoneType, not a string"),
        ("2", None),
    ]


def test_parquet_gives_a_document_for_each_row(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    parquet.write_table(
        pyarrow.table({"more": [0.5] * 3, "text": ["one", None, "three"], "id": [1, 2, 3]}),
        tmp_path / "a.parquet",
    )
    assert [
        (document.id, document.text, document.error) for document in read(tmp_path / "a.parquet")
    ] == [
        (1, "one", None),
        (2, "", "row 2: 'text' is NoneType, not a string"),
        (3, "three", None),
    ]


def test_parquet_without_the_text_column_names_its_columns(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"id": [1], "body": ["x"]}), tmp_path / "a.parquet")
    (document,) = read(tmp_path / "a.parquet")
    assert (
        document.error
        == "cannot be read: no column 'text' among id, body; name the column of the texts with"
        " --text-field"
    )


# ---------- what cannot be read
@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt.gz", b"no gzip at all", "Not a gzipped file"),
        ("a.txt.gz", gzip.compress(b"a" * 9999)[:-9], "Compressed file ended"),
        ("a.parquet", b"no Parquet", "Parquet"),
    ],
)
def test_broken_file_gives_a_document_with_its_error(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    (tmp_path / name).write_bytes(data)
    (tmp_path / "z.txt").write_text("fine", encoding="utf-8")
    broken, fine = read(tmp_path / name, tmp_path / "z.txt")
    assert broken.id == str(tmp_path / name) and broken.error and reason in broken.error
    assert fine.text == "fine"


def test_file_that_goes_away_gives_a_document_with_its_error(tmp_path: Path) -> None:
    (document,) = read(tmp_path / "gone.txt")
    assert document.error == "cannot be read: No such file or directory"


# ---------- paths
def test_directories_give_their_known_files_in_order(tmp_path: Path) -> None:
    for name in ("b/z.txt", "b/a.jsonl.gz", "a.csv", "notes.md", ".hidden.txt", "out.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = find_paths([str(tmp_path)], leave_out=(tmp_path / "out.jsonl").resolve())
    assert [str(Path(path).relative_to(tmp_path)) for path in found] == [
        "a.csv",
        "b/a.jsonl.gz",
        "b/z.txt",
    ]


def test_name_that_stands_for_nothing_is_an_error(tmp_path: Path) -> None:
    for name in ("gone.txt", "*.txt", "."):
        with pytest.raises(FileNotFoundError, match="no such file"):
            find_paths([str(tmp_path / name)])
