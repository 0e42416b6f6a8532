"""What the views of a piece of record have in common: what is looked at, plots or a sentence, and files of both."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.drawing.plots import Plots
from quakeview.app.texts import captioned
from quakeview.app.widgets.elided import ElidedLabel
from quakeview.app.widgets.saving import save_as, show_problem
from quakeview.app.widgets.tool_button import tool_button
from quakeview.errors import QuakeViewError

_NARROWEST = 80


class AnalysisPanel(QWidget):
    """A line with what is looked at, its own controls and buttons to save; below it plots, or why there are none.

    Args:
        name: of the view, for people who hear it, and of files.
        plots: of which one is shown at a time.
    """

    def __init__(self, name: str, plots: Sequence[Plots], controls: Sequence[QWidget]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._name = name
        self._csv: Callable[[], str] | None = None
        self._plots: Plots | None = None
        self.subject = ElidedLabel("What is looked at", _NARROWEST)
        self.empty = captioned("", "caption")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        for each in plots:
            self.stack.addWidget(each)
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 6, 8, 2)
        tools.setSpacing(6)
        tools.addWidget(self.subject, 1)
        for control in controls:
            tools.addWidget(control)
        tools.addWidget(tool_button("table-arrow-down", "Save numbers…", self.ask_for_numbers))
        tools.addWidget(tool_button("image-outline", "Save picture…", self.ask_for_picture))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(tools)
        rows.addWidget(self.stack, 1)

    def say(self, sentence: str) -> None:
        """Show a sentence in the place of the plots."""
        self._csv = self._plots = None
        self.subject.setText("")
        self.empty.setText(sentence)
        self.stack.setCurrentWidget(self.empty)

    def wait(self) -> None:
        """Say that something is computed, if nothing is there to be looked at meanwhile."""
        if self._plots is None:
            self.say("Computing…")

    def present(self, plots: Plots, subject: str, csv: Callable[[], str]) -> None:
        """Show one of the plots.

        Args:
            subject: what they are of, in words.
            csv: makes their numbers as a table.
        """
        self._csv, self._plots = csv, plots
        self.subject.setText(subject)
        self.subject.setToolTip(subject)
        self.stack.setCurrentWidget(plots)

    def picture(self, suffix: str) -> bytes:
        """The plots as they are on screen: the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: nothing is plotted, or for another suffix.
        """
        if self._plots is None:
            raise QuakeViewError(f"There is no picture to save. {self.empty.text()}")
        return picture_of(suffix, [self._plots], theme.current().base)

    def numbers(self) -> bytes:
        """What is plotted: the content of a ``.csv``.

        Raises:
            QuakeViewError: nothing is plotted.
        """
        if self._csv is None:
            raise QuakeViewError(f"There are no numbers to save. {self.empty.text()}")
        return self._csv().encode()

    def ask_for_picture(self) -> None:
        """Let the user choose the file."""
        save_as(self, "Save picture", f"{self._name.lower()}.png", PICTURES, self.picture)

    def ask_for_numbers(self) -> None:
        """Let the user choose the file."""
        if self._csv is None:
            show_problem(self, f"There are no numbers to save. {self.empty.text()}")
        else:
            save_as(self, "Save numbers", f"{self._name.lower()}.csv", "CSV (*.csv)", lambda _: self.numbers())
