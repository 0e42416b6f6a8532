"""Where a site of the user is."""

from PySide6.QtWidgets import QLineEdit, QWidget

from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.geography import City
from quakeview.simulation.region import Region
from quakeview.wavefield.forecasting.sites import OWN_RANK


class SiteDialog(FormDialog):
    """Name, longitude and latitude; the button waits for a place inside the region."""

    def __init__(self, region: Region, name: str, parent: QWidget | None = None) -> None:
        super().__init__("Add a site", 420, "warning", parent)
        self._region = region
        longitude, latitude = region.to_geographic(region.length / 2, region.width / 2)
        self.name = QLineEdit(name)
        self.name.setAccessibleName("Name")
        self.longitude = _degrees("Longitude", 180.0, float(longitude))
        self.latitude = _degrees("Latitude", 90.0, float(latitude))
        self.form.addRow("&Name", self.name)
        self.form.addRow("&Longitude (°)", self.longitude)
        self.form.addRow("L&atitude (°)", self.latitude)
        self.add_buttons("&Add")
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
        self.said.setText(problem)
        self.accept_button.setEnabled(not problem)


def _degrees(name: str, most: float, value: float) -> NumberBox:
    box = NumberBox(minimum=-most, maximum=most, decimals=4, singleStep=0.01)
    box.setAccessibleName(name)
    box.setValue(value)
    return box
