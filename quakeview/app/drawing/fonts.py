"""The few fonts of the trace view, all derived from the application's."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetricsF


@dataclass(frozen=True)
class Fonts:
    """Plain for axes, bold for station names, small for what stands back, flag for the letters of picks."""

    plain: QFont
    bold: QFont
    small: QFont
    flag: QFont

    @classmethod
    def of(cls, font: QFont) -> "Fonts":
        """Derived from ``font``; the same object for the same font."""
        return _derived(font.toString())

    @property
    def line(self) -> float:
        """Height of a line of plain text, pixels."""
        return QFontMetricsF(self.plain).height()

    @property
    def flag_height(self) -> float:
        """Height of a pick's flag, pixels."""
        return QFontMetricsF(self.flag).height() + 1


@lru_cache(maxsize=16)
def _derived(description: str) -> Fonts:
    plain = QFont()
    plain.fromString(description)
    bold, small, flag = QFont(plain), QFont(plain), QFont(plain)
    bold.setWeight(QFont.Weight.DemiBold)
    small.setPointSizeF(max(6.5, plain.pointSizeF() * 0.86))
    flag.setWeight(QFont.Weight.Bold)
    flag.setPointSizeF(max(7.0, plain.pointSizeF() * 0.86))
    return Fonts(plain, bold, small, flag)
