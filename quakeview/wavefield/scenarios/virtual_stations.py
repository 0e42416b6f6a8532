"""Seismograms of a scenario at chosen places: MiniSEED with StationXML, and tables.

The places are nodes of the grid, so that nothing is interpolated. Seismograms are turned from the axes of the region
to true north and east.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

import quakeview
from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.geography import Station
from quakeview.jobs import Progress
from quakeview.simulation.region import Region
from quakeview.stations.coordinates import SYNTHETIC
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.ground_motion.measures import lower_bound
from quakeview.wavefield.scenarios.header import Wavefield

if TYPE_CHECKING:
    from obspy import Inventory, Stream
    from obspy.core.inventory import Station as StationMetadata

ORIGIN_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Of a scenario, which happened at no time."""
NETWORK = SYNTHETIC
"""Network code."""
_BANDS = ((1000, "F"), (250, "C"), (80, "H"), (10, "B"), (1.05, "M"), (0.5, "L"), (0.05, "V"))
_BATCH = 16
_NORTHWARD = 1e-3  # degrees, about 100 m


@dataclass(frozen=True)
class Record:
    """What a virtual station records.

    Attributes:
        station: its code, and the node where it stands.
        times: (nt,) s after the origin time.
        velocity: (3, nt) towards true north, east and up, m/s.
    """

    station: Station
    longitude: float
    latitude: float
    times: NDArray[np.float64]
    velocity: NDArray[np.float32]


def numbered(points: Iterable[tuple[float, float]]) -> list[Station]:
    """Stations P01, P02 ... at local X, Y, m."""
    return [Station(f"P{number:02d}", x, y) for number, (x, y) in enumerate(points, start=1)]


def records(wavefield: Wavefield, stations: Sequence[Station], progress: Progress = Progress()) -> list[Record]:
    """The frames so far at the nodes nearest to the stations.

    Raises:
        QuakeViewError: if there are no stations or frames, if a code is not a SEED station code or comes twice, or if a
            station is outside the region.
        Cancelled: through ``progress``.
    """
    _check(wavefield, stations)
    ix, iy = np.array([wavefield.nearest(station.x, station.y) for station in stations]).T
    x, y = wavefield.x[ix], wavefield.y[iy]
    longitude, latitude = wavefield.region.to_geographic(x, y)
    north_x, north_y = true_north(wavefield.region, longitude, latitude)
    times = wavefield.times
    found: list[Record] = []
    for start in range(0, len(stations), _BATCH):
        progress.advance(start, len(stations), "Seismograms")
        batch = slice(start, start + _BATCH)
        for i, trace in enumerate(wavefield.traces(ix[batch], iy[batch]), start=start):
            along_x, along_y, up = trace[:, : times.size]  # a wavefield that grows may have more by now
            north = north_x[i] * along_x + north_y[i] * along_y
            east = north_y[i] * along_x - north_x[i] * along_y
            node = Station(stations[i].code, float(x[i]), float(y[i]))
            velocity = np.stack([north, east, up]).astype(np.float32)
            found.append(Record(node, float(longitude[i]), float(latitude[i]), times, velocity))
    progress.advance(len(stations), len(stations), "Seismograms")
    return found


def write_miniseed(
    wavefield: Wavefield,
    stations: Sequence[Station],
    path: Path,
    origin_time: datetime = ORIGIN_TIME,
    progress: Progress = Progress(),
    location: str = "",
) -> Path:
    """Write three channels of each station, m/s, as MiniSEED, and StationXML of the same name with the suffix .xml.

    Args:
        location: code of the channels; another one for what is to be held against them.

    Returns:
        the path of the StationXML.

    Raises:
        QuakeViewError: as ``records``, or if a file cannot be written.
        Cancelled: through ``progress``; nothing is written then.
    """
    found = records(wavefield, stations, progress)
    samples, metadata = io.BytesIO(), io.BytesIO()
    _stream(wavefield, found, origin_time, location).write(samples, format="MSEED", encoding="FLOAT32")
    _inventory(wavefield, found, origin_time, location).write(metadata, format="STATIONXML")
    stationxml = path.with_suffix(".xml")
    write_atomically(stationxml, metadata.getvalue())
    write_atomically(path, samples.getvalue())
    return stationxml


def write_traces_csv(
    wavefield: Wavefield, stations: Sequence[Station], path: Path, progress: Progress = Progress()
) -> None:
    """Write velocity against time: a column of seconds after the origin time and three of m/s for each station.

    Raises:
        QuakeViewError: as ``records``, or if the file cannot be written.
        Cancelled: through ``progress``; nothing is written then.
    """
    found = records(wavefield, stations, progress)
    heads = [f"{record.station.code}_{component}_m_s" for record in found for component in "NEZ"]
    columns = np.concatenate([record.velocity for record in found])
    rows = ([f"{time:.4f}", *(f"{v:.6g}" for v in row)] for time, row in zip(found[0].times, columns.T, strict=True))
    _write_csv(path, ["time_s", *heads], rows)


