"""Stations, simulated and real, as what a forecast is made from."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import obspy
import pytest
from numpy.typing import NDArray
from obspy.core.inventory import Channel, Inventory, Network, Response
from obspy.core.inventory import Station as StationMetadata

from quakeview.errors import QuakeViewError
from quakeview.geography import geography
from quakeview.jobs import Cancelled, Progress
from quakeview.simulation.region import Region
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.wavefield.forecasting.ground_velocity import (
    ACCELEROMETER_CORNER,
    DRIFT,
    Recording,
    at_frames,
    ground_velocity,
    high_pass_corner,
)
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.forecasting.station_choice import one_at_a_node, read_stations
from quakeview.wavefield.forecasting.station_records import read_station_records
from quakeview.wavefield.forecasting.stations import StationRecords, station_scores
from quakeview.wavefield.scenarios.samples import sample_scenario
from quakeview.wavefield.scenarios.scenario import Scenario
from quakeview.wavefield.scenarios.virtual_stations import ORIGIN_TIME, write_miniseed
from quakeview.waveforms.channels import ChannelId
from tests.shared import SHARED, needs_shared
from tests.wavefield.fields import header
from tests.wavefield.forecasting.fakes import fake_forecast

pytestmark = pytest.mark.filterwarnings("ignore:ObsPy can not map unit:UserWarning")

FREQUENCY, RATE, ORIGIN = 0.15, 20.0, datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
BEFORE, AFTER = 100.0, 90.0
GRID = header(frame_step=0.5, frequency=FREQUENCY)
TIMES = np.arange(-BEFORE, AFTER, 1 / RATE)
SAMPLES = Path(obspy.__file__).parent


def broadband(gain: float = 1e9, units: str = "M/S") -> Response:
    """A seismometer of 120 s and 70 % of critical damping, flat above."""
    pole = 2 * np.pi / 120 * (-0.7 + 0.714j)
    return Response.from_paz(
        [0j, 0j], [pole, pole.conjugate()], gain, stage_gain_frequency=1.0, input_units=units, output_units="COUNTS"
    )


def motion(seed: int) -> NDArray[np.float64]:
    """(3, n) towards X, Y and up, m/s: still until 5 s, then a few cm/s for half a minute."""
    random = np.random.default_rng(seed)
    envelope = np.where(TIMES > 5, (TIMES - 5) / 8 * np.exp(1 - (TIMES - 5) / 8), 0.0)
    amounts, periods = random.uniform(0.01, 0.04, 3), random.uniform(6, 15, 3)
    return amounts[:, None] * envelope * np.sin(2 * np.pi * (TIMES - 5) / periods[:, None])


def filtered(velocity: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a perfect instrument would have given at the times of frames."""
    through = [ground_velocity(row, RATE, np.ones_like, FREQUENCY) for row in velocity]
    return np.stack([np.interp(times, TIMES, row) for row in through])


