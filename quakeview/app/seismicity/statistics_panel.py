"""What the catalogue is like: completeness, b-value, clusters, and what to beware of, as curves and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.seismicity.curves_view import CurvesView
from quakeview.app.seismicity.state import SeismicityState
from quakeview.app.texts import captioned
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tables import RowsModel, Table
from quakeview.app.widgets.tool_button import tool_button
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.statistics.curves import Axis, CurvePlot, View
from quakeview.seismicity.statistics.methods import Method

if TYPE_CHECKING:
    from quakeview.seismicity.statistics.summary import Summary

COMPUTING = "Computing the statistics of the catalogue…"
NOTHING = "Open a catalogue to see from where it is complete."
SUMMARY = "Summary"
COMPLETE, FORECAST = "Complete magnitudes", "Magnitudes to forecast"
_MOST_CAUTIONS = 0.4
"""Part of the height that sentences take from the table."""


@dataclass(frozen=True)
class Asked:
    """What is to be computed.

    Attributes:
        catalogue: all earthquakes.
        chosen: bytes of the mask of those that are looked at.
        least: magnitude from which they are used; None: from where they are complete.
        target: magnitude that is forecast.
        view: what is plotted; None: nothing.
        mainshock: number of the selected earthquake; None: of none.
    """

    catalogue: Catalogue
    chosen: bytes
    method: Method
    least: float | None
    target: float
    view: View | None
    mainshock: int | None

    @property
    def of_summary(self) -> "Asked":
        """The same for whatever has the same summary."""
        return replace(self, view=None, mainshock=None, target=0.0)


@dataclass(frozen=True, eq=False)
class Answer:
    """What was computed, as far as it could be; ``problem`` says why there is no plot."""

    asked: Asked
    summary: "Summary | None" = None
    cautions: tuple[str, ...] = ()
    plot: CurvePlot | None = None
    problem: str = ""


class StatisticsPanel(QWidget):
    """Statistics of the earthquakes that are looked at: those of the region and the days that are chosen."""

    def __init__(self, state: SeismicityState) -> None:
        super().__init__()
        self.setAccessibleName("Statistics of the catalogue")
        self._state = state
        self._asked: Asked | None = None
        self.answer: Answer | None = None
        self._background = Background("Statistics of the catalogue")
        self._background.ready.connect(self._take)
        self._background.failed.connect(self._say)
        self.view = _choice("What is shown", "Summary or a plot", [SUMMARY, *View])
        self.used = _choice(
            "Magnitudes",
            "Earthquakes from where the catalogue is complete count, or those of the magnitude to forecast",
            [COMPLETE, FORECAST],
        )
        self.method = _choice("Clusters", "How clusters are found", list(Method))
        self.only_mainshocks = QCheckBox("Mainshocks only")
        self.only_mainshocks.setToolTip("Map, time line and table show the largest earthquake of each cluster alone")
        self.cautions, self.words, self.empty = (_wrapped(role) for role in ("warning", "caption", "caption"))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._views: dict[tuple[Axis, Axis], CurvesView] = {}
        self.rows = StatisticsRows()
        self.table = Table(self.rows, "Statistics")
        self._arrange()
        self._connect()
        self._say(NOTHING)

    # --- made once ---------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        tools = QGridLayout()
        tools.setContentsMargins(8, 6, 8, 6)
        tools.setSpacing(6)
        tools.addWidget(self.view, 0, 0)
        tools.addWidget(self.used, 0, 1)
        tools.addWidget(tool_button("image-outline", "Save picture…", self.ask_for_picture), 0, 2)
        tools.addWidget(tool_button("file-delimited-outline", "Save curves…", self.ask_for_curves), 0, 3)
        tools.addWidget(self.method, 1, 0)
        tools.addWidget(self.only_mainshocks, 1, 1)
        for column in (0, 1):
            tools.setColumnStretch(column, 1)
        self.summary = QWidget()
        self.beware = QScrollArea()
        self.beware.setWidget(self.cautions)
        self.beware.setWidgetResizable(True)
        self.beware.setFrameShape(QScrollArea.Shape.NoFrame)
        self.beware.setAccessibleName("What to beware of")
        rows = _column(self.summary)
        rows.addWidget(self.beware)
        rows.addWidget(self.table, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.summary)
        page = _column(self)
        page.addLayout(tools)
        page.addWidget(self.pages, 1)
        page.addWidget(self.words)

    def _connect(self) -> None:
        state = self._state
        for signal in (state.catalogueChanged, state.filterChanged, state.regionChanged, state.settingChanged):
            signal.connect(self._ask)
        state.selectionChanged.connect(self._follow_selection)
        for choice in (self.view, self.method, self.used):
            choice.currentIndexChanged.connect(self._ask)
        self.only_mainshocks.toggled.connect(self._show_mainshocks)
        state.catalogueChanged.connect(lambda: self._allow_mainshocks(False))
        self._allow_mainshocks(False)

    def _fit_cautions(self) -> None:
        """As high as they are, as long as the table keeps most of the room."""
        high = self.cautions.heightForWidth(self.beware.viewport().width()) if self.cautions.text() else 0
        self.beware.setFixedHeight(min(high, round(_MOST_CAUTIONS * self.height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_cautions()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    # --- asking and answers ------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Compute what is wanted now, unless it was asked for already or nobody looks at it."""
        if not self.isVisible() and not self.only_mainshocks.isChecked():
            return
        asked = self._wanted()
        if asked == self._asked:
            return
        self._asked, before = asked, self.answer
        self._background.forget()
        if asked is None:
            self._say(NOTHING)
        else:
            if before is None or before.asked.catalogue is not asked.catalogue:
                self._say(COMPUTING)
            else:
                self.words.setText(COMPUTING)
                self.words.show()
            self._background.ask(lambda progress: answered(asked, before, progress))

    def _follow_selection(self) -> None:
        """No other plot depends on it."""
        if self.view.currentText() == View.AFTERSHOCKS:
            self._ask()

    def _wanted(self) -> Asked | None:
        catalogue, choices = self._state.catalogue, self._state.choices
        if not len(catalogue):
            return None
        view = None if self.view.currentText() == SUMMARY else View(self.view.currentText())
        selection = self._state.selection
        return Asked(
            catalogue,
            choices.passing(catalogue, by_magnitude=False).tobytes(),
            Method(self.method.currentText()),
            choices.magnitude if self.used.currentText() == FORECAST else None,
            choices.magnitude,
            view,
            selection[0] if view is View.AFTERSHOCKS and len(selection) == 1 else None,
        )

    def _take(self, answer: Answer) -> None:
        if answer.asked != self._asked:
            return
        self.answer = answer
        if answer.summary is not None:
            self.rows.set_rows(answer.summary.rows)
            self.table.fit_columns()
            self.cautions.setText("\n".join(f"• {sentence}" for sentence in answer.cautions))
            self._fit_cautions()
        if answer.problem:
            self._say(answer.problem)
        elif answer.plot is None:
            self.pages.setCurrentWidget(self.summary)
            self.words.clear()
        else:
            self._draw(answer.plot)
        self.words.setVisible(bool(self.words.text()))
        self._allow_mainshocks(answer.summary is not None)
        self._show_mainshocks()

    def _draw(self, plot: CurvePlot) -> None:
        axes = plot.x_axis, plot.y_axis
        if axes not in self._views:
            self._views[axes] = CurvesView(*axes)
            self.pages.addWidget(self._views[axes])
        self._views[axes].show_plot(plot)
        self.pages.setCurrentWidget(self._views[axes])
        self.words.setText(plot.words)

    def _say(self, sentence: str) -> None:
        """A sentence in place of everything else."""
        self.empty.setText(sentence)
        self.pages.setCurrentWidget(self.empty)
        self.words.clear()

    def _allow_mainshocks(self, known: bool) -> None:
        self.only_mainshocks.setEnabled(known)
        if not known:
            self.only_mainshocks.setChecked(False)

    def _show_mainshocks(self) -> None:
        """On the map, the time line and in the table."""
        summary = self.answer.summary if self.answer is not None and self.only_mainshocks.isChecked() else None
        self._state.show_mainshocks(None if summary is None else summary.declustering.mainshocks)

    # --- what can be kept --------------------------------------------------------------------------------------

    @property
    def shown(self) -> CurvePlot:
        """The plot on screen.

        Raises:
            QuakeViewError: if there is none.
        """
        shown = self._drawn.shown
        assert shown is not None
        return shown

    @property
    def _drawn(self) -> CurvesView:
        view = self.pages.currentWidget()
        if not isinstance(view, CurvesView):
            why = "Choose one first." if view is self.summary else self.empty.text()
            raise QuakeViewError(f"There is no plot to save. {why}")
        return view

    def picture(self, suffix: str) -> bytes:
        """The plot as it is on screen: the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: if nothing is plotted, or for another suffix.
        """
        return picture_of(suffix, [self._drawn], theme.current().base)

    def ask_for_picture(self) -> None:
        """Let the user choose the file."""
        save_as(self, "Save picture", f"{self._name}.png", PICTURES, self.picture)

    def ask_for_curves(self) -> None:
        """Let the user choose the file for the values of the curves."""
        save_as(self, "Save curves", f"{self._name}.csv", "CSV (*.csv)", lambda _: self.shown.csv().encode())

    @property
    def _name(self) -> str:
        return self.view.currentText().lower()

    def forget(self) -> None:
        """Compute no further; before the widget goes."""
        self._background.forget()


