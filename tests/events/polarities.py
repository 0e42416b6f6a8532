"""First motions that a double couple gives."""

from collections.abc import Iterable

import numpy as np

from quakeview.events.double_couple import frames
from quakeview.events.first_motions import direction
from quakeview.events.locating import Locator
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.stations.coordinates import epicentral_path

STRIKE_SLIP = (320.0, 80.0, 175.0)


def with_polarities(
    picks: Iterable[Pick],
    locator: Locator,
    place: tuple[float, float, float],
    angles: tuple[float, float, float] = STRIKE_SLIP,
) -> list[Pick]:
    """The picks, read by a person, P with the polarity of a double couple (strike, dip, rake) at a place.

    Args:
        place: latitude, longitude and depth in metres.
    """
    frame, read = frames(*angles), []
    for pick in picks:
        path = epicentral_path(*place[:2], locator.coordinates[pick.channel_id[:2]])
        takeoff = locator.times.leaving("P", np.array(path.distance), place[2])
        t, _, p = frame @ direction(takeoff, np.array(path.azimuth))
        polarity = Polarity.UP if abs(t) > abs(p) else Polarity.DOWN
        read.append(pick.with_(status=PickStatus.MANUAL, polarity=polarity if pick.phase == "P" else None))
    return read
