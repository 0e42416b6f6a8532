"""Forecast files: a scenario file (``schema``) of what was known and then expected, with a group more.

Whatever reads scenarios reads forecasts: /velocity is the observation and from the issue time on the mean of the
members, /pgv and /t_pgv are of these frames. What makes it a forecast, version 2::

    /forecast                   attributes
        schema_version          2
        model, trained_on, skill    who made it, from what, and how well it does, in words
        members                 of the ensemble
        fewest_stations         that it was trained with; missing if that is not known
        not_enough              why the forecast can be believed nowhere, in a sentence; empty if it can somewhere
        calibration             JSON of ``Calibration``: how far the ensemble was off on other events; may be missing
        issued                  number, in /velocity, of the first frame that is a forecast
        issue_time              s after the origin time, when it begins
    /forecast/enough            (nx, ny) where there were enough stations; elsewhere the forecast says nothing
    /forecast/spread            (3, nx, ny, n) float16: standard deviation of the members, of the frames from issued on
        units                   "m/s"
                                spread = stored value * /forecast/spread_scale of its time
    /forecast/spread_scale      (n,) float32, m/s
    /forecast/member_pgv, /forecast/member_t_pgv
                                (members, nx, ny) float32: each member's PGV from issued on, m/s, and its time, s; the
                                forecast's PGV is their geometric mean, its T_PGV the mean
    /forecast/observation       attributes name and planned_frames of what was observed; start, the number of the first
                                observed frame, negative before that of /velocity
        velocity                (3, nx, ny, m) float16, zero where nothing was known; with units
        scale                   (m,) float32, m/s
        known                   (nx, ny, m) whether there were data
    /forecast/observation/stations
        code, x, y              (stations,) where they come from, m; none if all nodes were known

A forecast that was still growing has the frames so far, as an unfinished scenario has. Version 1 had neither
fewest_stations nor calibration, and a spread that was multiplied by a factor, ``spread_factor``, of all lead times.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from quakeview.atomic import written_whole
from quakeview.errors import QuakeViewError
from quakeview.geography import Station
from quakeview.jobs import Progress
from quakeview.wavefield.forecasting.calibration import Calibration
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.scenarios.header import Frames, Header
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter, explained, opened
from quakeview.wavefield.scenarios.schema import CHUNK_FRAMES, encode_half

if TYPE_CHECKING:
    import h5py

VERSION = 2
_STRUCTURE = 50_000
"""Bytes, generously, of what HDF5 writes beside the arrays of /forecast."""
_MODEL = ("model", "members", "trained_on", "skill")


def write_forecast(forecast: Forecast, path: Path, progress: Progress = Progress()) -> None:
    """Write a forecast, or the frames so far of one that grows.

    Raises:
        QuakeViewError: if there is a file already, or none can be written there, or the disk is too full.
        Cancelled: through ``progress``; no file is left then.
    """
    n_frames, pgv, t_pgv = forecast.member_peaks()
    if path.exists():
        raise QuakeViewError(f"{path} exists already; choose another name, or delete it first.")
    total = 2 * n_frames - forecast.issued
    with written_whole(path) as part:
        with ScenarioWriter(part, forecast.header, beside=_size_beside(forecast), called=path) as writer:
            for index in range(n_frames):
                progress.advance(index, total, "Forecast")
                writer.write(index, forecast.frame(index))
        spread = _encoded(_spread_frames(forecast, n_frames, total, progress), forecast.header)
        with explained(path):
            _write_group(part, forecast, spread, pgv, t_pgv)
    progress.advance(total, total, "Forecast")


def open_forecast(path: Path, progress: Progress = Progress()) -> Forecast:
    """Read a forecast into memory, with the exactness of half precision.

    Raises:
        QuakeViewError: if it is not there, damaged, a scenario that is no forecast, or from a newer QuakeView.
        Cancelled: through ``progress``.
    """
    with Scenario.open(path) as scenario, opened(path) as file:
        group = _checked_group(file, scenario)
        issued = int(group.attrs["issued"])
        blocks = []
        for start in range(issued, scenario.n_frames, CHUNK_FRAMES):
            progress.advance(start, scenario.n_frames, "Forecast")
            blocks.append(scenario.frames(start, min(start + CHUNK_FRAMES, scenario.n_frames)))
        mean = np.concatenate([np.zeros((*scenario.header.frame_shape, 0), np.float32), *blocks], axis=-1)
        forecast = Forecast.restored(
            _read_observation(group["observation"], scenario.header, issued),
            scenario.planned_frames - issued,
            _read_model(group),
            mean,
            _decoded(group["spread"], group["spread_scale"]) / np.float32(group.attrs.get("spread_factor", 1.0)),
            (group["member_pgv"][:], group["member_t_pgv"][:]),
        )
    progress.advance(1, 1, "Forecast")
    return forecast


def _write_group(
    path: Path,
    forecast: Forecast,
    spread: tuple[NDArray[np.float16], Frames],
    pgv: Frames,
    t_pgv: Frames,
) -> None:
    import h5py

    model = forecast.model
    with h5py.File(path, "r+") as file:
        group = file.create_group("forecast")
        group.attrs.update(
            schema_version=VERSION,
            model=model.name,
            members=model.members,
            trained_on=model.trained_on,
            skill=model.skill,
            issued=forecast.issued,
            issue_time=forecast.issue_time,
            not_enough=forecast.support.reason,
        )
        if model.fewest_stations is not None:
            group.attrs["fewest_stations"] = model.fewest_stations
        if model.calibration is not None:
            group.attrs["calibration"] = json.dumps(model.calibration.to_dict())
        group["enough"] = forecast.support.enough
        _store(group, "m/s", spread=spread[0], spread_scale=spread[1], member_pgv=pgv)
        _store(group, "s", member_t_pgv=t_pgv)
        _write_observation(group.create_group("observation"), forecast.observation)


def _read_model(group: "h5py.Group") -> ForecastModel:
    name, members, trained_on, skill = (_plain(group.attrs[each]) for each in _MODEL)
    fewest, calibration = group.attrs.get("fewest_stations"), group.attrs.get("calibration")
    return ForecastModel(
        name,
        members,
        trained_on,
        skill,
        fewest_stations=None if fewest is None else int(fewest),
        calibration=None if calibration is None else Calibration.from_dict(json.loads(calibration)),
    )


def _write_observation(group: "h5py.Group", seen: Observation) -> None:
    group.attrs.update(name=seen.header.name, planned_frames=seen.header.planned_frames, start=seen.start)
    frames = (seen.frames[..., index] for index in range(seen.n_frames))
    velocity, scale = _encoded(frames, seen.header)
    _store(group, "m/s", velocity=velocity, scale=scale)
    group["known"] = seen.known
    stations = group.create_group("stations")
    stations["code"] = [station.code.encode() for station in seen.stations] or np.zeros(0, "S1")
    _store(stations, "m", x=_places(seen, "x"), y=_places(seen, "y"))


def _places(seen: Observation, axis: str) -> NDArray[np.float64]:
    return np.array([getattr(station, axis) for station in seen.stations], np.float64)


def _read_observation(group: "h5py.Group", header: Header, issued: int) -> Observation:
    stations = group["stations"]
    places = zip(stations["code"][:], stations["x"][:], stations["y"][:], strict=True)
    return Observation(
        replace(header, name=_plain(group.attrs["name"]), planned_frames=int(group.attrs["planned_frames"])),
        issued,
        _decoded(group["velocity"], group["scale"]),
        group["known"][:].astype(np.bool_),
        tuple(Station(code.decode(), float(x), float(y)) for code, x, y in places),
    )


def _checked_group(file: "h5py.File", scenario: Scenario) -> "h5py.Group":
    """/forecast, whose parts fit together and to the frames of the scenario.

    Raises:
        QuakeViewError: for a scenario that is no forecast, and for a newer version.
        LookupError, ValueError: if parts are missing or do not fit together.
    """
    if "forecast" not in file:
        raise QuakeViewError(f"{scenario.path} is a scenario without a forecast; open it with File > Open.")
    group = file["forecast"]
    if group.attrs["schema_version"] > VERSION:
        raise QuakeViewError(f"{scenario.path} was written by a newer QuakeView; update this one to open it.")
    _, nx, ny = scenario.header.frame_shape
    seen, members = group["observation"], int(group.attrs["members"])
    coming, known = scenario.n_frames - int(group.attrs["issued"]), seen["velocity"].shape[-1]
    shapes = {
        "spread": (3, nx, ny, coming),
        "spread_scale": (coming,),
        "member_pgv": (members, nx, ny),
        "member_t_pgv": (members, nx, ny),
        "observation/velocity": (3, nx, ny, known),
        "observation/scale": (known,),
        "observation/known": (nx, ny, known),
    }
    if members < 1 or seen.attrs["start"] + known != group.attrs["issued"]:
        raise ValueError("numbers that cannot be")
    if any(group[name].shape != shape for name, shape in shapes.items()):
        raise ValueError("arrays of different sizes")
    return group


def _spread_frames(forecast: Forecast, n_frames: int, total: int, progress: Progress) -> Iterator[Frames]:
    for index in range(forecast.issued, n_frames):
        progress.advance(n_frames + index - forecast.issued, total, "Spread")
        yield forecast.spread(index)


def _encoded(frames: Iterator[Frames], header: Header) -> tuple[NDArray[np.float16], Frames]:
    """Frames as float16 (3, nx, ny, n) and their scales (n,), m/s."""
    encoded = [encode_half(frame) for frame in frames]
    if not encoded:
        return np.zeros((*header.frame_shape, 0), np.float16), np.zeros(0, np.float32)
    values, scales = zip(*encoded, strict=True)
    return np.stack(values, axis=-1), np.array(scales, np.float32)


def _decoded(values: "h5py.Dataset", scale: "h5py.Dataset") -> Frames:
    decoded: Frames = values[:].astype(np.float32)
    decoded *= scale[:]
    return decoded


def _store(group: "h5py.Group", units: str, **arrays: NDArray[Any]) -> None:
    for name, values in arrays.items():
        group[name] = values
        group[name].attrs["units"] = units


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _size_beside(forecast: Forecast) -> int:
    """Bytes of /forecast."""
    _, nx, ny = forecast.header.frame_shape
    spread, seen = forecast.planned_frames - forecast.issued, forecast.observation.n_frames
    return nx * ny * (6 * spread + 7 * seen + 8 * forecast.model.members + 1) + 4 * (spread + seen) + _STRUCTURE
