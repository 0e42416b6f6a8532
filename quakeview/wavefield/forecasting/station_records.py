"""Waveform files and station metadata, read as ground velocity at the nodes of a forecaster's grid.

What is left out, with a sentence each: stations without metadata or outside the region; without three components, or
with components that do not span space; in units that are not of ground motion, or with amplitudes that no ground can
have (counts or cm/s taken as m/s); dead or clipped throughout; noisier before the earthquake than the others by far;
stations that share a node with one that is nearer to it; and those whose metadata are there without waveforms.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.geography import Station
from quakeview.jobs import Progress
from quakeview.simulation.region import Region
from quakeview.stations.inventories import read_metadata
from quakeview.stations.responses import axis, is_accelerometer, metadata_of, response_of
from quakeview.texts import counted
from quakeview.wavefield.forecasting.ground_velocity import (
    DRIFT,
    LEAST_SAMPLING,
    Recording,
    as_it_is,
    at_frames,
    high_pass_corner,
)
from quakeview.wavefield.forecasting.stations import StationRecords
from quakeview.wavefield.scenarios.header import Header
from quakeview.wavefield.scenarios.virtual_stations import NETWORK, true_north

if TYPE_CHECKING:
    from obspy import Inventory, Stream, UTCDateTime
    from obspy.core.inventory import Channel

    from quakeview.waveforms.archive import Archive
    from quakeview.waveforms.channels import ChannelId, Instrument
    from quakeview.waveforms.scanning import FileProblem

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DURATION = 120.0
"""How much after the reference time is read, s: an input, and the 100 s of a forecast."""
SETTLING = 300.0
"""How much before the reference time is read, s, so that the high-pass has forgotten where the record begins."""
NOISE_SPAN = 60.0
"""Length of the noise before the reference time, s."""
STRONGEST = 5.0
"""m/s; no earthquake has moved the ground faster in this band (Chi-Chi 1999, station TCU068: 3 m/s)."""
NOISIEST = 20.0
"""Times the median noise of the stations."""
_COMPONENTS = ("ZNE", "Z12", "123")
_LEAST_VOLUME = 0.1


class Grid(Protocol):
    """Where a forecaster works, and in which band: a ``Forecaster``, a ``Header`` or a ``Wavefield``."""

    @property
    def region(self) -> Region: ...
    @property
    def x(self) -> Floats: ...
    @property
    def y(self) -> Floats: ...
    @property
    def frame_step(self) -> float: ...
    @property
    def frequency(self) -> float: ...


def read_station_records(
    waveforms: "Sequence[Path] | Stream",
    metadata: "Sequence[Path] | Inventory",
    grid: Grid,
    reference_time: datetime,
    duration: float = DURATION,
    progress: Progress = Progress(),
) -> StationRecords:
    """Read what the stations inside the region of ``grid`` recorded.

    The response is removed and the record filtered as ``ground_velocity`` says, with the high-pass of the instrument
    (``ground_velocity.high_pass_corner``), which the report names where it cuts into the band. Simulated seismograms
    (network SY) are taken as they are: their source was band-limited already, and their unit is m/s.

    Args:
        waveforms: files and folders, or a stream.
        metadata: StationXML, or other station metadata that ObsPy reads; files and folders, or an inventory.
        reference_time: when the time axis is zero, UTC.
        duration: after it, s; frames after the last datum are left away.

    Raises:
        QuakeViewError: if nothing can be read, or no station is left.
        Cancelled: through ``progress``.
    """
    from obspy import Stream, UTCDateTime

    from quakeview.waveforms.archive import Archive

    known = read_metadata(metadata)
    archive = Archive()
    if isinstance(waveforms, Stream):
        archive.add_stream(waveforms, "stream")
        problems: list[FileProblem] = []
    else:
        problems = archive.add(waveforms, progress)
    report = [*known.report, *(each.sentence for each in problems if each.path.resolve() not in known.files)]
    if not archive.channels:
        raise QuakeViewError(report[0] if report else "There are no waveforms; name MiniSEED files or folders.")
    reader = _Reader(archive, known.inventory, grid, UTCDateTime(reference_time), duration)
    found: list[_Motion] = []
    for done, instrument in enumerate(archive.stations):
        progress.advance(done, len(archive.stations), f"Station {instrument.station}")
        try:
            found.append(reader.motion(instrument))
        except QuakeViewError as error:
            report.append(str(error))
    found = _one_at_a_node(_quiet(found, report), report)
    report += _without_waveforms(known.inventory, archive, grid.region, UTCDateTime(reference_time))
    if not found:
        raise QuakeViewError(f"No station can be used. {report[-1]}")
    progress.advance(1, 1, "Stations")
    return _records(found, grid, reference_time, report)


@dataclass(frozen=True)
class _Motion:
    """Of one instrument; the first ``n_noise`` frames are before the reference time."""

    name: str
    station: Station
    node: tuple[int, int]
    distance: float
    velocity: Floats
    valid: Bools
    n_noise: int
    remarks: list[str]

    @property
    def noise(self) -> float:
        """Root mean square before the reference time, m/s; NaN if nothing is known of it."""
        quiet = self.velocity[:, : self.n_noise][:, self.valid[: self.n_noise]]
        return float(np.sqrt((quiet**2).mean())) if quiet.size else float("nan")


class _Reader:
    """Everything here raises ``QuakeViewError`` with why an instrument is left out."""

    def __init__(
        self, archive: "Archive", inventory: "Inventory", grid: Grid, zero: "UTCDateTime", duration: float
    ) -> None:
        self._archive, self._inventory, self._grid, self._zero = archive, inventory, grid, zero
        self._n_noise = round(NOISE_SPAN / grid.frame_step)
        n = int(duration / grid.frame_step + 1e-6) + 1
        self._times = grid.frame_step * np.arange(-self._n_noise, n, dtype=np.float64)
        self._span = zero - SETTLING, zero + duration + 1.0

    def motion(self, instrument: "Instrument") -> _Motion:
        channels = self._three(instrument)
        recordings = [self._recording(channel) for channel in channels]
        about = [self._metadata(*pair) for pair in zip(channels, recordings, strict=True)]
        station, node, distance = self._place(instrument, about[0])
        read = [self._component(*each) for each in zip(channels, about, recordings, strict=True)]
        valid = np.logical_and.reduce([known for _, known in read])
        velocity = np.where(valid, self._turned(channels, about, np.stack([values for values, _ in read])), 0.0)
        name, n = str(instrument), self._n_noise
        _check(name, recordings, velocity[:, n:], valid[n:])
        own = [] if instrument.network == NETWORK else recordings
        remarks = _remarks(name, own, self._times[n:], valid[n:])
        if own:
            remarks += self._said_of_corner(name, channels, about)
        return _Motion(name, station, node, distance, velocity, valid, n, remarks)

    def _three(self, instrument: "Instrument") -> list["ChannelId"]:
        there = self._archive.stations[instrument]
        for letters in _COMPONENTS:
            if set(letters) <= set(there):
                return [there[letter] for letter in letters]
        raise QuakeViewError(
            f"{instrument} is left out: a station counts with three components, this one has {', '.join(there)}."
        )

    def _recording(self, channel: "ChannelId") -> Recording:
        """The samples around the reference time; pieces at another rate than the first are gaps, unless all their
        samples are within half a sample of where they would be at that rate."""
        from quakeview.waveforms.clock import NANOSECONDS

        pieces = self._archive.pieces(channel, *self._span)
        if not pieces or pieces[-1].end < self._zero.ns:
            raise QuakeViewError(
                f"{channel} is left out: it has no data in the time that is read, {self._zero} and after."
            )
        begin, rate = pieces[0].start, pieces[0].sampling_rate
        placed = [
            (round((piece.start - begin) * rate / NANOSECONDS), piece.data)
            for piece in pieces
            if abs(piece.sampling_rate - rate) * len(piece.data) < 0.5 * rate
        ]
        samples = np.full(max(first + len(data) for first, data in placed), np.nan)
        for first, data in placed:
            samples[first : first + len(data)] = data
        samples[~np.isfinite(samples)] = np.nan
        return Recording((begin - self._zero.ns) / NANOSECONDS, rate, samples)

    def _metadata(self, channel: "ChannelId", recording: Recording) -> "Channel":
        return metadata_of(channel, self._inventory, self._zero + max(recording.start, 0.0))

    def _place(self, instrument: "Instrument", about: "Channel") -> tuple[Station, tuple[int, int], float]:
        """The station, the node nearest to it, and how far that is, m."""
        grid, region = self._grid, self._grid.region
        x, y = map(float, region.to_local(about.longitude, about.latitude))
        if not region.contains(x, y):
            away = np.hypot(x - np.clip(x, 0, region.length), y - np.clip(y, 0, region.width))
            raise QuakeViewError(
                f"{instrument} is left out: it stands {away / 1000:.0f} km outside {region.name}, the region of the "
                "model."
            )
        ix, iy = int(np.abs(grid.x - x).argmin()), int(np.abs(grid.y - y).argmin())
        return Station(instrument.station, x, y), (ix, iy), float(np.hypot(grid.x[ix] - x, grid.y[iy] - y))

    def _component(self, channel: "ChannelId", about: "Channel", recording: Recording) -> tuple[Floats, Bools]:
        if channel.network == NETWORK:
            return as_it_is(recording, self._times)
        frequency, rate = self._grid.frequency, recording.rate
        if rate < LEAST_SAMPLING * frequency:
            raise QuakeViewError(
                f"{channel} is left out: at {rate:g} Hz it has too few samples for waves up to {frequency:g} Hz."
            )
        corner = high_pass_corner(channel, about, frequency)
        return at_frames(recording, response_of(channel, about), frequency, self._times, corner)

    def _said_of_corner(self, name: str, channels: list["ChannelId"], about: list["Channel"]) -> list[str]:
        """What was taken away from an instrument that does not feel slow motion."""
        frequency = self._grid.frequency
        corners = [high_pass_corner(*pair, frequency) for pair in zip(channels, about, strict=True)]
        if max(corners) <= DRIFT * frequency * 1.01:
            return []
        kind = "an accelerometer" if is_accelerometer(channels[0], about[0]) else "no slow seismometer"
        return [
            f"{name} is {kind}: waves below {max(corners):.2g} Hz were taken away (causal high-pass), so that of the "
            f"forecaster's band up to {frequency:g} Hz the slowest are missing."
        ]

    def _turned(self, channels: list["ChannelId"], about: list["Channel"], values: Floats) -> Floats:
        """From the directions of three sensors, (3, nt), to X, Y and up."""
        axes = np.array([axis(*pair) for pair in zip(channels, about, strict=True)])
        if abs(np.linalg.det(axes)) < _LEAST_VOLUME:
            raise QuakeViewError(f"{channels[0]} is left out: its components do not point in three directions.")
        north, east, up = np.linalg.solve(axes, values)
        place = np.array([about[0].longitude], float), np.array([about[0].latitude], float)
        north_x, north_y = true_north(self._grid.region, *place)
        return np.stack([north_x * north + north_y * east, north_y * north - north_x * east, up])


def _check(name: str, recordings: list[Recording], velocity: Floats, valid: Bools) -> None:
    """Refuse an instrument that says nothing, or what cannot be."""
    there = [each.samples[np.isfinite(each.samples)] for each in recordings]
    if any(samples.size and np.ptp(samples) == 0 for samples in there):
        raise QuakeViewError(f"{name} is left out: it is dead, a component never changes.")
    if not valid.any():
        raise QuakeViewError(f"{name} is left out: it has no three components at once that can be used.")
    if np.abs(velocity).max() > STRONGEST:
        raise QuakeViewError(
            f"{name} is left out: it says {np.abs(velocity).max():.3g} m/s, more than the ground can; its unit may be "
            "cm/s or counts, correct the metadata."
        )


def _remarks(name: str, recordings: list[Recording], times: Floats, valid: Bools) -> list[str]:
    """What is unusual in an instrument that is used."""
    remarks = []
    known = times[valid]
    if known[0] > times[0]:
        remarks.append(f"{name} is known from {known[0]:.1f} s on only.")
    if (~valid[: np.flatnonzero(valid)[-1]][np.flatnonzero(valid)[0] :]).any():
        remarks.append(f"{name} has gaps.")
    clipped = [each.times[each.clipped().argmax()] for each in recordings if each.clipped().any()]
    if clipped:
        remarks.append(f"{name} is clipped at {max(min(clipped), times[0]):.1f} s and not used from there on.")
    return remarks


def _quiet(found: list[_Motion], report: list[str]) -> list[_Motion]:
    """Without those that were far noisier than the others before the reference time."""
    noises = np.array([motion.noise for motion in found])
    heard = noises[np.isfinite(noises)]
    limit = NOISIEST * np.median(heard) if heard.size > 2 and heard.any() else np.inf
    for motion in found:
        if motion.noise > limit:
            report.append(
                f"{motion.name} is left out: before the reference time it moves {1000 * motion.noise:.2g} mm/s, "
                f"{motion.noise / np.median(heard):.0f} times as much as the median station."
            )
    return [motion for motion in found if not motion.noise > limit]


def _without_waveforms(inventory: "Inventory", archive: "Archive", region: Region, when: "UTCDateTime") -> list[str]:
    """A sentence on the stations in the region whose metadata are there alone."""
    recorded = {(each.network, each.station) for each in archive.stations}
    silent = sorted(
        {
            f"{network.code}.{station.code}"
            for network in inventory
            for station in network
            if station.is_active(time=when)
            and (network.code, station.code) not in recorded
            and region.contains(*map(float, region.to_local(station.longitude, station.latitude)))
        }
    )
    if not silent:
        return []
    return [f"{counted(len(silent), 'station is', 'stations are')} left out, without waveforms: {', '.join(silent)}."]


def _one_at_a_node(found: list[_Motion], report: list[str]) -> list[_Motion]:
    """The nearest to each node; of instruments in one place the one that knows most."""
    kept: dict[tuple[int, int], _Motion] = {}
    for motion in sorted(found, key=lambda each: (each.distance, -each.valid.sum(), each.name)):
        nearer = kept.setdefault(motion.node, motion)
        if nearer is not motion:
            report.append(f"{motion.name} is left out: it shares its node with {nearer.name}, which is preferred.")
    return sorted(kept.values(), key=lambda each: each.name)


def _records(found: list[_Motion], grid: Grid, reference_time: datetime, report: list[str]) -> StationRecords:
    n = found[0].n_noise
    valid = np.stack([motion.valid[n:] for motion in found])
    end = int(np.flatnonzero(valid.any(axis=0))[-1]) + 1
    codes = [motion.station.code for motion in found]
    stations = [
        motion.station
        if codes.count(motion.station.code) == 1
        else replace(motion.station, code=".".join(motion.name.split(".")[:2]))
        for motion in found
    ]
    header = Header(
        name=f"{counted(len(found), 'station')}, {reference_time:%Y-%m-%d %H:%M:%S} UTC",
        region=grid.region,
        x=grid.x,
        y=grid.y,
        frame_step=grid.frame_step,
        planned_frames=end,
        frequency=grid.frequency,
        model_name="Recorded",
        illustrative=False,
        recorded=True,
    )
    velocities = np.stack([motion.velocity[:, n : n + end] for motion in found]).astype(np.float32)
    remarks = [remark for motion in found for remark in motion.remarks]
    return StationRecords(header, reference_time, tuple(stations), velocities, valid[:, :end], (*report, *remarks))


def first_sample(paths: Sequence[Path], progress: Progress) -> datetime:
    """Find when the records begin (UTC).

    Raises:
        QuakeViewError: if no file can be read.
        Cancelled: through ``progress``.
    """
    from quakeview.waveforms.archive import Archive

    archive = Archive()
    problems = archive.add(paths, progress)
    if archive.span is None:
        raise QuakeViewError(problems[0].sentence if problems else "There are no waveforms in these files.")
    start: datetime = archive.span[0].datetime
    return start.replace(tzinfo=UTC)
