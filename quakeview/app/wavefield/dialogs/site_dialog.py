"""Where a site of the user is."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.geography import City
from quakeview.simulation.region import Region
from quakeview.wavefield.forecasting.sites import OWN_RANK


class SiteDialog(QDialog):
    """Name, longitude and latitude; the button waits for a place inside the region."""

    def __init__(self, region: Region, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add a site")
        self.setMinimumWidth(420)
        self._region = region
        longitude, latitude = region.to_geographic(region.length / 2, region.width / 2)
        self.name = QLineEdit(name)
        self.name.setAccessibleName("Name")
        self.longitude = _degrees("Longitude", 180.0, float(longitude))
        self.latitude = _degrees("Latitude", 90.0, float(latitude))
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        form.addRow("&Name", self.name)
        form.addRow("&Longitude (°)", self.longitude)
        form.addRow("L&atitude (°)", self.latitude)
        self.problem = captioned("", "warning")
        self.problem.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = buttons.addButton("&Add", QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self.name.textChanged.connect(self._check)
        for box in (self.longitude, self.latitude):
            box.valueChanged.connect(self._check)
        self.name.selectAll()
        self._check()

    @property
    def site(self) -> City:
        """In the axes of the region."""
        x, y = self._region.to_local(self.longitude.value(), self.latitude.value())
        return City(self.name.text().strip(), float(x), float(y), OWN_RANK)

    def _check(self) -> None:
        site, problem = self.site, ""
        if not site.name:
            problem = "Give the site a name."
        elif not self._region.contains(site.x, site.y):
            problem = f"This is outside {self._region.name}; west longitudes and south latitudes are negative."
        self.problem.setText(problem)
        self.accept_button.setEnabled(not problem)


def _degrees(name: str, most: float, value: float) -> NumberBox:
    box = NumberBox(minimum=-most, maximum=most, decimals=4, singleStep=0.01)
    box.setAccessibleName(name)
    box.setValue(value)
    return box
