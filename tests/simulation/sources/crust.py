"""A simple Earth for tests of sources."""

import numpy as np

from quakeview.simulation.earth.material import Material


class Crust:
    """S waves speed up from 1500 m/s at the surface to 3500 m/s at 10 km."""

    name = "test crust"
    illustrative = True

    def at(self, x, y, depth):
        vs = np.interp(np.broadcast_arrays(x, y, depth)[2], [0, 10e3], [1500, 3500]).astype(np.float32)
        return Material(1.73 * vs, vs, np.full_like(vs, 2700), np.full_like(vs, 200), np.full_like(vs, 100))
