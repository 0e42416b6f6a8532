"""The UTC time axis: where the ticks are and what they say, from years to milliseconds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from quakeview.app.drawing.axes import Tick, paint_x_axis
from quakeview.app.drawing.shades import Shades
from quakeview.scales import number

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
# fmt: off
STEPS = (
    1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30,
    MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
    DAY, 2 * DAY, 5 * DAY, 10 * DAY, 30 * DAY, 100 * DAY, 365 * DAY,
)
# fmt: on
YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Steps of calendar years, where there is no room for days."""
MINOR = {
    15: 3,
    30: 3,
    15 * MINUTE: 3,
    30 * MINUTE: 3,
    HOUR: 4,
    2 * HOUR: 4,
    3 * HOUR: 3,
    6 * HOUR: 6,
    12 * HOUR: 4,
    DAY: 4,
}
LABEL_SPACING = 1.45
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TimeTick:
    """A labelled tick. ``midnight``: the label is a date, the day changes here."""

    time: float
    label: str
    midnight: bool = False


def utc(time: float) -> datetime:
    """Seconds since 1970-01-01 UTC as a datetime, rounded to a microsecond."""
    return EPOCH + timedelta(microseconds=round(time * 1e6))


def clock(time: float, decimals: int) -> str:
    """``17:03:00.43``: time of day, rounded to ``decimals`` (0-6) of a second."""
    rounded = utc(round(time * 10**decimals) / 10**decimals)
    return f"{rounded:%H:%M:%S}" + (f".{rounded.microsecond:06d}"[: decimals + 1] if decimals else "")


def tick_label(time: float, step: float) -> TimeTick:
    """The label of the tick at ``time``: a date at midnight, else no finer than ``step`` needs."""
    moment = utc(time)
    if moment == moment.replace(hour=0, minute=0, second=0, microsecond=0):
        return TimeTick(time, f"{moment:%Y-%m-%d}", midnight=True)
    if step >= MINUTE:
        return TimeTick(time, f"{moment:%H:%M}")
    decimals = max(0, int(np.ceil(-np.log10(step) - 1e-9)))
    return TimeTick(time, clock(time, decimals))


def tick_step(seconds_per_character: float) -> float:
    """The finest step, in seconds, whose labels do not crowd."""
    return next(
        (step for step in STEPS if step >= LABEL_SPACING * _characters(step) * seconds_per_character), STEPS[-1]
    )


def _characters(step: float) -> int:
    """Of the longest label."""
    if step >= HOUR:
        return len("2000-00-00")
    if step >= MINUTE:
        return len("00:00")
    return len("00:00:00") + (1 + int(np.ceil(-np.log10(step))) if step < 1 else 0)


def tick_times(first: float, last: float, step: float) -> np.ndarray:
    """Multiples of ``step`` since 1970 in [first, last], so that they stay put while panning."""
    return np.arange(np.ceil(first / step), np.floor(last / step) + 1) * step


@lru_cache(maxsize=8)
def ticks(first: float, last: float, characters: float, zero: float | None = None) -> tuple[list[TimeTick], np.ndarray]:
    """Labelled ticks, and the times of the minor ones, for a view that is ``characters`` digits wide.

    With ``zero`` the labels are seconds after it.
    """
    step = tick_step((last - first) / characters)
    if zero is None and step == STEPS[-1]:
        return _years(first, last, characters)
    minor = step / MINOR.get(step, 5)
    if zero is not None:
        after = tick_times(first - zero, last - zero, step)
        return [TimeTick(zero + t, number(round(t, 6) + 0.0)) for t in after], zero + tick_times(
            first - zero, last - zero, minor
        )
    return [tick_label(time, step) for time in tick_times(first, last, step)], tick_times(first, last, minor)


def _years(first: float, last: float, characters: float) -> tuple[list[TimeTick], np.ndarray]:
    """Ticks at the beginning of calendar years, and minor ones at that of each year or of each tenth of a step."""
    room = LABEL_SPACING * len("2000") * (last - first) / characters
    every = next((years for years in YEARS if years * 365 * DAY >= room), YEARS[-1])
    start, end = utc(first).year, utc(last).year

    def beginnings(step: int) -> list[tuple[int, float]]:
        years = range(-(-start // step) * step, end + 1, step)
        times = [(year, datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in years if year > 0]
        return [(year, time) for year, time in times if first <= time <= last]

    minor = np.array([time for _, time in beginnings(max(every // 10, 1))])
    if every == 1:
        minor = np.concatenate((minor, *(minor + part * 365 * DAY for part in (0.25, 0.5, 0.75))))
    return [TimeTick(time, str(year)) for year, time in beginnings(every)], minor


def paint_grid(
    painter: QPainter, plot: QRectF, view: tuple[float, float], colors: Shades, zero: float | None = None
) -> None:
    """Faint vertical lines at the labelled ticks, stronger where the day changes."""
    major, _ = ticks(*view, plot.width() / QFontMetricsF(painter.font()).horizontalAdvance("0"), zero)
    for tick in major:
        x = round(plot.left() + (tick.time - view[0]) / (view[1] - view[0]) * plot.width())
        painter.setPen(colors.border if tick.midnight else colors.grid)
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))


def paint_time_axis(
    painter: QPainter, strip: QRectF, view: tuple[float, float], colors: Shades, zero: float | None = None
) -> None:
    """Ticks and labels in ``strip``, which is as wide as the plot above it; labels that would be cut are left out."""
    metrics = QFontMetricsF(painter.font())
    major, minor = ticks(*view, strip.width() / metrics.horizontalAdvance("0"), zero)
    scale = strip.width() / (view[1] - view[0])
    painter.setPen(colors.border)
    painter.drawLine(QLineF(strip.topLeft(), strip.topRight()))
    shown = [Tick(strip.left() + (time - view[0]) * scale, minor=True) for time in minor.tolist()]
    for tick in major:
        x = round(strip.left() + (tick.time - view[0]) * scale)
        half = metrics.horizontalAdvance(tick.label) / 2 + 1
        fits = strip.left() + half <= x <= strip.right() - half
        shown.append(Tick(x, tick.label if fits else "", strong=tick.midnight))
    paint_x_axis(painter, QRectF(strip.topLeft(), strip.topRight()), shown, painter.font(), colors)