def write_sites_csv(
    wavefield: Wavefield, stations: Sequence[Station], path: Path, progress: Progress = Progress()
) -> None:
    """Write a line for each station: where it stands, PGV and when, MMI. The last three are of the frames so far.

    Raises:
        QuakeViewError: as ``records``, or if the file cannot be written.
        Cancelled: through ``progress``; nothing is written then.
    """
    rows = []
    for record in records(wavefield, stations, progress):
        speed = np.hypot(*record.velocity[:2])
        peak = int(speed.argmax())
        values = (record.station.x / 1000, record.station.y / 1000, record.longitude, record.latitude)
        measures = (100 * speed[peak], record.times[peak], mmi_from_pgv(speed[peak]))
        places = [f"{value:.{digits}f}" for value, digits in zip(values, (3, 3, 5, 5), strict=True)]
        rows.append([record.station.code, *places, *(f"{value:.4g}" for value in measures)])
    _write_csv(path, ["name", "x_km", "y_km", "lon", "lat", "pgv_cm_s", "t_pgv_s", "mmi"], rows)


def band_code(sampling_rate: float) -> str:
    """First letter of the channel code of a broadband instrument, by samples a second (SEED manual, appendix A)."""
    return next((code for least, code in _BANDS if sampling_rate >= least), "U")


def _check(wavefield: Wavefield, stations: Sequence[Station]) -> None:
    if not stations:
        raise QuakeViewError("No station was chosen; click on the map or choose the virtual stations of the region.")
    if wavefield.n_frames == 0:
        raise QuakeViewError("There is no frame of this wavefield yet; wait until the simulation has begun.")
    codes: set[str] = set()
    for station in stations:
        code = station.code
        if not (1 <= len(code) <= 5 and code.isascii() and code.isalnum() and code == code.upper()):
            raise QuakeViewError(f"“{code}” cannot be a station code; use one to five capital letters and digits.")
        if code in codes:
            raise QuakeViewError(f"Two stations are called {code}; give each a code of its own.")
        if not wavefield.region.contains(station.x, station.y):
            raise QuakeViewError(f"Station {code} is outside the simulated region; move it inside.")
        codes.add(code)


def true_north(
    region: Region, longitude: NDArray[np.float64], latitude: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The unit vector (X, Y) of true north; that of the map differs by the convergence of meridians."""
    x, y = region.to_local(longitude, latitude)
    x_north, y_north = region.to_local(longitude, latitude + _NORTHWARD)
    length = np.hypot(x_north - x, y_north - y)
    return (x_north - x) / length, (y_north - y) / length


def _stream(wavefield: Wavefield, found: list[Record], origin_time: datetime, location: str) -> "Stream":
    from obspy import Stream, Trace, UTCDateTime

    rate = 1 / wavefield.frame_step
    return Stream(
        Trace(
            samples,
            {
                "network": NETWORK,
                "station": record.station.code,
                "location": location,
                "channel": f"{band_code(rate)}X{component}",
                "starttime": UTCDateTime(origin_time) + wavefield.start_time,
                "sampling_rate": rate,
            },
        )
        for record in found
        for component, samples in zip("NEZ", record.velocity, strict=True)
    )


def _inventory(wavefield: Wavefield, found: list[Record], origin_time: datetime, location: str) -> "Inventory":
    from obspy import Inventory, UTCDateTime
    from obspy.core.inventory import Network

    start = UTCDateTime(origin_time) + wavefield.start_time
    rate = 1 / wavefield.frame_step
    site, kind = _site(wavefield)
    network = Network(
        NETWORK,
        [_metadata(record, rate, start, location, site) for record in found],
        description=f"{kind}, {wavefield.name}, {wavefield.model_name}; {lower_bound(wavefield.frequency)}",
        start_date=start,
    )
    return Inventory([network], source=f"QuakeView {quakeview.__version__}")


def _site(wavefield: Wavefield) -> tuple[str, str]:
    """What stands at a station, and what the stations are."""
    if wavefield.recorded:
        return "A record of this place, low-passed and put on the nearest node", "Records of stations"
    return "Virtual station; no instrument stands there", "Virtual stations"


def _metadata(record: Record, rate: float, start: object, location: str, site: str) -> "StationMetadata":
    from obspy.core.inventory import Channel, Response, Site
    from obspy.core.inventory import Station as StationMetadata

    place = {"latitude": record.latitude, "longitude": record.longitude, "elevation": 0.0}
    response = Response.from_paz([], [], 1.0, stage_gain_frequency=0.1, input_units="M/S", output_units="M/S")
    channels = [
        Channel(
            f"{band_code(rate)}X{component}",
            location,
            **place,
            depth=0.0,
            azimuth=azimuth,
            dip=dip,
            sample_rate=rate,
            start_date=start,
            response=response,
        )
        for component, azimuth, dip in (("N", 0.0, 0.0), ("E", 90.0, 0.0), ("Z", 0.0, -90.0))
    ]
    return StationMetadata(record.station.code, **place, site=Site(site), channels=channels, start_date=start)


def _write_csv(path: Path, heads: list[str], rows: Iterable[list[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows(rows)
    write_atomically(path, text.getvalue().encode())
