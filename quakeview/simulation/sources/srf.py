"""Standard Rupture Format, version 2.0 (Graves 2014); version 1.0 is read too.

A file gives depths and lengths in km, areas in cm², slip in cm, slip rates in cm/s, S-wave speeds in cm/s and densities
in g/cm³; here all is SI. Strikes are from true north in the file and from the north of the map here; the difference,
some tenths of a degree, is ignored in both directions.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.layered import gil7
from quakeview.simulation.earth.material import EarthModel
from quakeview.simulation.region import HAYWARD, Region
from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.simulation.sources.moment_sources import check_inside
from quakeview.simulation.sources.rupture import Rupture
from quakeview.simulation.sources.slip_model import Segment, SlipModel, slip_model
from quakeview.simulation.sources.srf_units import check_units
from quakeview.texts import counted

Floats = NDArray[np.float64]

NO_START = -999.9
"""What a file gives for the hypocentre on a plane that has none."""


def read_srf(path: Path, region: Region = HAYWARD, model: EarthModel | None = None) -> SlipModel:
    """Read a rupture of any number of planes, or of none.

    Args:
        model: gives the S-wave speed and density where the file has none (version 1.0, or −1); None takes GIL7.

    Raises:
        QuakeViewError: for a file that cannot be read, is cut short, has something after its end, is of another
            version or in other units, opens the fault (slip3), or has points outside the region.
    """
    try:
        text = re.sub(r"^\s*#.*", "", path.read_text(encoding="ascii"), flags=re.MULTILINE)
    except OSError as error:
        raise QuakeViewError(f"{path.name} could not be read ({error.strerror}); choose another file.") from error
    except UnicodeDecodeError as error:
        raise QuakeViewError(f"{path.name} is not a text file; choose a rupture in SRF.") from error
    version, *parts = re.split(r"\b(PLANE|POINTS)\b", text)
    if version.strip() not in ("1.0", "2.0"):
        shown = version.strip().splitlines()[0][:20] if version.strip() else "nothing"
        raise QuakeViewError(f"{path.name} begins with {shown!r}, not with SRF version 2.0 or 1.0; convert the file.")
    blocks = [(name, _numbers(numbers, path)) for name, numbers in zip(parts[::2], parts[1::2], strict=True)]
    headers = np.concatenate([np.empty((0, 11)), *(_planes(v, path) for name, v in blocks if name == "PLANE")])
    points = [point for name, v in blocks if name == "POINTS" for point in _points(v, version.strip() == "2.0", path)]
    if not points:
        raise QuakeViewError(f"{path.name} has no points; it is cut short or not a rupture.")
    announced = int((headers[:, 2] * headers[:, 3]).sum())
    if len(headers) and announced != len(points):
        raise QuakeViewError(
            f"{path.name} has {counted(len(points), 'point')} but planes of {announced}; the file is damaged."
        )
    check_units(headers, np.array([point[0] for point in points]), [point[1] for point in points], path.name)
    slip = _slip_model(headers, points, region, model or gil7())
    check_inside(slip, region)
    return slip


def write_srf(rupture: Rupture | SlipModel, path: Path, region: Region = HAYWARD) -> None:
    """Write a rupture as SRF version 2.0, whole or not at all.

    A ``Rupture`` is written with its pulses in samples, and with an S-wave speed and density that give its rigidity.

    Raises:
        QuakeViewError: if the file cannot be written.
    """
    slip = slip_model(rupture) if isinstance(rupture, Rupture) else rupture
    lines = ["2.0"]
    if slip.segments:
        lines.append(f"PLANE {len(slip.segments)}")
        lines.extend(line for segment in slip.segments for line in _plane_lines(segment, region))
    sizes = [rows * columns for rows, columns in (segment.shape for segment in slip.segments)] or [len(slip.positions)]
    longitude, latitude = region.to_geographic(slip.positions[:, 0], slip.positions[:, 1])
    for end, size in zip(np.cumsum(sizes), sizes, strict=True):
        lines.append(f"POINTS {size}")
        for i in range(end - size, end):
            lines.extend(_point_lines(slip, i, float(longitude[i]), float(latitude[i])))
    write_atomically(path, ("\n".join(lines) + "\n").encode("ascii"))


def _numbers(text: str, path: Path) -> Floats:
    try:
        values = np.fromstring(text, sep=" ")
    except ValueError as error:
        raise QuakeViewError(f"{path.name} has text among its numbers; it is damaged or not an SRF file.") from error
    if not np.isfinite(values).all():
        raise QuakeViewError(f"{path.name} has numbers that are not finite; it is damaged.")
    if not len(values) or values[0] < 1 or values[0] % 1:
        raise QuakeViewError(f"{path.name} is cut short or does not say how many planes or points follow.")
    return values


def _planes(values: Floats, path: Path) -> Floats:
    """(planes, 11): elon, elat, nstk, ndip, len, wid, stk, dip, dtop, shyp, dhyp."""
    expected = 11 * int(values[0])
    if len(values) - 1 != expected:
        raise QuakeViewError(
            f"{path.name} has {len(values) - 1} numbers about its planes where {expected} are due; it is damaged."
        )
    planes = values[1:].reshape(-1, 11)
    if (planes[:, 2:4] < 1).any() or (planes[:, 2:4] % 1).any():
        raise QuakeViewError(f"{path.name} has a plane without whole numbers of points on its sides; it is damaged.")
    return planes


def _points(values: Floats, with_material: bool, path: Path) -> Iterator[tuple[Floats, tuple[Floats, ...]]]:
    """For each point 17 numbers (two lines without nt1, nt2, nt3) and three slip rates, in the units of the file."""
    first = 10 if with_material else 8
    at = 1
    for _ in range(int(values[0])):
        head = values[at : at + first + 7]
        counts = head[first + 2 :: 2].astype(int)
        end = at + first + 7 + int(counts.sum())
        if len(head) == first + 7 and (counts < 0).any():
            raise QuakeViewError(f"{path.name} has a point with a negative number of samples; it is damaged.")
        if len(head) < first + 7 or end > len(values):
            raise QuakeViewError(f"{path.name} ends in the middle of a point; it is cut short, get the whole file.")
        material = head[8:10] if with_material else np.array([-1.0, -1.0])
        rake_and_slip = head[first + np.array([0, 1, 3, 5])]
        rates = np.split(values[end - counts.sum() : end], np.cumsum(counts)[:-1])
        yield np.concatenate((head[:8], material, rake_and_slip)), tuple(rates)
        at = end
    if at != len(values):
        raise QuakeViewError(f"{path.name} goes on after its last point; it is damaged or two files in one.")


def _slip_model(
    headers: Floats, points: list[tuple[Floats, tuple[Floats, ...]]], region: Region, model: EarthModel
) -> SlipModel:
    table = np.array([point for point, _ in points])
    longitude, latitude, depth, strike, dip, area, onset, step, vs, density, rake, *slip = table.T
    x, y = region.to_local(longitude, latitude)
    ground = model.at(x, y, 1e3 * depth)
    known = (vs > 0) & (density > 0)
    return SlipModel(
        positions=np.stack((x, y, 1e3 * depth), axis=-1),
        strike=strike,
        dip=dip,
        rake=rake,
        area=1e-4 * area,
        vs=np.where(known, 1e-2 * vs, ground.vs),
        density=np.where(known, 1e3 * density, ground.density),
        onset=onset,
        slip=1e-2 * np.stack(slip[:2], axis=-1),
        step=step,
        rates=tuple((1e-2 * rates[0], 1e-2 * rates[1]) for _, rates in points),
        segments=tuple(_segment(header, region) for header in headers),
        x_azimuth=region.x_azimuth,
    )


def _segment(header: Floats, region: Region) -> Segment:
    longitude, latitude, columns, rows, length, width, strike, dip, top, along, down = header.tolist()
    length, width = 1e3 * length, 1e3 * width
    x, y = (float(value) for value in region.to_local(longitude, latitude))
    middle = FaultPlane(x, y, strike, dip, 1e3 * top, length, width, region.x_azimuth)
    x, y, _ = middle.at(-length / 2, 0).tolist()
    start = (1e3 * along + length / 2, 1e3 * down)
    on_plane = 0 <= start[0] <= length and 0 <= start[1] <= width
    plane = FaultPlane(x, y, strike, dip, 1e3 * top, length, width, region.x_azimuth)
    return Segment(plane, (int(rows), int(columns)), start if on_plane else None)


def _plane_lines(segment: Segment, region: Region) -> Iterator[str]:
    plane, (rows, columns) = segment.plane, segment.shape
    longitude, latitude = region.to_geographic(*plane.at(plane.length / 2, 0)[:2])
    along, down = (
        ((segment.start[0] - plane.length / 2) / 1e3, segment.start[1] / 1e3) if segment.start else (NO_START, NO_START)
    )
    yield f"{longitude:.7f} {latitude:.7f} {columns} {rows} {plane.length / 1e3:.7g} {plane.width / 1e3:.7g}"
    yield f"{plane.strike:.7g} {plane.dip:.7g} {plane.top_depth / 1e3:.7g} {along:.7g} {down:.7g}"


def _point_lines(slip: SlipModel, i: int, longitude: float, latitude: float) -> Iterator[str]:
    first, second = (100 * rate for rate in slip.rates[i])
    yield (
        f"{longitude:.7f} {latitude:.7f} {slip.positions[i, 2] / 1e3:.7g} {slip.strike[i]:.7g} {slip.dip[i]:.7g} "
        f"{1e4 * slip.area[i]:.7g} {slip.onset[i]:.7g} {slip.step[i]:.7g} {100 * slip.vs[i]:.7g} "
        f"{slip.density[i] / 1e3:.7g}"
    )
    yield (
        f"{slip.rake[i]:.7g} {100 * slip.slip[i, 0]:.7g} {len(first)} {100 * slip.slip[i, 1]:.7g} {len(second)} 0.0 0"
    )
    for rate in (first, second):
        for begin in range(0, len(rate), 6):
            yield " ".join(f"{value:.6e}" for value in rate[begin : begin + 6])
