import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.geography import Station
from quakeview.jobs import Cancelled, Progress
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.forecast_file import open_forecast, write_forecast
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.scenario import Scenario
from tests.wavefield.fields import header, velocity
from tests.wavefield.forecasting.fakes import fake_forecast

STATIONS = (Station("AAA", 2500.0, 1500.0), Station("BBB", 7500.0, 6500.0))


@pytest.fixture
def truth() -> LiveWavefield:
    wavefield = LiveWavefield(header())
    values = velocity()
    for index in range(40):
        wavefield.append(index, values[..., index])
    return wavefield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "forecast.h5"


def assert_same(one: Forecast, other: Forecast) -> None:
    assert (one.header.name, one.issued, one.n_frames, one.planned_frames) == (
        other.header.name,
        other.issued,
        other.n_frames,
        other.planned_frames,
    )
    assert (one.issue_time, one.complete, one.model) == (other.issue_time, other.complete, other.model)
    for name in ("pgv", "t_pgv", "ln_pgv_std", "t_pgv_std"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for index in range(one.n_frames):
        frame, spread = other.frame(index), other.spread(index)
        np.testing.assert_allclose(one.frame(index), frame, rtol=1e-3, atol=1e-8 * np.abs(frame).max())
        np.testing.assert_allclose(one.spread(index), spread, rtol=1e-3, atol=1e-8 * spread.max())
    seen, known = one.observation, other.observation
    assert (seen.stop, seen.start, seen.stations, seen.time) == (known.stop, known.start, known.stations, known.time)
    assert (seen.header.name, seen.header.planned_frames) == (known.header.name, known.header.planned_frames)
    np.testing.assert_array_equal(seen.known, known.known)
    np.testing.assert_allclose(seen.frames, known.frames, rtol=1e-3, atol=1e-12)


@pytest.mark.parametrize("stations", [(), STATIONS])
def test_a_forecast_comes_back(truth: LiveWavefield, path: Path, stations: tuple[Station, ...]) -> None:
    forecast = fake_forecast(truth, 10.0, stations=stations)
    write_forecast(forecast, path)
    assert_same(open_forecast(path), forecast)


def test_frames_so_far_of_one_that_grows(truth: LiveWavefield, path: Path) -> None:
    forecast = fake_forecast(truth, 10.0, complete=False)
    write_forecast(forecast, path)
    again = open_forecast(path)
    assert not again.complete
    assert again.n_frames == 30
    assert_same(again, forecast)
    rest = truth.frames(30, 40)[None].repeat(3, axis=0)
    again.append(rest)
    assert again.complete
    np.testing.assert_allclose(again.frames(30, 40), truth.frames(30, 40), rtol=1e-6)


def test_one_without_any_frame_yet_and_one_of_a_single_member(truth: LiveWavefield, tmp_path: Path) -> None:
    begun = Forecast(observe(truth, 10.0), 20, fake_forecast(truth, 10.0).model)
    for name, forecast in (("begun.h5", begun), ("single.h5", fake_forecast(truth, 10.0, members=1))):
        write_forecast(forecast, tmp_path / name)
        assert_same(open_forecast(tmp_path / name), forecast)


def test_an_input_that_begins_before_the_axis(truth: LiveWavefield, path: Path) -> None:
    forecast = Forecast(observe(truth, 5.0, duration=8.0), 30, fake_forecast(truth, 10.0, members=1).model)
    forecast.append(truth.frames(10, 40)[None])
    write_forecast(forecast, path)
    again = open_forecast(path)
    assert again.observation.start == -6
    assert_same(again, forecast)


def test_it_is_a_scenario_too(truth: LiveWavefield, path: Path) -> None:
    forecast = fake_forecast(truth, 10.0)
    write_forecast(forecast, path)
    with Scenario.open(path) as scenario:
        assert scenario.name == "M 6.0 Hayward, forecast at 10.0 s"
        assert scenario.complete
        values = forecast.frames(0, 40)
        np.testing.assert_allclose(scenario.frames(0, 40), values, rtol=1e-3, atol=1e-9)
        np.testing.assert_allclose(scenario.pgv, np.hypot(values[0], values[1]).max(-1))


def test_any_hdf5_program_reads_the_spread_and_the_peaks(truth: LiveWavefield, path: Path) -> None:
    forecast = fake_forecast(truth, 10.0)
    write_forecast(forecast, path)
    with h5py.File(path) as file:
        group = file["forecast"]
        assert (group.attrs["issued"], group.attrs["issue_time"], group.attrs["members"]) == (20, 10.0, 3)
        spread = group["spread"][:].astype(float) * group["spread_scale"][:]
        np.testing.assert_allclose(spread[..., 5], forecast.spread(25), rtol=2e-3, atol=1e-12)
        pgv = np.exp(np.log(group["member_pgv"][:]).mean(axis=0))
        np.testing.assert_allclose(pgv, forecast.pgv, rtol=1e-5)
        assert [group[name].attrs["units"] for name in ("spread", "member_t_pgv")] == ["m/s", "s"]
        assert group["observation/known"].dtype == np.bool_


def test_a_scenario_is_no_forecast(truth: LiveWavefield, path: Path) -> None:
    write_forecast(fake_forecast(truth, 10.0), path)
    with h5py.File(path, "a") as file:
        del file["forecast"]
    with pytest.raises(QuakeViewError, match="scenario without a forecast"):
        open_forecast(path)


def test_a_newer_version_is_explained(truth: LiveWavefield, path: Path) -> None:
    write_forecast(fake_forecast(truth, 10.0), path)
    with h5py.File(path, "a") as file:
        file["forecast"].attrs["schema_version"] = 3
    with pytest.raises(QuakeViewError, match="newer QuakeView"):
        open_forecast(path)


def test_a_file_knows_for_which_places_there_were_enough_stations(truth: LiveWavefield, path: Path) -> None:
    stations = (Station("AAA", 500.0, 500.0), Station("BBB", 1500.0, 500.0))
    write_forecast(fake_forecast(truth, 10.0, stations=stations, fewest=3), path)
    with h5py.File(path) as file:
        assert not file["forecast/enough"][:].any()
        assert file["forecast"].attrs["not_enough"].startswith("Not enough stations: 2 stations report")
    assert open_forecast(path).support.reason.startswith("Not enough stations: 2 stations report")


def test_the_calibration_is_kept(truth: LiveWavefield, path: Path) -> None:
    forecast = fake_forecast(truth, 10.0)
    write_forecast(forecast, path)
    kept = open_forecast(path)
    assert kept.model.calibration == forecast.model.calibration
    assert kept.band_text == forecast.band_text
    np.testing.assert_allclose(kept.band(25), forecast.band(25), rtol=1e-2, atol=1e-6)


def test_the_first_version_has_no_band_and_its_spread_is_divided_by_its_factor(
    truth: LiveWavefield, path: Path
) -> None:
    forecast = fake_forecast(truth, 10.0)
    write_forecast(forecast, path)
    with h5py.File(path, "a") as file:
        group = file["forecast"]
        for name in ("fewest_stations", "calibration", "not_enough"):
            del group.attrs[name]
        del group["enough"]
        group.attrs.update(schema_version=1, spread_factor=4.0, peak_factor=2.0)
        group["spread_scale"][:] *= 4
    kept = open_forecast(path)
    np.testing.assert_allclose(kept.spread(25), forecast.spread(25), rtol=1e-2, atol=1e-6)
    assert kept.band_label == "no band"
    assert kept.support.enough.all()


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("spread", None),
        ("spread", np.zeros((3, 12, 8, 4), np.float16)),
        ("spread_scale", np.ones(3, np.float32)),
        ("member_pgv", np.zeros((2, 12, 8), np.float32)),
        ("member_t_pgv", np.zeros((3, 1, 1), np.float32)),
        ("observation/known", np.ones((12, 8, 1), np.bool_)),
        ("observation/velocity", np.zeros((3, 12, 8, 7), np.float16)),
        ("observation/stations/x", np.ones(4)),
    ],
)
def test_damaged_files_are_explained(truth: LiveWavefield, path: Path, part: str, values: np.ndarray | None) -> None:
    write_forecast(fake_forecast(truth, 10.0, stations=STATIONS), path)
    with h5py.File(path, "a") as file:
        del file["forecast"][part]
        if values is not None:
            file["forecast"][part] = values
    with pytest.raises(QuakeViewError, match="do not fit together"):
        open_forecast(path)


