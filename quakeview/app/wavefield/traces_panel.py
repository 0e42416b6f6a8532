"""Seismograms and spectra at the points chosen on the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from quakeview.app import theme
from quakeview.app.tables import RowsModel, Table
from quakeview.app.texts import captioned
from quakeview.app.wavefield.measures import delay_note
from quakeview.app.wavefield.overlays import mark_colour
from quakeview.app.wavefield.panel import Panel, caveat, time_range, tool_button
from quakeview.app.wavefield.plots import Plots, curve_pen, line_colour
from quakeview.jobs import Progress
from quakeview.wavefield.header import Wavefield
from quakeview.wavefield.intensity import mmi_from_pgv, roman
from quakeview.wavefield.measures import fourier_amplitude

COMPONENTS = ("X", "Y", "Z")
_TIP = "Ground velocity: X along the fault, Y across it, Z up. Click to go to a time."
COLUMNS = ("Point", "PGV (cm/s)", "T_PGV (s)", "MMI", "X (km)", "Y (km)", "Longitude (°)", "Latitude (°)")
HEADROOM = 1.12
SPECTRA_WIDTH, SHARES = 300, (3, 2)
DECADES = 3.5
"""Of the spectra on screen."""
SHORTEST = 16
"""Samples before a spectrum is drawn."""
SPECTRA_HEADROOM, FAINTEST = 1.5, 1e-12
_EMPTY = "Click a point of the map, or press Enter at its crosshair, to see the ground velocity and its spectrum there."
_NONE = "Open or simulate a scenario, then click points of its map to see their seismograms here."
_BEFORE = "The simulation has not written a frame yet; the traces will grow here as soon as it has."


@dataclass(frozen=True)
class PointTrace:
    """What was read at a node.

    Attributes:
        x, y: of the node, m.
        longitude, latitude: degrees.
        times: (nt,), s after the origin time.
        velocity: (3, nt) along X, Y and up, m/s.
    """

    x: float
    y: float
    longitude: float
    latitude: float
    times: NDArray[np.float64]
    velocity: NDArray[np.float32]

    @cached_property
    def horizontal(self) -> NDArray[np.float32]:
        return np.hypot(self.velocity[0], self.velocity[1])

    @property
    def pgv(self) -> float:
        return float(self.horizontal.max())

    @property
    def t_pgv(self) -> float:
        return float(self.times[self.horizontal.argmax()])

    def spectrum(self, component: int) -> tuple[NDArray, NDArray]:
        """Frequencies, Hz, and amplitudes, m, of a component, or of the horizontal ones together (3)."""
        frequencies, amplitudes = fourier_amplitude(self.velocity, self.times[1] - self.times[0])
        return frequencies, amplitudes[component] if component < 3 else np.hypot(amplitudes[0], amplitudes[1])


def read_points(
    wavefield: Wavefield, points: Sequence[tuple[float, float]], progress: Progress = Progress()
) -> list[PointTrace]:
    """The frames there are so far, at each point (m)."""
    read = []
    for number, (x, y) in enumerate(points):
        progress.advance(number, len(points))
        velocity = wavefield.trace(x, y)
        times = wavefield.start_time + wavefield.frame_step * np.arange(velocity.shape[1], dtype=np.float64)
        longitude, latitude = wavefield.region.to_geographic(x, y)
        read.append(PointTrace(x, y, float(longitude), float(latitude), times, velocity))
    return read


class PointsModel(RowsModel):
    """Rows are (number from 0, ``PointTrace``)."""

    columns = COLUMNS

    def text(self, row: Any, column: str) -> str:
        number, point = row
        return {
            "Point": str(number + 1),
            "X (km)": f"{point.x / 1000:.2f}",
            "Y (km)": f"{point.y / 1000:.2f}",
            "Longitude (°)": f"{point.longitude:.4f}",
            "Latitude (°)": f"{point.latitude:.4f}",
            "PGV (cm/s)": f"{100 * point.pgv:.3g}",
            "T_PGV (s)": f"{point.t_pgv:.2f}",
            "MMI": roman(float(mmi_from_pgv(point.pgv))),
        }[column]

    def key(self, row: Any) -> int:
        return row[0]

    def sort_value(self, row: Any, column: str) -> Any:
        number, point = row
        if column == "MMI":
            return point.pgv
        return number if column == "Point" else float(self.text(row, column))

    def extra(self, row: Any, column: str, role: int) -> Any:
        if column == "Point" and role == Qt.ItemDataRole.DecorationRole:
            return mark_colour(row[0])
        return None


class TracesPanel(Panel):
    """Points, their velocity along X, Y and up, and amplitude spectra up to the simulated frequency.

    Signals:
        pointsChanged: list of (x, y), m, of the nodes chosen, in the order of their numbers.
        timeChosen: a click into the traces, s after the origin time.
    """

    pointsChanged = Signal(object)
    timeChosen = Signal(float)

    def __init__(self) -> None:
        super().__init__("Traces", _NONE)
        self._points: list[tuple[float, float]] = []
        self._read: list[PointTrace] = []
        self._time = 0.0
        self._span = (0.0, 1.0)
        self._limit: float | None = None
        self._reader = self.background("Reading the traces")
        self._reader.ready.connect(self._show)
        self._reader.failed.connect(self.show_empty)
        self.scale = QComboBox()
        self.scale.addItems(["Common amplitude scale", "Own amplitude scales"])
        self.scale.setAccessibleName("Amplitude scale of the traces")
        self.scale.currentIndexChanged.connect(self._draw)
        self.spectrum = QComboBox()
        self.spectrum.addItems(["Spectrum of X", "Spectrum of Y", "Spectrum of Z", "Spectrum of X and Y"])
        self.spectrum.setCurrentIndex(3)
        self.spectrum.setAccessibleName("Component of the spectrum")
        self.spectrum.currentIndexChanged.connect(self._draw)
        self.model = PointsModel()
        self.table = Table(self.model, "Points")
        self.table.selectionModel().selectionChanged.connect(self._draw)
        self.caveat = captioned("", "caption")
        self.caveat.setWordWrap(True)
        self.plots = Plots("Traces and spectra")
        self._add_plots()
        self._arrange()
        self.show_empty()

    @property
    def points(self) -> list[tuple[float, float]]:
        """The nodes chosen, m."""
        return list(self._points)

    def add_point(self, x: float, y: float) -> None:
        """Choose the node nearest to ``x``, ``y`` (m), or select it where it already was chosen."""
        if self.wavefield is None:
            return
        ix, iy = self.wavefield.nearest(x, y)
        node = float(self.wavefield.x[ix]), float(self.wavefield.y[iy])
        if node in self._points:
            self.table.select_key(self._points.index(node))
        else:
            self._set_points([*self._points, node])

    def remove_selected(self) -> None:
        """Give up the points selected in the table, or the last one."""
        gone = self.table.selected_keys() or [len(self._points) - 1]
        self._set_points([point for number, point in enumerate(self._points) if number not in gone])

    def clear(self) -> None:
        """Give up all points."""
        self._set_points([])

    def save_table(self, path: Path) -> None:
        """The points as CSV. Raises ``OSError``."""
        self.table.save(path)

    def show_wavefield(self) -> None:
        self._set_points([])

    def grow(self) -> None:
        self._ask()

    def set_time(self, time: float) -> None:
        self._time = time
        for cursor in self.cursors:
            cursor.setValue(time)

    def restyle(self) -> None:
        self._draw()

    def picture_parts(self) -> Sequence[QWidget]:
        return [self.plots]

    def _add_plots(self) -> None:
        self._traces = [
            self.plots.add(row, 0, "Time after origin (s)" if row == 2 else "", f"{component} (cm/s)")
            for row, component in enumerate(COMPONENTS)
        ]
        self._spectra = self.plots.add(0, 1, "Frequency (Hz)", "Amplitude (cm)", log=True, rowspan=3)
        self._spectra.setMouseEnabled(False, False)
        self.cursors = []
        for plot in self._traces:
            plot.setMouseEnabled(True, False)
            plot.setXLink(self._traces[0])
            self.cursors.append(pg.InfiniteLine(angle=90))
        for column, share in enumerate(SHARES):
            self.plots.ci.layout.setColumnStretchFactor(column, share)
            self.plots.ci.layout.setColumnPreferredWidth(column, 100 * share)
        self.plots.ci.layout.setColumnMaximumWidth(1, SPECTRA_WIDTH)
        self.plots.setToolTip(_TIP)
        self.plots.scene().sigMouseClicked.connect(self._choose_time)

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 6)
        tools.setSpacing(6)
        tools.addWidget(self.scale)
        tools.addWidget(self.spectrum)
        tools.addStretch()
        for button in (
            tool_button("content-copy", "Copy the points as a table", self.table.copy),
            tool_button("table-arrow-down", "Save the points as CSV…", self.table.ask_where_to_save),
            self.picture_button(),
            tool_button("map-marker-minus-outline", "Remove the selected points", self.remove_selected),
            tool_button("map-marker-off-outline", "Remove all points", self.clear),
        ):
            tools.addWidget(button)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        self.caveat.setContentsMargins(12, 6, 12, 8)
        column.addWidget(self.caveat)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.plots)
        split.setStretchFactor(1, 1)
        split.setSizes([330, 1000])
        split.setChildrenCollapsible(False)
        self.rows.addLayout(tools)
        self.rows.addWidget(split, 1)

    def _set_points(self, points: list[tuple[float, float]]) -> None:
        self._points = points
        self._read = []
        self.pointsChanged.emit(self.points)
        if self._points:
            self._ask()
        else:
            self._reader.forget()
            self.show_empty("" if self.wavefield is None else _EMPTY)

    def _ask(self) -> None:
        if self.wavefield is None or not self._points:
            return
        if self.wavefield.n_frames == 0:
            self.show_empty(_BEFORE)
            return
        wavefield, points = self.wavefield, self.points
        self._reader.ask(lambda progress: read_points(wavefield, points, progress))

    def _show(self, read: list[PointTrace]) -> None:
        if self.wavefield is None or [(point.x, point.y) for point in read] != self._points:
            return
        fresh = len(self._read) != len(read)
        selected = self.table.selected_keys()
        self._read = read
        self.caveat.setText(f"{caveat(self.wavefield)} {delay_note(self.wavefield)}".rstrip())
        self._span, self._limit = time_range(self.wavefield), self.wavefield.frequency
        self.model.set_rows(list(enumerate(read)))
        self.show_body()
        if fresh:
            self.table.fit_columns()
        if fresh or not selected or not self.table.select_key(selected[0]):
            self.table.select_key(len(read) - 1)
        self._draw()

    def _draw(self) -> None:
        if not self._read:
            return
        chosen = self.table.selected_keys() or [len(self._read) - 1]
        order = [number for number in range(len(self._read)) if number not in chosen] + chosen
        peaks = 100 * np.max([np.abs(point.velocity).max(axis=1) for point in self._read], axis=0)
        if self.scale.currentIndex() == 0:
            peaks[:] = peaks.max()
        for component, plot in enumerate(self._traces):
            self._draw_traces(component, plot, order, chosen, HEADROOM * max(float(peaks[component]), 1e-6))
        self._draw_spectra(order, chosen)

    def _draw_traces(
        self, component: int, plot: pg.PlotItem, order: Sequence[int], chosen: Sequence[int], limit: float
    ) -> None:
        plot.clear()
        for number in order:
            point = self._read[number]
            pen = curve_pen(line_colour(number), *((1.6, 1.0) if number in chosen else (1.0, 0.75)))
            plot.plot(point.times, 100 * point.velocity[component], pen=pen, antialias=True)
        last = order[-1]
        peak = 100 * float(np.abs(self._read[last].velocity[component]).max())
        plot.vb.set_home(*self._span, -limit, limit)
        colors = theme.current()
        self.plots.write(plot, f"peak {peak:.3g} cm/s", line_colour(last).name(), (1.0, 0.0))
        self.cursors[component].setPen(pg.mkPen(colors.accent, width=1.2))
        self.cursors[component].setValue(self._time)
        plot.addItem(self.cursors[component], ignoreBounds=True)

    def _draw_spectra(self, order: Sequence[int], chosen: Sequence[int]) -> None:
        plot, colors = self._spectra, theme.current()
        plot.clear()
        spectra = {
            number: self._read[number].spectrum(self.spectrum.currentIndex())
            for number in order
            if len(self._read[number].times) >= SHORTEST
        }
        if not spectra:
            self.plots.write(plot, "The record is still too short.", colors.muted, (0.0, 1.0))
            return
        frequencies = next(iter(spectra.values()))[0]
        limit = self._limit or float(frequencies[-1])
        known = (frequencies > 0) & (frequencies <= limit)
        highest = max(float(amplitudes[known].max(initial=0.0)) for _, amplitudes in spectra.values())
        for number, (_, amplitudes) in spectra.items():
            pen = curve_pen(line_colour(number), *((1.6, 1.0) if number in chosen else (1.0, 0.75)))
            plot.plot(frequencies[known], 100 * np.maximum(amplitudes[known], FAINTEST), pen=pen, antialias=True)
        top = float(np.log10(SPECTRA_HEADROOM * 100 * max(highest, FAINTEST)))
        lowest = float(np.log10(frequencies[1]))
        plot.vb.set_home(lowest, float(np.log10(max(2 * limit, 2 * frequencies[1]))), top - DECADES, top)
        self._mark_limit(limit)

    def _mark_limit(self, limit: float) -> None:
        colors = theme.current()
        unknown = self._limit is None
        words = "highest simulated frequency not known" if unknown else f"simulated up to {limit:g} Hz"
        self.plots.write(self._spectra, words, colors.muted, (0.0, 1.0))
        span = (float(np.log10(limit)), float(np.log10(1000 * limit)))
        beyond = pg.LinearRegionItem(span, movable=False, brush=pg.mkBrush(colors.window), pen=pg.mkPen(colors.muted))
        beyond.setZValue(-20)
        self._spectra.addItem(beyond, ignoreBounds=True)

    def _choose_time(self, event: Any) -> None:
        for plot in self._traces:
            if plot.vb.sceneBoundingRect().contains(event.scenePos()) and not event.double():
                self.timeChosen.emit(float(plot.vb.mapSceneToView(event.scenePos()).x()))
