"""Which channel of an instrument is its vertical and which are its horizontals, at each moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.waveforms.channels import ChannelId, arrange, measures_pressure

_VERTICALS = "Zz3UA"
_PAIRS = ("NE", "ne", "12", "YX", "VW", "BC")
_ROTATED = "RT"

Pair = tuple[ChannelId | None, ChannelId | None]


@dataclass(frozen=True)
class Roles:
    """What can serve as the components of an instrument, first choices first.

    One code does not decide: horizontals are renamed from N and E to 1 and 2, a component dies, and a second sensor
    (Z N E beside 1 2 3) records under the same codes. So the roles go to what has data at the moment, and what has data
    beside the first choice is a second sensor.

    Attributes:
        verticals: channels that point up or down, or measure pressure.
        pairs: first and second horizontal; one of the two may be missing.
        rotated: radial and transverse. They are made of a pair, and stand in where there is none.
    """

    verticals: tuple[ChannelId, ...]
    pairs: tuple[Pair, ...]
    rotated: Pair | None = None

    @classmethod
    def of(cls, components: Mapping[str, ChannelId]) -> "Roles":
        """From the channels of an instrument by component letter.

        Pressure takes no part beside ground motion and has no horizontals. Components with letters of no known meaning
        take the places that the others leave, the vertical's first.
        """
        motion = {letter: channel for letter, channel in components.items() if not measures_pressure(channel.channel)}
        if not motion:
            return cls(tuple(components.values()), ())
        verticals = [motion[letter] for letter in _VERTICALS if letter in motion]
        pairs = [pair for letters in _PAIRS if any(pair := (motion.get(letters[0]), motion.get(letters[1])))]
        rotated = (motion.get(_ROTATED[0]), motion.get(_ROTATED[1]))
        vertical, first, second = arrange(motion)
        if not verticals and vertical is not None:
            verticals = [vertical]
        if not pairs and not any(rotated) and (first or second):
            pairs = [(first, second)]
        return cls(tuple(verticals), tuple(pairs), rotated if any(rotated) else None)

    @property
    def channels(self) -> tuple[ChannelId, ...]:
        """All of them, verticals first."""
        pairs = [*self.pairs, *([self.rotated] if self.rotated else [])]
        return (*self.verticals, *(channel for pair in pairs for channel in pair if channel))

    def sources(self, alive: NDArray[np.bool_], bridged: int, sensor: int = 0) -> NDArray[np.int8]:
        """The channel that plays each role at each sample.

        Args:
            alive: (m, n), where each of ``channels`` has data.
            bridged: number of samples; a shorter gap does not end a channel's turn.
            sensor: 0 for the first choice at each moment, 1 for what is there beside it, and so on.

        Returns:
            (3, n) vertical, first and second horizontal: the place in ``channels``, -1 where there are no data.
        """
        index = {channel: place for place, channel in enumerate(self.channels)}
        here = _without_short_gaps(alive, bridged)
        vertical = _choose([index[channel] for channel in self.verticals], here, sensor)
        pairs = [*self.pairs, *([self.rotated] if self.rotated and sensor == 0 else [])]
        turns = np.zeros((len(pairs), here.shape[1]), bool)
        for turn, pair in zip(turns, pairs, strict=True):
            turn[:] = np.any([here[index[channel]] for channel in pair if channel], axis=0)
        if self.rotated and sensor == 0:
            turns[-1] &= ~turns[:-1].any(axis=0)
        pair_of = _choose(range(len(pairs)), turns, sensor)
        if sensor > 0:
            shared = _choose([index[channel] for channel in self.verticals], here, 0)
            vertical = np.where((vertical < 0) & (pair_of >= 0), shared, vertical)
        sources = np.full((3, alive.shape[1]), -1, np.int8)
        sources[0] = vertical
        for number, pair in enumerate(pairs):
            for row, channel in enumerate(pair, start=1):
                if channel:
                    sources[row][pair_of == number] = index[channel]
        has_data = np.take_along_axis(alive, np.maximum(sources, 0).astype(np.intp), axis=0)
        return np.where(has_data, sources, np.int8(-1))


def _choose(places: Sequence[int], here: NDArray[np.bool_], number: int) -> NDArray[np.int8]:
    """Of ``places`` in ``here`` (m, n) the ``number``-th of those that are there; -1 if there is none."""
    chosen = np.full(here.shape[-1], -1, np.int8)
    before = np.zeros(here.shape[-1], np.int8)
    for place in places:
        chosen[here[place] & (before == number)] = place
        before += here[place]
    return chosen


def _without_short_gaps(alive: NDArray[np.bool_], bridged: int) -> NDArray[np.bool_]:
    """``alive`` (m, n) with the gaps of up to ``bridged`` samples closed."""
    closed = alive.copy()
    for row in closed:
        edges = np.flatnonzero(np.diff(~row, prepend=False, append=False)).reshape(-1, 2)
        for first, stop in edges:
            inside = first > 0 and stop < len(row)
            if inside and stop - first <= bridged:
                row[first:stop] = True
    return closed