@pytest.mark.parametrize(("name", "value"), [("issued", 99), ("members", 0), ("model", None)])
def test_attributes_that_cannot_be(truth: LiveWavefield, path: Path, name: str, value: int | None) -> None:
    write_forecast(fake_forecast(truth, 10.0), path)
    with h5py.File(path, "a") as file:
        del file["forecast"].attrs[name]
        if value is not None:
            file["forecast"].attrs[name] = value
    with pytest.raises(QuakeViewError, match="do not fit together"):
        open_forecast(path)


def test_files_that_are_none(tmp_path: Path, truth: LiveWavefield, path: Path) -> None:
    with pytest.raises(QuakeViewError, match="is not there"):
        open_forecast(path)
    write_forecast(fake_forecast(truth, 10.0), path)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(QuakeViewError, match="a part of one is missing"):
        open_forecast(path)


def test_a_file_that_is_there_stays(truth: LiveWavefield, path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(QuakeViewError, match="exists already"):
        write_forecast(fake_forecast(truth, 10.0), path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize("at", [5, 25, 45])
def test_a_cancelled_forecast_leaves_no_file(truth: LiveWavefield, path: Path, at: int) -> None:
    progress = Progress()
    progress.on_advance = lambda done, total, message: progress.cancel() if done == at else None  # type: ignore[method-assign]
    with pytest.raises(Cancelled):
        write_forecast(fake_forecast(truth, 10.0), path, progress)
    assert not path.exists()


def test_a_half_written_forecast_is_nowhere_to_be_opened_as_a_scenario(truth: LiveWavefield, path: Path) -> None:
    """Without /forecast it would look like a simulation."""
    seen: list[set[str]] = []
    progress = Progress()
    progress.on_advance = lambda *_: seen.append(  # type: ignore[method-assign]
        {each.name for each in path.parent.iterdir() if not each.name.startswith(".")}
    )
    write_forecast(fake_forecast(truth, 10.0), path, progress)
    assert len(seen) > 40
    assert set().union(*seen[:-1]) == set()
    assert seen[-1] == {path.name}


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from quakeview.errors import QuakeViewError
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.forecast_file import write_forecast
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.schema import file_size
from tests.wavefield.fields import header, velocity
truth = LiveWavefield(header(60, 60))
for index, frame in enumerate(velocity(60, 60).transpose(3, 0, 1, 2)):
    truth.append(index, frame)
forecast = Forecast(observe(truth, 10.0), 20, ForecastModel("Fake", 1))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
room = file_size(forecast.header) + 100_000
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
try:
    write_forecast(forecast, Path(sys.argv[1]))
except QuakeViewError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="files cannot be kept small")
def test_a_disk_with_room_for_the_scenario_alone_is_too_full(path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", FULL_DISK, path], capture_output=True, text=True, check=False)
    assert "could not be written" in run.stdout, run.stderr
    assert "make room" in run.stdout
    assert run.returncode == 0
    assert not path.exists()


def test_the_file_is_no_larger_than_foreseen(path: Path) -> None:
    """``beside`` counts all that /forecast holds."""
    from quakeview.wavefield.forecasting import forecast_file
    from quakeview.wavefield.scenarios.schema import file_size

    truth = LiveWavefield(header(60, 60))
    for index, frame in enumerate(velocity(60, 60).transpose(3, 0, 1, 2)):
        truth.append(index, frame)
    forecast = fake_forecast(truth, 10.0, members=5)
    write_forecast(forecast, path)
    foreseen = file_size(forecast.header) + forecast_file._size_beside(forecast)
    assert 0 <= foreseen - path.stat().st_size < 300_000
