"""The waves at one moment; with a forecast truth, forecast and error, in the same colours."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from quakeview.app.maps.mapview import MapView
from quakeview.app.maps.overlays import Site
from quakeview.app.wavefield.playback.player import Player
from quakeview.app.wavefield.region_map import region_map
from quakeview.app.wavefield.stage import Stage
from quakeview.texts import counted
from quakeview.wavefield.forecasting.comparison import Comparison
from quakeview.wavefield.scenarios.header import Frames, Wavefield

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast


def truth_name(comparison: Comparison) -> str:
    """What a forecast is held against: everything that happened, or what stations recorded of it."""
    return "Truth" if comparison.sites is None else "Recorded"


def forecast_name(comparison: Comparison) -> str:
    return f"Forecast by {comparison.forecast.model.name}"


class WaveMaps(QObject):
    """Three maps: what happened; what was known, then what was expected; and by how much that was wrong. Without a
    forecast the first alone, of the wavefield as it is.

    Attributes:
        index, frame: what is drawn, as ``Playable.frame`` returns it; None before the first frame is there.
    """

    def __init__(self, stage: Stage, player: Player, truth: MapView) -> None:
        super().__init__()
        self.stage, self.player = stage, player
        self.truth, self.forecast, self.error = truth, region_map("Forecast"), region_map("Error")
        self.views = (self.truth, self.forecast, self.error)
        self.index = 0
        self.frame: Frames | None = None
        self._sites: tuple[Site, ...] = ()
        self._silent: tuple[Site, ...] = ()
        player.frameChanged.connect(self._take)
        for changed in (stage.opened, stage.replaced, stage.forecastChanged):
            changed.connect(self._wait)
        stage.forecastsChanged.connect(self._show_silent)

    def show(self, index: int, frame: Frames) -> None:
        """Draw a frame of what is played, m/s."""
        self.index, self.frame = index, frame
        self._show_titles()
        self.paint()

    def show_looks(self) -> None:
        """Draw in the component and the colours that are chosen; the same colours on all three."""
        scale = self.stage.component.scale(self.stage.limit)
        for view in self.views:
            if scale != view.scene.scale:
                view.set_scale(scale)
        self._show_titles()
        self.paint()

    def paint(self) -> None:
        """Draw the frame again."""
        stage, component = self.stage, self.stage.component
        if self.frame is None or stage.measured:
            return
        if stage.comparison is not None:
            self._show_pair(stage.comparison, self.frame)
        elif stage.wavefield is not None:
            self.truth.set_image(*as_recorded(stage.wavefield, component.values(self.frame)))

    def _take(self, index: int) -> None:
        frame = None if self.player.frames is None else self.player.frames.frame(index)
        if frame is not None:
            self.show(index, frame)

    def _wait(self) -> None:
        """The pictures stay until a frame of what is played now is there."""
        self.frame = None

    def _show_silent(self) -> None:
        """Stations that were asked for and sent nothing."""
        silent = self.stage.silent if self.stage.forecast is not None else ()
        self._silent = tuple(Site(station.x, station.y, silent=True) for station in silent)
        self.paint()

    def _show_titles(self) -> None:
        """Who says what, of the frame."""
        comparison, component, wavefield = self.stage.comparison, self.stage.component, self.stage.wavefield
        if wavefield is None:
            return
        said = "illustrative model" if wavefield.illustrative else wavefield.model_name
        if comparison is None:
            self.truth.set_title(component.label, said)
            return
        forecast = comparison.forecast
        self.truth.set_title(truth_name(comparison), f"{component.label}  ·  {said}" if said else component.label)
        if self.index < forecast.issued:
            stations = counted(len(forecast.observation.stations), "station")
            where = "everywhere" if comparison.inputs is None else f"at {stations}"
            self.forecast.set_title("Input", f"what is known {where}")
        else:
            self.forecast.set_title(forecast_name(comparison), _worth(forecast, self.index))
        length = "" if component.is_signed else "length of "
        self.error.set_title("Error", f"{length}forecast − truth")

    def _show_pair(self, comparison: Comparison, pair: Frames) -> None:
        """Draw a frame of the comparison, (2, 3, nx, ny); maps of what is not known say why."""
        forecast, component, index = comparison.forecast, self.stage.component, self.index
        true_there, forecast_there = (index < count for count in comparison.counts)
        is_input = index < forecast.issued
        self._show_sites(comparison, is_input)
        self.forecast.set_faded(beyond_skill(forecast, index))
        sparse_truth = comparison.sites is not None
        _show(self.truth, component.values(pair[0]) if true_there else None, sparse_truth, _beyond(comparison.truth))
        self._show_forecast(comparison, component.values(pair[1]) if forecast_there else None, is_input)
        if not self.error.isVisible():
            return
        compared = true_there and forecast_there and not is_input and not forecast.support.reason
        said = "" if true_there else _beyond(comparison.truth)
        if is_input:
            said = f"Nothing is forecast before {forecast.issue_time:.1f} s."
        elif forecast.support.reason:
            said = forecast.support.reason
        elif not forecast_there:
            said = _unforecast(forecast)
        error = believed(forecast, component.values(pair[1] - pair[0])) if compared else None
        _show(self.error, error, sparse_truth, said)

    def _show_forecast(self, comparison: Comparison, values: NDArray[np.floating] | None, is_input: bool) -> None:
        forecast = comparison.forecast
        said = _unforecast(forecast)
        if not is_input and forecast.support.reason:
            values, said = None, forecast.support.reason
        elif not is_input and values is not None:
            values = believed(forecast, values)
        _show(self.forecast, values, is_input and comparison.inputs is not None, said)

    def _show_sites(self, comparison: Comparison, is_input: bool) -> None:
        """Where the input was measured; during the input dots say so. Silent stations are hollow."""
        stations = () if is_input else comparison.forecast.observation.stations
        sites = (*self._silent, *(Site(station.x, station.y) for station in stations))
        if sites != self._sites:
            self._sites = sites
            self.forecast.set_sites(sites)


def as_recorded(wavefield: Wavefield, values: NDArray[np.floating]) -> tuple[NDArray[np.floating], bool]:
    """Values (nx, ny) where the wavefield is known, NaN elsewhere; and whether that is at stations only."""
    sites = wavefield.known
    return (values, False) if sites is None else (np.where(sites, values, np.nan), True)


def beyond_skill(forecast: "Forecast", index: int) -> bool:
    """Whether such forecasts are no better than predicting no motion at a frame."""
    end = forecast.skill_end
    return end is not None and index >= forecast.issued and forecast.start_time + index * forecast.frame_step >= end


def believed(forecast: "Forecast", values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Values (nx, ny) of a forecast; NaN where it has not enough stations."""
    return np.where(forecast.support.enough, values, np.float32(np.nan))


def _worth(forecast: "Forecast", index: int) -> str:
    """What must be known of a frame of a forecast."""
    if beyond_skill(forecast, index):
        return f"faded: no skill after {forecast.skill_end:.0f} s"
    if not forecast.support.reason and not forecast.support.enough.all():
        return "blank: not enough stations"
    return counted(forecast.model.members, "member")


def _show(view: MapView, values: NDArray[np.floating] | None, sparse: bool, otherwise: str) -> None:
    if values is None:
        view.set_message(otherwise)
    view.set_image(values, sparse)


def _unforecast(forecast: "Forecast") -> str:
    """Why a frame of the forecast is not there."""
    end = forecast.start_time + forecast.planned_frames * forecast.frame_step
    return f"The forecast ends at {end:.1f} s." if forecast.complete else "Computing…"


def _beyond(truth: Wavefield) -> str:
    """Why a frame of the truth is not there."""
    if truth.growing:
        return "Not there yet…"
    end = truth.start_time + truth.n_frames * truth.frame_step
    return f"What happened is known until {end:.1f} s."
