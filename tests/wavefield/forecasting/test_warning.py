from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from quakeview.errors import QuakeViewError
from quakeview.geography import City, Station
from quakeview.jobs import Cancelled, Progress
from quakeview.wavefield.forecasting.delays import Delays
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.forecasting.warning import (
    ALERT_INPUTS,
    Outcome,
    WarningMap,
    alert_times,
    caveat,
    exceedance_probability,
    exceedance_times,
    kept,
    missing_inputs,
    warning_map,
)
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv, pgv_from_mmi
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.samples import sample_scenario
from quakeview.wavefield.scenarios.scenario import Scenario
from tests.wavefield.fields import header
from tests.wavefield.forecasting.fakes import fake_forecast, plain_calibration

MMI = 5.0
STRONG = 2 * float(pgv_from_mmi(MMI))

NONE = Delays(0.0, 0.0)

Peaks = dict[tuple[int, int], float]


def ground(peaks: Peaks) -> LiveWavefield:
    """40 frames of 0.5 s from 0 s on, at rest but for {(iy, frame): m/s} at nodes of the first row."""
    values = np.zeros((3, 12, 8, 40), np.float32)
    for (iy, frame), speed in peaks.items():
        values[:2, 0, iy, frame] = speed * np.array([0.6, -0.8])
    wavefield = LiveWavefield(header())
    for index in range(40):
        wavefield.append(index, values[..., index])
    return wavefield


def forecast_of(
    truth: LiveWavefield,
    until: float,
    expected: Peaks,
    members: tuple[float, ...] = (1.0,),
    stations: tuple[Station, ...] = (),
    calibrated: bool = True,
) -> Forecast:
    """Members are multiples of what is expected; two stations are enough."""
    observation = observe(truth, until, stations=stations)
    calibration = plain_calibration(len(members)) if calibrated else None
    model = ForecastModel("Fake", len(members), fewest_stations=2, calibration=calibration)
    forecast = Forecast(observation, 40 - observation.stop, model)
    future = ground(expected).frames(observation.stop, 40)
    forecast.append(np.array(members, np.float32)[:, None, None, None, None] * future)
    return forecast


def site_warnings(truth, forecasts, mmi, sites, **known):
    return warning_map(truth, forecasts, mmi, **known).at(sites)


@pytest.fixture
def place() -> Callable[[int], City]:
    return lambda iy: City(f"City {iy}", 500.0, 500.0 + 1000.0 * iy, 1)


def test_every_outcome(place: Callable[[int], City]) -> None:
    truth = ground(
        {(0, 30): STRONG, (1, 22): STRONG, (2, 30): STRONG, (4, 5): STRONG, (5, 20): STRONG, (6, 30): STRONG}
    )
    first = forecast_of(truth, 10.0, {(0, 30): STRONG, (3, 30): STRONG})
    second = forecast_of(truth, 12.5, {(0, 30): STRONG, (1, 39): STRONG, (6, 30): STRONG})
    assert (first.issue_time, second.issue_time) == (10.0, 12.5)
    found = site_warnings(truth, [second, first], MMI, [place(iy) for iy in range(8)], delays=NONE)
    assert [(w.outcome, w.alert_time, w.exceedance_time, w.warning) for w in found] == [
        (Outcome.HIT, 10.0, 15.0, 5.0),
        (Outcome.LATE, 12.5, 11.0, -1.5),
        (Outcome.MISS, None, 15.0, None),
        (Outcome.FALSE_ALARM, 10.0, None, None),
        (Outcome.LATE, None, 2.5, None),
        (Outcome.LATE, None, 10.0, None),
        (Outcome.HIT, 12.5, 15.0, 2.5),
        (Outcome.CORRECT_SILENCE, None, None, None),
    ]
    assert [w.outcome for w in found[:4]] == ["hit", "late", "miss", "false alarm"]


