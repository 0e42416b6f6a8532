"""What is open in the Wavefield workspace and how it is looked at: one truth that all views follow. No widgets."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting.comparison import Comparison
from quakeview.wavefield.forecasting.forecast_making import INPUTS, USUAL_INPUT, Settings
from quakeview.wavefield.forecasting.peaks import TruePeaks
from quakeview.wavefield.forecasting.station_choice import StationChoice
from quakeview.wavefield.ground_motion.mapped_measures import PEAKS, PGV, Measure
from quakeview.wavefield.ground_motion.motion_scales import wave_limit
from quakeview.wavefield.scenarios.playable import Playable

if TYPE_CHECKING:
    from quakeview.geography import City, Station
    from quakeview.simulation.region import Region
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.scenarios.header import Wavefield

Point = tuple[float, float]

SMALLEST_LIMIT = 1e-4
"""m/s, while nothing has moved."""
GROWTH_MS = 250
"""Milliseconds between two ``grown``: frames may come much faster than it is worth computing with all of them."""


class Replayed(Protocol):
    """An earthquake that is replayed as it happened, and can be made to stand still."""

    @property
    def loading(self) -> bool:
        """Whether the forecaster is still being loaded."""

    @property
    def now(self) -> float:
        """Time of the newest frame, s after the origin time."""

    @property
    def held(self) -> bool:
        """Whether it stands still."""

    def hold(self, still: bool) -> None:
        """Let it stand still, or go on."""


class Stage(QObject):
    """Views get it when they are made, follow its signals and keep nothing of what it has.

    Signals:
        opened: another wavefield is open, or none; forecasts, points and looks of the one before are forgotten.
        replaced: the same wavefield is read from another place; forecast, time, points and looks stay.
        frameCame: wavefield or forecast have another frame.
        grown: the same, but not more often than it is worth computing with all frames again.
        forecastChanged: another forecast is shown, or none.
        forecastsChanged: there are other forecasts of the event, or one of them is finished.
        timeChanged: another frame is on the maps.
        looksChanged: another component, measure or limit of the colours.
        pointsChanged: other points are chosen.
        pointChosen: the number of the point that was clicked, from 0.
        sitesChanged: the user has other sites.
        inputChosen: the next forecast is to be made from another input.
        settingsChanged: the next forecast is to be made with another model, other stations or members.
        workChanged: a forecast began or ended, or a replay as it happened did or is at another moment.

    Attributes:
        wavefield: what is open; None: the scenarios are shown.
        path: its file; None while it is in memory.
        comparison: wavefield and forecast as one thing to be played; None without a forecast.
        peaks: of the same, over the frames from the issue on.
        forecast: the one that is shown.
        forecasts: all of the event that were made with the same settings, by issue time.
        made_with: the settings of the one shown; None if they are not known.
        silent: stations that were asked for and sent nothing.
        time: of the frame on the maps, s after the origin time.
        component: of the waves on the maps.
        measure: of the whole wavefield, beside the waves; with a forecast in their place, if ``measured``.
        chosen_limit: where the colours end, m/s; None: as the largest motion asks.
        points: the nodes chosen, m, in the order of their numbers.
        sites: the user's own, in the axes of the region, with which they are given up.
        until: when the input of the next forecast ends, s after the origin time.
        making: the settings of the forecast under way; None if there is none.
        live: what is replayed as it happened.
    """

    opened = Signal()
    replaced = Signal()
    frameCame = Signal()
    grown = Signal()
    forecastChanged = Signal()
    forecastsChanged = Signal()
    timeChanged = Signal()
    looksChanged = Signal()
    pointsChanged = Signal()
    pointChosen = Signal(int)
    sitesChanged = Signal()
    inputChosen = Signal()
    settingsChanged = Signal()
    workChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wavefield: Wavefield | None = None
        self.path: Path | None = None
        self.comparison: Comparison | None = None
        self.peaks: TruePeaks | None = None
        self.forecast: Forecast | None = None
        self.forecasts: list[Forecast] = []
        self.made_with: Settings | None = None
        self.silent: tuple[Station, ...] = ()
        self.time = 0.0
        self.component = Component.Y
        self.measure = PGV
        self.measured = False
        self.chosen_limit: float | None = None
        self.points: list[Point] = []
        self.sites: list[City] = []
        self.until = USUAL_INPUT
        self.making: Settings | None = None
        self.live: Replayed | None = None
        self._chosen: Settings | None = None
        self._region: Region | None = None
        self._growth = QTimer(self, singleShot=True, interval=GROWTH_MS)
        self._growth.timeout.connect(self.grown)

    # --- what is open ------------------------------------------------------------------------------------------

    @property
    def played(self) -> Playable | None:
        """Whose frames are on the maps."""
        return self.comparison or self.wavefield

    @property
    def is_forecast(self) -> bool:
        """Whether what is open is a forecast, shown without what happened."""
        from quakeview.wavefield.forecasting.forecast import Forecast

        return isinstance(self.wavefield, Forecast)

    @property
    def has_own_stations(self) -> bool:
        """Whether what is open was recorded at stations."""
        return self.wavefield is not None and self.wavefield.known is not None

    def open(
        self, wavefield: "Wavefield | None", path: Path | None = None, looks: dict[str, Any] | None = None
    ) -> None:
        """Show another wavefield, or none; at first as ``looks`` says, which ``looks`` was once."""
        self.wavefield, self.path = wavefield, path
        self.forecast, self.forecasts, self.made_with, self.silent = None, [], None, ()
        self.measured, self.chosen_limit, self.points, self.time = False, None, [], 0.0
        self._compare()
        if looks:
            self._restore(looks)
        if wavefield is not None and wavefield.region != self._region:
            self._region, self.sites = wavefield.region, []
        self.opened.emit()
        self.looksChanged.emit()
        self.pointsChanged.emit()

    def replace(self, wavefield: "Wavefield", path: Path | None = None) -> None:
        """Read the same wavefield from another place."""
        self.wavefield, self.path = wavefield, path
        self._compare()
        self.replaced.emit()

    def grow(self) -> None:
        """Say that there are more frames."""
        self.frameCame.emit()
        if not self._growth.isActive():
            self._growth.start()

    def show_forecasts(
        self, forecast: "Forecast | None", forecasts: "Sequence[Forecast]", made_with: Settings | None = None
    ) -> None:
        """Show one of the ``forecasts`` there are."""
        another = forecast is not self.forecast
        self.forecast, self.forecasts, self.made_with = forecast, list(forecasts), made_with
        if forecast is not None:
            self.until = nearest_input(forecast.issue_time)
        if another:
            self.measured = self.measured and forecast is not None
            self._compare()
            self.forecastChanged.emit()
        self.forecastsChanged.emit()
        if forecast is not None and not another:
            self._growth.stop()
            self.frameCame.emit()
            self.grown.emit()

    def _compare(self) -> None:
        """Put forecast and truth side by side."""
        self.comparison = self.peaks = None
        if self.wavefield is not None and self.forecast is not None:
            self.comparison = Comparison(self.wavefield, self.forecast)
            self.peaks = TruePeaks(self.comparison)

    # --- how it is looked at -----------------------------------------------------------------------------------

    @property
    def limit(self) -> float:
        """Where the colours of the waves end, m/s."""
        if self.chosen_limit is not None:
            return self.chosen_limit
        limits, wavefield = [SMALLEST_LIMIT], self.wavefield
        if wavefield is not None and wavefield.peak > 0:
            sites = wavefield.known
            limits.append(wave_limit(wavefield.pgv if sites is None else wavefield.pgv[sites]))
            if self.forecast is not None and not (wavefield.complete and sites is None):
                limits.append(wave_limit(self.forecast.pgv))
        return max(limits)

    def show_time(self, time: float) -> None:
        """Say which frame is on the maps, s after the origin time."""
        self.time = time
        self.timeChanged.emit()

    def choose_component(self, component: Component) -> None:
        """Show the waves in another component."""
        self.component, self.measured = component, False
        self.looksChanged.emit()

    def choose_measure(self, measure: Measure) -> None:
        """Show another of ``PEAKS`` beside the waves; of a forecast, in their place."""
        self.measure, self.measured = measure, self.comparison is not None
        self.looksChanged.emit()

    def show_measure(self, shown: bool) -> None:
        """Show the measure in place of the waves; only with a forecast, which leaves no room for both."""
        self.measured = shown and self.comparison is not None
        self.looksChanged.emit()

    def choose_limit(self, limit: float | None) -> None:
        """Let the colours end here, m/s; None: where the peaks of the whole wavefield ask."""
        self.chosen_limit = limit
        self.looksChanged.emit()

    def choose_point(self, x: float, y: float) -> None:
        """Choose the node nearest to ``x``, ``y`` (m), also where it already was chosen."""
        if self.wavefield is None:
            return
        node = self._node(x, y)
        if node not in self.points:
            self.set_points([*self.points, node])
        self.pointChosen.emit(self.points.index(node))

    def _node(self, x: float, y: float) -> Point:
        """Where the node nearest to a point is, m."""
        assert self.wavefield is not None
        ix, iy = self.wavefield.nearest(x, y)
        return float(self.wavefield.x[ix]), float(self.wavefield.y[iy])

    def set_points(self, points: Sequence[Point]) -> None:
        """Choose these nodes instead."""
        self.points = list(points)
        self.pointsChanged.emit()

    def set_sites(self, sites: "Sequence[City]") -> None:
        """Take these as the user's own sites."""
        self.sites = list(sites)
        self.sitesChanged.emit()

    @property
    def looks(self) -> dict[str, Any]:
        """What ``open`` brings back."""
        return {
            "component": str(self.component),
            "measure": self.measure.name,
            "limit": self.chosen_limit,
            "points": self.points,
            "time": self.time,
        }

    def _restore(self, looks: dict[str, Any]) -> None:
        if looks.get("component") in list(Component):
            self.component = Component(looks["component"])
        measures = {str(measure.name): measure for measure in PEAKS}
        self.measure = measures.get(str(looks.get("measure")), self.measure)
        self.chosen_limit, self.time = looks.get("limit"), float(looks.get("time", 0.0))
        self.points = list(dict.fromkeys(self._node(x, y) for x, y in looks.get("points", [])))

    # --- the next forecast -------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings | None:
        """What the next forecast is made with; None without a model. Records come from their own stations."""
        if self._chosen is not None and self.has_own_stations:
            return replace(self._chosen, stations=StationChoice())
        return self._chosen

    def choose_settings(self, settings: Settings | None) -> None:
        """Make the next forecast with these."""
        if settings != self._chosen:
            self._chosen = settings
            self.settingsChanged.emit()

    def choose_input(self, until: float) -> None:
        """Make the next forecast from the input whose end is nearest to ``until``, s; show it if there is one."""
        self.until = nearest_input(until)
        self.inputChosen.emit()


def nearest_input(until: float) -> float:
    """Find the one of ``INPUTS`` whose end is nearest to a time, s."""
    return min(INPUTS, key=lambda end: abs(end - until))
