"""Where a scenario is known: everywhere, or at drawn, virtual or real stations, some of which may be silent."""

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.geography import Station, geography
from quakeview.simulation.region import Region
from quakeview.texts import counted
from quakeview.wavefield.scenarios.header import Header

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
        return self.listed(header).stations

    def listed(self, header: Header) -> "StationList":
        """The same with a sentence for each station that is left out. Raises as ``stations``."""
        match self.kind:
            case StationKind.EVERYWHERE:
                return StationList(())
            case StationKind.MANY:
                listed = StationList(drawn_stations(header, MANY))
            case StationKind.FEW:
                listed = StationList(drawn_stations(header, FEW))
            case StationKind.VIRTUAL:
                listed = virtual_stations(header)
            case StationKind.FILE:
                assert self.path is not None
                listed = one_at_a_node(read_stations(self.path, header.region), header)
        return replace(listed, stations=_sending(listed.stations, self.missing))


@dataclass(frozen=True)
class StationList:
    """Stations, and a sentence for each that is not among them though it was named."""

    stations: tuple[Station, ...]
    left_out: tuple[str, ...] = ()


def virtual_stations(header: Header) -> StationList:
    """Those of the region, one at a node.

    Raises:
        QuakeViewError: if it has none.
    """
    if not (virtual := geography(header.region).stations):
        raise QuakeViewError(f"There are no virtual stations in {header.region.name}; choose other stations.")
    return one_at_a_node(StationList(virtual), header)


def one_at_a_node(listed: StationList, header: Header) -> StationList:
    """Without the stations that share their node with one nearer to it: a forecaster reads nodes."""
    kept: dict[tuple[int, int], Station] = {}
    left_out = list(listed.left_out)

    def away(station: Station) -> float:
        return float(np.hypot(np.abs(header.x - station.x).min(), np.abs(header.y - station.y).min()))

    for station in sorted(listed.stations, key=away):
        node = int(np.abs(header.x - station.x).argmin()), int(np.abs(header.y - station.y).argmin())
        nearer = kept.setdefault(node, station)
        if nearer is not station:
            left_out.append(
                f"{station.code} is left out: it shares its node with {nearer.code}, which is nearer to it."
            )
    chosen = set(kept.values())
    return StationList(tuple(station for station in listed.stations if station in chosen), tuple(left_out))


def drawn_stations(header: Header, count: int, seed: int = _SEED) -> tuple[Station, ...]:
    """``count`` different nodes of a grid, the same for the same seed."""
    nx, ny = header.frame_shape[1:]
    chosen = np.random.default_rng(seed).permutation(nx * ny)[:count]
    return tuple(
        Station(f"D{number:03d}", float(header.x[node // ny]), float(header.y[node % ny]))
        for number, node in enumerate(sorted(chosen), start=1)
    )


def read_stations(path: Path, region: Region) -> StationList:
    """The stations of a StationXML file, or of a table as ``read_sites`` takes it, that are inside the region.

    Raises:
        QuakeViewError: if it is neither, or no station is inside.
    """
    from quakeview.stations.book import read_stations
    from quakeview.wavefield.forecasting.sites import read_sites

    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        read = read_sites(path, region)
        return StationList(tuple(Station(site.name, site.x, site.y) for site in read.sites), read.left_out)
    if not path.is_file():
        raise QuakeViewError(f"There is no file {path}; choose a StationXML file, or a table with name,lon,lat.")
    places = read_stations([path]).coordinates
    if not places:
        raise QuakeViewError(f"{path.name} names no station; choose a StationXML file, or a table with name,lon,lat.")
    x, y = region.to_local([at.longitude for at in places.values()], [at.latitude for at in places.values()])
    codes = Counter(code for _, code in places)
    inside, left_out = [], []
    for number, (network, code) in enumerate(places):
        name = code if codes[code] == 1 else f"{network}.{code}"
        if region.contains(x[number], y[number]):
            inside.append(Station(name, float(x[number]), float(y[number])))
        else:
            left_out.append(f"{name} is left out: it is outside {region.name}.")
    if not inside:
        raise QuakeViewError(
            f"All {counted(len(places), 'station')} of {path.name} are outside {region.name}; choose stations inside "
            "the region."
        )
    return StationList(tuple(inside), tuple(left_out))


def stations_called(text: str, header: Header, seed: int = _SEED) -> StationList:
    """List the stations that a word or file names; none for "dense", where the ground is known everywhere.

    Args:
        text: "dense", "virtual" (those of the region), a number of nodes to draw, or a StationXML or CSV file.
        seed: of the drawn nodes.

    Raises:
        QuakeViewError: for a number that the grid does not have, a region without virtual stations, or a file that
            cannot be read or has no site inside.
    """
    if text == "dense":
        return StationList(())
    if text == "virtual":
        return virtual_stations(header)
    if text.lstrip("+-").isdigit():
        nodes = len(header.x) * len(header.y)
        if not 1 <= int(text) <= nodes:
            raise QuakeViewError(f"{text} stations cannot be drawn from {nodes} nodes; choose 1 to {nodes}.")
        return StationList(drawn_stations(header, int(text), seed))
    return one_at_a_node(read_stations(Path(text), header.region), header)


def _sending(stations: tuple[Station, ...], missing: int) -> tuple[Station, ...]:
    left = round(len(stations) * (1 - missing / 100))
    if left < 1:
        raise QuakeViewError("No station is left; let fewer of them be missing.")
    chosen = np.random.default_rng(_SEED).permutation(len(stations))[:left]
    return tuple(stations[i] for i in sorted(chosen))
