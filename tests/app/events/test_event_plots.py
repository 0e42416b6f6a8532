"""Plots of one event: every point is a pick that can be chosen, and what does not count is seen and named."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from quakeview.app.drawing import theme
from quakeview.app.events.event_plots import NO_PICKS, NOTHING, EventPlots
from quakeview.app.events.readings_plot import View
from quakeview.colours import DARK, LIGHT
from quakeview.errors import QuakeViewError
from quakeview.events.double_couple import frames, rotations
from quakeview.events.event import Arrival, Event
from quakeview.events.locating import Locator
from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import PUBLISHED
from quakeview.monitoring.picks import Pick
from quakeview.stations.coordinates import Coordinates, epicentral_path
from quakeview.waveforms.channels import ChannelId
from tests.app.events.making import TIME, made_event
from tests.app.pointer import move
from tests.events.polarities import STRIKE_SLIP, with_polarities

MODEL = PUBLISHED["Southern California"]
DEPTH, RATIO = 8_000.0, 1.73
LATE = ("CI", "S04")
"""Its P is 3 s late, its S is not."""


def network() -> tuple[Event, dict[str, Pick], dict[tuple[str, str], Coordinates]]:
    """An earthquake at 16 stations whose picks are those of the model, but for one."""
    random = np.random.default_rng(4)
    places = random.uniform(-0.5, 0.5, (16, 2)) + np.array([35.71, -117.5])
    stations = {("CI", f"S{i:02d}"): Coordinates(*place, 0.0) for i, place in enumerate(places.tolist())}
    picks, arrivals, tables = {}, [], travel_times(MODEL)
    for key, place in stations.items():
        path = epicentral_path(35.71, -117.5, place)
        for phase in "PS":
            time = float(tables.first(phase, np.array([path.distance]), DEPTH)[0])
            time += 3.0 if (key, phase) == (LATE, "P") else 0.0
            pick = Pick(ChannelId(*key, "", "HHZ"), phase, TIME + time, resource_id=f"{phase}{key[1]}")
            picks[pick.resource_id] = pick
            wrong = key == LATE and phase == "P"
            residual = 3.0 if wrong else 0.01
            weight = 0.0 if wrong else 1.0
            arrivals.append(Arrival(pick.resource_id, phase, path.distance, path.azimuth, residual, weight))
    return made_event("quake", depth=DEPTH, arrivals=tuple(arrivals)), picks, stations


EVENT, PICKS, STATIONS = network()


@pytest.fixture
def plots(qtbot: Any) -> Iterator[EventPlots]:
    plots = EventPlots()
    qtbot.addWidget(plots)
    plots.resize(640, 480)
    plots.show()
    plots.set_stations(STATIONS)
    plots.set_picks(PICKS)
    plots.set_event(EVENT)
    yield plots
    plots.forget()
    plots.map.wait()
    plots.map.ground.wait()


def show(plots: EventPlots, view: View) -> None:
    plots.view.setCurrentText(view)
    QApplication.processEvents()


def spot(plots: EventPlots, pick_id: str) -> QPoint:
    """The pixel of a pick in the plot's viewport."""
    plot = plots.plot
    (point,) = [point for point in plot.drawn.points if point.reading.pick_id == pick_id]
    return plot.mapFromScene(plot.plots[0].vb.mapViewToScene(QPointF(point.x, point.y)))


def of(plots: EventPlots, pick_id: str) -> tuple[float, float]:
    (point,) = [point for point in plots.plot.drawn.points if point.reading.pick_id == pick_id]
    return point.x, point.y


def test_residuals_by_distance_and_azimuth(plots: EventPlots) -> None:
    arrival = next(each for each in EVENT.origin.arrivals if each.pick_id == "PS07")
    show(plots, View.RESIDUALS)
    assert of(plots, "PS07") == pytest.approx((arrival.distance / 1000, 0.01))
    assert "RMS 0.01 s of those that count" in plots.plot.heading
    show(plots, View.RESIDUALS_BY_AZIMUTH)
    assert of(plots, "PS07") == pytest.approx((arrival.azimuth, 0.01))
    assert len(plots.plot.drawn.points) == 32
    assert [point.reading.pick_id for point in plots.plot.drawn.points if not point.counts] == ["PS04"]


