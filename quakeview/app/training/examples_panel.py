"""What the model makes of a few held-out examples, validation by validation."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QStackedWidget, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.drawing.plots import Plots
from quakeview.app.texts import captioned
from quakeview.app.training.example_plots import MapPlots, TracePlots, ValuePlots
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import tool_button
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.training.runs.examples import Examples, Maps, Traces, read_examples, step_of

_NONE = (
    "There are no examples yet.\n\nAt each validation the run writes what the model makes of a few held-out examples, "
    "so that one sees it learn."
)


class ExamplesPanel(QWidget):
    """A slider over the validations; below it the examples of the chosen one."""

    def __init__(self) -> None:
        super().__init__()
        self._files: Sequence[Path] = ()
        self._reading = Background("Reading examples")
        self._reading.ready.connect(self._show)
        self._reading.failed.connect(self._say)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Validation")
        self.slider.setToolTip("From the first validation to the newest")
        self.said = captioned("", "caption")
        self.traces, self.maps, self.values = TracePlots(), MapPlots(), ValuePlots()
        self.empty = captioned(_NONE, "caption")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        for page in (self.empty, self.traces, self.maps, self.values):
            self.stack.addWidget(page)
        self._arrange()
        self.slider.valueChanged.connect(self._read)

    def _arrange(self) -> None:
        label = QLabel("Validation")
        label.setBuddy(self.slider)
        self.tools = QWidget()
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(16, 6, 8, 2)
        tools.setSpacing(8)
        tools.addWidget(label)
        tools.addWidget(self.slider, 1)
        tools.addWidget(self.said)
        tools.addWidget(tool_button("image-outline", "Save picture…", self._ask_for_picture))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.tools)
        rows.addWidget(self.stack, 1)

    def show_files(self, files: Sequence[Path]) -> None:
        """Show the examples of a run; if the newest were seen, those that came are."""
        if list(files) == list(self._files):
            return
        same = bool(files and self._files) and files[0].parent == self._files[0].parent
        kept = self.slider.value() if same and self.slider.value() < self.slider.maximum() else len(files) - 1
        self._files = list(files)
        self.tools.setVisible(bool(files))
        if not files:
            self._reading.forget()
            self._say(_NONE)
            return
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(files) - 1)
        self.slider.setValue(kept)
        self.slider.blockSignals(False)
        self._read()

    def shut_down(self) -> None:
        """Read no more."""
        self._reading.forget()

    def _read(self) -> None:
        path = self._files[self.slider.value()]
        self._reading.ask(lambda _: (path, read_examples(path)))

    def _show(self, read: tuple[Path, Examples]) -> None:
        """Show what was read, unless other examples are wanted by now."""
        path, examples = read
        if not self._files or path != self._files[self.slider.value()]:
            return
        self.said.setText(f"after step {step_of(path):,}")
        match examples:
            case Traces():
                self.stack.setCurrentWidget(self.traces)
                self.traces.show_examples(examples)
            case Maps():
                self.stack.setCurrentWidget(self.maps)
                self.maps.show_examples(examples)
            case _:
                self.stack.setCurrentWidget(self.values)
                self.values.show_examples(examples)

    def _say(self, sentence: str) -> None:
        self.empty.setText(sentence)
        self.stack.setCurrentWidget(self.empty)

    def _ask_for_picture(self) -> None:
        save_as(self, "Save picture", "examples.png", PICTURES, self.picture)

    def picture(self, suffix: str) -> bytes:
        """The examples as a picture.

        Raises:
            QuakeViewError: for another suffix than those of pictures, and if there are no examples.
        """
        plots = self.stack.currentWidget()
        if not isinstance(plots, Plots):
            raise QuakeViewError("There are no examples yet; wait for the first validation.")
        return picture_of(suffix, [plots], theme.current().base)