@dataclass
class Site:
    """A station with an instrument; ``spoil`` does something to its counts (3, n)."""

    code: str
    x: float
    y: float
    seed: int = 1
    network: str = "XX"
    azimuth: float = 0.0
    letters: str = "ZNE"
    band: str = "HH"
    response: Response | None = field(default_factory=broadband)
    spoil: Callable[[NDArray[np.float64]], NDArray[np.float64]] = lambda counts: counts
    begins: float = -BEFORE
    kept: str = "ZNE12"

    def counts(self) -> NDArray[np.float64]:
        """(3, n) of the vertical and two horizontals."""
        x, y, up = motion(self.seed)
        toward = np.radians(true_azimuth(self.x, self.y) - self.azimuth)
        first, second = x * np.cos(toward) + y * np.sin(toward), x * np.sin(toward) - y * np.cos(toward)
        n = 2 * TIMES.size
        response = broadband().get_evalresp_response_for_frequencies(np.fft.rfftfreq(n, 1 / RATE)[1:], output="VEL")
        spectrum = np.fft.rfft([up, first, second], n)
        spectrum[:, 1:] *= response
        return self.spoil(np.fft.irfft(spectrum, n)[:, : TIMES.size] + 1234)

    def write(self, folder: Path) -> StationMetadata:
        place = dict(zip(("longitude", "latitude"), map(float, GRID.region.to_geographic(self.x, self.y)), strict=True))
        channels, stream = [], obspy.Stream()
        for letter, samples in zip(self.letters, self.counts(), strict=True):
            azimuth, dip = (0.0, -90.0) if letter == "Z" else (self.azimuth + 90 * (letter in "E2"), 0.0)
            about = {"azimuth": azimuth % 360, "dip": dip, "sample_rate": RATE, "response": self.response}
            channels.append(Channel(self.band + letter, "", **place, elevation=0.0, depth=0.0, **about))
            if letter in self.kept:
                ids = {"network": self.network, "station": self.code, "channel": self.band + letter}
                first = round((self.begins + BEFORE) * RATE)
                begin = obspy.UTCDateTime(ORIGIN) + TIMES[first]
                stream += obspy.Trace(samples[first:], {**ids, "sampling_rate": RATE, "starttime": begin})
        stream.write(str(folder / f"{self.network}.{self.code}.{self.band}.mseed"), format="MSEED", encoding="FLOAT64")
        return StationMetadata(self.code, **place, elevation=0.0, channels=channels)


def true_azimuth(x: float, y: float) -> float:
    """Of the X axis, degrees east of true north."""
    from pyproj import Geod

    here, ahead = GRID.region.to_geographic(x, y), GRID.region.to_geographic(x + 100, y)
    azimuth, _, _ = Geod(ellps="GRS80").inv(*map(float, here), *map(float, ahead))
    return float(azimuth)


def read(folder: Path, *sites: Site, progress: Progress = Progress(), duration: float = 60.0) -> StationRecords:
    waveforms = folder / "waveforms"
    waveforms.mkdir()
    networks = {site.network: Network(site.network) for site in sites}
    for site in sites:
        networks[site.network].stations.append(site.write(waveforms))
    metadata = folder / "stations.xml"
    Inventory(list(networks.values()), source="test").write(str(metadata), format="STATIONXML")
    return read_station_records([waveforms], [metadata], GRID, ORIGIN, duration, progress)


GOOD = Site("GOOD", 2400.0, 3600.0)


def test_the_low_pass_is_that_of_the_simulated_sources() -> None:
    """Their spectra are the same above the high-pass, whose phase fades as 1 / f."""
    step, onset, n = 0.05, 400, 16_000
    rates = np.zeros((1, n))
    rates[0, onset] = 1 / step
    simulated = MomentSources(np.zeros((1, 3)), np.zeros((1, 6)), rates, step).band_limited(0.25).rates[0, :n]
    recorded = ground_velocity(rates[0], 1 / step, np.ones_like, 0.25)
    frequency = np.fft.rfftfreq(n, step)
    band = (frequency > 0.025) & (frequency < 0.5)
    ratio = np.fft.rfft(recorded)[band] / np.fft.rfft(simulated)[band]
    np.testing.assert_allclose(np.abs(ratio), 1, atol=0.01)
    assert np.all(np.abs(np.angle(ratio)) < 2.5 * DRIFT * 0.25 / frequency[band])
    assert np.abs(recorded[:onset]).max() < 1e-4 * recorded.max()


def test_nothing_of_the_future_is_in_a_frame() -> None:
    random = np.random.default_rng(0)
    samples = 1e6 * random.standard_normal(TIMES.size).cumsum() / 100
    later = np.where(TIMES > 15.0, 1e6 * random.standard_normal(TIMES.size), samples)
    response = broadband()
    frames = np.arange(0.0, 15.0, 0.5)

    def velocity(counts: NDArray[np.float64]) -> NDArray[np.float64]:
        values, known = at_frames(
            Recording(TIMES[0], RATE, counts),
            lambda f: response.get_evalresp_response_for_frequencies(f, output="VEL"),
            FREQUENCY,
            frames,
        )
        assert known.all()
        return values

    assert np.abs(velocity(later) - velocity(samples)).max() < 1e-3 * np.abs(velocity(samples)).max()


