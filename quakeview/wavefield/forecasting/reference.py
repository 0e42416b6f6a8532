"""What could have been said without a network, and should be beaten by one.

Waves are linear in their sources: in the same Earth a new event near stored ones is all but a sum of them, if nothing
is noisy or late. These references say how much of a forecaster's skill is no more than that. All forecast from what an
``Observation`` knows: persistence, the nearest training event, and a ridge combination of all of them; the last two
look for the time at which their events begin. An attenuation relation is told magnitude and place instead.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.texts import counted
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.ground_motion.attenuation_relation import distances_beside, gmpe_pgv, plane_distances
from quakeview.wavefield.scenarios.datasets import DatasetEvent
from quakeview.wavefield.scenarios.header import Frames, Header
from quakeview.wavefield.scenarios.scenario import Scenario

Floats = NDArray[np.float64]

LONGEST_SHIFT = 8.0
"""How far from the start of the axis an event may begin, s."""
SEARCH_NODES, FIT_NODES = 100, 1000
"""Enough to find the shift, and to fit; nodes of a dense observation hardly differ from their neighbours."""
PENALTIES = np.logspace(-9, 0, 19)
"""Of the ridge, in parts of the mean square of a column."""
RELATION = "BSSA14"
"""Boore et al. (2014); see ``attenuation_relation``."""
_CURVE = 60
_CHECKED = 3
"""One frame of so many, the last ones, is kept from the fit by which shift and penalty are chosen."""


class Forecasting(Protocol):
    """Whoever can continue known frames: a ``Forecaster`` of a model folder, and the references."""

    model: ForecastModel

    def forecast(
        self,
        observation: Observation,
        duration: float = 100.0,
        members: int | None = None,
        progress: Progress = Progress(),
    ) -> Forecast: ...


class Library:
    """The training events of a data set, in memory in half precision.

    Attributes:
        header: of the first event.
        events: lines of ``metadata.csv``.
        scale: (events,) root mean square of each event over all nodes and frames, m/s.
        waves: (events, 3, nx, ny, nt) velocity / scale.
    """

    def __init__(
        self, header: Header, events: Sequence[DatasetEvent], scale: Floats, waves: NDArray[np.float16]
    ) -> None:
        self.header, self.events, self.scale, self.waves = header, events, scale, waves

    @classmethod
    def open(cls, folder: Path, progress: Progress = Progress()) -> "Library":
        """Read the events for training of a data set's folder; see ``datasets``.

        Raises:
            QuakeViewError: if there are none, or one is damaged, unfinished or of another grid.
            Cancelled: through ``progress``.
        """
        events = _events_for_training(folder)
        with Scenario.open(folder / events[0].file) as first:
            header = first.header
        waves = np.empty((len(events), *header.frame_shape, header.planned_frames), np.float16)
        scale = np.empty(len(events))
        for number, event in enumerate(events):
            progress.advance(number, len(events), f"Event {number + 1} of {len(events)}")
            with Scenario.open(folder / event.file) as scenario:
                if scenario.shape != waves.shape[1:] or scenario.frame_step != header.frame_step:
                    raise QuakeViewError(f"{event.file} is unfinished or of another grid; make the data set again.")
                frames = scenario.frames(0, scenario.n_frames)
            scale[number] = np.linalg.norm(frames) / np.sqrt(frames.size) or 1.0
            waves[number] = frames / np.float32(scale[number])
        progress.advance(len(events), len(events))
        return cls(header, events, scale, waves)

    @property
    def places(self) -> list[list[int]]:
        """Numbers of the events at each place: the mechanisms of a basis belong together."""
        found: dict[tuple[float, float, float], list[int]] = {}
        for number, event in enumerate(self.events):
            found.setdefault((event.x, event.y, event.depth), []).append(number)
        return list(found.values())

    def combined(self, weights: Floats, shift: int, start: int, stop: int, progress: Progress = Progress()) -> Frames:
        """Sum of events (3, nx, ny, stop - start) that begin ``shift`` frames after the start of an axis.

        Args:
            weights: (events,) of ``waves``, m/s.
        """
        total = np.zeros((*self.waves.shape[1:4], stop - start), np.float32)
        first, last = _overlap(start - shift, stop - shift, self.waves.shape[-1])
        if last <= first:
            return total
        there = total[..., first + shift - start : last + shift - start]
        used = np.flatnonzero(weights)
        for done, number in enumerate(used):
            progress.advance(done, len(used), "Sum of events")
            there += np.float32(weights[number]) * self.waves[number, ..., first:last].astype(np.float32)
        return total

    def deviation(self) -> Frames:
        """Root mean square velocity (3, nx, ny) over events and frames, m/s: what normalised scores divide by."""
        power = np.zeros(self.waves.shape[1:4])
        for scale, waves in zip(self.scale, self.waves, strict=True):
            power += scale**2 * np.square(waves, dtype=np.float32).mean(axis=-1)
        return np.sqrt(power / len(self.waves)).astype(np.float32)

    def cut(self, nodes: tuple[Any, Any], start: int, stop: int) -> Frames:
        """(events, 3, n nodes, stop - start) of ``waves``, zero where there is no frame."""
        pieces = np.zeros((len(self.waves), 3, len(nodes[0]), stop - start), np.float32)
        first, last = _overlap(start, stop, self.waves.shape[-1])
        if last > first:
            pieces[..., first - start : last - start] = self.waves[..., first:last][:, :, nodes[0], nodes[1]]
        return pieces


def read_events(folder: Path) -> list[DatasetEvent]:
    """The lines of a data set's ``metadata.csv``.

    Raises:
        QuakeViewError: if it is missing or damaged.
    """
    path = folder / "metadata.csv"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return [
                DatasetEvent(**{each.name: each.type(line[each.name]) for each in fields(DatasetEvent)})  # type: ignore[operator]
                for line in csv.DictReader(file)
            ]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise QuakeViewError(f"{path} is missing or damaged; choose the folder of a data set.") from error


def training_files(folder: Path) -> list[Path]:
    """Return the scenario files of the events for training of a data set's folder.

    Raises:
        QuakeViewError: if there are none, or ``metadata.csv`` is missing or damaged.
    """
    return [folder / event.file for event in _events_for_training(folder)]


def _events_for_training(folder: Path) -> list[DatasetEvent]:
    events = [event for event in read_events(folder) if event.split == "train"]
    if not events:
        raise QuakeViewError(f"{folder} has no events for training; choose the folder of a training set.")
    return events


class Persistence:
    """The last frame stays; between stations that of the nearest one."""

    model = ForecastModel("Persistence", 1, "nothing")

    def forecast(
        self,
        observation: Observation,
        duration: float = 100.0,
        members: int | None = None,
        progress: Progress = Progress(),
    ) -> Forecast:
        from scipy.ndimage import distance_transform_edt

        known = observation.known[..., -1]
        if not known.any():
            raise QuakeViewError("Nothing is known when the forecast is made; choose another time or other stations.")
        nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
        frame = observation.frames[:, nearest[0], nearest[1], -1]
        n = _n_frames(observation, duration)
        return _issued(observation, self.model, np.repeat(frame[..., None], n, axis=-1))


class NearestEvent:
    """The place whose events, in their best sum, match the observation best, over time shifts."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.model = ForecastModel("Nearest event", 1, counted(len(library.events), "event"))

    def forecast(
        self,
        observation: Observation,
        duration: float = 100.0,
        members: int | None = None,
        progress: Progress = Progress(),
    ) -> Forecast:
        places = self.library.places
        shifts = list(_products(self.library, observation, SEARCH_NODES, _shifts(observation), progress))
        _, best, place = min(
            (_least_squares(each.whole, place)[1], i, k)
            for i, each in enumerate(shifts)
            for k, place in enumerate(places)
        )
        (exact,) = _products(self.library, observation, FIT_NODES, [shifts[best].shift], progress)
        weights = np.zeros(len(self.library.events))
        weights[places[place]] = _least_squares(exact.whole, places[place])[0]
        return _combination(self, weights, exact.shift, observation, duration, progress)


