"""Where a scenario is known: everywhere, or at drawn, virtual or real stations, some of which may be silent."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import Region
from quakeview.wavefield.geography import Station, geography
from quakeview.wavefield.header import Header

MANY, FEW = 564, 101
"""Stations of the WaveCastNet paper: those of its sparse model, and those that ShakeAlert has in the region."""
MOST_MISSING = 95
"""Percent."""
_SEED = 20250715


class StationKind(StrEnum):
    """Where ground motion is known."""

    EVERYWHERE = "everywhere"
    MANY = "many"
    FEW = "few"
    VIRTUAL = "virtual"
    FILE = "file"


@dataclass(frozen=True)
class StationChoice:
    """Stations in words; ``stations`` says where they are.

    Attributes:
        missing: percent of them that send nothing, drawn at random.
        path: StationXML, or a table with columns name, lon, lat; for ``StationKind.FILE`` only.
    """

    kind: StationKind = StationKind.EVERYWHERE
    missing: int = 0
    path: Path | None = None

    def stations(self, header: Header) -> tuple[Station, ...]:
        """Those that send, inside the region of ``header``; none if the ground is known everywhere.

        Raises:
            QuakeViewError: for a file that cannot be read, or if no station is left.
        """
        match self.kind:
            case StationKind.EVERYWHERE:
                return ()
            case StationKind.MANY:
                sites = drawn_stations(header, MANY)
            case StationKind.FEW:
                sites = drawn_stations(header, FEW)
            case StationKind.VIRTUAL:
                sites = geography(header.region).stations
            case StationKind.FILE:
                assert self.path is not None
                sites = read_stations(self.path, header.region)
        if not sites:
            raise QuakeViewError(f"There are no virtual stations in {header.region.name}; choose other stations.")
        return _sending(sites, self.missing)


def drawn_stations(header: Header, count: int, seed: int = _SEED) -> tuple[Station, ...]:
    """``count`` different nodes of a grid, the same for the same seed."""
    nx, ny = header.frame_shape[1:]
    chosen = np.random.default_rng(seed).permutation(nx * ny)[:count]
    return tuple(
        Station(f"D{number:03d}", float(header.x[node // ny]), float(header.y[node % ny]))
        for number, node in enumerate(sorted(chosen), start=1)
    )


def read_stations(path: Path, region: Region) -> tuple[Station, ...]:
    """The stations of a StationXML file, or of a table as ``read_sites`` takes it, that are inside the region.

    Raises:
        QuakeViewError: if it is neither, or no station is inside.
    """
    from quakeview.wavefield.forecasting.sites import read_sites
    from quakeview.waveforms.coordinates import read_coordinates

    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return tuple(Station(site.name, site.x, site.y) for site in read_sites(path, region).sites)
    places = read_coordinates(path)
    x, y = region.to_local([at.longitude for at in places.values()], [at.latitude for at in places.values()])
    inside = [
        Station(code, float(x[i]), float(y[i])) for i, (_, code) in enumerate(places) if region.contains(x[i], y[i])
    ]
    if not inside:
        raise QuakeViewError(
            f"All {len(places)} stations of {path.name} are outside {region.name}; choose stations inside the region."
        )
    return tuple(inside)


def _sending(stations: tuple[Station, ...], missing: int) -> tuple[Station, ...]:
    left = round(len(stations) * (1 - missing / 100))
    if left < 1:
        raise QuakeViewError("No station is left; let fewer of them be missing.")
    chosen = np.random.default_rng(_SEED).permutation(len(stations))[:left]
    return tuple(stations[i] for i in sorted(chosen))
