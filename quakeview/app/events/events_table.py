"""The table of events: one row each, linked with map and traces."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from quakeview.app.drawing import theme
from quakeview.app.events.hover_texts import kind_text
from quakeview.app.widgets.filtered_table import ChosenRows, FilteredTable
from quakeview.events.event import Event, EventStatus
from quakeview.events.quality import quality
from quakeview.texts import counted

COLUMNS = (
    "Origin time (UTC)",
    "Magnitude",
    "Depth (km)",
    "Latitude",
    "Longitude",
    "Picks",
    "Gap (°)",
    "RMS (s)",
    "± horizontal (km)",
    "± depth (km)",
    "Quality",
    "Status",
    "Type",
    "Reviewer",
    "Method",
)
_SHOWN: dict[str, Callable[[Event], bool]] = {
    "All events": lambda event: True,
    "To review": lambda event: event.status is EventStatus.AUTOMATIC,
    "Reviewed": lambda event: event.status is EventStatus.REVIEWED,
    "Final": lambda event: event.status is EventStatus.FINAL,
    "Rejected": lambda event: event.status is EventStatus.REJECTED,
    "Not earthquakes": lambda event: not event.is_earthquake,
}
_TIPS = {
    "Quality": "A to D as in HYPO71: residuals and errors, and how the stations lie around the epicentre",
    "± horizontal (km)": "Half the length of the 68 % error ellipse",
    "± depth (km)": "One standard deviation",
    "Reviewer": "Who judged it last",
    "Picks": "Those that count in the location",
}


class EventsModel(ChosenRows):
    """Rows are ``Event``s, by origin time where no column decides."""

    columns = COLUMNS
    ranked_by = "Origin time (UTC)"

    def __init__(self) -> None:
        super().__init__()
        self._choice = "All events"

    def key(self, row: Event) -> str:
        return row.resource_id

    def rank(self, row: Event) -> tuple[int, str]:
        return row.time.ns, row.resource_id

    def text(self, row: Event, column: str) -> str:
        return _text(row, column)

    def sort_value(self, row: Event, column: str) -> Any:
        value = _number(row, column)
        if column in ("Origin time (UTC)", "Quality", "Status", "Type", "Reviewer", "Method"):
            return self.rank(row) if column == "Origin time (UTC)" else _text(row, column)
        return float("-inf") if value is None else value

    def condition(self) -> Any:
        return None if self._choice == "All events" else _SHOWN[self._choice]

    def show_only(self, name: str) -> None:
        """Show the events of one entry of the choice alone."""
        self._choice = name
        self.filter()

    def extra(self, row: Event, column: str, role: int) -> Any:
        if role == Qt.ItemDataRole.ForegroundRole and (row.status is EventStatus.REJECTED or not row.is_earthquake):
            return QColor(theme.current().disabled)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(row, column)
        return None


def _number(event: Event, column: str) -> float | None:
    """In the unit of the column."""
    origin, uncertainty = event.origin, event.origin.uncertainty
    match column:
        case "Magnitude":
            return event.magnitude.value if event.magnitude else None
        case "Depth (km)":
            return None if origin.depth is None else origin.depth / 1000
        case "Latitude":
            return origin.latitude
        case "Longitude":
            return origin.longitude
        case "Picks":
            return len(origin.used)
        case "Gap (°)":
            return origin.gap
        case "RMS (s)":
            return origin.rms
        case "± horizontal (km)":
            return uncertainty.ellipse[0] / 1000 if uncertainty else None
        case "± depth (km)":
            return uncertainty.depth_error / 1000 if uncertainty and not origin.depth_fixed else None
    return None


_FORMS = {
    "Depth (km)": "{:.1f}",
    "Latitude": "{:.4f}",
    "Longitude": "{:.4f}",
    "Picks": "{:.0f}",
    "Gap (°)": "{:.0f}",
    "RMS (s)": "{:.2f}",
    "± horizontal (km)": "{:.1f}",
    "± depth (km)": "{:.1f}",
}


def _text(event: Event, column: str) -> str:
    origin = event.origin
    match column:
        case "Origin time (UTC)":
            return origin.time.strftime("%Y-%m-%d %H:%M:%S.") + f"{origin.time.microsecond // 10000:02d}"
        case "Magnitude":
            return f"{event.magnitude.kind} {event.magnitude.value:.1f}" if event.magnitude else ""
        case "Quality":
            return quality(origin)
        case "Status":
            return str(event.status)
        case "Type":
            return kind_text(event)
        case "Reviewer":
            return event.reviewer
        case "Method":
            return ", ".join(part for part in (origin.author, origin.velocity_model) if part)
    value = _number(event, column)
    return "" if value is None else _FORMS[column].format(value) + ("*" if _is_fixed(event, column) else "")


def _is_fixed(event: Event, column: str) -> bool:
    return column == "Depth (km)" and event.origin.depth_fixed


def _tip(event: Event, column: str) -> str | None:
    if _is_fixed(event, column):
        return "The depth is fixed"
    magnitude = event.magnitude
    if column == "Magnitude" and magnitude is not None:
        of = f" of {counted(magnitude.stations, 'station')}" if magnitude.stations else ""
        spread = f", ± {magnitude.spread:.2f} from station to station" if magnitude.spread is not None else ""
        return f"{magnitude.kind} {magnitude.value:.2f}{of}{spread}. {magnitude.method}".strip()
    return _TIPS.get(column)


class EventsPanel(FilteredTable):
    """The table of events with its filters."""

    def __init__(self) -> None:
        self.model = EventsModel()
        super().__init__(self.model, "event", "time, magnitude, status", _SHOWN)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
