"""Tell an SRF file in its own units from one in others."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.sources.scaling import leonard_magnitude, seismic_moment

Floats = NDArray[np.float64]

USUAL_RIGIDITY = 3e10
"""Pa."""
NEGLIGIBLE = 0.01
"""Part of all slip that may come without slip rates: generators leave them out where almost nothing slips."""
LONGEST = 1000.0
"""s; the rupture of the greatest earthquakes took less."""


def check_units(headers: Floats, points: Floats, rates: Sequence[tuple[Floats, ...]], name: str) -> None:
    """Refuse numbers that are only plausible in units other than those of SRF.

    Args:
        headers: (planes, 11), as in the file: elon, elat, nstk, ndip, len, wid, stk, dip, dtop, shyp, dhyp.
        points: (n, 14), as in the file: lon, lat, dep, stk, dip, area, tinit, dt, vs, den, rake, slip1, slip2, slip3.
        rates: for each point the slip rates in three directions.
        name: of the file.

    Raises:
        QuakeViewError: saying what is implausible.
    """

    def require(plausible: bool | np.bool_, what: str) -> None:
        if not plausible:
            raise QuakeViewError(f"{name}: {what}.")

    longitude, latitude, depth, _, dip, area, onset, step, vs, density, _, *slip = points.T

    require(
        (abs(longitude) <= 360).all() and (abs(latitude) <= 90).all(), "positions must be in degrees, not in metres"
    )
    require(depth.max() <= 200, f"depths of {depth.max():g} are not in km; divide them by 1000 if they are metres")
    require((area > 0).all() and (step > 0).all(), "areas and time steps must be above zero")
    require(((dip >= 0) & (dip <= 90)).all(), "dips must be within 0-90 degrees")
    last = float((onset + step * np.array([max(map(len, point)) for point in rates])).max())
    require(last <= LONGEST, f"slip goes on until {last:g} s; times must be in s")
    require(onset.min() >= 0, "slip begins before time 0; count the times from the start of the rupture")
    require(not any(slip[2]), "the fault opens (slip3 is not zero), which is not simulated; leave slip3 out")
    given = (vs > 0) & (density > 0)
    require((vs[given] >= 1e4).all(), "S-wave speeds below 100 m/s; they must be in cm/s, so multiply m/s by 100")
    require((density[given] <= 20).all(), "densities above 20 g/cm³; they must be in g/cm³, so divide kg/m³ by 1000")
    if len(headers):
        require((headers[:, 4:6] > 0).all(), "planes must have a length and a width above zero")
        planes = float((headers[:, 4] * headers[:, 5]).sum())
        require(
            0.5 < area.sum() / 1e10 / planes < 2,
            f"areas add up to {area.sum() / 1e10:.4g} km² where the planes have {planes:.4g} km²; they must be in cm²",
        )
    released = step[:, None] * np.array([[rate.sum() for rate in point[:2]] for point in rates])
    _check_slip(area * 1e-4, np.stack(slip[:2], axis=-1) / 100, released / 100, require)


def _check_slip(area: Floats, slip: Floats, released: Floats, require: Callable[[bool | np.bool_, str], None]) -> None:
    """``area`` in m²; ``slip`` and ``released``, the integral of the slip rates, (n, 2) in m."""
    require((slip != 0).any(), "no point slips; choose a rupture with slip")
    silent = np.abs(slip[released == 0]).sum() / np.abs(slip).sum()
    require(silent < NEGLIGIBLE, f"{100 * silent:.0f} % of the slip has no slip rate; write the slip rates too")
    ratio = np.abs(released).sum() / np.abs(slip).sum()
    require(0.5 < ratio < 2, f"slip rates add up to {ratio:.3g} of the slip; slip must be in cm and slip rates in cm/s")
    total = area.sum()
    usual = seismic_moment(leonard_magnitude(total)) / (USUAL_RIGIDITY * total)
    mean = np.hypot(*slip.T) @ area / total
    require(
        len(area) == 1 or 0.05 < mean / usual < 20,
        f"a mean slip of {mean:.3g} m on {total / 1e6:.4g} km², where about {usual:.2g} m is usual; slip must be in cm "
        "and areas in cm²",
    )
