"""Seconds of warning on the map and in the table."""

import csv
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from quakeview.app.wavefield.dialogs.site_dialog import SiteDialog
from quakeview.app.wavefield.panels.warning_panel import WarningPanel
from quakeview.app.wavefield.stage import Stage
from quakeview.geography import City, Station
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.forecasting.delays import USUAL_DELAYS
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.forecasting.site_warnings import usual_level
from quakeview.wavefield.forecasting.stations import StationRecords
from quakeview.wavefield.ground_motion.intensity import pgv_from_mmi
from tests.app.fake_wavefield import expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast

LEVEL = 5.0


@pytest.fixture
def panel(qtbot):
    panel = WarningPanel(Stage())
    qtbot.addWidget(panel)
    panel.resize(1100, 340)
    panel.show()
    yield panel
    panel.stage.open(None)


@pytest.fixture
def truth():
    return expanding_wave()


def forecasts_of(truth, *factors, until=10.4):
    """One every 2.6 s that knows the truth but for a factor of PGV."""
    made = []
    for number, factor in enumerate(factors):
        forecast = fake_forecast(truth, until + 2.6 * number, noise=0.0)
        for member in forecast._members:
            member.pgv *= factor
        made.append(forecast)
    return made


def show(panel, qtbot, truth, forecasts, level=LEVEL):
    panel.stage.open(truth)
    panel.stage.show_forecasts(forecasts[0], forecasts)
    choose(panel, qtbot, level)


def choose(panel, qtbot, level):
    panel.level.setCurrentIndex(panel.level.findData(level))
    panel.level.activated.emit(panel.level.currentIndex())
    qtbot.waitUntil(lambda: is_shown(panel, level), timeout=20_000)


def is_shown(panel, level):
    return panel.shown is not None and panel.shown.mmi == level and len(panel.model.rows) == len(panel.places)


def row_of(panel, name):
    return next(row for row in panel.model.rows if row.name == name)


def test_map_and_table_say_when_the_intensity_is_exceeded(panel, qtbot, truth):
    show(panel, qtbot, truth, forecasts_of(truth, 1.0))
    row = row_of(panel, "Livermore")
    city = next(place for place in panel.places if place.name == "Livermore")
    speed = np.hypot(*truth.trace(city.x, city.y)[:2])
    exceeded = truth.times[np.argmax(speed >= pgv_from_mmi(LEVEL))]
    assert row.exceedance == pytest.approx(exceeded)
    assert row.warning == pytest.approx(exceeded - row.alert)
    assert panel.map.value_at(city.x, city.y) == pytest.approx(row.warning, abs=1e-3)
    assert f"{row.warning:.1f} s of warning" in panel.map.text_at(city.x, city.y)


def test_the_first_forecast_that_says_so_is_the_alert(panel, qtbot, truth):
    show(panel, qtbot, truth, forecasts_of(truth, 0.01, 1.0, 1.0))
    (alert,) = {row.alert for row in panel.model.rows} - {None}
    assert alert == pytest.approx(panel.stage.forecasts[1].issue_time + USUAL_DELAYS.total)


def test_what_came_before_the_first_forecast_is_the_blind_zone(panel, qtbot, truth):
    show(panel, qtbot, truth, forecasts_of(truth, 1.0))
    x, y, _ = truth.hypocentre
    assert panel.map.value_at(x + 3000, y + 3000) <= 0
    assert any(words.startswith("too late (blind zone)") for words in panel.legend.words)
    assert row_of(panel, "Hayward").outcome == "late"


@pytest.mark.parametrize(
    ("factor", "outcome", "legend"), [(0.001, "miss", "missed"), (100.0, "false alarm", "false alarm")]
)
def test_misses_and_false_alarms_are_seen_and_counted(panel, qtbot, truth, factor, outcome, legend):
    level = 6.0 if outcome == "false alarm" else LEVEL
    show(panel, qtbot, truth, forecasts_of(truth, factor), level)
    number = sum(row.outcome == outcome for row in panel.model.rows)
    assert number > 0
    assert f"{number} {legend}" in panel.counts.text()
    assert any(words.startswith(legend) for words in panel.legend.words)


def test_the_headline_is_about_the_biggest_city(panel, qtbot, truth):
    show(panel, qtbot, truth, forecasts_of(truth, 1.0, until=5.2))
    row = row_of(panel, "San Francisco")
    assert row.outcome == "hit"
    assert panel.headline.text() == f"San Francisco: {row.warning:.0f} s before MMI V"


