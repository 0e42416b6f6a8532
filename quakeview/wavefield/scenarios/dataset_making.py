"""The events of a training set: in batches on a CUDA card, in processes side by side or one by one elsewhere, or on the
workers of a cluster."""

import csv
import io
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from quakeview.atomic import make_folder, write_atomically
from quakeview.devices import pick_device, processor_cores
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Flag, Progress
from quakeview.simulation.regional_model import FILE as REGION_FILE
from quakeview.texts import counted
from quakeview.toml_files import read_toml
from quakeview.wavefield.scenarios.datasets import Dataset, DatasetEvent, planned_events, request_of
from quakeview.wavefield.scenarios.library import read_card
from quakeview.wavefield.scenarios.making import ScenarioRequest, make_scenario, make_scenarios, preset_of, source_of
from quakeview.workers.cluster import on_cluster
from quakeview.workers.processes import on_processes

CORES_PER_EVENT = 4
"""More cores than this are used better by another event."""
EVENTS_ON_CARD = 16
"""Small grids leave a card idle unless some advance together; more at a time is more to lose when interrupted. How many
are fastest is not known: this has never been run on a card."""
_DESCRIPTION = "dataset.toml"


def make_dataset(
    dataset: Dataset, device: str = "auto", progress: Progress = Progress(), cluster: str | None = None
) -> int:
    """Make the events that are missing; returns how many were made.

    Args:
        cluster: address of a Dask scheduler on whose workers they are made; None makes them here.

    Raises:
        QuakeViewError: for what cannot be simulated or written, or a folder that holds another data set.
        Cancelled: through ``progress``. Finished events are kept, and the next call goes on from there.
    """
    events = planned_events(dataset)
    preset_of(request_of(dataset, events[0]))
    for event in events:
        source_of(request_of(dataset, event))
    _claim_folder(dataset)
    finished = {event.number: event for event in events if _is_finished(dataset.output / event.file)}
    left = [event for event in events if event.number not in finished]
    _write_metadata(dataset.output, finished)
    make: Callable[..., Iterator[DatasetEvent]]
    if cluster is not None:
        make = partial(_by_cluster, address=cluster)
    else:
        make = _side_by_side if not _on_card(device) and _at_a_time(dataset, device) > 1 else _in_batches
    for event in make(dataset, left, device, progress):
        finished[event.number] = event
        _write_metadata(dataset.output, finished)
    return len(left)


def _in_batches(dataset: Dataset, left: list[DatasetEvent], device: str, progress: Progress) -> Iterator[DatasetEvent]:
    """On a card the events of a batch advance together."""
    size = _at_a_time(dataset, device)
    for done in range(0, len(left), size):
        batch = left[done : done + size]
        paths = [dataset.output / event.file for event in batch]
        for path in paths:
            path.unlink(missing_ok=True)
        requests = [request_of(dataset, event) for event in batch]
        message = f"{done} of {counted(len(left), 'event')}"
        make_scenarios(requests, paths, device, progress.part(done, done + len(batch), len(left), message))
        yield from batch


def _side_by_side(
    dataset: Dataset, left: list[DatasetEvent], device: str, progress: Progress
) -> Iterator[DatasetEvent]:
    """Each process has cores of its own."""
    tasks = [(event, request_of(dataset, event), dataset.output / event.file, device) for event in left]
    workers = _at_a_time(dataset, device)
    for (event, *_), made in on_processes(_make_file, tasks, workers, progress, _said(left)):
        if isinstance(made, QuakeViewError):
            raise QuakeViewError(f"{event.file}: {made} The finished events are kept.") from made
        yield event


def _make_file(task: tuple[DatasetEvent, ScenarioRequest, Path, str], stop: Flag) -> None:
    """Runs in a process of this computer."""
    _, request, path, device = task
    path.unlink(missing_ok=True)
    with suppress(Cancelled):
        make_scenario(request, path, device, Progress(stop))


def _by_cluster(
    dataset: Dataset, left: list[DatasetEvent], device: str, progress: Progress, address: str
) -> Iterator[DatasetEvent]:
    """A worker makes a file of its own and hands over its bytes."""
    tasks = [(event, request_of(dataset, event), device) for event in left]
    for (event, *_), made in on_cluster(_make_bytes, tasks, address, progress, _said(left)):
        if isinstance(made, QuakeViewError):
            raise QuakeViewError(f"{event.file}: {made} The finished events are kept.") from made
        write_atomically(dataset.output / event.file, made)
        yield event


def _make_bytes(task: tuple[DatasetEvent, ScenarioRequest, str], stop: Flag) -> bytes:
    """Runs on a worker."""
    _, request, device = task
    with TemporaryDirectory() as folder, suppress(Cancelled):
        return make_scenario(request, Path(folder) / "event.h5", device, Progress(stop)).read_bytes()
    return b""


def _said(left: list[DatasetEvent]) -> Callable[[int], str]:
    return lambda done: f"{done} of {counted(len(left), 'event')}"


def _claim_folder(dataset: Dataset) -> None:
    """Two data sets in one folder would spoil each other."""
    kept = {dataset.output / _DESCRIPTION: dataset.text}
    if dataset.region is not None:
        kept[dataset.output / REGION_FILE] = read_toml(dataset.region)[1]
    for path, text in kept.items():
        if path.exists() and _tables(path) != tomllib.loads(text):
            raise QuakeViewError(f"{dataset.output} holds a data set of another description; choose another output.")
    make_folder(dataset.output)
    for path, text in kept.items():
        write_atomically(path, text.encode())


def _tables(kept: Path) -> dict[str, Any]:
    try:
        return read_toml(kept)[0]
    except QuakeViewError as error:
        raise QuakeViewError(f"{kept} is damaged; delete it if this folder belongs to the data set.") from error


def _is_finished(path: Path) -> bool:
    card = read_card(path) if path.exists() else None
    return card is not None and card.complete


def _write_metadata(folder: Path, events: dict[int, DatasetEvent]) -> None:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(each.name for each in fields(DatasetEvent))
    writer.writerows([getattr(events[number], each.name) for each in fields(DatasetEvent)] for number in sorted(events))
    write_atomically(folder / "metadata.csv", table.getvalue().encode())


def _at_a_time(dataset: Dataset, device: str) -> int:
    if dataset.workers:
        return dataset.workers
    return EVENTS_ON_CARD if _on_card(device) else max(1, processor_cores() // CORES_PER_EVENT)


def _on_card(device: str) -> bool:
    return device != "cpu" and pick_device(device).type == "cuda"
