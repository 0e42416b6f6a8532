"""Maps of peak velocity, when it came, intensity and duration; peak velocity against distance, and of a forecast."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from quakeview.app.maps.mapgrid import SMALLEST_PLOT_WITH_AXES, Arrangement, MapGrid
from quakeview.app.maps.mapview import MapView
from quakeview.app.maps.overlays import Layer
from quakeview.app.texts import captioned
from quakeview.app.wavefield.panels.attenuation_plot import CAVEAT, AttenuationPlot
from quakeview.app.wavefield.panels.forecast_plot import ForecastPlot
from quakeview.app.wavefield.panels.panel import Panel, caveat
from quakeview.app.wavefield.region_map import region_map
from quakeview.app.wavefield.stage import Stage
from quakeview.geography import geography
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.forecasting.peaks import attenuation_beside, peak_pairs, peak_values
from quakeview.wavefield.ground_motion.attenuation import attenuation
from quakeview.wavefield.ground_motion.attenuation_relation import RELATIONS
from quakeview.wavefield.ground_motion.mapped_measures import DURATION, MEASURES, PEAKS, T_PGV, delay_note
from quakeview.wavefield.ground_motion.measures import significant_duration
from quakeview.wavefield.scenarios.header import Wavefield

_NONE = "Open or simulate a scenario to see its peak velocities, intensities and durations here."
_BEFORE = "The simulation has not written a frame yet; the maps will grow here as soon as it has."
SMALLEST_MAP = 130, 80
NARROWEST_PLOT = 380
"""Pixels that the maps must leave for the plot against distance to stand beside them."""
ALL, AGAINST_DISTANCE, AGAINST_TRUTH = "All maps", "PGV against distance", "Forecast against truth"


class MeasuresPanel(Panel):
    """Four linked maps or one of them, the plot against distance beside them or alone, and that of a forecast."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "Measures", _NONE)
        self._durations = self.background("Measuring the duration")
        self._measured: Wavefield | None = None
        self._durations.ready.connect(self._show_duration)
        self._durations.failed.connect(self._say)
        self._attenuation = self.background("Computing the attenuation")
        self._attenuation.failed.connect(self._say)
        self._comparing = self.background("Comparing forecast and truth")
        self._comparing.failed.connect(self._say)
        self.maps = [region_map(measure.name) for measure in MEASURES]
        self.grid = MapGrid(self.maps)
        self.attenuation, self.comparison = AttenuationPlot(), ForecastPlot()
        self._attenuation.ready.connect(self.attenuation.show_attenuation)
        self._comparing.ready.connect(self.comparison.show_pairs)
        self.view = QComboBox()
        self.view.addItems([ALL, *(measure.name for measure in MEASURES), AGAINST_DISTANCE])
        self.view.setAccessibleName("What is shown")
        self.view.currentIndexChanged.connect(self._choose)
        self.relation = QComboBox()
        for name, (_, authors) in RELATIONS.items():
            self.relation.addItem(authors, name)
        self.relation.setAccessibleName("Attenuation relation")
        self.relation.currentIndexChanged.connect(self._ask)
        self.here = captioned("", "")
        self.here.setAccessibleName("Values under the mouse")
        self.caveat = captioned("", "caption")
        self._arrange()
        self.show_empty()

    def show_forecast(self) -> None:
        self._forget_forecast()
        if self.stage.forecast is not None:
            self.view.addItem(AGAINST_TRUTH)
        self._choose()

    def show_wavefield(self) -> None:
        self._forget_forecast()
        wavefield = self.wavefield
        if wavefield is None or wavefield.n_frames == 0:
            self.show_empty("" if wavefield is None else _BEFORE)
            return
        for view in self.maps:
            view.set_region(wavefield.region)
            view.set_image(None)
            view.set_nodes(wavefield.x, wavefield.y)
            view.set_geography(geography(wavefield.region) if wavefield.region == HAYWARD else None)
            view.set_epicentre(wavefield.hypocentre[:2] if wavefield.hypocentre else None)
            view.set_rupture_outline(wavefield.rupture.plane.corners[[0, 1], :2] if wavefield.rupture else None)
        self._measured = None
        self.attenuation.show_attenuation(None)
        self._choose()
        self.show_body()
        self.grow()

    def grow(self) -> None:
        wavefield = self.wavefield
        if wavefield is None or wavefield.n_frames == 0 or not self.isVisible():
            return
        if self.empty.isVisibleTo(self):
            self.show_wavefield()
            return
        for number, measure in enumerate(PEAKS):
            self._show_map(number, peak_values(wavefield, measure.name))
        if self._measured is wavefield:
            pass
        elif wavefield.complete:
            self._measured = wavefield
            self.maps[3].set_message("Measuring…")
            self._durations.ask(lambda progress: significant_duration(wavefield, progress=progress))
        else:
            self.maps[3].set_image(None)
            self.maps[3].set_message("Duration is measured when the simulation is done.")
        self._ask()

    def picture_parts(self) -> Sequence[QWidget]:
        return [*self.maps, self.attenuation, self.comparison]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _arrange(self) -> None:
        tools = self.add_tools()
        tools.addWidget(self.view)
        tools.addWidget(self.relation)
        tools.addSpacing(10)
        tools.addWidget(self.here, 1)
        tools.addWidget(self.picture_button())
        for view in self.maps:
            view.show_layer(Layer.STATIONS, False)
            view.setMinimumSize(*SMALLEST_MAP)
            view.pointHovered.connect(self._say_values)
            view.hoverText.connect(lambda text: None if text else self.here.clear())
            view.pointClicked.connect(self.stage.choose_point)
        self.caveat.setContentsMargins(12, 4, 12, 8)
        self.caveat.setWordWrap(True)
        room = QHBoxLayout()
        room.setSpacing(0)
        for widget in (self.grid, self.attenuation, self.comparison):
            room.addWidget(widget, 1)
        self.rows.addLayout(room, 1)
        self.rows.addWidget(self.caveat)
        self._choose()

    def _choose(self) -> None:
        chosen = self.view.currentText()
        maps = [view for view, measure in zip(self.maps, MEASURES, strict=True) if chosen in (ALL, measure.name)]
        self.grid.setVisible(bool(maps))
        if maps:
            self.grid.show_maps(maps, one_bar=False)
        self.comparison.setVisible(chosen == AGAINST_TRUTH)
        if self.wavefield is not None:
            times = delay_note(self.wavefield) if chosen in (ALL, T_PGV.name) else ""
            beside = CAVEAT if chosen == AGAINST_DISTANCE else times
            self.caveat.setText(f"{caveat(self.wavefield)} {beside}".rstrip())
        self._share_room()
        self._ask()

    def _share_room(self) -> None:
        """Maps as wide as their height lets them be, if a plot fits beside them; else all room for the maps."""
        chosen, grid = self.view.currentText(), self.grid
        maps = chosen not in (AGAINST_DISTANCE, AGAINST_TRUTH)
        wanted = fitting_width(grid.shown, self.room_height, grid.font()) if maps and grid.shown else 0
        beside = self.width() - wanted >= NARROWEST_PLOT and chosen != AGAINST_TRUTH
        grid.setMaximumWidth(wanted if maps and beside else self.width())
        self.attenuation.setVisible(beside)
        self.relation.setVisible(beside)

    @property
    def room_height(self) -> int:
        """Pixels for maps and plots."""
        return self.height() - self.view.sizeHint().height() - 12 - self.caveat.heightForWidth(self.width())

    def _show_map(self, number: int, values: NDArray[np.floating]) -> None:
        measure, view = MEASURES[number], self.maps[number]
        view.set_title(measure.name, measure.subtitle)
        view.set_scale(measure.scale(values))
        view.set_image(values)

    def _show_duration(self, values: NDArray[np.floating]) -> None:
        self._show_map(MEASURES.index(DURATION), values)

    def _ask(self) -> None:
        """For the plots that are seen."""
        wavefield, peaks, relation = self.wavefield, self.stage.peaks, self.relation.currentData()
        if wavefield is None or wavefield.n_frames == 0 or not self.isVisible():
            return
        if not self.attenuation.isHidden():
            self._attenuation.ask(
                partial(attenuation, wavefield, relation)
                if peaks is None
                else partial(attenuation_beside, peaks, relation)
            )
        if not self.comparison.isHidden() and peaks is not None:
            self._comparing.ask(partial(peak_pairs, peaks))

    def _forget_forecast(self) -> None:
        self._comparing.forget()
        self.comparison.show_pairs(None)
        if (index := self.view.findText(AGAINST_TRUTH)) >= 0:
            self.view.removeItem(index)

    def _say(self, sentence: str) -> None:
        self.caveat.setText(sentence)

    def _say_values(self, x: float, y: float) -> None:
        if self.wavefield is None:
            return
        values = [view.value_at(x, y) for view in self.maps]
        known = [
            measure.text(value)
            for measure, value in zip(MEASURES, values, strict=True)
            if value is not None and value == value
        ]
        self.here.setText("  ·  ".join([f"X {x / 1000:.1f} km, Y {y / 1000:.1f} km", *known]))


def fitting_width(maps: Sequence[MapView], height: float, font: QFont) -> int:
    """Pixels at which maps in at most two columns leave no room empty."""
    bounds, columns = maps[0].scene.bounds, min(len(maps), 2)
    for axes in (True, False):
        arrangement = Arrangement(len(maps), columns, axes, one_bar=False)
        across, down = arrangement.margins(font)
        plot = max(height - sum(down), 0.0) / arrangement.rows * bounds.width / bounds.height
        if plot >= SMALLEST_PLOT_WITH_AXES:
            break
    return round(columns * plot + sum(across))
