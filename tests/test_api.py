"""The public interface, on real records of ObsPy's and with the models that ship."""

import warnings
from dataclasses import fields
from inspect import signature
from pathlib import Path

import numpy as np
import obspy
import pytest
from obspy import UTCDateTime

import quakeview
from quakeview import cli
from quakeview.monitoring.picks import Pick
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.forecast_file import open_forecast
from quakeview.wavefield.forecasting.station_choice import drawn_stations
from quakeview.wavefield.scenarios.making import ScenarioRequest
from quakeview.wavefield.scenarios.samples import sample_scenario
from quakeview.wavefield.scenarios.scenario import Scenario
from quakeview.wavefield.scenarios.virtual_stations import ORIGIN_TIME, write_miniseed
from quakeview.waveforms.sample_data import SAMPLES
from tests.events.located import PLACE, STATION_LIST, stations_as_text, synthetic_picks

BAVARIA = [path for path in SAMPLES[0].paths() if "UH3" in path.name]
FIRST_P = UTCDateTime("2010-05-27T16:24:33.3")
"""Of the first earthquake at BW.UH3, read by eye, to the second."""
ORIGIN = UTCDateTime(ORIGIN_TIME)
"""Of virtual seismograms."""


@pytest.fixture(scope="module")
def picks() -> list[Pick]:
    return quakeview.pick(BAVARIA)


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'invert'"):
        quakeview.invert  # noqa: B018


def test_the_names_are_listed_and_all_there() -> None:
    assert set(quakeview.__all__) <= set(dir(quakeview))
    assert all(callable(getattr(quakeview, name)) for name in quakeview.__all__)


def test_read_gives_the_samples_that_obspy_reads() -> None:
    stream = quakeview.read(BAVARIA)
    assert len(stream) == 3
    for trace in stream:
        (path,) = (path for path in BAVARIA if trace.stats.channel in path.name)
        (expected,) = obspy.read(path)
        assert trace.id == expected.id
        assert np.array_equal(trace.data, expected.data)


def test_read_cuts_and_takes_one_path() -> None:
    start = FIRST_P
    (trace,) = quakeview.read(str(BAVARIA[0]), start=start, end=start + 10)
    assert abs(trace.stats.starttime - start) < trace.stats.delta
    assert abs(trace.stats.endtime - (start + 10)) < trace.stats.delta


