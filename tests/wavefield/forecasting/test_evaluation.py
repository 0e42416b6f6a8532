"""Forecasters side by side, under conditions that can be checked."""

from pathlib import Path

import numpy as np
import pytest

from quakeview.jobs import Cancelled, Progress
from quakeview.wavefield.forecasting.evaluation import (
    Conditions,
    Row,
    evaluate,
    means,
    noisy,
    recorded,
    table,
)
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.forecasting.reference import Library, NearestEvent, Persistence, RidgeCombination
from quakeview.wavefield.scenarios.scenario import Scenario
from tests.wavefield.forecasting.test_reference import INPUT, events, write_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("events"), events())


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[Row]:
    library = Library.open(folder)
    conditions = [Conditions(until=INPUT), Conditions(until=INPUT, stations=12, onset=2.0, snr=30.0)]
    files = [folder / event.file for event in events()[:2]]
    return evaluate([Persistence(), NearestEvent(library), RidgeCombination(library)], files, conditions, 15.0)


def test_every_forecaster_is_scored_on_every_event_under_every_condition(rows: list[Row]) -> None:
    assert len(rows) == 2 * 2 * 5
    assert [row.forecaster for row in rows[:5]] == [
        "Persistence",
        "Nearest event",
        "Ridge combination",
        "BSSA14, magnitude known",
        "BSSA14, also mean PGV known",
    ]
    assert {row.event for row in rows} == {"event_0.h5", "event_1.h5"}
    dense = [row for row in rows if row.stations == 0]
    assert max(row.rfne for row in dense if row.forecaster == "Ridge combination") < 0.05
    assert min(row.rfne for row in dense if row.forecaster == "Persistence") > 0.5
    assert all(row.delay == 0 for row in dense)


def test_a_late_record_with_noise_is_harder_but_its_event_is_found(rows: list[Row]) -> None:
    hard = [row for row in rows if row.stations == 12 and row.forecaster == "Nearest event"]
    assert all(abs(row.delay) <= 2.25 for row in hard)
    assert len({row.delay for row in hard}) == 2
    assert all(0.001 < row.rfne < 0.3 for row in hard)


def test_a_relation_has_only_peaks(rows: list[Row]) -> None:
    told, fitted = rows[3:5]
    assert np.isnan(told.acc)
    assert np.isnan(told.t_pgv_error)
    assert fitted.pgv_error < told.pgv_error
    assert abs(fitted.pgv_bias) < 0.3 < abs(told.pgv_bias)


@pytest.mark.parametrize("delay", [-5, 0, 5])
def test_a_record_has_a_clock_of_its_own(folder: Path, delay: int) -> None:
    with Scenario.open(folder / "event_1.h5") as truth:
        record = recorded(truth, delay)
        assert record.n_frames == truth.n_frames + min(delay, 0)
        assert record.start_time == 0
        shown = max(delay, 0)
        np.testing.assert_allclose(record.frame(shown), truth.frame(shown - delay), rtol=1e-3, atol=1e-9)
        assert not any(record.frame(index).any() for index in range(shown))
        assert np.nanmedian(record.t_pgv - truth.t_pgv) == pytest.approx(delay * truth.frame_step)


def test_noise_has_the_size_and_the_band_it_should(folder: Path) -> None:
    with Scenario.open(folder / "event_1.h5") as truth:
        clean = observe(truth, 20.0)
    loud = noisy(clean, 3e-4, np.random.default_rng(0))
    noise = loud.frames - clean.frames
    assert noise.std() == pytest.approx(3e-4, rel=1e-3)
    power = np.square(np.abs(np.fft.rfft(noise))).mean(axis=(0, 1, 2))
    above = np.fft.rfftfreq(noise.shape[-1], truth.frame_step) > truth.header.frequency
    assert power[above].max() < 1e-6 * power[~above].min()


def test_means_and_their_table(rows: list[Row]) -> None:
    lines = means(rows, ("stations", "forecaster"))
    assert [line["events"] for line in lines] == [2.0] * 10
    ridge = [row.acc for row in rows if row.forecaster == "Ridge combination" and row.stations == 0]
    assert lines[2]["acc"] == pytest.approx(np.mean(ridge))
    head, *body = table(rows, ("stations", "forecaster")).splitlines()
    assert head.split()[:3] == ["stations", "forecaster", "events"]
    assert "ACC norm" not in head
    assert len(body) == 10
    assert len({len(line) for line in (head, *body)}) == 1


def test_conditions_in_words() -> None:
    assert str(Conditions()) == "input to 15.6 s, dense"
    assert str(Conditions(20.8, 40, 4.0, 10.0)) == (
        "input to 20.8 s, 40 stations, onset unknown by ±4 s, signal to noise 10"
    )


def test_evaluation_can_be_cancelled(folder: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        evaluate([Persistence()], [folder / "event_1.h5"], progress=progress)
