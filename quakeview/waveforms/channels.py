"""Names of channels and of the instruments they belong to."""

from typing import NamedTuple, Self


class ChannelId(NamedTuple):
    """Full SEED id of a channel. An empty location code is a location code."""

    network: str
    station: str
    location: str
    channel: str

    @classmethod
    def parse(cls, seed_id: str) -> Self:
        """From ``NET.STA.LOC.CHA``.

        Raises:
            ValueError: if there are not exactly four fields.
        """
        fields = seed_id.split(".")
        if len(fields) != 4:
            raise ValueError(f"{seed_id!r} is not NET.STA.LOC.CHA.")
        return cls(*fields)

    def __str__(self) -> str:
        return ".".join(self)


class Station(NamedTuple):
    """One three-component instrument: the channels that share everything but the orientation code.

    ``band`` is the channel code without its last letter (``HH``, ``EH``, ``HN``); it may be empty.
    """

    network: str
    station: str
    location: str
    band: str

    @classmethod
    def of(cls, channel_id: ChannelId) -> Self:
        return cls(channel_id.network, channel_id.station, channel_id.location, channel_id.channel[:-1])

    def __str__(self) -> str:
        return ".".join(self)
