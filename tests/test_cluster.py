"""The same code on clusters.

A real Dask cluster that loses a worker, and the scripts of docs/large-collections.md for three
engines.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from unseen import invented

from quotestance import Quote, attribute_many, attribute_rows
from quotestance.tables.rows import COLUMNS, arrow_schema

ROOT = Path(__file__).resolve().parent.parent


def said(words: str) -> str:
    return f'"{words}," said Ana Silva.'


def test_dask_cluster_runs_the_same_code_and_survives_the_loss_of_a_worker() -> None:
    distributed = pytest.importorskip(
        "distributed", reason="distributed is not installed (make test-cluster installs it)"
    )
    import joblib

    texts = [said(f"yes to {number}") for number in range(120)]
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
        joblib.parallel_config(backend="dask"),
    ):
        results = attribute_many(enumerate(texts), n_jobs=2, batch_size=2)
        found: list[tuple[int, list[Quote]]] = [next(results) for _ in range(10)]
        victim = next(iter(client.run(os.getpid).values()))
        os.kill(victim, signal.SIGKILL)
        found += results
    assert [identifier for identifier, _ in found] == list(range(120))
    assert [quotes[0].text for _, quotes in found] == [f"yes to {number}," for number in range(120)]


def script(engine: str) -> str:
    """The complete script that docs/large-collections.md shows for an engine."""
    blocks = (
        (ROOT / "docs" / "large-collections.md")
        .read_text(encoding="utf-8")
        .split("```python run-by=tests/test_cluster.py\n")[1:]
    )
    (source,) = [block.split("```")[0] for block in blocks if block.startswith(f"# {engine}\n")]
    return source


@pytest.mark.parametrize(
    ("engine", "modules", "java"),
    [
        ("Dask", ["dask.dataframe", "pyarrow", "distributed"], False),
        ("Ray Data", ["ray.data", "pyarrow"], False),
        ("Spark", ["pyspark.sql", "pyarrow"], True),
    ],
)
@pytest.mark.parametrize("named", [str, int])
def test_script_of_the_docs_runs(
    engine: str, modules: Sequence[str], java: bool, named: type, tmp_path: Path
) -> None:
    for module in modules:
        pytest.importorskip(
            module,
            reason=f"{module.split('.')[0]} is not installed (make test-cluster installs it)",
            exc_type=ImportError,
        )
    if java and shutil.which("java") is None:
        pytest.skip("there is no Java, which Spark needs")
    ids = [named(number) for number in range(60)]
    write_articles(tmp_path, {name: said(f"yes to {name}") for name in ids})
    table = written_by(script(engine), tmp_path)
    assert sorted(table["id"].to_pylist()) == sorted(ids)
    assert set(table["speaker"].to_pylist()) == {"Ana Silva"}
    assert columns_of(table) == columns_of(arrow_schema(table.schema.field("id").type))


def test_dask_workers_with_several_threads_write_what_one_thread_writes(tmp_path: Path) -> None:
    pytest.importorskip("dask.dataframe", reason="Dask is not installed", exc_type=ImportError)
    source = script("Dask")
    several = source.replace("Client()", "Client(n_workers=2, threads_per_worker=4)")
    assert several != source
    articles = {number: invented("", number) for number in range(160)}
    write_articles(tmp_path, articles, parts=16)
    table = written_by(several, tmp_path)
    alone = list(attribute_rows({"id": key, "text": text} for key, text in articles.items()))
    rows = table.select(list(COLUMNS)).to_pylist()  # Dask adds its index
    found = sorted(rows, key=lambda row: (row["id"], row["number"]))
    assert found == alone


def write_articles(folder: Path, articles: Mapping[Any, str], parts: int = 3) -> None:
    import pyarrow
    from pyarrow import parquet

    (folder / "articles").mkdir()
    for part in range(parts):
        portion = list(articles)[part::parts]
        texts = [articles[name] for name in portion]
        parquet.write_table(
            pyarrow.table({"id": portion, "text": texts}), folder / "articles" / f"{part}.parquet"
        )


def written_by(source: str, folder: Path) -> Any:
    """The table that a script leaves in ``quotations/``."""
    from pyarrow import parquet

    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYSPARK_PYTHON": sys.executable,
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return parquet.read_table(folder / "quotations")


def columns_of(table: Any) -> dict[str, str]:
    """The types of the columns; whether strings may be large is each engine's own choice."""
    schema = getattr(table, "schema", table)
    return {name: str(schema.field(name).type).removeprefix("large_") for name in COLUMNS}
