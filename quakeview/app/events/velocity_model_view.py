"""A velocity model as it is seen: the table of its layers, which may be edited, and its velocities against depth."""

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.events.velocity_models import P, S, VelocityModel

COLUMNS = ("Top (km)", "Vp (km/s)", "Vs (km/s)", "Vp/Vs")
_RATIO = 3
_BELOW = 10.0
"""Kilometres below the last top that are drawn, and added by a layer below it."""
_FIXED = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
SHADE = 0.14
_CRUST = (0.0, 9.0, 0.0, 40.0)
"""Least and greatest velocity, km/s, and depth, km, of the axes while there is no model."""

Layer = tuple[float, float, float]
"""Depth of the top in km below sea level, Vp and Vs in km/s."""


class LayersTable(QTableWidget):
    """Layers from the top down.

    Signals:
        edited: the person at the screen changed them.
    """

    edited = Signal()

    def __init__(self, editable: bool) -> None:
        super().__init__(0, len(COLUMNS))
        self.setAccessibleName("Layers of the velocity model")
        self.setHorizontalHeaderLabels(COLUMNS)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self._editable = editable
        if not editable:
            self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.itemChanged.connect(self._take_edit)

    def show_layers(self, layers: list[Layer]) -> None:
        """Show these instead."""
        with QSignalBlocker(self):
            self.setRowCount(0)
            for row, layer in enumerate(layers):
                self._insert(row, layer)

    def layers(self) -> list[Layer]:
        """What is in the table; NaN where that is not a number."""
        return [(self._value(row, 0), self._value(row, 1), self._value(row, 2)) for row in range(self.rowCount())]

    def add_layer(self) -> None:
        """Divide the current layer, or the last one, at its half."""
        layers = self.layers()
        row = self.currentRow() if self.currentRow() >= 0 else self.rowCount() - 1
        top, vp, vs = layers[row]
        following = layers[row + 1][0] if row + 1 < len(layers) else top + 2 * _BELOW
        with QSignalBlocker(self):
            self._insert(row + 1, ((top + following) / 2, vp, vs))
        self.setCurrentCell(row + 1, 0)
        self.edited.emit()

    def remove_layer(self) -> None:
        """Remove the current layer, or the last one; the only one stays."""
        if self.rowCount() > 1:
            self.removeRow(self.currentRow() if self.currentRow() >= 0 else self.rowCount() - 1)
            self.edited.emit()

    def _insert(self, row: int, layer: Layer) -> None:
        self.insertRow(row)
        texts = [f"{value:.6g}".replace("nan", "").replace("-", "−") for value in layer]
        for column, text in enumerate([*texts, _ratio(layer)]):
            item = QTableWidgetItem(text)
            item.setTextAlignment(_NUMBER)
            if column == _RATIO or not self._editable:
                item.setFlags(_FIXED)
            self.setItem(row, column, item)

    def _value(self, row: int, column: int) -> float:
        item = self.item(row, column)
        try:
            return float(item.text().replace("−", "-")) if item is not None else np.nan
        except ValueError:
            return np.nan

    def _take_edit(self, edited: QTableWidgetItem) -> None:
        with QSignalBlocker(self):
            ratio = self.item(edited.row(), _RATIO)
            assert ratio is not None
            ratio.setText(_ratio(self.layers()[edited.row()]))
        self.edited.emit()


def _ratio(layer: Layer) -> str:
    """Vp/Vs, if there is one."""
    _, vp, vs = layer
    return f"{vp / vs:.2f}" if vs and np.isfinite(vp / vs) else ""


class VelocityPlot(Plots):
    """Vp and Vs against depth; layers in which no ray turns are shaded."""

    def __init__(self) -> None:
        super().__init__("Velocities against depth")
        self._plot = self.add(0, 0, "Velocity (km/s)", "Depth below sea level (km)")
        self._plot.vb.invertY(True)
        self._plot.vb.set_home(*_CRUST)
        self._curves = Curves(self._plot)
        self._model: VelocityModel | None = None
        self.restyled.connect(lambda: self.draw_model(self._model))

    def draw_model(self, model: VelocityModel | None) -> None:
        """Draw a model, or none."""
        self._model = model
        colors, entries = theme.current(), []
        self._curves.begin()
        if model is not None:
            tops = model.tops / 1000
            ends = np.append(tops, max(tops[-1] + _BELOW, 1.25 * tops[-1]))
            fastest, slowest = model.vp.max() / 1000 + 0.5, 0.0
            self._plot.vb.set_home(slowest, fastest, ends[0], ends[-1])
            for layer in model.slow_layers:
                shade = QColor(colors.warning)
                shade.setAlphaF(SHADE)
                across = np.array([slowest, fastest])
                self._curves.band(layer, across, np.full(2, ends[layer]), np.full(2, ends[layer + 1]), shade)
            for phase in (P, S):
                steps = np.repeat(model.speeds(phase) / 1000, 2)
                self._curves.line(phase, steps, np.repeat(ends, 2)[1:-1], curve_pen(colors.phase(phase), 2))
                entries.append(Entry(phase, colors.phase(phase), "━"))
            if model.slow_layers:
                entries.append(Entry("slower than above", colors.warning, "▒"))
        self._curves.end()
        self.set_legend(entries)


class VelocityModelView(QWidget):
    """The table and, beside it, the plot."""

    def __init__(self, editable: bool = False) -> None:
        super().__init__()
        self.table, self.plot = LayersTable(editable), VelocityPlot()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self.table, 5)
        row.addWidget(self.plot, 4)

    def show_model(self, model: VelocityModel | None) -> None:
        """Show a model, or none."""
        if model is None:
            self.table.show_layers([])
        else:
            in_km = ((values / 1000).tolist() for values in (model.tops, model.vp, model.vs))
            self.table.show_layers(list(zip(*in_km, strict=True)))
        self.plot.draw_model(model)
