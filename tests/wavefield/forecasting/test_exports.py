import csv
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import obspy
import pytest

from quakeview.errors import QuakeViewError
from quakeview.geography import City, Station, geography
from quakeview.jobs import Cancelled, Progress
from quakeview.stations.book import read_stations
from quakeview.wavefield.forecasting.exports import (
    FORECAST_LOCATION,
    SITE_COLUMNS,
    Coming,
    write_forecast_miniseed,
    write_forecast_shakemap,
    write_forecast_sites_csv,
)
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.forecasting.station_choice import drawn_stations
from quakeview.wavefield.forecasting.warning import warning_map
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.scenarios.samples import sample_scenario
from quakeview.wavefield.scenarios.scenario import Scenario
from quakeview.wavefield.scenarios.virtual_stations import records, write_miniseed
from tests.wavefield.forecasting.fakes import fake_forecast

SPACE = "{http://earthquake.usgs.gov/eqcenter/shakemap}"
MMI = 3.0


@pytest.fixture(scope="module")
def truth() -> Scenario:
    return Scenario.open(sample_scenario())


@pytest.fixture(scope="module")
def forecast(truth: Scenario) -> Forecast:
    return fake_forecast(truth)


@pytest.fixture(scope="module")
def begun(truth: Scenario, forecast: Forecast) -> Forecast:
    """One without any frame yet."""
    return Forecast(observe(truth, 15.6), 20, forecast.model)


@pytest.fixture(scope="module")
def cities(truth: Scenario) -> tuple[City, ...]:
    return geography(truth.region).cities


def grid(path: Path) -> tuple[ElementTree.Element, np.ndarray]:
    root = ElementTree.parse(path).getroot()
    lines = root.find(f"{SPACE}grid_data").text.strip().split("\n")
    return root, np.array([[float(value) for value in line.split()] for line in lines])


def test_what_comes_is_the_forecast_alone(forecast: Forecast) -> None:
    coming = Coming(forecast)
    assert (coming.start_time, coming.n_frames, coming.complete) == (forecast.issue_time, 194, True)
    np.testing.assert_array_equal(coming.frame(3), forecast.frame(33))
    np.testing.assert_array_equal(coming.frames(2, 9), forecast.frames(32, 39))
    np.testing.assert_array_equal(coming.traces([4], [5]), forecast.traces([4], [5])[..., 30:])
    np.testing.assert_allclose(coming.times, forecast.times[30:])
    assert coming.peak == pytest.approx(np.abs(forecast.frames(30, 224)).max())


def test_shakemap_with_the_spread_beside_it(forecast: Forecast, tmp_path: Path) -> None:
    assert write_forecast_shakemap(forecast, tmp_path / "grid.xml") == [
        tmp_path / "grid.xml",
        tmp_path / "uncertainty.xml",
    ]
    root, table = grid(tmp_path / "grid.xml")
    assert "forecast at 15.6 s, from then on" in root.find(f"{SPACE}event").get("event_description", "")
    x, y = forecast.region.to_local(table[:, 0], table[:, 1])
    inside = ~np.isnan(table[:, 2])
    ix = np.abs(forecast.x[:, None] - x[inside]).argmin(axis=0)
    iy = np.abs(forecast.y[:, None] - y[inside]).argmin(axis=0)
    ratio = table[inside, 2] / (100 * forecast.pgv[ix, iy])
    assert np.median(np.abs(np.log(ratio))) < 0.03
    _, spread = grid(tmp_path / "uncertainty.xml")
    np.testing.assert_array_equal(spread[:, :2], table[:, :2])
    assert np.median(np.abs(spread[inside, 2] / forecast.ln_pgv_std[ix, iy] - 1)) < 0.02