def test_an_intensity_that_is_exceeded_is_chosen_at_first(panel, qtbot, truth):
    panel.stage.open(truth)
    panel.stage.show_forecasts(forecasts_of(truth, 1.0)[0], [])
    qtbot.waitUntil(lambda: panel.shown is not None)
    assert panel.level.currentData() == panel.shown.mmi == usual_level(truth.pgv)
    assert np.isfinite(panel.shown.seconds).any()
    assert usual_level(1e-4 * truth.pgv) == 2.0


def test_a_click_adds_a_site_that_can_be_removed(panel, qtbot, truth):
    show(panel, qtbot, truth, forecasts_of(truth, 1.0))
    told = []
    panel.stage.sitesChanged.connect(lambda: told.append(len(panel.stage.sites)))
    panel.resize(1100, 360)
    qtbot.mouseClick(panel.map, Qt.MouseButton.LeftButton, pos=panel.map._plot_rect().center())
    qtbot.waitUntil(lambda: any(row.name == "Site 1" for row in panel.model.rows))
    assert panel.map.scene.overlays.sites[0].label == "Site 1"
    panel.add_point(90_000, 60_000)
    qtbot.waitUntil(lambda: any(row.name == "Site 2" for row in panel.model.rows))
    panel.table.select_key("Site 1")
    panel.remove_selected()
    qtbot.waitUntil(lambda: len(panel.model.rows) == len(panel.places))
    assert [site.name for site in panel.stage.sites] == ["Site 2"]
    assert told == [1, 2, 1]


