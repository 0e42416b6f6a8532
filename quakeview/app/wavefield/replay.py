"""One wavefield on the map, played: component, colours and time; and a forecast of it beside it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import picture_of
from quakeview.app.maps.mapgrid import MapGrid
from quakeview.app.maps.mapscene import MapScene
from quakeview.app.maps.mapview import MapView
from quakeview.app.maps.overlays import Layer
from quakeview.app.wavefield.comparison_bar import Beside, ComparisonBar
from quakeview.app.wavefield.measure_maps import MeasureMaps
from quakeview.app.wavefield.measures import PGV, T_PGV, Measure
from quakeview.app.wavefield.playbackbar import PlaybackBar
from quakeview.app.wavefield.player import Player
from quakeview.app.wavefield.wave_maps import WaveMaps
from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting.comparison import Comparison
from quakeview.wavefield.forecasting.peaks import peak_values
from quakeview.wavefield.geography import Station, geography
from quakeview.wavefield.live import LiveWavefield
from quakeview.wavefield.motion_scales import wave_limit

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.header import Wavefield

SMALLEST_LIMIT = 1e-4
"""m/s, while nothing has moved."""
NARROW, CROWDED = 900, 0.85
"""In narrower windows, pixels, a forecast has one map beside it if all would be smaller than this part of two."""


class Replay(QWidget):
    """The waves, and beside them a measure of them, above the playback bar. The colours mean the same at all times.

    With a forecast: truth, forecast and error of the waves in the same colours, or of the measure.

    Signals:
        timeChanged: of the frame on the map, s after the origin time.
        looksChanged: another component or limit.
        pointClicked: on one of the maps; x, y, m.
        hoverText: what is under the mouse, in words.
        windowChosen: when the input of a forecast shall end, s; one of the choices.
        failed: a sentence for the user.
    """

    timeChanged = Signal(float)
    looksChanged = Signal()
    pointClicked = Signal(float, float)
    hoverText = Signal(str)
    windowChosen = Signal(float)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.wavefield: Wavefield | None = None
        self.comparison: Comparison | None = None
        self.component = Component.Y
        self.measure = PGV
        self.measures_shown = False
        self.beside = Beside.TRUTH
        self.chosen_limit: float | None = None
        self.map, self.peaks = MapView(), MapView("PGV")
        self.waves, self.measures = WaveMaps(self.map), MeasureMaps(self.peaks)
        self.maps = (*self.waves.views, *self.measures.views)
        self.grid = MapGrid(self.maps)
        self.player = Player(self)
        self.bar = PlaybackBar(self.player)
        self.comparison_bar = ComparisonBar()
        self._frame: NDArray[np.float32] | None = None
        self._index = 0
        self._connect()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.comparison_bar)
        column.addWidget(self.grid, 1)
        column.addWidget(self.bar)
        self._choose_maps()

    def _connect(self) -> None:
        self.player.frameChanged.connect(self._show_frame)
        self.player.grown.connect(lambda _: self._grow())
        self.grid.resized.connect(self._fit)
        self.bar.windowChosen.connect(self.windowChosen)
        self.measures.failed.connect(self.failed)
        self.comparison_bar.measuresChosen.connect(self._show_measures)
        self.comparison_bar.besideChosen.connect(self._put_beside)
        for view in self.maps:
            view.pointClicked.connect(self.pointClicked)
            view.hoverText.connect(self.hoverText)

    # --- what is shown -----------------------------------------------------------------------------------------

    def set_wavefield(self, wavefield: "Wavefield | None") -> None:
        """Show another wavefield from its first frame on, what is being simulated at its newest, or none."""
        self.wavefield, self.comparison, self.measures_shown = wavefield, None, False
        self._frame, self.chosen_limit = None, None
        self.measures.forget()
        for view in self.maps:
            view.set_image(None)
        if wavefield is not None:
            for view in self.maps:
                _show_ground(view, wavefield)
            self.map.set_message("The waves are on their way…")
        self.player.set_wavefield(wavefield)
        if isinstance(wavefield, LiveWavefield):
            self.player.seek(wavefield.n_frames - 1)
        self._show_forecast()

    def replace_wavefield(self, wavefield: "Wavefield") -> None:
        """Go on with the same wavefield from another place: picture, time, playback and forecast stay."""
        self.wavefield = wavefield
        self.measures.forget()
        if self.comparison is not None:
            self.comparison = Comparison(wavefield, self.comparison.forecast)
        self._play()
        self._show_forecast()

    def set_forecast(self, forecast: "Forecast | None") -> None:
        """Show a forecast of the wavefield beside it, or none. Time, playback and zoom stay."""
        if self.comparison is not None and forecast is self.comparison.forecast:
            self.grow_forecast()
            return
        if self.wavefield is None or (forecast is None and self.comparison is None):
            return
        self.comparison = Comparison(self.wavefield, forecast) if forecast is not None else None
        self.measures_shown = self.measures_shown and forecast is not None
        if forecast is None:
            self.measures.forget()
            self.peaks.set_image(None)
        self._play()
        self._show_forecast()

    def grow_forecast(self) -> None:
        """The forecast has more frames."""
        self.player.look_for_growth()
        self._show_reach()
        if self.comparison is not None and not self.comparison.truth.complete:
            self.show_looks()
        elif self.measures_shown:
            self._compare_measures()

    def show_live(self, said: str) -> None:
        """What happens now, in words, above the maps; empty if nothing is replayed as it happened."""
        self.comparison_bar.show_live(said)
        self._show_bar()

    def show_silent(self, stations: Sequence[Station]) -> None:
        """Stations that the forecast was to be made from, and that sent nothing."""
        self.waves.set_silent(stations)
        self._paint()

    def show_input(self, until: float, stale: str) -> None:
        """When the input ends that is chosen, s; and in words if the forecast shown was made with other settings."""
        self.bar.scrubber.set_input_end(until)
        self.comparison_bar.show_stale(stale)

    def set_window_choices(self, choices: Sequence[float]) -> None:
        """When the input of a forecast may end, s after the origin time; empty: it cannot be chosen."""
        self.bar.scrubber.set_window_choices(choices)

    def step_window(self, count: int) -> None:
        """Let the input end at the next choice, or an earlier one if negative."""
        self.bar.scrubber.step_window(count)

    def choose_component(self, component: Component) -> None:
        """Show the waves in another component."""
        self.component = component
        self._show_measures(False)
        self.show_looks()

    def choose_measure(self, measure: Measure) -> None:
        """Show another of ``PEAKS`` beside the waves; of a forecast, in their place."""
        self.measure = measure
        self._show_measures(True)
        self._show_reach()
        self.show_looks()

    def choose_limit(self, limit: float | None) -> None:
        """Where the colours end, m/s; None: as the peaks of the whole wavefield ask."""
        self.chosen_limit = limit
        self.show_looks()

    @property
    def limit(self) -> float:
        """Where the colours end, m/s."""
        if self.chosen_limit is not None:
            return self.chosen_limit
        limits = [SMALLEST_LIMIT]
        if self.wavefield is not None and self.wavefield.peak > 0:
            sites = self.wavefield.known
            limits.append(wave_limit(self.wavefield.pgv if sites is None else self.wavefield.pgv[sites]))
            if self.comparison is not None and not (self.wavefield.complete and sites is None):
                limits.append(wave_limit(self.comparison.forecast.pgv))
        return max(limits)

    def show_looks(self) -> None:
        """Titles and colours as they are chosen, or as the peaks so far ask."""
        wavefield = self.wavefield
        if wavefield is not None:
            self.waves.show_scale(self.component.scale(self.limit))
            if self.comparison is not None:
                self.waves.show_titles(self.comparison, self.component, self._index)
                if self.measures_shown:
                    self._compare_measures()
            else:
                said = "illustrative model" if wavefield.illustrative else wavefield.model_name
                self.map.set_title(self.component.label, said)
                self._show_peaks(wavefield)
        self._show_choice()
        self._paint()
        self.looksChanged.emit()

    def set_marks(self, points: Sequence[tuple[float, float]]) -> None:
        """Mark points (m) on all maps."""
        for view in self.maps:
            view.set_marks(points)

    def show_layer(self, layer: Layer, shown: bool) -> None:
        """Show or hide a part of the geography on all maps."""
        for view in self.maps:
            view.show_layer(layer, shown)

    # --- as pictures -------------------------------------------------------------------------------------------

    @property
    def scene(self) -> MapScene:
        """The map of the waves as it is now, with the time in its title, to be painted elsewhere."""
        scene = self.map.scene
        if scene.values is None:
            return scene
        return scene.with_values(scene.values, f"{time_text(self.player.time)}  ·  {scene.subtitle}")

    def picture(self, suffix: str) -> bytes:
        """The maps of a forecast as they are beside one another, or the map of the waves; ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: for another suffix.
        """
        if self.comparison is None:
            return self.scene.picture(suffix, self.map.size(), self.map.view, self.map.font())
        return picture_of(suffix, self.grid.shown, theme.current().base)

    # --- forecast ----------------------------------------------------------------------------------------------

    def _play(self) -> None:
        """What there is to play; pictures stay until the new frame is there."""
        self._frame = None
        played = self.comparison or self.wavefield
        assert played is not None
        self.player.replace(played)

    def _show_forecast(self) -> None:
        """That there is one or none."""
        self._show_bar()
        self._show_reach()
        self._choose_maps()
        self.show_looks()

    def _show_bar(self) -> None:
        """The row above the maps, if there is something to say in it."""
        there = self.comparison is not None
        self.comparison_bar.show_forecast(there)
        self.comparison_bar.setVisible(there or not self.comparison_bar.live.isHidden())

    def _show_reach(self) -> None:
        """The input, and how far the forecast is."""
        comparison = self.comparison
        self.bar.scrubber.set_forecast(comparison.forecast if comparison is not None else None)
        if comparison is not None:
            self.comparison_bar.show_reach(comparison, self.measure.name if self.measures_shown else "")

    def _show_measures(self, shown: bool) -> None:
        """The measure in place of the waves; only with a forecast, which leaves no room for both."""
        shown = shown and self.comparison is not None
        if shown != self.measures_shown:
            self.measures_shown = shown
            self._show_reach()
            self._choose_maps()
            self.show_looks()

    def _put_beside(self, beside: Beside) -> None:
        self.beside = beside
        self._choose_maps()
        self._show_choice()
        self._paint()

    def _compare_measures(self) -> None:
        assert self.comparison is not None
        self.measures.show(self.comparison, self.measure)

    def _show_choice(self) -> None:
        self.comparison_bar.show_choice(self.measure.name, self.measures_shown, self._beside, self._crowded)

    @property
    def _beside(self) -> Beside:
        """As chosen; the waves have no standard deviation on a map."""
        return Beside.TRUTH if self.beside is Beside.SPREAD and not self.measures_shown else self.beside

    @property
    def _crowded(self) -> bool:
        """Whether there is room for two maps only."""
        count = len(self.measures.views if self.measures_shown else self.waves.views)
        return self.width() < NARROW and self.grid.plot_width(count) < CROWDED * self.grid.plot_width(2)

    def _choose_maps(self) -> None:
        """Those that have room."""
        if self.comparison is None:
            self.grid.show_maps((self.map, self.peaks), one_bar=False)
            return
        group = self.measures if self.measures_shown else self.waves
        shown: Sequence[MapView] = group.views
        if self._crowded:
            beside = {Beside.TRUTH: group.truth, Beside.ERROR: group.error, Beside.SPREAD: self.measures.spread}
            other = beside[self._beside]
            shown = (other, group.forecast) if other is group.truth else (group.forecast, other)
        self.grid.show_maps(shown, one_bar=not self.measures_shown)

    def _fit(self) -> None:
        """There is more or less room."""
        if self.comparison is not None:
            self._choose_maps()
            self._show_choice()
            self._paint()

    # --- frames ------------------------------------------------------------------------------------------------

    def _show_peaks(self, wavefield: "Wavefield") -> None:
        """The measure so far, of what stations recorded as dots; nothing before something has moved."""
        name = self.measure.name
        self.peaks.set_title(
            name if wavefield.complete else f"{name} so far",
            self.measure.subtitle if self.measure is T_PGV else "lower bound",
        )
        if wavefield.peak > 0:
            values = peak_values(wavefield, self.measure.name)
            sites = wavefield.known
            self.peaks.set_scale(self.measure.scale(values if sites is None else values[sites]))
            self._set_image(self.peaks, values)

    def _show_frame(self, index: int, frame: NDArray[np.float32]) -> None:
        if self.comparison is not None:
            self.waves.show_titles(self.comparison, self.component, index)
        self._index, self._frame = index, frame
        self._paint()
        self.timeChanged.emit(self.player.time)

    def _paint(self) -> None:
        if self._frame is None or self.measures_shown:
            return
        if self.comparison is not None:
            self.waves.show_frame(self.comparison, self.component, self._index, self._frame)
        else:
            self._set_image(self.map, self.component.values(self._frame))

    def _set_image(self, view: MapView, values: NDArray) -> None:
        """Values of the wavefield alone: dots where it was recorded, if it was at stations only."""
        assert self.wavefield is not None
        sites = self.wavefield.known
        view.set_image(values if sites is None else np.where(sites, values, np.nan), sparse=sites is not None)

    def _grow(self) -> None:
        """There are more frames of a simulation, or of what is replayed as it happened."""
        if not isinstance(self.wavefield, LiveWavefield):
            return
        self._show_reach()
        if self.measures_shown:
            self._compare_measures()


def _show_ground(view: MapView, wavefield: "Wavefield") -> None:
    """What does not change with time."""
    view.set_region(wavefield.region)
    view.set_nodes(wavefield.x, wavefield.y)
    view.set_geography(geography(wavefield.region))
    view.set_epicentre(wavefield.hypocentre[:2] if wavefield.hypocentre else None)
    rupture = wavefield.rupture
    view.set_rupture_outline(rupture.plane.corners[[0, 1, 2, 3, 0], :2] if rupture is not None else None)


def time_text(time: float) -> str:
    """``t = 12.5 s``."""
    return f"t = {time:.1f} s".replace("-", "−")