def test_shakemap_of_another_name_and_of_a_single_member(truth: Scenario, forecast: Forecast, tmp_path: Path) -> None:
    assert write_forecast_shakemap(forecast, tmp_path / "sf.xml")[1] == tmp_path / "sf-uncertainty.xml"
    assert write_forecast_shakemap(fake_forecast(truth, members=1), tmp_path / "grid.xml") == [tmp_path / "grid.xml"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grid.xml", "sf-uncertainty.xml", "sf.xml"]


def test_seismograms_begin_when_the_forecast_does(truth: Scenario, forecast: Forecast, tmp_path: Path) -> None:
    stations = [Station("AAA", float(truth.x[70]), float(truth.y[55])), Station("BBB", 20e3, 20e3)]
    stationxml = write_forecast_miniseed(forecast, stations, tmp_path / "a.mseed")
    stream = obspy.read(str(tmp_path / "a.mseed"))
    assert len(stream) == 6
    start = obspy.UTCDateTime(2000, 1, 1) + forecast.issue_time
    assert all(abs(trace.stats.starttime - start) < 1e-3 for trace in stream)
    expected = records(forecast, stations)[0].velocity[:, 30:]
    found = np.stack([stream.select(station="AAA", component=component)[0].data for component in "NEZ"])
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    inventory = obspy.read_inventory(str(stationxml))
    assert "forecast at 15.6 s, from then on" in inventory[0].description
    assert len(inventory.select(station="BBB")[0][0].channels) == 3


def test_truth_and_forecast_can_be_open_together(truth: Scenario, forecast: Forecast, tmp_path: Path) -> None:
    stations = [Station("AAA", 20e3, 20e3)]
    write_miniseed(truth, stations, tmp_path / "truth.mseed")
    stationxml = write_forecast_miniseed(forecast, stations, tmp_path / "forecast.mseed")
    true, said = (obspy.read(str(tmp_path / f"{name}.mseed")) for name in ("truth", "forecast"))
    assert not {trace.id for trace in true} & {trace.id for trace in said}
    assert {trace.stats.location for trace in said} == {FORECAST_LOCATION}
    channels = obspy.read_inventory(str(stationxml))[0][0].channels
    assert {channel.location_code for channel in channels} == {FORECAST_LOCATION}
    assert set(read_stations([stationxml]).units.values()) == {"m/s"}


def test_nothing_that_could_be_taken_for_a_forecast_is_written_from_too_few_stations(
    truth: Scenario, cities: tuple[City, ...], tmp_path: Path
) -> None:
    few = fake_forecast(truth, stations=drawn_stations(truth.header, 10), fewest=60)
    with pytest.raises(QuakeViewError, match="Not enough stations: 10 stations report"):
        write_forecast_shakemap(few, tmp_path / "grid.xml")
    with pytest.raises(QuakeViewError, match="Not enough stations"):
        write_forecast_miniseed(few, [Station("AAA", 20e3, 20e3)], tmp_path / "a.mseed")
    assert not any(tmp_path.iterdir())
    write_forecast_sites_csv(truth, few, [few], MMI, cities, tmp_path / "sites.csv")
    with (tmp_path / "sites.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert (row["enough_stations"], row["outcome"]) == ("no", "not enough stations")
            assert row["forecast_pgv_cm_s"] == row["forecast_mmi"] == row["probability"] == row["alert_time_s"] == ""
            assert float(row["true_pgv_cm_s"]) > 0


def test_a_shakemap_is_empty_where_no_station_is_near(truth: Scenario, tmp_path: Path) -> None:
    corner = tuple(Station(f"C{i}", float(truth.x[i % 12]), float(truth.y[i // 12])) for i in range(120))
    some = fake_forecast(truth, stations=corner, fewest=60)
    write_forecast_shakemap(some, tmp_path / "grid.xml")
    _, table = grid(tmp_path / "grid.xml")
    x, y = some.region.to_local(table[:, 0], table[:, 1])
    near, far = (x < 10e3) & (x > 1e3) & (y > 1e3) & (y < 10e3), x > 60e3
    assert np.isfinite(table[near, 2]).all()
    assert np.isnan(table[far, 2]).all()
    with pytest.raises(QuakeViewError, match=r"FAR: Not enough stations: the nearest that reports is \d+ km away"):
        write_forecast_miniseed(some, [Station("FAR", 100e3, 70e3)], tmp_path / "a.mseed")


def test_what_grows_is_written_so_far(truth: Scenario, tmp_path: Path) -> None:
    half = fake_forecast(truth, complete=False)
    write_forecast_miniseed(half, [Station("AAA", 20e3, 20e3)], tmp_path / "a.mseed")
    assert {trace.stats.npts for trace in obspy.read(str(tmp_path / "a.mseed"))} == {97}
    assert len(write_forecast_shakemap(half, tmp_path / "grid.xml")) == 2


def test_the_table_of_sites(truth: Scenario, forecast: Forecast, cities: tuple[City, ...], tmp_path: Path) -> None:
    sequence = [forecast, fake_forecast(truth, 20.8, noise=0.3)]
    write_forecast_sites_csv(truth, forecast, sequence, MMI, cities, tmp_path / "sites.csv")
    with (tmp_path / "sites.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == SITE_COLUMNS
    assert [row["name"] for row in rows] == [city.name for city in cities]
    for row, warning, city in zip(rows, warning_map(truth, sequence, MMI).at(cities), cities, strict=True):
        node = truth.nearest(city.x, city.y)
        speed = np.hypot(*truth.traces([node[0]], [node[1]])[0, :2, 30:])
        assert float(row["true_pgv_cm_s"]) == pytest.approx(100 * speed.max(), rel=1e-3)
        assert float(row["true_t_pgv_s"]) == pytest.approx(15.6 + 0.52 * speed.argmax(), abs=0.01)
        assert float(row["forecast_pgv_cm_s"]) == pytest.approx(100 * forecast.pgv[node], rel=1e-3)
        assert float(row["forecast_t_pgv_s"]) == pytest.approx(forecast.t_pgv[node], abs=0.01)
        assert float(row["ln_pgv_std"]) == pytest.approx(forecast.ln_pgv_std[node], abs=1e-3)
        assert float(row["forecast_mmi"]) == pytest.approx(float(mmi_from_pgv(forecast.pgv[node])), abs=0.01)
        assert (row["outcome"], row["warning_mmi"], row["issue_time_s"]) == (warning.outcome, "3", "15.60")
        assert row["warning_s"] == ("" if warning.warning is None else f"{warning.warning:.2f}")
    assert {"hit", "late"} <= {row["outcome"] for row in rows}


def test_nothing_to_write_is_explained(
    truth: Scenario, forecast: Forecast, begun: Forecast, cities: tuple[City, ...], tmp_path: Path
) -> None:
    with pytest.raises(QuakeViewError, match="no site to write"):
        write_forecast_sites_csv(truth, forecast, [forecast], MMI, [], tmp_path / "a.csv")
    with pytest.raises(QuakeViewError, match="no frame yet"):
        write_forecast_sites_csv(truth, begun, [begun], MMI, cities, tmp_path / "a.csv")
    with pytest.raises(QuakeViewError, match="no frame yet"):
        write_forecast_shakemap(begun, tmp_path / "grid.xml")
    with pytest.raises(QuakeViewError, match="no frame yet"):
        write_forecast_miniseed(begun, [Station("AAA", 20e3, 20e3)], tmp_path / "a.mseed")
    assert not any(tmp_path.iterdir())


def test_a_cancelled_table_is_not_written(
    truth: Scenario, forecast: Forecast, cities: tuple[City, ...], tmp_path: Path
) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        write_forecast_sites_csv(truth, forecast, [forecast], MMI, cities, tmp_path / "a.csv", progress)
    assert not any(tmp_path.iterdir())
