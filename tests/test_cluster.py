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
from collections.abc import Sequence
from pathlib import Path

import pytest

from quotestance import Quote, attribute_many
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
    import pyarrow
    from pyarrow import parquet

    (tmp_path / "articles").mkdir()
    ids = [named(number) for number in range(60)]
    for part in range(3):
        portion = ids[part::3]
        parquet.write_table(
            pyarrow.table({"id": portion, "text": [said(f"yes to {name}") for name in portion]}),
            tmp_path / "articles" / f"{part}.parquet",
        )
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYSPARK_PYTHON": sys.executable,
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", script(engine)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    table = parquet.read_table(tmp_path / "quotations")
    assert sorted(table["id"].to_pylist()) == sorted(ids)
    assert set(table["speaker"].to_pylist()) == {"Ana Silva"}
    assert {
        name: str(table.schema.field(name).type).removeprefix("large_") for name in COLUMNS
    } == {field.name: str(field.type) for field in arrow_schema(pyarrow.array(ids).type)}
