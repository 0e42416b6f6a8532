"""How fast a model is on this machine, measured when somebody asks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from quakeview.devices import pick_device, processor_cores
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.registry import CHARACTERISATION, PICKING, SEISMICITY, SINGLE_TASKS, ModelCard
from quakeview.texts import counted

RECORD, HOUR = 60.0, 3600.0
"""s of three components that a picker is timed with."""
FORECAST = 100.0
"""s of a forecast."""
_REPEATS = 3


@dataclass(frozen=True)
class Speed:
    """What was measured.

    Attributes:
        device: what computed, in words.
        times: what was done, and how many seconds it took.
    """

    device: str
    times: tuple[tuple[str, float], ...]

    def lines(self) -> list[str]:
        """Return what was measured in words, a line for each."""
        return [f"{what}: {shown_seconds(seconds)}" for what, seconds in self.times]


def measure_speed(card: ModelCard, device: str = "auto", progress: Progress = Progress()) -> Speed:
    """Time a model on noise; loading it does not count, and the first go neither.

    Raises:
        QuakeViewError: if the model cannot be loaded, or there is no such device.
        Cancelled: through ``progress``.
    """
    progress.advance(0, 1, f"Loading {card.name}")
    if card.unusable:
        raise QuakeViewError(f"{card.name}: {card.unusable}")
    if card.task == PICKING:
        return _speed_of_picker(card, device, progress)
    if card.task in (CHARACTERISATION, *SINGLE_TASKS):
        return _speed_at_station(card, progress)
    if card.task == SEISMICITY:
        return _speed_of_seismicity(card, progress)
    return _speed_of_forecaster(card, device, progress)


def shown_seconds(seconds: float) -> str:
    """Return a time in a unit that suits it."""
    if seconds < 1:
        return f"{1000 * seconds:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 100 else f"{seconds:.0f} s"


def _speed_of_picker(card: ModelCard, device: str, progress: Progress) -> Speed:
    from quakeview.monitoring.picker import load_picker
    from quakeview.monitoring.stitching import Stitcher

    picker = load_picker(card, device, progress)

    def pick(seconds: float) -> None:
        n = round(seconds * picker.sampling_rate)
        stitcher, data = Stitcher(picker), _noise(n)
        for done, _ in enumerate(stitcher.add(data, np.ones(data.shape, np.bool_))):
            progress.advance(min(done, 99), 100, f"Picking {seconds:g} s of noise")
        stitcher.finish()

    return Speed(
        _words(device),
        (
            ("a record of 60 s", _timed(lambda: pick(RECORD), progress)),
            ("an hour of three components", _timed(lambda: pick(HOUR), progress, repeats=1)),
        ),
    )


def _speed_at_station(card: ModelCard, progress: Progress) -> Speed:
    from quakeview.single_station.inputs import LENGTH
    from quakeview.single_station.networks import load_station_network

    network, data = load_station_network(card), _noise(LENGTH)
    seconds = _timed(lambda: network.values(data, np.ones(data.shape, np.bool_), 5.0), progress)
    return Speed(_words("cpu"), (("an earthquake at a station", seconds),))


def _speed_of_forecaster(card: ModelCard, device: str, progress: Progress) -> Speed:
    from quakeview.wavefield.forecasting.forecaster import load_forecaster
    from quakeview.wavefield.forecasting.trial import trial_observation

    forecaster = load_forecaster(card.folder, device)
    observation = trial_observation(forecaster)
    forecaster.forecast(observation, 5 * forecaster.frame_step, progress=progress.silent())  # what is slow once
    seconds = _timed(lambda: forecaster.forecast(observation, FORECAST, progress=progress.part(0, 1)), progress, 1)
    return Speed(_words(device), ((f"a forecast of {FORECAST:g} s", seconds),))


def _speed_of_seismicity(card: ModelCard, progress: Progress) -> Speed:
    from quakeview.seismicity.model_folder import load_forecaster
    from quakeview.seismicity.trial import trial_catalogue

    forecaster = load_forecaster(card.folder)
    catalogue, day = trial_catalogue(forecaster)
    seconds = _timed(lambda: list(forecaster.expected(catalogue, [day])), progress)
    return Speed(_words("cpu"), ((f"a forecast after {counted(len(catalogue), 'earthquake')}", seconds),))


def _timed(work: Callable[[], object], progress: Progress, repeats: int = _REPEATS) -> float:
    """Return the median of the seconds that ``work`` takes; of several goes the first does not count."""
    if repeats > 1:
        work()
    times = []
    for number in range(repeats):
        progress.advance(number, repeats, "Measuring the speed")
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times)


def _noise(n: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(size=(3, n)).astype(np.float32)


def _words(device: str) -> str:
    kind = pick_device(device)
    return f"the processor, {counted(processor_cores(), 'core')}" if kind.type == "cpu" else str(kind).upper()
