"""The components of an instrument as the traces show them, and their directions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quakeview.analysis.polarisation import Axis
from quakeview.errors import QuakeViewError
from quakeview.stations.book import StationBook
from quakeview.stations.ground_motion import Quantity
from quakeview.stations.motion import radial_and_transverse
from quakeview.stations.responses import axis_by_name
from quakeview.waveforms.channels import ChannelId, arrange
from quakeview.waveforms.display import DisplayRecord

if TYPE_CHECKING:
    from obspy import UTCDateTime


@dataclass(frozen=True, eq=False)
class Component:
    """A component as the traces show it.

    Attributes:
        name: as it is shown, ``CI.CCC..HHZ`` or ``CI.CCC..HH R``.
        unit: of its samples.
        quantity: what they were made; counts if they are as recorded.
        rotated: they are radial or transverse.
        problem: why there are no records, a sentence.
    """

    name: str
    channel_id: ChannelId
    records: Sequence[DisplayRecord]
    unit: str
    quantity: Quantity = Quantity.COUNTS
    rotated: bool = False
    problem: str = ""


def component_axes(
    components: Mapping[str, ChannelId], book: StationBook, when: "UTCDateTime", back_azimuth: float | None = None
) -> dict[ChannelId, Axis]:
    """Say in which direction each of the three components of an instrument is positive at a time.

    Args:
        components: its channels by their last letter.
        back_azimuth: with which the samples of the horizontal ones were rotated to radial and transverse, degrees.

    Raises:
        QuakeViewError: if there are not three, or a direction is not known.
    """
    channels = arrange(components)
    vertical, first, second = channels
    if vertical is None or first is None or second is None:
        there = ", ".join(str(channel) for channel in channels if channel)
        raise QuakeViewError(f"Particle motion needs three components; here is only {there or 'none'}.")
    if back_azimuth is None:
        return {channel: _axis(channel, book, when) for channel in (vertical, first, second)}
    radial, transverse = radial_and_transverse(back_azimuth)
    return {vertical: _axis(vertical, book, when), first: (*radial, 0.0), second: (*transverse, 0.0)}


def _axis(channel: ChannelId, book: StationBook, when: "UTCDateTime") -> Axis:
    """As the metadata say, or as the letters Z, N and E do."""
    try:
        return book.axis(channel, when)
    except QuakeViewError:
        if (named := axis_by_name(channel)) is not None:
            return named
    raise QuakeViewError(
        f"The direction of {channel} is not known; open station metadata that have its azimuth and dip."
    )
