"""How many seconds of warning each place gets: a map, and a table of cities and the user's own sites."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from quakeview.app.maps.mapview import MapView
from quakeview.app.maps.overlays import Layer, Site
from quakeview.app.texts import captioned
from quakeview.app.wavefield.dialogs.site_dialog import SiteDialog
from quakeview.app.wavefield.panels.panel import Panel, caveat
from quakeview.app.wavefield.panels.warning_scale import WarningLegend, warning_scale
from quakeview.app.wavefield.panels.warning_table import WarningModel
from quakeview.app.wavefield.region_map import region_map
from quakeview.app.wavefield.stage import Stage
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.app.widgets.tables import Table
from quakeview.app.widgets.tool_button import tool_button
from quakeview.geography import City, Station, geography
from quakeview.wavefield.forecasting.delays import USUAL_DELAYS, Delays
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.site_warnings import LEVELS, Warnings, counts, headline, warnings_of
from quakeview.wavefield.forecasting.sites import OWN_RANK, SiteFile, read_sites
from quakeview.wavefield.ground_motion.intensity import roman, shaking

ASKED = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
"""Probabilities that an alert may ask for."""
LONGEST_DELAY = 30.0
_NONE = "Open or simulate a scenario, and forecast it, to see how many seconds of warning each place gets."
_NO_FORECAST = "Make a forecast to see how many seconds of warning each place gets before the shaking."


class WarningPanel(Panel):
    """Seconds of warning on a map and in a table. A click on the map adds a site; the first forecast of the sequence
    that exceeds the intensity at a place is the alert there.

    Signals:
        inputsWanted: ends of inputs that alerts rest on and that are not forecast from yet, s.
    """

    inputsWanted = Signal(object)

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "Warning times", _NONE)
        self.shown: Warnings | None = None
        self._computing = self.background("Computing the warning times")
        self._computing.ready.connect(self._show)
        self._computing.failed.connect(self._refuse)
        self._reading = self.background("Reading the sites")
        self._reading.ready.connect(self._add)
        self._reading.failed.connect(self._warn)
        self.level = QComboBox()
        self.level.setAccessibleName("Intensity to be warned of")
        for mmi in LEVELS:
            self.level.addItem(f"MMI {roman(mmi)} or more: {shaking(mmi).lower()}", mmi)
        self.level.activated.connect(self._choose_level)
        self._level: float | None = None
        self.rule = QComboBox()
        self.rule.setAccessibleName("When an alert is given")
        self.rule.addItem("expected PGV", None)
        for part in ASKED:
            self.rule.addItem(f"probability of {100 * part:.0f} %", part)
        self.rule.activated.connect(lambda _: self.grow())
        self.telemetry = self._delay_box("Delay of the data", USUAL_DELAYS.telemetry, "Until the data have arrived")
        self.computing = self._delay_box("Delay of computing", USUAL_DELAYS.computing, "Until the forecast is made")
        self.here = captioned("", "caption")
        self.map = region_map("Warning time")
        self.map.show_layer(Layer.STATIONS, False)
        self.map.pointClicked.connect(self.add_point)
        self.map.hoverText.connect(lambda text: self.here.setText(text))
        self.legend = WarningLegend()
        self.headline = captioned("", "heading")
        self.headline.setAccessibleName("Warning of the largest city")
        self.counts = captioned("", "caption")
        self.counts.setAccessibleName("Outcomes at the sites")
        self.so_far = captioned("", "warning")
        self.so_far.setAccessibleName("Inputs that alerts rest on")
        self.too_few = captioned("", "warning")
        self.too_few.setAccessibleName("Stations")
        self.note, self.caveat = captioned("", "warning"), captioned("", "caption")
        self.model = WarningModel()
        self.table = Table(self.model, "Warning times")
        self.table.selectionModel().selectionChanged.connect(self._point_at_selected)
        self._arrange()
        self.note.hide()
        self.too_few.hide()
        self.so_far.hide()
        self.show_empty()
        stage.forecastsChanged.connect(self._show_ground)
        stage.sitesChanged.connect(self._follow_sites)

    # --- what is shown -----------------------------------------------------------------------------------------

    def show_wavefield(self) -> None:
        self._level, self.shown = None, None
        self.note.hide()
        self._show_ground()

    def grow(self) -> None:
        if self._source is not None and self.isVisible():
            self._ask()

    def picture_parts(self) -> Sequence[QWidget]:
        return [self.map, self.legend]

    def restyle(self) -> None:
        self.legend.update()

    @property
    def mmi(self) -> float:
        """The intensity that is shown."""
        return float(self.level.currentData())

    @property
    def probability(self) -> float | None:
        """That an alert asks for; None: the expected PGV decides."""
        asked: float | None = self.rule.currentData()
        return asked

    @property
    def delays(self) -> Delays:
        """Between the end of an input and the alert."""
        return Delays(self.telemetry.value(), self.computing.value())

    @property
    def places(self) -> list[City | Station]:
        """Cities, own sites, and the stations of a record of which nothing else is known."""
        whole = self.wavefield is not None and self.wavefield.known is None
        stations = self._source.observation.stations if self._source and not whole else ()
        return [*self._cities(), *self.stage.sites, *stations]

    @property
    def _source(self) -> Forecast | None:
        """The forecast that is shown."""
        return self.stage.forecast

    def _show_ground(self) -> None:
        """Geography, then the times as soon as they are known."""
        source = self._source
        if source is None:
            self._computing.forget()
            self.shown = None
            self.show_empty(_NO_FORECAST if self.wavefield is not None else "")
            return
        self.map.set_region(source.region)
        self.map.set_nodes(source.x, source.y)
        self.map.set_geography(geography(source.region))
        self.map.set_epicentre(source.hypocentre[:2] if source.hypocentre else None)
        self.map.set_rupture_outline(source.rupture.plane.corners[[0, 1], :2] if source.rupture else None)
        if self.shown is None:
            self.map.set_image(None)
            self.map.set_message("Computing the warning times…")
        self._show_sites()
        self.show_body()
        self.grow()

    def _ask(self) -> None:
        peaks, source = self.stage.peaks, self._source
        assert peaks is not None
        assert source is not None
        work = partial(warnings_of, peaks, self.stage.forecasts or [source], self._level, self.places)
        self._computing.ask(partial(work, probability=self.probability, delays=self.delays))

    def _show(self, shown: Warnings) -> None:
        source = self._source
        stale = self._level not in (None, shown.mmi) or len(shown.rows) != len(self.places)
        if source is None or stale:
            return
        self.shown = shown
        self.level.setCurrentIndex(self.level.findData(shown.mmi))
        level = f"MMI {roman(shown.mmi)}"
        self.map.set_title("Warning time", f"before {level}" if shown.judged else f"before {level} is expected")
        self.map.set_scale(warning_scale(shown.seconds))
        self.map.set_image(shown.seconds)
        self.legend.show_seconds(shown.seconds, level)
        self.headline.setText(headline(shown.rows, level))
        self.counts.setText(counts(shown.rows))
        selected, fresh = self.table.selected_keys(), not self.model.rows
        self.model.set_rows(shown.rows)
        if fresh:
            self.table.fit_columns()
        if selected:
            self.table.select_key(selected[0])
        self.rule.setToolTip(shown.said)
        self.so_far.setText(shown.so_far)
        self.so_far.setVisible(bool(shown.so_far) and not shown.problem)
        for label in (self.headline, self.counts):
            label.setVisible(not shown.problem)
        self.too_few.setText(shown.problem)
        self.too_few.setVisible(bool(shown.problem))
        if shown.missing and not shown.problem:
            self.inputsWanted.emit(shown.missing)
        self.caveat.setText(f"PGV and P: forecast at {source.issue_time:.1f} s, from then on.")
        self.caveat.setToolTip(f"{shown.said} {caveat(source)}")

    def _refuse(self, sentence: str) -> None:
        self.shown = None
        self.map.set_image(None)
        self.map.set_message(sentence)
        self.model.set_rows([])
        for label in (self.headline, self.counts, self.so_far):
            label.clear()

    def _warn(self, sentence: str) -> None:
        """About sites that could not be taken."""
        self.note.setText(sentence)
        self.note.show()

    def _choose_level(self) -> None:
        self._level = self.level.currentData()
        self.grow()

    def _point_at_selected(self) -> None:
        selected = self.table.selected_keys()
        places = {row.name: (place.x, place.y) for row, place in zip(self.model.rows, self.places, strict=False)}
        self.map.set_crosshair(*places.get(selected[0], (None,)) if selected else (None,))

    # --- sites -------------------------------------------------------------------------------------------------

    def add_point(self, x: float, y: float) -> None:
        """A site at a point of the map, m."""
        self.stage.set_sites([*self.stage.sites, City(self._free_name(), x, y, OWN_RANK)])

    def _follow_sites(self) -> None:
        self.note.hide()
        self._show_sites()
        self.grow()

    def ask_for_site(self) -> None:
        """Let the user name a place."""
        if self._source is None:
            return
        dialog = SiteDialog(self._source.region, self._free_name(), self)
        if dialog.exec() == SiteDialog.DialogCode.Accepted:
            self._add(SiteFile((dialog.site,)))

    def ask_for_file(self) -> None:
        """Let the user choose a table of sites."""
        path, _ = QFileDialog.getOpenFileName(self, "Add sites", "", "Tables (*.csv *.tsv *.txt)")
        if path and self._source is not None:
            region = self._source.region
            self._reading.ask(lambda _: read_sites(Path(path), region))

    def remove_selected(self) -> None:
        """Give up the user's sites that are selected in the table; cities stay."""
        gone = self.table.selected_keys()
        self.stage.set_sites([site for site in self.stage.sites if site.name not in gone])

    def _add(self, read: SiteFile) -> None:
        """Sites with the names of others get a number."""
        taken = {place.name for place in (*self._cities(), *self.stage.sites)}
        added = []
        for site in read.sites:
            added.append(replace(site, name=_distinct(site.name, taken)))
            taken.add(added[-1].name)
        self.stage.set_sites([*self.stage.sites, *added])
        if read.left_out:
            self._warn(" ".join(read.left_out))

    def _free_name(self) -> str:
        return _distinct("Site 1", {site.name for site in self.stage.sites})

    def _cities(self) -> tuple[City, ...]:
        return () if self._source is None else geography(self._source.region).cities

    def _show_sites(self) -> None:
        self.map.set_sites([Site(site.x, site.y, site.name) for site in self.stage.sites])

    # --- made once ---------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        tools = self.add_tools()
        tools.addWidget(self.level)
        tools.addSpacing(10)
        tools.addWidget(self.here, 1)
        for button in (
            tool_button("map-marker-plus-outline", "Add a site…", self.ask_for_site),
            tool_button("table-arrow-up", "Add sites from a CSV file…", self.ask_for_file),
            tool_button("map-marker-minus-outline", "Remove the selected sites of your own", self.remove_selected),
            tool_button("content-copy", "Copy the warning times as a table", self.table.copy),
            tool_button("table-arrow-down", "Save the warning times as CSV…", self.table.ask_where_to_save),
            self.picture_button(),
        ):
            tools.addWidget(button)
        self.map.setToolTip("Click to add a site.")
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(_column(self.map, self.legend))
        split.addWidget(_column(self._words(), self.table))
        split.setSizes([430, 620])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        alerts = QHBoxLayout()
        alerts.setContentsMargins(10, 0, 10, 6)
        alerts.setSpacing(6)
        for widget in (
            captioned("Alert at", "caption"),
            self.rule,
            captioned("after", "caption"),
            self.telemetry,
            captioned("for the data and", "caption"),
            self.computing,
            captioned("to compute", "caption"),
        ):
            alerts.addWidget(widget)
        alerts.addStretch(1)
        self.rows.addLayout(alerts)
        self.rows.addWidget(split, 1)

    def _delay_box(self, name: str, seconds: float, tip: str) -> NumberBox:
        box = NumberBox(maximum=LONGEST_DELAY, singleStep=0.5, decimals=1, suffix=" s", value=seconds)
        box.setAccessibleName(name)
        box.setToolTip(f"{tip}: an alert comes so much later than its input ends")
        box.setKeyboardTracking(False)
        box.setFixedWidth(84)
        box.valueChanged.connect(lambda _: self.grow())
        return box

    def _words(self) -> QWidget:
        words = QWidget()
        rows = QVBoxLayout(words)
        rows.setContentsMargins(12, 4, 12, 8)
        rows.setSpacing(3)
        for label in (self.too_few, self.headline, self.counts, self.so_far, self.note, self.caveat):
            label.setWordWrap(True)
            rows.addWidget(label)
        return words


def _column(first: QWidget, second: QWidget) -> QWidget:
    """The map over its legend, or words over their table."""
    column = QWidget()
    rows = QVBoxLayout(column)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    rows.addWidget(first, int(isinstance(first, MapView)))
    rows.addWidget(second, int(isinstance(second, Table)))
    return column


def _distinct(name: str, taken: set[str]) -> str:
    """``name``, or with the first number that is free."""
    stem = name.removesuffix(" 1")
    numbered = (f"{stem} {number}" for number in range(2, len(taken) + 3))
    return next(free for free in (name, *numbered) if free not in taken)
