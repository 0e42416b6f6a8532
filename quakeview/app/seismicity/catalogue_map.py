"""The map of a catalogue, on which a region is drawn."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from quakeview.app.drawing.plane import PlaneFrame
from quakeview.app.events.event_map import EventMap
from quakeview.app.events.hover_texts import event_text
from quakeview.app.seismicity.catalogue_shown import CatalogueShown
from quakeview.app.seismicity.region_drawing import RegionDrawing, Tool, paint_region
from quakeview.errors import QuakeViewError
from quakeview.texts import counted

PaintValues = Callable[[QPainter, PlaneFrame], None]


class CatalogueMap(EventMap):
    """Earthquakes over land and water, the region, and what is forecast below them.

    Signals:
        toolEnded: a region was drawn, or its drawing was given up.
        failed: what was drawn is no region; a sentence.
    """

    toolEnded = Signal()
    failed = Signal(str)

    shown: CatalogueShown

    def __init__(self, shown: CatalogueShown) -> None:
        self._drawing: RegionDrawing | None = None
        self._paint_values: PaintValues | None = None
        self._paint_meaning: PaintValues | None = None
        super().__init__(shown)
        self.shows_stations = self.shows_rays = self.shows_mechanisms = False
        self.state = shown.state
        self.state.regionChanged.connect(self._take_region)
        self.state.settingChanged.connect(self.update)
        self.setAccessibleName("Map of the catalogue")

    # --- what lies below the earthquakes -----------------------------------------------------------------------

    def show_values(self, paint: PaintValues | None, legend: PaintValues | None = None) -> None:
        """Have values, such as those of the cells of a forecast, painted over the land and below the earthquakes.

        Args:
            paint: them; None: nothing.
            legend: what they mean, over everything.
        """
        self._paint_values, self._paint_meaning = paint, legend
        self.update()

    def paint_under(self, painter: QPainter, frame: PlaneFrame) -> None:
        super().paint_under(painter, frame)
        if self._paint_values is not None:
            painter.save()
            painter.setClipRect(frame.plot)
            self._paint_values(painter, frame)
            painter.restore()

    def paint_over(self, painter: QPainter, frame: PlaneFrame) -> None:
        choices = self.state.choices
        if choices.area is not None and choices.area != choices.region:
            paint_region(painter, frame, self.shown, choices.area, self.colors, dashed=True)
        if choices.region is not None:
            paint_region(painter, frame, self.shown, choices.region, self.colors, shaded=self._paint_values is None)
        if self._drawing is not None and self._drawing.points:
            self._drawing.paint(painter, frame, self.colors)
        super().paint_over(painter, frame)
        if self._paint_meaning is not None:
            self._paint_meaning(painter, frame)

    # --- drawing a region --------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool | None:
        """What the mouse draws; None: it selects and moves the map."""
        return None if self._drawing is None else self._drawing.tool

    def draw(self, tool: Tool | None) -> None:
        """Draw with the mouse; None: no more."""
        self._drawing = None if tool is None else RegionDrawing(tool)
        self.setCursor(Qt.CursorShape.CrossCursor) if tool else self.unsetCursor()
        self.update()

    def _end(self) -> None:
        """What was drawn is the region."""
        assert self._drawing is not None
        try:
            if self._drawing.is_a_click:
                raise QuakeViewError("A box is drawn from corner to corner: press at one, and let go at the other.")
            region = self._drawing.region(self.frame, self.shown)
        except QuakeViewError as error:
            self.failed.emit(str(error))
        else:
            self.state.choose(region=region)
        self.draw(None)
        self.toolEnded.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._drawing is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif self.frame.plot.contains(event.position()):
            self._drawing.press(event.position())
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drawing is None:
            super().mouseMoveEvent(event)
            return
        self._drawing.move(event.position())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drawing is None:
            super().mouseReleaseEvent(event)
        elif self._drawing.tool is Tool.BOX and self._drawing.points:
            self._drawing.move(event.position())
            self._end()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._drawing is None:
            super().mouseDoubleClickEvent(event)
        elif self._drawing.tool is Tool.POLYGON:
            self._end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._drawing is not None and event.key() == Qt.Key.Key_Escape:
            self.draw(None)
            self.toolEnded.emit()
        elif self._drawing is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end()
        else:
            super().keyPressEvent(event)

    # --- changes -----------------------------------------------------------------------------------------------

    def _take_region(self) -> None:
        self.update()
        self._describe()

    def _describe(self) -> None:
        shown: CatalogueShown = self.shown
        words = [counted(len(shown.events), "earthquake")]
        if shown.state.choices.region is not None:
            words.append(f"region: {shown.state.choices.region}")
        if shown.selected_event is not None:
            words.append(f"selected: {event_text(shown.selected_event)}")
        elif shown.selection:
            words.append(f"{len(shown.selection)} selected")
        self.setAccessibleDescription(", ".join(words))
