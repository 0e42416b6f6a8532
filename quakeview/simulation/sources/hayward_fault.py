"""The Hayward fault: straight along X, vertical, right-lateral."""

from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.fault import Fault
from quakeview.simulation.sources.fault_plane import FaultPlane

Y = 38_000.0
X = (17_000.0, 83_000.0)
"""m; its ends."""
DEEPEST = 17_000.0

HAYWARD_FAULT = Fault(
    "Hayward fault",
    FaultPlane(X[0], Y, HAYWARD.x_azimuth, dip=90.0, top_depth=0.0, length=X[1] - X[0], width=DEEPEST),
    rake=180.0,
    seismogenic=(2_000.0, 15_000.0),
)
"""Ruptures that are too wide for the seismogenic depths reach the surface."""
