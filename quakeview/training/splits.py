"""The file that says which part of the data each earthquake is in, beside the run file: ``dataset,event,split``.

It takes the place of a data set's own ``split`` column, so that a run divides its data again exactly as they were, and
no data set has to be changed for it.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.training.layouts import read_rows

SPLITS_FILE = "splits.csv"
COLUMNS = ("dataset", "event", "split")
PARTS = ("train", "dev", "test")
"""To learn from, to choose the best weights by, and to be scored on once."""


def write_splits(path: Path, parts: Mapping[str, Mapping[str, str]]) -> None:
    """Write the part of each event of each data set.

    Args:
        parts: by the name of the data set and of the event.

    Raises:
        QuakeViewError: if the file cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((name, event, part) for name, events in parts.items() for event, part in events.items())
    write_atomically(path, text.getvalue().encode())


def read_splits(path: Path) -> dict[str, dict[str, str]]:
    """Read the part of each event, by the name of the data set and of the event.

    Raises:
        QuakeViewError: if it cannot be read, is no such file, or has one event in two parts.
    """
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(path):
        if any(row.get(column) is None for column in COLUMNS):
            raise QuakeViewError(f"{path.name} does not say how data are divided; it needs {', '.join(COLUMNS)}.")
        events = found.setdefault(row["dataset"], {})
        before = events.setdefault(row["event"], row["split"])
        if before != row["split"]:
            raise QuakeViewError(
                f"{path.name} has the earthquake {row['event']} of {row['dataset']} in {before} and in {row['split']}; "
                "an earthquake must be in one part."
            )
    return found


def parts_by_file(path: Path, dataset: Path, events: Sequence[str]) -> list[str]:
    """The part of each record by the name of its event; "" where the file does not name it.

    Args:
        dataset: its name is that of its folder or table, wherever it lies.

    Raises:
        QuakeViewError: if the file cannot be read, or says nothing of these data.
    """
    named = read_splits(path).get(dataset_name(dataset), {})
    parts = [named.get(event, "") for event in events]
    if not any(parts):
        raise QuakeViewError(f"{path.name} names no earthquake of {dataset_name(dataset)}; divide the data again.")
    return parts


def copy_splits(data: Mapping[str, Any], base: Path, folder: Path) -> None:
    """Keep what the tables of splits of a run say in a folder, as ``SPLITS_FILE``; nothing if the run names none.

    Args:
        data: the ``[data]`` table of a run file.
        base: the folder that its paths start from.

    Raises:
        QuakeViewError: if a table cannot be read, or the copy not be written.
    """
    sources = [*data.get("sources", ()), data.get("validation", {})]
    tables = {(base / each["splits"]).resolve() for each in sources if isinstance(each, Mapping) and "splits" in each}
    parts: dict[str, dict[str, str]] = {}
    for table in sorted(tables - {(folder / SPLITS_FILE).resolve()}):
        parts |= read_splits(table)
    if parts:
        write_splits(folder / SPLITS_FILE, parts)


def dataset_name(path: Path) -> str:
    """What a data set is called: its folder or table."""
    return path.resolve().name
