"""Films, seismograms and grids of a wavefield, written as jobs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from quakeview.app.running import RunningJob
from quakeview.app.texts import counted
from quakeview.app.wavefield.components import Component
from quakeview.app.wavefield.export_dialogs import FilmDialog, PlacesDialog
from quakeview.app.wavefield.mapframe import Bounds
from quakeview.app.wavefield.mapscene import MapScene
from quakeview.app.wavefield.replay import time_text
from quakeview.app.wavefield.session import WavefieldSession
from quakeview.jobs import Progress

if TYPE_CHECKING:
    from quakeview.wavefield.geography import Station
    from quakeview.wavefield.header import Wavefield

MOST_FPS = 30.0
"""Pictures a second above which frames are left out."""
_FILMS = "MP4 (*.mp4);;GIF (*.gif)"
_CSV, _MINISEED, _PEAKS = _FORMATS = ("Traces as CSV", "Traces as MiniSEED and StationXML", "PGV and MMI as CSV")


@dataclass(frozen=True)
class Film:
    """What a film shows.

    Attributes:
        scene: the map; its values are replaced by those of the frames.
        view: the part of the region shown, m.
        speed: a multiple of real time.
    """

    scene: MapScene
    component: Component
    view: Bounds
    size: QSize
    font: QFont
    speed: float

    def step(self, wavefield: "Wavefield") -> int:
        """Every how many frames there is a picture."""
        return max(1, int(np.ceil(self.speed / wavefield.frame_step / MOST_FPS)))

    def fps(self, wavefield: "Wavefield") -> float:
        """Pictures a second."""
        return self.speed / (wavefield.frame_step * self.step(wavefield))

    def count(self, wavefield: "Wavefield") -> int:
        """How many pictures there will be."""
        return len(range(0, wavefield.n_frames, self.step(wavefield)))

    def pictures(self, wavefield: "Wavefield") -> Iterator[NDArray[np.uint8]]:
        """(height, width, 3) of each; for a worker thread."""
        times = wavefield.times
        for index in range(0, wavefield.n_frames, self.step(wavefield)):
            values = self.component.values(wavefield.frame(index))
            said = f"{time_text(times[index])}  ·  {self.scene.subtitle}"
            yield self.scene.with_values(values, said).pixels(self.size, self.view, self.font)


class Exporting:
    """Asks where to, and starts the jobs; the session says how they ended."""

    def __init__(self, session: WavefieldSession, parent: QWidget) -> None:
        self._session = session
        self._parent = parent

    def ask_for_film(self, wavefield: "Wavefield", scene: MapScene, component: Component, view: Bounds) -> None:
        """Let the user choose size, speed and file."""
        dialog = FilmDialog(wavefield, self._parent)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        if path := self._ask_for_path("Export animation", f"{wavefield.name}.mp4", _FILMS):
            film = Film(scene, component, view, dialog.resolution, self._parent.font(), dialog.speed)
            self.write_film(wavefield, film, path)

    def ask_for_traces(self, wavefield: "Wavefield", points: Sequence[tuple[float, float]]) -> None:
        """Let the user choose places, format and file."""
        dialog = PlacesDialog("Export traces", wavefield.region, points, _FORMATS, self._parent)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        suffix, kind, write = {
            _CSV: ("csv", "CSV (*.csv)", self.write_csv),
            _MINISEED: ("mseed", "MiniSEED (*.mseed)", self.write_miniseed),
            _PEAKS: ("csv", "CSV (*.csv)", self.write_peaks),
        }[dialog.format]
        if path := self._ask_for_path("Export traces", f"{wavefield.name}.{suffix}", kind):
            write(wavefield, dialog.stations(), path)

    def ask_for_waveforms(
        self, wavefield: "Wavefield", points: Sequence[tuple[float, float]], show: Callable[[list[Path]], None]
    ) -> None:
        """Let the user choose places and file; ``show`` gets the files when they are written."""
        dialog = PlacesDialog("Open as waveforms", wavefield.region, points, (), self._parent)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        if path := self._ask_for_path("Save seismograms", f"{wavefield.name}.mseed", "MiniSEED (*.mseed)"):
            job = self.write_miniseed(wavefield, dialog.stations(), path)
            job.finished.connect(lambda stationxml: show([path, stationxml]))

    def ask_for_shakemap(self, wavefield: "Wavefield") -> None:
        """Let the user choose the file."""
        if path := self._ask_for_path("Export ShakeMap grid", "grid.xml", "ShakeMap grid (*.xml)"):
            self.write_shakemap(wavefield, path)

    def write_film(self, wavefield: "Wavefield", film: Film, path: Path) -> RunningJob:
        """Render on a worker thread; a cancelled film leaves nothing behind."""
        return self._start(path, partial(_write_film, wavefield, film, path), f"The animation is in {path}.")

    def write_csv(self, wavefield: "Wavefield", stations: "Sequence[Station]", path: Path) -> RunningJob:
        """Velocity against time, a column for each component of each station."""
        return self._start(path, partial(_write_csv, wavefield, stations, path), f"The traces are in {path}.")

    def write_peaks(self, wavefield: "Wavefield", stations: "Sequence[Station]", path: Path) -> RunningJob:
        """A line for each station: where it stands, PGV, its time and MMI."""
        return self._start(path, partial(_write_peaks, wavefield, stations, path), f"PGV and MMI are in {path}.")

    def write_miniseed(self, wavefield: "Wavefield", stations: "Sequence[Station]", path: Path) -> RunningJob:
        """Seismograms of virtual stations; the job returns the path of the StationXML."""
        said = f"{counted(len(stations), 'virtual station')} written to {path}, with StationXML beside it."
        return self._start(path, partial(_write_miniseed, wavefield, stations, path), said)

    def write_shakemap(self, wavefield: "Wavefield", path: Path) -> RunningJob:
        """PGV and MMI as ShakeMap's grid.xml."""
        said = f"PGV and MMI are in {path}. They are lower bounds: the simulation ends at its highest frequency."
        return self._start(path, partial(_write_shakemap, wavefield, path), said)

    def _start(self, path: Path, work: Callable[[Progress], Any], said: str) -> RunningJob:
        session = self._session
        return session.start(f"Writing {path.name}", work, lambda _: session.noticed.emit(said, []))

    def _ask_for_path(self, title: str, name: str, kinds: str) -> Path | None:
        text, chosen = QFileDialog.getSaveFileName(self._parent, title, name, kinds)
        if not text:
            return None
        path = Path(text)
        return path if path.suffix else path.with_suffix((chosen or kinds).split("*")[1].split(")")[0])


def _write_film(wavefield: "Wavefield", film: Film, path: Path, progress: Progress) -> None:
    from quakeview.wavefield.animation import write_film

    write_film(path, film.pictures(wavefield), film.fps(wavefield), film.count(wavefield), progress)


def _write_csv(wavefield: "Wavefield", stations: "Sequence[Station]", path: Path, progress: Progress) -> None:
    from quakeview.wavefield.virtual_stations import write_traces_csv

    write_traces_csv(wavefield, stations, path, progress)


def _write_peaks(wavefield: "Wavefield", stations: "Sequence[Station]", path: Path, progress: Progress) -> None:
    from quakeview.wavefield.virtual_stations import write_sites_csv

    write_sites_csv(wavefield, stations, path, progress)


def _write_miniseed(wavefield: "Wavefield", stations: "Sequence[Station]", path: Path, progress: Progress) -> Path:
    from quakeview.wavefield.virtual_stations import write_miniseed

    return write_miniseed(wavefield, stations, path, progress=progress)


def _write_shakemap(wavefield: "Wavefield", path: Path, progress: Progress) -> None:
    from quakeview.wavefield.shakemap import write_grid_xml

    write_grid_xml(wavefield, path)