def test_the_map_holds_the_same_and_counts_nodes(place: Callable[[int], City]) -> None:
    truth = ground({(0, 30): STRONG, (1, 22): STRONG, (2, 30): STRONG})
    found = warning_map(truth, [forecast_of(truth, 10.0, {(0, 30): STRONG, (3, 30): STRONG})], MMI, delays=NONE)
    assert found.warning.shape == (12, 8)
    assert found.warning[0, 0] == 5.0
    assert np.isnan(found.warning).sum() == 95
    assert found.counts == {
        Outcome.HIT: 1,
        Outcome.LATE: 0,
        Outcome.MISS: 2,
        Outcome.FALSE_ALARM: 1,
        Outcome.CORRECT_SILENCE: 92,
        Outcome.NOT_ENOUGH: 0,
    }
    assert found.at([place(0)])[0].warning == 5.0


def test_a_forecast_that_is_issued_at_the_moment_of_the_shaking_is_late(place: Callable[[int], City]) -> None:
    truth = ground({(0, 25): STRONG})
    sequence = [forecast_of(truth, 10.0, {}), forecast_of(truth, 12.5, {(0, 25): STRONG})]
    (found,) = site_warnings(truth, sequence, MMI, [place(0)], delays=NONE)
    assert (found.outcome, found.warning) == (Outcome.LATE, 0.0)


def test_the_threshold_is_the_intensity_itself() -> None:
    just, under = float(pgv_from_mmi(MMI)) * 1.001, float(pgv_from_mmi(MMI)) * 0.999
    times = exceedance_times(ground({(0, 10): under, (0, 12): just, (0, 14): STRONG, (1, 12): under}), MMI)
    assert times[0, 0] == 6.0
    assert np.isnan(times[0, 1])


@pytest.fixture(scope="module")
def sample() -> Scenario:
    return Scenario.open(sample_scenario())


def test_exceedance_of_a_scenario_agrees_with_its_traces(sample: Scenario) -> None:
    times = exceedance_times(sample, 3.0)
    peaks = mmi_from_pgv(sample.pgv)
    clear = np.abs(peaks - 3.0) > 1e-3
    np.testing.assert_array_equal(np.isnan(times)[clear], peaks[clear] < 3.0)
    ix, iy = (int(i[0]) for i in np.nonzero(times == np.nanmax(times)))
    speed = np.hypot(*sample.traces([ix], [iy])[0, :2])
    assert times[ix, iy] == pytest.approx(sample.times[np.flatnonzero(mmi_from_pgv(speed) >= 3.0)[0]])


def test_a_perfect_forecast_gives_hits_and_no_errors(sample: Scenario) -> None:
    found = warning_map(sample, [fake_forecast(sample, 15.6, noise=0.0)], 3.0, delays=NONE)
    counts = found.counts
    assert counts[Outcome.HIT] > 500
    assert counts[Outcome.MISS] == counts[Outcome.FALSE_ALARM] == 0
    late = found.exceedance_time <= 15.6
    assert counts[Outcome.LATE] == late.sum() > 0
    hits = found.outcome == list(Outcome).index(Outcome.HIT)
    np.testing.assert_allclose(found.warning[hits], found.exceedance_time[hits] - 15.6, atol=1e-4)


def test_a_forecast_that_grows_warns_of_what_it_has(sample: Scenario) -> None:
    whole = warning_map(sample, [fake_forecast(sample, 15.6, noise=0.0)], 3.0, delays=NONE)
    begun = Forecast(observe(sample, 15.6), 194, ForecastModel("Fake", 1))
    assert warning_map(sample, [begun], 3.0, delays=NONE).counts[Outcome.HIT] == 0
    begun.append(sample.frames(30, 40)[None])
    so_far = warning_map(sample, [begun], 3.0, delays=NONE).counts
    assert 0 < so_far[Outcome.HIT] < whole.counts[Outcome.HIT]
    assert so_far[Outcome.HIT] + so_far[Outcome.MISS] == whole.counts[Outcome.HIT]


