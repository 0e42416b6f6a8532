"""One wavefield on the map, played: component, colours and time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from quakeview.app.wavefield.components import Component
from quakeview.app.wavefield.mapscene import MapScene
from quakeview.app.wavefield.mapview import MapView
from quakeview.app.wavefield.measures import PGV, T_PGV, Measure, peak_values
from quakeview.app.wavefield.overlays import Layer
from quakeview.app.wavefield.playbackbar import PlaybackBar
from quakeview.app.wavefield.player import Player
from quakeview.app.wavefield.scales import wave_limit
from quakeview.wavefield.geography import geography
from quakeview.wavefield.live import LiveWavefield

if TYPE_CHECKING:
    from quakeview.wavefield.header import Wavefield

SMALLEST_LIMIT = 1e-4
"""m/s, while nothing has moved."""


class Replay(QWidget):
    """The waves, and beside them a measure of them, above the playback bar. The colours mean the same at all times.

    Signals:
        timeChanged: of the frame on the map, s after the origin time.
        looksChanged: another component or limit.
        pointClicked: on one of the maps; x, y, m.
        hoverText: what is under the mouse, in words.
    """

    timeChanged = Signal(float)
    looksChanged = Signal()
    pointClicked = Signal(float, float)
    hoverText = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.wavefield: Wavefield | None = None
        self.component = Component.Y
        self.measure = PGV
        self.chosen_limit: float | None = None
        self.map, self.peaks = self.maps = MapView(), MapView("PGV")
        self.map.link(self.peaks)
        self.player = Player(self)
        self.bar = PlaybackBar(self.player)
        self._frame: NDArray[np.float32] | None = None
        self._seen_frames = 0
        self.player.frameChanged.connect(self._show_frame)
        self.player.grown.connect(self._follow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        for view in self.maps:
            view.pointClicked.connect(self.pointClicked)
            view.hoverText.connect(self.hoverText)
            row.addWidget(view, 1)
        column.addLayout(row, 1)
        column.addWidget(self.bar)

    def set_wavefield(self, wavefield: "Wavefield | None") -> None:
        """Show another wavefield from its first frame on, or none."""
        self.wavefield = wavefield
        self._frame, self._seen_frames, self.chosen_limit = None, 0, None
        for view in self.maps:
            view.set_image(None)
        if wavefield is not None:
            for view in self.maps:
                _show_ground(view, wavefield)
            self.map.set_message("The waves are on their way…")
        self.player.set_wavefield(wavefield)
        self.show_looks()

    def replace_wavefield(self, wavefield: "Wavefield") -> None:
        """Go on with the same wavefield from another place: the picture, the time and the playback stay."""
        index, playing = self.player.index, self.player.playing
        newest = index >= self._seen_frames - 1 and not playing
        self.wavefield = wavefield
        self.player.set_wavefield(wavefield)
        self.player.seek(wavefield.n_frames - 1 if newest else index)
        if playing:
            self.player.play()
        self.show_looks()

    def choose_component(self, component: Component) -> None:
        """Show another component."""
        self.component = component
        self.show_looks()

    def choose_measure(self, measure: Measure) -> None:
        """Show another of ``PEAKS`` beside the waves."""
        self.measure = measure
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
        moved = self.wavefield is not None and self.wavefield.peak > 0
        return max(wave_limit(self.wavefield.pgv), SMALLEST_LIMIT) if moved and self.wavefield else SMALLEST_LIMIT

    def show_looks(self) -> None:
        """Title and colours as they are chosen, or as the peaks so far ask."""
        wavefield = self.wavefield
        if wavefield is not None:
            said = "illustrative model" if wavefield.illustrative else wavefield.model_name
            self.map.set_title(self.component.label, said)
            scale = self.component.scale(self.limit)
            if scale != self.map.scene.scale:
                self.map.set_scale(scale)
            self._show_peaks(wavefield)
        self._paint()
        self.looksChanged.emit()

    @property
    def scene(self) -> MapScene:
        """The map as it is now, with the time in its title, to be painted elsewhere."""
        scene = self.map.scene
        if scene.values is None:
            return scene
        return scene.with_values(scene.values, f"{time_text(self.player.time)}  ·  {scene.subtitle}")

    def set_marks(self, points: Sequence[tuple[float, float]]) -> None:
        """Mark points (m) on both maps."""
        for view in self.maps:
            view.set_marks(points)

    def show_layer(self, layer: Layer, shown: bool) -> None:
        """Show or hide a part of the geography on both maps."""
        for view in self.maps:
            view.show_layer(layer, shown)

    def _show_peaks(self, wavefield: "Wavefield") -> None:
        """The measure so far; nothing before something has moved."""
        name = self.measure.name
        self.peaks.set_title(
            name if wavefield.complete else f"{name} so far",
            self.measure.subtitle if self.measure is T_PGV else "lower bound",
        )
        if wavefield.peak > 0:
            values = peak_values(wavefield, self.measure)
            self.peaks.set_scale(self.measure.scale(values))
            self.peaks.set_image(values)

    def _show_frame(self, index: int, frame: NDArray[np.float32]) -> None:
        self._frame = frame
        self._paint()
        self.timeChanged.emit(self.player.time)

    def _paint(self) -> None:
        if self._frame is not None:
            self.map.set_image(self.component.values(self._frame))

    def _follow(self, n_frames: int) -> None:
        """Show the newest frame of a simulation, unless the user went back or plays."""
        at_end = self.player.index >= self._seen_frames - 1
        self._seen_frames = n_frames
        if isinstance(self.wavefield, LiveWavefield) and at_end and not self.player.playing:
            self.player.seek(n_frames - 1)


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
