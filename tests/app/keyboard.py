"""The keyboard as a user presses it."""

from PySide6.QtCore import QKeyCombination
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def press(target: QWidget, *keys: str) -> None:
    """Press keys as the keyboard hands them to whatever has the focus, one stroke after the other."""
    for sequence in map(QKeySequence, keys):
        for number in range(sequence.count()):
            stroke = QKeyCombination.fromCombined(sequence[number].toCombined())
            QTest.keyClick(target, stroke.key(), stroke.keyboardModifiers())
