"""Warning times of cities and of the user's own sites, as rows."""

from typing import Any

from PySide6.QtCore import Qt

from quakeview.app.wavefield.panels.warning_scale import outcome_colour
from quakeview.app.widgets.tables import RowsModel
from quakeview.wavefield.forecasting.site_warnings import SiteRow

COLUMNS = (
    "Site",
    "Outcome",
    "Warning (s)",
    "Alert (s)",
    "Exceeded (s)",
    "PGV (cm/s)",
    "σ of ln PGV",
    "P (%)",
    "True PGV (cm/s)",
)
_TIPS = {
    "Warning (s)": "From the alert until the intensity is exceeded; negative where the shaking came first",
    "Alert (s)": "After the origin time: when the first alert came, with its delays",
    "Exceeded (s)": "After the origin time: when the ground first moved that strongly",
    "PGV (cm/s)": "Of the forecast that is shown, from its issue on",
    "True PGV (cm/s)": "Over the same frames",
    "σ of ln PGV": "Calibrated standard deviation of ln PGV of the forecast that is shown; – where there is none",
    "P (%)": "Probability of exceedance by the forecast that is shown, ln PGV normally distributed with that σ",
}
_NOTHING = "–"


class WarningModel(RowsModel):
    """Rows are ``SiteRow``."""

    columns = COLUMNS

    def text(self, row: SiteRow, column: str) -> str:
        if column in ("Site", "Outcome"):
            return str(self._value(row, column))
        value = self._value(row, column)
        if value is None:
            return _NOTHING
        digits = {"PGV (cm/s)": ".3g", "True PGV (cm/s)": ".3g", "σ of ln PGV": ".2f", "P (%)": ".0f"}
        return f"{value:{digits.get(column, '.1f')}}".replace("-", "−")

    def key(self, row: SiteRow) -> str:
        return row.name

    def sort_value(self, row: SiteRow, column: str) -> Any:
        return self._value(row, column)

    def extra(self, row: SiteRow, column: str, role: int) -> Any:
        if role == Qt.ItemDataRole.ForegroundRole and column == "Outcome":
            return outcome_colour(row.outcome)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS.get(COLUMNS[section])
        return super().headerData(section, orientation, role)

    def _value(self, row: SiteRow, column: str) -> Any:
        return {
            "Site": row.name,
            "Outcome": row.outcome,
            "Warning (s)": row.warning,
            "Alert (s)": row.alert,
            "Exceeded (s)": row.exceedance,
            "PGV (cm/s)": _times_hundred(row.pgv),
            "σ of ln PGV": row.ln_pgv_std,
            "P (%)": _times_hundred(row.probability),
            "True PGV (cm/s)": _times_hundred(row.true_pgv),
        }[column]


def _times_hundred(value: float | None) -> float | None:
    return None if value is None else 100 * value
