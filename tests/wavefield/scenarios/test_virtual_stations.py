"""Exported seismograms, read back by ObsPy and by QuakeView's own archive."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import obspy
import pytest
from numpy.typing import ArrayLike
from pyproj import Geod

from quakeview.errors import QuakeViewError
from quakeview.geography import Station, geography
from quakeview.jobs import Cancelled, Progress
from quakeview.simulation.region import HAYWARD
from quakeview.stations.book import read_stations
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.scenarios.header import Frames, Header
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.virtual_stations import (
    band_code,
    numbered,
    records,
    write_miniseed,
    write_sites_csv,
    write_traces_csv,
)
from quakeview.waveforms.archive import Archive

STATIONS = [Station("OAK", 38.4e3, 33.1e3), Station("VS02", 75e3, 61e3)]
STEP, N = 0.26, 200


def wavefield(n_frames: int = N) -> LiveWavefield:
    """Along X a pulse that is larger and later with X; along Y half of it reversed; up a constant."""
    header = Header(
        name="M6.0 Hayward",
        region=HAYWARD,
        x=np.arange(0.5e3, 120e3, 1e3),
        y=np.arange(0.5e3, 80e3, 1e3),
        frame_step=STEP,
        planned_frames=N,
        frequency=0.25,
        model_name="Bay Area (illustrative)",
        illustrative=True,
        start_time=-2.0,
        magnitude=6.0,
        hypocentre=(40e3, 38e3, 8e3),
    )
    live = LiveWavefield(header)
    for index in range(n_frames):
        live.append(index, frame(header, -2.0 + STEP * index))
    return live


def frame(header: Header, time: float) -> np.ndarray:
    pulse = header.x * 1e-6 * np.exp(-(((time - 10 - header.x / 5e3) / 3) ** 2))
    pulses = np.broadcast_to(pulse[:, None], (header.x.size, header.y.size))
    return np.stack([pulses, -pulses / 2, np.full_like(pulses, 0.05)]).astype(np.float32)


@pytest.fixture(scope="module")
def live() -> LiveWavefield:
    return wavefield()


def test_components_point_to_true_north_and_east(live: LiveWavefield) -> None:
    """The azimuth of X, from a geodesic on the ellipsoid."""
    for record in records(live, STATIONS):
        x, y = record.station.x, record.station.y
        ahead = HAYWARD.to_geographic(x + 100, y)
        azimuth, _, _ = Geod(ellps="GRS80").inv(record.longitude, record.latitude, *map(float, ahead))
        assert 143.6 < azimuth < 145
        along_x = live.trace(x, y)[0]
        north, east, up = record.velocity
        toward = np.radians(azimuth)
        # -1/2 along Y, which is 90 degrees to the left of X
        scale = np.abs(along_x).max()
        np.testing.assert_allclose(north, along_x * (np.cos(toward) - 0.5 * np.sin(toward)), atol=2e-3 * scale)
        np.testing.assert_allclose(east, along_x * (np.sin(toward) + 0.5 * np.cos(toward)), atol=2e-3 * scale)
        np.testing.assert_allclose(up, 0.05, rtol=2e-3)


def test_a_station_stands_at_a_node(live: LiveWavefield) -> None:
    (oakland, _) = records(live, STATIONS)
    assert (oakland.station.code, oakland.station.x, oakland.station.y) == ("OAK", 38.5e3, 33.5e3)
    assert (oakland.longitude, oakland.latitude) == pytest.approx(
        tuple(map(float, HAYWARD.to_geographic(38.5e3, 33.5e3)))
    )


def test_miniseed_and_stationxml_open_in_obspy(live: LiveWavefield, tmp_path: Path) -> None:
    path = tmp_path / "m6.mseed"
    stationxml = write_miniseed(live, STATIONS, path, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    stream, inventory = obspy.read(str(path)), obspy.read_inventory(str(stationxml))
    assert sorted(trace.id for trace in stream) == [
        f"SY.{code}..MX{component}" for code in ("OAK", "VS02") for component in "ENZ"
    ]
    for record in records(live, STATIONS):
        for component, samples in zip("NEZ", record.velocity, strict=True):
            (trace,) = stream.select(station=record.station.code, component=component)
            np.testing.assert_array_equal(trace.data, samples)
            assert trace.data.dtype == np.float32
            assert trace.stats.starttime == obspy.UTCDateTime(2026, 1, 2, 3, 4, 3)
            assert trace.stats.delta == pytest.approx(STEP, rel=1e-6)
            place = inventory.get_coordinates(trace.id)
            assert (place["longitude"], place["latitude"]) == pytest.approx((record.longitude, record.latitude))
    assert [inventory.get_orientation(f"SY.OAK..MX{component}") for component in "NEZ"] == [
        {"azimuth": 0, "dip": 0},
        {"azimuth": 90, "dip": 0},
        {"azimuth": 0, "dip": -90},
    ]
    assert "lower bounds" in inventory[0].description


def test_the_response_is_flat_and_of_unit_gain(live: LiveWavefield, tmp_path: Path) -> None:
    stationxml = write_miniseed(live, STATIONS, tmp_path / "m6.mseed")
    response = obspy.read_inventory(str(stationxml))[0][0][0].response
    gains, _ = response.get_evalresp_response(STEP, 256, output="VEL")
    np.testing.assert_allclose(np.abs(gains[1:]), 1, rtol=1e-6)


def test_quakeview_opens_the_folder(live: LiveWavefield, tmp_path: Path) -> None:
    stationxml = write_miniseed(live, geography().stations[:3], tmp_path / "m6.mseed")
    archive = Archive()
    archive.add([tmp_path / "m6.mseed"])
    assert archive.problems == ()
    assert {station.station: "".join(sorted(channels)) for station, channels in archive.stations.items()} == {
        "VS01": "ENZ",
        "VS02": "ENZ",
        "VS03": "ENZ",
    }
    first = next(iter(archive.stations.values()))["Z"]
    (trace,) = archive.read(first)
    assert trace.stats.npts == N
    assert trace.stats.starttime == obspy.UTCDateTime(2000, 1, 1) - 2
    assert read_stations([stationxml]).coordinates.keys() == {("SY", "VS01"), ("SY", "VS02"), ("SY", "VS03")}


def test_tables(live: LiveWavefield, tmp_path: Path) -> None:
    write_traces_csv(live, STATIONS, tmp_path / "traces.csv")
    write_sites_csv(live, STATIONS, tmp_path / "sites.csv")
    with (tmp_path / "traces.csv").open(newline="") as file:
        heads, *rows = csv.reader(file)
    assert heads == ["time_s", *(f"{code}_{c}_m_s" for code in ("OAK", "VS02") for c in "NEZ")]
    oakland, livermore = records(live, STATIONS)
    values = np.array(rows, float)
    np.testing.assert_allclose(values[:, 0], live.times, atol=1e-4)
    np.testing.assert_allclose(values[:, 1:4].T, oakland.velocity, rtol=1e-5)
    with (tmp_path / "sites.csv").open(newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == ["name", "x_km", "y_km", "lon", "lat", "pgv_cm_s", "t_pgv_s", "mmi"]
    assert (second["name"], second["x_km"], second["y_km"]) == ("VS02", "74.500", "60.500")
    assert float(second["lon"]) == pytest.approx(livermore.longitude, abs=1e-5)
    pgv = 74.5e-3 * np.hypot(1, 0.5)
    assert float(second["pgv_cm_s"]) == pytest.approx(100 * pgv, rel=0.01)
    assert float(second["t_pgv_s"]) == pytest.approx(10 + 74.5 / 5, abs=STEP)
    assert float(second["mmi"]) == pytest.approx(mmi_from_pgv(pgv), abs=0.02)


class Growing(LiveWavefield):
    """A frame comes whenever traces are read."""

    def traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        self.append(self.n_frames, frame(self.header, self.times[-1] + STEP))
        return super().traces(ix, iy)


def test_a_scenario_that_grows_meanwhile(tmp_path: Path) -> None:
    live = Growing(wavefield(0).header)
    for index in range(30):
        live.append(index, frame(live.header, -2.0 + STEP * index))
    write_miniseed(live, geography().stations[:40], tmp_path / "part.mseed")
    assert {trace.stats.npts for trace in obspy.read(str(tmp_path / "part.mseed"))} == {30}
    assert live.n_frames > 31


@pytest.mark.parametrize(
    ("stations", "sentence"),
    [
        ([], "No station was chosen"),
        ([Station("TOOLONG", 1e3, 1e3)], "one to five capital letters"),
        ([Station("a b", 1e3, 1e3)], "one to five capital letters"),
        ([Station("A", 1e3, 1e3), Station("A", 2e3, 1e3)], "Two stations are called A"),
        ([Station("A", -1e3, 1e3)], "outside the simulated region"),
    ],
)
def test_stations_that_cannot_be(live: LiveWavefield, stations: list[Station], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match=sentence):
        write_miniseed(live, stations, tmp_path / "x.mseed")
    assert not any(tmp_path.iterdir())


def test_no_frames_and_cancel(live: LiveWavefield, tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="no frame"):
        write_sites_csv(wavefield(0), STATIONS, tmp_path / "x.csv")
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        write_traces_csv(live, STATIONS, tmp_path / "x.csv", progress)
    assert not any(tmp_path.iterdir())


def test_points_get_codes() -> None:
    assert numbered([(1.0, 2.0), (3.0, 4.0)]) == [Station("P01", 1.0, 2.0), Station("P02", 3.0, 4.0)]


@pytest.mark.parametrize(
    ("rate", "code"), [(1 / 0.26, "M"), (1 / 0.52, "M"), (1.0, "L"), (0.1, "V"), (100.0, "H"), (20.0, "B"), (0.01, "U")]
)
def test_band_codes(rate: float, code: str) -> None:
    assert band_code(rate) == code
