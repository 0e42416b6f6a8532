"""What the map of a catalogue is controlled with, in a row above it."""

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QToolButton, QWidget

from quakeview.app.drawing.picture import PICTURES
from quakeview.app.events.map_panel import PARTS
from quakeview.app.maps.overlays import Layer
from quakeview.app.seismicity.catalogue_map import CatalogueMap
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import ToolButton, tool_button
from quakeview.events.event_scales import ColourBy


class MapTools(QWidget):
    """Colours of earthquakes, parts of the ground, and what is in view."""

    def __init__(self, view: CatalogueMap) -> None:
        super().__init__()
        self._map = view
        self.colour_by = QComboBox()
        self.colour_by.setAccessibleName("Colour of earthquakes")
        self.colour_by.setToolTip("What the colours of earthquakes tell")
        for by in ColourBy:
            self.colour_by.addItem(by.capitalize(), by)
        self.colour_by.activated.connect(lambda _: view.shown.set_colour_by(ColourBy(self.colour_by.currentData())))
        view.shown.changed.connect(self._show)
        self._show()
        layers = ToolButton("layers-outline", "What the map shows")
        layers.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        layers.setMenu(self._layers_menu(layers))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 0)
        row.setSpacing(4)
        row.addWidget(self.colour_by)
        row.addWidget(layers)
        row.addStretch(1)
        for icon, text, pressed in (
            ("fit-to-page-outline", "Show all earthquakes", view.shown.show_everything),
            ("circle-multiple-outline", "Zoom to the chosen earthquakes", view.shown.show_events),
            ("target", "Zoom to the selected earthquakes", lambda: view.shown.show_events(view.shown.selection)),
            ("image-outline", "Save picture…", self._ask_for_picture),
        ):
            row.addWidget(tool_button(icon, text, pressed))

    def _layers_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        for part, name in PARTS.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(part is not Layer.FAULT_NAMES)
            action.toggled.connect(lambda on, part=part: self._map.show_part(part, on))
        return menu

    def _show(self) -> None:
        self.colour_by.setCurrentIndex(self.colour_by.findData(self._map.shown.colour_by))

    def _ask_for_picture(self) -> None:
        save_as(self, "Save picture", "map.png", PICTURES, self._map.picture)