def test_probability_is_normal_in_ln_pgv(place: Callable[[int], City]) -> None:
    threshold = float(pgv_from_mmi(MMI))
    truth = ground({})
    members = (0.5, 1.0, 2.5)
    forecast = forecast_of(truth, 10.0, {(0, 30): 1.3 * threshold, (1, 30): 0.3 * threshold}, members)
    probability = exceedance_probability(forecast, MMI)
    logs = np.log(members)
    mean, std = logs.mean(), logs.std(ddof=1)
    assert probability[0, 0] == pytest.approx(norm.cdf((np.log(1.3) + mean) / std), abs=1e-3)
    assert probability[0, 1] == pytest.approx(norm.cdf((np.log(0.3) + mean) / std), abs=1e-3)
    assert probability[5, 5] == 0.0
    (found,) = site_warnings(truth, [forecast], MMI, [place(0)])
    assert found.probability == pytest.approx(float(probability[0, 0]))


def test_where_nothing_is_calibrated_there_is_no_probability(place: Callable[[int], City]) -> None:
    truth = ground({})
    peaks = {(0, 30): STRONG, (1, 30): STRONG / 3}
    for forecast in (forecast_of(truth, 10.0, peaks), forecast_of(truth, 10.0, peaks, (0.9, 1.1), calibrated=False)):
        assert np.isnan(exceedance_probability(forecast, MMI)).all()
        (found,) = site_warnings(truth, [forecast], MMI, [place(0)])
        assert found.probability is None
        assert found.outcome == Outcome.FALSE_ALARM
        with pytest.raises(QuakeViewError, match="no calibrated probabilities"):
            warning_map(truth, [forecast], MMI, probability=0.5)


def test_a_still_forecast_reports_no_probability() -> None:
    truth = ground({})
    begun = Forecast(observe(truth, 10.0), 20, ForecastModel("Fake", 3, calibration=plain_calibration(3)))
    probability: NDArray[np.float32] = exceedance_probability(begun, MMI)
    assert not probability.any()


def test_an_alert_comes_when_data_have_arrived_and_the_forecast_is_made(place: Callable[[int], City]) -> None:
    truth = ground({(0, 30): STRONG, (1, 24): STRONG})
    forecast = forecast_of(truth, 10.0, {(0, 30): STRONG, (1, 24): STRONG})
    found = warning_map(truth, [forecast], MMI, delays=Delays(telemetry=1.5, computing=1.0))
    soon, later = found.at([place(1), place(0)])
    assert (later.alert_time, later.warning, later.outcome) == (12.5, 2.5, Outcome.HIT)
    assert (soon.alert_time, soon.warning, soon.outcome) == (12.5, -0.5, Outcome.LATE)
    assert "2.5 s after their input ends: 1.5 s until the data arrive" in found.said
    (usual,) = site_warnings(truth, [forecast], MMI, [place(0)])
    assert usual.alert_time == 10.0 + Delays().total
    with pytest.raises(QuakeViewError, match="0 to 60 s"):
        Delays(-1.0, 0.0)


def test_an_alert_may_ask_for_a_probability(place: Callable[[int], City]) -> None:
    threshold = float(pgv_from_mmi(MMI))
    truth = ground({(0, 30): STRONG})
    likely = forecast_of(truth, 10.0, {(0, 30): 1.05 * threshold}, (0.5, 1.0, 2.0))
    sure = forecast_of(truth, 12.5, {(0, 30): 4 * threshold}, (0.5, 1.0, 2.0))
    assert 0.5 < exceedance_probability(likely, MMI)[0, 0] < 0.6
    alerts = {asked: alert_times([likely, sure], MMI, asked)[0, 0] for asked in (None, 0.5, 0.9)}
    assert alerts == {None: 10.0, 0.5: 10.0, 0.9: 12.5}
    assert "probability of 90 % or more" in warning_map(truth, [likely, sure], MMI, probability=0.9).said
    with pytest.raises(QuakeViewError, match="between 0 and 1"):
        alert_times([likely], MMI, 50.0)


