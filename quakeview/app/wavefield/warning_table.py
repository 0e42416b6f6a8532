"""Warning times of cities and of the user's own sites, as rows and in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt

from quakeview.app.tables import RowsModel
from quakeview.app.wavefield.warning_scale import outcome_colour
from quakeview.texts import counted
from quakeview.wavefield.forecasting.warning import Outcome

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


@dataclass(frozen=True)
class SiteRow:
    """A site, its warning, and what the forecast that is shown says there; None where it is not known.

    Attributes:
        rank: 1 for the largest cities.
        outcome: one of ``Outcome``, or what is expected where the truth is not known.
        alert, exceedance: s after the origin time; without a truth the latter is that of the forecast.
        warning: from the one to the other, s.
        pgv, true_pgv: m/s.
        ln_pgv_std: calibrated.
        probability: of exceedance, 0 to 1.
    """

    name: str
    rank: int
    outcome: str
    alert: float | None
    exceedance: float | None
    warning: float | None
    pgv: float | None
    ln_pgv_std: float | None
    probability: float | None
    true_pgv: float | None


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


def headline(rows: Sequence[SiteRow], level: str) -> str:
    """One sentence for the largest city where anything came; ``level`` is the intensity, ``MMI V``."""
    if not rows:
        return ""
    by_size = sorted(rows, key=lambda row: row.rank)
    said = next((row for row in by_size if row.alert is not None or row.exceedance is not None), by_size[0])
    return f"{said.name}: {_sentence(said, level)}"


def _sentence(row: SiteRow, level: str) -> str:
    match row.outcome:
        case Outcome.HIT:
            return f"{row.warning:.0f} s before {level}"
        case Outcome.LATE if row.warning is not None:
            return f"{level} came {-row.warning:.0f} s before the alert"
        case Outcome.LATE:
            return f"{level} came before the first forecast"
        case Outcome.MISS:
            return f"{level} came without an alert"
        case Outcome.FALSE_ALARM:
            return f"alert {row.alert:.1f} s after the origin time, but {level} did not come"
        case Outcome.CORRECT_SILENCE:
            return f"below {level}, as forecast"
        case Outcome.NOT_ENOUGH:
            return f"not enough stations to say whether {level} comes"
    if row.warning is not None:
        return f"{level} is expected {row.warning:.0f} s after the alert"
    return f"{level} is {'expected' if row.alert is not None else 'not expected'}"


def counts(rows: Sequence[SiteRow]) -> str:
    """``17 sites:  4 hits  ·  2 late  ·  1 missed  ·  0 false alarms``, of those where the truth is known."""
    number = Counter(row.outcome for row in rows)
    silent = number[Outcome.NOT_ENOUGH]
    not_enough = [f"{silent} without enough stations"] if silent else []
    judged = sum(number[outcome] for outcome in Outcome) - silent
    if not judged:
        said = f"{counted(number['expected'], 'site')} of {len(rows)} alerted; what happened is not known."
        return "  ·  ".join([said, *not_enough])
    parts = [
        counted(number[Outcome.HIT], "hit"),
        f"{number[Outcome.LATE]} late",
        f"{number[Outcome.MISS]} missed",
        counted(number[Outcome.FALSE_ALARM], "false alarm"),
        *not_enough,
    ]
    return f"{counted(judged, 'site')}:  {'  ·  '.join(parts)}"
