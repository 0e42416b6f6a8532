"""The spectrogram of a channel with the choices of how it is made and drawn."""

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from quakeview.analysis.spectrograms import Spectrogram, Windows, record_spectrogram
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.shell.preferences import Preferences
from quakeview.app.traces import SpectrogramPanel
from quakeview.app.traces.spectrogram_panel import Compute, Look
from quakeview.app.waveforms.reading import Records
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import tool_button
from quakeview.errors import QuakeViewError
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.columns import Sampled, end_time, start_time
from quakeview.waveforms.display import unfiltered

_NARROWEST = 48
"""Pixels to which a choice gives way in a small window."""
DATA = {"As shown": True, "Unfiltered": False}
AXES = {"Linear": False, "Logarithmic": True}
WINDOWS: dict[str, float | None] = {
    "Window: auto": None,
    **{f"Window: {seconds:g} s": seconds for seconds in (0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 40.96)},
}
OVERLAPS: dict[str, float | None] = {
    "Overlap: auto": None,
    **{f"Overlap: {share:.0%}".replace("%", " %"): share for share in (0.0, 0.5, 0.75, 0.9)},
}
LEVELS = {"Absolute": False, "Relative": True}
RANGES: dict[str, float | None] = {
    "Range: auto": None,
    **{f"Range: {range_} dB": float(range_) for range_ in (30, 40, 60, 80, 100)},
}


class SpectrogramTab(QWidget):
    """A row of choices, which are remembered, and the panel."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.setAccessibleName("Spectrogram with its choices")
        self.panel = SpectrogramPanel()
        self._records: Records = ()
        self._archive = Archive()
        self._unit = self._filtered = ""
        self.data = _choice("Samples", DATA, "The record as the traces show it, or without its filter")
        self.axis = _choice("Frequency axis", AXES, "Frequency axis")
        self.window_length = _choice(
            "Length of a window", WINDOWS, "The longer, the finer in frequency and the coarser in time"
        )
        self.overlap = _choice("Overlap of windows", OVERLAPS, "Share of a window that it has in common with the next")
        self.level = _choice("Reference", LEVELS, "dB relative to one squared unit per Hz, or to the maximum in view")
        self.range = _choice("Range of colours", RANGES, "dB from the darkest colour to the brightest")
        self._choices = (self.data, self.axis, self.window_length, self.overlap, self.level, self.range)
        self._preferences = preferences
        for choice, text in zip(self._choices, preferences[preferences.SPECTROGRAM], strict=False):
            choice.setCurrentIndex(max(choice.findText(text), 0))
        self._use_look()
        self._arrange()
        for choice in self._choices:
            choice.currentIndexChanged.connect(lambda _: self._remember())
        for choice in (self.data, self.window_length, self.overlap):
            choice.currentIndexChanged.connect(lambda _: self._compute_again())
        for choice in (self.axis, self.level, self.range):
            choice.currentIndexChanged.connect(lambda _: self._use_look())
        self.panel.ready.connect(self._describe)

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 6, 8, 2)
        tools.setSpacing(6)
        for choice in self._choices:
            tools.addWidget(choice)
        tools.addStretch(1)
        tools.addWidget(tool_button("image-outline", "Save picture…", self.ask_for_picture))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(tools)
        rows.addWidget(self.panel, 1)

    def show_records(self, records: Records, archive: Archive, name: str, unit: str) -> None:
        """Show a channel.

        Args:
            records: of it, at least one.
            archive: from which they were read.
            name: of the channel.
            unit: of its samples.
        """
        self._records, self._archive, self._unit = records, archive, unit
        self.panel.set_source(self._compute(), name)

    def clear(self) -> None:
        """Show nothing, and compute no further."""
        self._records = ()
        self.panel.set_source(None)
        self._describe()

    def picture(self, suffix: str) -> bytes:
        """The spectrogram as it is on screen: the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: nothing is shown, or for another suffix.
        """
        if self.panel.shown is None:
            raise QuakeViewError("There is no picture to save: no spectrogram is shown.")
        return picture_of(suffix, [self.panel], self.panel.colors.base.name())

    def ask_for_picture(self) -> None:
        """Let the user choose the file."""
        save_as(self, "Save picture", "spectrogram.png", PICTURES, self.picture)

    def _compute(self) -> Compute:
        """What the panel is to ask on its worker thread, by the choices of now."""
        windows = Windows(WINDOWS[self.window_length.currentText()], OVERLAPS[self.overlap.currentText()])
        records, archive, is_filtered = self._records, self._archive, DATA[self.data.currentText()]
        self._filtered = records[0].filter.name if is_filtered else "not filtered"

        def compute(first: float, last: float, n_columns: int) -> Spectrogram | None:
            record = max(records, key=lambda each: min(end_time(each), last) - max(start_time(each), first))
            samples: Sampled = record if is_filtered else unfiltered(record, archive)
            return record_spectrogram(samples, first, last, n_columns, windows)

        return compute

    def _remember(self) -> None:
        self._preferences[self._preferences.SPECTROGRAM] = [choice.currentText() for choice in self._choices]

    def _compute_again(self) -> None:
        if self._records:
            self.panel.set_compute(self._compute())

    def _use_look(self) -> None:
        axis, level, range_ = (choice.currentText() for choice in (self.axis, self.level, self.range))
        self.panel.set_look(Look(AXES[axis], LEVELS[level], RANGES[range_]))
        self._describe()

    def _describe(self) -> None:
        """Say what the numbers are relative to, how the record was filtered and in which windows it was cut."""
        shown = self.panel.shown
        if shown is None or not self._records:
            self.panel.set_caption("")
            return
        reference = "the maximum in view" if LEVELS[self.level.currentText()] else f"1 ({self._unit})²/Hz"
        words = [f"dB relative to {reference}", self._filtered, f"windows of {shown.window:.3g} s"]
        if shown.share < 1:
            words.append(f"{100 * shown.share:.2g} % of the record looked at")
        self.panel.set_caption(" · ".join(words))


def _choice(name: str, items: Mapping[str, object], tip: str) -> QComboBox:
    choice = QComboBox()
    choice.addItems(list(items))
    choice.setAccessibleName(name)
    choice.setToolTip(tip)
    choice.setMinimumWidth(_NARROWEST)
    return choice
