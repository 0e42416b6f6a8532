"""References on events that are sums of others."""

import csv
from dataclasses import astuple, fields, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.geography import Station
from quakeview.jobs import Cancelled, Progress
from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.wavefield.forecasting.observation import Observation, observe
from quakeview.wavefield.forecasting.reference import (
    Library,
    NearestEvent,
    Persistence,
    RidgeCombination,
    attenuation_pgv,
    read_events,
)
from quakeview.wavefield.forecasting.scores import score
from quakeview.wavefield.ground_motion.attenuation_relation import gmpe_pgv, plane_distances
from quakeview.wavefield.scenarios.datasets import DatasetEvent
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.scenario import ScenarioWriter
from tests.wavefield.fields import header

Frames = NDArray[np.float32]
N = 60
PLACES = ((20_000.0, 3000.0), (20_000.0, 3000.0), (30_000.0, 5000.0), (40_000.0, 7000.0))
"""X and depth; two mechanisms at the first."""
INPUT = 10.0
"""s: 20 frames."""


def waves_of(number: int) -> Frames:
    """Rings that widen, as strong as an event of this number is."""
    x, y = np.meshgrid(np.arange(12), np.arange(8), indexing="ij")
    distance = np.hypot(x - 3 * number, y - 2)[..., None]
    time = np.arange(N)
    frames = [
        np.cos(0.35 * (time - k - distance) + number) * np.exp(-(((time - 12 - 2 * distance - k) / (5 + number)) ** 2))
        for k in range(3)
    ]
    return (10.0 ** -(number + 1) * np.stack(frames)).astype(np.float32)


def events() -> list[DatasetEvent]:
    return [
        DatasetEvent(k, f"event_{k}.h5", "train", x, 38_000.0, depth, 4.5, 143.6, 90.0, 180.0)
        for k, (x, depth) in enumerate(PLACES)
    ]


def write_folder(folder: Path, listed: list[DatasetEvent]) -> Path:
    for event in listed:
        with ScenarioWriter(folder / event.file, header(frames=N)) as writer:
            for index in range(N):
                writer.write(index, waves_of(event.number)[..., index])
    with (folder / "metadata.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(each.name for each in fields(DatasetEvent))
        writer.writerows(astuple(event) for event in listed)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("library"), events())


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    return Library.open(folder)


def truth_of(weights: dict[int, float], delay: int = 0) -> LiveWavefield:
    """A sum of the events that begins ``delay`` frames late, or early."""
    frames = sum(weight * waves_of(number) for number, weight in weights.items())
    assert isinstance(frames, np.ndarray)
    moved = np.zeros_like(frames)
    moved[..., max(delay, 0) : N + min(delay, 0)] = frames[..., max(-delay, 0) : N - max(delay, 0)]
    truth = LiveWavefield(header(frames=N))
    for index in range(N):
        truth.append(index, moved[..., index])
    return truth


