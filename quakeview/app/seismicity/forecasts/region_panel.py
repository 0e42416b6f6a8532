"""What is forecast for the region that was drawn, and its forecasts over time with what came."""

from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.app.seismicity.forecasts.days_ahead import DaysAhead
from quakeview.app.texts import captioned
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import tool_button
from quakeview.app.work.background import Background
from quakeview.jobs import Progress
from quakeview.seismicity.maps.kept_days import KeptDays
from quakeview.seismicity.maps.regions import Rarity, RegionSeries, rarity_before, region_series
from quakeview.seismicity.region import Region

_PAUSE = 120
"""Milliseconds between two texts while days go by."""
_EMPTY = "There is no forecast yet; what it says for a region appears here."


class RegionPanel(QWidget):
    """Follows the region, the day and the forecaster of the state."""

    def __init__(self, ahead: DaysAhead) -> None:
        super().__init__()
        self._ahead, self._state = ahead, ahead.state
        self._series: RegionSeries | None = None
        self.where = captioned("", "heading")
        self.magnitude = NumberBox(minimum=-3.0, maximum=9.9, decimals=1, singleStep=0.1, prefix="M ≥ ")
        self.magnitude.setAccessibleName("Magnitude in the region")
        self.magnitude.setToolTip("Probability of an earthquake of this magnitude or more in the region")
        self.magnitude.valueChanged.connect(lambda _: self._say())
        self.says = captioned("", "value")
        self.says.setWordWrap(True)
        self.says.setAccessibleName("Forecast for the region")
        self.by = captioned("", "caption")
        self.by.setWordWrap(True)
        self.plots = Plots("Forecasts of the region over time")
        self._plot = self.plots.add(0, 0, "First day that is forecast (UTC)", "Earthquakes", log_y=True, days=True)
        self._curves = Curves(self._plot)
        self._now = pg.InfiniteLine(angle=90)
        self._plot.addItem(self._now)
        self._arrange()
        self._working = Background("Forecast of the region")
        self._working.ready.connect(self._take)
        self._working.failed.connect(self.says.setText)
        ahead.keptChanged.connect(self._begin)
        ahead.shownChanged.connect(self._follow_soon)
        ahead.grown.connect(self._ask)
        self._state.regionChanged.connect(self._ask)
        self.plots.restyled.connect(self._draw)
        self._following = QTimer(self, singleShot=True, interval=_PAUSE)
        self._following.timeout.connect(self._follow)
        self._begin()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.where, 1)
        top.addWidget(self.magnitude)
        top.addWidget(tool_button("image-outline", "Save picture…", self._save_picture))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 8, 10, 6)
        rows.addLayout(top)
        rows.addWidget(self.says)
        rows.addWidget(self.by)
        rows.addWidget(self.plots, 1)

    def shut_down(self) -> None:
        """Compute nothing more."""
        self._following.stop()
        self._working.forget()

    def _begin(self) -> None:
        """Another forecaster."""
        self._series = None
        kept = self._ahead.kept
        if kept is not None:
            self.magnitude.setMinimum(kept.forecaster.magnitude)
        self._ask()

    def _ask(self) -> None:
        region, kept = self._state.choices.region, self._ahead.kept
        self.where.setText("All cells: draw a region on the map" if region is None else f"Region: {region}")
        if kept is None:
            self._working.forget()
            self._series = None
            self._say()
            self._draw()
            return
        self._working.ask(partial(_series, kept, region))

    def _follow_soon(self) -> None:
        """Days that go by fast are read by nobody."""
        if not self._following.isActive():
            self._following.start()

    def _follow(self) -> None:
        """Another day is shown; days that came meanwhile are asked for if it is one of them."""
        shown = self._ahead.shown
        if shown is not None and (self._series is None or not len(np.flatnonzero(self._series.first == shown.first))):
            self._ask()
        self._say()

    def _take(self, result: tuple[KeptDays, Region | None, RegionSeries]) -> None:
        kept, region, series = result
        if kept is self._ahead.kept and region == self._state.choices.region:
            self._series = series
            self._say()
            self._draw()

    def _say(self) -> None:
        shown, series, made = self._ahead.shown, self._series, self._ahead.making.provenance
        magnitude = round(self.magnitude.value(), 1)
        rarer, forecast = Rarity(1.0, 0.0, ""), None
        above = shown is not None and magnitude > shown.magnitude + 0.05
        if shown is not None and series is not None:
            if above and self._ahead.kept is not None:
                rarer = rarity_before(self._ahead.kept, shown.first)
            forecast = series.forecast(shown.first, magnitude, rarer.b, rarer.uncertainty)
        if shown is None or forecast is None or made is None:
            self.says.setText(_EMPTY)
            self.by.setText("")
            return
        self._now.setValue(shown.first)
        self._now.setPen(curve_pen(theme.current().warning, 1.5))
        self.says.setText(f"Probability of M ≥ {magnitude:g} on {shown.when}: {forecast}.")
        b_value = f" Larger earthquakes are rarer with {rarer.words}." if above else ""
        self.by.setText(f"Made by {made.forecaster}, fitted on {made.fitted}.{b_value} What it is worth is said above.")

    def _draw(self) -> None:
        colours, series = theme.current(), self._series
        self._curves.begin()
        if series is not None and len(series.first):
            x = series.first.astype(np.float64)
            gaps = np.flatnonzero(np.diff(series.first) > 1) + 1  # days that are not there yet
            y = np.insert(np.maximum(series.expected, 1e-12), gaps, np.nan)
            self._curves.line("expected", np.insert(x, gaps, x[gaps] - 0.5), y, curve_pen(colours.accent, 1.4))
            came = np.flatnonzero(np.nan_to_num(series.came) > 0)
            self._curves.points("came", x[came], series.came[came], colours.p, size=5)
            low = float(max(series.expected.min(), 1e-9))
            high = float(max(series.expected.max(), np.nanmax(series.came, initial=1.0)))
            self._plot.vb.set_home(x[0] - 1, x[-1] + 1, np.log10(low) - 0.1, np.log10(high) + 0.2)
            self.plots.set_legend(
                [Entry("expected in the region", colours.accent, "━"), Entry("came", QColor(colours.p).name(), "●")]
            )
        self._curves.end()

    def _save_picture(self) -> None:
        parts = [self.plots]
        save_as(self, "Save picture", "region.png", PICTURES, lambda end: picture_of(end, parts, theme.current().base))


def _series(kept: KeptDays, region: Region | None, progress: Progress) -> tuple[KeptDays, Region | None, RegionSeries]:
    """Of the days that are there."""
    return kept, region, region_series(kept, region)
