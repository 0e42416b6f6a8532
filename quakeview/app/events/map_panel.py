"""The map of events with its sections in depth, and what they are controlled with."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from numpy.typing import ArrayLike
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from quakeview.app.drawing import shades, theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.events.depth_view import DepthView
from quakeview.app.events.event_columns import StationKey
from quakeview.app.events.event_map import EventMap
from quakeview.app.events.shown import EventsShown
from quakeview.app.maps.overlays import Layer
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import ToolButton, tool_button
from quakeview.events.event import Event
from quakeview.events.event_scales import ColourBy
from quakeview.monitoring.picks import Pick
from quakeview.single_station.region import Region
from quakeview.stations.coordinates import Coordinates

NARROWEST_WITH_BOTH = 520
"""Width, pixels, from which there is a section on the right too."""
NARROWEST_CHOICE = 84
SHARES = (3, 1)
"""Of the map and of a section, of width and height."""
PARTS = {
    Layer.COASTLINES: "Coastlines",
    Layer.BORDERS: "Borders",
    Layer.CITIES: "Cities",
    Layer.FAULTS: "Faults",
    Layer.FAULT_NAMES: "Names of faults",
}


class MapPanel(QWidget):
    """Events, stations and the selection are set from outside; what the user does is told by the signals.

    Signals:
        selected: ids of the events that the user selected.
        opened: id of the event that the user wants to work on.
        stationClicked: ``NET.STA``.
        hoverText: what is under the mouse, in words; empty where there is nothing.
    """

    selected = Signal(list)
    opened = Signal(str)
    stationClicked = Signal(str)
    hoverText = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Map")
        self.shown = EventsShown()
        self.map = EventMap(self.shown)
        self.west_east, self.south_north = DepthView(self.shown, east=True), DepthView(self.shown, east=False)
        for own, of_shown in (
            (self.selected, self.shown.selected),
            (self.opened, self.shown.opened),
            (self.stationClicked, self.shown.stationClicked),
            (self.hoverText, self.shown.hoverText),
        ):
            of_shown.connect(own)
        self.colour_by = QComboBox()
        for by in ColourBy:
            self.colour_by.addItem(by.capitalize(), by)
        self.colour_by.setAccessibleName("Colour of events")
        self.colour_by.setToolTip("What the colours of events tell")
        self.colour_by.setMinimumWidth(NARROWEST_CHOICE)
        self.colour_by.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.colour_by.setMaximumWidth(self.colour_by.sizeHint().width())
        self.colour_by.currentIndexChanged.connect(self._choose_colours)
        self._parts: dict[str, QAction] = {}
        self.layers = ToolButton("layers-outline", "What the map shows")
        self.layers.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.layers.setMenu(self._layers_menu())
        self._arrange()

    # --- what is shown: see ``EventsShown`` ----------------------------------------------------------------------

    def set_events(self, events: Sequence[Event]) -> None:
        """Show these and no others."""
        self.shown.set_events(events)

    def change_events(self, gone: Iterable[str], came: Iterable[Event]) -> None:
        """Some have gone, others came; one that came with a known id takes its place."""
        self.shown.change_events(gone, came)

    def set_stations(self, stations: Mapping[StationKey, Coordinates], hidden: Collection[StationKey] = ()) -> None:
        """By network and station code; ``hidden`` ones are pale."""
        self.shown.set_stations(stations, hidden)

    def set_picks(self, picks: Mapping[str, Pick]) -> None:
        """By id; they say at which station an arrival was."""
        self.shown.set_picks(picks)

    def select(self, ids: Iterable[str]) -> None:
        """These are selected; no signal comes back."""
        self.shown.select(ids)

    def set_posterior(
        self, longitude: ArrayLike, latitude: ArrayLike, depth: ArrayLike, probability: ArrayLike
    ) -> None:
        """Shade where the selected hypocentre is probable; see ``EventsShown.set_posterior``."""
        self.shown.set_posterior(longitude, latitude, depth, probability)

    def set_region(self, region: Region | None) -> None:
        """Draw where an epicentre lies as far as one station can tell; None removes it."""
        self.shown.set_region(region)

    def picture(self, suffix: str) -> bytes:
        """Map and sections: the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: for another suffix.
        """
        return picture_of(suffix, [self.map, self.south_north, self.west_east], theme.current().base)

    def state(self) -> dict[str, Any]:
        """What the user chose, for a session file."""
        parts = {name: action.isChecked() for name, action in self._parts.items()}
        return {"colour": str(self.shown.colour_by), "parts": parts}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Choose it again; what is not known is left as it is."""
        self.colour_by.setCurrentIndex(max(self.colour_by.findData(state.get("colour")), 0))
        for name, shown in state.get("parts", {}).items():
            if name in self._parts:
                self._parts[name].setChecked(bool(shown))

    def ask_for_picture(self) -> None:
        """Let the user choose the file."""
        save_as(self, "Save picture", "map.png", PICTURES, self.picture)

    def forget(self) -> None:
        """Read no more of the ground; before the panel goes."""
        self.map.ground.forget()

    # --- inside --------------------------------------------------------------------------------------------------

    def _choose_colours(self) -> None:
        self.shown.set_colour_by(ColourBy(self.colour_by.currentData()))

    def _layers_menu(self) -> QMenu:
        menu = QMenu(self)
        self._switch(menu, "Stations", self.map.show_stations)
        self._switch(menu, "Lines to stations", self.map.show_rays)
        self._switch(menu, "Focal mechanisms", self.map.show_mechanisms)
        menu.addSeparator()
        for part, name in PARTS.items():
            action = self._switch(menu, name, lambda on, part=part: self.map.show_part(part, on))
            action.setChecked(part is not Layer.FAULT_NAMES)
        menu.addSeparator()
        self.with_sections = self._switch(menu, "Sections in depth", lambda on: self._place())
        return menu

    def _switch(self, menu: QMenu, name: str, switched: object) -> QAction:
        action = menu.addAction(name)
        action.setCheckable(True)
        action.setChecked(True)
        action.toggled.connect(switched)
        self._parts[name] = action
        return action

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 6, 8, 6)
        tools.setSpacing(4)
        tools.addWidget(self.colour_by, 1)
        tools.addWidget(self.layers)
        tools.addStretch(1)
        for icon, text, pressed in (
            ("fit-to-page-outline", "Show all events and stations", self.shown.show_everything),
            ("circle-multiple-outline", "Zoom to the events", self.shown.show_events),
            ("target", "Zoom to the selected events", lambda: self.shown.show_events(self.shown.selection)),
            ("image-outline", "Save picture…", self.ask_for_picture),
        ):
            tools.addWidget(tool_button(icon, text, pressed))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(6, 4, 6, 4)
        self._grid.setSpacing(0)
        for view, row, column in ((self.map, 0, 0), (self.south_north, 0, 1), (self.west_east, 1, 0)):
            self._grid.addWidget(view, row, column)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(tools)
        rows.addLayout(self._grid, 1)
        self._place()

    def _place(self) -> None:
        """Sections where there is room for them."""
        sections = self.with_sections.isChecked()
        both = sections and self.width() >= NARROWEST_WITH_BOTH
        self.west_east.setVisible(sections)
        self.south_north.setVisible(both)
        for index, share in enumerate(SHARES):
            self._grid.setRowStretch(index, share if index == 0 or sections else 0)
            self._grid.setColumnStretch(index, share if index == 0 or both else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page around the plots."""
        QPainter(self).fillRect(self._grid.geometry(), shades.current().base)
