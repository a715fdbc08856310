"""The report: tables in Markdown, the page that takes them, and the plot of growth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measuring import Row

FIGURES = "<!-- figures: written by docs/benchmarks/benchmark.py -->"
END_OF_FIGURES = "<!-- end of figures -->"


def table(rows: Sequence[Row], title: str) -> str:
    """Rows as a Markdown table under a title."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = [[_shown(row.get(column, "")) for column in columns] for row in rows]
    head = [f"**{title}**", "", _line(columns), "|" + "---|" * len(columns)]
    return "\n".join([*head, *map(_line, cells), ""])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def write(page: Path, parts: Sequence[str]) -> None:
    """Put the tables between the marks of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(FIGURES)
    _, _, after = rest.partition(END_OF_FIGURES)
    page.write_text(
        before + FIGURES + "\n" + "\n".join(parts) + END_OF_FIGURES + after, encoding="utf-8"
    )


def plot(rows: Sequence[Row], path: Path) -> None:
    """Seconds against size, one line for each axis of growth, both on log scales.

    A straight line of slope one is linear.
    """
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "quotestance"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for axis in dict.fromkeys(row["axis"] for row in rows):
        points = [(max(row["size"], 1), row["seconds"]) for row in rows if row["axis"] == axis]
        axes.plot(*zip(*points, strict=True), marker="o", label=axis)
    axes.set(xscale="log", yscale="log", xlabel="size", ylabel="seconds, one core")
    axes.legend()
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
