"""A piece of one trace that the user has chosen."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from quakeview.app.drawing.shades import Shades, faded
from quakeview.waveforms.channels import ChannelId


@dataclass(frozen=True)
class TimeSelection:
    """From ``first`` to ``last`` of a channel, seconds since 1970-01-01 UTC as they were recorded, however the traces
    are aligned."""

    channel_id: ChannelId
    first: float
    last: float

    @classmethod
    def between(cls, channel_id: ChannelId, start: float, end: float) -> "TimeSelection":
        """Between two times in any order."""
        return cls(channel_id, min(start, end), max(start, end))

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.last - self.first


def paint_selection(painter: QPainter, rect: QRectF, colors: Shades) -> None:
    """A band over the trace, with a line at each end."""
    painter.fillRect(rect, faded(colors.accent, 0.18))
    painter.setPen(colors.accent)
    painter.drawLine(rect.topLeft(), rect.bottomLeft())
    painter.drawLine(rect.topRight(), rect.bottomRight())
