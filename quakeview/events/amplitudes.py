"""Amplitudes of an earthquake on a Wood-Anderson seismometer, read from the records of an archive.

The largest motion between the first P and the end of the Lg or surface waves, zero to peak, of the horizontals (IASPEI
2013), compared with the motion before the P.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.attenuation_laws import AttenuationLaw
from quakeview.events.event import Amplitude, Event
from quakeview.events.magnitudes import distances, sized
from quakeview.events.travel_times import FARTHEST, TravelTimes
from quakeview.events.velocity_models import Floats, P, S
from quakeview.jobs import Progress
from quakeview.monitoring.picks import Pick
from quakeview.stations.book import Place, StationBook
from quakeview.stations.coordinates import Coordinates
from quakeview.stations.ground_motion import Quantity, ground_motion
from quakeview.stations.responses import Response
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, measures_pressure
from quakeview.waveforms.clock import NANOSECONDS, sample_time
from quakeview.waveforms.filters import finite_stretches
from quakeview.waveforms.flaws import is_clipped, without_spikes
from quakeview.waveforms.roles import Roles
from quakeview.waveforms.splicing import Piece

LOWEST = 0.5
"""Hz. Below, microseisms are larger than small earthquakes, and a Wood-Anderson shows little of either."""
_HIGHEST = 0.4
"""Of the sampling rate, up to where responses are reliable."""
_LEAST_RATE = 15.0
"""Hz; slower records lack what a Wood-Anderson shows of local earthquakes."""
SIGNAL_TO_NOISE = 2.0
"""Least ratio of the amplitude to the largest motion before the P."""
_NOISE = 5.0
"""Seconds before the P that are noise ..."""
_NOISE_ENDS = 0.5
"""... up to so many seconds before it: picks and predicted times may be late."""
_LEAST_NOISE = 2.0
_SLOWEST = 2500.0
"""Group velocity of the last waves that count, m/s (Lg and short surface waves)."""
_LASTING = 10.0
"""Seconds that an earthquake and its echoes last beyond that."""
_LONGEST = FARTHEST / _SLOWEST + _LASTING
_AFTER_S = 2.0
"""Seconds after the S in which the largest motion of a local earthquake comes, mostly."""
_LEAST_AFTER_S = 1.0
"""Seconds after the S that a window must reach to."""
_MARGIN = 4.0
"""Seconds on either side that the ends of a record spoil."""
_NODES = 600

CLIPPED, NOISY, GAP, ALONE, TOGETHER = (
    "clipped",
    "too little above the noise",
    "a gap in the record",
    "no record before the P to compare with",
    "another earthquake at the same time",
)
"""Why an amplitude does not count."""


@dataclass(frozen=True)
class Records:
    """What amplitudes are read from.

    Attributes:
        archive: the waveforms.
        stations: where they were recorded, and with what response.
        times: where no pick says when the P and the S came.
    """

    archive: Archive
    stations: StationBook
    times: TravelTimes

    @cached_property
    def channels(self) -> dict[Place, tuple[ChannelId, ...]]:
        """The horizontals of each station; of an instrument without, the vertical."""
        found: dict[Place, tuple[ChannelId, ...]] = {}
        for instrument, components in self.archive.stations.items():
            roles = Roles.of(components)
            pairs = roles.pairs or ((roles.rotated,) if roles.rotated else ())
            horizontals = [channel for pair in pairs for channel in pair if channel]
            chosen = horizontals or [each for each in roles.verticals[:1] if not measures_pressure(each.channel)]
            station = instrument.network, instrument.station
            found[station] = (*found.get(station, ()), *chosen)
        return found

    def response(self, channel: ChannelId, when: UTCDateTime) -> Response:
        """Counts per m/s against frequency. Each epoch is evaluated once, and interpolated from then on.

        Raises:
            QuakeViewError: if there is none.
        """
        epoch = channel, str(self.stations.channel(channel, when).start_date)
        if epoch not in self._responses:
            self._responses[epoch] = _tabulated(self.stations.response(channel, when))
        return self._responses[epoch]

    @cached_property
    def _responses(self) -> dict[tuple[ChannelId, str], Response]:
        return {}


def _tabulated(response: Response) -> Response:
    """A response by cubic interpolation of amplitude and phase; evalresp takes 10 ms for a record, this one .3."""
    from scipy.interpolate import CubicSpline

    @lru_cache(maxsize=4)
    def table(highest: float) -> CubicSpline:
        spacings = np.geomspace(LOWEST / 4, highest, _NODES), np.linspace(LOWEST / 4, highest, _NODES)
        nodes: Floats = np.unique(np.round(np.concatenate(spacings), 6))  # none so close that the spline swings
        values = response(nodes)
        return CubicSpline(np.log(nodes), np.column_stack((np.log(np.abs(values)), np.unwrap(np.angle(values)))))

    def interpolated(frequencies: Floats) -> NDArray[np.complex128]:
        logarithm, phase = table(float(np.ceil(2 * frequencies[-1]) / 2))(np.log(frequencies)).T
        found: NDArray[np.complex128] = np.exp(logarithm + 1j * phase)
        return found

    return interpolated


@dataclass(frozen=True)
class Window:
    """When an earthquake is looked at on the records of a station, seconds after its origin.

    Attributes:
        begin, end: of what counts; what comes just before is noise.
        s: when the S arrives.
    """

    begin: float
    end: float
    s: float


def size(
    records: Records,
    events: Sequence[Event],
    law: AttenuationLaw,
    picks: Mapping[str, Pick] | None = None,
    corrections: Mapping[Place, float] | None = None,
    progress: Progress | None = None,
) -> list[Event]:
    """Earthquakes with their amplitudes and local magnitudes, in the order in which they are given.

    Args:
        picks: by ``resource_id``; see ``measure``.
        corrections: of stations; see ``local_magnitude``.
        progress: also logs, once, why channels have no response.
    """
    progress = progress or Progress()
    ordered = sorted(events, key=lambda event: event.time)
    times = [event.time for event in ordered]
    found, left_out = [], set[str]()
    for number, event in enumerate(events):
        progress.advance(number, len(events), "Reading amplitudes")
        near = slice(bisect_left(times, event.time - _LONGEST), bisect_left(times, event.time + _LONGEST))
        amplitudes = measure(records, event, picks, ordered[near], left_out)
        places = records.stations.coordinates_at(event.time)
        found.append(sized(event.with_(amplitudes=tuple(amplitudes)), places, law, corrections))
    for sentence in sorted(left_out):
        progress.log(sentence)
    return found


def measure(
    records: Records,
    event: Event,
    picks: Mapping[str, Pick] | None = None,
    others: Sequence[Event] = (),
    left_out: set[str] | None = None,
) -> list[Amplitude]:
    """Read the amplitudes of an earthquake at all stations.

    What a person read (``manual``) stays as it is. Channels without a record of the earthquake, without coordinates or
    without a response are not in the result.

    Args:
        picks: by ``resource_id``; those of the event say when its waves came.
        others: earthquakes before and after, in any order, by which the windows end early.
        left_out: gets a sentence on each channel without a response that can be used.
    """
    kept = {amplitude.channel_id: amplitude for amplitude in event.amplitudes if amplitude.manual}
    found = list(kept.values())
    for station, window in windows(records, event, picks or {}, others).items():
        for channel in records.channels[station]:
            if channel in kept:
                continue
            try:
                amplitude = amplitude_in(records, channel, event.time, window)
            except QuakeViewError as error:
                if left_out is not None:
                    left_out.add(str(error))
                continue
            found += [amplitude] if amplitude else []
    return found


def windows(
    records: Records, event: Event, picks: Mapping[str, Pick], others: Sequence[Event] = ()
) -> dict[Place, Window]:
    """When to look at the records of each station that has coordinates and may have recorded the earthquake.

    A window begins with the P and ends with waves of 2.5 km/s, or where the P of the next earthquake comes; if that
    comes before the largest motion, where its S does. If the S of another earthquake comes between P and S, the window
    begins with the S, so that what it must stand out from is that other S.
    """
    coordinates = records.stations.coordinates_at(event.time)
    stations = [station for station in records.channels if station in coordinates]
    if not stations:
        return {}
    places = [coordinates[station] for station in stations]
    p, s, last = _arrivals(records.times, event, places)
    place = {station: number for number, station in enumerate(stations)}
    for arrival in event.origin.used:
        pick = picks.get(arrival.pick_id)
        if pick and pick.channel_id[:2] in place:
            read = p if arrival.phase.startswith(P) else s
            read[place[pick.channel_id[:2]]] = pick.time - event.time
    s = np.maximum(s, p)
    begin, end = p.copy(), np.maximum(last, s) + _LASTING
    for other in others:
        after = other.time - event.time
        if other.resource_id == event.resource_id or abs(after) > end.max(where=np.isfinite(end), initial=0.0):
            continue
        other_p, other_s, _ = (after + times for times in _arrivals(records.times, other, places))
        begin = np.where((p < other_s) & (other_s <= s), s, begin)
        end = np.where(other_s > s, np.minimum(end, np.where(other_p >= s + _AFTER_S, other_p, other_s)), end)
    return {
        station: Window(*each)
        for station, *each in zip(stations, begin.tolist(), end.tolist(), s.tolist(), strict=True)
        if np.isfinite(each[0])
    }


def _arrivals(times: TravelTimes, event: Event, places: Sequence[Coordinates]) -> tuple[Floats, Floats, Floats]:
    """When P, S and the last waves come, (n,) seconds after the origin; infinity where the tables do not reach."""
    away = distances(event.origin, places)
    elevation = np.array([place.elevation for place in places])
    depth = max(event.origin.depth or 0.0, 0.0)
    beyond = np.where(away > FARTHEST, np.inf, 0.0)
    p, s = (times.first(phase, away, depth, elevation) + beyond for phase in (P, S))
    return p, s, away / _SLOWEST


def amplitude_in(records: Records, channel: ChannelId, origin: UTCDateTime, window: Window) -> Amplitude | None:
    """The largest motion in a window after ``origin``; None if there is no record of it.

    Raises:
        QuakeViewError: if the channel has no response, or one that cannot be evaluated.
    """
    response = records.response(channel, origin)
    first, last = window.begin - _NOISE - _MARGIN, window.end + _MARGIN
    pieces = _finite(records.archive.pieces(channel, origin + first, origin + last))
    piece = max(pieces, key=lambda each: _seconds_of(each, origin, window), default=None)
    if piece is None or piece.sampling_rate < _LEAST_RATE or _seconds_of(piece, origin, window) <= 0:
        return None
    motion = wood_anderson(piece, response)
    begin, end = (_index(piece, origin + after) for after in (window.begin, window.end))
    before = slice(*(_index(piece, origin + (window.begin - seconds)) for seconds in (_NOISE, _NOISE_ENDS)))
    noise = np.abs(motion[before])
    peak = begin + int(np.abs(motion[begin:end]).argmax())
    value = float(abs(motion[peak]))
    comment = ""
    if window.end < window.s + _LEAST_AFTER_S:
        comment = TOGETHER
    elif is_clipped(piece.data[begin:end]):
        comment = CLIPPED
    elif _seconds_of(piece, origin, window) < window.end - window.begin - 2 / piece.sampling_rate:
        comment = GAP
    elif len(noise) < _LEAST_NOISE * piece.sampling_rate:
        comment = ALONE
    elif not value > SIGNAL_TO_NOISE * noise.max():
        comment = NOISY
    return Amplitude(channel, _time(piece, peak), value, period(motion, peak, piece.sampling_rate), comment=comment)


def with_amplitude_at(records: Records, event: Event, channel: ChannelId, time: UTCDateTime) -> Event:
    """The event with the amplitude of a channel where a person chose to read it; its magnitude is to be made anew.

    Raises:
        QuakeViewError: if there is no record at that time, or no response.
    """
    around = _NOISE + _MARGIN
    pieces = records.archive.pieces(channel, time - around, time + around)
    piece = next((each for each in _finite(pieces) if each.start <= time.ns <= each.end), None)
    if piece is None:
        raise QuakeViewError(f"{channel} has no record at {time}; read the amplitude where there is one.")
    motion = wood_anderson(piece, records.response(channel, time))
    index = _index(piece, time)
    read = Amplitude(
        channel,
        _time(piece, index),
        float(abs(motion[index])),
        period(motion, index, piece.sampling_rate),
        manual=True,
        comment=CLIPPED if is_clipped(piece.data) else "",
    )
    others = tuple(amplitude for amplitude in event.amplitudes if amplitude.channel_id != channel)
    return event.with_(amplitudes=(*others, read))


def wood_anderson(piece: Piece, response: Response) -> Floats:
    """(n,) m, what a Wood-Anderson seismometer of magnification 1 shows of a record without gaps."""
    highest = _HIGHEST * piece.sampling_rate
    return ground_motion(
        without_spikes(piece.data), piece.sampling_rate, response, Quantity.WOOD_ANDERSON, (LOWEST, highest)
    )


def period(motion: Floats, peak: int, sampling_rate: float) -> float | None:
    """Twice the time between the zero crossings around a peak, s; None if the record ends before."""
    signs = np.signbit(motion)
    before = np.flatnonzero(signs[:peak] != signs[peak])
    after = np.flatnonzero(signs[peak:] != signs[peak])
    if not len(before) or not len(after):
        return None
    first, last = int(before[-1]), peak + int(after[0]) - 1
    crossings = [at + motion[at] / (motion[at] - motion[at + 1]) for at in (first, last)]
    return float(2 * (crossings[1] - crossings[0]) / sampling_rate)


def _finite(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The stretches without a gap."""
    for piece in pieces:
        for stretch in finite_stretches(piece.data):
            start = sample_time(piece.start, piece.sampling_rate, stretch.start)
            yield replace(piece, start=start, data=piece.data[stretch])


def _seconds_of(piece: Piece, origin: UTCDateTime, window: Window) -> float:
    """How much of a window a piece holds, s; below 0 if nothing."""
    begin, end = ((time - origin.ns) / NANOSECONDS for time in (piece.start, piece.end))
    return min(end, window.end) - max(begin, window.begin)


def _index(piece: Piece, time: UTCDateTime) -> int:
    """The sample at a time, or the first or last."""
    return min(max(round((time.ns - piece.start) * piece.sampling_rate / NANOSECONDS), 0), len(piece.data) - 1)


def _time(piece: Piece, index: int) -> UTCDateTime:
    return UTCDateTime(ns=sample_time(piece.start, piece.sampling_rate, index))
