"""Colours of the trace view and its companions, light and dark."""

from dataclasses import dataclass
from typing import Self

from PySide6.QtGui import QColor, QPalette

from quakeview.app.drawing import theme
from quakeview.colours import MARKS, MARKS_ON_DARK

LIGHT_ABOVE = 0.5


@dataclass(frozen=True)
class TraceColors:
    """Every colour the trace view paints with.

    P is vermilion and S is blue (Okabe and Ito's colour-blind-safe palette), lightened on a dark
    background so that both keep a contrast above 4.5 to it.
    """

    background: QColor
    band: QColor
    grid: QColor
    separator: QColor
    text: QColor
    muted: QColor
    trace: QColor
    accent: QColor
    p: QColor
    s: QColor
    other: QColor
    flag_text: QColor

    @classmethod
    def light(cls) -> Self:
        return cls(
            background=QColor("#ffffff"),
            band=QColor("#f5f7f9"),
            grid=QColor("#e6eaee"),
            separator=QColor("#d5dbe1"),
            text=QColor("#1c2530"),
            muted=QColor("#5c6875"),
            trace=QColor("#26384a"),
            accent=QColor("#0f766e"),
            p=QColor("#d55e00"),
            s=QColor("#0072b2"),
            other=QColor("#5c6875"),
            flag_text=QColor("#ffffff"),
        )

    @classmethod
    def dark(cls) -> Self:
        return cls(
            background=QColor("#14181d"),
            band=QColor("#1a1f26"),
            grid=QColor("#262d36"),
            separator=QColor("#323b46"),
            text=QColor("#e6ebf0"),
            muted=QColor("#98a4b1"),
            trace=QColor("#bccbda"),
            accent=QColor("#45bdb2"),
            p=QColor("#ff8a3d"),
            s=QColor("#4aa8f0"),
            other=QColor("#a7b2be"),
            flag_text=QColor("#14181d"),
        )

    @classmethod
    def from_palette(cls, palette: QPalette) -> Self:
        """Light or dark, whichever the base colour of ``palette`` is."""
        return cls.light() if palette.base().color().lightnessF() > LIGHT_ABOVE else cls.dark()

    def phase(self, phase: str) -> QColor:
        """By family: P, Pn, Pg, PKP ... are vermilion, S, Sn, Sg ... blue, anything else neutral."""
        return {"P": self.p, "S": self.s}.get(phase[:1].upper(), self.other)


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
    return colour if theme.current() is theme.LIGHT else QColor(MARKS_ON_DARK.get(colour.name(), colour.name()))