def test_the_response_is_taken_off_and_the_axes_are_those_of_the_region(tmp_path: Path) -> None:
    sites = [GOOD, Site("TURN", 7600.0, 5400.0, seed=2, azimuth=31.0, letters="Z12")]
    found = read(tmp_path, *sites)
    assert [station.code for station in found.stations] == ["GOOD", "TURN"]
    assert (found.stations[0].x, found.stations[0].y) == pytest.approx((2400.0, 3600.0), abs=0.1)
    assert found.report == ()
    assert found.valid.all()
    times = 0.5 * np.arange(found.n_frames)
    for velocity, site in zip(found.velocities, sites, strict=True):
        expected = filtered(motion(site.seed), times)
        np.testing.assert_allclose(velocity, expected, atol=0.02 * np.abs(expected).max())
        assert np.abs(velocity[:, times < 5]).max() < 1e-3 * np.abs(velocity).max()


def test_an_observation_and_a_wavefield_know_the_stations_only(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, Site("LATE", 7600.0, 5400.0, begins=10.0))
    early = found.observation(8.0)
    assert [station.code for station in early.stations] == ["GOOD"]
    assert (early.stop, early.known.sum()) == (16, 16)
    later = found.observation(30.0)
    assert len(later.stations) == 2
    begins = int(later.known[7, 5].argmax())
    assert 10 / 0.5 < begins < 20 / 0.5
    assert later.known[7, 5, begins:].all()
    np.testing.assert_array_equal(later.frames[:, 2, 3], found.velocities[0][:, :60])
    assert not later.frames[:, ~later.known[..., -1]].any()
    assert any("LATE" in sentence and "s on only" in sentence for sentence in found.report)
    with pytest.raises(QuakeViewError, match="the records end at"):
        found.observation(1000.0)
    with pytest.raises(QuakeViewError, match="choose a later time"):
        found.observation(0.0)

    field = found.wavefield()
    assert field.known.sum() == 2
    np.testing.assert_array_equal(field.trace(2300.0, 3700.0), found.velocities[0])
    assert not field.trace(500.0, 500.0).any()
    np.testing.assert_array_equal(field.frames(0, 60), later.frames)
    speed = np.hypot(*found.velocities[0, :2])
    assert field.pgv[2, 3] == pytest.approx(speed.max())
    assert field.t_pgv[2, 3] == pytest.approx(0.5 * speed.argmax())
    assert np.isnan(field.t_pgv).sum() == field.t_pgv.size - 2
    assert field.complete
    with pytest.raises(QuakeViewError, match="No station has data"):
        read(tmp_path_of(tmp_path), Site("LATE", 7600.0, 5400.0, begins=30.0)).observation(20.0)


def tmp_path_of(folder: Path) -> Path:
    another = folder / "another"
    another.mkdir()
    return another


def with_gap(first: float, last: float) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    def spoil(counts: NDArray[np.float64]) -> NDArray[np.float64]:
        counts[1, (first < TIMES) & (last > TIMES)] = np.nan
        return counts

    return spoil


def test_gaps_are_not_known_and_short_ones_are_bridged(tmp_path: Path) -> None:
    found = read(tmp_path, Site("LONG", 2400.0, 3600.0, spoil=with_gap(20, 24)))
    (valid,), times = found.valid, 0.5 * np.arange(found.n_frames)
    assert valid[times <= 20].all()
    assert not valid[(times > 22) & (times < 28)].any()
    assert valid[times > 32].all()
    assert "XX.LONG..HH has gaps." in found.report
    bridged = read(tmp_path_of(tmp_path), Site("BLIP", 2400.0, 3600.0, spoil=with_gap(20, 20.4)))
    assert bridged.valid.all()
    expected = filtered(motion(1), times)
    np.testing.assert_allclose(bridged.velocities[0], expected, atol=0.04 * np.abs(expected).max())


