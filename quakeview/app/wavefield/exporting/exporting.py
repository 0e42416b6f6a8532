"""Films, seismograms and grids of a wavefield and of its forecasts, written as jobs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.plane import Bounds
from quakeview.app.maps.mapscene import MapScene
from quakeview.app.wavefield.exporting.export_dialogs import (
    FIGURE,
    FILM,
    FORECAST,
    SEISMOGRAMS,
    SHAKEMAP,
    SITES,
    FilmDialog,
    ForecastDialog,
    PlacesDialog,
)
from quakeview.app.wavefield.panels.warning_panel import WarningPanel
from quakeview.app.wavefield.playback.replay import time_text
from quakeview.app.wavefield.session import WavefieldSession
from quakeview.app.widgets.saving import ask_for_path
from quakeview.app.work.running import RunningJob
from quakeview.jobs import Progress
from quakeview.texts import counted
from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting.comparison import Comparison
from quakeview.wavefield.forecasting.delays import USUAL_DELAYS, Delays

if TYPE_CHECKING:
    from quakeview.app.wavefield.panels.panel import Panel
    from quakeview.geography import City, Station
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.scenarios.header import Wavefield

    Places = Sequence[City | Station]

MOST_FPS = 30.0
"""Pictures a second above which frames are left out."""
_FILMS = "MP4 (*.mp4);;GIF (*.gif)"
_FIGURES = "PNG (*.png);;SVG (*.svg);;PDF (*.pdf)"
_FORECAST_FILES = {
    FIGURE: (".png", _FIGURES),
    FILM: (".mp4", _FILMS),
    FORECAST: (".h5", "Forecast (*.h5)"),
    SITES: (".csv", "CSV (*.csv)"),
    SHAKEMAP: (".xml", "ShakeMap grid (*.xml)"),
    SEISMOGRAMS: (".mseed", "MiniSEED (*.mseed)"),
}
LATER_MOMENTS = (10.0, 30.0, 50.0)
"""Of a figure with several, s after the issue."""
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
        self._stage = session.stage
        self._parent = parent

    @property
    def _wavefield(self) -> "Wavefield":
        assert self._stage.wavefield is not None
        return self._stage.wavefield

    def ask_for_film(self, scene: MapScene, view: Bounds) -> None:
        """Let the user choose size, speed and file of the ``view`` of a map."""
        wavefield, component = self._wavefield, self._stage.component
        dialog = FilmDialog(wavefield, self._parent)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        if path := ask_for_path(self._parent, "Export animation", f"{wavefield.name}.mp4", _FILMS):
            film = Film(scene, component, view, dialog.resolution, self._parent.font(), dialog.speed)
            self.write_film(wavefield, film, path)

    def ask_for_traces(self) -> None:
        """Let the user choose places, format and file."""
        wavefield, points = self._wavefield, self._stage.points
        dialog = PlacesDialog("Export traces", wavefield.region, points, _FORMATS, self._parent)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        suffix, kind, write = {
            _CSV: ("csv", "CSV (*.csv)", self.write_csv),
            _MINISEED: ("mseed", "MiniSEED (*.mseed)", self.write_miniseed),
            _PEAKS: ("csv", "CSV (*.csv)", self.write_peaks),
        }[dialog.format]
        if path := ask_for_path(self._parent, "Export traces", f"{wavefield.name}.{suffix}", kind):
            write(wavefield, dialog.stations(), path)

    def ask_for_waveforms(self, show: Callable[[list[Path]], None]) -> None:
        """Let the user choose places and file; ``show`` gets the files when they are written."""
        wavefield, points = self._wavefield, self._stage.points
        dialog = PlacesDialog("Open as waveforms", wavefield.region, points, (), self._parent)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        if path := ask_for_path(self._parent, "Save seismograms", f"{wavefield.name}.mseed", "MiniSEED (*.mseed)"):
            job = self.write_miniseed(wavefield, dialog.stations(), path)
            job.finished.connect(lambda stationxml: show([path, stationxml]))

    def ask_for_shakemap(self) -> None:
        """Let the user choose the file."""
        if path := ask_for_path(self._parent, "Export ShakeMap grid", "grid.xml", "ShakeMap grid (*.xml)"):
            self.write_shakemap(self._wavefield, path)

    def ask_for_forecast(self, warning: WarningPanel, traces: "Panel") -> None:
        """Let the user choose what of the forecast that is shown is written, and the file.

        Args:
            warning: whose intensity and sites the table has.
            traces: whose picture is one of the choices.
        """
        beside, component, limit = self._stage.comparison, self._stage.component, self._stage.limit
        assert beside is not None
        truth, forecast = beside.truth, beside.forecast
        dialog = ForecastDialog(_moments(beside, self._stage.time), _places(forecast, self._stage.points), self._parent)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        if dialog.kind not in _FORECAST_FILES:
            traces.ask_for_picture()
            return
        suffix, kinds = _FORECAST_FILES[dialog.kind]
        name = "grid" if dialog.kind == SHAKEMAP else f"{truth.name}, forecast at {forecast.issue_time:.1f} s"
        path = ask_for_path(self._parent, "Export forecast", f"{name}{suffix}", kinds)
        if path is None:
            return
        match dialog.kind:
            case kind if kind == FIGURE:
                self.write_forecast_figure(beside, component, limit, dialog.times, path)
            case kind if kind == FILM:
                self.write_forecast_film(beside, component, limit, dialog.speed, path)
            case kind if kind == FORECAST:
                self.write_forecast(forecast, path)
            case kind if kind == SITES:
                places = _known(beside, warning.places)
                self.write_forecast_sites(
                    beside, self._stage.forecasts, warning.mmi, places, path, warning.probability, warning.delays
                )
            case kind if kind == SHAKEMAP:
                self.write_forecast_shakemap(forecast, path)
            case kind if kind == SEISMOGRAMS:
                self.write_forecast_seismograms(forecast, dialog.stations(), path)

    def write_forecast_figure(
        self, beside: Comparison, component: Component, limit: float, times: Sequence[float], path: Path
    ) -> RunningJob:
        """Truth, forecast and error in a row for each moment, s after the origin time."""
        from quakeview.wavefield.forecasting.figures import write_comparison_figure

        work = partial(write_comparison_figure, beside.truth, beside.forecast, times, path, component, limit)
        return self._start(path, lambda progress: work(progress=progress), f"The figure is in {path}.")

    def write_forecast_film(
        self, beside: Comparison, component: Component, limit: float, speed: float, path: Path
    ) -> RunningJob:
        """Truth, forecast and error in the colours now on screen; a cancelled film leaves nothing behind."""
        from quakeview.wavefield.forecasting.figures import write_comparison_film

        work = partial(
            write_comparison_film, beside.truth, beside.forecast, path, component, speed, limit, theme.current()
        )
        return self._start(path, lambda progress: work(progress=progress), f"The animation is in {path}.")

    def write_forecast(self, forecast: "Forecast", path: Path) -> RunningJob:
        """A file that is opened like a scenario."""
        from quakeview.wavefield.forecasting.forecast_file import write_forecast

        return self._start(path, partial(write_forecast, forecast, path), f"The forecast is in {path}.")

    def write_forecast_sites(
        self,
        beside: Comparison,
        forecasts: "Sequence[Forecast]",
        mmi: float,
        places: "Places",
        path: Path,
        probability: float | None = None,
        delays: Delays = USUAL_DELAYS,
    ) -> RunningJob:
        """A line for each place: peaks as forecast and as they came, and its warning; ``warning_map`` has the rest."""
        from quakeview.wavefield.forecasting.exports import write_forecast_sites_csv

        truth, forecast = beside.truth, beside.forecast
        work = partial(
            write_forecast_sites_csv,
            truth,
            forecast,
            forecasts or [forecast],
            mmi,
            places,
            path,
            probability=probability,
            delays=delays,
        )
        return self._start(path, work, f"{counted(len(places), 'site')} written to {path}.")

    def write_forecast_shakemap(self, forecast: "Forecast", path: Path) -> RunningJob:
        """grid.xml, and uncertainty.xml beside it; the job returns the files."""
        from quakeview.wavefield.forecasting.exports import write_forecast_shakemap

        said = f"PGV and MMI of the forecast are in {path}. They are lower bounds: waves end at a highest frequency."
        return self._start(path, lambda _: write_forecast_shakemap(forecast, path), said)

    def write_forecast_seismograms(self, forecast: "Forecast", stations: "Sequence[Station]", path: Path) -> RunningJob:
        """Of the members' mean; the job returns the path of the StationXML."""
        from quakeview.wavefield.forecasting.exports import write_forecast_miniseed

        work = partial(write_forecast_miniseed, forecast, stations, path)
        said = f"{counted(len(stations), 'station')} written to {path}, with StationXML beside it."
        return self._start(path, lambda progress: work(progress=progress), said)

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
        return session.start(f"Writing {path.name}", work, lambda _: session.confirmed.emit(said))


