"""A dialog that asks for a few things."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from quakeview.app.texts import captioned


class FormDialog(QDialog):
    """Labelled fields, a sentence below them, and beside Cancel the button that takes what was entered."""

    def __init__(self, title: str, take: str, width: int, role: str, parent: QWidget | None) -> None:
        """``take`` is the text of the button, ``role`` the one of the sentence in the style sheet, empty at first."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(9)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.said = captioned("", role)
        self.said.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = buttons.addButton(take, QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(20, 18, 20, 14)
        self.rows.setSpacing(14)
        self.rows.addLayout(self.form)
        self.rows.addWidget(self.said)
        self.rows.addWidget(buttons)