def test_too_few_stations_say_nothing_and_no_silence_is_correct(place: Callable[[int], City]) -> None:
    truth = ground({(0, 30): STRONG})
    one = (Station("AAA", 500.0, 500.0),)
    two = (*one, Station("BBB", 1500.0, 500.0))
    peaks = {(0, 30): STRONG}
    found = warning_map(truth, [forecast_of(truth, 10.0, peaks, (0.9, 1.1), one)], MMI)
    assert found.counts[Outcome.NOT_ENOUGH] == 96
    (at,) = found.at([place(0)])
    assert (at.outcome, at.alert_time, at.probability) == (Outcome.NOT_ENOUGH, None, None)
    later = [forecast_of(truth, 10.0, peaks, stations=one), forecast_of(truth, 11.0, peaks, stations=two)]
    (at,) = site_warnings(truth, later, MMI, [place(0)], delays=NONE)
    assert (at.outcome, at.alert_time) == (Outcome.HIT, 11.0)


def test_what_is_kept_of_a_forecast_gives_the_same_warnings(place: Callable[[int], City]) -> None:
    truth = ground({(0, 30): STRONG})
    forecasts = [forecast_of(truth, until, {(0, 30): STRONG}, (0.9, 1.1)) for until in (10.0, 12.5)]
    sites = [place(0), place(3)]
    assert site_warnings(truth, [kept(each) for each in forecasts], MMI, sites) == site_warnings(
        truth, forecasts, MMI, sites
    )


def test_inputs_that_alerts_need_and_nobody_has_forecast_from_are_named() -> None:
    truth = ground({})
    forecasts = [forecast_of(truth, until, {}) for until in (7.8, 13.0)]
    assert missing_inputs(forecasts, 16.0) == (10.4, 15.6)
    found: WarningMap = warning_map(truth, forecasts, MMI)
    assert found.missing == (10.4, 15.6, 18.2)
    assert missing_inputs([], 100.0) == ALERT_INPUTS


def test_stations_are_called_by_their_code() -> None:
    truth = ground({})
    (found,) = site_warnings(truth, [forecast_of(truth, 10.0, {})], MMI, [Station("AAA", 600.0, 600.0)])
    assert (found.name, found.outcome) == ("AAA", Outcome.CORRECT_SILENCE)


def test_bad_questions_are_explained(place: Callable[[int], City]) -> None:
    truth = ground({})
    forecast = forecast_of(truth, 10.0, {})
    with pytest.raises(QuakeViewError, match="no forecast to judge"):
        warning_map(truth, [], MMI)
    with pytest.raises(QuakeViewError, match="Atlantis is outside"):
        site_warnings(truth, [forecast], MMI, [City("Atlantis", -1e6, 0.0, 1)])
    for mmi in (1.0, 11.0, float("nan")):
        with pytest.raises(QuakeViewError, match="choose one from 2 to 10"):
            warning_map(truth, [forecast], mmi)
    with pytest.raises(QuakeViewError, match="made for other nodes"):
        warning_map(LiveWavefield(header(nx=10)), [forecast], MMI)


def test_it_can_be_cancelled() -> None:
    progress = Progress()
    progress.cancel()
    truth = ground({})
    with pytest.raises(Cancelled):
        warning_map(truth, [forecast_of(truth, 10.0, {})], MMI, progress)


def test_the_caveat_tells_frequency_and_delay_and_does_not_call_records_a_simulation() -> None:
    lower = "only waves up to 0.25 Hz: PGV and MMI are lower bounds, and "
    assert caveat(LiveWavefield(header(frequency=0.25))) == f"{lower}real waves would come about 2.8 s earlier"
    recorded = LiveWavefield(header(frequency=0.25, recorded=True))
    assert caveat(recorded) == f"{lower}by that low-pass waves come about 2.8 s later than they did"