def constant(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    counts[2] = 0
    return counts


def dies(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    counts[:, TIMES > 15] = 5
    return counts


def clips(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(counts, -5e6, 5e6)


def loud(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return counts + 1e7 * np.random.default_rng(0).standard_normal(counts.shape)


def hum(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return counts + 1e2 * np.random.default_rng(counts.shape[0]).standard_normal(counts.shape)


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        (Site("DEAD", 5500.0, 500.0, spoil=constant), "it is dead"),
        (Site("TWO", 5500.0, 500.0, kept="ZN"), "counts with three components, this one has N, Z"),
        (Site("FAR", -30e3, 500.0), "30 km outside San Francisco Bay"),
        (Site("RAW", 5500.0, 500.0, response=None), "no response"),
        (Site("TILT", 5500.0, 500.0, response=broadband(units="RAD/S")), "it records RAD/S"),
        (Site("CMS", 5500.0, 500.0, response=broadband(gain=1e6)), "cm/s or counts"),
        (Site("SHORT", 5500.0, 500.0, begins=58.0), "no three components at once"),
        (Site("NEVER", 5500.0, 500.0, begins=89.0), "it has no data"),
    ],
)
def test_what_cannot_be_used_is_left_out_with_a_sentence(tmp_path: Path, site: Site, reason: str) -> None:
    found = read(tmp_path, GOOD, site)
    assert [station.code for station in found.stations] == ["GOOD"]
    (sentence,) = found.report
    assert sentence.startswith(f"{site.network}.{site.code}.")
    assert reason in sentence
    with pytest.raises(QuakeViewError, match="No station can be used") as failure:
        read(tmp_path_of(tmp_path), site)
    assert reason in str(failure.value)


def test_the_same_motion_in_other_units_is_the_same(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, Site("CGS", 5500.0, 500.0, response=broadband(gain=1e7, units="CM/S")))
    np.testing.assert_allclose(found.velocities[0], found.velocities[1], rtol=1e-3, atol=1e-5)


def test_an_instrument_that_dies_or_clips_is_known_until_then(tmp_path: Path) -> None:
    found = read(tmp_path, Site("CLIP", 9400.0, 3600.0, spoil=clips), Site("DIES", 5500.0, 500.0, spoil=dies), GOOD)
    known = dict(zip((station.code for station in found.stations), found.valid, strict=True))
    times = 0.5 * np.arange(found.n_frames)
    assert known["DIES"][times < 14.5].all()
    assert not known["DIES"][times > 15.5].any()
    assert known["CLIP"][times < 6].all()
    assert not known["CLIP"][times > 15].any()
    assert any("CLIP..HH is clipped at" in sentence for sentence in found.report)


def test_a_station_much_noisier_than_the_others_is_left_out(tmp_path: Path) -> None:
    quiet = [Site(f"Q{n}", 1500.0 + 2000 * n, 1500.0, spoil=hum) for n in range(3)]
    found = read(tmp_path, *quiet, Site("NOISY", 5500.0, 6500.0, spoil=loud))
    assert [station.code for station in found.stations] == ["Q0", "Q1", "Q2"]
    assert "NOISY..HH is left out: before the reference time it moves" in found.report[0]


def geophone(natural: float) -> Response:
    """A seismometer that is flat above its natural frequency, Hz."""
    pole = 2 * np.pi * natural * (-0.7 + 0.714j)
    return Response.from_paz([0j, 0j], [pole, pole.conjugate()], 1e9, stage_gain_frequency=10.0, input_units="M/S")


def swing(velocity: NDArray[np.float64], step: float) -> float:
    """Part of the power below 0.015 Hz, in periods of more than a minute."""
    power = np.abs(np.fft.rfft(velocity)) ** 2
    return float(power[np.fft.rfftfreq(velocity.size, step) < 0.015].sum() / power.sum())


def test_a_tilting_accelerometer_does_not_swing(tmp_path: Path) -> None:
    times = np.arange(-300.0, 300.0, 0.05)
    shaking = np.where(times > 5, (times - 5) * np.exp(-(times - 5) / 4), 0) * np.sin(times) * 0.01
    tilt = np.where(times > 8, 3e-4, 0.0)
    noise = 1e-6 * np.random.default_rng(0).standard_normal(times.size)
    recording = Recording(times[0], 20.0, 1e6 * (np.gradient(shaking, times) + tilt + noise))
    frames = np.arange(0.0, 290.0, 0.5)

    def response(frequencies: NDArray[np.float64]) -> NDArray[np.complex128]:
        return 1e6 * 2j * np.pi * frequencies  # counts per m/s of an accelerometer

    drifting, _ = at_frames(recording, response, 0.25, frames)
    steady, known = at_frames(recording, response, 0.25, frames, ACCELEROMETER_CORNER)
    assert known.all()
    assert swing(drifting, 0.5) > 0.3
    assert swing(steady, 0.5) < 0.03


def test_an_accelerometer_is_told_by_its_code_and_what_it_lost_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, Site("ACCEL", 7500.0, 500.0, band="HN"))
    assert len(found.stations) == 2
    (said,) = [line for line in found.report if "ACCEL" in line]
    assert said == (
        "XX.ACCEL..HN is an accelerometer: waves below 0.04 Hz were taken away (causal high-pass), so that of the "
        "forecaster's band up to 0.15 Hz the slowest are missing."
    )


@pytest.mark.parametrize(
    ("band", "response", "corner"),
    [
        ("HH", broadband(), DRIFT * 0.25),
        ("HN", broadband(), ACCELEROMETER_CORNER),
        ("HX", broadband(units="M/S**2"), ACCELEROMETER_CORNER),
        ("EH", geophone(1.0), 0.05),
    ],
)
def test_the_high_pass_is_that_of_the_instrument(band: str, response: Response, corner: float) -> None:
    about = Channel(f"{band}Z", "", 37.0, -122.0, 0.0, 0.0, sample_rate=100.0, response=response)
    channel = ChannelId("XX", "A", "", f"{band}Z")
    assert high_pass_corner(channel, about, 0.25) == pytest.approx(corner, rel=0.05)


def test_an_instrument_that_is_deaf_to_such_waves_is_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, Site("DEAF", 7500.0, 500.0, band="EH", response=geophone(4.5)))
    assert [station.code for station in found.stations] == ["GOOD"]
    assert "XX.DEAF..EHZ is left out: below 4.4 Hz it is deaf" in found.report[0]


@needs_shared
def test_a_real_accelerometer_does_not_swing() -> None:
    raw = SHARED / "data/events/pleasanthill_M4.5_nc73291880_bayarea/raw"
    grid = header(nx=120, ny=80, frame_step=0.52, frequency=0.25)
    origin = datetime(2019, 10, 15, 5, 33, 42, 810_000, tzinfo=UTC)
    found = read_station_records([raw], [raw], grid, origin, 300.0)
    assert [station.code for station in found.stations] == ["BRIB"]
    assert all(swing(row.astype(float), 0.52) < 0.03 for row in found.velocities[0])
    assert ["is an accelerometer" in line for line in found.report] == [True]


def test_metadata_may_be_in_folders_and_beside_the_waveforms(tmp_path: Path) -> None:
    read(tmp_path, GOOD)
    folder = tmp_path / "waveforms"
    (folder / "more").mkdir()
    (tmp_path / "stations.xml").rename(folder / "more" / "stations.xml")
    (folder / "broken.xml").write_text("<FDSNStationXML>")
    found = read_station_records([folder], [folder], GRID, ORIGIN, 60.0)
    assert [station.code for station in found.stations] == ["GOOD"]
    assert not any("stations.xml" in line for line in found.report)
    assert any("broken.xml could not be read as station metadata" in line for line in found.report)


def test_stations_without_waveforms_are_named(tmp_path: Path) -> None:
    read(tmp_path, GOOD, Site("LOST", 7500.0, 500.0), Site("GONE", 5500.0, 500.0))
    for path in (tmp_path / "waveforms").glob("*.[LG]O[SN]*"):
        path.unlink()
    found = read_station_records([tmp_path / "waveforms"], [tmp_path / "stations.xml"], GRID, ORIGIN, 60.0)
    assert "2 stations are left out, without waveforms: XX.GONE, XX.LOST." in found.report


def test_a_rate_that_differs_in_its_last_digit_is_the_same_rate(tmp_path: Path) -> None:
    whole = read(tmp_path, GOOD)
    (path,) = (tmp_path / "waveforms").iterdir()
    stream = obspy.read(str(path))
    later = stream.copy().trim(stream[0].stats.starttime + 101)
    stream.trim(endtime=later[0].stats.starttime - 0.05)
    for trace in later:
        trace.stats.sampling_rate = RATE * (1 + 1e-6)
    path.unlink()
    for number, part in enumerate((stream, later)):
        part.write(str(tmp_path / "waveforms" / f"{number}.mseed"), format="MSEED", encoding="FLOAT64")
    found = read_station_records([tmp_path / "waveforms"], [tmp_path / "stations.xml"], GRID, ORIGIN, 60.0)
    assert found.valid.mean() == pytest.approx(whole.valid.mean(), abs=0.01)


def test_stations_that_have_sent_nothing_yet_are_known(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, Site("LATE", 7500.0, 500.0, begins=30.0))
    assert [station.code for station in found.silent(20.0)] == ["LATE"]
    assert [station.code for station in found.observation(20.0).stations] == ["GOOD"]
    assert found.silent(55.0) == ()
    assert found.wavefield().recorded


def test_a_list_of_stations_says_which_are_not_used(tmp_path: Path) -> None:
    read(tmp_path, GOOD, Site("NEAR", 2410.0, 3610.0), Site("FAR", 900_000.0, 3600.0))
    listed = read_stations(tmp_path / "stations.xml", GRID.region)
    assert [station.code for station in listed.stations] == ["GOOD", "NEAR"]
    assert listed.left_out == (f"FAR is left out: it is outside {GRID.region.name}.",)
    single = one_at_a_node(listed, GRID)
    assert [station.code for station in single.stations] == ["GOOD"]
    assert single.left_out[1] == "NEAR is left out: it shares its node with GOOD, which is nearer to it."
    (tmp_path / "picks.xml").write_text("<quakeml/>")
    for name, sentence in (("picks.xml", "is it StationXML"), ("none.xml", "There is no file")):
        with pytest.raises(QuakeViewError, match=sentence):
            read_stations(tmp_path / name, GRID.region)


def test_at_one_node_stands_one_station(tmp_path: Path) -> None:
    near = Site("NEAR", 2510.0, 3510.0)
    found = read(tmp_path, GOOD, near, Site("NEAR", 2510.0, 3510.0, band="HN", begins=4.0))
    assert [station.code for station in found.stations] == ["NEAR"]
    assert sorted(found.report) == [
        "XX.GOOD..HH is left out: it shares its node with XX.NEAR..HH, which is preferred.",
        "XX.NEAR..HN is left out: it shares its node with XX.NEAR..HH, which is preferred.",
    ]


def test_stations_of_one_code_are_told_apart(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, Site("GOOD", 7500.0, 500.0, network="YY"))
    assert [station.code for station in found.stations] == ["XX.GOOD", "YY.GOOD"]


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        read(tmp_path, GOOD, progress=progress)


def test_files_that_are_none_are_explained(tmp_path: Path) -> None:
    (tmp_path / "empty.mseed").touch()
    (tmp_path / "stations.xml").write_text("<a/>")
    with pytest.raises(QuakeViewError, match="is it StationXML"):
        read_station_records([tmp_path / "empty.mseed"], [tmp_path / "stations.xml"], GRID, ORIGIN)
    with pytest.raises(QuakeViewError, match="no station metadata in the folder"):
        read_station_records([tmp_path / "empty.mseed"], [tmp_path], GRID, ORIGIN)
    with pytest.raises(QuakeViewError, match="Where do the stations stand"):
        read_station_records([tmp_path / "empty.mseed"], [], GRID, ORIGIN)
    good = SAMPLES / "core/data/BW_RJOB.xml"
    with pytest.raises(QuakeViewError, match=r"empty.mseed is empty"):
        read_station_records([tmp_path / "empty.mseed"], [good], GRID, ORIGIN)
    with pytest.raises(QuakeViewError, match="no file or folder"):
        read_station_records([tmp_path / "none.mseed"], [good], GRID, ORIGIN)


def test_virtual_stations_come_back_as_they_were(tmp_path: Path) -> None:
    """MiniSEED has the sampling rate in single precision; times differ by microseconds."""
    truth = Scenario.open(sample_scenario())
    stations = geography(truth.region).stations
    path = tmp_path / "m6.mseed"
    metadata = write_miniseed(truth, stations, path)
    found = read_station_records([path], [metadata], truth, ORIGIN_TIME, 1000.0)
    assert found.report == ()
    assert found.n_frames == truth.n_frames
    expected = {station.code: truth.nearest(station.x, station.y) for station in stations}
    assert {station.code: node for station, *node in zip(found.stations, *found.nodes, strict=True)} == {
        code: list(node) for code, node in expected.items()
    }
    np.testing.assert_allclose(found.velocities, truth.traces(*found.nodes), atol=2e-4 * truth.peak)
    ours, theirs = found.observation(15.6), observe(truth, 15.6, stations=stations)
    np.testing.assert_array_equal(ours.known, theirs.known)
    np.testing.assert_allclose(ours.frames, theirs.frames, atol=2e-4 * truth.peak)


def test_a_forecast_is_scored_where_it_was_recorded(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, Site("DIES", 5500.0, 500.0, spoil=dies))
    forecast = fake_forecast(found.wavefield(), 20.0, noise=0.0)
    right = station_scores(found, forecast)
    assert [score.station.code for score in right] == ["GOOD"]
    assert right[0].correlation == pytest.approx(1)
    assert right[0].variance_reduction == pytest.approx(1)
    assert right[0].forecast_pgv == pytest.approx(right[0].recorded_pgv)
    assert right[0].duration == pytest.approx(found.end - 20.0)
    half = station_scores(found, fake_forecast(found.wavefield(), 10.0, members=1, noise=-0.5 / 0.12573022))
    assert half[0].variance_reduction == pytest.approx(0.75, abs=0.01)
    assert len(half) == 2
    with pytest.raises(QuakeViewError, match="nothing to compare"):
        station_scores(replace(found, valid=np.zeros_like(found.valid)), forecast)


def test_real_records_become_ground_velocity(tmp_path: Path) -> None:
    """Thirty seconds of BW.RJOB that come with ObsPy, against its own removal of the response."""
    stream, metadata = obspy.read(), SAMPLES / "core/data/BW_RJOB.xml"
    stream.write(str(tmp_path / "rjob.mseed"), format="MSEED")
    region = Region("Jochberg", 12.5, 47.6, 90.0, 50e3, 50e3, 10e3, "+proj=tmerc +lat_0=47 +lon_0=12.8 +units=m")
    nodes = np.arange(500.0, 50e3, 1000.0)
    grid = header(region=region, x=nodes, y=nodes, frame_step=0.25, frequency=1.0)
    found = read_station_records([tmp_path], [metadata], grid, datetime(2009, 8, 24, 0, 20, 3, tzinfo=UTC))
    (station,), (valid,), times = found.stations, found.valid, 0.25 * np.arange(found.n_frames)
    assert station.code == "RJOB"
    assert region.to_geographic(station.x, station.y) == pytest.approx((12.795714, 47.737167), abs=1e-5)
    assert valid[(times > 1) & (times < 29.9)].all()

    stream.detrend("constant").remove_response(obspy.read_inventory(str(metadata)), output="VEL", water_level=60)
    for component, axis in (("E", 0), ("N", 1), ("Z", 2)):  # X points east
        (trace,) = stream.select(component=component)
        expected = np.interp(times, trace.times(), ground_velocity(trace.data, 100.0, np.ones_like, 1.0))
        at = valid & (times > 3)
        assert np.corrcoef(found.velocities[0, axis, at], expected[at])[0, 1] > 0.97  # offsets of 30 s differ
        assert np.std(found.velocities[0, axis, at]) == pytest.approx(np.std(expected[at]), rel=0.05)
