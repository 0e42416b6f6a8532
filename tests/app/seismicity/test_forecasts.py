"""Forecasts in the workspace as a person uses them: the first one, days, playing, regions, worth, files."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from quakeview.app.seismicity.forecasts.forecast_layer import cells_at
from quakeview.app.seismicity.forecasts.forecasts import Forecasts
from quakeview.seismicity.catalogue import DAY
from quakeview.seismicity.choosing import held_out
from quakeview.seismicity.maps.day_forecast import Quantity
from quakeview.seismicity.references import ETAS, RECENT, SMOOTHED
from quakeview.seismicity.region import Region
from quakeview.seismicity.windows import PAPER
from quakeview.texts import clock, date
from tests.seismicity.catalogues import clustered


def write(path: Path, days: int = 700) -> Path:
    catalogue = clustered(days)
    columns = (catalogue.time, catalogue.latitude, catalogue.longitude, catalogue.magnitude)
    lines = ["time,latitude,longitude,magnitude"]
    for time, latitude, longitude, magnitude in zip(*(each.tolist() for each in columns), strict=True):
        lines.append(f"{date(time)}T{clock(time)}Z,{latitude:.4f},{longitude:.4f},{magnitude:.2f}")
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def workspace(program: Any, qtbot: Any, tmp_path: Path) -> Any:
    """With a catalogue of which the first forecast is scored."""
    workspace = program.seismicity
    workspace.open([write(tmp_path / "honshu.csv")])
    qtbot.waitUntil(lambda: workspace.forecasts.making.worth is not None and not workspace.forecasts.making.busy)
    return workspace


@pytest.fixture
def forecasts(workspace: Any, qtbot: Any) -> Forecasts:
    forecasts: Forecasts = workspace.forecasts
    qtbot.waitUntil(lambda: forecasts.ahead.shown is not None)
    return forecasts


def test_tomorrow_is_seen_first_with_what_such_forecasts_have_been_worth(workspace: Any, forecasts: Forecasts) -> None:
    shown = forecasts.ahead.shown
    assert shown is not None
    assert shown.first * DAY == (workspace.state.catalogue.time[-1] // DAY + 1) * DAY
    assert forecasts.making.chosen == ETAS
    assert forecasts.bar.when.text() == shown.when
    said = forecasts.bar.sentence.text()
    assert said.startswith("Forecasts of ETAS gained ")
    assert "nats per earthquake" in said
    assert "over smoothed seismicity (what came was" in said
    assert shown.provenance.worth == said
    first, _ = held_out(workspace.state.catalogue)
    assert workspace.state.forecaster.trained_days[1] == first


def test_another_forecaster_is_chosen_in_the_bar(workspace: Any, forecasts: Forecasts, qtbot: Any) -> None:
    box = forecasts.bar.forecaster
    names = [box.itemText(row) for row in range(box.count())]
    assert names == [ETAS, RECENT, SMOOTHED, "uniform"]
    before = forecasts.ahead.shown
    box.setCurrentIndex(names.index(RECENT))
    box.activated.emit(names.index(RECENT))
    qtbot.waitUntil(lambda: workspace.state.forecaster.name == RECENT and not forecasts.making.busy)
    qtbot.waitUntil(lambda: forecasts.ahead.shown is not None)
    shown = forecasts.ahead.shown
    assert shown is not None
    assert before is not None
    assert not np.array_equal(shown.expected, before.expected)
    assert forecasts.bar.sentence.text().startswith(f"Forecasts of {RECENT} gained")
    assert "over ETAS" in forecasts.bar.sentence.text()
    rows = [row.name for row in forecasts.worth.table.rows.rows]
    assert set(rows) >= {ETAS, SMOOTHED, RECENT}


def test_any_day_is_shown_by_the_slider_and_the_date(workspace: Any, forecasts: Forecasts, qtbot: Any) -> None:
    day = workspace.state.choices.day - 50
    forecasts.bar.slider.setValue(day)
    assert workspace.state.choices.day == day
    qtbot.waitUntil(lambda: forecasts.ahead.shown is not None)
    shown = forecasts.ahead.shown
    assert shown is not None
    assert shown.day == day
    assert forecasts.bar.when.text() == shown.when
    workspace.bar.day.setDate(workspace.bar.day.date().addDays(3))
    qtbot.waitUntil(lambda: forecasts.ahead.shown is not None and forecasts.ahead.shown.day == day + 3)
    assert forecasts.bar.slider.value() == day + 3
    seen = workspace.state.catalogue.time[workspace.map.shown.passing] / DAY
    assert (day + 3 + 1 - 30 <= seen).all()
    assert (seen < day + 5).all()


def test_keys_go_through_the_days(workspace: Any, forecasts: Forecasts, qtbot: Any) -> None:
    last = workspace.state.choices.day
    workspace.map.setFocus()
    qtbot.keyClick(workspace.map, Qt.Key.Key_Comma)
    assert workspace.state.choices.day == last - 1
    qtbot.keyClick(workspace.map, Qt.Key.Key_Period)
    assert workspace.state.choices.day == last
    qtbot.keyClick(workspace.map, Qt.Key.Key_Comma)
    qtbot.keyClick(workspace.map, Qt.Key.Key_End)
    assert workspace.state.choices.day == last


def test_playing_goes_to_the_end_and_stops(workspace: Any, forecasts: Forecasts, qtbot: Any) -> None:
    last = workspace.state.choices.day
    workspace.state.choose(day=last - 6)
    forecasts.player.set_speed(30)
    seen: list[int] = []
    workspace.state.dayChanged.connect(lambda: seen.append(workspace.state.choices.day))
    forecasts.bar.play.click()
    assert forecasts.player.playing
    qtbot.waitUntil(lambda: not forecasts.player.playing)
    assert seen == list(range(last - 5, last + 1))


def test_colours_are_those_of_the_cells(workspace: Any, forecasts: Forecasts) -> None:
    shown, frame = forecasts.ahead.shown, workspace.map.frame
    assert shown is not None
    cells = cells_at(frame, shown.grid, workspace.map.shown.projection)
    height, width = cells.shape
    for column, row in ((width // 2, height // 2), (width // 3, height // 4), (5, height - 5)):
        at = QPointF(frame.plot.left() + column + 0.5, frame.plot.top() + row + 0.5)
        longitude, latitude = workspace.map.shown.projection.to_geographic(*frame.position(at))
        x, y = shown.grid.project(latitude, longitude)
        i, j = (int(np.floor((v - o) / shown.grid.size)) for v, o in ((x, shown.grid.west), (y, shown.grid.south)))
        inside = 0 <= i < shown.grid.shape[0] and 0 <= j < shown.grid.shape[1]
        assert cells[row, column] == (i * shown.grid.shape[1] + j if inside else shown.grid.number)
    centre = frame.plot.center()
    assert "earthquakes expected" in forecasts.layer.text_at(centre)
    assert "times the long-term rate" in forecasts.layer.text_at(centre)
    plain = workspace.map.grab().toImage()
    forecasts.bar.quantity.setCurrentIndex(2)
    forecasts.bar.quantity.activated.emit(2)
    assert forecasts.layer.quantity is Quantity.RATIO
    assert workspace.map.grab().toImage() != plain


def test_a_region_has_a_probability_and_a_series(workspace: Any, forecasts: Forecasts, qtbot: Any) -> None:
    panel = forecasts.region
    asked = f"Probability of M ≥ {workspace.state.choices.magnitude:g} on"
    qtbot.waitUntil(lambda: asked in panel.says.text())
    whole = panel.says.text()
    workspace.state.choose(region=Region.box(36.0, 139.0, 37.0, 140.0))
    qtbot.waitUntil(
        lambda: panel.says.text() not in (whole, "There is no forecast yet; what it says for a region appears here.")
    )
    assert "36.0° N to 37.0° N" in panel.where.text()
    assert "earthquakes expected; between" in panel.says.text()
    assert f"Made by {ETAS}, fitted on" in panel.by.text()
    panel.magnitude.setValue(6.0)
    assert "Probability of M ≥ 6 on" in panel.says.text()
    assert "rarer with b = 1." in panel.by.text()


def test_the_worth_of_forecasters_is_a_table_and_a_plot(workspace: Any, forecasts: Forecasts) -> None:
    panel, worth = forecasts.worth, forecasts.making.worth
    assert worth is not None
    text = panel.table.text("\t", only_selected=False)
    assert worth.gain_text(ETAS, SMOOTHED) in text
    assert "ETAS" in panel.plots.heading
    assert not panel.etas.isVisible()


def test_attention_is_shown_of_forecasters_that_have_it(
    workspace: Any, forecasts: Forecasts, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = forecasts.bar.quantity
    row = box.findText("Attention of the region")
    assert not box.model().item(row).isEnabled()  # ETAS has none
    forecaster, number = workspace.state.forecaster, forecasts.ahead.shown.grid.number  # type: ignore[union-attr]
    monkeypatch.setattr(type(forecaster), "attention", lambda *_: np.eye(number), raising=False)
    every = SimpleNamespace(number=number, of_cells=np.arange(number))
    monkeypatch.setattr(type(forecaster), "regions", every, raising=False)
    forecasts.ahead.keptChanged.emit()
    assert box.model().item(row).isEnabled()
    box.setCurrentIndex(row)
    box.activated.emit(row)
    qtbot.waitUntil(lambda: forecasts.layer.attention.values is not None)
    assert forecasts.layer.scale is not None
    assert "Attention" in forecasts.layer.scale.name
    assert forecasts.layer.attention.values == pytest.approx(1)
    workspace.state.choose(region=Region.box(36.0, 139.0, 37.0, 140.0))
    qtbot.waitUntil(lambda: forecasts.layer.attention.values is not None and forecasts.layer.attention.values.max() > 2)
    box.activated.emit(0)
    assert not forecasts.layer.shows_attention


def test_what_is_to_be_forecast_is_made_anew(workspace: Any, forecasts: Forecasts, qtbot: Any) -> None:
    before = workspace.state.forecaster
    workspace.state.choose(window=PAPER)
    assert forecasts.ahead.shown is None
    qtbot.waitUntil(lambda: workspace.state.forecaster is not None and not forecasts.making.busy)
    assert workspace.state.forecaster is not before
    assert workspace.state.forecaster.window == PAPER
    qtbot.waitUntil(lambda: forecasts.ahead.shown is not None)
    assert " to " in forecasts.bar.when.text()


def test_why_there_is_no_forecast_is_said(workspace: Any, forecasts: Forecasts, qtbot: Any) -> None:
    workspace.bar.magnitude.setValue(8.5)
    qtbot.waitUntil(lambda: forecasts.making.problem != "")
    assert "choose a lower magnitude" in forecasts.bar.sentence.text()
    assert forecasts.ahead.shown is None
    workspace.bar.magnitude.setValue(4.6)
    qtbot.waitUntil(lambda: forecasts.ahead.shown is not None)


def test_closing_the_catalogue_takes_its_forecast_away(workspace: Any, forecasts: Forecasts) -> None:
    workspace.state.close()
    assert forecasts.ahead.kept is None
    assert forecasts.making.offers == []


@pytest.mark.parametrize("name", ["day.geojson", "day.tif", "days.gif"])
def test_files_are_written(
    workspace: Any, forecasts: Forecasts, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / name
    monkeypatch.setattr("quakeview.app.widgets.saving.QFileDialog.getSaveFileName", lambda *_: (str(path), ""))
    workspace.state.choose(period=(workspace.state.choices.day - 3, workspace.state.choices.day + 1))
    workspace.registry["seismicity.export_forecast"].trigger()
    qtbot.waitUntil(lambda: workspace.notice.sentence.text().endswith(f"is in {path}."))
    assert path.stat().st_size > 1000
    if name.endswith("json"):
        assert json.loads(path.read_text())["forecast"]["forecaster"] == ETAS
