"""What records are shown as: counts or ground motion, along their own components or radial and transverse."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.stations.book import StationBook
from quakeview.stations.coordinates import COUNTS, unit_of
from quakeview.stations.ground_motion import Quantity, ground_motion, tabulated
from quakeview.stations.responses import Response, axis_by_name, is_accelerometer
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Instrument, arrange, component_of
from quakeview.waveforms.display import Change, Samples, as_recorded, samples_on_grid
from quakeview.waveforms.filters import finite_stretches

STAYS = "in counts: no usable response"
"""On traces that cannot be made ground motion."""
HIGHEST = 0.33
"""Upper corner as a share of the sampling rate: instruments roll off above."""
_LOWEST, _LOWEST_OF_GAINS, _HEARD = 0.01, 0.05, 1 / 20
_TRIED = 200
_PERIODS = 2
"""That a stretch has to hold of the longest period in it."""


@dataclass(frozen=True, eq=False)
class Motion:
    """What to make of the samples of records before they are filtered and drawn.

    Attributes:
        quantity: in what unit.
        book: what is known of responses and directions.
        back_azimuths: of the stations whose horizontal components are made radial and transverse, degrees.
    """

    quantity: Quantity = Quantity.COUNTS
    book: StationBook = field(default_factory=StationBook)
    back_azimuths: Mapping[Instrument, float] = field(default_factory=dict)

    def key(self, channel_id: ChannelId) -> Hashable:
        """What the samples of a channel depend on; None if they stay as they were recorded."""
        back_azimuth = self._back_azimuth(channel_id)
        if self.quantity is Quantity.COUNTS and back_azimuth is None:
            return None
        return self.quantity, self.book, back_azimuth

    def _back_azimuth(self, channel_id: ChannelId) -> float | None:
        """With which a channel is rotated; None if it is not."""
        vertical = component_of(channel_id.channel) == "Z"
        return None if vertical else self.back_azimuths.get(Instrument.of(channel_id))

    def change(self, channel_id: ChannelId, archive: Archive) -> Change | None:
        """What to do with the samples of a channel of an archive; None if nothing.

        A channel without a usable response stays in counts, and the change says why.

        Raises:
            QuakeViewError: if it is to be rotated and cannot be.
        """
        if self.key(channel_id) is None:
            return None
        conversion = self._conversion(channel_id, archive)
        back_azimuth = self._back_azimuth(channel_id)
        pair = horizontals(archive.stations.get(Instrument.of(channel_id), {}))
        if back_azimuth is None or pair is None or channel_id not in pair:
            return conversion
        return self._rotation(channel_id, pair, back_azimuth, conversion, archive)

    def _conversion(self, channel_id: ChannelId, archive: Archive) -> Change:
        """To the quantity, or none with the reason why."""
        if self.quantity is Quantity.COUNTS:
            return Change(as_recorded)
        converter = _Converter(channel_id, self.quantity, self.book)
        try:
            for segment in archive.segments(channel_id):
                for when in (segment.start, segment.end):
                    _, band = converter.response(when, segment.sampling_rate)
        except QuakeViewError as error:
            return Change(as_recorded, note=STAYS, reason=str(error).replace("is left out", "stays in counts"))
        longest = max(last - first for first, last in archive.coverage(channel_id)) + 1 / segment.sampling_rate
        low, high = _that_fits(band, longest)
        label = f"{self.quantity.label}, {low:.2g}–{high:.3g} Hz"
        return Change(converter.convert, self.quantity.unit, label, band=(low, high))

    def _rotation(
        self,
        channel_id: ChannelId,
        pair: tuple[ChannelId, ChannelId],
        back_azimuth: float,
        own: Change,
        archive: Archive,
    ) -> Change:
        when = archive.segments(channel_id)[0].start
        first, second = (direction(each, self.book, when) for each in pair)
        row = pair.index(channel_id)
        other_id, weights = pair[1 - row], rotation(first, second, back_azimuth)[row]
        weight, other_weight = weights[row], weights[1 - row]
        other = self._conversion(other_id, archive)
        if own.unit != other.unit:
            raise QuakeViewError(f"{channel_id} and {other_id} cannot be rotated: only one of them has a response.")

        def rotate(samples: Samples, rate: float, start: UTCDateTime) -> Samples:
            beside = samples_on_grid(archive, other_id, start, rate, len(samples))
            if not np.isfinite(beside).any():
                raise QuakeViewError(f"{channel_id} and {other_id} cannot be rotated: they have no time in common.")
            rotated: Samples = weight * own.apply(samples, rate, start) + other_weight * other.apply(
                beside, rate, start
            )
            return rotated

        return Change(rotate, own.unit, own.label, own.note, own.reason, own.band)


class _Converter:
    """Counts of a channel to ground motion, with the response of each of its epochs."""

    def __init__(self, channel_id: ChannelId, quantity: Quantity, book: StationBook) -> None:
        self._channel_id, self._quantity, self._book = channel_id, quantity, book
        self._known: dict[tuple[str, float], tuple[Response, tuple[float, float]]] = {}

    def convert(self, samples: Samples, rate: float, start: UTCDateTime) -> Samples:
        """Each gap-free stretch within an epoch for itself, without periods above half its length; NaN stays NaN."""
        motion = np.full(len(samples), np.nan, np.float32)
        edges = [round((begin - start) * rate) for begin in self._book.epoch_starts(self._channel_id)]
        for stretch in finite_stretches(samples):
            inside = sorted({edge for edge in edges if stretch.start < edge < stretch.stop})
            for first, last in zip([stretch.start, *inside], [*inside, stretch.stop], strict=True):
                response, band = self.response(start + first / rate, rate)
                fitting = _that_fits(band, (last - first) / rate)
                motion[first:last] = ground_motion(samples[first:last], rate, response, self._quantity, fitting)
        return motion

    def response(self, when: UTCDateTime, rate: float) -> tuple[Response, tuple[float, float]]:
        """The response at a time as a table, and the band in which it is taken off.

        Raises:
            QuakeViewError: if there is none, or it cannot be used.
        """
        channel_id, book = self._channel_id, self._book
        about = book.channel(channel_id, when) if unit_of(channel_id, book.units) == COUNTS else None
        key = str(about and about.start_date), rate
        if key not in self._known:
            response, band = response_and_band(channel_id, book, when, rate)
            self._known[key] = tabulated(response, band[0] / 2, rate / 2), band
        return self._known[key]


def response_and_band(
    channel_id: ChannelId, book: StationBook, when: UTCDateTime, sampling_rate: float
) -> tuple[Response, tuple[float, float]]:
    """The response of a channel at a time, and the band (Hz) in which the instrument knows ground motion.

    Raises:
        QuakeViewError: if there is none, or it is not to ground motion; later, if it cannot be evaluated.
    """
    response = book.response(channel_id, when)
    if unit_of(channel_id, book.units) != COUNTS:
        return response, usable_band(response, sampling_rate, vague=False)
    about = book.channel(channel_id, when)
    vague = not about.response.response_stages or is_accelerometer(channel_id, about)
    return response, usable_band(response, sampling_rate, vague)


def _that_fits(band: tuple[float, float], seconds: float) -> tuple[float, float]:
    """A band (Hz) without the periods of which a stretch does not hold enough."""
    low, high = band
    return min(max(low, _PERIODS / seconds), high / 2), high


def usable_band(response: Response, sampling_rate: float, vague: bool) -> tuple[float, float]:
    """Corner frequencies (Hz) between which an instrument knows ground motion.

    The lower one is where its gain to velocity is a twentieth of the largest, but not below .01 Hz. The upper one is a
    third of the sampling rate.

    Args:
        vague: the lower one is .05 Hz: of accelerometers, whose noise grows without limit when it is integrated, and of
            what is known by a gain alone.
    """
    high = HIGHEST * sampling_rate
    if vague:
        return min(_LOWEST_OF_GAINS, high / 4), high
    tried = np.geomspace(min(_LOWEST, high / 4), high, _TRIED)
    gain = np.abs(response(tried))
    low = float(tried[np.argmax(gain >= _HEARD * gain.max())])
    return min(low, high / 4), high


def horizontals(components: Mapping[str, ChannelId]) -> tuple[ChannelId, ChannelId] | None:
    """The two horizontal components of an instrument; None if it does not have both."""
    _, first, second = arrange(components)
    return None if first is None or second is None else (first, second)


def rotatable(
    back_azimuths: Mapping[Instrument, float], book: StationBook, archive: Archive
) -> dict[Instrument, float]:
    """The back-azimuths of those stations whose two horizontal components have directions that are known."""
    found = {}
    stations = archive.stations if back_azimuths else {}
    for station, back_azimuth in back_azimuths.items():
        pair = horizontals(stations.get(station, {}))
        if pair is None:
            continue
        try:
            one, other = (direction(each, book, archive.segments(each)[0].start) for each in pair)
            rotation(one, other, back_azimuth)
        except QuakeViewError:
            continue
        found[station] = back_azimuth
    return found


def direction(channel_id: ChannelId, book: StationBook, when: UTCDateTime) -> tuple[float, float]:
    """North and east of the direction in which a horizontal channel is positive.

    Raises:
        QuakeViewError: if neither the metadata nor its name say so.
    """
    try:
        north, east, _ = book.axis(channel_id, when)
    except QuakeViewError:
        named = axis_by_name(channel_id)
        if named is None:
            raise
        north, east, _ = named
    return north, east


def radial_and_transverse(back_azimuth: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """North and east of the directions away from the source and clockwise from that, seen from above."""
    angle = np.radians(back_azimuth)
    north, east = float(np.cos(angle)), float(np.sin(angle))
    return (-north, -east), (east, -north)


def rotation(
    first: tuple[float, float], second: tuple[float, float], back_azimuth: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Weights of two horizontal components in the radial and in the transverse one.

    Radial is away from the source, transverse clockwise from it seen from above (as in ObsPy and SAC).

    Args:
        first, second: north and east of the directions of the components, which need not be at right angles.
        back_azimuth: degrees.

    Raises:
        QuakeViewError: if the components point the same way.
    """
    directions = np.array([first, second])
    if abs(np.linalg.det(directions)) < 0.1:
        raise QuakeViewError("Two horizontal components cannot be rotated that point in nearly the same direction.")
    radial, transverse = radial_and_transverse(back_azimuth)
    weights = np.array([radial, transverse]) @ np.linalg.inv(directions)
    (rr, rs), (tr, ts) = weights.tolist()
    return (rr, rs), (tr, ts)
