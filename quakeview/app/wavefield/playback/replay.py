"""What is on the stage as maps, played; and a forecast of it beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import picture_of
from quakeview.app.maps.mapgrid import MapGrid
from quakeview.app.maps.mapscene import MapScene
from quakeview.app.maps.mapview import MapView
from quakeview.app.maps.overlays import Layer
from quakeview.app.wavefield.playback.comparison_bar import Beside, ComparisonBar
from quakeview.app.wavefield.playback.measure_maps import MeasureMaps
from quakeview.app.wavefield.playback.playbackbar import PlaybackBar
from quakeview.app.wavefield.playback.player import Player
from quakeview.app.wavefield.playback.wave_maps import WaveMaps, as_recorded
from quakeview.app.wavefield.region_map import region_map
from quakeview.app.wavefield.stage import Stage
from quakeview.geography import geography
from quakeview.wavefield.forecasting.peaks import peak_values
from quakeview.wavefield.ground_motion.mapped_measures import T_PGV
from quakeview.wavefield.scenarios.header import Wavefield

NARROW, CROWDED = 900, 0.85
"""In narrower windows, pixels, a forecast has one map beside it if all would be smaller than this part of two."""


class Replay(QWidget):
    """The waves, and beside them a measure of them, above the playback bar. The colours mean the same at all times.

    With a forecast: truth, forecast and error of the waves in the same colours, or of the measure.

    Signals:
        hoverText: what is under the mouse, in words.
        failed: a sentence for the user.
    """

    hoverText = Signal(str)
    failed = Signal(str)

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.beside = Beside.TRUTH
        self.map, self.peaks = region_map(), region_map("PGV")
        stage.opened.connect(self._open)  # before the player shows a frame
        self.player = Player(stage, self)
        self.waves, self.measures = WaveMaps(stage, self.player, self.map), MeasureMaps(self.peaks)
        self.maps = (*self.waves.views, *self.measures.views)
        self.grid = MapGrid(self.maps)
        self.bar = PlaybackBar(self.player)
        self.comparison_bar = ComparisonBar(stage)
        self._connect()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.comparison_bar)
        column.addWidget(self.grid, 1)
        column.addWidget(self.bar)
        self._choose_maps()

    def _connect(self) -> None:
        stage = self.stage
        stage.replaced.connect(self._show_another)
        stage.forecastChanged.connect(self._show_another)
        stage.grown.connect(self._show_looks)
        stage.looksChanged.connect(self._show_looks)
        stage.pointsChanged.connect(self._show_points)
        self.player.failed.connect(self.failed)
        self.grid.resized.connect(self._fit)
        self.measures.failed.connect(self.failed)
        self.comparison_bar.besideChosen.connect(self._put_beside)
        for view in self.maps:
            view.pointClicked.connect(stage.choose_point)
            view.hoverText.connect(self.hoverText)

    # --- what is shown -----------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Another wavefield, or none."""
        self.measures.forget()
        for view in self.maps:
            view.set_image(None)
        if (wavefield := self.stage.wavefield) is not None:
            for view in self.maps:
                _show_ground(view, wavefield)
            self.map.set_message("The waves are on their way…")

    def _show_another(self) -> None:
        """The wavefield from another place, or another forecast of it."""
        self.measures.forget()
        if self.stage.comparison is None:
            self.peaks.set_image(None)
        self._show_looks()

    def _show_looks(self) -> None:
        """Maps, titles and colours as they are chosen, or as the peaks so far ask."""
        stage = self.stage
        self._choose_maps()
        if stage.wavefield is not None:
            self.waves.show_looks()
            if stage.comparison is None:
                self._show_peaks(stage.wavefield)
            elif stage.measured:
                self.measures.show(stage.comparison, stage.measure)
        self._show_choice()

    def _show_points(self) -> None:
        for view in self.maps:
            view.set_marks(self.stage.points)

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
        return scene.with_values(scene.values, f"{time_text(self.stage.time)}  ·  {scene.subtitle}")

    def picture(self, suffix: str) -> bytes:
        """The maps of a forecast as they are beside one another, or the map of the waves; ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: for another suffix.
        """
        if self.stage.comparison is None:
            return self.scene.picture(suffix, self.map.size(), self.map.view, self.map.font())
        return picture_of(suffix, self.grid.shown, theme.current().base)

    # --- which maps --------------------------------------------------------------------------------------------

    def _put_beside(self, beside: Beside) -> None:
        self.beside = beside
        self._choose_maps()
        self._show_choice()
        self.waves.paint()

    def _show_choice(self) -> None:
        self.comparison_bar.show_choice(self._beside, self._crowded)

    @property
    def _beside(self) -> Beside:
        """As chosen; the waves have no standard deviation on a map."""
        return Beside.TRUTH if self.beside is Beside.SPREAD and not self.stage.measured else self.beside

    @property
    def _crowded(self) -> bool:
        """Whether there is room for two maps only."""
        count = len(self.measures.views if self.stage.measured else self.waves.views)
        return self.width() < NARROW and self.grid.plot_width(count) < CROWDED * self.grid.plot_width(2)

    def _choose_maps(self) -> None:
        """Those that have room."""
        if self.stage.comparison is None:
            self.grid.show_maps((self.map, self.peaks), one_bar=False)
            return
        group = self.measures if self.stage.measured else self.waves
        shown: Sequence[MapView] = group.views
        if self._crowded:
            beside = {Beside.TRUTH: group.truth, Beside.ERROR: group.error, Beside.SPREAD: self.measures.spread}
            other = beside[self._beside]
            shown = (other, group.forecast) if other is group.truth else (group.forecast, other)
        self.grid.show_maps(shown, one_bar=not self.stage.measured)

    def _fit(self) -> None:
        """There is more or less room."""
        if self.stage.comparison is not None:
            self._choose_maps()
            self._show_choice()
            self.waves.paint()

    def _show_peaks(self, wavefield: "Wavefield") -> None:
        """The measure so far, of what stations recorded as dots; nothing before something has moved."""
        name = self.stage.measure.name
        self.peaks.set_title(
            name if wavefield.complete else f"{name} so far",
            self.stage.measure.subtitle if self.stage.measure is T_PGV else "lower bound",
        )
        if wavefield.peak > 0:
            values = peak_values(wavefield, self.stage.measure.name)
            sites = wavefield.known
            self.peaks.set_scale(self.stage.measure.scale(values if sites is None else values[sites]))
            self.peaks.set_image(*as_recorded(wavefield, values))


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
