"""The record of one station from 5 s before its P on, as rules and network take it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Pick
from quakeview.single_station.inputs import BEFORE_P, LENGTH, P_SAMPLE, RATE
from quakeview.stations.book import StationBook
from quakeview.stations.coordinates import Coordinates
from quakeview.stations.motion import direction
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.assembly import three_component_blocks
from quakeview.waveforms.channels import ChannelId, Instrument, component_of, measures_pressure
from quakeview.waveforms.flaws import is_clipped

_AROUND = 1.0
"""Seconds of record wanted on either side, so that the ends of the resampling filter stay outside."""
_ONSET = (0.1, 0.6)
"""Seconds before and after a P that its motion is read from."""
_LEAST_AXES = 0.1
"""Area of the directions of two horizontals below which they are one."""


@dataclass(frozen=True, eq=False)
class StationRecord:
    """Three components of an earthquake.

    Attributes:
        station: whose.
        p, s: the picks; no S if there is none.
        data: (3, 8192) up, north, east (or the horizontals as they are) at 100 Hz; the P is 5 s after the start.
        valid: (3, 8192), True where there is data.
        vertical: whether the first row is a vertical.
        unoriented: why the horizontals are not north and east, a sentence; empty if they are.
        clipped: channels that are clipped in it.
        horizontals: channels of the last two rows, as far as there are any; else the vertical.
        coordinates: where it stands; None if that is not known.
    """

    station: Instrument
    p: Pick
    s: Pick | None
    data: NDArray[np.float32]
    valid: NDArray[np.bool_]
    vertical: bool
    unoriented: str
    clipped: tuple[ChannelId, ...]
    horizontals: tuple[ChannelId, ...]
    coordinates: Coordinates | None

    def has_onset(self, rows: slice) -> bool:
        """Whether there is record of these components without a gap around the P."""
        around = slice(P_SAMPLE - round(_ONSET[0] * RATE), P_SAMPLE + round(_ONSET[1] * RATE))
        return bool(self.valid[rows, around].all())

    @property
    def s_minus_p(self) -> float | None:
        """Seconds; None without an S."""
        return None if self.s is None else float(self.s.time - self.p.time)


def read_record(archive: Archive, book: StationBook, station: Instrument, p: Pick, s: Pick | None) -> StationRecord:
    """Read the record of a P pick.

    Raises:
        QuakeViewError: if the station has no record at that time, or one that is too slow.
    """
    start = p.time - BEFORE_P
    data, sources = np.zeros((3, LENGTH), np.float32), np.full((3, LENGTH), -1, np.int8)
    candidates: tuple[ChannelId, ...] = ()
    seconds = LENGTH / RATE + 2 * _AROUND
    for block in three_component_blocks(
        archive, station, RATE, seconds, start=start - _AROUND, end=start + LENGTH / RATE + _AROUND
    ):
        shift = round((block.start - start) * RATE)
        here = slice(max(shift, 0), min(shift + block.npts, LENGTH))
        there = slice(here.start - shift, here.stop - shift)
        if here.start < here.stop:
            data[:, here], sources[:, here] = block.data[:, there], block.sources[:, there]
            candidates = block.candidates
    valid = sources >= 0
    if not valid[:, P_SAMPLE - 1 : P_SAMPLE + 1].any():
        raise QuakeViewError(f"{station} has no record at its P pick; open the file that the pick was read from.")
    channels = [candidates[int(row[P_SAMPLE])] if row[P_SAMPLE] >= 0 else None for row in sources]
    vertical = channels[0]
    if vertical is not None and _points_down(vertical, book, p):
        data[0] *= -1
    oriented, unoriented = _towards_north_and_east(data, channels[1:], book, p)
    there_are = tuple(channel for channel in channels[1:] if channel) or ((vertical,) if vertical else ())
    return StationRecord(
        station,
        p,
        s,
        oriented,
        valid,
        vertical is not None and not measures_pressure(vertical.channel),
        unoriented,
        tuple(channel for channel in channels if channel and _clips(archive, channel, p)),
        there_are,
        book.coordinates_at(p.time).get((station.network, station.station)),
    )


def _towards_north_and_east(
    data: NDArray[np.float32], channels: list[ChannelId | None], book: StationBook, p: Pick
) -> tuple[NDArray[np.float32], str]:
    """The record with its horizontals turned; as it was, and why, where that cannot be done."""
    first, second = channels
    if first is None or second is None:
        missing = "no horizontal component" if first is None and second is None else "one horizontal component"
        return data, f"There is {missing} at the P; a direction needs two."
    try:
        axes = np.array([direction(channel, book, p.time) for channel in (first, second)])
    except QuakeViewError:
        letters = " and ".join(component_of(channel.channel) for channel in (first, second))
        return data, f"In which directions {letters} point is not known; open the station's metadata."
    if abs(np.linalg.det(axes)) < _LEAST_AXES:
        return data, "The metadata give both horizontals the same direction; correct them."
    turned = data.copy()
    turned[1:] = np.linalg.solve(axes, data[1:])
    return turned, ""


def _points_down(vertical: ChannelId, book: StationBook, p: Pick) -> bool:
    """Whether the metadata say that a vertical is positive downwards."""
    try:
        return book.axis(vertical, p.time)[2] < 0
    except QuakeViewError:
        return False


def _clips(archive: Archive, channel: ChannelId, p: Pick) -> bool:
    """Whether a channel reaches what its instrument can record, after the P."""
    return any(is_clipped(piece.data) for piece in archive.pieces(channel, p.time, p.time + LENGTH / RATE - BEFORE_P))