class RidgeCombination:
    """All events at once, with a penalty on their weights. Penalty and time shift are those with which the first part
    of the observation forecasts the rest of it best."""

    NAME = "Ridge combination"

    def __init__(self, library: Library) -> None:
        self.library = library
        self.model = ForecastModel(self.NAME, 1, counted(len(library.events), "event"))

    def forecast(
        self,
        observation: Observation,
        duration: float = 100.0,
        members: int | None = None,
        progress: Progress = Progress(),
    ) -> Forecast:
        _, shift, penalty = min(
            (error, each.shift, penalty)
            for each in _products(self.library, observation, SEARCH_NODES, _shifts(observation), progress)
            for error, penalty in zip(each.check.misfit(_ridge(each.fit, PENALTIES)), PENALTIES, strict=True)
        )
        (exact,) = _products(self.library, observation, FIT_NODES, [shift], progress)
        weights = _ridge(exact.whole, np.array([penalty]))[:, 0]
        return _combination(self, weights, shift, observation, duration, progress)


def attenuation_pgv(header: Header) -> Floats:
    """Median PGV (nx, ny), m/s, after Boore et al. (2014) from the true magnitude and hypocentre, or fault.

    It takes no more than the Joyner-Boore distance, so that one curve is enough. With all frequencies, see
    ``attenuation_relation``.

    Raises:
        QuakeViewError: if they are not known, or the relation does not hold for them.
    """
    if header.magnitude is None or header.hypocentre is None:
        raise QuakeViewError("An attenuation relation needs magnitude and hypocentre, which this scenario lacks.")
    if header.rupture is not None:
        plane = header.rupture.plane
    else:
        x, y, depth = header.hypocentre
        strike, dip = (float(header.source.get(name, other)) for name, other in (("strike", 0.0), ("dip", 90.0)))
        plane = FaultPlane(x, y, strike, dip, depth, 0.0, 0.0, header.region.x_azimuth)
    distance = plane_distances(plane, *np.meshgrid(header.x, header.y, indexing="ij")).joyner_boore
    curve = np.append(0.0, np.geomspace(100.0, max(float(distance.max()), 200.0), _CURVE))
    rake = float(header.source.get("rake", 180.0))
    median, _ = gmpe_pgv(RELATION, header.magnitude, plane, distances_beside(plane, curve), rake)
    pgv: Floats = np.exp(np.interp(distance, curve, np.log(median)))
    return pgv


