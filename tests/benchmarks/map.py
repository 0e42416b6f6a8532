"""The map of earthquakes with both sections, offscreen, with 1000 and 10 000 events: dragging, zooming, selecting.

Each is timed from the movement of the mouse, or the change, until map and sections have been painted anew; beside it,
how much of that the processor worked. The peer is pyqtgraph's scatter plot with as many points, dragged and zoomed
alike; it draws neither land, nor names, nor sections.
"""

import time
from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from obspy import UTCDateTime
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from quakeview.app.events.map_panel import MapPanel
from quakeview.events.event import Event, Magnitude, Origin
from quakeview.stations.coordinates import Coordinates
from tests.app.pointer import move

COUNTS = (1000, 10_000)
SIZE = (1100, 700)
STATIONS = 100
STEP = QPoint(3, 2)
FRAME_MS = 1000 / 60


def run(quick: bool) -> dict:
    """Quick: fewer movements."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    moves = 30 if quick else 120
    figures: dict[str, dict] = {}
    print(f"{SIZE[0]} x {SIZE[1]} pixels, {STATIONS} stations, {moves} movements; ms until painted anew")
    print(f"{'events':>8} {'':>22} {'median':>8} {'95 %':>8} {'processor':>10}")
    for count in COUNTS:
        figures[str(count)] = found = {**_of_the_map(app, count, moves), **_of_the_peer(app, count, moves)}
        for name, values in found.items():
            print(f"{count:8} {name:>22} {values['median_ms']:8.1f} {values['p95_ms']:8.1f} {values['cpu_ms']:10.1f}")
    drag = figures[str(COUNTS[-1])]["drag"]["cpu_ms"]
    print(f"dragging {COUNTS[-1]} events takes {drag / FRAME_MS:.0%} of a frame of 60 per second")
    return figures


def _of_the_map(app: QApplication, count: int, moves: int) -> dict[str, dict[str, float]]:
    panel = MapPanel()
    panel.resize(*SIZE)
    panel.show()
    events, stations = _network(count)
    panel.set_stations(stations)
    panel.set_events(events)
    _settle(app, panel)
    extent = panel.shown.extent
    found = {"drag": _drag(app, panel.map, moves)}
    ids = panel.shown.columns.ids
    found["zoom"] = _times(app, moves // 4, lambda _: panel.map.zoom_at(1.05, *extent.centre))
    found["select"] = _times(app, moves // 4, lambda turn: panel.select([ids[7 * turn]]))
    panel.forget()
    panel.close()
    panel.deleteLater()
    return found


def _of_the_peer(app: QApplication, count: int, moves: int) -> dict[str, dict[str, float]]:
    events, _ = _network(count)
    plot = pg.PlotWidget()
    plot.resize(*SIZE)
    colours = [pg.mkBrush(pg.intColor(index % 32, 32)) for index in range(count)]
    x, y = ([getattr(event.origin, name) for event in events] for name in ("longitude", "latitude"))
    plot.addItem(pg.ScatterPlotItem(x, y, size=6, brush=colours))
    plot.show()
    _settle(app, plot)
    view = plot.getViewBox()
    before = view.viewRange()
    found = {"pyqtgraph: drag": _drag(app, plot.viewport(), moves)}
    assert view.viewRange() != before, "the plot of the peer did not follow the mouse"
    found["pyqtgraph: zoom"] = _times(app, moves // 4, lambda _: view.scaleBy((1 / 1.05, 1 / 1.05)))
    plot.close()
    plot.deleteLater()
    return found


def _network(count: int) -> tuple[list[Event], dict[tuple[str, str], Coordinates]]:
    """Events and stations over 200 km of California."""
    random, start = np.random.default_rng(1), UTCDateTime(2019, 7, 4)
    places = np.column_stack((random.normal(35.7, 0.4, count), random.normal(-117.6, 0.4, count)))
    depths, magnitudes = random.uniform(1e3, 18e3, count), random.exponential(0.7, count)
    events = [
        Event(Origin(start + 60.0 * number, *place, depth), (Magnitude("ML", magnitude),))
        for number, (place, depth, magnitude) in enumerate(
            zip(places.tolist(), depths.tolist(), magnitudes.tolist(), strict=True)
        )
    ]
    sites = np.column_stack((random.uniform(34.8, 36.6, STATIONS), random.uniform(-118.6, -116.6, STATIONS)))
    return events, {("CI", f"S{number:03d}"): Coordinates(*site, 0.0) for number, site in enumerate(sites.tolist())}


def _drag(app: QApplication, widget: QWidget, moves: int) -> dict[str, float]:
    start = widget.rect().center() - STEP * (moves // 2)
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    move(widget, start + STEP * 5, Qt.MouseButton.LeftButton)
    app.processEvents()
    found = _times(app, moves, lambda turn: move(widget, start + STEP * (turn + 6), Qt.MouseButton.LeftButton), 0.011)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=start + STEP * (moves + 6))
    return found


def _times(app: QApplication, turns: int, change: Callable[[int], object], pause: float = 0.0) -> dict[str, float]:
    """Of changes, each after a ``pause`` in seconds: pyqtgraph leaves out movements that follow each other faster."""
    seconds = []
    for turn in range(turns):
        time.sleep(pause)
        begin = time.perf_counter(), time.process_time()
        change(turn)
        app.processEvents()
        seconds.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
    wall, worked = 1000 * np.array(seconds).T
    figures = {"median_ms": np.median(wall), "p95_ms": np.percentile(wall, 95), "cpu_ms": np.median(worked)}
    return {name: round(float(value), 1) for name, value in figures.items()}


def _settle(app: QApplication, widget: QWidget) -> None:
    """Until the ground has been read and everything is on screen."""
    end = time.monotonic() + 3.0
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.02)
    widget.grab()
