"""The scores of a forecast, beside those of simple baselines that were given the same input."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSplitter, QVBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.wavefield.panels.panel import NARROWEST_CHOICE, Panel
from quakeview.app.wavefield.panels.score_plots import VIEWS, Issue, ScorePlots
from quakeview.app.wavefield.panels.score_table import ScoresModel
from quakeview.app.wavefield.stage import Stage
from quakeview.app.widgets.tables import Table
from quakeview.app.widgets.tool_button import tool_button
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.wavefield.forecasting import baselines
from quakeview.wavefield.forecasting.baselines import ScoreColumn
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.reference import RELATION, Library
from quakeview.wavefield.scenarios.header import Wavefield

_NONE = "Open or simulate a scenario and forecast it, to compare the forecast with the truth here."
_EMPTY = "Press Forecast (F5) to compare a forecast with the truth and with simple baselines."
_GROWING = "The forecast is being computed; its scores come here when it is done."
_HAPPENING = "The scores come here when all that was forecast has happened."
_SCORING = "Comparing the forecast with the truth…"
_NO_CURVES = "At stations there is one score for each record, and no curve against time."
_READING = "Reading the training events for nearest event and ridge, which takes a minute…"
CAVEAT = "A high ACC is not yet skill: what counts is how far a forecast is ahead of its baselines."
CAVEAT_TIP = (
    "With one mechanism, no noise and a known origin time waves are linear, and a sum of training events (ridge) is "
    "almost exact. Noise, few stations, other mechanisms and ruptures are where a forecaster shows what it can do."
)
_RELATION = f"{RELATION} is told the magnitude, and has all frequencies."


class ScoresPanel(Panel):
    """Scores of the forecast shown and of its baselines as a table, and curves of all forecasts of the event.

    Nothing is computed while nobody looks. What was computed is kept until another wavefield comes.
    """

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "Scores", _NONE)
        self._columns: dict[tuple[Forecast, str], ScoreColumn] = {}
        self._problems: dict[tuple[Forecast, str], str] = {}
        self._asked: tuple[Forecast, str] | None = None
        self._library: Library | None = None
        self._no_library = ""
        self._scorer = self.background("Scoring the forecast")
        self._scorer.ready.connect(self._receive)
        self._scorer.failed.connect(self._receive)
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
        stage.forecastsChanged.connect(self._follow_forecasts)

    def show_forecast(self) -> None:
        self._asked = None
        self._scorer.forget()

    def _follow_forecasts(self) -> None:
        """Drop what was scored of forecasts that are no more."""
        stage = self.stage
        for kept in (self._columns, self._problems):
            for forecast, name in list(kept):
                if forecast is not stage.forecast and forecast not in stage.forecasts:
                    del kept[forecast, name]
        self._refresh()

    def show_wavefield(self) -> None:
        self._asked = None
        self._columns.clear()
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
        tools = self.add_tools()
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
        self.rows.addWidget(split, 1)
        self.rows.addWidget(self.said)

    # --- what is computed when ---------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Show what is known, and compute what is missing."""
        truth, forecast = self.wavefield, self.stage.forecast
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
        shown = self.stage.forecast
        if shown is None:
            return []
        finished = [forecast for forecast in self.stage.forecasts if forecast.complete and forecast is not shown]
        with_events = [baselines.NEAREST, baselines.RIDGE] if self._fitting_library(shown) else []
        return [
            (shown, baselines.FORECAST),
            (shown, baselines.PERSISTENCE),
            *((forecast, baselines.FORECAST) for forecast in finished),
            (shown, RELATION),
            *((shown, name) for name in with_events),
            *((forecast, baselines.PERSISTENCE) for forecast in finished),
        ]

    def _fitting_library(self, forecast: Forecast) -> Library | None:
        return self._library if self._library is not None and baselines.fits(self._library, forecast.header) else None

    def _compute_next(self) -> None:
        if self.wavefield is None or self.stage.forecast is None or not self.isVisible():
            return
        self._read_library(self.stage.forecast)
        missing = [each for each in self._wanted if each not in self._columns and each not in self._problems]
        if not missing:
            self.work.setText(_READING if self._reader.busy else "")
            return
        if self._scorer.busy and self._asked == missing[0]:
            return
        self._asked = missing[0]
        forecast, name = missing[0]
        whose = "the forecast" if name == baselines.FORECAST else name if name == RELATION else name.lower()
        self.work.setText(f"Scoring {whose} from {forecast.issue_time:.1f} s…")
        self._scorer.ask(partial(_scored, name, self.wavefield, forecast, self._library))

    def _read_library(self, forecast: Forecast) -> None:
        """Once for a grid; another forecast does not interrupt it."""
        if not self._fitting_library(forecast) and not self._no_library and not self._reader.busy:
            self._reader.ask(partial(baselines.training_events, forecast.header))

    def _take_library(self, library: Library) -> None:
        self._library = library
        self._refresh()

    def _lack_library(self, sentence: str) -> None:
        self._no_library = sentence
        self._refresh()

    def _receive(self, found: ScoreColumn | str) -> None:
        """A column, or a sentence why there is none."""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        if isinstance(found, ScoreColumn):
            self._columns[asked] = found
        else:
            self._problems[asked] = found
        self._refresh()

    # --- what is shown -----------------------------------------------------------------------------------------

    def _show_scores(self, forecast: Forecast) -> None:
        columns = self._issue(forecast).columns
        problem = self._problems.get((forecast, baselines.FORECAST))
        if not columns:
            self.show_empty(problem or _SCORING)
            return
        names = tuple(each.name for each in columns)
        fresh = tuple(self.model.columns[1:]) != names
        self.model.show_scores(columns)
        self.show_body()
        if fresh:
            self.table.fit_columns()
        self.said.setText(self._caption(forecast))
        self._draw()

    def _issue(self, forecast: Forecast) -> Issue:
        names = (baselines.FORECAST, baselines.PERSISTENCE, baselines.NEAREST, baselines.RIDGE, RELATION)
        known = tuple(self._columns[forecast, name] for name in names if (forecast, name) in self._columns)
        return Issue(forecast.issue_time, known)

    def _caption(self, forecast: Forecast) -> str:
        problems = [
            f"{name}: {self._problems[forecast, name]}"
            for name in (baselines.PERSISTENCE, baselines.NEAREST, baselines.RIDGE, RELATION)
            if (forecast, name) in self._problems
        ]
        if self._no_library:
            problems.append(f"{baselines.NEAREST} and {baselines.RIDGE.lower()}: {self._no_library}")
        relation = _RELATION if (forecast, RELATION) in self._columns else ""
        span = f"Frames from {forecast.issue_time:.1f} s on."
        return " ".join(filter(None, (forecast.support.reason, span, CAVEAT, relation, *problems)))

    def _draw(self) -> None:
        forecast = self.stage.forecast
        if forecast is None or (forecast, baselines.FORECAST) not in self._columns:
            return
        shown = self._issue(forecast)
        others = [self._issue(each) for each in self.stage.forecasts if each is not forecast]
        issues = sorted([shown, *(each for each in others if each.columns)], key=lambda issue: issue.time)
        curves = bool(shown.columns[0].lead_times.size)
        self.plots.setVisible(curves)
        self.no_curves.setVisible(not curves)
        if curves:
            self.plots.draw(self.view.currentText(), issues, shown)


def _scored(
    name: str, truth: Wavefield, forecast: Forecast, library: Library | None, progress: Progress
) -> ScoreColumn | str:
    """The column, or the sentence why there is none."""
    try:
        return baselines.score_column(name, truth, forecast, library, progress)
    except QuakeViewError as error:
        return str(error)