def test_what_is_left_out_is_a_warning_of_the_callers_line(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no seismogram")
    with pytest.warns(quakeview.QuakeViewWarning, match=r"notes\.txt") as caught:
        stream = quakeview.read([BAVARIA[0], text])
    assert len(stream) == 1
    assert caught[0].filename == __file__


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(quakeview.QuakeViewError, match="There is no file or folder"):
        quakeview.read(tmp_path / "gone.mseed")
    with pytest.raises(quakeview.QuakeViewError, match="no waveforms in the stream"):
        quakeview.pick(obspy.Stream())


def test_a_real_onset_is_picked(picks: list[Pick]) -> None:
    nearest = min((pick for pick in picks if pick.phase == "P"), key=lambda pick: abs(pick.time - FIRST_P))
    assert abs(nearest.time - FIRST_P) < 1.0
    assert nearest.model == "SeisMoLLM-S"
    assert [pick.time for pick in picks] == sorted(pick.time for pick in picks)


def test_picks_with_coordinates_give_a_catalogue_of_obspy(tmp_path: Path) -> None:
    stations = tmp_path / "stations.csv"
    stations.write_text(STATION_LIST)
    with pytest.warns(quakeview.QuakeViewWarning, match="no magnitude"):
        found = quakeview.locate(synthetic_picks(), stations, velocity_model="southern")
    (event,) = found.catalog
    assert event.preferred_origin().latitude == pytest.approx(PLACE[0], abs=0.01)
    assert event.preferred_origin().longitude == pytest.approx(PLACE[1], abs=0.01)
    assert len(event.picks) == len(event.preferred_origin().arrivals) == len(found.picks)
    assert found.events[0].origin.velocity_model == "Southern California"
    with pytest.warns(quakeview.QuakeViewWarning, match="No earthquake: 3 picks at 2 stations could be used"):
        assert quakeview.locate(synthetic_picks()[:3], obspy.read_inventory(stations_as_text(tmp_path))).events == ()


def test_without_coordinates_nothing_is_located() -> None:
    with pytest.raises(quakeview.QuakeViewError, match="No station has coordinates"):
        quakeview.locate(synthetic_picks())


def test_a_stream_gives_the_picks_of_its_files_and_stays_as_it_is(picks: list[Pick]) -> None:
    stream = quakeview.read(BAVARIA)
    before = stream.copy()
    found = quakeview.pick(stream)
    assert [(each.channel_id, each.phase, each.time) for each in found] == [
        (each.channel_id, each.phase, each.time) for each in picks
    ]
    assert stream == before


def test_masked_samples_of_a_merged_stream_are_a_gap() -> None:
    stream = quakeview.read(BAVARIA)
    gappy = stream.slice(endtime=FIRST_P - 20) + stream.slice(starttime=FIRST_P + 40)
    gappy = gappy.copy().merge()
    assert all(np.ma.is_masked(trace.data) for trace in gappy)
    before = gappy.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", quakeview.QuakeViewWarning)
        found = quakeview.pick(gappy)
    assert not any(FIRST_P - 20 < each.time < FIRST_P + 40 for each in found)
    assert [trace.stats for trace in gappy] == [trace.stats for trace in before]


def test_a_station_without_picks_is_a_warning() -> None:
    with pytest.warns(quakeview.QuakeViewWarning, match="No probability reached its threshold"):
        assert quakeview.pick(BAVARIA, p_threshold=0.9999, s_threshold=0.9999) == []


def test_picks_become_a_catalogue(picks: list[Pick], tmp_path: Path) -> None:
    catalog = quakeview.to_catalog(picks)
    assert isinstance(catalog, obspy.Catalog)
    written = [(each.waveform_id.id, each.phase_hint, each.time) for each in catalog[0].picks]
    assert written == [(".".join(each.channel_id), each.phase, each.time) for each in picks]
    assert len(quakeview.to_catalog([])) == 0


def test_a_model_that_does_something_else_is_an_error() -> None:
    with pytest.raises(quakeview.QuakeViewError, match="not for picking"):
        quakeview.pick(BAVARIA, model="WaveCastNet-Hayward")
    with pytest.raises(quakeview.QuakeViewError, match="not for forecasting"):
        quakeview.forecast(sample_scenario(), model="SeisMoLLM-S")


def test_the_earthquakes_of_python_are_those_of_the_window() -> None:
    offered = {name: each.default for name, each in signature(quakeview.simulate).parameters.items()}
    asked = {each.name: each.default for each in fields(ScenarioRequest) if each.name not in ("region", "fault")}
    assert {name: offered.get(name, "missing") for name in asked} == asked


def test_an_earthquake_is_simulated(tmp_path: Path) -> None:
    path = tmp_path / "m5.h5"
    earthquake = {"magnitude": 5.0, "source": "point", "hypocentre": (40e3, 38e3, 8e3), "duration": 2.0}
    with quakeview.simulate(path, **earthquake) as scenario:
        assert scenario.complete
        assert scenario.magnitude == 5.0
        assert scenario.pgv.max() > 0
    with pytest.raises(quakeview.QuakeViewError, match="exists already"):
        quakeview.simulate(path, **earthquake)


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", quakeview.QuakeViewWarning)
        return quakeview.forecast(str(sample_scenario()), members=1)


def test_a_scenario_is_forecast(forecast: Forecast) -> None:
    assert forecast.model.name == "WaveCastNet-Hayward"
    assert forecast.issue_time == pytest.approx(15.6)
    assert forecast.n_frames > forecast.issued
    assert np.isfinite(forecast.frame(forecast.n_frames - 1)).all()


def test_an_open_scenario_at_a_few_stations_stays_open() -> None:
    with Scenario.open(sample_scenario()) as scenario:
        found = quakeview.forecast(scenario, stations=101, members=1)
        assert len(found.observation.stations) == 101
        assert scenario.frame(0).shape[0] == 3


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Virtual seismograms of the sample, with their StationXML beside."""
    path = tmp_path_factory.mktemp("records") / "records.mseed"
    with Scenario.open(sample_scenario()) as scenario:
        write_miniseed(scenario, drawn_stations(scenario.header, 101), path)
    return path


@pytest.fixture(scope="module")
def of_files(records: Path) -> Forecast:
    return quakeview.forecast(records, inventory=records.with_suffix(".xml"), origin_time=ORIGIN, members=1)


def same(one: Forecast, other: Forecast, tolerance: float) -> bool:
    """Whether two forecasts agree, to a part of their largest velocity."""
    frames = [forecast.frames(0, one.n_frames) for forecast in (one, other)]
    return np.allclose(*frames, rtol=0.0, atol=tolerance * np.abs(frames[0]).max())


def test_records_of_stations_are_forecast(of_files: Forecast, records: Path) -> None:
    assert len(of_files.observation.stations) > 90
    with pytest.raises(quakeview.QuakeViewError, match="origin_time"):
        quakeview.forecast(records)


def test_a_stream_gives_the_forecast_of_its_files_and_stays_as_it_is(of_files: Forecast, records: Path) -> None:
    stream, inventory = obspy.read(records), obspy.read_inventory(records.with_suffix(".xml"))
    before = stream.copy()
    found = quakeview.forecast(stream, inventory=inventory, origin_time=ORIGIN, members=1)
    assert found.observation.stations == of_files.observation.stations
    assert same(found, of_files, 1e-9)
    assert stream == before
    with pytest.raises(quakeview.QuakeViewError, match="inventory"):
        quakeview.forecast(stream, origin_time=ORIGIN)


def test_files_give_the_forecast_of_the_command_line(
    of_files: Forecast, forecast: Forecast, records: Path, tmp_path: Path
) -> None:
    output = tmp_path / "forecast.h5"
    where = ["--inventory", str(records.with_suffix(".xml")), "--origin-time", ORIGIN_TIME.isoformat()]
    assert cli.main(["forecast", str(records), *where, "--ensemble", "1", "-o", str(output)]) == 0
    written = open_forecast(output)
    assert written.observation.stations == of_files.observation.stations
    assert same(written, of_files, 1e-3)  # files have half precision
    assert not same(written, forecast, 1e-3)