def test_what_does_not_count_is_hollow_and_named(plots: EventPlots) -> None:
    show(plots, View.RESIDUALS)
    plots.clearFocus()
    image = plots.plot.viewport().grab().toImage()
    assert image.pixelColor(spot(plots, "PS04")).lightnessF() > 0.9
    assert image.pixelColor(spot(plots, "SS07")).lightnessF() < 0.6
    names = [item.toPlainText() for item in plots.plot.plots[0].items if isinstance(item, pg.TextItem)]
    assert names == ["S04"]
    assert "hollow: does not count" in plots.plot.heading


def test_travel_times_lie_on_the_curves_of_the_model(plots: EventPlots, qtbot: Any) -> None:
    show(plots, View.TIMES)
    assert plots.plot.drawn.lines == []
    plots.set_velocity_model(MODEL)
    qtbot.waitUntil(lambda: len(plots.plot.drawn.lines) == 2, timeout=20_000)
    for phase, line in zip("PS", plots.plot.drawn.lines, strict=True):
        x, y = of(plots, f"{phase}S07")
        assert np.interp(x, line[0], line[1]) == pytest.approx(y, abs=0.02)
    assert "Southern California" in plots.plot.heading
    show(plots, View.REDUCED)
    line = plots.plot.drawn.lines[0]
    x, y = of(plots, "PS07")
    assert np.interp(x, line[0], line[1]) == pytest.approx(y, abs=0.02)
    assert y < x / 6.0 + 8
    plots.set_velocity_model(None)
    assert plots.plot.drawn.lines == []


def test_wadati_finds_the_ratio_and_names_the_outlier(plots: EventPlots) -> None:
    show(plots, View.WADATI)
    drawn = plots.plot.drawn
    assert drawn.words.startswith("Vp/Vs 1.73")
    assert drawn.words.endswith("1 left out")
    assert [point.reading.station for point in drawn.points if not point.counts] == [LATE]
    few = EVENT.with_(origin=made_event("few", arrivals=EVENT.origin.arrivals[:4]).origin)
    plots.set_event(few)
    assert "pick more S" in plots.plot.drawn.problem
    assert len(plots.plot.drawn.points) == 2


def test_a_click_chooses_the_pick_and_hovering_names_its_station(plots: EventPlots, qtbot: Any) -> None:
    show(plots, View.TIMES)
    said: list[str] = []
    plots.hoverText.connect(said.append)
    for at in (QPoint(40, 30), QPoint(0, 0)):
        move(plots.plot.viewport(), spot(plots, "SS07") + at)
        qtbot.wait(50)  # pyqtgraph leaves out moves that follow each other fast
    qtbot.waitUntil(lambda: bool(said), timeout=5_000)
    assert said[-1].startswith("CI.S07  ·  S ")
    assert "residual +0.01 s" in said[-1]
    with qtbot.waitSignal(plots.pickClicked) as clicked:
        qtbot.mouseClick(plots.plot.viewport(), Qt.MouseButton.LeftButton, pos=spot(plots, "SS07"))
    assert clicked.args == ["SS07"]