def _moments(beside: Comparison, time: float) -> list[float]:
    """The one on screen, then some after the issue, of those that truth and forecast both have."""
    last = beside.header.start_time + (min(beside.counts) - 1) * beside.header.frame_step
    issued = beside.forecast.issue_time
    later = [issued + after for after in LATER_MOMENTS if issued + after <= last]
    return [min(max(time, beside.header.start_time), last), *later]


def _places(forecast: "Forecast", points: Sequence[tuple[float, float]]) -> "list[tuple[str, Sequence[Station]]]":
    """Where seismograms can be taken, with what that is called."""
    from quakeview.geography import geography
    from quakeview.wavefield.scenarios.virtual_stations import numbered

    chosen, stations = numbered(points), forecast.observation.stations
    sites = geography(forecast.region).stations
    named = [
        (f"{counted(len(chosen), 'point')} chosen on the map", chosen),
        (f"{counted(len(stations), 'station')} of the input", stations),
        (f"{counted(len(sites), 'site')} of virtual stations", sites),
    ]
    return [(name, places) for name, places in named if places]


def _known(beside: Comparison, places: "Places") -> "Places":
    """Those where it is known what happened."""
    where, truth = beside.sites, beside.truth
    return [place for place in places if where is None or where[truth.nearest(place.x, place.y)]]


def _write_film(wavefield: "Wavefield", film: Film, path: Path, progress: Progress) -> None:
    from quakeview.films import write_film

    write_film(path, film.pictures(wavefield), film.fps(wavefield), film.count(wavefield), progress)


def _write_csv(wavefield: "Wavefield", stations: "Sequence[Station]", path: Path, progress: Progress) -> None:
    from quakeview.wavefield.scenarios.virtual_stations import write_traces_csv

    write_traces_csv(wavefield, stations, path, progress)


def _write_peaks(wavefield: "Wavefield", stations: "Sequence[Station]", path: Path, progress: Progress) -> None:
    from quakeview.wavefield.scenarios.virtual_stations import write_sites_csv

    write_sites_csv(wavefield, stations, path, progress)


def _write_miniseed(wavefield: "Wavefield", stations: "Sequence[Station]", path: Path, progress: Progress) -> Path:
    from quakeview.wavefield.scenarios.virtual_stations import write_miniseed

    return write_miniseed(wavefield, stations, path, progress=progress)


def _write_shakemap(wavefield: "Wavefield", path: Path, progress: Progress) -> None:
    from quakeview.wavefield.ground_motion.shakemap import write_grid_xml

    write_grid_xml(wavefield, path)
