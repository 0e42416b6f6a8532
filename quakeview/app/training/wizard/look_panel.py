"""A look at one data set: what is wrong with it, samples, histograms, the map."""

import csv
import io
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.events.event_map import EventMap
from quakeview.app.events.shown import EventsShown
from quakeview.app.texts import captioned
from quakeview.app.training.wizard.look_plots import HistogramsView, SamplesView
from quakeview.app.training.wizard.looks import Seen
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import tool_button
from quakeview.texts import counted
from quakeview.training.planning.looking import Look, counts_of, histograms, rates_text
from quakeview.training.planning.problems import Problem


class LookPanel(QWidget):
    """Tabs; or a sentence in their place.

    Signals:
        again: the data are to be looked at once more.
    """

    again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._seen: Seen | None = None
        self.said = captioned("", "caption")
        self.counts = QLabel()
        self.problems = QListWidget()
        self.notes = captioned("", "caption")
        self.samples, self.histograms = SamplesView(), HistogramsView()
        self.map = EventMap(EventsShown())
        self.map_note = captioned("", "caption")
        self.tabs = QTabWidget()
        self.pages = QStackedWidget()
        self._arrange()

    def show_nothing(self, why: str) -> None:
        """Say why there is nothing to be seen."""
        self._seen = None
        self.said.setText(why)
        self.pages.setCurrentIndex(0)

    def show_seen(self, seen: Seen) -> None:
        """Show what a look found, or why it found nothing."""
        if seen is self._seen:
            return
        if seen.look is None or seen.places is None:
            self.show_nothing(seen.problem)
            return
        self._seen = seen
        look = seen.look
        self.counts.setText(_counts_html(look))
        self._show_problems(look.problems)
        self.notes.setText("\n".join(look.notes))
        self.notes.setVisible(bool(look.notes))
        self.samples.show_samples(look.samples)
        self._name_samples()
        self.histograms.show_histograms(histograms(look.table))
        self.map.set_events(seen.places.events)
        self.map.set_stations(seen.places.stations)
        self.map_note.setText(seen.places.note)
        self.pages.setCurrentIndex(1)

    def shut_down(self) -> None:
        """Read no more of the ground."""
        self.map.ground.forget()

    # --- inside ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        for label in (self.said, self.notes, self.map_note, self.counts):
            label.setWordWrap(True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.counts.setTextFormat(Qt.TextFormat.RichText)
        self.problems.setAccessibleName("Remarks on the data")
        self.problems.setWordWrap(True)
        self.problems.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.problems.setSpacing(3)
        self.save_problems = QPushButton("Save Remarks…")
        self.save_problems.setToolTip("All records that a remark is about, as a table")
        self.save_problems.clicked.connect(self._ask_where)
        look_again = QPushButton("Look Again")
        look_again.clicked.connect(self.again)
        self.which = captioned("", "caption")
        turn = [tool_button("chevron-left", "Records before", lambda: self._go(-1))]
        turn += [tool_button("chevron-right", "Other records", lambda: self._go(1))]
        save = tool_button("image-outline", "Save picture…", self._save_picture)
        self.tabs.addTab(
            _column(self.counts, self.problems, _row(self.save_problems, look_again), self.notes), "Remarks"
        )
        self.tabs.addTab(_column(self.samples, _row(*turn, self.which)), "Samples")
        self.tabs.addTab(_column(self.histograms), "Histograms")
        self.tabs.addTab(_column(self.map, self.map_note), "Map")
        self.tabs.setCornerWidget(save)
        self.pages.addWidget(self.said)
        self.pages.addWidget(self.tabs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 16, 8)
        layout.addWidget(self.pages)

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        self.problems.clear()
        self.problems.addItems([problem.sentence for problem in problems] or ["Nothing was found to be wrong."])
        self.save_problems.setEnabled(any(problem.records for problem in problems))

    def _go(self, by: int) -> None:
        self.samples.go(by)
        self._name_samples()

    def _name_samples(self) -> None:
        if self._seen is not None and self._seen.look is not None:
            first, total = self.samples.first, len(self._seen.look.samples)
            last = first + len(self.samples.shown)
            self.which.setText(f"{first + 1} to {last} of {counted(total, 'record')} drawn at random" if total else "")

    def _save_picture(self) -> None:
        part = (self.counts, self.samples, self.histograms, self.map)[self.tabs.currentIndex()]
        if part is self.counts:
            self._ask_where()
            return
        save_as(self, "Save picture", "data.png", PICTURES, lambda end: picture_of(end, [part], theme.current().base))

    def _ask_where(self) -> None:
        problems = self._seen.look.problems if self._seen is not None and self._seen.look is not None else ()
        save_as(self, "Save remarks", "remarks.csv", "Tables (*.csv)", lambda _: problems_table(problems))


def problems_table(problems: Sequence[Problem]) -> bytes:
    """A row for each record that a remark is about."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("record", "remark"))
    writer.writerows((name, problem.what) for problem in problems for name in problem.records)
    return text.getvalue().encode()


def _counts_html(look: Look) -> str:
    rows = [(name, f"{number:,}") for name, number in counts_of(look.table) if number]
    rows.append(("Sampling rate", rates_text(look.table)))
    return "&nbsp;&nbsp; ".join(f"{name} <b>{value}</b>".replace(" ", "&nbsp;") for name, value in rows if value)


def _column(*parts: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(8, 8, 8, 8)
    for part in parts:
        layout.addWidget(part, 1 if not isinstance(part, QLabel) and part.layout() is None else 0)
    return page


def _row(*parts: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return row
