"""What a grid can carry: no S waves slower, and no P waves faster, than a simulation can afford."""

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.material import Floats

FASTEST = 6800.0
"""P speed above which the mantle is clipped, m/s; a faster one shortens every time step."""
HIGHEST_RATIO = 3.0
"""Vp/Vs above which S speed is raised; softer ground makes absorbing layers unstable."""
LOWEST_RATIO = 1.5
"""Vp/Vs below which P speed is raised: a Poisson ratio of 0.1, below that of crustal rock."""


def check_minimum_vs(minimum_vs: float) -> None:
    """Refuse a least S speed that is not positive or faster than the crust.

    Raises:
        QuakeViewError: saying what is possible.
    """
    if not 0 < minimum_vs <= 3000:
        raise QuakeViewError(
            f"A lowest S speed of {minimum_vs:g} m/s is not possible; choose one above 0 and up to 3000 m/s."
        )


def limited_speeds(vp: Floats, vs: Floats, minimum_vs: float) -> tuple[Floats, Floats]:
    """Speeds, m/s, with Vp at most ``FASTEST``, Vs at least ``minimum_vs`` and Vp/Vs between the two ratios."""
    vs = vs * np.minimum(np.float32(1), np.float32(FASTEST) / vp)
    vp = np.minimum(vp, np.float32(FASTEST))
    vs = np.maximum(vs, np.maximum(np.float32(minimum_vs), vp * np.float32(1 / HIGHEST_RATIO)))
    return np.maximum(vp, vs * np.float32(LOWEST_RATIO)), vs
