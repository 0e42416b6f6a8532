"""Seismograms and spectra at the points chosen on the map."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QSplitter, QVBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.wavefield.panels.panel import Panel, caveat, time_range
from quakeview.app.wavefield.panels.points_table import PointsModel
from quakeview.app.wavefield.panels.trace_plots import TracePlots
from quakeview.app.wavefield.stage import Stage
from quakeview.app.widgets.tables import Table
from quakeview.app.widgets.tool_button import tool_button
from quakeview.wavefield.forecasting.point_traces import PointTrace, read_points
from quakeview.wavefield.ground_motion.mapped_measures import delay_note

_EMPTY = "Click a point of the map, or press Enter at its crosshair, to see the ground velocity and its spectrum there."
_NONE = "Open or simulate a scenario, then click points of its map to see their seismograms here."
_BEFORE = "The simulation has not written a frame yet; the traces will grow here as soon as it has."


class TracesPanel(Panel):
    """Points, their velocity along X, Y and up, and amplitude spectra up to the simulated frequency; with a forecast
    one point at a time, the one chosen in the table.

    Signals:
        timeChosen: a click into the traces, s after the origin time.
    """

    timeChosen = Signal(float)

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "Traces", _NONE)
        self._read: list[PointTrace] = []
        self._filling = False
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
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.caveat = captioned("", "caption")
        self.caveat.setWordWrap(True)
        self.plots = TracePlots()
        self.plots.timeChosen.connect(self.timeChosen)
        self._arrange()
        self.show_empty()
        stage.pointsChanged.connect(self._show_points)
        stage.pointChosen.connect(self.table.select_key)

    def remove_selected(self) -> None:
        """Give up the points selected in the table, or the last one."""
        points = self.stage.points
        gone = self.table.selected_keys() or [len(points) - 1]
        self.stage.set_points([point for number, point in enumerate(points) if number not in gone])

    def clear(self) -> None:
        """Give up all points."""
        self.stage.set_points([])

    def show_wavefield(self) -> None:
        self._show_points()

    def show_forecast(self) -> None:
        self._read = [replace(point, forecast=None) for point in self._read]
        self._ask()

    def grow(self) -> None:
        self._ask()

    def set_time(self, time: float) -> None:
        self.plots.set_time(time)

    def restyle(self) -> None:
        self._draw()

    def picture_parts(self) -> Sequence[QWidget]:
        return [self.plots]

    def _arrange(self) -> None:
        tools = self.add_tools()
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
        self.rows.addWidget(split, 1)

    def _show_points(self) -> None:
        self._read = []
        if self.stage.points:
            self._ask()
        else:
            self._reader.forget()
            self.show_empty("" if self.wavefield is None else _EMPTY)

    def _ask(self) -> None:
        if self.wavefield is None or not self.stage.points:
            return
        if self.wavefield.n_frames == 0:
            self.show_empty(_BEFORE)
            return
        wavefield, points, forecast = self.wavefield, list(self.stage.points), self.stage.forecast
        self._reader.ask(lambda progress: read_points(wavefield, points, forecast, progress))

    def _show(self, read: list[PointTrace]) -> None:
        if self.wavefield is None or [(point.x, point.y) for point in read] != self.stage.points:
            return
        fresh, columns, selected = len(self._read) != len(read), self.model.columns, self.table.selected_keys()
        self._read = read
        self.caveat.setText(self._caveat())
        self._filling = True
        self.model.set_rows(list(enumerate(read)))
        self.show_body()
        if fresh or self.model.columns is not columns:
            self.table.fit_columns()
        if fresh or not selected or not self.table.select_key(selected[0]):
            self.table.select_key(len(read) - 1)
        self._filling = False
        self._draw()

    def _caveat(self) -> str:
        assert self.wavefield is not None
        forecast = self._read[0].forecast
        judged = "" if forecast is None else f"PGV, T_PGV and spectra from {forecast.input[1]:.1f} s on."
        return " ".join(filter(None, (judged, caveat(self.wavefield), delay_note(self.wavefield))))

    def _choose(self) -> None:
        if not self._filling:
            self._draw()

    def _draw(self) -> None:
        if self.wavefield is None or not self._read:
            return
        chosen = self.table.selected_keys() or [len(self._read) - 1]
        own_scales = self.scale.currentIndex() == 1
        ranges = [time_range(shown) for shown in (self.wavefield, self.stage.forecast) if shown is not None]
        span = ranges[0][0], max(end for _, end in ranges)
        component, frequency = self.spectrum.currentIndex(), self.wavefield.frequency
        self.plots.draw(self._read, chosen, component, own_scales, span, frequency)
