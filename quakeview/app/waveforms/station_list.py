"""The stations of the picking view by distance, with what is known of P and S at each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.texts import captioned
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.widgets.tables import RowsModel, Table
from quakeview.events.event import Event
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.waveforms.channels import Instrument

COLUMNS = ("Station", "km", "P", "S")
SIGNS = {
    PickStatus.AUTOMATIC: "○",
    PickStatus.CONFIRMED: "✓",
    PickStatus.MANUAL: "●",
    PickStatus.REJECTED: "✕",
}
"""Of the states of picks."""
_FAMILIES = ("P", "S")
NARROWEST = 150


@dataclass(frozen=True)
class ListedPick:
    """The pick of a family at a station that counts most.

    Attributes:
        residual: for the open event, s; None if it is not known.
    """

    pick: Pick
    residual: float | None

    @property
    def text(self) -> str:
        """State and residual: ``✓ +0.12``; in brackets if events are located without it."""
        seconds = "" if self.residual is None else f" {self.residual:+.2f}".replace("-", "−")
        text = f"{SIGNS[self.pick.status]}{seconds}"
        return text if self.pick.used else f"({text})"

    @property
    def sentence(self) -> str:
        """The same in words."""
        words = [f"{self.pick.phase} {self.pick.status}"]
        words += [] if self.residual is None else [f"residual {self.residual:+.2f} s".replace("-", "−")]
        words += [] if self.pick.used else ["not used"]
        return ", ".join(words)


@dataclass(frozen=True)
class ListedStation:
    """A row.

    Attributes:
        distance: epicentral, m; None if it is not known.
        picks: by family, ``P`` and ``S``, where there are some.
    """

    station: Instrument
    distance: float | None
    picks: dict[str, ListedPick]


def listed_stations(
    session: WaveformsSession, stations: Iterable[Instrument], event: Event | None, view: tuple[float, float]
) -> list[ListedStation]:
    """Of the open event the picks that belong to it, else those in view; of several the first that is not rejected.

    Args:
        view: first and last time, seconds since 1970-01-01 UTC.
    """
    residuals = {} if event is None else {arrival.pick_id: arrival.residual for arrival in event.origin.arrivals}
    of_event: defaultdict[Instrument, list[Pick]] = defaultdict(list)
    for pick in session.book.find(residuals):
        of_event[Instrument.of(pick.channel_id)].append(pick)
    rows = []
    for station in stations:
        found = session.book.within(station, *view) if event is None else of_event[station]
        own = sorted(found, key=lambda pick: (pick.status is PickStatus.REJECTED, pick.time.ns))
        picks: dict[str, ListedPick] = {}
        for pick in own:
            if (family := pick.phase[:1].upper()) in _FAMILIES:
                picks.setdefault(family, ListedPick(pick, residuals.get(pick.resource_id)))
        path = session.path_to(station)
        rows.append(ListedStation(station, None if path is None else path.distance, picks))
    return rows


class _Stations(RowsModel):
    columns = COLUMNS

    def key(self, row: ListedStation) -> Instrument:
        return row.station

    def text(self, row: ListedStation, column: str) -> str:
        if column == "Station":
            return ".".join(part for part in row.station[:2] if part)
        if column == "km":
            return "" if row.distance is None else f"{row.distance / 1000:.0f}"
        return row.picks[column].text if column in row.picks else ""

    def sort_value(self, row: ListedStation, column: str) -> Any:
        if column == "km":
            return float("inf") if row.distance is None else row.distance
        if column in _FAMILIES:
            residual = row.picks[column].residual if column in row.picks else None
            return -1.0 if residual is None else abs(residual)
        return self.text(row, column)

    def extra(self, row: ListedStation, column: str, role: int) -> Any:
        if column not in row.picks:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.picks[column].sentence
        if role == Qt.ItemDataRole.ForegroundRole:
            listed, colors = row.picks[column], theme.current()
            off = listed.pick.status is PickStatus.REJECTED
            return QColor(colors.disabled if off else colors.phase(column))
        return None


class StationList(QWidget):
    """Shows where one is among the stations.

    Signals:
        chosen: the station that was clicked.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.model = _Stations()
        self.table = Table(self.model, "Stations of the picking view")
        self.table.setSortingEnabled(False)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.table.horizontalHeader()
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.clicked.connect(self._choose)
        signs = [f"{sign} {status}" for status, sign in SIGNS.items()]
        legend = captioned("   ".join(signs[:2]) + "\n" + "   ".join(signs[2:]), "caption")
        legend.setContentsMargins(10, 0, 0, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.table, 1)
        layout.addWidget(legend)
        self.setMinimumWidth(NARROWEST)

    def show_rows(self, rows: Sequence[ListedStation], current: Instrument | None) -> None:
        """Show these stations in this order, the ``current`` one marked."""
        if rows != self.model.rows:
            self.model.set_rows(rows)
        if current is not None and self.table.selected_keys() != [current]:
            self.table.select_key(current)

    def _choose(self) -> None:
        for station in self.table.selected_keys()[:1]:
            self.chosen.emit(station)
