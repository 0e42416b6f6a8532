"""Number boxes: room before the text, and Return that goes to the dialog."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout

from quakeview.app.widgets.numberbox import INSET, NumberBox, WholeNumberBox


@pytest.fixture(params=[NumberBox, WholeNumberBox])
def box(request, qtbot):
    dialog = QDialog()
    qtbot.addWidget(dialog)
    box, button = request.param(maximum=100, value=7), QPushButton("Go")
    button.setDefault(True)
    layout = QVBoxLayout(dialog)
    layout.addWidget(box)
    layout.addWidget(button)
    box.pressed = []
    button.clicked.connect(lambda: box.pressed.append(box.value()))
    dialog.show()
    box.held = dialog
    return box


def test_return_presses_the_default_button_and_says_nothing_new(box, qtbot):
    said = []
    box.valueChanged.connect(said.append)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.pressed == [7]
    assert said == []


def test_return_takes_what_was_typed(box, qtbot):
    box.setKeyboardTracking(False)
    said = []
    box.valueChanged.connect(said.append)
    box.selectAll()
    qtbot.keyClicks(box, "42")
    assert said == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert said == [42]
    assert box.pressed == [42]


def test_the_text_keeps_its_distance_from_the_frame(box):
    assert box.lineEdit().textMargins().left() == INSET
