"""A region by the numbers of its corners."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.errors import QuakeViewError
from quakeview.seismicity.region import Region

_HEIGHT = 110
_HINT = "30 128 46 150\n\nor\n\n34.5 139\n36.0 141.5\n38.2 140"


class RegionDialog(FormDialog):
    """Four numbers are the south, west, north and east of a box; more are corners, latitude and longitude each.

    Signals:
        chosen: the region.
    """

    chosen = Signal(object)

    def __init__(self, region: Region | None, parent: QWidget | None) -> None:
        super().__init__("Region", 420, "caption", parent)
        self.corners = QPlainTextEdit()
        self.corners.setAccessibleName("South, west, north and east, or corners")
        self.corners.setPlaceholderText(_HINT)
        self.corners.setFixedHeight(_HEIGHT)
        self.corners.setTabChangesFocus(True)
        if region is not None:
            self.corners.setPlainText(
                "\n".join(f"{latitude:g} {longitude:g}" for latitude, longitude in region.corners)
            )
        self.form.addRow("Degrees", self.corners)
        self.add_buttons("Use this Region")
        self.corners.textChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        """Say what the numbers mean, or what is wrong with them."""
        try:
            said, fits = f"{Region.parse(self.corners.toPlainText())}.", True
        except QuakeViewError as error:
            said, fits = str(error), False
        self.said.setText(said)
        self.accept_button.setEnabled(fits)

    def accept(self) -> None:
        self.chosen.emit(Region.parse(self.corners.toPlainText()))
        super().accept()
