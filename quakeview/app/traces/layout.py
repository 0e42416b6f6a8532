"""Where the bands of the stations and the rows of their components are."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from quakeview.app.traces.marks import StationRow
from quakeview.waveforms.channels import ChannelId

SMALLEST_ROW = 20.0
LANE_FROM_BAND = 3.2


@dataclass(frozen=True)
class ComponentRow:
    """One trace: ``rect`` is its full scale from top to bottom."""

    letter: str
    channel_id: ChannelId
    rect: QRectF


@dataclass(frozen=True)
class Band:
    """A station on screen. ``number`` counts all stations, also those scrolled away."""

    number: int
    row: StationRow
    rect: QRectF
    components: tuple[ComponentRow, ...]


def fitting_stations(rows: Sequence[StationRow], height: float) -> int:
    """How many stations can be shown with traces still tall enough to read."""
    if not rows:
        return 1
    tallest = max(len(row.channels) for row in rows) * SMALLEST_ROW + SMALLEST_ROW / 2
    return max(1, min(len(rows), int(height / tallest)))


def most_stations(rows: Sequence[StationRow], height: float, line: float) -> int:
    """How many stations can be shown with their names, each a line of text high, still apart."""
    return max(1, min(len(rows), int(height / line)))


def bands(rows: Sequence[StationRow], first: int, count: int, plot: QRectF, flag_height: float) -> list[Band]:
    """The stations ``first`` to ``first + count`` in ``plot``; tall bands keep a lane for flags at the top."""
    height = plot.height() / max(count, 1)
    lane = flag_height if height > LANE_FROM_BAND * flag_height else 0.0
    return [
        _band(number, rows[number], QRectF(plot.left(), plot.top() + place * height, plot.width(), height), lane)
        for place, number in enumerate(range(first, min(first + count, len(rows))))
    ]


def _band(number: int, row: StationRow, rect: QRectF, lane: float) -> Band:
    top = round(rect.top())
    rect = QRectF(rect.left(), top, rect.width(), round(rect.bottom()) - top)
    height = (rect.height() - lane - 2) / max(len(row.channels), 1)
    components = tuple(
        ComponentRow(letter, channel_id, QRectF(rect.left(), rect.top() + lane + i * height, rect.width(), height))
        for i, (letter, channel_id) in enumerate(row.channels)
    )
    return Band(number, row, rect, components)
