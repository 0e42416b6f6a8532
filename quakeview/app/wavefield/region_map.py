"""The maps of the workspace: X along the fault and Y across it."""

from quakeview.app.maps.mapview import MapView
from quakeview.simulation.region import HAYWARD

X_TITLES = ("X, along the fault (km)", "X (km)")
Y_TITLES = ("Y, across the fault (km)", "Y (km)")


def region_map(title: str = "") -> MapView:
    """A map of the San Francisco Bay, until another region is set."""
    view = MapView(title)
    view.set_region(HAYWARD)
    view.set_axis_titles(X_TITLES, Y_TITLES)
    return view
