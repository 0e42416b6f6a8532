"""How right the forecast is, beside what else could have been said from the same input."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from quakeview.app.tables import Table
from quakeview.app.texts import captioned
from quakeview.app.wavefield import rivals
from quakeview.app.wavefield.panel import NARROWEST_CHOICE, Panel, tool_button
from quakeview.app.wavefield.rivals import Judged
from quakeview.app.wavefield.score_plots import VIEWS, Issue, ScorePlots
from quakeview.app.wavefield.score_table import ScoresModel
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.header import Wavefield

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.reference import Library

Work = Callable[[Wavefield, Forecast, Progress], Judged]

_NONE = "Open or simulate a scenario and forecast it, to see here how right the forecast is."
_EMPTY = "Press Forecast (F5): here is then shown how right it is, beside what simple rivals make of the same input."
_GROWING = "The forecast is being computed; its scores come here when it is done."
_HAPPENING = "The scores come here when all that was forecast has happened."
_JUDGING = "Comparing the forecast with the truth…"
_NO_CURVES = "At stations there is one score for each record, and no curve against time."
_READING = "Reading the training events for nearest event and ridge, which takes a minute…"
CAVEAT = "A high ACC is not yet skill: what counts is how far a forecast is ahead of its rivals."
CAVEAT_TIP = (
    "With one mechanism, no noise and a known origin time waves are linear, and a sum of training events (ridge) is "
    "almost exact. Noise, few stations, other mechanisms and ruptures are where a forecaster shows what it can do."
)
_RELATION = f"{rivals.RELATION} is told the magnitude, and has all frequencies."


class ScoresPanel(Panel):
    """Scores of the forecast shown and of its rivals as a table, and curves of all forecasts of the event.

    Nothing is computed while nobody looks. What was computed is kept until another wavefield comes.
    """

    def __init__(self) -> None:
        super().__init__("Scores", _NONE)
        self._forecast: Forecast | None = None
        self._forecasts: list[Forecast] = []
        self._judged: dict[tuple[Forecast, str], Judged] = {}
        self._problems: dict[tuple[Forecast, str], str] = {}
        self._asked: tuple[Forecast, str] | None = None
        self._library: Library | None = None
        self._no_library = ""
        self._judge = self.background("Judging the forecast")
        self._judge.ready.connect(self._receive)
        self._judge.failed.connect(self._receive)
        self._reader = self.background("Reading the training events")
        self._reader.ready.connect(self._take_library)
        self._reader.failed.connect(self._lack_library)
        self.model = ScoresModel()
        self.table = Table(self.model, "Scores")
        self.view = QComboBox()
        self.view.addItems(VIEWS)
        self.view.setAccessibleName("What the scores are drawn against")
        self.view.setMinimumWidth(NARROWEST_CHOICE)
        self.view.currentIndexChanged.connect(self._draw)
        self.plots = ScorePlots()
        self.no_curves = captioned(_NO_CURVES, "caption")
        self.work = captioned("", "caption")
        self.said = captioned("", "caption")
        self._arrange()
        self.show_empty()

    def set_forecast(self, forecast: Forecast | None) -> None:
        """Judge another forecast, or none."""
        if forecast is not self._forecast:
            self._forecast, self._asked = forecast, None
            self._judge.forget()
        self._refresh()

    def set_forecasts(self, forecasts: Sequence[Forecast]) -> None:
        """All of the event, in the order of their issue."""
        self._forecasts = list(forecasts)
        for kept in (self._judged, self._problems):
            for forecast, name in list(kept):
                if forecast is not self._forecast and forecast not in self._forecasts:
                    del kept[forecast, name]
        self._refresh()

    def grow_forecast(self) -> None:
        """More of the forecast has come."""
        if self._forecast is not None and self._forecast.complete:
            self._refresh()

    def show_wavefield(self) -> None:
        self._forecast, self._forecasts, self._asked = None, [], None
        self._judged.clear()
        self._problems.clear()
        self._no_library = ""
        if self.wavefield is None:
            self._library = None
        self._refresh()

    def grow(self) -> None:
        self._refresh()

    def restyle(self) -> None:
        self._draw()

    def picture_parts(self) -> Sequence[QWidget]:
        return [self.plots]

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 6)
        tools.setSpacing(6)
        tools.addWidget(self.view)
        tools.addSpacing(6)
        tools.addWidget(self.work, 1)
        tools.addWidget(tool_button("content-copy", "Copy the scores as a table", self.table.copy))
        tools.addWidget(tool_button("table-arrow-down", "Save the scores as CSV…", self.table.ask_where_to_save))
        tools.addWidget(self.picture_button())
        self.work.setMinimumWidth(0)
        self.said.setWordWrap(True)
        self.said.setContentsMargins(12, 4, 12, 8)
        self.said.setToolTip(CAVEAT_TIP)
        self.no_curves.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.no_curves.setWordWrap(True)
        curves = QWidget()
        column = QVBoxLayout(curves)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plots)
        column.addWidget(self.no_curves)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(curves)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([400, 600])
        split.setChildrenCollapsible(False)
        self.rows.addLayout(tools)
        self.rows.addWidget(split, 1)
        self.rows.addWidget(self.said)

    # --- what is computed when ---------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Show what is known, and compute what is missing."""
        truth, forecast = self.wavefield, self._forecast
        if truth is None or forecast is None:
            self.show_empty("" if truth is None else _EMPTY)
        elif not forecast.complete:
            self.show_empty(_GROWING)
        elif not truth.complete and truth.n_frames < forecast.n_frames:
            self.show_empty(_HAPPENING)
        else:
            self._show_scores(forecast)
            self._compute_next()

    @property
    def _wanted(self) -> list[tuple[Forecast, str]]:
        """First what is shown, then what stands beside it."""
        if self._forecast is None:
            return []
        finished = [forecast for forecast in self._forecasts if forecast.complete and forecast is not self._forecast]
        with_events = [rivals.NEAREST, rivals.RIDGE] if self._fitting_library(self._forecast) else []
        return [
            (self._forecast, rivals.FORECAST),
            (self._forecast, rivals.PERSISTENCE),
            *((forecast, rivals.FORECAST) for forecast in finished),
            (self._forecast, rivals.RELATION),
            *((self._forecast, name) for name in with_events),
            *((forecast, rivals.PERSISTENCE) for forecast in finished),
        ]

    def _fitting_library(self, forecast: Forecast) -> "Library | None":
        return self._library if self._library is not None and rivals.fits(self._library, forecast.header) else None

    def _compute_next(self) -> None:
        if self.wavefield is None or self._forecast is None or not self.isVisible():
            return
        self._read_library(self._forecast)
        missing = [each for each in self._wanted if each not in self._judged and each not in self._problems]
        if not missing:
            self.work.setText(_READING if self._reader.busy else "")
            return
        if self._judge.busy and self._asked == missing[0]:
            return
        self._asked = missing[0]
        forecast, name = missing[0]
        whose = "the forecast" if name == rivals.FORECAST else name if name == rivals.RELATION else name.lower()
        self.work.setText(f"Judging {whose} from {forecast.issue_time:.1f} s…")
        self._judge.ask(partial(_judged, self._work(name), self.wavefield, forecast))

    def _work(self, name: str) -> Work:
        if name in (rivals.NEAREST, rivals.RIDGE):
            assert self._library is not None
            return partial(rivals.nearest if name == rivals.NEAREST else rivals.ridge, self._library)
        if name == rivals.FORECAST:
            return partial(rivals.judge, name)
        return rivals.persistence if name == rivals.PERSISTENCE else rivals.attenuation

    def _read_library(self, forecast: Forecast) -> None:
        """Once for a grid; another forecast does not interrupt it."""
        if not self._fitting_library(forecast) and not self._no_library and not self._reader.busy:
            self._reader.ask(partial(rivals.training_events, forecast.header))

    def _take_library(self, library: "Library") -> None:
        self._library = library
        self._refresh()

    def _lack_library(self, sentence: str) -> None:
        self._no_library = sentence
        self._refresh()

    def _receive(self, found: Judged | str) -> None:
        """A column, or a sentence why there is none."""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        if isinstance(found, Judged):
            self._judged[asked] = found
        else:
            self._problems[asked] = found
        self._refresh()

    # --- what is shown -----------------------------------------------------------------------------------------

    def _show_scores(self, forecast: Forecast) -> None:
        judged = self._issue(forecast).judged
        problem = self._problems.get((forecast, rivals.FORECAST))
        if not judged:
            self.show_empty(problem or _JUDGING)
            return
        names = tuple(each.name for each in judged)
        fresh = tuple(self.model.columns[1:]) != names
        self.model.show_judged(judged)
        self.show_body()
        if fresh:
            self.table.fit_columns()
        self.said.setText(self._caption(forecast))
        self._draw()

    def _issue(self, forecast: Forecast) -> Issue:
        names = (rivals.FORECAST, rivals.PERSISTENCE, rivals.NEAREST, rivals.RIDGE, rivals.RELATION)
        known = tuple(self._judged[forecast, name] for name in names if (forecast, name) in self._judged)
        return Issue(forecast.issue_time, known)

    def _caption(self, forecast: Forecast) -> str:
        problems = [
            f"{name}: {self._problems[forecast, name]}"
            for name in (rivals.PERSISTENCE, rivals.NEAREST, rivals.RIDGE, rivals.RELATION)
            if (forecast, name) in self._problems
        ]
        if self._no_library:
            problems.append(f"{rivals.NEAREST} and {rivals.RIDGE.lower()}: {self._no_library}")
        relation = _RELATION if (forecast, rivals.RELATION) in self._judged else ""
        span = f"Frames from {forecast.issue_time:.1f} s on."
        return " ".join(filter(None, (forecast.support.reason, span, CAVEAT, relation, *problems)))

    def _draw(self) -> None:
        forecast = self._forecast
        if forecast is None or (forecast, rivals.FORECAST) not in self._judged:
            return
        shown = self._issue(forecast)
        others = [self._issue(each) for each in self._forecasts if each is not forecast]
        issues = sorted([shown, *(each for each in others if each.judged)], key=lambda issue: issue.time)
        curves = bool(shown.judged[0].lead_times.size)
        self.plots.setVisible(curves)
        self.no_curves.setVisible(not curves)
        if curves:
            self.plots.draw(self.view.currentText(), issues, shown)


def _judged(work: Work, truth: Wavefield, forecast: Forecast, progress: Progress) -> Any:
    """What ``work`` finds, or the sentence why it finds nothing."""
    try:
        return work(truth, forecast, progress)
    except QuakeViewError as error:
        return str(error)
