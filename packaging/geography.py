"""Make ``coastline.json`` and ``stations.json`` of ``resources/geography``; see the README there.

npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
python packaging/geography.py package/land-10m.json
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.region import HAYWARD, Region

FOLDER = Path(__file__).parent.parent / "resources" / "geography"
MARGIN = 0.4
"""How far the coastline goes beyond the region, degrees."""
SPACING = 10_000.0
"""Between virtual stations, m."""
SHIFT = 2_000.0
"""How far a virtual station is moved from its place in the regular pattern, at most, m."""
SEED = 1

Floats = NDArray[np.float64]


def rings(topology: dict[str, Any]) -> list[Floats]:
    """The rings (n, 2) of longitude and latitude of the land in a TopoJSON file (specification, section 4.1).

    Arcs are delta-coded integers; ``~i`` stands for arc ``i`` walked backwards, and arcs share their end points.
    """
    scale, translate = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]
    polygons = [
        polygon
        for geometry in topology["objects"]["land"]["geometries"]
        for polygon in (geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]])
    ]
    return [
        np.concatenate([(arcs[i] if i >= 0 else arcs[~i][::-1])[: None if i == ring[-1] else -1] for i in ring])
        for polygon in polygons
        for ring in polygon
    ]


def clipped(ring: Floats, west: float, south: float, east: float, north: float) -> list[Floats]:
    """The pieces of a ring in a box, each with the point before it and the point after it."""
    inside = (ring[:, 0] > west) & (ring[:, 0] < east) & (ring[:, 1] > south) & (ring[:, 1] < north)
    near = inside.copy()
    near[1:] |= inside[:-1]
    near[:-1] |= inside[1:]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], near, [0]])))
    return [ring[start:stop] for start, stop in edges.reshape(-1, 2)]


def on_land(land: list[Floats], longitude: float, latitude: float) -> bool:
    """Whether a point is inside an odd number of rings (a ray towards the east crosses them an odd number of times)."""
    crossings = 0
    for ring in land:
        (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
        spans = (y0 > latitude) != (y1 > latitude)
        at = x0[spans] + (latitude - y0[spans]) / (y1[spans] - y0[spans]) * (x1[spans] - x0[spans])
        crossings += np.count_nonzero(at > longitude)
    return crossings % 2 == 1


def stations(region: Region, land: list[Floats]) -> list[dict[str, Any]]:
    """Virtual stations on land: a staggered pattern, each point moved a little so that distances differ."""
    random = np.random.default_rng(SEED)
    rows = np.arange(SPACING / 2, region.width, SPACING)
    places = [
        (x + (row % 2) * SPACING / 2, y)
        for row, y in enumerate(rows)
        for x in np.arange(SPACING / 4, region.length - SPACING / 2, SPACING)
    ]
    local = np.array(places) + random.uniform(-SHIFT, SHIFT, (len(places), 2))
    longitudes, latitudes = region.to_geographic(*local.T)
    dry = [point for point in zip(longitudes, latitudes, strict=True) if on_land(land, *point)]
    return [
        {"code": f"VS{number:02d}", "longitude": round(longitude, 4), "latitude": round(latitude, 4)}
        for number, (longitude, latitude) in enumerate(dry, start=1)
    ]


def write(name: str, rows: list[Any]) -> None:
    """One item a line."""
    text = ",\n".join(json.dumps(row) for row in rows)
    (FOLDER / name).write_text(f"[\n{text}\n]\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("land", type=Path, help="land-10m.json of the npm package world-atlas 2.0.2")
    land = rings(json.loads(parser.parse_args().land.read_text()))
    corners = HAYWARD.to_geographic([0, HAYWARD.length, HAYWARD.length, 0], [0, 0, HAYWARD.width, HAYWARD.width])
    west, south = np.min(corners, axis=1) - MARGIN
    east, north = np.max(corners, axis=1) + MARGIN
    write(
        "coastline.json",
        [piece.round(4).tolist() for ring in land for piece in clipped(ring, west, south, east, north)],
    )
    write("stations.json", stations(HAYWARD, land))


if __name__ == "__main__":
    main()
