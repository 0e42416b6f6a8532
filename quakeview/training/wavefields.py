"""Earthquakes for a forecaster to learn from, put together from a library of impulses.

The library is a data set with the five mechanisms of a basis at each place (see
``quakeview.wavefield.scenarios.datasets``). Point sources at its places get any mechanism and duration exactly;
ruptures are sums of delayed impulses (see ``quakeview.wavefield.scenarios.superposition``). All are kept as
half-precision frames in one file, so that processes share it.
"""

import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.region import HAYWARD, Region
from quakeview.simulation.regional_model import FILE as REGION_FILE
from quakeview.simulation.regional_model import read_regional_model
from quakeview.simulation.sources.fault import Fault
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.sources.point import point_source
from quakeview.training.forecaster_config import PoolConfig
from quakeview.wavefield.scenarios.dataset_making import make_dataset
from quakeview.wavefield.scenarios.datasets import read_description
from quakeview.wavefield.scenarios.header import Header
from quakeview.wavefield.scenarios.making import ScenarioRequest, source_of
from quakeview.wavefield.scenarios.superposition import (
    event_weights,
    impulse_frames,
    padded_length,
    read_impulse,
    spectra_of_rates,
)

Generator = np.random.Generator

LARGEST_HALF = 16384.0
"""Of the stored values; each earthquake has its own scale."""
_ATTEMPTS = 100
_FILMS = 200
_TOGETHER = 64
"""Earthquakes that are computed in one go."""