class StatisticsRows(RowsModel):
    """Names and values."""

    columns = ("Statistic", "Value")

    def text(self, row: Any, column: str) -> str:
        return str(row[self.columns.index(column)])

    def key(self, row: Any) -> Any:
        return row[0]


def answered(asked: Asked, before: Answer | None, progress: Progress) -> Answer:
    """Compute what was asked for; the summary is taken from the answer before where it is the same."""
    from quakeview.seismicity.statistics.cautions import of_use
    from quakeview.seismicity.statistics.curve_plots import curve_plot
    from quakeview.seismicity.statistics.summary import summarise

    summary, cautions = None, tuple[str, ...]()
    try:
        if before is not None and before.summary is not None and before.asked.of_summary == asked.of_summary:
            summary = before.summary
        else:
            chosen: NDArray[np.bool_] = np.frombuffer(asked.chosen, np.bool_)
            summary = summarise(asked.catalogue, asked.least, asked.method, progress, None if chosen.all() else chosen)
        cautions = tuple(dict.fromkeys((*of_use(summary.completeness, asked.target), *summary.cautions)))
        plot = None if asked.view is None else curve_plot(asked.view, summary, asked.mainshock)
        return Answer(asked, summary, cautions, plot)
    except QuakeViewError as problem:
        return Answer(asked, summary, cautions, problem=str(problem))


def _choice(name: str, tip: str, items: Sequence[str]) -> QComboBox:
    choice = QComboBox()
    choice.addItems(list(items))
    choice.setAccessibleName(name)
    choice.setToolTip(tip)
    choice.setMinimumContentsLength(12)
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return choice


def _wrapped(role: str) -> QLabel:
    label = captioned("", role)
    label.setWordWrap(True)
    label.setContentsMargins(10, 4, 10, 6)
    return label


def _column(widget: QWidget) -> QVBoxLayout:
    rows = QVBoxLayout(widget)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    return rows
