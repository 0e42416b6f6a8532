"""A network in files, and the picks of one earthquake there."""

from pathlib import Path

from quakeview.monitoring.picks import Pick
from tests.events.test_finding import PLACE, STATIONS, picks_of

__all__ = ["PLACE", "STATION_LIST", "stations_as_text", "synthetic_picks"]

STATION_LIST = "network,station,latitude,longitude,elevation_m\n" + "".join(
    f"{network},{station},{at.latitude},{at.longitude},{at.elevation}\n" for (network, station), at in STATIONS.items()
)


def synthetic_picks() -> list[Pick]:
    """P and S at 14 stations of an earthquake at ``PLACE``."""
    return picks_of()


def stations_as_text(folder: Path) -> Path:
    """The network as a file of FDSN station text."""
    path = folder / "stations.txt"
    rows = (
        f"{network}|{station}|{at.latitude}|{at.longitude}|{at.elevation}|somewhere|2000-01-01T00:00:00|\n"
        for (network, station), at in STATIONS.items()
    )
    path.write_text("#Network|Station|Latitude|Longitude|Elevation|SiteName|StartTime|EndTime\n" + "".join(rows))
    return path
