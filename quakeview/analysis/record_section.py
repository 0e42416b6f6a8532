"""A record section: the traces of an earthquake in the order of epicentral distance."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.analysis.cuts import Cut
from quakeview.analysis.shown_components import Shown, component
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.waveforms.channels import ChannelId, Instrument

Floats = NDArray[np.float64]
DEGREE = 111_194.93
"""Metres of a degree of epicentral distance, on a sphere of 6,371 km."""
FAR = 10 * DEGREE
"""Epicentral distance from which sections are in degrees."""
_REFERENCE = 100_000.0
"""Distance, m, at which a correction for distance changes nothing."""
_FASTEST_P, _SLOWEST_S = 8000.0, 3000.0
"""Speeds along the surface, m/s, between which the waves are that a reduced section is to show."""
_ROOM = 0.08
"""Share of the window before and, twice, after them."""
_LEAST_PEAK = 1e-3
"""Of the largest trace, below which one is not enlarged as if it were noise-free."""


@dataclass(frozen=True, eq=False)
class SectionTrace:
    """A trace of a section.

    Attributes:
        channel_id: where it is seen among the traces.
        distance: epicentral, m.
        azimuth: of the station seen from the epicentre, degrees.
        cut: its samples.
        peak: largest excursion from the median.
    """

    station: Instrument
    channel_id: ChannelId
    distance: float
    azimuth: float
    cut: Cut
    peak: float

    @property
    def name(self) -> str:
        """``CI.TOW2``."""
        return ".".join(self.station[:2])


@dataclass(frozen=True, eq=False)
class Section:
    """Traces by distance, nearest first.

    Attributes:
        origin: time, seconds since 1970-01-01 UTC.
        component: letter.
        left_out: a sentence for each station that has no such trace.
    """

    origin: float
    component: str
    traces: tuple[SectionTrace, ...]
    left_out: tuple[str, ...]

    @property
    def in_degrees(self) -> bool:
        """Whether distances are so large that degrees are usual."""
        return bool(self.traces) and self.traces[-1].distance > FAR

    @property
    def unit(self) -> float:
        """Of the axis of distance, m: a kilometre or a degree."""
        return DEGREE if self.in_degrees else 1000.0

    @property
    def units(self) -> set[str]:
        """Of the samples."""
        return {trace.cut.unit for trace in self.traces}

    def nearest(self, distance: float) -> SectionTrace | None:
        """The trace that is drawn nearest to a distance, m."""
        return min(self.traces, key=lambda trace: abs(trace.distance - distance), default=None)


def record_section(
    shown: Iterable[Shown], letter: str, origin: float, first: float, last: float, progress: Progress | None = None
) -> Section:
    """Take one component of every instrument that has it.

    Of several instruments at one station only the first is taken: their traces would lie on each other.

    Args:
        shown: the instruments.
        letter: component, one of ``shown_components.COMPONENTS``.
        origin: time of the earthquake, seconds since 1970-01-01 UTC.
        first, last: of the window, seconds after the origin.

    Raises:
        Cancelled: through ``progress``.
    """
    progress = progress or Progress()
    traces: dict[tuple[str, str], SectionTrace] = {}
    left_out: dict[tuple[str, str], str] = {}
    for instrument in shown:
        progress.advance(len(traces), len(traces) + 1)
        place = instrument.station[:2]
        if place in traces:
            continue
        try:
            piece = component(instrument, letter, origin + first, origin + last)
            traces[place] = _trace(instrument, letter, piece)
        except QuakeViewError as error:
            left_out[place] = str(error)
    ordered = sorted(traces.values(), key=lambda trace: trace.distance)
    return Section(
        origin, letter, tuple(ordered), tuple(said for place, said in left_out.items() if place not in traces)
    )


def _trace(shown: Shown, letter: str, piece: Cut) -> SectionTrace:
    """About its median.

    Raises:
        QuakeViewError: if there is no sample.
    """
    known = piece.data[np.isfinite(piece.data)]
    if not known.size:
        raise QuakeViewError(f"{piece.name} has no data in this window.")
    data = piece.data - np.median(known)
    centred = Cut(piece.name, piece.start, piece.sampling_rate, data, piece.unit)
    path = shown.path
    peak = float(np.nanmax(np.abs(data)))
    return SectionTrace(shown.station, shown.channel(letter), path.distance, path.azimuth, centred, peak)


# --- how it is drawn ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SectionStyle:
    """How the traces of a section are drawn.

    Attributes:
        velocity: of reduction, m/s: times are less the distance over it; 0 for times after the origin.
        normalised: each trace to its own peak; else all by one scale.
        power: of the distance with which amplitudes of one scale are multiplied.
        gain: enlarges all of them.
    """

    velocity: float = 0.0
    normalised: bool = True
    power: float = 0.0
    gain: float = 1.0

    def window(self, first: float, last: float, nearest: float, farthest: float) -> tuple[float, float]:
        """What to show at first of what is from ``first`` to ``last`` seconds after the origin, as shown.

        Args:
            nearest, farthest: distances of the traces, m.
        """
        if not self.velocity:
            return first, last
        room = _ROOM * (last - first)
        fast, slow = 1 / _FASTEST_P - 1 / self.velocity, 1 / _SLOWEST_S - 1 / self.velocity
        at_ends = [distance * slowness for distance in (nearest, farthest) for slowness in (fast, slow)]
        return min(at_ends) - room, max(at_ends) + 2 * room

    def reduced(self, seconds: Floats | float, distance: Floats | float) -> Floats | float:
        """Times after the origin as they are shown, of a distance (m)."""
        return seconds - distance / self.velocity if self.velocity else seconds


@dataclass(frozen=True, eq=False)
class Wiggle:
    """A trace as a line: (n,) seconds as shown, (n,) offsets from its distance in units of the largest trace."""

    times: Floats
    offsets: Floats


def wiggles(section: Section, style: SectionStyle, view: tuple[float, float], columns: int) -> list[Wiggle]:
    """The lines of all traces, with no more points than can be told apart.

    Args:
        view: first and last time in view, as shown.
        columns: pixels.

    Returns:
        One for each trace; empty where nothing of it is in view.
    """
    largest = max((_corrected(trace, style) for trace in section.traces), default=0.0)
    return [_wiggle(section.origin, trace, style, view, columns, largest) for trace in section.traces]


def _corrected(trace: SectionTrace, style: SectionStyle) -> float:
    """The peak, corrected for distance."""
    return trace.peak * _correction(trace, style)


def _correction(trace: SectionTrace, style: SectionStyle) -> float:
    return (
        float((max(trace.distance, 1.0) / _REFERENCE) ** style.power) if style.power and not style.normalised else 1.0
    )


def _wiggle(
    origin: float, trace: SectionTrace, style: SectionStyle, view: tuple[float, float], columns: int, largest: float
) -> Wiggle:
    shift = float(style.reduced(trace.cut.start - origin, trace.distance))
    rate = trace.cut.sampling_rate
    begin = max(int((view[0] - shift) * rate) - 1, 0)
    data = trace.cut.data[begin : max(int((view[1] - shift) * rate) + 2, begin)]
    peak = max(trace.peak, _LEAST_PEAK * largest) if style.normalised else largest / _correction(trace, style)
    index, values = _thinned(data, columns)
    scale = style.gain / peak if peak > 0 else 0.0
    return Wiggle(shift + (begin + index) / rate, scale * values.astype(np.float64))


def _thinned(data: NDArray[np.floating], columns: int) -> tuple[Floats, NDArray[np.floating]]:
    """Places and values of the samples, or of the lowest and highest one of each of ``columns``."""
    run = len(data) // max(columns, 1)
    if run < 4:
        return np.arange(len(data), dtype=np.float64), data
    rows = data[: len(data) // run * run].reshape(-1, run)
    known = np.isfinite(rows).all(axis=1)
    safe = np.where(known[:, None], rows, 0)
    pair = np.sort(np.column_stack((safe.argmin(axis=1), safe.argmax(axis=1))), axis=1)
    index = (np.arange(len(rows))[:, None] * run + pair).ravel()
    values = np.where(np.repeat(known, 2), data[index], np.nan)
    return index.astype(np.float64), values


def section_table(section: Section, picks: Mapping[Instrument, Mapping[str, float]]) -> bytes:
    """The traces as CSV: where they are, how large they are, and the picks.

    Args:
        picks: seconds after the origin, by phase.
    """
    phases = sorted({phase for found in picks.values() for phase in found})
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(
        [
            "station",
            "trace",
            "distance_km",
            "azimuth_deg",
            "peak",
            "unit",
            *(f"{phase}_after_origin_s" for phase in phases),
        ]
    )
    for trace in section.traces:
        found = picks.get(trace.station, {})
        times = [f"{found[phase]:.3f}" if phase in found else "" for phase in phases]
        place = f"{trace.distance / 1000:.3f}", f"{trace.azimuth:.1f}"
        table.writerow([trace.name, trace.cut.name, *place, f"{trace.peak:.6g}", trace.cut.unit, *times])
    return text.getvalue().encode()