@dataclass(frozen=True)
class Pool:
    """Earthquakes on one grid.

    Attributes:
        header: of one of the impulses, for the grid and the time axis.
        frames: (earthquakes, nt, 3, nx, ny), half precision, in units of ``scales``.
        scales: (earthquakes,), m/s.
        places: (earthquakes,), number of the place in the library; -1 for ruptures.
        fault: that the earthquakes are on.
        typical: (3, nx, ny), root mean square velocity of each node and component over time and earthquakes, each of
            which counts the same; only its ratios mean something.
    """

    header: Header
    frames: NDArray[np.float16]
    scales: NDArray[np.float32]
    places: NDArray[np.int64]
    fault: Fault
    typical: NDArray[np.float32]

    def patterns(self, count: int, step: int, patch: int) -> NDArray[np.float32]:
        """The patterns that explain most of patches of ``step`` frames and ``patch`` x ``patch`` nodes: principal
        components (count, 3 x step, patch, patch) of unit length. Velocities are in units of ``typical``."""
        random = np.random.default_rng(0)
        nx, ny = (size // patch for size in self.frames.shape[3:])
        size = 3 * step * patch**2
        covariance = np.zeros((size, size))
        for _ in range(_FILMS):
            film = self.frames[random.integers(len(self.frames))]
            start = int(random.integers(len(film) - step))
            frames = film[start : start + step, :, : nx * patch, : ny * patch].astype(np.float32)
            frames /= self.typical[:, : nx * patch, : ny * patch]
            patches = frames.transpose(1, 0, 2, 3).reshape(3 * step, nx, patch, ny, patch).transpose(1, 3, 0, 2, 4)
            flat = patches.reshape(nx * ny, size)
            covariance += flat.T @ flat / max(np.square(flat).mean(), 1e-12)
        _, vectors = np.linalg.eigh(covariance)
        return vectors[:, : -count - 1 : -1].T.reshape(count, 3 * step, patch, patch).astype(np.float32)


def made_dataset(path: Path, device: str = "auto", progress: Progress = Progress()) -> Path:
    """The folder of a data set; that of a description (.toml) after the events that are missing were simulated.

    Raises:
        QuakeViewError: for a description that cannot be simulated, or a folder that cannot be written.
        Cancelled: through ``progress``; finished events are kept.
    """
    if path.suffix != ".toml":
        return path
    dataset = read_description(path)
    make_dataset(dataset, device, progress)
    return dataset.output


def on_fault_of(library: Path, region: Region) -> ScenarioRequest:
    """What the earthquakes on the fault of a library have in common: region, fault and rock.

    Raises:
        QuakeViewError: if it is nowhere said what the fault is.
    """
    if (library / REGION_FILE).exists():
        own = read_regional_model(library / REGION_FILE)
        return ScenarioRequest(region=region, fault=own.fault, model=own.earth, preset=own.preset)
    if region == HAYWARD:
        return ScenarioRequest()
    raise QuakeViewError(f"{library} is of {region.name}, and its {REGION_FILE} is gone; put it there again.")


def open_pool(config: PoolConfig, library: Path, progress: Progress = Progress()) -> Pool:
    """The earthquakes of a configuration, made if they are not there; by one process while others wait.

    Raises:
        QuakeViewError: for a library that is missing or no basis, a pool of another configuration, or a full disk.
        Cancelled: through ``progress``.
    """
    events = read_events(library, "train")
    headers = [read_impulse(event) for event in events]
    shared = on_fault_of(library, headers[0].region)
    description = {**asdict(config), "file": config.file.name, "events": len(events)}
    facts = config.file.with_suffix(".json")
    make_folder(facts.parent)
    with FileLock(facts.with_suffix(".lock")):
        if not facts.exists():
            _make(config, headers, events, shared, description, progress)
    try:
        known = json.loads(facts.read_text("utf-8"))
        frames = np.load(config.file, mmap_mode="r")
        scales, places = np.array(known["scales"], np.float32), np.array(known["places"])
        pool = Pool(headers[0], frames, scales, places, shared.fault, np.load(_typical_file(config)))
    except (OSError, ValueError, KeyError) as error:
        raise QuakeViewError(f"{config.file} is damaged; delete it and {facts.name} to make it again.") from error
    if known["description"] != json.loads(json.dumps(description)):
        raise QuakeViewError(f"{config.file} holds earthquakes of another description; choose another file.")
    return pool


def read_events(folder: Path, split: str) -> list[Path]:
    """The files of a data set's events that are for training, validation or test.

    Raises:
        QuakeViewError: if the folder is no data set, or has no such events.
    """
    try:
        with (folder / "metadata.csv").open(newline="", encoding="utf-8") as file:
            events = [folder / row["file"] for row in csv.DictReader(file) if row["split"] == split]
    except (OSError, KeyError) as error:
        raise QuakeViewError(
            f"{folder} is no data set; make it with 'quakeview simulate' and its TOML file."
        ) from error
    if not events:
        raise QuakeViewError(f"{folder} has no events of the split {split!r}; make a data set that has.")
    return events


def draw_sources(
    config: PoolConfig, headers: Sequence[Header], shared: ScenarioRequest
) -> Iterator[tuple[MomentSources, int]]:
    """Each earthquake, and its place in the library (-1: a rupture); ``shared`` says on which fault."""
    random = np.random.default_rng(config.seed)
    places = np.unique([each.hypocentre for each in headers if each.hypocentre is not None], axis=0)
    for number in range(config.points):
        place = number % len(places)
        yield _draw_point(config, shared, places[place], random), place
    for _ in range(config.ruptures):
        yield _draw_rupture(config, headers, shared, places, random), -1


def _draw_point(config: PoolConfig, shared: ScenarioRequest, place: NDArray[Any], random: Generator) -> MomentSources:
    fault = shared.fault
    strike, dip, rake = fault.plane.strike, fault.plane.dip, fault.rake
    if random.random() >= config.single:
        strike, rake = random.uniform(0, 360), random.uniform(-180, 180)
        dip = float(np.degrees(np.arccos(random.uniform(0, 1))))
    return point_source(place, strike, dip, rake, random.uniform(*config.magnitudes), shared.region)


def _draw_rupture(
    config: PoolConfig, headers: Sequence[Header], shared: ScenarioRequest, places: NDArray[Any], random: Generator
) -> MomentSources:
    """One that the library covers."""
    for _ in range(_ATTEMPTS):
        x, y, depth = shared.fault.onto(random.uniform(places.min(axis=0), places.max(axis=0))).tolist()
        magnitude, seed = random.uniform(*config.rupture_magnitudes), int(random.integers(2**31))
        request = replace(shared, magnitude=magnitude, hypocentre=(x, y, depth), seed=seed)
        try:
            sources = source_of(request).sources
            event_weights(sources, headers)
        except QuakeViewError:
            continue
        return sources
    raise QuakeViewError("No rupture fits the library; lower rupture_magnitudes or make a library of a larger plane.")


def _make(
    config: PoolConfig,
    headers: Sequence[Header],
    events: Sequence[Path],
    shared: ScenarioRequest,
    description: dict[str, Any],
    progress: Progress,
) -> None:
    """First the frames, then that they are there."""
    drawn = list(draw_sources(config, headers, shared))
    header = headers[0]
    n = header.planned_frames
    length = padded_length(n, [sources for sources, _ in drawn], header.frame_step)
    transfer = np.stack(
        [
            event_weights(sources, headers).T @ spectra_of_rates(sources, length, header.frame_step)
            for sources, _ in drawn
        ]
    ).astype(np.complex64)
    partial = config.file.with_name(config.file.name + ".partial")
    try:
        shape = (len(drawn), n, *header.frame_shape)
        frames = np.lib.format.open_memmap(partial, "w+", np.float16, shape)
        scales = _fill(frames, transfer, events, length, progress)
        frames.flush()
        os.replace(partial, config.file)
    except OSError as error:
        raise QuakeViewError(f"{config.file} could not be written ({error.strerror}); make room.") from error
    finally:
        partial.unlink(missing_ok=True)
    typical = io.BytesIO()
    np.save(typical, _typical(frames))
    write_atomically(_typical_file(config), typical.getvalue())
    known = {"description": description, "scales": scales, "places": [place for _, place in drawn]}
    write_atomically(config.file.with_suffix(".json"), json.dumps(known).encode())


def _typical_file(config: PoolConfig) -> Path:
    return config.file.with_suffix(".typical.npy")


def _typical(earthquakes: NDArray[np.float16]) -> NDArray[np.float32]:
    power = np.zeros(earthquakes.shape[2:])
    for frames in earthquakes:
        each = np.square(frames.astype(np.float32)).mean(axis=0)
        power += each / each.mean()
    return np.sqrt(power / len(earthquakes)).astype(np.float32)


def _fill(
    frames: NDArray[np.float16], transfer: NDArray[Any], events: Sequence[Path], length: int, progress: Progress
) -> list[float]:
    """Component by component: sums over the library at each frequency. Returns the scale of each earthquake."""
    from scipy import fft

    count, n, _, nx, ny = frames.shape
    loudest = np.abs(transfer).sum(axis=1).max(axis=1)
    scales = np.empty(count)
    made = np.empty((3, _TOGETHER, n, nx * ny), np.float32)
    spectra = np.empty((3, length // 2 + 1, len(events), nx * ny), np.complex64)
    for number, event in enumerate(events):
        progress.advance(number, 2 * len(events), "Reading the library")
        spectrum = fft.rfft(impulse_frames(event).reshape(3, nx * ny, n), length)
        spectra[:, :, number] = spectrum.transpose(0, 2, 1)
    for first in range(0, count, _TOGETHER):
        progress.advance(count + first, 2 * count, "Making earthquakes")
        some = transfer[first : first + _TOGETHER] / loudest[first : first + _TOGETHER, None, None]
        for component in range(3):
            summed = np.matmul(some.transpose(2, 0, 1), spectra[component])
            made[component, : len(some)] = fft.irfft(summed, length, axis=0)[:n].transpose(1, 0, 2)
        for number in range(len(some)):
            values = made[:, number].reshape(3, n, nx, ny).transpose(1, 0, 2, 3)
            scales[first + number] = np.abs(values).max() / LARGEST_HALF
            frames[first + number] = values / scales[first + number]
        scales[first : first + len(some)] *= loudest[first : first + len(some)]
    return [float(scale) for scale in scales]
