"""Which records of real stations a forecast is to be made from, and when the earthquake began."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from quakeview.app.texts import captioned
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.stations.inventories import METADATA_SUFFIXES, is_metadata
from quakeview.texts import counted
from quakeview.wavefield.forecasting.station_records import first_sample

_HINT = (
    "Frames count from the origin time. At first it is the beginning of the records; correct it if they begin earlier."
)


class StationDialog(FormDialog):
    """Asks for waveforms, station metadata and the origin time."""

    openRequested = Signal(list, list, object)  # waveforms, metadata, origin time (UTC)

    def __init__(self, paths: Sequence[Path] = (), parent: QWidget | None = None) -> None:
        super().__init__("Open stations", 560, "error", parent)
        self.waveforms: list[Path] = []
        self.metadata: list[Path] = []
        self._first = Background("Looking for the first sample")
        self._first.ready.connect(self._suggest)
        self._first.failed.connect(self.said.setText)
        self._add_fields()
        self.add([path for path in paths if not is_metadata(path)], self.waveforms)
        self.add([path for path in paths if is_metadata(path)], self.metadata)

    def _add_fields(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in METADATA_SUFFIXES)
        self._named = {
            id(self.waveforms): self._chooser("&Waveforms", "MiniSEED or others (*)", self.waveforms),
            id(self.metadata): self._chooser(
                "&StationXML", f"Station metadata ({patterns});;All files (*)", self.metadata
            ),
        }
        self.origin = QLineEdit()
        self.origin.setAccessibleName("Origin time")
        self.origin.setPlaceholderText("2014-08-24 10:20:44")
        self.form.addRow("&Origin time (UTC)", self.origin)
        self.said.setAccessibleName("Problem")
        hint = captioned(_HINT, "caption")
        hint.setWordWrap(True)
        self.rows.insertWidget(1, hint)
        self.add_buttons("&Open")
        self.accept_button.setEnabled(False)
        self.origin.textEdited.connect(lambda _: self._check())

    def _chooser(self, label: str, kinds: str, chosen: list[Path]) -> QLineEdit:
        """A line that names the files, and a button that lets choose them."""
        named = QLineEdit(readOnly=True)
        named.setAccessibleName(label.replace("&", ""))
        named.setPlaceholderText("None chosen")
        browse = QPushButton("Browse…", autoDefault=False)
        browse.clicked.connect(lambda: self._ask(kinds, chosen))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(named, 1)
        row.addWidget(browse)
        caption = QLabel(label)
        caption.setBuddy(named)
        self.form.addRow(caption, row)
        return named

    def _ask(self, kinds: str, chosen: list[Path]) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Choose files", "", kinds)
        if names:
            chosen.clear()
            self.add([Path(name) for name in names], chosen)

    def add(self, paths: Sequence[Path], chosen: list[Path]) -> None:
        """More files for ``waveforms`` or ``metadata``."""
        chosen += paths
        named = chosen[0].name if len(chosen) == 1 else counted(len(chosen), "file") if chosen else ""
        self._named[id(chosen)].setText(named)
        if chosen is self.waveforms and chosen and not self.origin.isModified():
            self._first.ask(partial(first_sample, list(chosen)))
        self._check()

    def origin_time(self) -> datetime:
        """What is written in the field.

        Raises:
            QuakeViewError: if that is no time.
        """
        try:
            time = datetime.fromisoformat(self.origin.text().strip())
        except ValueError as error:
            raise QuakeViewError("Write the origin time as 2014-08-24 10:20:44, UTC.") from error
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)

    def accept(self) -> None:
        self.openRequested.emit(list(self.waveforms), list(self.metadata), self.origin_time())
        super().accept()

    def done(self, result: int) -> None:
        self._first.forget()
        super().done(result)

    def _suggest(self, time: datetime) -> None:
        if not self.origin.isModified():
            with QSignalBlocker(self.origin):
                self.origin.setText(f"{time:%Y-%m-%d %H:%M:%S}")
        self._check()

    def _check(self) -> None:
        """Say what is missing."""
        problem = ""
        if self.origin.text().strip():
            try:
                self.origin_time()
            except QuakeViewError as error:
                problem = str(error)
        self.said.setText(problem)
        self.accept_button.setEnabled(
            bool(self.waveforms and self.metadata and self.origin.text().strip() and not problem)
        )
