"""The table of stations: what each has, what is wrong with it, and why it got no pick."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.widgets.tables import RowsModel, Table
from quakeview.project import PickBook
from quakeview.stations.coordinates import Coordinates, EpicentralPath
from quakeview.texts import counted
from quakeview.waveforms.channels import Instrument

COLUMNS = (
    "Station",
    "Components",
    "Rate (Hz)",
    "P",
    "S",
    "Distance (km)",
    "Azimuth (°)",
    "Response",
    "Picking",
    "Data",
    "Latitude (°)",
    "Longitude (°)",
    "Elevation (m)",
)
_DIGITS = {"Distance (km)": 1, "Azimuth (°)": 0, "Latitude (°)": 4, "Longitude (°)": 4, "Elevation (m)": 0}


@dataclass(frozen=True)
class StationInfo:
    """One row.

    Attributes:
        components: letters, for example ``ZNE``.
        rates: Hz, of all channels.
        place: None if the coordinates are not known.
        path: from the epicentre; None without an event or a place.
        response: ``yes``, ``gain only``, ``none``, or the components that have one.
        picked: what the picker said: picks, or the reason why there is none; empty before it ran.
        problems: sentences about the data; None while they are being looked for.
    """

    station: Instrument
    components: str
    rates: tuple[float, ...]
    p_picks: int
    s_picks: int
    place: Coordinates | None
    path: EpicentralPath | None
    response: str
    picked: str
    problems: tuple[str, ...] | None


class StationsModel(RowsModel):
    """Rows of ``StationInfo``."""

    columns = COLUMNS

    def text(self, row: StationInfo, column: str) -> str:
        return _text(row, column)

    def key(self, row: StationInfo) -> Instrument:
        return row.station

    def sort_value(self, row: StationInfo, column: str) -> Any:
        numbers = {"P": row.p_picks, "S": row.s_picks, "Rate (Hz)": max(row.rates, default=0.0)} | _places(row)
        return numbers[column] if column in numbers else _text(row, column)

    def extra(self, row: StationInfo, column: str, role: int) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and column in ("Picking", "Data"):
            return row.picked if column == "Picking" else "\n".join(row.problems or ())
        if role == Qt.ItemDataRole.ForegroundRole and column == "Data" and row.problems:
            return QColor(theme.current().warning)
        return None


def station_rows(session: WaveformsSession) -> list[StationInfo]:
    """One row per station of the session."""
    rows = []
    for station, channels in session.stations.items():
        onsets = session.book.onsets(station)
        result = session.picking.results.get(station)
        problems = session.problems.get(station)
        segments = (segment for channel in channels.values() for segment in session.archive.segments(channel))
        rows.append(
            StationInfo(
                station,
                "".join(letter or "?" for letter, _ in session.components(station)),
                tuple(sorted({segment.sampling_rate for segment in segments})),
                len(onsets.get("P", ())),
                len(onsets.get("S", ())),
                session.coordinates.get(station[:2]),
                session.path_to(station),
                response_text(session, station),
                "" if result is None else result.reason or f"{counted(len(result.picks), 'pick')} found",
                None if problems is None else (*problems, *session.not_known(station)),
            )
        )
    return rows


def response_text(session: WaveformsSession, station: Instrument) -> str:
    """``yes``, ``gain only``, ``none``, or the components that have a response; empty if no metadata are open."""
    kinds = {letter: session.response_kind(channel) for letter, channel in session.components(station)}
    if all(kinds.values()):
        return "gain only" if "gain" in kinds.values() else "yes"
    known = " ".join(letter for letter, kind in kinds.items() if kind)
    return known or ("none" if session.metadata.files else "")


def _without_epicentre(info: StationInfo) -> tuple[StationInfo, bool]:
    """What is known of a station apart from where an earthquake was, and whether there is one."""
    return replace(info, path=None), info.path is not None


def _places(info: StationInfo) -> dict[str, float | None]:
    """The columns of coordinates as numbers."""
    place, path = info.place, info.path
    return {
        "Distance (km)": path and path.distance / 1000,
        "Azimuth (°)": path and path.azimuth,
        "Latitude (°)": place and place.latitude,
        "Longitude (°)": place and place.longitude,
        "Elevation (m)": place and place.elevation,
    }


def _text(info: StationInfo, column: str) -> str:
    match column:
        case "Station":
            return ".".join(info.station[:3] if info.station.location else info.station[:2]) + f" {info.station.band}"
        case "Components":
            return info.components
        case "Rate (Hz)":
            return ", ".join(f"{rate:g}" for rate in info.rates)
        case "P":
            return str(info.p_picks or "")
        case "S":
            return str(info.s_picks or "")
        case "Response":
            return info.response
        case "Picking":
            return info.picked
        case "Data":
            return "checking…" if info.problems is None else " ".join(info.problems) or "complete"
    value = _places(info)[column]
    return "" if value is None else f"{value:.{_DIGITS[column]}f}"


class StationsPanel(QWidget):
    """``chosen`` is emitted when the user selects a station."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.model = StationsModel()
        self.table = Table(self.model, "Stations")
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self._quiet = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self.table.selectionModel().selectionChanged.connect(self._tell)

    def show_rows(self, rows: Sequence[StationInfo]) -> None:
        """Show these rows; the selection stays. Columns keep their width where the epicentre alone is another one."""
        before = list(map(_without_epicentre, self.model.rows))
        self._quiet = True
        with self.table.keeping_selection():
            self.model.set_rows(rows)
        if list(map(_without_epicentre, rows)) != before:
            self.table.fit_columns()
        self._quiet = False

    def count_picks(self, book: PickBook) -> None:
        """Follow an edit of picks."""
        changed = []
        for row in self.model.rows:
            onsets = book.onsets(row.station)
            counts = len(onsets.get("P", ())), len(onsets.get("S", ()))
            if counts != (row.p_picks, row.s_picks):
                changed.append(replace(row, p_picks=counts[0], s_picks=counts[1]))
        self._quiet = True
        with self.table.keeping_selection():
            self.model.change((), changed)
        self._quiet = False

    def select(self, station: Instrument) -> None:
        """Follow the trace view."""
        self._quiet = True
        self.table.select_key(station)
        self._quiet = False

    def _tell(self) -> None:
        keys = self.table.selected_keys()
        if keys and not self._quiet:
            self.chosen.emit(keys[0])
