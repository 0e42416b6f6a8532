"""Plots of one event, with a choice of them."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.events.arrival_map import ArrivalMap
from quakeview.app.events.event_columns import StationKey
from quakeview.app.events.readings_plot import ReadingsPlot, View
from quakeview.app.events.stereonet import Stereonet
from quakeview.app.texts import captioned
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import tool_button
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.events.event import Event
from quakeview.events.focal_mechanism import Solution, solve
from quakeview.events.locating import Locator
from quakeview.events.readings import Reading, readings_of
from quakeview.events.theoretical import Curves, arrival_curves
from quakeview.events.velocity_models import P, S, VelocityModel
from quakeview.monitoring.picks import Pick
from quakeview.stations.coordinates import Coordinates

NOTHING = "Select one event to see its arrivals."
NO_PICKS = "The picks of this event are not among those that are open, so that nothing can be plotted."
READING, FITTING = "Reading the velocity model…", "Fitting a focal mechanism…"
BEYOND = 1.1
"""How far curves go, times the distance of the farthest station."""


class EventPlots(QWidget):
    """Residuals, travel times, Wadati diagram, arrival times on the map, and first motions on the focal sphere.

    Signals:
        pickClicked: id of the pick that the user chose.
        hoverText: what is under the mouse, in words; empty where there is nothing.
    """

    pickClicked = Signal(str)
    hoverText = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Plots of one event")
        self._event: Event | None = None
        self._picks: Mapping[str, Pick] = {}
        self._stations: Mapping[StationKey, Coordinates] = {}
        self._model: VelocityModel | None = None
        self._locator: Locator | None = None
        self._why_no_rays = READING
        self._curves: Curves | None = None
        self._solved_id = ""
        self._travel = Background("Computing travel times")
        self._travel.ready.connect(self._take_curves)
        self._fits = Background("Fitting a focal mechanism")
        self._fits.ready.connect(self._take_solution)
        self.plot, self.map, self.first_motions = ReadingsPlot(), ArrivalMap(), Stereonet()
        self._fits.failed.connect(lambda sentence: self.first_motions.show_solution(None, note=sentence))
        for part in (self.plot, self.map, self.first_motions):
            part.pickClicked.connect(self.pickClicked)
        for plain in (self.plot, self.first_motions):
            plain.hoverText.connect(self.hoverText)
        self.map.shown.hoverText.connect(self.hoverText)
        self.view = _choice("What is plotted", list(View))
        self.family = _choice("Phase", [P, S])
        self.empty = captioned(NOTHING, "caption")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()
        for choice in (self.view, self.family):
            choice.currentIndexChanged.connect(self._show)
        self.view.currentIndexChanged.connect(self._ask_for_mechanism)
        self._show()

    def set_event(self, event: Event | None) -> None:
        """Plot this one; None: say what to do."""
        self._event = event
        self._change()

    def set_picks(self, picks: Mapping[str, Pick]) -> None:
        """By id."""
        self._picks = picks
        self._change()

    def set_stations(self, stations: Mapping[StationKey, Coordinates]) -> None:
        """By network and station code."""
        self._stations = stations
        self._change()

    def set_velocity_model(self, model: VelocityModel | None) -> None:
        """Whose travel times are drawn; None: none are."""
        self._model = model
        self._change()

    def set_locator(self, locator: Locator | None, why_none: str = READING) -> None:
        """By whose velocity model and stations rays of first motions are traced; None: none are, and why."""
        self._locator, self._why_no_rays = locator, why_none
        self._ask_for_mechanism()

    def show_first_motions(self) -> None:
        """Plot the first motions."""
        self.view.setCurrentText(View.FIRST_MOTIONS)

    def mark_pick(self, pick_id: str | None) -> None:
        """Put a ring around this pick, where it is plotted."""
        self.plot.mark_pick(pick_id)
        self.map.mark_pick(pick_id)
        self.first_motions.mark_pick(pick_id)

    def picture(self, suffix: str) -> bytes:
        """The plot as it is on screen: the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: nothing is plotted, or for another suffix.
        """
        if self.stack.currentWidget() is self.empty:
            raise QuakeViewError(f"There is no picture to save. {self.empty.text()}")
        return picture_of(suffix, [self.plot, self.map, self.first_motions], theme.current().base)

    def ask_for_picture(self) -> None:
        """Let the user choose the file."""
        save_as(self, "Save picture", f"{self.view.currentText().lower()}.png", PICTURES, self.picture)

    def forget(self) -> None:
        """Compute no further; before the widget goes."""
        self._travel.forget()
        self._fits.forget()
        self.map.forget()

    # --- inside --------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 6, 8, 6)
        tools.setSpacing(4)
        tools.addWidget(self.view)
        tools.addWidget(self.family)
        tools.addStretch(1)
        tools.addWidget(tool_button("image-outline", "Save picture…", self.ask_for_picture))
        self.stack = QStackedWidget()
        for part in (self.empty, self.plot, self.map, self.first_motions):
            self.stack.addWidget(part)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(tools)
        rows.addWidget(self.stack, 1)

    @property
    def readings(self) -> list[Reading]:
        """Of the event that is plotted."""
        return [] if self._event is None else readings_of(self._event, self._picks, self._stations)

    def _change(self) -> None:
        self._ask_for_curves()
        self._ask_for_mechanism()
        self._show()

    def _show(self) -> None:
        view, readings = View(self.view.currentText()), self.readings
        self.family.setVisible(view is View.ARRIVALS)
        if self._event is None or not readings:
            self.empty.setText(NOTHING if self._event is None else NO_PICKS)
            self.stack.setCurrentWidget(self.empty)
        elif view is View.FIRST_MOTIONS:
            self.stack.setCurrentWidget(self.first_motions)
        elif view is View.ARRIVALS:
            self.map.show_arrivals(self._event, readings, self.family.currentText(), self._stations)
            self.stack.setCurrentWidget(self.map)
        else:
            self.plot.show_readings(view, readings, self._curves)
            self.stack.setCurrentWidget(self.plot)

    def _ask_for_curves(self) -> None:
        """The tables of a new model take a while."""
        self._curves = None
        self._travel.forget()
        event, model = self._event, self._model
        distances = [each.distance for each in self.readings if each.distance is not None]
        if event is None or model is None or event.origin.depth is None or not distances:
            return
        depth, farthest = event.origin.depth, BEYOND * max(distances)
        self._travel.ask(lambda _: arrival_curves(model, depth, farthest))

    def _ask_for_mechanism(self) -> None:
        """Of an event as it is now; what was asked of another one is no longer wanted."""
        self._fits.forget()
        event, locator, picks = self._event, self._locator, self._picks
        if View(self.view.currentText()) is not View.FIRST_MOTIONS or event is None:
            return
        if locator is None or self._solved_id != event.resource_id:
            self._solved_id = ""
            self.first_motions.show_solution(None, note=FITTING if locator else self._why_no_rays)
        if locator is None:
            return
        self._fits.ask(lambda progress: (event, locator, solve(event, picks, locator.coordinates, locator.times)))

    def _take_solution(self, found: tuple[Event, Locator, Solution]) -> None:
        event, locator, solution = found
        if event is not self._event:
            return
        self._solved_id = event.resource_id
        published = None if event.mechanism is None or event.mechanism.is_fitted else event.mechanism
        model, own = locator.model.name, event.origin.velocity_model
        other = "" if model == own else ", with another one than the event was located with"
        self.first_motions.show_solution(solution, published, f"Rays in {model}{other}")

    def _take_curves(self, curves: Curves) -> None:
        self._curves = curves
        self._show()


def _choice(name: str, items: list[str]) -> QComboBox:
    choice = QComboBox()
    choice.addItems(items)
    choice.setAccessibleName(name)
    return choice
