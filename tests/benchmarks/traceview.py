"""Redraw of 24 h x 30 channels at 100 Hz while panning, beside pyqtgraph's peak downsampling in the same process.

Both draw 1600 x 900 pixels offscreen. Also: how long the pyramids take, and changes of filter over the whole day.
"""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from obspy import UTCDateTime
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QWidget

from quakeview.app.traces import StationRow, TraceView
from quakeview.app.waveforms.reading import Records, read_records
from quakeview.jobs import Progress
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.display import DisplayRecord
from quakeview.waveforms.filters import Filter
from quakeview.waveforms.pyramid import MinMaxPyramid

RATE = 100.0
START = UTCDateTime(2020, 1, 1)
SIZE = (1600, 900)
SPANS = {"24 h": 86_400, "6 h": 21_600, "1 h": 3600, "10 min": 600, "1 min": 60, "10 s": 10}
STEP = 0.004
FILTERS = (Filter(low=1.0, high=10.0), Filter(low=2.0, high=15.0), Filter(low=0.05, high=0.5))


def run(quick: bool) -> dict:
    """Quick: 6 channels and fewer frames."""
    n_channels, frames = (6, 15) if quick else (30, 40)
    app = QApplication.instance() or QApplication([])
    records, build = _records(n_channels)
    view = _our_view(records)
    ours = {label: _panning(app, view, view.set_view, span, frames) for label, span in SPANS.items()}
    view.close()
    plots, set_range = _their_view(records)
    few = max(5, frames // 4)
    theirs = {label: _panning(app, plots.viewport(), set_range, span, few) for label, span in SPANS.items()}
    plots.close()
    changes = _filter_changes(records)

    print(
        f"{n_channels} channels x 24 h x {RATE:g} Hz, {SIZE[0]} x {SIZE[1]} pixels; median ms per frame while panning"
    )
    print(f"{'in view':>8} {'QuakeView':>10} {'pyqtgraph':>10} {'ratio':>7}")
    for label in SPANS:
        print(f"{label:>8} {ours[label]:10.1f} {theirs[label]:10.1f} {theirs[label] / ours[label]:7.1f}")
    print(f"pyramids, all channels: {build:.2f} s")
    for label, seconds in changes.items():
        print(
            f"new filter, {label}: {seconds['all']:.2f} s ({seconds['cpu']:.2f} s CPU), first {seconds['first']:.2f} s"
        )
    return {
        "channels": n_channels,
        "redraw_ms": ours,
        "pyqtgraph_ms": theirs,
        "ratio_24h": theirs["24 h"] / ours["24 h"],
        "pyramids_s": build,
        "filter_s": changes,
    }


class _Shown(Progress):
    """Takes the records as the window does."""

    def __init__(self, records: dict[ChannelId, Records]) -> None:
        super().__init__()
        self.records = records
        self.came: list[float] = []

    def on_publish(self, partial: Any) -> None:
        channel_id, self.records[channel_id] = partial
        self.came.append(time.perf_counter())


def _filter_changes(records: list[DisplayRecord]) -> dict[str, dict[str, float]]:
    """Seconds from a change of filter until the first and all channels are there, and of all threads.

    The first change also asks the system for the memory of the filtered samples.
    """
    shown = {record.channel_id: (record,) for record in records}
    records.clear()
    changes = {}
    for filter in FILTERS:
        progress = _Shown(shown)
        begin, cpu = time.perf_counter(), sum(os.times()[:2])
        read_records(Archive(), list(shown), dict(shown), filter, progress)
        seconds = {"first": progress.came[0] - begin, "all": progress.came[-1] - begin}
        changes[filter.label] = seconds | {"cpu": sum(os.times()[:2]) - cpu}
    return changes


def _records(n_channels: int) -> tuple[list[DisplayRecord], float]:
    """Noise with a slow drift, shifted from channel to channel; and the seconds that all pyramids took."""
    rng = np.random.default_rng(0)
    noise = rng.standard_normal(round(86_400 * RATE)).astype(np.float32)
    noise += 0.02 * np.cumsum(rng.standard_normal(len(noise), dtype=np.float32))
    records, seconds = [], 0.0
    for number in range(n_channels):
        channel_id = ChannelId("XX", f"S{number // 3:02d}", "", "HH" + "ZNE"[number % 3])
        data = np.roll(noise, 10_007 * number)
        begin = time.perf_counter()
        pyramid = MinMaxPyramid(data)
        seconds += time.perf_counter() - begin
        records.append(DisplayRecord(channel_id, START, RATE, data, pyramid, Filter(detrend=False), data))
    return records, seconds


def _our_view(records: list[DisplayRecord]) -> TraceView:
    view = TraceView()
    view.resize(*SIZE)
    for record in records:
        view.set_record(record.channel_id, record)
    rows = []
    for number in range(0, len(records), 3):
        ids = [record.channel_id for record in records[number : number + 3]]
        channels = tuple((channel_id.channel[-1], channel_id) for channel_id in ids)
        rows.append(StationRow(Instrument.of(ids[0]), f"{ids[0].network}.{ids[0].station}", "", channels))
    view.set_stations(rows)
    view.set_visible_stations(len(rows))
    view.set_limits(START.timestamp, START.timestamp + 86_400)
    view.show()
    return view


def _their_view(records: list[DisplayRecord]) -> tuple:
    """One plot, every channel a ``PlotDataItem`` with automatic peak downsampling, clipped to the view."""
    import pyqtgraph as pg

    plots = pg.PlotWidget()
    plots.resize(*SIZE)
    item = plots.getPlotItem()
    item.disableAutoRange()
    item.setClipToView(True)
    item.setDownsampling(auto=True, mode="peak")
    times = START.timestamp + np.arange(len(records[0].data)) / RATE
    for number, record in enumerate(records):
        scaled = record.data / (2 * np.abs(record.data).max()) + number
        item.plot(times, scaled, pen=pg.mkPen("k", width=1), skipFiniteCheck=True)
    item.setYRange(-0.5, len(records) - 0.5, padding=0)
    plots.show()
    return plots, lambda first, last: item.setXRange(first, last, padding=0)


def _panning(
    app: QCoreApplication, widget: QWidget, set_view: Callable[[float, float], object], span: float, frames: int
) -> float:
    """Median milliseconds from the new view to the painted widget; the first frame does not count."""
    first = START.timestamp + (0 if span > 80_000 else 30_000)
    seconds = []
    app.processEvents()
    for frame in range(frames + 1):
        shift = STEP * span * (frame - frames / 2)
        begin = time.perf_counter()
        set_view(first + shift, first + shift + span)
        widget.repaint()
        app.processEvents()
        seconds.append(time.perf_counter() - begin)
    return 1000 * float(np.median(seconds[1:]))