def seen(truth: LiveWavefield, stations: int = 0) -> Observation:
    random = np.random.default_rng(0)
    nodes = random.permutation(96)[:stations]
    sites = tuple(Station(f"S{n}", float(truth.x[n // 8]), float(truth.y[n % 8])) for n in nodes)
    return observe(truth, INPUT, stations=sites)


def test_the_library_holds_the_events_to_half_precision(library: Library) -> None:
    whole = library.combined(library.scale * [0, 0, 1, 0], 0, 0, N)
    np.testing.assert_allclose(whole, waves_of(2), atol=1e-3 * np.abs(waves_of(2)).max())
    assert library.places == [[0, 1], [2], [3]]
    moved = library.combined(library.scale * [0, 0, 1, 0], 5, -3, N)
    assert not moved[..., :8].any()
    np.testing.assert_allclose(moved[..., 8:], whole[..., : N - 5])
    assert not library.combined(library.scale, 0, N, N + 9).any()
    deviation = np.sqrt(np.mean([np.square(waves_of(k)).mean(axis=-1) for k in range(4)], axis=0))
    np.testing.assert_allclose(library.deviation(), deviation, rtol=1e-2, atol=1e-4 * deviation.max())


@pytest.mark.parametrize("delay", [-4, 0, 7])
@pytest.mark.parametrize("stations", [0, 9])
def test_ridge_finds_a_sum_of_events_whenever_it_began(library: Library, delay: int, stations: int) -> None:
    truth = truth_of({0: 0.7, 1: -2.0, 2: 30.0, 3: 100.0}, delay)
    forecast = RidgeCombination(library).forecast(seen(truth, stations), duration=15.0)
    assert forecast.n_frames == 20 + 30
    scores = score(truth, forecast)
    assert scores.rfne < 0.05


@pytest.mark.parametrize("delay", [-4, 0, 7])
def test_the_nearest_event_is_found_with_its_time_and_size(library: Library, delay: int) -> None:
    truth = truth_of({2: -50.0}, delay)
    assert score(truth, NearestEvent(library).forecast(seen(truth), duration=15.0)).rfne < 0.01


def test_the_events_of_one_place_belong_together(library: Library) -> None:
    one, two = truth_of({0: 1.0, 1: -8.0}), truth_of({0: 1.0, 3: 1000.0})
    assert score(one, NearestEvent(library).forecast(seen(one), duration=15.0)).rfne < 0.01
    assert score(two, NearestEvent(library).forecast(seen(two), duration=15.0)).rfne > 0.3


def test_what_is_not_known_is_not_used(library: Library) -> None:
    truth = truth_of({0: 1.0, 2: 30.0})
    whole = seen(truth, 30)
    known = whole.known.copy()
    known[:5, :, :11] = False
    frames = np.where(known, whole.frames, np.float32(0))
    gap = replace(whole, frames=frames, known=known)
    assert score(truth, RidgeCombination(library).forecast(gap, duration=15.0)).rfne < 0.05


def test_noise_does_not_blow_up_the_ridge(library: Library) -> None:
    truth = truth_of({0: 1.0, 2: 3.0})
    clean = seen(truth)
    noise = np.random.default_rng(3).normal(0, 0.2 * clean.frames.std(), clean.frames.shape)
    loud = replace(clean, frames=clean.frames + noise.astype(np.float32))
    assert score(truth, RidgeCombination(library).forecast(loud, duration=15.0)).rfne < 0.3


def test_persistence_keeps_the_last_frame_of_the_nearest_station() -> None:
    truth = truth_of({0: 1.0})
    forecast = Persistence().forecast(seen(truth), duration=5.0)
    np.testing.assert_array_equal(forecast.frame(25), truth.frame(19))
    sparse = seen(truth, 2)
    forecast = Persistence().forecast(sparse, duration=5.0)
    (ix, iy) = np.nonzero(sparse.known[..., -1])
    np.testing.assert_array_equal(forecast.frame(25)[:, ix, iy], truth.frame(19)[:, ix, iy])
    assert len(np.unique(forecast.frame(25)[0])) == 2


def test_the_relation_is_told_where_and_how_large() -> None:
    point = header(nx=80, ny=80)
    pgv = attenuation_pgv(point)
    assert np.unravel_index(pgv.argmax(), pgv.shape) in [(39, 37), (40, 37), (39, 38), (40, 38)]
    plane = FaultPlane(40_000.0, 38_000.0, 143.638, 90.0, 8000.0, 0.0, 0.0)
    exact, _ = gmpe_pgv("BSSA14", 6.0, plane, plane_distances(plane, point.x[[3, 60]], point.y[[70, 30]]))
    np.testing.assert_allclose(pgv[[3, 60], [70, 30]], exact, rtol=0.01)
    with pytest.raises(QuakeViewError, match="magnitude and hypocentre"):
        attenuation_pgv(header(magnitude=None))


def test_what_cannot_be_used_is_explained(library: Library, tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="missing or damaged"):
        read_events(tmp_path)
    (tmp_path / "metadata.csv").write_text("event,file\n1,a.h5\n")
    with pytest.raises(QuakeViewError, match="missing or damaged"):
        read_events(tmp_path)
    write_folder(tmp_path, [replace(event, split="test") for event in events()])
    with pytest.raises(QuakeViewError, match="no events for training"):
        Library.open(tmp_path)
    nothing = seen(truth_of({0: 1.0}))
    nothing = replace(nothing, known=np.zeros_like(nothing.known))
    for reference in (Persistence(), NearestEvent(library), RidgeCombination(library)):
        with pytest.raises(QuakeViewError, match="Nothing is known"):
            reference.forecast(nothing)
    other = LiveWavefield(header(nx=5, frames=N))
    for index in range(N):
        other.append(index, np.ones((3, 5, 8), np.float32))
    with pytest.raises(QuakeViewError, match="another grid"):
        RidgeCombination(library).forecast(observe(other, INPUT))


def test_reading_and_searching_can_be_cancelled(folder: Path, library: Library) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        Library.open(folder, progress)
    with pytest.raises(Cancelled):
        RidgeCombination(library).forecast(seen(truth_of({0: 1.0})), progress=progress)