@dataclass(frozen=True)
class _Products:
    """Inner products over some observed samples: events with events, events with data, data with data."""

    gram: Floats
    cross: Floats
    power: float

    def __add__(self, other: "_Products") -> "_Products":
        return _Products(self.gram + other.gram, self.cross + other.cross, self.power + other.power)

    def misfit(self, weights: Floats) -> Floats:
        """Squared error (n,) of sums of events with ``weights`` (events, n)."""
        fitted: Floats = np.einsum("en,en->n", weights, self.gram @ weights)
        return self.power - 2 * self.cross @ weights + fitted


@dataclass(frozen=True)
class _AtShift:
    """Products if the events begin ``shift`` frames after the axis: of the first frames observed, and of the last."""

    shift: int
    fit: _Products
    check: _Products

    @property
    def whole(self) -> _Products:
        return self.fit + self.check


def _products(
    library: Library, observation: Observation, n_nodes: int, shifts: Iterable[int], progress: Progress
) -> Iterator[_AtShift]:
    """At no more than about ``n_nodes`` of the known nodes."""
    shifts = list(shifts)
    _check_alike(library, observation)
    nodes = _nodes(observation, n_nodes)
    known = observation.known[nodes]
    data = observation.frames[:, nodes[0], nodes[1]] * known
    waves = library.cut(nodes, observation.start - max(shifts), observation.stop - min(shifts))
    n = observation.n_frames
    split = n - n // _CHECKED
    for done, shift in enumerate(shifts):
        progress.advance(done, len(shifts), "Search of training events")
        first = max(shifts) - shift
        columns = waves[..., first : first + n] * known
        fit, check = (_product(columns[..., part], data[..., part]) for part in (np.s_[:split], np.s_[split:]))
        yield _AtShift(shift, fit, check)


def _product(columns: Frames, data: Frames) -> _Products:
    flat, samples = columns.reshape(len(columns), -1), data.reshape(-1)
    return _Products(
        (flat @ flat.T).astype(np.float64),
        (flat @ samples).astype(np.float64),
        float(np.square(samples, dtype=np.float64).sum()),
    )


def _least_squares(products: _Products, chosen: list[int]) -> tuple[Floats, float]:
    """Weights of some events, and the misfit."""
    gram, cross = products.gram[np.ix_(chosen, chosen)], products.cross[chosen]
    weights: Floats = np.asarray(np.linalg.lstsq(gram, cross, rcond=1e-6)[0], np.float64)
    return weights, float(products.power - cross @ weights)


def _ridge(products: _Products, penalties: Floats) -> Floats:
    """Weights (events, n penalties)."""
    values, vectors = np.linalg.eigh(products.gram)
    values, mean = np.maximum(values, 0.0), max(float(values.mean()), 1e-30)
    along = vectors.T @ products.cross
    weights: Floats = vectors @ (along[:, None] / (values[:, None] + penalties * mean))
    return weights


def _combination(
    who: NearestEvent | RidgeCombination,
    weights: Floats,
    shift: int,
    observation: Observation,
    duration: float,
    progress: Progress,
) -> Forecast:
    stop = observation.stop + _n_frames(observation, duration)
    frames = who.library.combined(weights, shift, observation.stop, stop, progress)
    return _issued(observation, who.model, frames)


def _issued(observation: Observation, model: ForecastModel, frames: Frames) -> Forecast:
    forecast = Forecast(observation, frames.shape[-1], model)
    forecast.append(frames[None])
    return forecast


def _n_frames(observation: Observation, duration: float) -> int:
    return max(round(duration / observation.header.frame_step), 1)


def _shifts(observation: Observation) -> range:
    most = round(LONGEST_SHIFT / observation.header.frame_step)
    return range(-most, most + 1)


def _nodes(observation: Observation, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Numbers along X and Y of about ``most`` nodes with data, evenly thinned."""
    known = observation.known.any(axis=-1)
    if not known.any():
        raise QuakeViewError("Nothing is known when the forecast is made; choose another time or other stations.")
    every = int(np.ceil(np.sqrt(known.sum() / most)))
    thin = np.zeros_like(known)
    thin[every // 2 :: every, every // 2 :: every] = True
    ix, iy = np.nonzero(known & thin if observation.dense else known)
    few = np.linspace(0, len(ix) - 1, min(len(ix), most)).round().astype(int)
    return ix[few], iy[few]


def _overlap(start: int, stop: int, n: int) -> tuple[int, int]:
    return max(start, 0), min(stop, n)


def _check_alike(library: Library, observation: Observation) -> None:
    one, other = library.header, observation.header
    if one.frame_shape != other.frame_shape or not np.isclose(one.frame_step, other.frame_step):
        raise QuakeViewError("The training events are on another grid than the observation; choose their data set.")
