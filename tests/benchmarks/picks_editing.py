"""Editing picks in the real window, offscreen, with 10, 1000 and 100 000 of them in the project.

An edit lasts from the key (or the release of the mouse) until traces and table have been painted anew; beside it, how
much of that the processor worked: the rest is waiting for the disk, and for other programs. What the window still does
afterwards is timed too: the longest stretch in the following quarter of a second in which it answers to nothing. Then
the filter of the table. The peer is the same window with 10 picks.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import obspy
from obspy import UTCDateTime
from PySide6.QtCore import QEvent, QObject, QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from quakeview.app.main import build
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.project import AddPicks
from quakeview.waveforms.channels import ChannelId
from tests.app.program import Program

START = UTCDateTime(2020, 1, 1)
HOURS = 24
STATIONS = 8
RATE = 10.0
COUNTS = (10, 1000, 100_000)
VIEW = 120.0
"""Seconds in view: some ten picks per station with 100 000 in the day."""
QUIET = 0.25
_WIDTHS = {"median_ms": 9, "p95_ms": 9, "cpu_ms": 11, "pause_ms": 21}
FILTERS = ("S03", "p 13:4", "fake 0.5", "")


def run(quick: bool) -> dict:
    """Quick: a few edits of each kind."""
    repeats = 8 if quick else 40
    figures: dict[str, dict] = {}
    print(f"{STATIONS} stations, {HOURS} h; {repeats} edits of each kind; ms until traces and table are painted")
    print(f"{'picks':>8} {'edit':>8} {'median':>8} {'95 %':>8} {'processor':>10} {'longest pause after':>20}")
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            found = _in_the_window(Path(folder), count, repeats)
        figures[str(count)] = found
        for name, values in found.items():
            row = "".join(f"{values[key]:>{width}.1f}" for key, width in _WIDTHS.items() if key in values)
            print(f"{count:8} {name:>8}{row}", flush=True)
    most, fewest = figures[str(COUNTS[-1])], figures[str(COUNTS[0])]
    ratios = {name: round(most[name]["median_ms"] / fewest[name]["median_ms"], 2) for name in most}
    print(f"{COUNTS[-1]} picks beside {COUNTS[0]}: " + ", ".join(f"{name} {ratio}" for name, ratio in ratios.items()))
    return figures | {"ratio": ratios}


def _in_the_window(folder: Path, count: int, repeats: int) -> dict[str, dict[str, float]]:
    """Figures of every kind of edit, with ``count`` picks in the project."""
    os.environ |= {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "DATA", "CONFIG", "CACHE")}
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "config"))
    channels = _write_records(folder / "day.mseed")
    controller = Program(build(list))
    controller.window.resize(1360, 860)
    controller.window.show()
    controller.start([folder / "day.mseed"])
    _process_until(lambda: _is_loaded(controller, len(channels)))
    controller.session.book.apply(AddPicks(_picks(count, channels)))
    bench = _Bench(controller)
    try:
        return bench.edits(repeats) | {"filter": bench.filter(max(2, repeats // len(FILTERS)))}
    finally:
        controller.window.close()
        controller.window.deleteLater()
        QApplication.processEvents()


def _write_records(path: Path) -> list[ChannelId]:
    """Noise at every station, as MiniSEED."""
    rng = np.random.default_rng(0)
    noise = (1000 * rng.standard_normal(round(HOURS * 3600 * RATE))).astype(np.int32)
    stream = obspy.Stream()
    for number in range(STATIONS):
        for letter in "ZNE":
            header = {"network": "XX", "station": f"S{number:02d}", "channel": f"BH{letter}", "sampling_rate": RATE}
            data = np.roll(noise, 10_007 * len(stream))
            stream += obspy.Trace(data, header | {"starttime": START})
    stream.write(str(path), "MSEED")
    return [ChannelId(*trace.id.split(".")) for trace in stream]


def _picks(count: int, channels: list[ChannelId]) -> list[Pick]:
    """P on verticals and S on horizontals all through the day, as a picker leaves them."""
    rng = np.random.default_rng(1)
    times = START.timestamp + np.sort(rng.uniform(0, HOURS * 3600, count))
    probabilities = rng.uniform(0.3, 1.0, count)
    picks = []
    for number, (moment, probability) in enumerate(zip(times, probabilities, strict=True)):
        phase = "PS"[number % 2]
        channel = channels[3 * int(rng.integers(STATIONS)) + number % 2]
        time_ns = int(moment * 1e9)
        picks.append(
            Pick(channel, phase, UTCDateTime(ns=time_ns), PickStatus.AUTOMATIC, float(probability), model="Fake")
        )
    return picks


def _is_loaded(controller: Program, channels: int) -> bool:
    return len(controller.session.records) == channels and not controller.window.runner.active


def _process_until(done: Callable[[], bool], limit: float = 60.0) -> None:
    end = time.perf_counter() + limit
    while not done():
        if time.perf_counter() > end:
            raise TimeoutError("The window did not get there.")
        QApplication.processEvents()


class _Painted(QObject):
    """Which of the watched widgets were painted since ``begin``."""

    def __init__(self, widgets: list[QWidget]) -> None:
        super().__init__()
        self._widgets = widgets
        self._seen: set[QWidget] = set()
        for widget in widgets:
            widget.installEventFilter(self)

    def begin(self) -> None:
        self._seen.clear()

    def all(self) -> bool:
        return len(self._seen) == len(self._widgets)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self._seen.add(watched)
        return False


class _Bench:
    """Edits as a person does them, timed."""

    def __init__(self, controller: Program) -> None:
        self.controller = controller
        self.workspace = controller.workspace
        self.view = controller.workspace.view
        self.rng = np.random.default_rng(2)
        self.painted = _Painted([self.view, self.workspace.picks.table.viewport()])
        self._settle()

    def edits(self, repeats: int) -> dict[str, dict[str, float]]:
        """P under the mouse, a drag of it, undo of both, and Delete, ``repeats`` times somewhere in the day."""
        seconds: dict[str, list[tuple[float, ...]]] = {name: [] for name in ("P", "drag", "undo", "delete")}
        for _ in range(repeats + 1):
            first = START.timestamp + self.rng.uniform(0, HOURS * 3600 - VIEW)
            self.view.set_view(first, first + VIEW)
            self._settle()
            place = self._place()
            QTest.mouseMove(self.view, place)
            self._settle()
            seconds["P"].append(self._timed(lambda: QTest.keyClick(self.view, Qt.Key.Key_P)))
            drop = self._take_flag()
            seconds["drag"].append(
                self._timed(lambda drop=drop: QTest.mouseRelease(self.view, Qt.MouseButton.LeftButton, pos=drop))
            )
            seconds["undo"].append(self._timed(self._undo))
            seconds["delete"].append(self._timed(lambda: QTest.keyClick(self.view, Qt.Key.Key_Delete)))
        return {name: _summary(values[1:]) for name, values in seconds.items()}

    def filter(self, repeats: int) -> dict[str, float]:
        """Each text of ``FILTERS`` set in the field of the table."""
        table, search = self.workspace.picks.table, self.workspace.picks.search
        seconds = []
        for text in FILTERS * repeats:
            begin, cpu = time.perf_counter(), time.thread_time()
            search.setText(text)
            table.viewport().repaint()
            seconds.append((time.perf_counter() - begin, time.thread_time() - cpu))
            self._settle()
        return _summary(seconds)

    def _timed(self, edit: Callable[[], None]) -> tuple[float, float, float]:
        """Seconds until everything is painted, those the processor worked, and the longest pause after that."""
        self.painted.begin()
        before = self.controller.session.project.undo_text
        begin, cpu = time.perf_counter(), time.thread_time()
        edit()
        _process_until(self.painted.all, 120)
        seconds, worked = time.perf_counter() - begin, time.thread_time() - cpu
        if self.controller.session.project.undo_text == before:
            raise RuntimeError("The edit did nothing.")
        return seconds, worked, self._longest_pause()

    def _longest_pause(self) -> float:
        end, longest = time.perf_counter() + QUIET, 0.0
        while (begin := time.perf_counter()) < end:
            QApplication.processEvents()
            longest = max(longest, time.perf_counter() - begin)
        return longest

    def _settle(self) -> None:
        self._longest_pause()

    def _place(self) -> QPoint:
        """Somewhere on a vertical trace."""
        rows = [row for band in self.view.bands for row in band.components[:1]]
        row = rows[self.rng.integers(len(rows))].rect
        return QPoint(round(row.left() + row.width() * self.rng.uniform(0.2, 0.8)), round(row.center().y()))

    def _take_flag(self) -> QPoint:
        """Press the flag of the selected pick and pull it; returns where to let go."""
        flag = self.view._flag_of(self.view.selected_pick)
        grip = flag.rect.center().toPoint()
        QTest.mousePress(self.view, Qt.MouseButton.LeftButton, pos=grip)
        for step in (10, 20, 30):
            QTest.mouseMove(self.view, grip + QPoint(step, 0))
        self._settle()
        return grip + QPoint(30, 0)

    def _undo(self) -> None:
        QTest.keyClick(self.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def _summary(values: list[tuple[float, ...]]) -> dict[str, float]:
    """In milliseconds: of the seconds, of the processor's, and of the pauses if they were looked for."""
    seconds, worked, *pauses = np.array(values).T * 1000
    found = {
        "median_ms": float(np.median(seconds)),
        "p95_ms": float(np.percentile(seconds, 95)),
        "cpu_ms": float(np.median(worked)),
    }
    if pauses:
        found["pause_ms"] = float(pauses[0].max())
    return {name: round(value, 1) for name, value in found.items()}
