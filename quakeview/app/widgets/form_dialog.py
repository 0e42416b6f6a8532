"""A dialog that asks for a few things."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QPushButton, QVBoxLayout, QWidget

from quakeview.app.texts import captioned


class FormDialog(QDialog):
    """Labelled fields, a sentence below them, and beside Cancel the button that takes what was entered."""

    accept_button: QPushButton

    def __init__(self, title: str, width: int, role: str, parent: QWidget | None) -> None:
        """``role`` is that of the sentence in the style sheet, which is empty at first."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(9)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.said = captioned("", role)
        self.said.setWordWrap(True)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(20, 18, 20, 14)
        self.rows.setSpacing(14)
        self.rows.addLayout(self.form)
        self.rows.addWidget(self.said)

    def add_buttons(self, take: str) -> None:
        """Close the dialog's rows, when the fields are there: Tab follows the order in which widgets are added."""
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = buttons.addButton(take, QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setDefault(True)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)  # Return never cancels
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.rows.addWidget(buttons)
