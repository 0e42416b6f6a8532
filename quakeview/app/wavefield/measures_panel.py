"""Maps of peak velocity, when it came, intensity and duration, and peak velocity against distance."""

from collections.abc import Sequence

from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.wavefield.attenuation_plot import CAVEAT, AttenuationPlot, attenuation
from quakeview.app.wavefield.mapview import MapView
from quakeview.app.wavefield.measures import DURATION, MEASURES, PEAKS, T_PGV, delay_note, peak_values
from quakeview.app.wavefield.overlays import Layer
from quakeview.app.wavefield.panel import Panel, caveat
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.attenuation_relation import RELATIONS
from quakeview.wavefield.geography import geography
from quakeview.wavefield.header import Wavefield
from quakeview.wavefield.measures import significant_duration

_NONE = "Open or simulate a scenario to see its peak velocities, intensities and durations here."
_BEFORE = "The simulation has not written a frame yet; the maps will grow here as soon as it has."
SMALLEST_MAP = 130, 80
WIDE = 2.6
"""Width per height from which the four maps lie in one row."""
ALL, AGAINST_DISTANCE = "All maps", "PGV against distance"


class MeasuresPanel(Panel):
    """Four linked maps, one of them, or the plot against distance.

    Signals:
        pointClicked: x, y, m, on any of the maps.
    """

    pointClicked = Signal(float, float)

    def __init__(self) -> None:
        super().__init__("Measures", _NONE)
        self._durations = self.background("Measuring the duration")
        self._measured: Wavefield | None = None
        self._durations.ready.connect(self._show_duration)
        self._durations.failed.connect(self._say)
        self._attenuation = self.background("Computing the attenuation")
        self._attenuation.failed.connect(self._say)
        self.maps = [MapView(measure.name) for measure in MEASURES]
        self.attenuation = AttenuationPlot()
        self._attenuation.ready.connect(self.attenuation.show_attenuation)
        self.view = QComboBox()
        self.view.addItems([ALL, *(measure.name for measure in MEASURES), AGAINST_DISTANCE])
        self.view.setAccessibleName("What is shown")
        self.view.currentIndexChanged.connect(self._choose)
        self.relation = QComboBox()
        for name, (_, authors) in RELATIONS.items():
            self.relation.addItem(authors, name)
        self.relation.setAccessibleName("Attenuation relation")
        self.relation.currentIndexChanged.connect(self._ask_attenuation)
        self.here = captioned("", "")
        self.here.setAccessibleName("Values under the mouse")
        self.caveat = captioned("", "caption")
        self._grid = QGridLayout()
        self._arrange()
        self.show_empty()

    def show_wavefield(self) -> None:
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
            self._show_map(number, peak_values(wavefield, measure))
        if self._measured is wavefield:
            pass
        elif wavefield.complete:
            self._measured = wavefield
            self.maps[3].set_message("Measuring…")
            self._durations.ask(lambda progress: significant_duration(wavefield, progress=progress))
        else:
            self.maps[3].set_image(None)
            self.maps[3].set_message("Duration is measured when the simulation is done.")
        self._ask_attenuation()

    def picture_parts(self) -> Sequence[QWidget]:
        return [*self.maps, self.attenuation]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_maps()

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 6)
        tools.setSpacing(6)
        tools.addWidget(self.view)
        tools.addWidget(self.relation)
        tools.addSpacing(10)
        tools.addWidget(self.here, 1)
        tools.addWidget(self.picture_button())
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        for view in self.maps:
            self.maps[0].link(view)
            view.show_layer(Layer.STATIONS, False)
            view.setMinimumSize(*SMALLEST_MAP)
            view.pointHovered.connect(self._say_values)
            view.hoverText.connect(lambda text: None if text else self.here.clear())
            view.pointClicked.connect(self.pointClicked)
        self._place_maps()
        self.caveat.setContentsMargins(12, 4, 12, 8)
        self.caveat.setWordWrap(True)
        self.rows.addLayout(tools)
        self.rows.addLayout(self._grid, 1)
        self.rows.addWidget(self.attenuation, 1)
        self.rows.addWidget(self.caveat)

    def _place_maps(self) -> None:
        columns = 4 if self.width() > WIDE * self.height() else 2
        for number, view in enumerate(self.maps):
            self._grid.addWidget(view, number // columns, number % columns)
            view.show_layer(Layer.CITIES, columns == 2 or self.view.currentText() != ALL)

    def _choose(self) -> None:
        chosen = self.view.currentText()
        for view, measure in zip(self.maps, MEASURES, strict=True):
            view.setVisible(chosen in (ALL, measure.name))
        self._place_maps()
        against_distance = chosen == AGAINST_DISTANCE
        self.attenuation.setVisible(against_distance)
        self.relation.setVisible(against_distance)
        if self.wavefield is not None:
            times = delay_note(self.wavefield) if chosen in (ALL, T_PGV.name) else ""
            beside = CAVEAT if against_distance else times
            self.caveat.setText(f"{caveat(self.wavefield)} {beside}".rstrip())
        self._ask_attenuation()

    def _show_map(self, number: int, values: NDArray) -> None:
        measure, view = MEASURES[number], self.maps[number]
        view.set_title(measure.name, measure.subtitle)
        view.set_scale(measure.scale(values))
        view.set_image(values)

    def _show_duration(self, values: NDArray) -> None:
        self._show_map(MEASURES.index(DURATION), values)

    def _ask_attenuation(self) -> None:
        wavefield, relation = self.wavefield, self.relation.currentData()
        if wavefield is not None and wavefield.n_frames and self.view.currentText() == AGAINST_DISTANCE:
            self._attenuation.ask(lambda progress: attenuation(wavefield, relation, progress))

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