def test_points_by_keys(plots: EventPlots, qtbot: Any) -> None:
    show(plots, View.RESIDUALS)
    ordered = [each.reading.pick_id for each in sorted(plots.plot.drawn.points, key=lambda each: (each.x, each.y))]
    for _ in range(3):
        qtbot.keyClick(plots.plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(plots.plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(plots.pickClicked) as clicked:
        qtbot.keyClick(plots.plot, Qt.Key.Key_Return)
    assert clicked.args == [ordered[1]]


def test_a_marked_pick_keeps_its_ring_from_plot_to_plot(plots: EventPlots) -> None:
    plots.mark_pick("PS07")
    for view in (View.TIMES, View.RESIDUALS):
        show(plots, view)
        assert plots.plot.pointed == "PS07"
        x, y = plots.plot._ring.getData()
        assert (x[0], y[0]) == pytest.approx(of(plots, "PS07"))
    show(plots, View.ARRIVALS)
    plots.mark_pick("PS07")
    assert plots.map.pointed.station == ("CI", "S07")


def test_arrival_times_on_the_map(plots: EventPlots, qtbot: Any) -> None:
    show(plots, View.ARRIVALS)
    view = plots.map
    qtbot.waitUntil(lambda: view._field is not None, timeout=20_000)
    assert view.wrong == {LATE}
    assert view.times.name == "P time"
    index = view.shown.station_columns.keys.index(LATE)
    x, y = view.shown.station_columns.x[index], view.shown.station_columns.y[index]
    at = view.frame.at(x, y).toPoint()
    image = view.grab().toImage()
    ring = {image.pixelColor(at + QPoint(dx, 0)).name() for dx in range(9, 14)}
    assert QColor(LIGHT.error).name() in ring
    with qtbot.waitSignal(plots.pickClicked) as clicked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert clicked.args == ["PS04"]
    assert "not as stations at this distance" in view.station_text(LATE)
    plots.family.setCurrentText("S")
    assert view.wrong == set()
    assert view.readings[LATE].pick_id == "SS04"


def test_the_map_of_times_is_earliest_at_the_epicentre(plots: EventPlots, qtbot: Any) -> None:
    show(plots, View.ARRIVALS)
    qtbot.waitUntil(lambda: plots.map._field is not None, timeout=20_000)
    field = plots.map._field
    assert field is not None
    column, row = np.unravel_index(int(np.nanargmin(field.time)), field.time.shape)
    x, y = plots.map.shown.columns.x[0], plots.map.shown.columns.y[0]
    assert np.hypot(field.x[column] - x, field.y[row] - y) < 25_000


def test_an_edited_event_keeps_the_view_of_the_map(plots: EventPlots) -> None:
    show(plots, View.ARRIVALS)
    plots.map.zoom_at(2.0, *plots.map.shown.extent.centre)
    extent = plots.map.shown.extent
    plots.set_event(EVENT.with_(name="edited"))
    assert plots.map.shown.extent == extent


def test_first_motions_are_fitted_when_they_are_wanted(plots: EventPlots, qtbot: Any) -> None:
    show(plots, View.FIRST_MOTIONS)
    assert plots.first_motions.lines() == ["Reading the velocity model…"]
    plots.set_locator(None, "No station has coordinates.")
    assert plots.first_motions.lines() == ["No station has coordinates."]
    locator = Locator(STATIONS, MODEL)
    read = with_polarities(PICKS.values(), locator, (35.71, -117.5, DEPTH))
    plots.set_locator(locator)
    qtbot.waitUntil(lambda: "has no first motion" in " ".join(plots.first_motions.lines()), timeout=20_000)
    plots.set_picks({pick.resource_id: pick for pick in read})
    qtbot.waitUntil(lambda: plots.first_motions.solution.mechanism is not None, timeout=20_000)
    found = plots.first_motions.solution.mechanism
    assert found.polarities == 15  # that of the late P is not used
    assert rotations(frames(found.strike, found.dip, found.rake), frames(*STRIKE_SLIP)) < 40
    assert plots.first_motions.lines()[-1].startswith("Rays in Southern California, with another one than the event")
    with qtbot.waitSignal(plots.pickClicked) as clicked:
        at = plots.first_motions.place_of("PS07").toPoint()
        qtbot.mouseClick(plots.first_motions, Qt.MouseButton.LeftButton, pos=at)
    assert clicked.args[0][0] == "P"


def test_what_was_fitted_for_another_event_is_not_shown(plots: EventPlots, qtbot: Any) -> None:
    show(plots, View.FIRST_MOTIONS)
    plots.set_locator(Locator(STATIONS, MODEL))
    qtbot.waitUntil(lambda: plots.first_motions.solution is not None, timeout=20_000)
    other = EVENT.with_(resource_id="other")
    plots.set_event(other)
    assert plots.first_motions.solution is None
    plots.set_event(None)
    qtbot.wait(300)
    assert plots.first_motions.solution is None


def test_nothing_to_plot_is_said(plots: EventPlots) -> None:
    plots.set_event(None)
    assert plots.empty.isVisible()
    assert plots.empty.text() == NOTHING
    with pytest.raises(QuakeViewError, match="Select one event"):
        plots.picture(".png")
    plots.set_picks({})
    plots.set_event(EVENT)
    assert plots.empty.text() == NO_PICKS


@pytest.mark.parametrize("view", list(View))
def test_pictures(plots: EventPlots, view: View) -> None:
    show(plots, view)
    image = QImage.fromData(plots.picture(".png"))
    assert image.width() > 1000
    assert b"<svg" in plots.picture(".svg")


def test_dark_and_accessible(plots: EventPlots, qtbot: Any) -> None:
    show(plots, View.TIMES)
    QApplication.setPalette(theme.palette(DARK))
    try:
        corner = QPoint(3, plots.plot.height() - 3)
        qtbot.waitUntil(lambda: plots.plot.viewport().grab().toImage().pixelColor(corner) == QColor(DARK.base))
        assert plots.plot.accessibleName() == "Travel times"
        assert plots.view.accessibleName() == "What is plotted"
    finally:
        QApplication.setPalette(theme.palette(LIGHT))