def test_sites_come_from_a_file(panel, qtbot, truth, tmp_path, monkeypatch):
    show(panel, qtbot, truth, forecasts_of(truth, 1.0))
    path = tmp_path / "sites.csv"
    path.write_text("name,x_km,y_km\nDam,30,20\nHayward,31,20\nFar,500,20\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    panel.ask_for_file()
    qtbot.waitUntil(lambda: any(row.name == "Dam" for row in panel.model.rows))
    assert [site.name for site in panel.stage.sites] == ["Dam", "Hayward 2"]
    assert "Far (line 4) is outside" in panel.note.text()
    path.write_text("no table")
    panel.ask_for_file()
    qtbot.waitUntil(lambda: "is not a table of sites" in panel.note.text())


def test_the_dialog_takes_places_inside_the_region(qtbot):
    dialog = SiteDialog(HAYWARD, "Site 1")
    qtbot.addWidget(dialog)
    assert dialog.accept_button.isEnabled()
    assert (dialog.site.x, dialog.site.y) == pytest.approx((HAYWARD.length / 2, HAYWARD.width / 2), abs=20)
    dialog.longitude.setValue(122.2)
    assert not dialog.accept_button.isEnabled()
    assert "west longitudes" in dialog.said.text()
    dialog.longitude.setValue(-122.2)
    dialog.name.clear()
    assert not dialog.accept_button.isEnabled()


def test_records_of_stations_are_judged_where_they_are(panel, qtbot, truth):
    stations = (Station("NEAR", 61_000.0, 39_000.0), Station("FAR", 119_000.0, 79_000.0))
    velocities = np.stack([truth.trace(station.x, station.y) for station in stations])
    valid = np.ones((2, truth.n_frames), np.bool_)
    records = StationRecords(truth.header, datetime(2020, 1, 1, tzinfo=UTC), stations, velocities, valid)
    forecast = fake_forecast(truth, 5.2, stations=stations)
    assert forecast.observation.stations == observe(truth, 5.2, stations=stations).stations
    show(panel, qtbot, records.wavefield(), [forecast])
    assert row_of(panel, "NEAR").outcome == "hit"
    assert row_of(panel, "San Jose").outcome in ("expected", "not expected")
    assert row_of(panel, "San Jose").true_pgv is None
    assert "2 sites" in panel.counts.text()


def test_what_has_not_happened_yet_is_no_false_alarm(panel, qtbot, truth):
    forecast = forecasts_of(truth, 1.0)[0]
    show(panel, qtbot, expanding_wave(n_frames=forecast.issued + 2), [forecast])
    outcomes = {row.outcome for row in panel.model.rows}
    assert "expected" in outcomes
    assert outcomes <= {"expected", "not expected", "hit", "late"}
    assert np.nanmax(panel.shown.seconds) < np.inf


def test_what_is_listed_is_of_the_forecast_that_is_shown(panel, qtbot, truth):
    forecasts = forecasts_of(truth, 1.0, 2.0)
    show(panel, qtbot, truth, forecasts)
    before = row_of(panel, "San Jose").pgv
    panel.stage.show_forecasts(forecasts[1], forecasts)
    qtbot.waitUntil(lambda: panel.model.rows and row_of(panel, "San Jose").pgv != before)
    assert row_of(panel, "San Jose").pgv == pytest.approx(2 * before, rel=1e-3)
    assert "forecast at 13.0 s" in panel.caveat.text()


def test_without_a_forecast_the_panel_says_what_to_do(panel, truth, qtbot):
    assert "Open or simulate" in panel.empty.text()
    show(panel, qtbot, truth, forecasts_of(truth, 1.0))
    panel.stage.show_forecasts(None, [])
    assert panel.empty.isVisible()
    assert "Make a forecast" in panel.empty.text()


def test_own_sites_of_another_region_are_given_up(panel, qtbot, truth):
    show(panel, qtbot, truth, forecasts_of(truth, 1.0))
    panel.stage.set_sites([City("Dam", 30_000.0, 20_000.0, 9)])
    panel.stage.open(expanding_wave())
    assert len(panel.stage.sites) == 1
    panel.stage.open(expanding_wave(region=replace(HAYWARD, longitude=HAYWARD.longitude + 0.1)))
    assert panel.stage.sites == []


def test_table_and_picture_are_saved(panel, qtbot, truth, tmp_path):
    show(panel, qtbot, truth, forecasts_of(truth, 1.0))
    (tmp_path / "warnings.csv").write_text(panel.table.text(",", only_selected=False))
    with (tmp_path / "warnings.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert {row["Site"] for row in rows} == {place.name for place in panel.places}
    (tmp_path / "map.svg").write_bytes(panel.picture(".svg"))
    assert "blind zone" in (tmp_path / "map.svg").read_text()


def test_too_few_stations_are_no_all_clear(panel, qtbot, truth):
    stations = tuple(Station(f"S{number}", 21_000.0 + 4000.0 * number, 21_000.0) for number in range(5))
    show(panel, qtbot, truth, [fake_forecast(truth, stations=stations, fewest=60)])
    assert {row.outcome for row in panel.model.rows} == {"not enough stations"}
    assert {(row.pgv, row.probability, row.alert) for row in panel.model.rows} == {(None, None, None)}
    assert "5 stations report" in panel.too_few.text()
    assert panel.too_few.isVisible()
    assert not panel.headline.isVisible()
    assert not panel.counts.isVisible()
    assert panel.legend.words == ["not enough stations 100 %"]
    assert panel.map.scene.scale.text(panel.shown.seconds[0, 0]) == "not enough stations"


def test_delays_make_alerts_later(panel, qtbot, truth):
    show(panel, qtbot, truth, forecasts_of(truth, 1.0))
    before = next(row for row in panel.model.rows if row.outcome == "hit")
    assert before.alert == pytest.approx(10.4 + USUAL_DELAYS.total)
    panel.telemetry.setValue(6.0)
    panel.computing.setValue(0.5)
    qtbot.waitUntil(lambda: row_of(panel, before.name).alert == pytest.approx(10.4 + 6.5))
    assert row_of(panel, before.name).warning == pytest.approx(before.warning - 6.5 + USUAL_DELAYS.total)
    assert "6 s until the data arrive" in panel.rule.toolTip()


def test_an_alert_may_ask_for_a_probability(panel, qtbot, truth):
    show(panel, qtbot, truth, [fake_forecast(truth, noise=0.4)])
    assert panel.rule.currentText() == "expected PGV"
    panel.rule.setCurrentIndex(panel.rule.findData(0.9))
    panel.rule.activated.emit(panel.rule.currentIndex())
    qtbot.waitUntil(lambda: "90 %" in panel.rule.toolTip())
    for row in panel.model.rows:
        assert (row.alert is not None) == (row.probability >= 0.9)


def test_a_probability_that_is_not_known_is_refused(panel, qtbot, truth):
    show(panel, qtbot, truth, [fake_forecast(truth, members=1)])
    assert row_of(panel, "San Jose").probability is None
    panel.rule.setCurrentIndex(panel.rule.findData(0.5))
    panel.rule.activated.emit(panel.rule.currentIndex())
    qtbot.waitUntil(lambda: "no calibrated probabilities" in panel.map._message)
    assert panel.model.rows == []
    assert panel.headline.text() == ""


def test_inputs_that_are_missing_are_said_and_asked_for(panel, qtbot, truth):
    wanted = []
    panel.inputsWanted.connect(wanted.append)
    show(panel, qtbot, truth, forecasts_of(truth, 1.0, 1.0))
    assert "rest on 2 of 10 inputs" in panel.so_far.text()
    assert wanted[-1] == (7.8, 15.6, 18.2, 20.8, 23.4, 26.0, 28.6, 31.2)
