"""Colours of seconds of warning, and of where there was none."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from quakeview.app.drawing import shades
from quakeview.app.drawing.fonts import Fonts
from quakeview.colours import VIRIDIS, Palette
from quakeview.scales import Scale, Table, round_up
from quakeview.wavefield.forecasting.site_warnings import NOTHING_SAID
from quakeview.wavefield.forecasting.warning import Outcome

SWATCH, SWATCH_GAP, ENTRY_GAP, INSET = 11.0, 5.0, 16.0, 12.0


@dataclass(frozen=True)
class Marking:
    """A colour on a light and a dark page for all nodes of which ``holds`` is true."""

    name: str
    light: str
    dark: str
    holds: Callable[[NDArray[np.floating]], NDArray[np.floating]]

    def colour(self, dark: bool) -> QColor:
        return QColor(self.dark if dark else self.light)


TOO_LATE = Marking(
    "too late (blind zone)", "#8d949c", "#7f8a96", lambda s: np.isfinite(s) & (s <= 0) & (s != NOTHING_SAID)
)
NOT_ENOUGH = Marking("not enough stations", "#ffffff", "#14181d", lambda s: s == NOTHING_SAID)
MISSED = Marking("missed", "#d55e00", "#ff7a1f", lambda s: s == -np.inf)
FALSE_ALARM = Marking("false alarm", "#dc8fbb", "#d884b4", lambda s: s == np.inf)
QUIET = Marking("stays below", "#e9edf1", "#262e38", np.isnan)
MARKINGS = (TOO_LATE, MISSED, FALSE_ALARM, QUIET, NOT_ENOUGH)


class WarningScale(Scale):
    """Seconds from the alert to the shaking. At or below 0 the shaking came first, -inf is a place that was never
    alerted, +inf one that was alerted for nothing, NaN one where both were quiet, ``NOTHING_SAID`` one without enough
    stations.
    """

    def rgba(self, values: ArrayLike, dark: bool = False) -> Table:
        seconds = np.asarray(values)
        colours = super().rgba(np.where(np.isfinite(seconds), seconds, 0), dark)
        for marking in MARKINGS:
            colours[marking.holds(seconds)] = np.array(marking.colour(dark).getRgb())
        return colours

    def text(self, value: float) -> str:
        if value == NOTHING_SAID:
            return NOT_ENOUGH.name
        if np.isfinite(value):
            return f"{value:.1f} s of warning" if value > 0 else f"{abs(value):.1f} s too late"
        return next(marking.name for marking in (MISSED, FALSE_ALARM, QUIET) if marking.holds(np.asarray(value)))


def warning_scale(seconds: ArrayLike) -> WarningScale:
    """From 0 to a round number of seconds."""
    seconds = np.asarray(seconds)
    known = seconds[np.isfinite(seconds) & (seconds > 0)]
    longest = round_up(float(known.max())) if known.size else 10.0
    return WarningScale("Warning", 0.0, longest, "s", Palette(VIRIDIS.light))


class WarningLegend(QWidget):
    """What the colours beside the scale mean, and of how much of the map."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[tuple[Marking, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> list[str]:
        """Of the entries, from left to right."""
        return [words for _, words in self._entries]

    def show_seconds(self, seconds: NDArray[np.floating] | None, level: str) -> None:
        """Entries for what is on the map; ``level`` is the intensity in words."""
        self._entries = []
        for marking in MARKINGS if seconds is not None else ():
            part = float(np.mean(marking.holds(np.asarray(seconds))))
            name = f"{marking.name} {level}" if marking is QUIET else marking.name
            if part > 0:
                self._entries.append((marking, f"{name} {max(100 * part, 1):.0f} %"))
        self.setAccessibleName(f"Legend: {', '.join(self.words)}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, round(QFontMetricsF(Fonts.of(self.font()).small).height() * 2 + 8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), shades.current().base)
        self.paint_picture(painter, QRectF(self.rect()))
        painter.end()

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint the entries into ``area``, on a second line where the first is full."""
        colors, font = shades.current(), Fonts.of(self.font()).small
        metrics = QFontMetricsF(font)
        x, y = area.left() + INSET, area.top() + 2
        painter.setFont(font)
        for marking, words in self._entries:
            width = SWATCH + SWATCH_GAP + metrics.horizontalAdvance(words)
            if x + width > area.right() and x > area.left() + INSET:
                x, y = area.left() + INSET, y + metrics.height() + 2
            painter.setPen(QPen(colors.border, 1))
            painter.setBrush(marking.colour(colors.is_dark))
            painter.drawRect(QRectF(x, y + (metrics.height() - SWATCH) / 2, SWATCH, SWATCH))
            painter.setPen(colors.muted)
            painter.drawText(QPointF(x + SWATCH + SWATCH_GAP, y + metrics.ascent()), words)
            x += width + ENTRY_GAP


def outcome_colour(outcome: str) -> QColor | None:
    """Of an outcome in a table; None for what needs no colour."""
    colors = shades.current()
    of_outcomes: dict[str, QColor] = {
        Outcome.HIT: colors.good,
        Outcome.LATE: colors.muted,
        Outcome.MISS: colors.error,
        Outcome.FALSE_ALARM: colors.warning,
    }
    return of_outcomes.get(outcome)
