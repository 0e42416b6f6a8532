from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from quakeview.app.widgets.form_dialog import FormDialog


def test_tab_comes_to_the_fields_first_and_return_never_cancels(qtbot: QtBot) -> None:
    dialog = FormDialog("Ask", 300, "caption", None)
    qtbot.addWidget(dialog)
    fields = [QLineEdit(), QLineEdit()]
    for field in fields:
        dialog.form.addRow("Field", field)
    dialog.add_buttons("&Take")
    dialog.accept_button.setEnabled(False)
    dialog.show()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is fields[0])
    QTest.keyClick(fields[0], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is fields[1]
    QTest.keyClick(fields[1], Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.accept_button.setEnabled(True)
    QTest.keyClick(fields[1], Qt.Key.Key_Return)
    assert dialog.result() == FormDialog.DialogCode.Accepted
