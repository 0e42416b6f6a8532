"""The points chosen on the map as rows of a table: peaks of the ground velocity, and what was forecast there."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Qt

from quakeview.app.drawing.shades import mark_colour
from quakeview.app.widgets.tables import RowsModel
from quakeview.wavefield.forecasting.point_traces import PointTrace
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv, roman

COLUMNS = ("Point", "PGV (cm/s)", "T_PGV (s)", "MMI", "X (km)", "Y (km)", "Longitude (°)", "Latitude (°)")
FORECAST_COLUMNS = (
    "Point",
    "PGV (cm/s)",
    "Forecast (cm/s)",
    "σ of ln",
    "ln error",
    "T_PGV (s)",
    "Forecast (s)",
    "σ (s)",
    "MMI",
    "Forecast MMI",
    *COLUMNS[4:],
)
NOTHING = "–"


def _written(shown: str) -> Callable[[float], str]:
    """A number as ``shown`` formats it, or a dash where there is none."""
    return lambda value: NOTHING if np.isnan(value) else format(value, shown)


_FORMATS: dict[str, Callable[[float], str]] = {
    "Point": _written(".0f"),
    "MMI": lambda value: NOTHING if np.isnan(value) else roman(value),
    "Forecast MMI": lambda value: NOTHING if np.isnan(value) else roman(value),
    "σ of ln": _written(".2f"),
    "ln error": _written("+.2f"),
    "T_PGV (s)": _written(".2f"),
    "Forecast (s)": _written(".2f"),
    "σ (s)": _written(".2f"),
    "X (km)": _written(".2f"),
    "Y (km)": _written(".2f"),
    "Longitude (°)": _written(".4f"),
    "Latitude (°)": _written(".4f"),
}


class PointsModel(RowsModel):
    """Rows are (number from 0, ``PointTrace``)."""

    columns: Sequence[str] = COLUMNS

    def set_rows(self, rows: Sequence[tuple[int, PointTrace]]) -> None:
        forecast = any(point.forecast is not None for _, point in rows)
        self.columns = FORECAST_COLUMNS if forecast else COLUMNS
        super().set_rows(rows)

    def text(self, row: Any, column: str) -> str:
        return _FORMATS.get(column, _written(".3g"))(self.sort_value(row, column))

    def key(self, row: Any) -> int:
        return row[0]

    def sort_value(self, row: Any, column: str) -> float:
        number, point = row
        values = {
            "Point": number + 1,
            "PGV (cm/s)": 100 * point.pgv,
            "T_PGV (s)": point.t_pgv,
            "MMI": float(mmi_from_pgv(point.pgv)),
            "X (km)": point.x / 1000,
            "Y (km)": point.y / 1000,
            "Longitude (°)": point.longitude,
            "Latitude (°)": point.latitude,
            **_forecast_values(point),
        }
        return values.get(column, float("nan"))

    def extra(self, row: Any, column: str, role: int) -> Any:
        if column == "Point" and role == Qt.ItemDataRole.DecorationRole:
            return mark_colour(row[0])
        return None


def _forecast_values(point: PointTrace) -> dict[str, float]:
    forecast = point.forecast
    if forecast is None:
        return {}
    return {
        "Forecast (cm/s)": 100 * forecast.pgv,
        "σ of ln": forecast.ln_pgv_std,
        "ln error": point.ln_error,
        "Forecast (s)": forecast.t_pgv,
        "σ (s)": forecast.t_pgv_std,
        "Forecast MMI": float(mmi_from_pgv(forecast.pgv)),
    }
