"""The Seismicity workspace: a catalogue on a map, in a table and on a time line, and what is forecast from it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import picture_of
from quakeview.app.seismicity.catalogue_map import CatalogueMap
from quakeview.app.seismicity.catalogue_shown import CatalogueShown
from quakeview.app.seismicity.catalogue_table import CatalogueTable
from quakeview.app.seismicity.choices_bar import ChoicesBar
from quakeview.app.seismicity.column_dialog import ColumnDialog
from quakeview.app.seismicity.empty_page import EmptyPage
from quakeview.app.seismicity.fdsn_events_dialog import EventsDownload
from quakeview.app.seismicity.forecasts.forecasts import Forecasts
from quakeview.app.seismicity.map_tools import MapTools
from quakeview.app.seismicity.region_dialog import RegionDialog
from quakeview.app.seismicity.region_drawing import Tool
from quakeview.app.seismicity.session import SeismicitySession
from quakeview.app.seismicity.state import SeismicityState
from quakeview.app.seismicity.statistics_panel import StatisticsPanel
from quakeview.app.seismicity.time_line import TimeLine, days_text
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.notice import Notice
from quakeview.app.shell.preferences import Preferences
from quakeview.app.work.running import JobRunner
from quakeview.seismicity.choices import days_of
from quakeview.seismicity.reading import ColumnMap
from quakeview.seismicity.reading.tables import Table
from quakeview.seismicity.sample import sample_catalogue
from quakeview.texts import counted

NO_CATALOGUE = "Open a catalogue first."
_SIMULATED = "They are simulated with ETAS, to try everything with: none of them happened."
_KINDS = "Catalogues (*.csv *.txt *.tsv *.xml *.quakeml *.qml *.zmap *.dat *.reloc *.zip *.gz);;All files (*)"
_LAYOUT = "seismicity"
_TOOLS = {"seismicity.box": Tool.BOX, "seismicity.polygon": Tool.POLYGON}


class SeismicityWorkspace(QWidget):
    """Map and time line on the left, tabs on the right; or what to do as long as no catalogue is open.

    Attributes:
        state: what is open; views follow it.
        tabs: what is told of the catalogue; other parts add theirs with ``add_tab``.
        above_map: room for a line that is above the map, below the choices.

    Signals:
        statusChanged: what is under the mouse.
        opened: paths of a catalogue that was read.
    """

    statusChanged = Signal(str)
    opened = Signal(list)

    def __init__(self, runner: JobRunner, registry: ActionRegistry, preferences: Preferences) -> None:
        super().__init__()
        self.runner, self.registry, self.preferences = runner, registry, preferences
        self.state = SeismicityState()
        self.session = SeismicitySession(self.state, runner, preferences)
        self.downloads = EventsDownload(runner, self)
        self.notice = Notice()
        self.bar = ChoicesBar(self.state, registry)
        self.map = CatalogueMap(CatalogueShown(self.state, by_region=False))
        self.time_line = TimeLine(CatalogueShown(self.state, by_period=False))
        self.table = CatalogueTable(self.state)
        self.statistics = StatisticsPanel(self.state)
        self.tabs = QTabWidget()
        self.above_map = QVBoxLayout()
        self.pages = QStackedWidget()
        self._arrange()
        self._connect()
        self._bind()
        self.forecasts = Forecasts(self.state, runner, registry, self.map, self.notice)
        self.forecasts.place(self.above_map, self.tabs)
        self._show_catalogue()

    # --- made once ---------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("About the catalogue")
        self.add_tab("Catalogue", self.table)
        self.add_tab("Statistics", self.statistics)
        with_tools = QWidget()
        above = _column(with_tools)
        above.addWidget(MapTools(self.map))
        above.addWidget(self.map, 1)
        self.across = QSplitter(Qt.Orientation.Horizontal)
        self.across.addWidget(with_tools)
        self.across.addWidget(self.tabs)
        self.down = QSplitter(Qt.Orientation.Vertical)
        self.down.addWidget(self.across)
        self.down.addWidget(self.time_line)
        for split, sizes in ((self.across, [520, 520]), (self.down, [520, 150])):
            split.setChildrenCollapsible(False)
            split.setSizes(sizes)
            split.setStretchFactor(0, 1)
        self.across.setStretchFactor(1, 1)
        shown = QWidget()
        rows = _column(shown)
        rows.addWidget(self.bar)
        rows.addLayout(self.above_map)
        rows.addWidget(self.down, 1)
        self.pages.addWidget(EmptyPage(self.registry, ("seismicity.open", "seismicity.download", "seismicity.sample")))
        self.pages.addWidget(shown)
        page = _column(self)
        page.addWidget(self.notice)
        page.addWidget(self.pages, 1)

    def add_tab(self, title: str, widget: QWidget) -> None:
        """Show something more of the catalogue."""
        self.tabs.addTab(widget, title)

    def _connect(self) -> None:
        state = self.state
        state.catalogueChanged.connect(self._show_catalogue)
        for signal in (state.listChanged, state.regionChanged, state.settingChanged):
            signal.connect(self._refresh)
        self.bar.openRequested.connect(self.ask_for_catalogue)
        self.bar.notesRequested.connect(self._tell_notes)
        self.session.noticed.connect(self.notice.say)
        self.session.read.connect(self.opened)
        self.session.read.connect(lambda _: self._tell_notes())
        self.session.columnsWanted.connect(self._ask_for_columns)
        self.downloads.saved.connect(lambda path, notes: self.session.open([path], about=notes))
        for view in (self.map, self.time_line):
            view.shown.hoverText.connect(self.statusChanged)
        self.map.toolEnded.connect(lambda: self._choose_tool(None))
        self.map.failed.connect(self.notice.say)

    def _bind(self) -> None:
        registry = self.registry
        registry.bind("seismicity.columns", self.session.ask_for_columns, self._has_catalogue)
        registry.bind("seismicity.close", self.state.close, self._has_catalogue)
        for action_id, tool in _TOOLS.items():
            registry.bind(action_id, lambda on, tool=tool: self._choose_tool(tool if on else None), self._has_catalogue)
        registry.bind("seismicity.type_region", self._type_region, self._has_catalogue)
        registry.bind("seismicity.no_region", lambda: self.state.choose(region=None), self._has_region)
        registry.bind("seismicity.area", self._choose_area, self._can_choose_area)

    # --- what is seen ------------------------------------------------------------------------------------------

    @property
    def has_catalogue(self) -> bool:
        """Whether there is one to look at."""
        return self.state.current is not None

    def _has_catalogue(self) -> bool | str:
        return self.has_catalogue or NO_CATALOGUE

    def _has_region(self) -> bool | str:
        return self.state.choices.region is not None or "There is no region; draw one first."

    def _can_choose_area(self) -> bool | str:
        return self.state.choices.area is not None or self._has_region()

    def _show_catalogue(self) -> None:
        self.pages.setCurrentIndex(int(self.has_catalogue))
        self._choose_tool(None)

    def _refresh(self) -> None:
        self.registry["seismicity.area"].setChecked(self.state.choices.area is not None)
        self.registry.refresh()

    def _tell_notes(self) -> None:
        """How many earthquakes there are, how the file was understood, and what was left out of it."""
        state = self.state
        said = f"{state.name}: {counted(len(state.catalogue), 'earthquake')}, {days_text(days_of(state.catalogue))}."
        notes = [note.removeprefix(f"{state.name}: ") for note in state.notes]
        first = [f"{note[:1].upper()}{note[1:]}" for note in notes[:1]]
        self.notice.confirm(" ".join([said, *first]), notes[1:])

    def _choose_tool(self, tool: Tool | None) -> None:
        for action_id, each in _TOOLS.items():
            self.registry[action_id].setChecked(each is tool)
        if self.map.tool is not tool:
            self.map.draw(tool)
        if tool is not None:
            self.map.setFocus()
        self._refresh()

    def _type_region(self) -> None:
        dialog = RegionDialog(self.state.choices.region, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda region: self.state.choose(region=region))
        dialog.open()

    def _choose_area(self, on: bool) -> None:
        self.state.choose(area=self.state.choices.region if on else None)

    # --- opening and closing -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Show what was shown at the end of the last session."""
        for name, split in (("across", self.across), ("down", self.down)):
            layout = self.preferences.layout(f"{_LAYOUT}-{name}")
            if isinstance(layout, QByteArray):
                split.restoreState(layout)
        if self.preferences[self.preferences.REOPEN]:
            self.session.restore()

    def open(self, paths: Sequence[Path]) -> None:
        """Read files as one catalogue, and show it."""
        self.notice.clear()
        self.session.open(paths)

    def open_sample(self) -> None:
        """Show the catalogue that comes with QuakeView."""
        self.notice.clear()
        self.session.open([sample_catalogue()], about=[_SIMULATED])

    def ask_for_catalogue(self) -> None:
        """Let the user choose the files of a catalogue."""
        folder = self.preferences[self.preferences.FOLDER]
        names, _ = QFileDialog.getOpenFileNames(self, "Open a catalogue", folder, _KINDS)
        if names:
            self.preferences[self.preferences.FOLDER] = str(Path(names[0]).parent)
            self.open([Path(name) for name in names])

    def _ask_for_columns(self, table: Table, columns: ColumnMap) -> None:
        dialog = ColumnDialog(table, columns, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.session.open([table.path], dialog.columns))
        dialog.open()

    def ask_for_download(self) -> None:
        """Let the user choose what a data centre is asked for; the region is proposed."""
        region, box = self.state.choices.region, None
        if region is not None:
            south, west, north, east = region.bounds
            box = west, south, east, north
        self.downloads.ask(Path(self.preferences[self.preferences.FOLDER]), box)

    def picture(self, suffix: str) -> bytes:
        """Map and time line: the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: for another suffix.
        """
        return picture_of(suffix, [self.map, self.time_line], theme.current().base)

    def shut_down(self) -> None:
        """Remember what is open, and read no more."""
        self.session.save()
        for name, split in (("across", self.across), ("down", self.down)):
            self.preferences.save_layout(f"{_LAYOUT}-{name}", split.saveState())
        self.forecasts.shut_down()
        self.map.ground.forget()
        self.statistics.forget()


def _column(widget: QWidget) -> QVBoxLayout:
    """A layout without room around or between."""
    rows = QVBoxLayout(widget)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    return rows
