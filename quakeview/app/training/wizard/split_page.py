"""The step of the split: what is learnt from, what chooses, what is tested on, on a map and a time line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QDateTime, Qt, QTimer, QTimeZone
from PySide6.QtWidgets import (
    QButtonGroup,
    QDateTimeEdit,
    QFormLayout,
    QListWidget,
    QPushButton,
    QRadioButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.events.event_map import EventMap
from quakeview.app.events.shown import EventsShown
from quakeview.app.texts import captioned
from quakeview.app.training.wizard.looks import Looks
from quakeview.app.training.wizard.page import WizardPage
from quakeview.app.training.wizard.parts import PART_SCALE, TimeLinePlot, part_numbers
from quakeview.app.widgets.numberbox import NumberBox, WholeNumberBox
from quakeview.app.work.background import Background
from quakeview.jobs import Progress
from quakeview.registry import find_model
from quakeview.texts import counted
from quakeview.training.planning.on_the_map import Places, TimeLine, places_of, time_line
from quakeview.training.planning.parents import past_notes, past_of, past_problems
from quakeview.training.planning.plan import TrainingPlan, starting_model
from quakeview.training.planning.problems import Problem
from quakeview.training.planning.record_table import KINDS, RecordTable
from quakeview.training.planning.split_files import kept_table, with_split
from quakeview.training.planning.splitting import (
    AsGiven,
    AsTable,
    ByEvent,
    ByRegion,
    ByTime,
    Division,
    Way,
    divide,
    division_notes,
    division_problems,
)
from quakeview.training.record_config import DataConfig
from quakeview.training.splits import PARTS

_SETTLE = 200
"""Milliseconds after the last change of a number before the data are divided anew."""
_WAYS = {
    AsGiven: ("As the data say", "Each data set's own split, by its column “split”."),
    ByEvent: ("By earthquake", "Drawn at random; all records of an earthquake are in one part."),
    ByTime: ("By time", "Learn from what came first, test on what came last."),
    ByRegion: ("By region", "Test on the earthquakes of a box, learn from all others."),
    AsTable: ("As the run file says", "The table of splits that the run file names."),
}


@dataclass(frozen=True)
class _Divided:
    """What is computed for a way to divide."""

    way: Way
    division: Division
    places: Places
    line: TimeLine
    problems: Sequence[Problem]
    notes: Sequence[str]
    table: Path | None


class SplitPage(WizardPage):
    """Ways to divide on the left, what comes of it on the right."""

    title = "Split"
    question = "What is it tested on?"

    def __init__(self, looks: Looks) -> None:
        super().__init__()
        self._looks = looks
        self._plan = TrainingPlan()
        self._divided: _Divided | None = None
        self._failed = ""
        self._given: Path | None = None
        self._offered = False
        self._background = Background("Dividing the data")
        self._background.ready.connect(self._take)
        self._background.failed.connect(self._take_failure)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settling.timeout.connect(self._divide)
        self._group = QButtonGroup(self)
        self.buttons: dict[type, QRadioButton] = {}
        self.fractions = {part: WholeNumberBox() for part in PARTS}
        self.dates = {part: QDateTimeEdit() for part in ("dev", "test")}
        self.box = {side: NumberBox() for side in ("south", "north", "west", "east")}
        self.map, self.line = EventMap(EventsShown()), TimeLinePlot()
        self.counts, self.remarks = captioned("", ""), QListWidget()
        self._arrange()
        self._choose(ByEvent)
        self._group.buttonClicked.connect(lambda _: self._change())
        looks.changed.connect(self._look_changed)

    # --- the plan ----------------------------------------------------------------------------------------------

    def is_for(self, plan: TrainingPlan) -> bool:
        """Wavefields are divided when they are simulated, catalogues by time."""
        return plan.the_goal.is_of_records

    def show_plan(self, plan: TrainingPlan) -> None:
        before, self._plan = self._plan, plan
        changed = (plan.data, plan.model) != (before.data, before.model)
        if self._tables is not None and (self._divided is None or changed):
            self._offer()
            self._change()

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        if self.problem() or self._divided is None or not isinstance(before.data, DataConfig):
            return before
        divided = self._divided
        data = with_split(before.data, divided.division, divided.way, divided.table)
        return replace(before, data=data, records=divided.division.counts()["train"][0])

    def problem(self) -> str:
        if self._failed:
            return self._failed
        if self._divided is None or self._background.busy or self._settling.isActive():
            return "The data are being divided."
        return self._divided.problems[0].sentence if self._divided.problems else ""

    def shut_down(self) -> None:
        self._background.forget()
        self.map.ground.forget()

    # --- what is chosen ----------------------------------------------------------------------------------------

    @property
    def _tables(self) -> list[RecordTable] | None:
        """Of the labelled data sets; None while one of them is looked at."""
        sources = self._plan.data.sources if isinstance(self._plan.data, DataConfig) else ()
        seen = [self._looks.of(source) for source in sources if source.kind in KINDS]
        tables = [each.look.table for each in seen if each is not None and each.look is not None]
        return tables if tables and len(tables) == len(seen) else None

    @property
    def way(self) -> Way:
        """How the data are to be divided."""
        chosen = next(way for way, button in self.buttons.items() if button.isChecked())
        if chosen is ByEvent:
            return ByEvent({part: box.value() / 100 for part, box in self.fractions.items()})
        if chosen is ByTime:
            return ByTime(*(self.dates[part].dateTime().toSecsSinceEpoch() for part in ("dev", "test")))
        if chosen is ByRegion:
            return ByRegion(**{side: box.value() for side, box in self.box.items()})
        return AsTable(self._given) if chosen is AsTable and self._given is not None else AsGiven()

    def _choose(self, way: type) -> None:
        self.buttons[way].setChecked(True)
        for each, fields in self._fields.items():
            fields.setVisible(each is way)

    def _offer(self) -> None:
        """Offer the ways that these data allow, and choose the one that is planned."""
        tables, data = self._tables or [], self._plan.data
        given = [source.splits for source in data.sources if source.splits] if isinstance(data, DataConfig) else []
        if given and (self._divided is None or given[0] != self._divided.table):
            self._given = given[0]
        own = bool(tables) and all(table.has_splits for table in tables)
        self.buttons[AsGiven].setVisible(own)
        self.buttons[AsTable].setVisible(self._given is not None)
        if self._given is not None and given:
            self._choose(AsTable)
        elif own and not self._offered:
            self._choose(AsGiven)
        elif not own and self.buttons[AsGiven].isChecked():
            self._choose(ByEvent)
        if not self._offered:
            self._propose(tables)
        self._offered = True

    def _propose(self, tables: Sequence[RecordTable]) -> None:
        """Dates and a box that leave something for each part."""
        times = [float(time) for table in tables for time in table["start"] if time == time]
        if times:
            first, last = min(times), max(times)
            for part, share in (("dev", 0.7), ("test", 0.85)):
                moment = int(first + share * (last - first))
                self.dates[part].setDateTime(QDateTime.fromSecsSinceEpoch(moment, QTimeZone.utc()))
        places = np.concatenate(
            [[table.of_events("latitude"), table.of_events("longitude")] for table in tables], axis=1
        )
        latitude, longitude = places[:, np.isfinite(places).all(axis=0)]
        if len(latitude):
            south, north = np.quantile(latitude, (0.0, 0.2))
            corners = (south, north, longitude.min(), longitude.max())
            for box, value in zip(self.box.values(), corners, strict=True):
                box.setValue(float(value))

    def _look_changed(self) -> None:
        if self.isVisible() and self._divided is None and self._tables is not None:
            self._offer()
            self._change()

    def _change(self) -> None:
        """Another way or another number is chosen."""
        chosen = next(way for way, button in self.buttons.items() if button.isChecked())
        self._choose(chosen)
        self._settling.start()
        self.changed.emit()

    # --- dividing ----------------------------------------------------------------------------------------------

    def _divide(self) -> None:
        tables = self._tables
        if tables is None:
            return
        self._failed = ""
        self._background.forget()
        self._background.ask(partial(_division, tables, self.way, starting_model(self._plan)))

    def _take(self, divided: _Divided) -> None:
        if self._settling.isActive():
            return
        self._divided = divided
        if self.map.shown.events.keys() != {event.resource_id for event in divided.places.events}:
            self.map.set_events(divided.places.events)
        self.map.shown.set_own_colours(part_numbers(divided.division), PART_SCALE)
        self.map.set_stations(divided.places.stations)
        self.line.show_line(divided.line)
        self.counts.setText(_counts_text(divided.division))
        self.remarks.clear()
        said = [problem.sentence for problem in divided.problems] + list(divided.notes)
        self.remarks.addItems(said or ["No earthquake is in two parts."])
        self.changed.emit()

    def _take_failure(self, sentence: str) -> None:
        self._failed, self._divided = sentence, None
        self.counts.setText("")
        self.map.shown.set_own_colours({}, PART_SCALE)
        self.remarks.clear()
        self.remarks.addItem(sentence)
        self.changed.emit()

    def _use_view(self) -> None:
        """The box is what the map shows."""
        shown = self.map.shown
        (west, east), (south, north) = shown.projection.to_geographic(
            *([shown.view.left, shown.view.right], [shown.view.bottom, shown.view.top])
        )
        for side, value in zip(("south", "north", "west", "east"), (south, north, west, east), strict=True):
            self.box[side].setValue((float(value) + 180) % 360 - 180 if side in ("west", "east") else float(value))
        self._change()

    # --- layout ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(24, 4, 8, 12)
        column.setSpacing(8)
        self._fields = {ByEvent: self._shares(), ByTime: self._times(), ByRegion: self._region()}
        for way, (title, text) in _WAYS.items():
            button = self.buttons[way] = QRadioButton(title)
            button.setToolTip(text)
            button.setAccessibleDescription(text)
            self._group.addButton(button)
            column.addWidget(button)
            if way in self._fields:
                column.addWidget(self._fields[way])
        column.addStretch(1)
        self.counts.setWordWrap(True)
        column.addWidget(self.counts)
        views = QSplitter(Qt.Orientation.Vertical)
        self.remarks.setAccessibleName("Remarks on the split")
        self.remarks.setWordWrap(True)
        self.remarks.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for part, size in ((self.map, 320), (self.line, 150), (self.remarks, 90)):
            views.addWidget(part)
            views.setStretchFactor(views.count() - 1, size)
        views.setSizes([320, 150, 90])
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(views)
        split.setSizes([260, 640])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 16, 8)
        layout.addWidget(split)

    def _shares(self) -> QWidget:
        for part, value in (("train", 70), ("dev", 15), ("test", 15)):
            box = self.fractions[part]
            box.setRange(0, 100)
            box.setValue(value)
            box.setSuffix(" %")
            box.valueChanged.connect(lambda _: self._change())
        names = {"train": "To learn from", "dev": "To choose by", "test": "To test on"}
        return _form({names[part]: box for part, box in self.fractions.items()})

    def _times(self) -> QWidget:
        for each in self.dates.values():
            each.setTimeZone(QTimeZone.utc())
            each.setDisplayFormat("yyyy-MM-dd HH:mm")
            each.setCalendarPopup(True)
            each.dateTimeChanged.connect(lambda _: self._change())
        return _form({"Dev from, UTC": self.dates["dev"], "Test from, UTC": self.dates["test"]})

    def _region(self) -> QWidget:
        for side, box in self.box.items():
            limit = 90 if side in ("south", "north") else 180
            box.setRange(-limit, limit)
            box.setDecimals(3)
            box.setSuffix(" °")
            box.valueChanged.connect(lambda _: self._change())
        use = QPushButton("Use Part of the Map in View")
        use.clicked.connect(self._use_view)
        return _form({side.capitalize(): box for side, box in self.box.items()} | {"": use})


def _division(tables: Sequence[RecordTable], way: Way, model: str, progress: Progress) -> _Divided:
    """Divide the data, and say what is wrong with it."""
    division = divide(tables, way)
    past = past_of(find_model(model).folder) if model else None
    progress.advance(1, 3)
    problems = division_problems(division) + (past_problems(division, past) if past else [])
    notes = division_notes(division) + (past_notes(division, past) if past else [])
    places, line = places_of(division.earthquakes, tables), time_line(division)
    progress.advance(2, 3)
    table = None if problems or isinstance(way, AsGiven) else kept_table(division)
    return _Divided(way, division, places, line, problems, notes, table)


def _counts_text(division: Division) -> str:
    lines = [
        f"{part}: {counted(records, 'record')} of {counted(events, 'earthquake')}"
        for part, (records, events) in division.counts().items()
    ]
    return "\n".join(lines)


def _form(rows: Mapping[str, QWidget]) -> QWidget:
    form = QWidget()
    layout = QFormLayout(form)
    layout.setContentsMargins(24, 0, 0, 4)
    for title, field in rows.items():
        field.setAccessibleName(title or field.accessibleName())
        layout.addRow(title, field)
    return form
