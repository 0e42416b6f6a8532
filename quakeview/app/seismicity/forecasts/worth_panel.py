"""What forecasts have been worth: a table of the forecasters that were scored, and their gain as it came together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.app.drawing.shades import line_colour
from quakeview.app.seismicity.forecasts.making import ForecastMaking
from quakeview.app.texts import captioned
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tables import RowsModel, Table
from quakeview.app.widgets.tool_button import tool_button
from quakeview.seismicity.choosing import Worth
from quakeview.seismicity.maps.day_forecast import Provenance
from quakeview.seismicity.references import ETAS, SMOOTHED

_NAME, _EXPECTED, _CAME, _OVER_SMOOTHED, _OVER_ETAS, _FITTED = _COLUMNS = (
    "Forecaster",
    "Expected",
    "Came",
    "Gain over smoothed",
    "Gain over ETAS",
    "Fitted on",
)
_ROWS = 5
"""Of the table, with its header, that are seen at least."""
_TIPS = {
    _EXPECTED: "Earthquakes that were expected on the scored days, in all cells",
    _CAME: "Earthquakes that came on them",
    _OVER_SMOOTHED: "Information gain over smoothed seismicity for each earthquake, nats, with its 95 % interval",
    _OVER_ETAS: "Information gain over ETAS for each earthquake, nats, with its 95 % interval",
}


@dataclass(frozen=True)
class _Row:
    """A forecaster that was scored."""

    name: str
    worth: Worth
    fitted: str

    def value(self, column: str) -> Any:
        """What a column is sorted by."""
        scored = self.worth.scores[self.name]
        match column:
            case str(name) if name == _EXPECTED:
                return float(scored.expected.sum())
            case str(name) if name == _CAME:
                return int(scored.observed.sum())
            case str(name) if name in (_OVER_SMOOTHED, _OVER_ETAS):
                found = self.worth.gain(self.name, SMOOTHED if name == _OVER_SMOOTHED else ETAS)
                return None if found is None else found.value
        return self.name if column == _NAME else self.fitted


class WorthModel(RowsModel):
    """A row for each forecaster that was scored."""

    columns: Sequence[str] = _COLUMNS

    def text(self, row: Any, column: str) -> str:
        if column in (_OVER_SMOOTHED, _OVER_ETAS):
            return str(row.worth.gain_text(row.name, SMOOTHED if column == _OVER_SMOOTHED else ETAS))
        value = row.value(column)
        return f"{value:,.0f}" if column in (_EXPECTED, _CAME) else str(value)

    def key(self, row: Any) -> str:
        return str(row.name)

    def sort_value(self, row: Any, column: str) -> Any:
        return row.value(column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS.get(self.columns[section])
        return super().headerData(section, orientation, role)


class WorthPanel(QWidget):
    """Follows what is known of the worth of forecasts."""

    def __init__(self, making: ForecastMaking) -> None:
        super().__init__()
        self._making = making
        self.says = captioned("", "caption")
        self.says.setWordWrap(True)
        self.table = Table(WorthModel(), "Worth of forecasters")
        self.table.setMinimumHeight(_ROWS * self.table.verticalHeader().defaultSectionSize())
        self.etas = QPushButton("Fit ETAS Too")
        self.etas.setToolTip("ETAS takes minutes to fit on a large catalogue")
        self.etas.clicked.connect(lambda: making.choose(ETAS))
        self.plots = Plots("Information gain over time")
        self._plot = self.plots.add(0, 0, "Last known day (UTC)", "Gain (nats)", days=True)
        self._curves = Curves(self._plot)
        self._arrange()
        making.changed.connect(self._show)
        self.plots.restyled.connect(self._draw)
        self._show()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.says, 1)
        top.addWidget(self.etas)
        top.addWidget(tool_button("content-save-outline", "Save table…", self.table.ask_where_to_save))
        top.addWidget(tool_button("image-outline", "Save picture…", self._save_picture))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 8, 10, 6)
        rows.addLayout(top)
        rows.addWidget(self.table, 1)
        rows.addWidget(self.plots, 2)

    def _show(self) -> None:
        worth, made = self._making.worth, self._making.prepared.forecasters
        scored = {} if worth is None else worth.scores
        fitted = {name: Provenance.of(each).fitted for name, each in made.items()}
        rows = [_Row(name, worth, fitted.get(name, "")) for name in scored if worth is not None]
        self.table.rows.set_rows(rows)
        self.table.fit_columns()
        self.says.setText(_SAYS if scored else self._making.sentence)
        can_fit = any(offer.name == ETAS and not offer.reason for offer in self._making.offers)
        self.etas.setVisible(bool(scored) and ETAS not in made and can_fit and not self._making.busy)
        self._draw()

    def _draw(self) -> None:
        worth, colours = self._making.worth, theme.current()
        self._curves.begin()
        entries, low, high, days = [], 0.0, 0.0, (0.0, 1.0)
        for number, name in enumerate([] if worth is None else worth.scores):
            found = worth.cumulative(name, SMOOTHED) if worth is not None and name != SMOOTHED else None
            if found is None:
                continue
            x, y = found[0].astype(np.float64), found[1]
            colour = line_colour(number)
            self._curves.line(name, x, y, curve_pen(colour, 1.6))
            entries.append(Entry(name, colour.name(), "━"))
            low, high, days = min(low, float(y.min())), max(high, float(y.max())), (x[0], x[-1])
        if entries:
            zero = np.array(days)
            self._curves.line("zero", zero, np.zeros(2), curve_pen(colours.line, 1.0))
            margin = 0.05 * max(high - low, 1.0)
            self._plot.vb.set_home(*days, low - margin, high + margin)
        self._curves.end()
        self.plots.set_legend([Entry("gain over smoothed seismicity until each day:"), *entries] if entries else [])

    def _save_picture(self) -> None:
        parts = [self.plots]
        save_as(self, "Save picture", "gain.png", PICTURES, lambda end: picture_of(end, parts, theme.current().base))


_SAYS = (
    "Forecasters with the same cells, scored on days that none of them was fitted to. A gain of 0.7 nats means that "
    "what came was twice as likely; an interval that holds 0 means that these days cannot tell."
)
