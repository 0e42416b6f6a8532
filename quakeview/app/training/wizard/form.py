"""A form for a dataclass, generated: a line or a choice for each value, and below it what the value means."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from quakeview.app.texts import captioned
from quakeview.training.planning.forms import FormField

_FIELD_WIDTH = 180
Editor = QLineEdit | QComboBox | QCheckBox


class Form(QWidget):
    """Shows some fields of a dataclass, and changes them.

    Signals:
        changed: the person wrote or chose something.
    """

    changed = Signal()

    def __init__(self, fields: list[FormField]) -> None:
        super().__init__()
        self.fields = {field.name: field for field in fields}
        self.editors: dict[str, Editor] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        for row, field in enumerate(fields):
            editor, label, text = self._editor(field), captioned(field.label, ""), captioned(field.help, "caption")
            editor.setAccessibleName(field.label)
            editor.setAccessibleDescription(field.help)
            editor.setFixedWidth(_FIELD_WIDTH)
            label.setWordWrap(True)
            text.setWordWrap(True)
            self.editors[field.name] = editor
            for column, widget in enumerate((label, editor, text)):
                grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)

    def show_values(self, config: Any) -> None:
        """Show the values of a dataclass; nothing is emitted."""
        for name, editor in self.editors.items():
            value = getattr(config, name)
            if isinstance(editor, QCheckBox):
                editor.setChecked(bool(value))
            elif isinstance(editor, QComboBox):
                editor.setCurrentText(self.fields[name].text(value))
            elif self.fields[name].text(value) != editor.text().strip():
                editor.setText(self.fields[name].text(value))

    def values(self, config: Any) -> Any:
        """Return the dataclass with what is written.

        Raises:
            QuakeViewError: if something that is written is no such value, or the dataclass refuses it.
        """
        return replace(config, **{name: self.fields[name].value(_text(self.editors[name])) for name in self.editors})

    def _editor(self, field: FormField) -> Editor:
        if field.kind == "switch":
            switch = QCheckBox()
            switch.clicked.connect(lambda _: self.changed.emit())
            return switch
        if field.kind == "choice":
            box = QComboBox()
            box.addItems(field.choices)
            box.activated.connect(lambda _: self.changed.emit())
            return box
        line = QLineEdit()
        line.setPlaceholderText("none" if field.optional else "")
        line.textEdited.connect(lambda _: self.changed.emit())
        return line


def _text(editor: Editor) -> str:
    if isinstance(editor, QCheckBox):
        return str(editor.isChecked())
    return editor.currentText() if isinstance(editor, QComboBox) else editor.text()
