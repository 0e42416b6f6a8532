"""Names of channels and of the instruments they belong to."""

import re
from collections.abc import Mapping
from typing import NamedTuple, Self

_UP_NORTH_EAST = re.compile(r"(UD|NS|EW)(\d?)")  # K-NET and KiK-net; the digit tells the borehole from the surface
_ROWS = ("Zz3UA", "Nn1RYVB", "Ee2TXWC")


def component_of(channel: str) -> str:
    """The component letter of a channel code: Z, N, E, 1, 2, R, T ...; empty if the code is."""
    if match := _UP_NORTH_EAST.fullmatch(channel):
        return {"UD": "Z", "NS": "N", "EW": "E"}[match[1]]
    return channel[-1:]


def band_of(channel: str) -> str:
    """What the channel codes of one instrument share: ``HH`` of ``HHZ``. May be empty."""
    if match := _UP_NORTH_EAST.fullmatch(channel):
        return match[2]
    return channel[:-1]


def measures_pressure(channel: str) -> bool:
    """Is it a hydrophone or a microphone? Their codes are BDH, HDF, BDO ... (SEED instrument code D), HYD, or end in
    a letter of pressure sensors (BHH)."""
    if len(channel) != 3 or _UP_NORTH_EAST.fullmatch(channel):
        return False
    return channel[1] == "D" or channel[2] in "HFO" or channel == "HYD"


class ChannelId(NamedTuple):
    """Full SEED id of a channel. An empty location code is a location code."""

    network: str
    station: str
    location: str
    channel: str

    @classmethod
    def parse(cls, seed_id: str) -> Self:
        """From ``NET.STA.LOC.CHA``, where the station code may have dots of its own (``N.TYNH`` of Hi-net).

        Raises:
            ValueError: if there are fewer than four fields.
        """
        network, *station, location, channel = seed_id.split(".") if seed_id.count(".") >= 3 else ("",) * 3
        if not station:
            raise ValueError(f"{seed_id!r} is not NET.STA.LOC.CHA.")
        return cls(network, ".".join(station), location, channel)

    def __str__(self) -> str:
        return ".".join(self)


class Instrument(NamedTuple):
    """One three-component instrument: the channels that share everything but the orientation code.

    ``band`` is the channel code without its component (``HH``, ``EH``, ``HN``); it may be empty.
    """

    network: str
    station: str
    location: str
    band: str

    @classmethod
    def of(cls, channel_id: ChannelId) -> Self:
        return cls(channel_id.network, channel_id.station, channel_id.location, band_of(channel_id.channel))

    def __str__(self) -> str:
        return ".".join(self)


def arrange(components: Mapping[str, ChannelId]) -> tuple[ChannelId | None, ChannelId | None, ChannelId | None]:
    """The channels of an instrument in the order vertical, first and second horizontal (Z N E, Z 1 2, Z R T).

    Other channels (a hydrophone, numbered components) take the places that are left, the vertical's first.
    """
    spare = dict(components)
    rows = [next((spare.pop(letter) for letter in letters if letter in spare), None) for letters in _ROWS]
    vertical, first, second = (
        channel or next((spare.pop(letter) for letter in list(spare)[:1]), None) for channel in rows
    )
    return vertical, first, second
