"""An earthquake at one point."""

import numpy as np
from numpy.typing import ArrayLike

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import HAYWARD, Region
from quakeview.simulation.sources.moment_sources import MomentSources, check_inside
from quakeview.simulation.sources.moment_tensor import double_couple
from quakeview.simulation.sources.scaling import seismic_moment
from quakeview.simulation.sources.time_functions import liu_slip, sampled

STEP = 0.01
"""Seconds between samples of the moment rate."""


def source_duration(moment: float) -> float:
    """How long an earthquake radiates, s: twice the half duration of Ekström et al. (2012), 1.05e-8 M0^(1/3) dyn·cm."""
    return 2 * 1.05e-8 * (moment * 1e7) ** (1 / 3)


def point_source(
    position: ArrayLike,
    strike: float,
    dip: float,
    rake: float,
    magnitude: float,
    region: Region = HAYWARD,
    rise_time: float | None = None,
) -> MomentSources:
    """A double couple that releases the moment of ``magnitude`` in a Liu pulse which begins at time 0.

    Args:
        position: X, Y and depth, m.
        strike, dip, rake: degrees.
        rise_time: s; None takes the usual duration of the magnitude.

    Raises:
        QuakeViewError: for a position outside the region or above the surface, or a rise time that is not positive.
    """
    moment = float(seismic_moment(magnitude))
    rise_time = source_duration(moment) if rise_time is None else rise_time
    if not rise_time > 0:
        raise QuakeViewError(f"A rise time of {rise_time:g} s is not possible; give one above zero.")
    time = STEP * np.arange(np.ceil(rise_time / STEP) + 2)
    rate = sampled(lambda t: liu_slip(t, rise_time), time, STEP)
    tensor = double_couple(strike, dip, rake, moment, region.x_azimuth)
    source = MomentSources(np.array(position, float).reshape(1, 3), tensor[None], rate[None], STEP)
    check_inside(source, region)
    return source
