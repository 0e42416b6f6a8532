"""One component of an instrument, along the ground or towards and across an epicentre, from what is shown of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from quakeview.analysis.cuts import EDGE, Cut, cut
from quakeview.errors import QuakeViewError
from quakeview.stations.coordinates import EpicentralPath
from quakeview.stations.motion import rotation
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.clock import same_rate
from quakeview.waveforms.columns import DrawnRecord

COMPONENTS = ("Z", "R", "T", "N", "E")
_VERTICAL = ("Z", "U", "3")
_NORTH_UP = 180.0
"""Back-azimuth with which radial is north and transverse is east."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What is drawn of an instrument.

    Attributes:
        path: from the epicentre.
        channels: by the letter that is shown: Z N E, Z 1 2, or Z R T if it is rotated.
        records: of the channels, as they are drawn.
        directions: north and east of the unit vectors of the horizontal components; those that are not known are not
            in it.
        units: of the samples, by letter; counts if nothing is said.
    """

    station: Instrument
    path: EpicentralPath
    channels: Mapping[str, ChannelId]
    records: Mapping[str, Sequence[DrawnRecord]]
    directions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """``CI.TOW2``."""
        return ".".join(self.station[:2])

    def channel(self, letter: str) -> ChannelId:
        """Where a component is seen: its own channel, else a horizontal one, else the first."""
        horizontals = [found for shown, found in self.channels.items() if shown not in _VERTICAL]
        return self.channels.get(letter) or next(iter(horizontals), next(iter(self.channels.values())))


def component(shown: Shown, letter: str, first: float, last: float) -> Cut:
    """Take a component from ``first`` to ``last`` (seconds since 1970-01-01 UTC).

    Args:
        letter: one of ``COMPONENTS``. R is away from the epicentre, T clockwise from R seen from above.

    Raises:
        QuakeViewError: if the instrument does not have it, or nothing was recorded then.
    """
    letters = _VERTICAL if letter == "Z" else (letter,)
    own = next((each for each in letters if each in shown.channels), None)
    if own is not None:
        return _cut(shown, own, first, last)
    if letter == "Z":
        raise QuakeViewError(f"{shown.name} has no vertical component.")
    return _turned(shown, letter, first, last)


def _cut(shown: Shown, letter: str, first: float, last: float) -> Cut:
    channel = shown.channels[letter]
    return cut(shown.records.get(letter, ()), first, last, str(channel), shown.units.get(letter, "counts"))


def _turned(shown: Shown, letter: str, first: float, last: float) -> Cut:
    """From the two horizontal components, by their directions."""
    pair = [each for each in shown.channels if each not in _VERTICAL][:2]
    if len(pair) < 2:
        raise QuakeViewError(f"{shown.name} does not have two horizontal components, of which {letter} could be made.")
    if not all(each in shown.directions for each in pair):
        raise QuakeViewError(f"{shown.name} has horizontal components whose directions are not known.")
    one, two = (_cut(shown, each, first, last) for each in pair)
    if not same_rate(one.sampling_rate, two.sampling_rate):
        raise QuakeViewError(f"{one.name} and {two.name} have different sampling rates.")
    if one.unit != two.unit:
        raise QuakeViewError(f"{one.name} is in {one.unit}, {two.name} in {two.unit}; show counts.")
    back_azimuth = shown.path.back_azimuth if letter in "RT" else _NORTH_UP
    first_axis, second_axis = (shown.directions[each] for each in pair)
    weights = rotation(first_axis, second_axis, back_azimuth)[0 if letter in "RN" else 1]
    times, slack = one.start + one.times - two.start, EDGE / two.sampling_rate
    inside = (times >= -slack) & (times <= two.times[-1] + slack)
    beside = np.where(inside, np.interp(times, two.times, two.data), np.nan)
    data = (weights[0] * one.data + weights[1] * beside).astype(np.float32)
    return Cut(f"{shown.name} {letter}", one.start, one.sampling_rate, data, one.unit)
