"""The colours of the page as painters take them."""

from functools import cache

from PySide6.QtGui import QColor

from quakeview.app.drawing import theme
from quakeview.colours import LIGHT, MARKS, MARKS_ON_DARK, Colours

Shades = Colours[QColor]


@cache
def shades(colours: Colours[str]) -> Shades:
    """The same object for the same colours; do not change what is in it."""
    return colours.made(QColor)


def current() -> Shades:
    """Those now on screen."""
    return shades(theme.current())


def faded(color: QColor, opacity: float) -> QColor:
    """``color`` with an opacity of 0 to 1."""
    copy = QColor(color)
    copy.setAlphaF(opacity)
    return copy


def mark_colour(number: int) -> QColor:
    """Of the marked point ``number``, counted from 0; traces of the point take it too."""
    return QColor(MARKS[number % len(MARKS)])


def line_colour(number: int) -> QColor:
    """Of the point ``number``, counted from 0, as a thin line on the page now on screen."""
    colour = mark_colour(number)
    return colour if theme.current() is LIGHT else QColor(MARKS_ON_DARK.get(colour.name(), colour.name()))
